"""Select phrases of a passage (QTI hottextInteraction)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from fieldguide.items.fields import FieldReader
from fieldguide.items.item import pairs
from fieldguide.items.passing import BY_ID, Passing
from fieldguide.items.selection import Selection, read_explained

_PHRASE = re.compile(r"\[([^\[\]]+)\]\{([^{}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hottext(Selection):
    """Select phrases of a passage.

    ``passage`` is the text in its pieces: plain ones, and option ids for the phrases that can be selected.
    """

    TYPE: ClassVar[str] = "hottext"
    PUBLIC: ClassVar[Passing] = {"passage": None}
    TEXTS: ClassVar[Passing] = {"passage": None, "rationale": BY_ID}

    passage: tuple[tuple[str, str | None], ...]

    @classmethod
    def read(cls, reader: FieldReader, common: dict[str, Any]) -> Self:
        text = reader.text("passage", required=True) or ""
        passage: list[tuple[str, str | None]] = []
        options: dict[str, str] = {}
        end = 0
        for phrase in _PHRASE.finditer(text):
            name = phrase[2].strip()
            reader.check_id(name, reader.line("passage"))
            if name in options:
                reader.wrong("passage", f"'passage' gives the id '{name}' twice.", "Give each phrase an id of its own.")
            options[name] = phrase[1]
            passage += [(text[end : phrase.start()], None), (phrase[1], name)]
            end = phrase.end()
        passage.append((text[end:], None))
        if len(options) < 2:
            expected = "Write at least two as [phrase]{id}."
            reader.wrong("passage", "'passage' has too few phrases to select.", expected)
        return cls(
            **common,
            passage=tuple(piece for piece in passage if piece[0]),
            options=options,
            **read_explained(reader, common["complete"], options),
        )

    def shown(self) -> dict[str, Any]:
        passage = [{"text": text, "id": name} for text, name in self.passage]
        return {"passage": passage, "options": pairs(self.options)}

    def pieces(self) -> tuple[tuple[str, str | None], ...]:
        return self.passage

    def parts(self) -> Iterator[str]:
        return (text for text, _ in self.passage)
