"""The words of a case's interface: its own, and those that it shares with every question."""

from __future__ import annotations

from pathlib import Path

from fieldguide.player import words as player
from fieldguide.words import Words

STATIC = Path(__file__).parent / "static"

_CASES = Words(STATIC)
say = _CASES.say
_SHARED = (
    *("lang", "dir", "not_graded", "preview", "how_sure", "sure", "fairly", "guess"),
    *("checking", "saving", "saved", "not_inside", "not_saved", "not_saved_yet", "no_kernel"),
)


def words() -> dict[str, str]:
    """Interface texts by name, for the page."""
    return {name: player.words()[name] for name in _SHARED} | _CASES.words()
