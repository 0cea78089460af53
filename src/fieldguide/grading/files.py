"""Writing the instructor's files: whole files only, and by one process at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fieldguide.grading.course import CourseError
from fieldguide.plainfiles import open_new

try:
    import fcntl
except ImportError:  # Windows: only the gradebook keeps two graders apart
    fcntl = None  # type: ignore[assignment]

_OF_OWNER = 0o600


@contextmanager
def course_lock(folder: Path) -> Iterator[None]:
    """Hold the lock under which graded notebooks and feedback are written in a course folder; a killed process frees
    it."""
    if fcntl is None:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def replace_file(folder: str, name: str, content: bytes, permissions: int) -> None:
    """Replace a file as a whole, so that a reader sees the old or the new one; an unchanged file is left alone."""
    # Plain strings rather than paths: in a large class this is where most of the time goes.
    target = f"{folder}{os.sep}{name}"
    try:
        with open(os.open(target, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:  # noqa: PTH123 (it could be a pipe)
            if os.fstat(file.fileno()).st_size == len(content) and file.read() == content:
                return
    except OSError:
        pass
    part = f"{folder}{os.sep}.{name}.part"
    handle = open_new(part)
    try:
        try:
            _write_all(handle, content)
            os.fchmod(handle, permissions)
        finally:
            os.close(handle)
        os.replace(part, target)  # noqa: PTH105
    except BaseException:
        os.unlink(part)  # noqa: PTH108
        raise


def refuse_existing(target: Path) -> None:
    """Raise CourseError where an export would write over a file."""
    if os.path.lexists(target):
        raise CourseError(f"{target} is there already, and may be needed. Name another with --to, or move it away.")


def write_export(target: Path, content: bytes) -> None:
    """Write a file of grades or keys, for its owner alone. Raises CourseError where it cannot be written."""
    try:
        replace_file(str(target.absolute().parent), target.name, content, _OF_OWNER)
    except OSError as error:
        raise CourseError(f"{target} could not be written: {error.strerror}.") from error


def _write_all(handle: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]
