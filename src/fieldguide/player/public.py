"""What the page is told of an item: never a key, a rationale, an exemplar or a level."""

from __future__ import annotations

from typing import Any

from fieldguide.items import Item


def public_data(item: Item, number: int | None, *, preview: bool) -> dict[str, Any]:
    """The public data of an item, in JSON's types."""
    return {
        "id": item.id,
        "use": item.use,
        "points": item.points,
        "number": number,
        "stem": item.stem.split("\n\n"),
        "has_hint": item.hint is not None,
        "preview": preview,
        "type": item.TYPE,
        **item.shown(),
    }
