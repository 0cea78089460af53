"""The data of a table: ``data/<name>.csv``, and beside it ``data/<name>.yaml``, which says what they are."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fieldguide.items.fields import FieldReader, Finder, Problem, ReadingError, read_fields
from fieldguide.plainfiles import NotTextError, read_own_text
from fieldguide.tables.cells import TableCell

#: The folder beside a notebook, or beside the modules, in which data lie.
FOLDER = "data"
ENDINGS = (".csv", ".yaml")
#: Characters: more is no small table, and every kernel of a class would hold it.
LIMIT = 500_000

_FIELDS = ("title", "source", "date", "columns", "means")
#: Columns of a grouped table.
RESERVED = ("rows", "mean")
# What pandas takes for an empty cell besides "": a value written so would silently be lost.
_LOOKS_EMPTY = {"NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "<NA>", "-nan", "-NaN", "#N/A", "#NA"}


@dataclass(frozen=True, slots=True)
class Description:
    """Where data come from and what their columns hold. ``means``: number columns whose mean says something."""

    title: str
    source: str
    date: str
    columns: dict[str, str]
    means: tuple[str, ...] = ()


def files_of(name: str) -> tuple[str, ...]:
    """The names of the files that hold the data called ``name``."""
    return tuple(name + ending for ending in ENDINGS)


def read_description(text: str, file: str) -> Description:
    """Read a description. Raises ReadingError."""
    finder = Finder(file)
    reader = FieldReader(read_fields(text, finder), finder, "this table's description")
    reader.refuse_unknown(_FIELDS)
    description = Description(
        title=reader.text("title", required=True) or "",
        source=reader.text("source", required=True) or "",
        date=reader.text("date", required=True) or "",
        columns=reader.mapping("columns", required=True),
        means=reader.texts("means"),
    )
    if description.date and not re.fullmatch(r"\d{4}-\d\d-\d\d", description.date):
        reader.wrong("date", f"'date' is '{description.date}'.", "Expected the day on which it was made: 2026-11-22.")
    for name in description.columns:
        if name in RESERVED:
            reader.wrong("columns", f"a column is called '{name}'.", "Expected another name: groups use it.", name)
    for name in description.means:
        if name not in description.columns:
            reader.wrong("means", f"there is no column '{name}'.", _one_of(description))
    finder.stop_if_any()
    return description


def check_table(cell: TableCell, file: str, folder: Path, shown_as: str) -> None:
    """Hold a cell of ``file`` against its data in ``folder``, which messages call ``shown_as``.

    Raises ReadingError with everything that is missing or does not agree.
    """
    texts = {}
    for name in files_of(cell.data):
        try:
            texts[name] = read_own_text(folder / name)
        except FileNotFoundError:
            what = f"there is no data '{cell.data}': {shown_as}/{name} is missing."
            raise ReadingError([Problem(file, cell.line, what, f"Expected one of: {_names(folder)}.")]) from None
        except NotTextError:
            raise ReadingError([Problem(f"{shown_as}/{name}", 1, "this is not UTF-8 text.", "Save it so.")]) from None
    rows_file, description_file = texts
    description = read_description(texts[description_file], f"{shown_as}/{description_file}")
    problems = [
        Problem(f"{shown_as}/{rows_file}", line, what, expected)
        for line, what, expected in _check_rows(texts[rows_file], description, description_file)
    ]
    if problems:
        raise ReadingError(problems)
    rows = list(csv.DictReader(io.StringIO(texts[rows_file])))
    shown = cell.columns or tuple(description.columns)
    for field, names, known in (
        ("columns", cell.columns, tuple(description.columns)),
        ("filters", cell.filters, shown),
        ("group", (cell.group,) if cell.group else (), shown),
    ):
        for name in names:
            if name not in known:
                what = f"this table: '{field}' names '{name}', which is none of its columns."
                problems.append(Problem(file, cell.line, what, f"Expected one of: {', '.join(known)}."))
            elif field != "columns" and not all(row[name] for row in rows):
                what = f"this table: '{field}' names '{name}', a column with empty cells."
                problems.append(Problem(file, cell.line, what, "Expected a column in which every row has a value."))
    if problems:
        raise ReadingError(problems)


def _check_rows(text: str, description: Description, described_in: str) -> Iterator[tuple[int, str, str]]:
    """What is wrong with the rows: line, what, and what was expected."""
    if len(text) > LIMIT:
        yield 1, f"this holds {len(text):,} characters.", f"Expected a small table, of at most {LIMIT:,}."
        return
    lines = csv.reader(io.StringIO(text), strict=True)
    try:
        header = next(lines, [])
        if header != list(description.columns):
            what = f"the columns ({', '.join(header)}) are not those that {described_in} describes."
            yield 1, what, _one_of(description, "these")
            return
        count = 0
        for row in lines:
            count += 1
            if len(row) != len(header):
                yield lines.line_num, f"this row has {len(row)} cells.", f"Expected {len(header)}, one for each column."
            for value in row:
                if value in _LOOKS_EMPTY:
                    yield lines.line_num, f"a cell holds '{value}', which pandas takes for nothing.", "Write a word."
                if value != value.strip():
                    yield lines.line_num, f"a cell holds '{value}'.", "Expected no space at its ends."
        if not count:
            yield 1, "this holds no rows.", "Expected at least one."
    except csv.Error as error:
        yield lines.line_num, f"this is not readable as CSV ({error}).", "Expected cells parted by commas."


def _one_of(description: Description, what: str = "one of") -> str:
    return f"Expected {what}: {', '.join(description.columns)}."


def _names(folder: Path) -> str:
    names = sorted(path.stem for path in folder.glob("*.csv") if path.with_suffix(".yaml").exists())
    return ", ".join(names) or "none, there is no data yet"
