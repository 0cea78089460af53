"""Files that somebody else could change or read: a student, or another account on the same machine.

Checking a file before opening it can check one file and then open another. So a file is opened without following links
or waiting for pipes; then the open file itself is checked, and only it is read. Files made here are private to their
owner.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path

#: Flags that some systems lack; on those nobody can plant a link or a pipe either.
_AS_IT_IS = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))


#: The permissions of a file that holds responses.
PRIVATE = 0o600
_LARGEST_TEXT = 64 << 20


class NotPlainError(OSError):
    """What is there is not a plain file: a link, a pipe, a socket, a device, a folder."""

    def __init__(self) -> None:
        super().__init__(errno.EINVAL, "it is no plain file")

    def __str__(self) -> str:
        return "it is no plain file"


class TooLargeError(OSError):
    """A file is larger than its reader accepts."""

    def __init__(self) -> None:
        super().__init__(errno.EFBIG, os.strerror(errno.EFBIG))


class NotTextError(OSError):
    """A file is not UTF-8 text; ``line`` is the line of the first wrong byte."""

    def __init__(self, line: int) -> None:
        super().__init__(errno.EINVAL, f"line {line} is not UTF-8 text")
        self.line = line


def open_plain(path: Path | str, flags: int = os.O_RDONLY) -> int:
    """Open a plain file and return its descriptor, for ``open`` to take.

    Raises NotPlainError where there is anything but a plain file, and other kinds of OSError as ``os.open`` does.
    """
    try:
        descriptor = os.open(path, flags | _AS_IT_IS, PRIVATE)
    except OSError:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise NotPlainError from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotPlainError
    return descriptor


def open_new(path: Path | str) -> int:
    """Create a file that only its owner can read, replacing whatever is there, and return its descriptor."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _AS_IT_IS
    try:
        return os.open(path, flags, PRIVATE)
    except FileExistsError:  # left by a process that was stopped, or a link that must not be followed
        os.unlink(path)  # noqa: PTH108
        return os.open(path, flags, PRIVATE)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all. Raises OSError where it could not be written."""
    part = path.with_name(f".{path.name}.part")
    try:
        with open(open_new(part), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def make_private(file: int | Path) -> None:
    """Make a file readable by its owner alone, where it is ours and the system has permissions."""
    with contextlib.suppress(OSError, NotImplementedError, TypeError):  # Windows has no permissions of this kind
        if stat.S_IMODE(os.stat(file).st_mode) != PRIVATE:  # noqa: PTH116 (it may be a descriptor)
            os.chmod(file, PRIVATE)  # noqa: PTH101


def read_plain(path: Path | str, most: int) -> bytes:
    """The content of a plain file of at most ``most`` bytes.

    Raises TooLargeError where it is larger, and what ``open_plain`` raises.
    """
    with open(open_plain(path), "rb") as file:
        if os.fstat(file.fileno()).st_size <= most and len(content := file.read(most + 1)) <= most:
            return content
    raise TooLargeError


def read_own(path: Path, most: int) -> bytes:
    """The content of a plain file of the person's own; a link of their own is followed.

    Raises OSError, with the reason in words and the file's name, where it cannot be read, is not a plain file, or is
    larger than ``most`` bytes.
    """
    try:
        return read_plain(os.path.realpath(path), most)
    except OSError as error:
        error.filename = str(path)
        raise


def read_own_text(path: Path) -> str:
    """The text of a file of the person's own, with lines that end in newlines.

    Raises NotTextError where it is not UTF-8, and what ``read_own`` raises.
    """
    content = read_own(path, _LARGEST_TEXT)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        wrong = NotTextError(content[: error.start].count(b"\n") + 1)
        wrong.filename = str(path)
        raise wrong from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
