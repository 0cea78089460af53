"""A check in two forms: each item has a parallel one, and half of the students meet the parallel one first.

The blueprint pairs the items. Form A is written in one module and form B in a later one; building adds to each item its
parallel one, and the player shows each student one of the two.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path

from fieldguide.authoring.module import Cell, Module
from fieldguide.cells.kinds import ITEM
from fieldguide.items import Problem, ReadingError
from fieldguide.plainfiles import read_own_text
from fieldguide.tables.data import FOLDER

BLUEPRINT = Path("modules", FOLDER, "blueprint.csv")
_COLUMNS = ("statements", "standards", "type", "form_a", "form_b")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the blueprint: the ids of two parallel items, and what they have in common."""

    line: int
    form_a: str
    form_b: str
    statements: tuple[str, ...]
    standards: tuple[str, ...]
    type: str


def read_blueprint(project: Path) -> tuple[Row, ...]:
    """The rows of the blueprint; none where a course has no such file. Raises ReadingError for a missing column."""
    try:
        text = read_own_text(project / BLUEPRINT)
    except FileNotFoundError:
        return ()
    reader = csv.DictReader(text.splitlines())
    missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        what, expected = f"there is no column '{missing[0]}'.", f"Expected the columns {', '.join(_COLUMNS)}."
        raise ReadingError([Problem(BLUEPRINT.as_posix(), 1, what, expected)])
    return tuple(
        Row(
            reader.line_num,
            (row["form_a"] or "").strip(),
            (row["form_b"] or "").strip(),
            _parts(row["statements"]),
            _parts(row["standards"]),
            (row["type"] or "").strip(),
        )
        for row in reader
    )


def _parts(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(";") if part.strip())


def with_both_forms(modules: list[Module], rows: tuple[Row, ...]) -> list[Module]:
    """The modules, in order, with the parallel item added to each check item of the blueprint.

    Raises ReadingError for a row that does not name a check item of one module and one of a later module.
    """
    places = {
        cell.id: (at, cell)
        for at, module in enumerate(modules)
        for cell in module.cells
        if cell.id is not None and cell.kind is ITEM and cell.asked.use == "check"
    }
    parallel: dict[str, Cell] = {}
    problems = []
    for row in rows:
        at_a, a = places.get(row.form_a, (0, None))
        at_b, b = places.get(row.form_b, (0, None))
        if a is None or b is None or at_a >= at_b or {row.form_a, row.form_b} & parallel.keys():
            what = f"the row pairs '{row.form_a}' with '{row.form_b}'."
            expected = "Expected a check item of one module and one of a later module, each in one row."
            problems.append(Problem(BLUEPRINT.as_posix(), row.line, what, expected))
        else:
            parallel |= {row.form_a: b, row.form_b: a}
    if problems:
        raise ReadingError(problems)
    return [replace(module, cells=tuple(_beside(module.cells, parallel))) for module in modules]


def _beside(cells: tuple[Cell, ...], parallel: dict[str, Cell]) -> list[Cell]:
    done = []
    for cell in cells:
        done.append(cell)
        other = parallel.get(cell.id or "")
        if other is not None:
            done.append(replace(other, line=cell.line, tags=cell.tags, echoed=True, parallel_to=cell.id))
    return done
