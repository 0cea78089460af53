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
        "stem": item.stem.split("\n\n"),
        "has_hint": item.hint is not None,
        "preview": preview,
        "type": item.TYPE,
        **item.shown(),
    }
