"""The words of the worksheet."""

from __future__ import annotations

from pathlib import Path

from fieldguide.forms.words import words as form_words
from fieldguide.words import Words

STATIC = Path(__file__).parent / "static" / "worksheet"

_WORKSHEET = Words(STATIC)
say = _WORKSHEET.say


def words() -> dict[str, str]:
    """The interface texts of a worksheet."""
    return form_words() | _WORKSHEET.words()
