"""The words of the player's interface."""

from __future__ import annotations

from fieldguide.words import Words

_PLAYER = Words("player")
words, say, count = _PLAYER.words, _PLAYER.say, _PLAYER.count
