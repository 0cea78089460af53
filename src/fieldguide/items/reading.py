"""Reading an item from the text of its cell."""

from __future__ import annotations

from typing import Any

from fieldguide.items.competencies import read_competencies
from fieldguide.items.fields import FieldReader, Finder, ReadingError, Text, read_fields
from fieldguide.items.item import MOST_POINTS, Item
from fieldguide.items.passing import Passing, passing, refuse_unparted
from fieldguide.items.types import TYPES

USES = ("practice", "graded", "check")
BASES = ("guide", "code", "techstandard", "law", "judgement")

# The fields of every interaction type, by who may read them, as each type says it of its own.
_PUBLIC: Passing = dict.fromkeys(("id", "type", "use", "points", "competencies", "stem"))
_EXPLAINED: Passing = dict.fromkeys(("hint", "covers", "basis", "standards"))
_WITHHELD: Passing = dict.fromkeys(("withdrawn", "turns_on", "again", "objectives"))
_COMMON = (*_PUBLIC, *_EXPLAINED, *_WITHHELD)

#: The fields a student's edition holds of an item that is not for practice. Everything else is the
#: author's or the instructor's. A list of what may pass, not of what must not: a new field is private
#: until somebody decides otherwise.
PUBLIC_FIELDS: Passing = {
    **_PUBLIC,
    **{name: inner for kind in TYPES.values() for name, inner in kind.PUBLIC.items()},
}
#: What it holds of a practice item, which explains itself.
PRACTICE_FIELDS: Passing = {
    **PUBLIC_FIELDS,
    **_EXPLAINED,
    **{name: inner for kind in TYPES.values() for name, inner in kind.EXPLAINED.items()},
}
#: All that an author may write.
FIELDS: Passing = {
    **PRACTICE_FIELDS,
    **_WITHHELD,
    **{name: inner for kind in TYPES.values() for name, inner in kind.WITHHELD.items()},
}
#: Those that hold texts to translate.
TEXTS: Passing = {
    **dict.fromkeys(("stem", "hint", "withdrawn")),
    **{name: inner for kind in TYPES.values() for name, inner in kind.TEXTS.items()},
}


def read_item(text: str, file: str, first_line: int = 1, *, stripped: bool = False) -> Item:
    """Read one item from the text of its cell, the line with ``%%item`` left out.

    ``first_line`` is the line of ``file`` where ``text`` begins. With ``stripped`` the private part of a
    graded or check item may be absent, as it is in a student's edition; an item without it is not
    ``complete``. A practice item is always whole.

    Raises ReadingError with every problem found.
    """
    finder = Finder(file)
    fields = read_fields(text, finder, first_line)
    reader = FieldReader(fields, finder, "this item")
    item_id = reader.own_id("item")
    kind = reader.one_of("type", tuple(TYPES), required=True)
    use = reader.one_of("use", USES, required=True)
    if kind is None or use is None or item_id is None:
        raise ReadingError(finder.problems)
    of = TYPES[kind]
    reader.refuse_unknown((*_COMMON, *of.PUBLIC, *of.EXPLAINED, *of.WITHHELD))
    private = [name for name in fields.values if name not in (*PUBLIC_FIELDS, "hint")]
    item = _read_rest(reader, kind, item_id, use, complete=use == "practice" or not stripped or bool(private))
    if use != "practice":
        refuse_unparted(fields, PUBLIC_FIELDS, text, finder)
    finder.stop_if_any()
    return item


def _read_rest(reader: FieldReader, kind: str, item_id: str, use: str, *, complete: bool) -> Item:
    by_person = TYPES[kind].BY_PERSON
    stem = reader.text("stem", required=True) or ""
    points = reader.positive("points", most=MOST_POINTS)
    if use == "graded" and not reader.has("points") and not by_person:
        reader.wrong("points", "it is graded and has no points.", "Expected a line such as 'points: 2'.")
    if use != "graded" and reader.has("points"):
        reader.wrong("points", f"it is for {use} and has points.", "Leave points out, or write 'use: graded'.")
    if use != "practice" and reader.has("hint"):
        reader.wrong("hint", f"it is for {use} and has a hint.", "Hints belong to practice items: leave it out.")
    if by_person and use == "check":
        what, expected = "an essay for check has nobody to score it.", "Expected 'use: graded' or 'use: practice'."
        reader.wrong("use", what, expected)
    basis = reader.one_of("basis", BASES, required=complete)
    if basis == "judgement" and use == "graded" and not by_person:
        reader.wrong(
            "basis", "its key rests on judgement and it carries points.", "Make it 'use: practice', or name the rule."
        )
    covers = reader.texts("covers")
    if complete and not covers and not reader.has("covers"):
        reader.wrong("covers", "'covers' is missing.", "Expected the guide's statements, such as 'covers: [Q1]'.")
    if use != "graded" and reader.has("withdrawn"):
        reader.wrong(
            "withdrawn", f"it is for {use} and withdrawn.", "Only graded items are: take the item out instead."
        )
    if use != "practice" and reader.has("again"):
        what = f"it is for {use} and takes up an earlier item again."
        reader.wrong("again", what, "Practice items do: leave 'again' out.")
    if use == "practice" and reader.has("turns_on"):
        what = "it is for practice and says what it turns on."
        reader.wrong("turns_on", what, "A student's file holds all of a practice item: leave it out.")
    hint = reader.text("hint")
    standards = reader.texts("standards")
    common: dict[str, Any] = {
        "id": item_id,
        "use": use,
        "stem": stem,
        "points": points,
        "hint": hint,
        "covers": covers,
        "basis": basis,
        "standards": standards,
        "complete": complete,
        "withdrawn": reader.text("withdrawn"),
        "turns_on": reader.text("turns_on"),
        "again": reader.text("again"),
        "competencies": read_competencies(reader),
        "objectives": reader.texts("objectives"),
    }
    return TYPES[kind].read(reader, common)


def public_text(text: str, file: str = "item", first_line: int = 1) -> str:
    """The text of an item as a student's edition holds it: all of a practice item, of others what is public.

    Comments are left out. ``first_line`` is the line of ``file`` where ``text`` begins. Raises ReadingError for a text
    that is not readable at all, and for one of which the private part cannot be taken out.
    """
    finder = Finder(file)
    fields = read_fields(text, finder, first_line)
    use = fields.values.get("use")
    practice = isinstance(use, Text) and use.value == "practice"
    return passing(text, fields, PRACTICE_FIELDS if practice else PUBLIC_FIELDS, finder, first_line)
