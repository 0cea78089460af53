"""The words of the tables' interface, from one file a language."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"


@cache
def words() -> dict[str, str]:
    """Interface texts by name; ``{name}`` in a text stands for a value."""
    texts: dict[str, str] = json.loads((STATIC / "words.en.json").read_text(encoding="utf-8"))
    return texts


def say(name: str, **values: object) -> str:
    """One interface text with its values filled in."""
    return words()[name].format(**values)
