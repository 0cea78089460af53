"""The look of every page, for one that has to carry it along: its colors and kinds of type, as variables of a style."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_THEME = Path(__file__).parent / "coursepage" / "static" / "theme.css"


@cache
def variables() -> str:
    """The rule that the style of the course's pages begins with."""
    theme = _THEME.read_text(encoding="utf-8")
    return theme[theme.index(":root {") : theme.index("}") + 1]
