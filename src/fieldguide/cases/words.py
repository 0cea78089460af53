"""The words of a case's interface that are not every question's."""

from __future__ import annotations

from pathlib import Path

from fieldguide.words import Words

STATIC = Path(__file__).parent / "static"

say = Words("case").say
