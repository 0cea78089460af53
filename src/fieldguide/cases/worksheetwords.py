"""The words of the worksheet."""

from __future__ import annotations

from pathlib import Path

from fieldguide.words import Words

STATIC = Path(__file__).parent / "static" / "worksheet"

say = Words("worksheet").say
