"""What a page needs for "Review my text": to be put after the player's page.js and styles."""

from __future__ import annotations

from fieldguide.pause.words import STATIC, words

__all__ = ["door", "script", "styles", "words"]


def script() -> str:
    """``reviewFor`` and ``reviewAsker``; they use what page.js has."""
    return (STATIC / "review.js").read_text(encoding="utf-8")


def door() -> str:
    """What makes the script a module of its own, for a page that gets it only when it is used."""
    return (STATIC / "door.js").read_text(encoding="utf-8")


def styles() -> str:
    """The styles of a review; colors are those of the player's styles."""
    return (STATIC / "review.css").read_text(encoding="utf-8")
