"""Deleting a class, so that the next start begins anew. Nothing is deleted before somebody has agreed to it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from fieldguide.hub import ClassroomError, checks
from fieldguide.hub.places import Places

#: What has to be typed.
WORD = "delete"


def reset(project: Path, folder: Path, ask: Callable[[str], str]) -> bool:
    """Delete the class in a folder if the answer to what is asked is `WORD`; returns whether it was deleted.

    The folder itself stays. Raises ClassroomError where it holds no class, a class runs in it, or it cannot be deleted.
    """
    places = Places(project.resolve(), folder.resolve())
    if not places.passwords.is_file() or not places.state.is_dir():
        raise ClassroomError(f"There is no class in {places.folder}, so nothing was deleted.")
    with checks.only_one(places):
        if ask(f"{_about(places)}\nIt cannot be brought back. Type {WORD} to delete it: ").strip() != WORD:
            return False
        try:
            for path in sorted(places.folder.iterdir(), key=lambda path: path == places.state):
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        except OSError as error:
            raise ClassroomError(f"{places.folder} could not be deleted whole ({error}).") from error
    return True


def _about(places: Places) -> str:
    """What would be lost, in figures."""
    handed_in = len(list((places.exchange / places.course_id / "inbound").glob("*")))
    collected = len(list((places.course / "submitted").glob("*/*")))
    return (
        f"The class in {places.folder} is about to be deleted: its students' homes with all their answers, "
        f"{handed_in} submissions in the exchange, {collected} that were collected, and the gradebook."
    )
