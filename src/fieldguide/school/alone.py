"""One of root's commands at a time: what one has looked at is still so when it makes its change.

Whoever comes second waits, and is told for whom. The kernel lets the lock go with the process that holds it, however
that ends; only root can open its file, so nobody else can hold it.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from fieldguide.school.machine import inside
from fieldguide.school.planning import Places

LOCK = "lock"
_LARGEST = 4096


@contextmanager
def alone(places: Places, what: str, tell: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of a school's machine, once whoever holds it has let it go; ``tell`` is told who that is.

    ``what`` is how others are told of this, such as ``fieldguide-admin backup``; no student is named in it, as it can
    outlast a process that is killed. Within, nothing takes the lock once more. Raises SchoolError and OSError where
    its file cannot be made.
    """
    _need_folder(places)
    with inside(places.state) as folder:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        lock = os.open(LOCK, flags, 0o600, dir_fd=folder)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell(f"{_holder(lock)}. Waiting until it is done; Ctrl-C stops the waiting, and nothing is changed.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        _note(lock, what)
        try:
            yield
        finally:
            os.ftruncate(lock, 0)
    finally:
        os.close(lock)


def _need_folder(places: Places) -> None:
    """Make the folder, which the first command of all does not find, so that other accounts can go through it."""
    for place in reversed((places.state, *places.state.parents)):
        if not place.exists():
            place.mkdir()
            place.chmod(0o711 if place == places.state else 0o755)


def _note(lock: int, what: str) -> None:
    now = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    said = {"what": what, "by": os.environ.get("SUDO_USER", "root"), "process": os.getpid(), "since": now}
    os.ftruncate(lock, 0)
    os.pwrite(lock, json.dumps(said).encode(), 0)


def _holder(lock: int) -> str:
    try:
        said = json.loads(os.pread(lock, _LARGEST, 0))
        return "{what} is at work since {since}, run by {by} (process {process})".format(**said)
    except ValueError:  # it took the lock a moment ago and has not noted who it is
        return "Another command of root's is at work"
