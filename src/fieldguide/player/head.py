"""The head of a module's notebook: what its ``%%module`` cell says."""

from __future__ import annotations

from dataclasses import dataclass

from fieldguide.items.fields import FieldReader, Finder, ReadingError, read_fields

EDITIONS = ("open", "instructor", "student")


@dataclass(frozen=True, slots=True)
class Head:
    """Which module a notebook holds, for whom, and which items stand in it, in order, by their use."""

    id: str
    edition: str
    title: str
    minutes: int
    objectives: tuple[str, ...]
    practice: tuple[str, ...] = ()
    graded: tuple[str, ...] = ()
    check: tuple[str, ...] = ()

    def number(self, item_id: str) -> int | None:
        """The place of an item among those of its use, from 1; None for an item the head does not name."""
        for ids in (self.practice, self.graded, self.check):
            if item_id in ids:
                return ids.index(item_id) + 1
        return None


def read_head(text: str, file: str) -> Head:
    """Read the text of a ``%%module`` cell. Raises ReadingError."""
    finder = Finder(file)
    reader = FieldReader(read_fields(text, finder), finder, "this module's head")
    module = reader.text("id", required=True) or ""
    reader.check_id(module, reader.line("id"))
    head = Head(
        id=module,
        edition=reader.one_of("edition", EDITIONS, required=True) or "",
        title=reader.text("title", required=True) or "",
        minutes=reader.whole("minutes", least=1, most=600, required=True) or 0,
        objectives=reader.texts("objectives"),
        practice=reader.texts("practice"),
        graded=reader.texts("graded"),
        check=reader.texts("check"),
    )
    if finder.problems:
        raise ReadingError(finder.problems)
    return head
