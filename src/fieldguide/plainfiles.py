"""Files that somebody else could change or read: a student, or whoever has an account on the same machine.

To look first and open then is to look at one file and to read another. So a file is opened as it is, a link not
followed and a pipe not waited for; what was opened is looked at, and only that is read. What is made here can be read
by nobody but its owner.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path

#: Flags that some systems do not have; there nobody can lay a link or a pipe in somebody's way either.
_AS_IT_IS = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))


#: The permissions of a file that holds answers.
PRIVATE = 0o600
_LARGEST_TEXT = 64 << 20


class NotPlainError(OSError):
    """There is something that is no plain file: a link, a pipe, a socket, a device, a folder."""

    def __init__(self) -> None:
        super().__init__(errno.EINVAL, "it is no plain file")

    def __str__(self) -> str:
        return "it is no plain file"


class TooLargeError(OSError):
    """A file holds more than its reader takes."""

    def __init__(self) -> None:
        super().__init__(errno.EFBIG, os.strerror(errno.EFBIG))


class NotTextError(OSError):
    """A file holds something else than UTF-8 text; ``line`` is where that begins."""

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
    """Make a file that only its owner can read, in the place of whatever stands there, and return its descriptor."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _AS_IT_IS
    try:
        return os.open(path, flags, PRIVATE)
    except FileExistsError:  # left by somebody who was stopped, or a link that is not to be written through
        os.unlink(path)  # noqa: PTH108
        return os.open(path, flags, PRIVATE)


def make_private(file: int | Path) -> None:
    """Let nobody but its owner read a file that was made otherwise, where it is ours and the system can."""
    with contextlib.suppress(OSError, NotImplementedError, TypeError):  # Windows has no permissions of this kind
        if stat.S_IMODE(os.stat(file).st_mode) != PRIVATE:  # noqa: PTH116 (it may be a descriptor)
            os.chmod(file, PRIVATE)  # noqa: PTH101


def read_plain(path: Path | str, most: int) -> bytes:
    """The content of a plain file of at most ``most`` bytes.

    Raises TooLargeError where it has more, and what ``open_plain`` raises.
    """
    with open(open_plain(path), "rb") as file:
        if os.fstat(file.fileno()).st_size <= most and len(content := file.read(most + 1)) <= most:
            return content
    raise TooLargeError


def read_own(path: Path, most: int) -> bytes:
    """The content of a plain file of one's own, where a link is one's own too and is followed.

    Raises OSError, with the reason in words and the file's name, where it cannot be read, is anything else, or has more
    than ``most`` bytes.
    """
    try:
        return read_plain(os.path.realpath(path), most)
    except OSError as error:
        error.filename = str(path)
        raise


def read_own_text(path: Path) -> str:
    """The text of a file of one's own, with lines ended by newlines.

    Raises NotTextError where it is no UTF-8, and what ``read_own`` raises.
    """
    content = read_own(path, _LARGEST_TEXT)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        wrong = NotTextError(content[: error.start].count(b"\n") + 1)
        wrong.filename = str(path)
        raise wrong from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
