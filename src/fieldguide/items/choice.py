"""Choose one option, or several (QTI choiceInteraction)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from fieldguide.items.fields import FieldReader
from fieldguide.items.item import pairs
from fieldguide.items.passing import BY_ID, Passing
from fieldguide.items.selection import Selection, read_explained

CHOOSE = ("one", "several")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Selection):
    """Choose one option, or several. Where one is chosen, any option of the key is right."""

    TYPE: ClassVar[str] = "choice"
    PUBLIC: ClassVar[Passing] = {"choose": None, "options": BY_ID}
    TEXTS: ClassVar[Passing] = {"options": BY_ID, "rationale": BY_ID}

    choose: str = "one"

    @property
    def any_option(self) -> bool:
        return self.choose == "one"

    @classmethod
    def read(cls, reader: FieldReader, common: dict[str, Any]) -> Self:
        choose = reader.one_of("choose", CHOOSE, default="one") or "one"
        options = reader.mapping("options", required=True, ids=True)
        reader.at_least_two("options", options)
        return cls(**common, choose=choose, options=options, **read_explained(reader, common["complete"], options))

    def shown(self) -> dict[str, Any]:
        return {"choose": self.choose, "options": pairs(self.options)}

    def listed(self) -> dict[str, str]:
        return self.options

    @property
    def variant(self) -> str:
        return self.TYPE if self.any_option else "several"

    def thinking(self) -> float:
        return 0.5
