"""One file with a school's data: a compressed tar archive of plain files, and a manifest with the checksum of each.

The manifest is the last member, and counts: whose a file is and who may read it stands there, and what is not in it is
not restored.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import stat
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from fieldguide import __version__
from fieldguide.plainfiles import open_new
from fieldguide.school import SchoolError
from fieldguide.school.deletions import KEY, RECORD
from fieldguide.school.machine import group_name, inside, user_name

MANIFEST = "manifest.json"
VERSION = 1
_LARGEST_MANIFEST = 256 << 20
_IN_MEMORY = 16 << 20
_AS_IT_IS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
#: What a member may be called: a course's part, or the school's files.
_COURSES = "courses.toml"
_PARTS = ("course", "exchange", "homes")
_GRADEBOOK = "gradebook"
_SUM = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Kept:
    """What the manifest says of a file or folder. ``size`` is in bytes; a folder has neither size nor checksum."""

    mode: int
    owner: str
    group: str
    size: int | None = None
    sha256: str | None = None


class Writer:
    """Puts files into an archive, and remembers of each what the manifest says."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive
        self._kept: dict[str, Kept] = {}
        #: What is there and not in the archive, since it is no plain file.
        self.left_out: list[str] = []

    def add(self, name: str, content: bytes, owner: str, group: str, mode: int = 0o600) -> None:
        """Add a file with this content."""
        self._add(name, io.BytesIO(content), Kept(mode, owner, group))

    def add_tree(self, name: str, folder: Path, leaves_out: Callable[[str], bool] = lambda path: False) -> None:
        """Add what is below a folder, as name/…; a link is never followed, and what vanishes meanwhile is not there.

        ``leaves_out`` is asked of each path within it.
        """
        with inside(folder) as top:
            for place, folders, files, descriptor in os.fwalk(".", dir_fd=top, follow_symlinks=False):
                within = "" if place == "." else place.removeprefix("./") + "/"
                folders[:] = sorted(one for one in folders if not leaves_out(within + one))
                for one in [*folders, *sorted(files)]:
                    if not leaves_out(within + one):
                        self._add_found(f"{name}/{within}{one}", one, descriptor)

    def finish(self, about: dict[str, Any]) -> None:
        """Write the manifest."""
        text = json.dumps(
            {
                "version": VERSION,
                "made_by": f"Field Guide {__version__}",
                "made": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                **about,
                "left_out": self.left_out,
                "files": {name: asdict(kept) for name, kept in self._kept.items()},
            },
            indent=1,
        )
        content = text.encode()
        self._archive.addfile(_member(MANIFEST, len(content)), io.BytesIO(content))

    def count(self, beginning: str) -> int:
        """How many files are in it whose names begin so."""
        return sum(kept.size is not None and name.startswith(beginning) for name, kept in self._kept.items())

    def _add_found(self, name: str, one: str, descriptor: int) -> None:
        try:
            found = os.stat(one, dir_fd=descriptor, follow_symlinks=False)
            owner, group = user_name(found.st_uid), group_name(found.st_gid)
            if stat.S_ISDIR(found.st_mode):
                self._kept[name] = Kept(stat.S_IMODE(found.st_mode), owner, group)
            elif stat.S_ISREG(found.st_mode):
                with os.fdopen(os.open(one, _AS_IT_IS, dir_fd=descriptor), "rb") as stream:
                    self._add(name, stream, Kept(stat.S_IMODE(found.st_mode) & 0o777, owner, group))
            else:
                self.left_out.append(name)
        except FileNotFoundError:
            return

    def _add(self, name: str, stream: IO[bytes], about: Kept) -> None:
        # Copied first: a file that grows meanwhile would not be as long as the archive says.
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as copy:
            total = hashlib.sha256()
            while block := stream.read(1 << 20):
                total.update(block)
                copy.write(block)
            size = copy.tell()
            copy.seek(0)
            self._archive.addfile(_member(name, size), copy)
        self._kept[name] = Kept(about.mode, about.owner, about.group, size, total.hexdigest())


def need_new(path: Path) -> None:
    """Raise SchoolError where an archive cannot come to be, as something is there or its folder is not."""
    if os.path.lexists(path):
        raise SchoolError(f"{path} is there already, and may be needed. Name another file.")
    if not path.parent.is_dir():
        raise SchoolError(f"There is no folder {path.parent}. Make it, or name another file.")


@contextmanager
def new_archive(path: Path) -> Iterator[Writer]:
    """An archive for its owner alone, which is there when it is whole. Raises SchoolError where a file is there."""
    need_new(path)
    part = path.with_name(f".{path.name}.part")
    try:
        with os.fdopen(open_new(part), "wb") as stream:
            with (
                gzip.GzipFile("", "wb", 6, stream) as packed,
                tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
            ):
                yield Writer(archive)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


class Archive:
    """An archive that was read once from beginning to end, and holds what its manifest says and nothing else."""

    def __init__(self, path: Path) -> None:
        """Read it all. Raises SchoolError, which says what is wrong with it."""
        self.path = path
        seen: dict[str, tuple[int, str]] = {}
        self.about: dict[str, Any] | None = None
        with self._reading():
            for name, stream in self._members():
                if self.about is not None:
                    raise self._refused(f"'{name}' comes after the manifest")
                if name == MANIFEST:
                    self.about = self._read_manifest(stream)
                    continue
                total, size = hashlib.sha256(), 0
                while block := stream.read(1 << 20):
                    total.update(block)
                    size += len(block)
                if name in seen:
                    raise self._refused(f"'{name}' is in it twice")
                seen[name] = (size, total.hexdigest())
        if self.about is None:
            raise self._refused("it has no manifest, and is cut off or no backup")
        self.kept = self._kept(self.about.get("files"))
        told = {name: (kept.size, kept.sha256) for name, kept in self.kept.items() if kept.size is not None}
        for name in {*told, *seen}:
            if told.get(name) != seen.get(name):
                raise self._refused(f"'{name}' is not as the manifest says")

    def files(self, beginning: str) -> Iterator[tuple[str, Kept, bytes]]:
        """The files whose names begin so, without that: name, what the manifest says, content. Raises SchoolError."""
        with self._reading():
            for name, stream in self._members():
                if name != MANIFEST and name.startswith(beginning):
                    kept, content = self.kept[name], stream.read()
                    if hashlib.sha256(content).hexdigest() != kept.sha256:
                        raise self._refused(f"'{name}' has changed since it was looked at")
                    yield name.removeprefix(beginning), kept, content

    def folders(self, beginning: str) -> Iterator[tuple[str, Kept]]:
        """The folders whose names begin so, without that, outer ones first."""
        for name in sorted(self.kept):
            if self.kept[name].size is None and name.startswith(beginning):
                yield name.removeprefix(beginning), self.kept[name]

    def content(self, name: str) -> bytes | None:
        """The content of one file; None where it is not in the archive."""
        return next((content for rest, _, content in self.files(name) if not rest), None)

    def _members(self) -> Iterator[tuple[str, IO[bytes]]]:
        with tarfile.open(self.path, "r|gz") as archive:
            for member in archive:
                self._need_safe(member.name)
                if not member.isreg():
                    raise self._refused(f"'{member.name}' is a link, a device or a folder, and no plain file")
                stream = archive.extractfile(member)
                assert stream is not None
                yield member.name, stream

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError) as error:
            raise self._refused(f"it is damaged or no backup ({error})") from error
        except OSError as error:
            raise SchoolError(f"{self.path} could not be read: {error.strerror or error}.") from error

    def _need_safe(self, name: str) -> None:
        parts = name.split("/")
        top = parts[1] if len(parts) > 1 else ""
        known = name in (MANIFEST, _COURSES, RECORD, KEY) or (len(parts) == 2 and top == _GRADEBOOK) or top in _PARTS
        if not known or "\0" in name or any(part in ("", ".", "..") for part in parts):
            raise self._refused(f"'{name}' belongs nowhere in a school's folders")

    def _read_manifest(self, stream: IO[bytes]) -> dict[str, Any]:
        content = stream.read(_LARGEST_MANIFEST)
        try:
            about = json.loads(content)
        except (ValueError, RecursionError):
            about = None
        if not isinstance(about, dict) or not isinstance(about.get("courses"), dict):
            raise self._refused("its manifest cannot be read")
        if about.get("version") != VERSION:
            raise self._refused(f"it was made by {about.get('made_by')}, in a form that this version does not know")
        return about

    def _kept(self, told: Any) -> dict[str, Kept]:
        kept = {}
        for name, one in (told if isinstance(told, dict) else {}).items():
            self._need_safe(name)
            try:
                kept[name] = found = Kept(**one)
                numbers = [found.mode] if found.size is None else [found.mode, found.size]
                well = all(type(number) is int and number >= 0 for number in numbers)
                well = well and all(isinstance(word, str) for word in (found.owner, found.group))
                well = well and (found.size is None or bool(_SUM.fullmatch(found.sha256 or "")))
            except TypeError:
                well = False
            if not well:
                raise self._refused(f"its manifest cannot be read at '{name}'")
        return kept

    def _refused(self, why: str) -> SchoolError:
        return SchoolError(f"{self.path} is not restored: {why}. Nothing was changed.")
