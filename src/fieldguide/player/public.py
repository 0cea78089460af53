"""What the page is told of an item: never a key, a rationale, an exemplar or a level."""

from __future__ import annotations

from typing import Any

from fieldguide.items import Choice, Entry, Essay, Hottext, Item, Match, Order


def public_data(item: Item, number: int | None, *, preview: bool) -> dict[str, Any]:
    """The public data of an item, in JSON's types."""
    data: dict[str, Any] = {
        "id": item.id,
        "use": item.use,
        "points": item.points,
        "number": number,
        "stem": item.stem.split("\n\n"),
        "has_hint": item.hint is not None,
        "preview": preview,
        "type": None,
        "choose": None,
        "options": [],
        "prompts": [],
        "passage": [],
        "expect": None,
        "unit": None,
        "rubric": [],
        "words": None,
    }
    if isinstance(item, Choice):
        data |= {"type": "choice", "choose": item.choose, "options": _pairs(item.options)}
    elif isinstance(item, Match):
        data |= {"type": "match", "prompts": _pairs(item.prompts), "options": _pairs(item.options)}
    elif isinstance(item, Order):
        data |= {"type": "order", "options": _pairs(item.options)}
    elif isinstance(item, Hottext):
        passage = [{"text": text, "id": name} for text, name in item.passage]
        data |= {"type": "hottext", "passage": passage, "options": _pairs(item.options)}
    elif isinstance(item, Entry):
        data |= {"type": "entry", "expect": item.expect, "unit": item.unit}
    elif isinstance(item, Essay):
        rubric = [{"id": name, "criterion": line.text, "points": line.points} for name, line in item.rubric.items()]
        data |= {"type": "essay", "rubric": rubric, "words": item.words}
    return data


def _pairs(texts: dict[str, str]) -> list[dict[str, str]]:
    return [{"id": name, "text": text} for name, text in texts.items()]
