"""A gradebook file that a course site made, changed in single cells: all else of it stays as it is, to the sign.

Encoding, byte order mark, separator, quotes, ends of lines and the order of rows and columns are part of what the site
expects back, so the file is not read into a table and written anew.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldguide.grading.course import CourseError
from fieldguide.grading.spreadsheets import WORKBOOKS, guarded_cell
from fieldguide.plainfiles import read_own

#: Far more than a course's gradebook needs, in bytes.
_LARGEST = 64 << 20
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs"}
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')


@dataclass(slots=True)
class Cell:
    """A cell as it stands in the file (``raw``), and the text that it holds."""

    raw: str
    text: str


@dataclass(slots=True)
class Line:
    """A row of the file with its number, counted from 1 as an editor counts, and the sign that ends it."""

    number: int
    cells: list[Cell]
    end: str

    @property
    def is_empty(self) -> bool:
        return not any(cell.text.strip() for cell in self.cells)


@dataclass(slots=True)
class Sheet:
    """A file of cells. ``lines`` holds all rows, the headings first."""

    path: Path
    encoding: str
    mark: bytes
    separator: str
    lines: list[Line]

    @property
    def headings(self) -> list[str]:
        """The texts of the first row, without the spaces around them."""
        return [cell.text.strip() for cell in self.lines[0].cells]

    def put(self, line: Line, column: int, text: str) -> None:
        """Write into one cell, in quotes where the cell had them or the text needs them."""
        cell = line.cells[column]
        if text != cell.text:
            quoted = cell.raw.startswith('"') or re.search(f'["\r\n{self.separator}]', text)
            cell.text = text
            cell.raw = '"' + text.replace('"', '""') + '"' if quoted else text

    def defuse(self) -> list[tuple[Line, int]]:
        """Guard every cell that a spreadsheet would take for a formula; returns those that were."""
        changed = []
        for line in self.lines:
            for column, cell in enumerate(line.cells):
                if (safe := guarded_cell(cell.text)) != cell.text:
                    self.put(line, column, safe)
                    changed.append((line, column))
        return changed

    def content(self) -> bytes:
        """The file's content, as it is to be written."""
        rows = (self.separator.join(cell.raw for cell in line.cells) + line.end for line in self.lines)
        return self.mark + "".join(rows).encode(self.encoding)


def read_sheet(path: Path, encodings: Sequence[str], separators: Sequence[str]) -> Sheet:
    """Read a file that a course site made, as ``sheet_of`` does. Raises CourseError where it cannot be read."""
    try:
        content = read_own(path, _LARGEST)
    except FileNotFoundError:
        raise CourseError(f"There is no file {path}.") from None
    except OSError as error:
        raise CourseError(f"{path} could not be read: {error.strerror}.") from error
    return sheet_of(path, content, encodings, separators)


def sheet_of(path: Path, content: bytes, encodings: Sequence[str], separators: Sequence[str]) -> Sheet:
    """The cells of a file that a course site made, from its content; ``path`` names it in messages.

    ``encodings`` are those that it writes, of ``utf-8`` and ``utf-16``; ``separators`` likewise. Raises CourseError,
    saying what was found, where the file is of another kind, or was cut short.
    """
    _refuse_no_text(path, content)
    text, encoding, mark = _decode(path, content, encodings)
    widths = {separator: _width(text, separator) for separator in _NAMES}
    separator = max(widths, key=lambda one: widths[one])
    if widths[separator] < 2 or separator not in separators:
        found = f"parts its cells with {_NAMES[separator]}" if widths[separator] > 1 else "has no columns"
        expected = " or ".join(_NAMES[one] for one in separators)
        raise CourseError(f"{path} {found}, and {expected} between the cells were expected. {_AGAIN}")
    lines = list(lines_of(path, text, separator))
    for line in lines[1:]:
        if len(line.cells) != len(lines[0].cells) and not line.is_empty:
            raise CourseError(
                f"{path}, line {line.number}: there are {len(line.cells)} cells, and {len(lines[0].cells)} headings. "
                f"The file was cut short or changed by hand. {_AGAIN}"
            )
    return Sheet(path, encoding, mark, separator, lines)


_AGAIN = "Download it again, and do not open it in a spreadsheet before you give it here."


def _refuse_no_text(path: Path, content: bytes) -> None:
    if content.startswith(WORKBOOKS):
        raise CourseError(
            f"{path} is a spreadsheet's own workbook (as .xlsx is), whatever its name. Give the file as it came from "
            "the course site."
        )
    if not content.strip():
        raise CourseError(f"{path} is empty.")


def _decode(path: Path, content: bytes, encodings: Sequence[str]) -> tuple[str, str, bytes]:
    """The text of a file, its encoding, and its byte order mark. Nothing in it is replaced by another sign."""
    for mark, encoding in _UTF_16.items():
        if content.startswith(mark):
            if "utf-16" not in encodings:
                raise CourseError(f"{path} is in UTF-16, as a spreadsheet saves 'Unicode text'. {_AGAIN}")
            try:
                return content[2:].decode(encoding), encoding, mark
            except UnicodeDecodeError as error:
                raise CourseError(f"{path} was cut short in the middle of a sign. {_AGAIN}") from error
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    try:
        text = content[len(mark) :].decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CourseError(
            f"{path}, line {line}: there are signs that are not UTF-8. A spreadsheet saved it in an older encoding, in "
            f"which names get lost. {_AGAIN}"
        ) from error
    if "\0" in text:
        raise CourseError(f"{path} is no text: it has signs in it that no text has. {_AGAIN}")
    return text, "utf-8", mark


def _width(text: str, separator: str) -> int:
    """How many cells the first row has with this separator; 0 where its quotes do not fit."""
    try:
        return len(next(lines_of(Path(), text, separator)).cells)
    except CourseError:
        return 0


def lines_of(path: Path, text: str, separator: str) -> Iterator[Line]:
    """The rows of a file's text. Raises CourseError where the quotes of a cell do not fit."""
    plain = re.compile(f'(?:[^"{separator}\r\n][^{separator}\r\n]*)?')
    end = re.compile(f"{separator}|\r\n|\n|\r|\\Z")
    place, number = 0, 1
    cells: list[Cell] = []
    while place < len(text):
        found = _QUOTED.match(text, place) or plain.match(text, place)
        assert found is not None  # a plain cell may be empty
        ended = end.match(text, found.end())
        if ended is None:
            raise CourseError(
                f"{path}, line {number}: the quotes of a cell do not fit. The file was cut short or changed by hand. "
                f"{_AGAIN}"
            )
        cells.append(Cell(found[0], found[1].replace('""', '"') if found.lastindex else found[0]))
        place = ended.end()
        if ended[0] != separator:
            yield Line(number, cells, ended[0])
            number += 1 + sum(len(cell.raw.splitlines()) - 1 for cell in cells if cell.raw)
            cells = []
    if cells:  # the file ends behind a separator
        yield Line(number, [*cells, Cell("", "")], "")
