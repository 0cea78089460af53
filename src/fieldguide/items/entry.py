"""Enter a number or a short exact text (QTI textEntryInteraction)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Self

from fieldguide.items.fields import FieldReader
from fieldguide.items.item import Item, Response, Row
from fieldguide.items.numbers import read_number
from fieldguide.items.passing import BY_ID, Passing
from fieldguide.items.plaintext import plain
from fieldguide.items.words import say

if TYPE_CHECKING:
    from random import Random

EXPECT = ("number", "text")
#: No entry that is asked for comes near this many characters.
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Item):
    """Enter a number or a short exact text.

    ``key`` holds the accepted forms of a text, or the accepted numbers; ``tolerance`` is how far a number may be
    off, in the unit of the number. ``rationale`` has two texts: for ``right`` and for ``other`` responses.
    """

    TYPE: ClassVar[str] = "entry"
    PUBLIC: ClassVar[Passing] = {"expect": None, "unit": None}
    EXPLAINED: ClassVar[Passing] = {"key": BY_ID, "tolerance": None, "rationale": BY_ID}
    TEXTS: ClassVar[Passing] = {"unit": None, "rationale": BY_ID}

    expect: str
    unit: str | None = None
    key: tuple[str, ...] = ()
    tolerance: str = "0"
    rationale: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, reader: FieldReader, common: dict[str, Any]) -> Self:
        expect = reader.one_of("expect", EXPECT, required=True) or "text"
        key = reader.texts("key")
        tolerance = reader.text("tolerance") or "0"
        rationale = reader.mapping("rationale", required=common["complete"])
        if common["complete"]:
            if not key and not reader.has("key"):
                expected = "Expected the accepted response, or a list of accepted forms."
                reader.wrong("key", "'key' is missing.", expected)
            if expect == "number":
                if any(read_number(form) is None for form in key):
                    expected = "Expected a number, such as 12.5, or a list of numbers."
                    reader.wrong("key", f"'key' is '{', '.join(key)}'.", expected)
                allowance = read_number(tolerance)
                if allowance is None or allowance < 0:
                    reader.wrong("tolerance", f"'tolerance' is '{tolerance}'.", "Expected a number, 0 or more.")
            elif reader.has("tolerance"):
                reader.wrong("tolerance", "a text has no tolerance.", "Leave it out, or write 'expect: number'.")
            reader.one_each("rationale", rationale, {"right": "", "other": ""}, "case")
        unit = reader.text("unit")
        return cls(**common, expect=expect, unit=unit, key=key, tolerance=tolerance, rationale=rationale)

    def parse(self, raw: object) -> tuple[Response | None, str | None]:
        if not isinstance(raw, str):
            raise ValueError(say("no_text"))
        if len(raw) > _LONGEST:
            raise ValueError(say("too_long"))
        if self.expect == "number" and raw.strip() and read_number(raw) is None:
            raise ValueError(say("no_number"))
        return (raw if raw.strip() else None), None

    def fraction(self, response: Response) -> Fraction:
        """All or nothing, with any form or number of the key. A number may be off by the tolerance. Capitals and
        spaces do not matter, nor how signs are written (see plaintext)."""
        return Fraction(self._accepts(str(response)))

    def _accepts(self, response: str) -> bool:
        if self.expect == "number":
            given, tolerance = read_number(response), read_number(self.tolerance)
            wanted = [number for number in map(read_number, self.key) if number is not None]
            return given is not None and any(abs(given - number) <= (tolerance or 0) for number in wanted)
        return plain(response) in {plain(form) for form in self.key}

    def rows(self, response: Response | None) -> list[Row]:
        accepted = self.key if self.expect == "number" else self.key[:1]  # others are ways to write the same
        given = response if isinstance(response, str) else None
        right = given is not None and self._accepts(given)
        why, miss = self.rationale.get("right", ""), self.rationale.get("other")
        return [Row(None, "", given, right, accepted, why, miss, self.unit)]

    def guess(self, chance: Random) -> object:
        return chance.choice((*self.key[:1], "7"))

    def takes(self) -> tuple[object, ...]:
        return (self.TYPE, self.expect)

    def shown(self) -> dict[str, Any]:
        return {"expect": self.expect, "unit": self.unit}
