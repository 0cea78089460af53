"""The words of the worksheet."""

from __future__ import annotations

from fieldguide.words import Words

say = Words("worksheet").say
