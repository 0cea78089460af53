"""The words of the policy and of its documents."""

from __future__ import annotations

from pathlib import Path

from fieldguide.forms.words import words as form_words
from fieldguide.words import Words

STATIC = Path(__file__).parent / "static"

_POLICY = Words(STATIC)
say = _POLICY.say


def words() -> dict[str, str]:
    """The interface texts of a policy."""
    return form_words() | _POLICY.words()
