"""Copying a folder that somebody else may be changing: plain files up to a limit, and all of it or nothing."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from fieldguide.grading.inbound import MOST_FILES
from fieldguide.grading.names import show
from fieldguide.plainfiles import open_plain


def copy_plain(source: Path, target: Path, most_bytes: int, owners: set[int] | None = None) -> list[str]:
    """Copy the plain files and folders of ``source`` to ``target``, a new folder; returns what was skipped, and why.

    ``owners`` are the account numbers whose files are copied; None for all. Raises OSError where the folder cannot be
    copied, or holds more than ``most_bytes`` bytes or too many files.
    """
    odd: list[str] = []
    files = _Files(most_bytes)

    def unusual(folder: str, names: list[str]) -> list[str]:
        left = []
        for name in names:
            about = os.lstat(os.path.join(folder, name))  # noqa: PTH118
            if not stat.S_ISREG(about.st_mode) and not stat.S_ISDIR(about.st_mode):
                odd.append(f"left behind, {show(name)} is no plain file")
            elif owners is not None and about.st_uid not in owners:
                odd.append(f"left behind, {show(name)} belongs to another account")
            else:
                continue
            left.append(name)
        return left

    try:
        shutil.copytree(source, target, ignore=unusual, copy_function=files.copy)
    except _TooMuchError as error:
        raise OSError(str(error)) from None
    except shutil.Error as error:
        path, _, why = error.args[0][0]
        raise OSError(f"{show(Path(path).name)}: {why}") from error
    for place, _, names in os.walk(target):
        # In the exchange everybody can read a submission; what was collected must be private.
        os.chmod(place, stat.S_IRWXU)  # noqa: PTH101
        for name in names:
            os.chmod(os.path.join(place, name), stat.S_IRUSR | stat.S_IWUSR)  # noqa: PTH101, PTH118
    return odd


class _TooMuchError(Exception):
    """Ends the copying of a whole folder; an OSError would only skip one file."""


class _Files:
    """Copies files one by one, up to a number of files and of bytes."""

    def __init__(self, most_bytes: int) -> None:
        self._bytes = most_bytes
        self._files = MOST_FILES

    def copy(self, source: str, target: str) -> None:
        self._files -= 1
        if self._files < 0:
            raise _TooMuchError(f"it holds more than {MOST_FILES} files")
        # A student can change a submission in the exchange while it is being collected.
        with open(open_plain(source), "rb") as old, open(target, "wb") as new:  # noqa: PTH123
            left = os.fstat(old.fileno()).st_size
            self._bytes -= left  # before reading: a sparse file can be larger than any disk
            if self._bytes < 0:
                raise _TooMuchError("it is larger than CourseDirectory.max_dir_size allows")
            while left and (part := old.read(min(left, 1 << 20))):
                left -= len(part)
                new.write(part)


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
