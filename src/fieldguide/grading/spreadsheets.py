"""CSV files that are edited in a spreadsheet and read again.

A spreadsheet takes some texts for formulas, numbers or dates, splits lines by the separator of its language, and saves
in an encoding of its own. So what is written here stays text, and every such form can be read again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from fieldguide.grading.course import CourseError
from fieldguide.plainfiles import read_own

#: Signs that make a cell a formula, and their full-width forms, which some spreadsheets accept too.
_SIGNS = "=+@＝＋－＠-"
#: What a spreadsheet may drop before such a sign, and the separators at which one may begin a new cell.
_DROPPED = r"\s\"'\x00-\x1f\x7f\u200b-\u200f\u2060\ufeff"
_NEW_CELL = re.compile("[;\t\r\n]")
_RUN = re.compile(f"([;{_DROPPED}]+)([{_SIGNS}]?)|^([{_SIGNS}])")
#: What begins with such a sign and is no formula: a number, and the dash that stands for none.
_NO_FORMULA = re.compile(r"[-+]?\d+(?:[.,]\d+)*\s?%?|-")
_BLANK = re.compile("'*[\t\r\n]")

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec"
_MONTHS += "|january|february|march|april|june|july|august|september|october|november|december"
#: What a spreadsheet turns into a number, a date or a truth value, and saves in another form.
_CONVERTED = rf"(?=[\d.,$€£(%]|(?:{_MONTHS})[ ./-]?\d+$|true$|false$)"
_PLAIN_ID = re.compile(rf"^('*){_CONVERTED}", re.IGNORECASE)
_KEPT_ID = re.compile(rf"^'('*){_CONVERTED}", re.IGNORECASE)

#: Far more lines than a class needs.
_LARGEST = 64 << 20
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe precedes each sign that would begin one."""
    inner = _at_beginnings(text, lambda before: f"{before}'")
    return f"'{inner}" if _BLANK.match(text) else inner


def unguarded(text: str) -> str:
    """The text that guarded() was called with."""
    inner = text[1:] if text.startswith("'") and _BLANK.match(text) else text
    return _at_beginnings(inner, lambda before: before.removesuffix("'"))


def guarded_cell(text: str) -> str:
    """A cell of somebody else's file, which holds numbers as texts: guarded, once, unless it is a number."""
    return text if _NO_FORMULA.fullmatch(text) else guarded(unguarded(text))


def _at_beginnings(text: str, change: Callable[[str], str]) -> str:
    """A text in which the beginning of every cell, as a spreadsheet may split it, is changed."""

    def changed(found: re.Match[str]) -> str:
        before, sign = found[1] or "", found[2] or found[3] or ""
        begins = sign and (found.start() == 0 or _NEW_CELL.search(before))
        return f"{change(before) if begins else before}{sign}"

    return _RUN.sub(changed, text)


def kept_id(text: str) -> str:
    """An id as a spreadsheet leaves it alone: an apostrophe precedes what would be read as a number or a date."""
    return _PLAIN_ID.sub(r"'\1", text)


def given_id(text: str) -> str:
    """The id that kept_id() was called with, guarded or not."""
    return _KEPT_ID.sub(r"\1", unguarded(text))


def csv_file(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    """A CSV file in UTF-8 with a byte order mark, as spreadsheets expect. Texts are guarded; numbers stay numbers."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue().encode("utf-8-sig", "replace")


def read_csv(path: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The lines of a CSV file, as ``csv_lines`` reads them.

    Raises FileNotFoundError where there is no file, and CourseError as that does and where it cannot be read.
    """
    try:
        content = read_own(path, _LARGEST)
    except FileNotFoundError as error:
        if path.is_symlink():
            raise CourseError(f"{path} is a link to something that is not there.") from error
        raise
    except OSError as error:
        raise CourseError(f"{path} could not be read: {error.strerror}.") from error
    return csv_lines(path, content, columns)


def csv_lines(path: Path, content: bytes, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The lines of a CSV file that a spreadsheet saved: the row number it shows, and the cells by column.

    ``path`` names it in messages. The cells are still guarded. Raises CourseError where it is no such file or lacks one
    of ``columns``.
    """
    if content.startswith(WORKBOOKS):
        raise CourseError(
            f"{path} is a spreadsheet's own workbook (as .xlsx or .ods are), whatever its name. Open it in the "
            "spreadsheet, choose Save As or Export, and there 'CSV' (in Excel 'CSV UTF-8')."
        )
    text = decoded(content)
    directive = re.match(r"sep=([,;\t])\r?\n", text)  # as Excel takes it, and some people write it
    first = text.partition("\n")[0]
    delimiter = directive[1] if directive else max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text[directive.end() if directive else 0 :], newline=""), delimiter=delimiter)
    try:
        names = [name.strip().casefold() for name in next(reader, [])]
        if not set(columns) <= set(names):
            raise CourseError(f"{path} has not the columns {', '.join(columns)}.{_why_no_columns(names)}")
        needed = 1 + max((names.index(column) for column in columns), default=-1)
        lines = []
        for number, cells in enumerate(reader, 2):
            if any(cell.strip() for cell in cells):
                if len(cells) < needed:
                    raise CourseError(f"{path}, line {number} ends too early: the file was cut short.")
                cells += [""] * (len(names) - len(cells))
                lines.append((number, dict(zip(names, cells, strict=False))))
        return lines
    except csv.Error as error:
        raise CourseError(f"{path}, line {reader.line_num}: {error}.") from error


def decoded(content: bytes) -> str:
    """A file's text, in any of the encodings in which spreadsheets save."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _why_no_columns(names: list[str]) -> str:
    if not any(names):
        return " The file is empty, or its first line is."
    if len(names) == 1 and re.search("[,;\t]", names[0]):
        return (
            " Its first line stands in one cell: the spreadsheet did not split the file into columns when it opened "
            "it. Open it anew by importing (in Excel: Data, From Text/CSV), with the comma as separator."
        )
    found = ", ".join(name[:40] for name in names[:8] if name)
    return f" Its first line has: {found}. Was the line with the columns' names deleted, sorted away or translated?"
