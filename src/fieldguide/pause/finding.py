"""What a review finds, and what it reads: the text, and its words with where they stand."""

from __future__ import annotations

from dataclasses import dataclass

#: In the order of docs/pause.md: first what has a form of its own, then what takes a reading of the words around it.
FORMAL = ("email", "telephone", "record", "birthdate", "date", "address", "postcode", "link", "handle")
OTHERS = ("name", "school", "agency", "combination")
KINDS = FORMAL + OTHERS


@dataclass(frozen=True, slots=True, order=True)
class Find:
    """A place in a text that could identify somebody: ``text`` stands there from ``start`` to ``end``."""

    start: int
    end: int
    kind: str
    text: str
