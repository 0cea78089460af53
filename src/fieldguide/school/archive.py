"""One file with a school's data: a compressed tar archive of plain files, and a manifest with the checksum of each.

The manifest is the last member, and counts: whose a file is and who may read it stands there, and what is not in it is
not restored. What students put where it is saved stops nothing: what is no plain file, or too much, is left out and
named. Names have the same limits for writing and for reading, so that what was written can be restored.
"""

from __future__ import annotations

import errno
import fcntl
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
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from shlex import quote
from typing import IO, Any

from fieldguide import __version__
from fieldguide.school import SchoolError
from fieldguide.school.accounts import is_person
from fieldguide.school.deletions import KEY, RECORD
from fieldguide.school.identities import FILES as IDENTITIES
from fieldguide.school.machine import group_name, inside, user_name
from fieldguide.school.walking import Entry, walk

MANIFEST = "manifest.json"
VERSION = 1
#: How long a name may be, in bytes, and of how many parts: the system takes 4096 for a whole path.
LONGEST_NAME, DEEPEST = 1024, 60
#: How much of one person's is taken from one folder, in entries and in bytes: far more than a course brings about.
MOST_ENTRIES, MOST_BYTES = 20_000, 2 << 30
_IN_MEMORY = 4 << 20
_BLOCK = 1 << 20
#: So many of what was left out are told; a student can make thousands.
_MOST_NAMED = 50
_AS_IT_IS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
#: What an open says where another thing was put in place of what was looked at.
_SWAPPED = (errno.ELOOP, errno.ENOTDIR, errno.ENXIO, errno.EISDIR)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
#: What a member may be called: the school's files, or a course's part.
_OF_SCHOOL = ("courses.toml", RECORD, KEY, *IDENTITIES)
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

    def told(self) -> dict[str, int | str | None]:
        """As the manifest has it."""
        return {name: getattr(self, name) for name in self.__slots__}


def why_no_name(name: str) -> str | None:
    """Why nothing in an archive can be called so, in words; None where it can."""
    if len(os.fsencode(name)) > LONGEST_NAME:
        return f"its path is too long, and {LONGEST_NAME} bytes are the limit"
    if name.count("/") >= DEEPEST:
        return f"it lies too deep, and {DEEPEST} folders are the limit"
    return None


@dataclass(slots=True)
class _Share:
    """How much of one person's was taken from a folder, and what was too much."""

    entries: int = 0
    size: int = 0
    beyond: int = 0
    first: str = ""


class Writer:
    """Puts files into an archive, and remembers of each what the manifest says."""

    def __init__(self, archive: tarfile.TarFile, beside: Path) -> None:
        self._archive = archive
        self._beside = beside
        self._kept: dict[str, Kept] = {}
        #: What is there and was not taken, and why: it is no plain file, or too much.
        self.left_out: dict[str, str] = {}
        #: What should be in the archive and could not be read, and why.
        self.unread: dict[str, str] = {}

    def add(self, name: str, content: bytes, owner: str, group: str, mode: int = 0o600) -> None:
        """Add a file with this content."""
        self._add(
            name, io.BytesIO(content), Kept(mode, owner, group, len(content), hashlib.sha256(content).hexdigest())
        )

    def add_tree(self, name: str, folder: Path, leaves_out: Callable[[str], bool] = lambda path: False) -> None:
        """Add what is below a folder, as name/…; a link is never followed, and what vanishes meanwhile is not there.

        ``leaves_out`` is asked of each path within it. Raises SchoolError where the folder itself cannot be entered.
        """
        shares: dict[int, _Share] = defaultdict(_Share)
        with inside(folder) as top:
            disk = os.fstat(top).st_dev
            for entry in walk(top):
                if leaves_out(entry.path):
                    entry.enter = False
                    continue
                full = name if entry.path == "." else f"{name}/{entry.path}"
                why = why_no_name(full)
                if entry.error:
                    entry.enter = False
                    self.keep_error(full, entry.error)
                elif why:
                    entry.enter = False
                    self.left_out[full] = why
                elif entry.about and entry.about.st_dev != disk:
                    entry.enter = False
                    self.left_out[full] = "another file system begins there"
                elif entry.about:
                    self._add_found(full, entry, entry.about, shares[entry.about.st_uid])
        for number, share in shares.items():
            if share.beyond:
                more = f", with {share.beyond - 1:,} more of {user_name(number)}'s" if share.beyond > 1 else ""
                self.left_out[share.first] = f"one account has {MOST_ENTRIES:,} entries there at most{more}"

    def finish(self, about: dict[str, Any]) -> None:
        """Write the manifest, with a line for each file."""
        head = {
            "version": VERSION,
            "made_by": f"Field Guide {__version__}",
            "made": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            **about,
            "left_out": self.left_out,
            "unread": self.unread,
        }
        with self._copy() as copy:
            copy.write(json.dumps(head, indent=1).removesuffix("\n}").encode() + b',\n "files": {')
            between = b"\n"
            for name, kept in self._kept.items():
                copy.write(between + f"  {json.dumps(name)}: {json.dumps(kept.told())}".encode())
                between = b",\n"
            copy.write(b"\n }\n}\n")
            size = copy.tell()
            copy.seek(0)
            self._archive.addfile(_member(MANIFEST, size), copy)

    def count(self, beginning: str) -> int:
        """How many files are in it whose names begin so."""
        return sum(kept.size is not None and name.startswith(beginning) for name, kept in self._kept.items())

    def keep_error(self, name: str, error: OSError) -> None:
        """Note that something could not be read: by somebody's doing, or it should be in the archive."""
        if error.errno in _SWAPPED:
            self.left_out[name] = "it is a link, or something else was put in its place meanwhile"
        else:
            self.unread[name] = error.strerror or str(error)

    def _add_found(self, name: str, entry: Entry, about: os.stat_result, share: _Share) -> None:
        if is_person(about.st_uid):
            if share.entries >= MOST_ENTRIES:
                entry.enter = False
                share.beyond += 1
                share.first = share.first or name
                return
            share.entries += 1
        if entry.is_folder:
            self._kept[name] = Kept(stat.S_IMODE(about.st_mode), user_name(about.st_uid), group_name(about.st_gid))
        elif stat.S_ISREG(about.st_mode):
            self._add_file(name, entry, share)
        else:
            self.left_out[name] = _kind(about)

    def _add_file(self, name: str, entry: Entry, share: _Share) -> None:
        try:
            descriptor = os.open(entry.name, _AS_IT_IS, dir_fd=entry.folder)
        except FileNotFoundError:
            return
        except OSError as error:
            self.keep_error(name, error)
            return
        try:
            about = os.fstat(descriptor)  # of what is open: another file may have come in its place
            if not stat.S_ISREG(about.st_mode):
                self.left_out[name] = _kind(about)
                return
            if is_person(about.st_uid) and about.st_size > MOST_BYTES - share.size:
                size = about.st_size / 1e9
                self.left_out[name] = (
                    f"one account has {MOST_BYTES / 1e9:.1f} GB there at most, and it is of {size:.1f} GB"
                )
                return
            with self._copy() as copy:
                total, left = hashlib.sha256(), about.st_size
                while left:
                    try:
                        block = os.read(descriptor, min(_BLOCK, left))
                    except OSError as error:
                        self.keep_error(name, error)
                        return
                    if not block:
                        break
                    total.update(block)
                    copy.write(block)
                    left -= len(block)
                size = copy.tell()
                copy.seek(0)
                owner, group = user_name(about.st_uid), group_name(about.st_gid)
                self._add(name, copy, Kept(stat.S_IMODE(about.st_mode) & 0o777, owner, group, size, total.hexdigest()))
                share.size += size
        finally:
            os.close(descriptor)

    def _add(self, name: str, stream: IO[bytes], kept: Kept) -> None:
        self._archive.addfile(_member(name, kept.size or 0), stream)
        self._kept[name] = kept

    def _copy(self) -> tempfile.SpooledTemporaryFile[bytes]:
        """A file to copy into first: one that grows or shrinks meanwhile would not be as long as the archive says."""
        return tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+b", dir=str(self._beside))


def _kind(about: os.stat_result) -> str:
    return f"it is {_KINDS.get(stat.S_IFMT(about.st_mode), 'a folder')}, and no plain file"


def named(names: Mapping[str, str], path: Path) -> Iterator[str]:
    """Each name with the reason, in a line, as far as people read; ``path`` is the archive, whose manifest has all."""
    for name, why in islice(names.items(), _MOST_NAMED):
        yield f"{name}: {why}."
    if len(names) > _MOST_NAMED:
        more = len(names) - _MOST_NAMED
        yield f"and {more:,} more. All are named by: tar -xzOf {quote(str(path))} {MANIFEST}"


def need_new(path: Path) -> None:
    """Raise SchoolError where an archive cannot come to be, as something is there or its folder is not."""
    if os.path.lexists(path):
        raise SchoolError(f"{path} is there already, and may be needed. Name another file.")
    if not path.parent.is_dir():
        raise SchoolError(f"There is no folder {path.parent}. Make it, or name another file.")


@contextmanager
def new_archive(path: Path) -> Iterator[Writer]:
    """An archive for its owner alone, which is there when it is whole.

    Raises SchoolError where a file is there, or somebody writes one, or it cannot be written.
    """
    need_new(path)
    part = path.with_name(f".{path.name}.part")
    with _alone(part, path) as stream:
        try:
            with (
                gzip.GzipFile("", "wb", 6, stream) as packed,
                tarfile.open(
                    fileobj=packed, mode="w", format=tarfile.PAX_FORMAT, encoding="utf-8", errors="surrogateescape"
                ) as archive,
            ):
                yield Writer(archive, path.parent)
            stream.flush()
            os.fsync(stream.fileno())
            need_new(path)
            part.replace(path)
            _keep_name(path.parent)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            raise SchoolError(
                f"{path} could not be written: {error.strerror}. Nothing is left of it. Make room, or name a file on "
                "another disk."
            ) from error
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def _alone(part: Path, path: Path) -> Iterator[IO[bytes]]:
    """An empty file that nobody else writes to. What a stopped run left is taken; who has the lock alone removes it."""
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            about, there = os.fstat(descriptor), part.lstat()
        except (BlockingIOError, FileNotFoundError):
            raise SchoolError(f"Another backup is writing {path} at this moment. Name another file.") from None
        if not os.path.samestat(about, there):
            raise SchoolError(f"Another backup is writing {path} at this moment. Name another file.")
        if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid() or about.st_nlink != 1:
            raise SchoolError(f"{part} was put there by somebody else. Look into it, or name a file in another folder.")
        os.fchmod(descriptor, 0o600)
        os.ftruncate(descriptor, 0)
        yield stream


def _keep_name(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


class Content:
    """What a file in an archive holds, to be read once; its checksum is added up meanwhile."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._total = stream, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes, as of any stream."""
        block = self._stream.read(size)
        self._total.update(block)
        return block

    def rest(self) -> str:
        """The checksum of all of it, what nobody has read included."""
        while self.read(_BLOCK):
            pass
        return self._total.hexdigest()


class Archive:
    """An archive that was read once from beginning to end, and holds what its manifest says and nothing else."""

    def __init__(self, path: Path) -> None:
        """Read it all. Raises SchoolError, which says what is wrong with it."""
        self.path = path
        seen: dict[str, tuple[int, str]] = {}
        self.about: dict[str, Any] | None = None
        #: The checksum of the manifest, by which two archives are told apart.
        self.digest = ""
        with self._reading():
            for name, stream in self._members():
                if self.about is not None:
                    raise self._refused(f"'{name}' comes after the manifest")
                if name == MANIFEST:
                    content = Content(stream)
                    self.about = self._read_manifest(content.read())
                    self.digest = content.rest()
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
        #: What was left out when it was made, and what could not be read, each with the reason.
        self.left_out, self.unread = (self._named(self.about.get(what)) for what in ("left_out", "unread"))
        told = {name: (kept.size, kept.sha256) for name, kept in self.kept.items() if kept.size is not None}
        for name in {*told, *seen}:
            if told.get(name) != seen.get(name):
                raise self._refused(f"'{name}' is not as the manifest says")

    def files(self, beginning: str) -> Iterator[tuple[str, Kept, Content]]:
        """The files whose names begin so, without that: name, what the manifest says, content to be read at once.

        Raises SchoolError, after a content where that is no longer what was looked at.
        """
        with self._reading():
            for name, stream in self._members():
                if name != MANIFEST and name.startswith(beginning):
                    content = Content(stream)
                    yield name.removeprefix(beginning), self.kept[name], content
                    if content.rest() != self.kept[name].sha256:
                        raise self._refused(f"'{name}' has changed since it was looked at")

    def folders(self, beginning: str) -> Iterator[tuple[str, Kept]]:
        """The folders whose names begin so, without that, outer ones first."""
        for name in sorted(self.kept):
            if self.kept[name].size is None and name.startswith(beginning):
                yield name.removeprefix(beginning), self.kept[name]

    def content(self, name: str, most: int) -> bytes | None:
        """The content of one file of at most ``most`` bytes; None where there is none in it. Raises SchoolError."""
        kept = self.kept.get(name)
        if kept is None or kept.size is None:
            return None
        if kept.size > most:
            raise self._refused(f"'{name}' is larger than any that was written ({kept.size} bytes)")
        for rest, _, stream in self.files(name):
            if not rest:
                return stream.read()
        raise self._refused(f"'{name}' is no longer in it")

    def _members(self) -> Iterator[tuple[str, IO[bytes]]]:
        with tarfile.open(self.path, "r|gz", encoding="utf-8", errors="surrogateescape") as archive:
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
        except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError, RecursionError) as error:
            raise self._refused(f"it is damaged or no backup ({error})") from error
        except OSError as error:
            raise SchoolError(f"{self.path} could not be read: {error.strerror or error}.") from error

    def _need_safe(self, name: str) -> None:
        parts = name.split("/")
        top = parts[1] if len(parts) > 1 else ""
        known = name in (MANIFEST, *_OF_SCHOOL) or (len(parts) == 2 and top == _GRADEBOOK) or top in _PARTS
        if not known or "\0" in name or any(part in ("", ".", "..") for part in parts):
            raise self._refused(f"'{name}' belongs nowhere in a school's folders")
        why = why_no_name(name)
        if why:
            raise self._refused(f"'{name}': {why}")

    def _read_manifest(self, content: bytes) -> dict[str, Any]:
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

    @staticmethod
    def _named(told: Any) -> dict[str, str]:
        return {name: str(why) for name, why in told.items()} if isinstance(told, dict) else {}

    def _refused(self, why: str) -> SchoolError:
        return SchoolError(f"{self.path} is not restored: {why}. Nothing was changed.")
