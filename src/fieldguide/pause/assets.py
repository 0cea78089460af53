"""What a page needs for "Review my text": to be put after the player's page.js and styles."""

from __future__ import annotations

from fieldguide.pause.words import STATIC, words

__all__ = ["door", "script", "styles", "words"]


def script() -> str:
    """``reviewFor`` and ``reviewWith``; they use what page.js has."""
    return _built("review.js")


def door() -> str:
    """What makes the script a module of its own, for a page that gets it only when it is used."""
    return _built("door.js")


def styles() -> str:
    """The styles of a review; colors are those of the player's styles."""
    return _built("review.css")


def _built(name: str) -> str:
    return (STATIC / "built" / name).read_text(encoding="utf-8")
