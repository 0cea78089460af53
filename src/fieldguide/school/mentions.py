"""Whether a file names a person by their account: a file of any size, a gradebook, or what is packed into one."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, cast

from fieldguide.school.gradebookfile import POSTGRESQL, SQLITE
from fieldguide.school.studentrows import rows_in_copy

_BLOCK = 1 << 20
_HEAD = 512
#: So many packed files are opened within one another.
_DEEPEST = 4
_PACKED = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\0", lzma.open))
_ZIP = b"PK\3\4"
_TAR, _AT = b"ustar", 257
#: How files begin in which no name can be seen: PostgreSQL's copies, other ways of packing, and print.
_CLOSED = (POSTGRESQL, b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x28\xb5\x2f\xfd", b"%PDF")
_DAMAGED = (
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    tarfile.TarError,
)


def named(student: str) -> re.Pattern[bytes]:
    """What finds an account's name, and no longer name that it is a part of."""
    return re.compile(rb"(?<![\w.-])" + re.escape(student.encode()) + rb"(?![\w-])")


def mentions(stream: IO[bytes], student: str, deep: int = 0) -> bool | None:
    """Whether a file names a student, or holds rows of theirs; None where that cannot be seen.

    ``stream`` can be read from its beginning again; ``deep`` is in how many packed files it lies. What is damaged,
    encrypted or packed in a way that Python does not know cannot be looked into.
    """
    try:
        head = stream.read(_HEAD)
        stream.seek(0)
        if head.startswith(SQLITE):
            return _in_database(stream.read(), student)
        parts = _parts(stream, head)
        if parts is None:
            return _search(stream, student) or (None if head.startswith(_CLOSED) else False)
        unseen = deep == _DEEPEST
        for part in () if unseen else parts:
            said = mentions(part, student, deep + 1)
            if said:
                return True
            unseen |= said is None
    except _DAMAGED:
        return None
    return None if unseen else False


def _in_database(content: bytes, student: str) -> bool:
    rows = rows_in_copy(content, student)
    # In a file of SQLite nothing stands between one value and the next.
    return student.encode() in content if rows is None else bool(rows)


def _parts(stream: IO[bytes], head: bytes) -> Iterator[IO[bytes]] | None:
    """The files that are packed into one, their names first; None where it is no packed file."""
    for begins, opened in _PACKED:
        if head.startswith(begins):
            return iter((cast("IO[bytes]", opened(stream)),))
    if head.startswith(_ZIP):
        return _in_zip(stream)
    return _in_tar(stream) if head[_AT:].startswith(_TAR) else None


def _in_zip(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    with zipfile.ZipFile(stream) as archive:
        yield io.BytesIO("\n".join(archive.namelist()).encode())
        for name in archive.namelist():
            with archive.open(name) as part:
                yield part


def _in_tar(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    with tarfile.open(fileobj=stream, mode="r:") as archive:
        for member in archive:
            yield io.BytesIO(member.name.encode("utf-8", "surrogateescape"))
            part = archive.extractfile(member) if member.isreg() else None
            if part is not None:
                yield part


def _search(stream: IO[bytes], student: str) -> bool:
    """Look through a stream block by block; what a name may begin at a block's end is looked at with the next."""
    pattern, kept = named(student), len(student.encode()) + 1
    text = b""
    while block := stream.read(_BLOCK):
        text += block
        if any(match.end() < len(text) for match in pattern.finditer(text)):
            return True
        text = text[-kept:]
    return bool(pattern.search(text))
