"""What there is to know of a kind of cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Generic, TypeVar

from fieldguide.items.passing import Passing

Asked = TypeVar("Asked")
#: The text of a cell, the file it stands in, and the line of it where the text begins.
Reading = Callable[[str, str, int], Asked]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written(Generic[Asked]):
    """A kind of cell that authors write. What one cell of it asks is ``Asked``, read from the text below its magic.

    ``read`` raises ReadingError. ``minutes`` is how long a student takes over a cell, its own text included.
    ``record_ids`` are the ids under which responses to it go on record, its own first; None where none do.
    ``fields`` are all that an author may write. ``texts`` are those of them that a translator puts into another
    language: no ids, and nothing that a score rests on.
    """

    name: str
    read: Reading[Asked]
    minutes: Callable[[Asked], float] = lambda asked: 0.0
    record_ids: Callable[[Asked], tuple[str, ...]] | None = None
    fields: Passing = field(default_factory=dict, hash=False)
    texts: Passing = field(default_factory=dict, hash=False)

    @property
    def magic(self) -> str:
        """The first line of a cell of this kind."""
        return f"%%{self.name}"

    def below(self, source: str) -> str:
        """The text below the magic, of the source of a cell of this kind."""
        return source.removeprefix(f"{self.magic}\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Written[Asked]):
    """A kind of cell that notebooks have.

    ``read`` takes a text with everything private, and ``read_edition`` one as an edition holds it; ``edition_text``
    makes the one of the other, for students and for the open edition. ``with_gists`` is the text with what each
    standard is about that it names: its arguments are the text, the gists, the file and the first line. All of them
    raise ReadingError.

    ``beside`` is the id of the question or cell that a cell is read together with: before a question, below a cell.

    ``session`` is what a student can do with a cell, and ``rendering`` shows scorers what a student did (None where
    they see nothing of it): each as "module:Class", so that it is imported when it is needed (see named()).
    What shows a cell in a page is in ``player.parts``, by the kind's name.
    """

    read_edition: Reading[Asked]
    edition_text: Reading[str]
    with_gists: Callable[[str, Mapping[str, str], str, int], str] | None = None
    beside: Callable[[Asked], str | None] = lambda asked: None
    session: str
    rendering: str | None = None


def named(place: str) -> Any:
    """What a row names as "module:Class"."""
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
