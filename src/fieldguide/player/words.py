"""The words of the player's interface."""

from __future__ import annotations

from pathlib import Path

from fieldguide.words import Words

STATIC = Path(__file__).parent / "static"

_PLAYER = Words("player")
words, say, count = _PLAYER.words, _PLAYER.say, _PLAYER.count
