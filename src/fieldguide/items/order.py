"""Put options in order (QTI orderInteraction)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Self

from fieldguide.items.fields import FieldReader
from fieldguide.items.item import Item, Response, Row, pairs
from fieldguide.items.options import option_ids, set_aside
from fieldguide.items.passing import BY_ID, Passing
from fieldguide.items.words import say

if TYPE_CHECKING:
    from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Item):
    """Put options in order. ``options`` in the order they are shown at first."""

    TYPE: ClassVar[str] = "order"
    ORDERED: ClassVar[bool] = True
    PUBLIC: ClassVar[Passing] = {"options": BY_ID}
    EXPLAINED: ClassVar[Passing] = {"key": BY_ID, "rationale": BY_ID}
    TEXTS: ClassVar[Passing] = dict.fromkeys(("options", "rationale"), BY_ID)

    options: dict[str, str]
    key: tuple[str, ...] = ()
    rationale: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, reader: FieldReader, common: dict[str, Any]) -> Self:
        options = reader.mapping("options", required=True, ids=True)
        reader.at_least_two("options", options)
        key = reader.texts("key")
        rationale = reader.mapping("rationale", required=common["complete"])
        if common["complete"]:
            if sorted(key) != sorted(options):
                expected = f"Expected an order of: {', '.join(options)}."
                reader.wrong("key", "'key' does not name every option once.", expected)
            elif list(key) == list(options):
                expected = "List them in another order."
                reader.wrong("options", "the options stand in the right order already.", expected)
            reader.one_each("rationale", rationale, options, "option")
        return cls(**common, options=options, key=key, rationale=rationale)

    def parse(self, raw: object) -> tuple[Response | None, str | None]:
        given = option_ids(raw)
        if len(set(given)) != len(given):
            raise ValueError(say("twice"))
        known = tuple(option for option in given if option in self.options)
        return known or None, set_aside(sorted(set(given) - set(self.options)))

    def fraction(self, response: Response) -> Fraction:
        """Neighbors of the key that are neighbors in the response too, in the same order, over all neighbors."""
        return Fraction(len(set(pairwise(self.key)) & set(pairwise(response))), len(self.key) - 1)

    def rows(self, response: Response | None) -> list[Row]:
        """A row for each place, in the right order."""
        given = response if isinstance(response, tuple) else ()
        rows = []
        for place, option in enumerate(self.key, 1):
            text, why = self.options[option], self.rationale.get(option, "")
            there = given[place - 1] if place <= len(given) else None
            said = self.options[there] if there else None
            rows.append(Row(option, text, said, there == option, (text,), why, place=place))
        return rows

    def asked(self, response: Response | None) -> list[Row]:
        """In the order that was given, where one was, else as they are shown."""
        given = response if isinstance(response, tuple) else ()
        return [
            Row(option, self.options[option], None, False, (), "", place=place if given else None)
            for place, option in enumerate(given or self.options, 1)
        ]

    def counted(self, response: Response) -> str:
        neighbors = len(self.key) - 1
        return say("counts_order", right=int(self.fraction(response) * neighbors), total=neighbors)

    def guess(self, chance: Random) -> object:
        return chance.sample(list(self.options), len(self.options))

    def shown(self) -> dict[str, Any]:
        return {"options": pairs(self.options)}

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(self.options)
