"""The conditions for starting a classroom; each check says in one sentence what is wrong and what helps."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fieldguide.hub import ClassroomError, processes
from fieldguide.hub.places import Places

# Servers and homes of four people and a copied course take a few dozen megabytes; a full disk loses responses.
ROOM_NEEDED = 200_000_000


def check_room(folder: Path) -> None:
    """Refuse a disk that is nearly full."""
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(existing).free
    if free < ROOM_NEEDED:
        raise ClassroomError(
            f"Only {free // 1_000_000} MB are free where {folder} lies, and the classroom needs "
            f"{ROOM_NEEDED // 1_000_000}. Make room, or give a folder on another disk with --folder."
        )


def make_folders(places: Places) -> None:
    """Make the classroom's folders, private to its owner, and check that files can be made in them."""
    try:
        if places.folder.exists() and not places.state.exists() and any(places.folder.iterdir()):
            raise ClassroomError(f"{places.folder} holds other things. Give a new or an empty folder with --folder.")
        for folder in (places.folder, places.state, places.homes, places.course / "source", places.exchange):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (places.folder, places.state, places.homes, *places.homes.iterdir(), places.course):
            folder.chmod(0o700)
        for file in places.state.iterdir():
            file.chmod(0o600)
        # nbgrader needs an exchange open to all; the folder around it is private. The sticky bit prevents renaming.
        places.exchange.chmod(0o1777)
        trial = places.state / "trial"
        trial.write_bytes(b"")
        trial.unlink()
    except OSError as error:
        raise ClassroomError(
            f"{places.folder} cannot be written to ({error.strerror}). Give a folder of your own with --folder."
        ) from error


@contextmanager
def only_one(places: Places) -> Iterator[None]:
    """Lock the folder for this process; the system releases the lock however the process ends."""
    import fcntl  # not there on Windows

    with (places.state / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ClassroomError(
                f"Another classroom is running in {places.folder}. Use that one, stop it with Ctrl-C in its terminal, "
                "or give another folder with --folder and another port with --port."
            ) from error
        yield


def check_port(port: int) -> None:
    """Refuse a port on which this process cannot listen."""
    if not 1 <= port <= 65535:
        raise ClassroomError(f"{port} is not a port. Give a number from 1024 to 65535 with --port.")
    objection = processes.can_listen(port)
    if objection is None:
        return
    if objection.errno == errno.EADDRINUSE:
        raise ClassroomError(
            f"Port {port} is in use by another program. Close that program, or give another port with --port, such as "
            f"--port {port + 10 if port < 65000 else 8000}."
        )
    raise ClassroomError(
        f"Port {port} cannot be used ({objection.strerror}). Give a number from 1024 to 65535 with --port."
    )
