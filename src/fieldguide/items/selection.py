"""What choice and hottext share: options to select from."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from fieldguide.items.fields import FieldReader
from fieldguide.items.item import Item, Response, Row
from fieldguide.items.options import check_key, option_ids, set_aside
from fieldguide.items.passing import BY_ID, Passing
from fieldguide.items.words import say

if TYPE_CHECKING:
    from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection(Item):
    """Options to select from. Mappings go from option id to text."""

    EXPLAINED: ClassVar[Passing] = {"key": BY_ID, "rationale": BY_ID, "misconceptions": BY_ID}

    options: dict[str, str]
    key: tuple[str, ...] = ()
    rationale: dict[str, str] = field(default_factory=dict)
    misconceptions: dict[str, str] = field(default_factory=dict)

    def parse(self, raw: object) -> tuple[Response | None, str | None]:
        given = option_ids(raw)
        chosen = tuple(option for option in self.options if option in given)
        if self.any_option and len(chosen) > 1:
            raise ValueError(say("several"))
        return chosen or None, set_aside(sorted(set(given) - set(self.options)))

    def fraction(self, response: Response) -> Fraction:
        """Where one is selected: all or nothing, and any option of the key is right. Where several are: options
        selected rightly minus options selected wrongly, over the number of keys, never below 0."""
        right = sum(option in self.key for option in response)
        if self.any_option:
            return Fraction(right)
        return max(Fraction(0), Fraction(2 * right - len(response), len(self.key)))

    def rows(self, response: Response | None) -> list[Row]:
        best = tuple(self.options[option] for option in self.key)
        rows = []
        for option, text in self.options.items():
            given = text if response and option in response else None
            why = self.rationale.get(option, "")
            rows.append(Row(option, text, given, option in self.key, best, why, miss=why, option=True))
        return rows

    def counted(self, response: Response) -> str | None:
        if self.any_option:
            return None
        right = sum(option in self.key for option in response)
        return say("counts_several", right=right, total=len(self.key), wrong=len(response) - right)

    def guess(self, chance: Random) -> object:
        return chance.sample(list(self.options), 1 if self.any_option else chance.randint(1, len(self.options)))

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(self.options)

    def shape(self) -> str:
        return f"{len(self.key)} right of {len(self.options)} options"

    def unexplained(self) -> list[str]:
        return [option for option in self.options if option not in (*self.key, *self.misconceptions)]


def read_explained(reader: FieldReader, complete: bool, options: dict[str, str]) -> dict[str, Any]:
    """The private part of an item in which options are selected."""
    key = reader.texts("key")
    rationale = reader.mapping("rationale", required=complete)
    misconceptions = reader.mapping("misconceptions")
    if complete:
        if not key and not reader.has("key"):
            reader.wrong("key", "'key' is missing.", f"Expected one of: {', '.join(options)}.")
        check_key(reader, key, options)
        reader.one_each("rationale", rationale, options, "option")
        for option in misconceptions:
            reader.known("misconceptions", option, options, "option")
            if option in key:
                reader.wrong("misconceptions", f"'{option}' is in the key.", "Tag distractors only.", option)
    return {"key": key, "rationale": rationale, "misconceptions": misconceptions}
