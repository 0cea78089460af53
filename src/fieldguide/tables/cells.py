"""Reading a ``%%table`` cell: which data it shows, under which caption, and what of it."""

from __future__ import annotations

from dataclasses import dataclass

from fieldguide.items.fields import FieldReader, Finder, ReadingError, read_fields
from fieldguide.items.passing import Passing, pass_whole

#: Nothing of a table is private; a new field is, until it is put here.
FIELDS: Passing = dict.fromkeys(("data", "caption", "columns", "filters", "group"))
#: What of them is a text to translate.
TEXTS: Passing = {"caption": None}


@dataclass(frozen=True, slots=True)
class TableCell:
    """One table as its author asks for it. Empty ``columns`` or ``filters`` leave the choice to the table."""

    data: str
    caption: str
    columns: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    group: str | None = None
    line: int = 1


def read_table_cell(text: str, file: str, first_line: int = 1) -> TableCell:
    """Read the text of a cell, the line with ``%%table`` left out. Raises ReadingError."""
    finder = Finder(file)
    reader = FieldReader(read_fields(text, finder, first_line), finder, "this table")
    reader.refuse_unknown(tuple(FIELDS))
    data = reader.text("data", required=True)
    if data is not None:  # it becomes part of a path
        reader.check_id(data, reader.line("data"))
    cell = TableCell(
        data=data or "",
        caption=reader.text("caption", required=True) or "",
        columns=reader.texts("columns"),
        filters=reader.texts("filters"),
        group=reader.text("group"),
        line=reader.line("data"),
    )
    if finder.problems:
        raise ReadingError(finder.problems)
    return cell


def public_table_text(text: str, file: str = "table", first_line: int = 1) -> str:
    """The text of a table as students get it, without comments.

    ``first_line`` is the line of ``file`` where ``text`` begins. Raises ReadingError for a text that cannot be read.
    """
    return pass_whole(text, FIELDS, file, first_line)
