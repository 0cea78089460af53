"""What there is to know of a kind of cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
#: The text of a cell, the file it stands in, and the line of it where the text begins.
Reading = Callable[[str, str, int], Asked]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[Asked]):
    """A kind of cell. What one cell of it asks is ``Asked``, read from the text below the cell's magic.

    ``read`` takes a text with everything private, and ``read_edition`` one as an edition holds it. ``edition_text``
    makes the one of the other, for students and for the open edition. All three raise ReadingError. ``record_ids`` are
    the ids under which responses to a cell go on record; None where none do.

    ``session`` is what a student can do with a cell, as "module:Class", so that it is imported when a cell is shown;
    ``script`` shows it in a page, a path below the package.
    """

    name: str
    read: Reading[Asked]
    read_edition: Reading[Asked]
    edition_text: Reading[str]
    record_ids: Callable[[Asked], tuple[str, ...]] | None = None
    session: str
    script: str

    @property
    def magic(self) -> str:
        """The first line of a cell of this kind."""
        return f"%%{self.name}"

    def below(self, source: str) -> str:
        """The text below the magic, of the source of a cell of this kind."""
        return source.removeprefix(f"{self.magic}\n")
