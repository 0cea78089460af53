"""What the desk keeps of a course, in a file of the course folder: the work that is being done or was done last.

So the page can be left and come back to, from another server too. Work holds a lock as long as it goes on, which a
process that ends in any way gives up.
"""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fieldguide.desk.state import Step
from fieldguide.grading.course import CourseError
from fieldguide.grading.files import replace_file
from fieldguide.plainfiles import PRIVATE, open_plain, read_plain

try:
    import fcntl
except ImportError:  # Windows, where there is no exchange either
    fcntl = None  # type: ignore[assignment]

FILE = ".fieldguide-desk.json"
LOCK = ".fieldguide-desk.lock"
_LARGEST = 16 << 20
_SHARED = 0o660
_TRIES, _PAUSE = 5, 0.02  # seconds


@dataclass
class Job:
    """One step for one module. Times are in UTC, ISO 8601.

    ``due`` is a new due date, told in ``zone``; ``students`` are those it is for, where it is not for all. ``phase``
    names what is being done, ``done`` of ``of`` submissions where they are counted. Once it ``ended``, ``counts`` tells
    how many submissions came out how, by names that the desk has words for, ``problems`` what to look into as lines,
    and ``trouble`` why it failed; None where it did not.
    """

    step: str
    module: str
    begun: str
    due: str | None = None
    zone: str | None = None
    set_aside: bool = False
    phase: str = ""
    done: int = 0
    of: int = 0
    ended: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    trouble: str | None = None
    students: list[str] = field(default_factory=list)

    @property
    def kind(self) -> Step:
        """Which step it is."""
        return Step(self.step)


@dataclass
class Notes:
    """All that is kept. ``collected``: up to when each module was collected. ``given``: what a module's scores added up
    to when feedback was given. ``zone``: in which due dates were told last. ``entered``: whose answer sheets were
    entered since a module was graded."""

    job: Job | None = None
    collected: dict[str, str] = field(default_factory=dict)
    given: dict[str, list[float]] = field(default_factory=dict)
    zone: str | None = None
    entered: dict[str, list[str]] = field(default_factory=dict)


def now() -> datetime:
    """This moment, in UTC and without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def read_notes(root: Path) -> Notes:
    """What is kept in a course folder; nothing where the file is missing or damaged."""
    try:
        told: dict[str, Any] = json.loads(read_plain(root / FILE, _LARGEST))
        job = Job(**told["job"]) if told["job"] else None
        if job:
            _ = job.kind, datetime.fromisoformat(job.begun)
        collected = {str(name): str(datetime.fromisoformat(time)) for name, time in told["collected"].items()}
        entered = {str(name): list(map(str, students)) for name, students in told.get("entered", {}).items()}
        return Notes(job, collected, dict(told["given"]), told["zone"], entered)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Notes()


def write_notes(root: Path, notes: Notes, *, shared: bool = False) -> None:
    """Keep it, for this account alone or for those who share the course folder. Raises OSError."""
    replace_file(str(root), FILE, json.dumps(asdict(notes)).encode(), _SHARED if shared else PRIVATE)


def take_lock(root: Path) -> int | None:
    """The lock of a course's work, as a descriptor that a child may inherit; None where somebody has it."""
    handle = _open_lock(root)
    for left in range(_TRIES, 0, -1):
        try:
            if fcntl is not None:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        except BlockingIOError:
            if left > 1:
                time.sleep(_PAUSE)  # somebody may only be asking whether work goes on
    os.close(handle)
    return None


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Hold the lock of a course's work for a command. Raises CourseError where the desk has it."""
    lock = take_lock(root)
    if lock is None:
        raise CourseError("The desk is working in this course just now. Wait until it has finished, and try again.")
    try:
        yield
    finally:
        os.close(lock)


def is_working(root: Path) -> bool:
    """Whether work goes on in a course folder. Any number may ask at the same time."""
    handle = _open_lock(root)
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _open_lock(root: Path) -> int:
    handle = open_plain(root / LOCK, os.O_RDWR | os.O_CREAT)
    about = os.fstat(handle)
    if root.stat().st_mode & stat.S_IWGRP and stat.S_IMODE(about.st_mode) != _SHARED and about.st_uid == os.getuid():
        os.fchmod(handle, _SHARED)  # several accounts look after the course, and each has to hold it
    return handle
