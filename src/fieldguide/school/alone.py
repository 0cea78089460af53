"""One of root's commands at a time: what one has looked at is still so when it makes its change.

Whoever comes second is told at once for whom to wait, and waits for so long and no longer. The kernel lets the lock go
with the process that holds it, however that ends; only root can open its file, so nobody else can hold it.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from fieldguide.school import SchoolError
from fieldguide.school.machine import inside
from fieldguide.school.planning import Places

LOCK = "lock"
#: How long to wait for another command, in minutes, where nobody says otherwise: a backup of a large school is done.
WAIT = 10
_LARGEST = 4096
#: How often it is looked whether the other has ended, in seconds.
_LOOKS_EVERY = 0.2


@contextmanager
def alone(places: Places, what: str, tell: Callable[[str], None], wait: float = WAIT) -> Iterator[None]:
    """Hold the lock of a school's machine, once whoever holds it has let it go; ``tell`` is told who that is.

    ``what`` is how others are told of this, such as ``fieldguide-admin backup``; no student is named in it, as it can
    outlast a process that is killed. Within, nothing takes the lock once more. Raises SchoolError where it is not let
    go within ``wait`` minutes, and OSError where its file cannot be made.
    """
    _need_folder(places)
    with inside(places.state) as folder:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        lock = os.open(LOCK, flags, 0o600, dir_fd=folder)
    try:
        _take(lock, tell, wait)
        _note(lock, what)
        try:
            yield
        finally:
            os.ftruncate(lock, 0)
    finally:
        os.close(lock)


def _take(lock: int, tell: Callable[[str], None], wait: float) -> None:
    deadline, told = time.monotonic() + 60 * wait, False
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                waited = f"This waited {wait:g} minutes for it" if wait else "This did not wait for it"
                raise SchoolError(
                    f"{_holder(lock)}. {waited}, and has changed nothing. Run it again once that is done, or have it "
                    "wait longer: fieldguide-admin --wait MINUTES … Whether a process is still there and works: ps "
                    "-fp NUMBER"
                ) from None
        if not told:
            tell(
                f"{_holder(lock)}. Waiting until it is done, {wait:g} minutes at most; Ctrl-C stops the waiting, and "
                "nothing is changed."
            )
            told = True
        time.sleep(_LOOKS_EVERY)


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
