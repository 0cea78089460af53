"""Give each prompt one of the options (QTI matchInteraction)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Self

from fieldguide.items.fields import FieldReader
from fieldguide.items.item import Item, Response, Row, pairs
from fieldguide.items.options import check_key, set_aside
from fieldguide.items.passing import BY_ID, Passing
from fieldguide.items.words import say

if TYPE_CHECKING:
    from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Match(Item):
    """Give each prompt one of the options.

    ``key`` goes from prompt to option id, and ``also`` from prompt to the other options that are right for it.
    """

    TYPE: ClassVar[str] = "match"
    PUBLIC: ClassVar[Passing] = {"prompts": BY_ID, "options": BY_ID}
    EXPLAINED: ClassVar[Passing] = {"key": BY_ID, "rationale": BY_ID}
    TEXTS: ClassVar[Passing] = dict.fromkeys(("prompts", "options", "rationale"), BY_ID)

    prompts: dict[str, str]
    options: dict[str, str]
    key: dict[str, str] = field(default_factory=dict)
    also: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rationale: dict[str, str] = field(default_factory=dict)

    def right(self, prompt: str) -> tuple[str, ...]:
        """The options that are right for a prompt, the key first; none where the key is not here."""
        return () if prompt not in self.key else (self.key[prompt], *self.also.get(prompt, ()))

    @classmethod
    def read(cls, reader: FieldReader, common: dict[str, Any]) -> Self:
        complete = common["complete"]
        prompts = reader.mapping("prompts", required=True, ids=True)
        options = reader.mapping("options", required=True, ids=True)
        reader.at_least_two("prompts", prompts)
        reader.at_least_two("options", options)
        right = reader.mapping_to_texts("key", required=complete)
        rationale = reader.mapping("rationale", required=complete)
        if complete:
            reader.one_each("key", right, prompts, "prompt")
            for prompt, key in right.items():
                check_key(reader, key, options, prompt)
            reader.one_each("rationale", rationale, prompts, "prompt")
        return cls(
            **common,
            prompts=prompts,
            options=options,
            key={prompt: key[0] for prompt, key in right.items() if key},
            also={prompt: key[1:] for prompt, key in right.items() if key[1:]},
            rationale=rationale,
        )

    def parse(self, raw: object) -> tuple[Response | None, str | None]:
        if not isinstance(raw, dict) or not all(isinstance(part, str) for pair in raw.items() for part in pair):
            raise ValueError(say("no_pairs"))
        known = {prompt: raw[prompt] for prompt in self.prompts if raw.get(prompt) in self.options}
        return known or None, set_aside(sorted(set(raw) - set(known)))

    def fraction(self, response: Response) -> Fraction:
        """Prompts matched rightly over all; where the key names several options for one, any of them is right."""
        assert isinstance(response, dict)
        right = sum(response.get(prompt) in self.right(prompt) for prompt in self.prompts)
        return Fraction(right, len(self.prompts))

    def rows(self, response: Response | None) -> list[Row]:
        given = response if isinstance(response, dict) else {}
        rows = []
        for prompt, text in self.prompts.items():
            option, right = given.get(prompt), self.right(prompt)
            best = tuple(self.options[name] for name in right)
            said = self.options[option] if option else None
            rows.append(Row(prompt, text, said, option in right, best, self.rationale.get(prompt, "")))
        return rows

    def counted(self, response: Response) -> str:
        return say("counts_match", right=sum(row.right for row in self.rows(response)), total=len(self.prompts))

    def guess(self, chance: Random) -> object:
        options = list(self.options)
        return {prompt: chance.choice(options) for prompt in self.prompts}

    def shown(self) -> dict[str, Any]:
        return {"prompts": pairs(self.prompts), "options": pairs(self.options)}

    @property
    def ids(self) -> frozenset[str]:
        return frozenset((*self.options, *self.prompts))

    def listed(self) -> dict[str, str]:
        return self.options

    def shape(self) -> str:
        return f"{len(self.prompts)} prompts and {len(self.options)} options"

    def parts(self) -> Iterator[str]:
        yield from (*self.options.values(), *self.prompts.values())
