"""What a review finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Find:
    """A place in a text that could identify somebody: ``text`` stands there from ``start`` to ``end``."""

    start: int
    end: int
    kind: str
    text: str
