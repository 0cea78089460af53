"""Copying a folder that somebody else may be changing: plain files up to a limit, and all of it or nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from fieldguide.grading.inbound import DEEPEST, MOST_FILES, TOO_DEEP
from fieldguide.grading.names import show
from fieldguide.plainfiles import read_plain, write_whole
from fieldguide.responses import LARGEST_RECORD
from fieldguide.responses.names import ESSAYS, RECORD

#: Nothing is followed on the way, and a pipe is not waited for. Elsewhere than on Unix there is no exchange.
_AS_IT_IS = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC"))


def copy_plain(
    source: Path, target: Path, most_bytes: int, owners: set[int] | None = None, changed: datetime | None = None
) -> list[str]:
    """Copy the plain files and folders of ``source`` to ``target``, a new folder; returns what was skipped, and why.

    ``owners`` are the account numbers whose files are copied; None for all. ``changed`` is when ``source`` was last
    changed (UTC), where it must not have been since. In the exchange everybody can read a submission; the copy is
    private. Raises OSError where the folder cannot be copied, holds more than ``most_bytes`` bytes or too many entries
    of any kind, or where its folders lie too deep in one another.
    """
    copying = _Copying(most_bytes, owners, changed)
    # From here on nothing is named by its whole path: whoever owns the folder can put another in its place meanwhile,
    # or a link to what only the instructor can read.
    descriptor = os.open(source, os.O_RDONLY | os.O_DIRECTORY | _AS_IT_IS)
    try:
        copying.need_unchanged(os.fstat(descriptor), "the folder")
        copying.folder(descriptor, target, 0)
    finally:
        os.close(descriptor)
    return copying.odd


class _Copying:
    """Copies file by file, up to a number of bytes, of entries of any kind, and of folders in one another."""

    def __init__(self, most_bytes: int, owners: set[int] | None, changed: datetime | None) -> None:
        self.odd: list[str] = []
        self._bytes, self._entries = most_bytes, MOST_FILES
        self._owners, self._changed = owners, changed

    def folder(self, source: int, target: Path, deep: int) -> None:
        if deep > DEEPEST:
            raise OSError(TOO_DEEP)
        target.mkdir(stat.S_IRWXU)
        for name in sorted(self._names(source)):
            about = os.stat(name, dir_fd=source, follow_symlinks=False)
            if not stat.S_ISREG(about.st_mode) and not stat.S_ISDIR(about.st_mode):
                self.odd.append(f"left behind, {show(name)} is no plain file")
            elif self._owners is not None and about.st_uid not in self._owners:
                self.odd.append(f"left behind, {show(name)} belongs to another account")
            else:
                self._one(source, name, about, target / name, deep)

    def _names(self, source: int) -> Iterator[str]:
        """What is in a folder, which may go on for ever."""
        with os.scandir(source) as entries:
            for entry in entries:
                self._entries -= 1
                if self._entries < 0:
                    raise OSError(f"it holds more than {MOST_FILES} files and folders")
                yield entry.name

    def _one(self, source: int, name: str, about: os.stat_result, target: Path, deep: int) -> None:
        try:
            opened = os.open(name, os.O_RDONLY | _AS_IT_IS, dir_fd=source)
        except OSError as error:
            raise OSError(f"{show(name)}: {error.strerror}") from error
        try:
            found = os.fstat(opened)
            if (found.st_dev, found.st_ino) != (about.st_dev, about.st_ino):
                raise OSError(f"{show(name)} was changed while it was copied")
            self.need_unchanged(found, show(name))
            if stat.S_ISDIR(found.st_mode):
                self.folder(opened, target, deep + 1)
            else:
                self._file(opened, found.st_size, target)
        finally:
            os.close(opened)

    def need_unchanged(self, found: os.stat_result, name: str) -> None:
        if (
            self._changed is not None
            and datetime.fromtimestamp(found.st_ctime, UTC).replace(tzinfo=None) > self._changed
        ):
            raise OSError(f"{name} was changed while it was collected. Collect again")

    def _file(self, source: int, size: int, target: Path) -> None:
        self._bytes -= size  # before reading: a sparse file can be larger than any disk
        if self._bytes < 0:
            raise OSError("it is larger than CourseDirectory.max_dir_size allows")
        new = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _AS_IT_IS, stat.S_IRUSR | stat.S_IWUSR)
        with open(new, "wb") as copy:  # noqa: PTH123 (it is open)
            while size and (part := os.read(source, min(size, 1 << 20))):
                size -= len(part)
                copy.write(part)


def copy_answers(submission: Path, module: str, to: Path) -> None:
    """Copy the answers of a submission, the record and the essays, into another folder. Raises OSError."""
    for ending in (RECORD, ESSAYS):
        source = submission / f"{module}{ending}"
        if source.exists():
            write_whole(to / source.name, read_plain(source, LARGEST_RECORD))


def put_in_place(copy: Path, target: Path, old: Path) -> None:
    """Replace one folder by another; the old one is restored if this fails or is interrupted."""
    if target.exists():
        target.rename(old)
    try:
        copy.rename(target)
    except BaseException:
        if old.exists():
            old.rename(target)
        raise
