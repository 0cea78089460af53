"""All of a cell that is no text for people: what a score can rest on, and what a translation leaves as it is."""

from __future__ import annotations

import re

from fieldguide.items.composing import Fields, Text, Texts
from fieldguide.items.passing import Passing

#: The phrases of a passage; only their ids are in the key.
PHRASE = re.compile(r"\[[^\[\]]+\]\{([^{}]*)\}")


def skeleton(node: Fields | Texts | Text, texts: Passing | None) -> object:
    """All of a cell but its ``texts``; of a passage, its phrases' ids. Without any to leave out, all of it."""
    if isinstance(node, Fields):
        inside = {name: texts.get(name, texts.get("*", {})) if texts else {} for name in node.values}
        return {name: skeleton(value, inside[name]) for name, value in node.values.items()}
    values = [node] if isinstance(node, Text) else list(node.values)
    if texts is None:
        return [sorted(PHRASE.findall(text.value)) for text in values]
    return [text.value for text in values]
