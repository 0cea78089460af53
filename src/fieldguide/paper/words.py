"""The words of what is printed."""

from __future__ import annotations

from fieldguide.words import Words

_PAPER = Words("paper")
say, count = _PAPER.say, _PAPER.count
