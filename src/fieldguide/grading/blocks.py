"""What a reader is told of a cell, as blocks of plain text: made once, and then shown as HTML or given away as data.

A block is a dict in JSON's types, and ``is`` says which one. Its texts are plain, so that whoever shows them escapes
them, in one place.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

#: A block by itself, in JSON's types.
Block = dict[str, Any]


def title(text: str) -> Block:
    """The heading of the cell."""
    return {"is": "title", "text": text}


def heading(text: str) -> Block:
    """A heading within the cell."""
    return {"is": "heading", "text": text}


def label(text: str, strong: str = "") -> Block:
    """A line that says what comes below it; ``strong`` begins it."""
    return {"is": "label", "text": text, "strong": strong}


def line(text: str, strong: str = "") -> Block:
    """One paragraph; ``strong`` ends it."""
    return {"is": "line", "text": text, "strong": strong}


def aside(text: str) -> Block:
    """A paragraph that explains another."""
    return {"is": "aside", "text": text}


def prose(text: str) -> Block:
    """An author's text, with an empty line between paragraphs."""
    return {"is": "prose", "text": text}


def folded_prose(summary: str, text: str) -> Block:
    """An author's text that is folded to one line until somebody opens it."""
    return {"is": "folded", "summary": summary, "text": text}


def quote(text: str) -> Block:
    """A student's own text, with an empty line between paragraphs."""
    return {"is": "quote", "text": text}


def listed(texts: Iterable[str]) -> Block:
    """Several short texts."""
    return {"is": "list", "texts": list(texts)}


def choice(asked: str, chosen: str, sure: str | None = None) -> Block:
    """A question with what was chosen, and how sure the student was."""
    return {"is": "choice", "asked": asked, "chosen": chosen, "sure": sure}


def steps(choices: Iterable[tuple[str, str]]) -> Block:
    """What was asked and chosen, one after the other."""
    return {"is": "steps", "steps": [{"asked": asked, "chosen": chosen} for asked, chosen in choices]}
