"""The head of a module's notebook: what its ``%%module`` cell says."""

from __future__ import annotations

from dataclasses import dataclass

from fieldguide.items.fields import FieldReader, Finder, ReadingError, Text, read_fields
from fieldguide.items.passing import Passing, pass_whole
from fieldguide.player.half import EVEN, ODD
from fieldguide.words import ENGLISH

EDITIONS = ("open", "instructor", "student")
#: What an edition holds of the head of a notebook; a new field is private until it is put here.
HEAD_FIELDS: Passing = dict.fromkeys(
    ("id", "edition", "lang", "title", "minutes", "objectives", "practice", "graded", "check", "odd")
)
#: Those that hold texts to translate.
HEAD_TEXTS: Passing = dict.fromkeys(("title", "objectives"))


@dataclass(frozen=True, slots=True)
class Head:
    """Which module a notebook holds, for whom, and which items stand in it, in order, by their use.

    ``odd`` are the check items of the students in the odd half, place by place, where a check has two forms.
    ``lang`` is the language that the notebook is in, named as in BCP 47.
    """

    id: str
    edition: str
    title: str
    minutes: int
    objectives: tuple[str, ...]
    practice: tuple[str, ...] = ()
    graded: tuple[str, ...] = ()
    check: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    lang: str = ENGLISH

    def number(self, item_id: str) -> int | None:
        """The place of an item among those of its use, from 1; None for an item the head does not name."""
        for ids in (self.practice, self.graded, self.check, self.odd):
            if item_id in ids:
                return ids.index(item_id) + 1
        return None

    def half(self, item_id: str) -> str | None:
        """The half of the class that is asked an item; None for an item that everybody is asked."""
        if (item_id in self.check) == (item_id in self.odd):
            return None
        return EVEN if item_id in self.check else ODD if self.odd else None


def read_head(text: str, file: str, first_line: int = 1) -> Head:
    """Read the text of a ``%%module`` cell. ``first_line`` is the line of ``file`` where it begins.

    Raises ReadingError.
    """
    finder = Finder(file)
    reader = FieldReader(read_fields(text, finder, first_line), finder, "this module's head")
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
        odd=reader.texts("odd"),
        lang=reader.language(),
    )
    if finder.problems:
        raise ReadingError(finder.problems)
    return head


def student_head_text(text: str, file: str, first_line: int = 1) -> str:
    """The text of the instructor's head as a student's edition has it, which says that it is one, without comments.

    ``first_line`` is the line of ``file`` where ``text`` begins. Raises ReadingError for a text that cannot be read.
    """
    edition = read_fields(text, Finder(file), first_line).values.get("edition")
    if isinstance(edition, Text):
        line_break = "\n" if text[: edition.end].endswith("\n") else ""
        text = f"{text[: edition.start]}student{line_break}{text[edition.end :]}"
    return pass_whole(text, HEAD_FIELDS, file, first_line)
