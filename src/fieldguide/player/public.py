"""What the page is told of an item: never a key, a rationale, an exemplar or a level."""

from __future__ import annotations

from typing import Any

from fieldguide.items import Item
from fieldguide.player.half import EVEN, ODD

#: What is said of the half that an item is for.
_HALVES = {EVEN: "half_even", ODD: "half_odd"}


def public_data(item: Item, number: int | None, *, preview: bool, half: str | None = None) -> dict[str, Any]:
    """The public data of an item, in JSON's types. ``half`` is the half of a class that it is for, in a preview."""
    return {
        "id": item.id,
        "use": item.use,
        "points": item.points,
        "number": number,
        "half": _HALVES.get(half or ""),
        "stem": _stem(item),
        "has_hint": item.hint is not None,
        "preview": preview,
        "type": item.TYPE,
        **item.shown(),
    }


def _stem(item: Item) -> dict[str, Any]:
    """The paragraphs of a stem around the one that names what is answered: the last that asks, or else the last.

    A graded essay in parts asks in none or in many: it is named by its first, which says what it is about.
    """
    parts = item.stem.split("\n\n")
    asking = [at for at, part in enumerate(parts) if "?" in part]
    in_parts = item.BY_PERSON and item.use == "graded" and len(asking) != 1
    at = 0 if in_parts else asking[-1] if asking else len(parts) - 1
    return {"vignette": parts[:at], "question": parts[at], "remarks": parts[at + 1 :], "in_parts": in_parts}
