"""What is on record at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

#: The setting of the record that says who entered it.
ENTERED = "entered"


@dataclass(slots=True)
class ItemResponses:
    """What the record holds for one item: the last saved response and when, and every attempt in order.

    ``certainties`` goes with ``attempts``, one for each; None where the student said nothing.
    """

    saved: object = None
    saved_at: str | None = None
    attempts: list[object] = field(default_factory=list)
    certainties: list[str | None] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class EssayText:
    """The text of one essay, and when it was saved."""

    text: str
    time: str | None


class Found(Enum):
    """What there is of a file: none, one that cannot be read, one with nothing in it, one that was read."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is on record at one moment: responses and essays by item id, settings by name. It does not change.

    ``kept`` are the essays that there should be, by the record. ``cut``: the record's last line is not whole, because
    it was cut off or is being written just now.
    """

    responses: dict[str, ItemResponses] = field(default_factory=dict)
    essays: dict[str, EssayText] = field(default_factory=dict)
    settings: dict[str, object] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    cut: bool = False
    record_file: Found = Found.MISSING
    essays_file: Found = Found.MISSING

    @property
    def entered_by(self) -> str | None:
        """Who entered all of it from an answer sheet on paper; None where its student answered on a page."""
        match self.settings.get(ENTERED):
            case {"by": str(name)}:
                return name
        return None

    def of(self, item_id: str) -> ItemResponses:
        """What is on record for an item."""
        return self.responses.get(item_id) or ItemResponses()

    def essay(self, item_id: str) -> tuple[str | None, str | None]:
        """The text of an essay and when it was saved; both None when there is none."""
        essay = self.essays.get(item_id)
        return (essay.text, essay.time) if essay else (None, None)
