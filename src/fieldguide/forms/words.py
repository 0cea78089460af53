"""The words of forms. What is said of saving is said as of every question, in the player's words."""

from __future__ import annotations

from pathlib import Path

from fieldguide.player.words import words as player_words
from fieldguide.words import Words

STATIC = Path(__file__).parent / "static"

_FROM_PLAYER = ("lang", "dir", "not_graded", "preview", "saving", "saved", "not_inside", "not_saved", "not_saved_yet")
_FORMS = Words(STATIC)
say = _FORMS.say


def words() -> dict[str, str]:
    """The interface texts that every form needs."""
    return {name: player_words()[name] for name in _FROM_PLAYER} | _FORMS.words()
