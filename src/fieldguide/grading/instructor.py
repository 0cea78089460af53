"""The instructor's notebook of a module, read once for a whole class: what is asked, and what a student was given.

Cells are plain dictionaries as a notebook file holds them (nbformat's nodes are such dictionaries too), so
that the class grader needs no nbformat, which takes a second to import.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fieldguide.cases.model import Case
from fieldguide.cases.reading import public_case_text, read_case
from fieldguide.cases.worksheet import Worksheet, public_worksheet_text, read_worksheet
from fieldguide.items import Essay, Item, Problem, ReadingError, public_text, read_item
from fieldguide.items.fields import FieldReader, Finder, Text, read_fields
from fieldguide.items.passing import Passing, pass_whole
from fieldguide.plainfiles import read_own
from fieldguide.policy.reading import Policy, public_policy_text, read_policy

Cell = dict[str, Any]
#: What a cell can ask of a student.
Asked = Item | Case | Worksheet | Policy

ITEM_MAGIC = "%%item\n"
CASE_MAGIC = "%%case\n"
HEAD_MAGIC = "%%module\n"
#: What the text of a cell begins with that asks something, and how the rest of it is read.
_READERS: dict[str, Callable[[str, str, int], Asked]] = {
    ITEM_MAGIC: read_item,
    CASE_MAGIC: read_case,
    "%%worksheet\n": read_worksheet,
    "%%policy\n": read_policy,
}
#: What a student's edition holds of the head of a notebook.
HEAD_FIELDS: Passing = dict.fromkeys(
    ("id", "edition", "title", "minutes", "objectives", "practice", "graded", "check", "odd")
)


def _student_head(text: str, file: str, first_line: int) -> str:
    edition = read_fields(text, Finder(file), first_line).values.get("edition")
    if isinstance(edition, Text):
        line_break = "\n" if text[: edition.end].endswith("\n") else ""
        text = f"{text[: edition.start]}student{line_break}{text[edition.end :]}"
    return pass_whole(text, HEAD_FIELDS, file, first_line)


#: How the student's edition of a cell is made, by the same beginning.
_STUDENT_TEXTS: dict[str, Callable[[str, str, int], str]] = {
    HEAD_MAGIC: _student_head,
    ITEM_MAGIC: public_text,
    CASE_MAGIC: public_case_text,
    "%%worksheet\n": public_worksheet_text,
    "%%policy\n": public_policy_text,
}
_ANY_MAGIC = re.compile(rf"^\s*({'|'.join(magic.strip() for magic in _STUDENT_TEXTS)})\b", re.MULTILINE)
#: The tag of Markdown cells that a scorer wants to see again.
KEPT_TAG = "graded"
_LARGEST = 64 << 20


@dataclass(frozen=True, slots=True)
class GradedItem:
    """A graded item, its number among them, and the cell that carries its points in the gradebook."""

    item: Item
    number: int
    source: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class CasePart:
    """A case that students go through. ``number`` is that of the graded essay with the reason, where there is one."""

    case: Case
    source: str
    cell: Cell
    number: int | None = None


@dataclass(frozen=True, slots=True)
class WorksheetPart:
    """A worksheet that students fill in."""

    worksheet: Worksheet
    cell: Cell


#: A part of the graded notebook: what a student answered, or a Markdown cell to be read between.
Part = GradedItem | CasePart | WorksheetPart | Cell


@dataclass(frozen=True, slots=True)
class InstructorNotebook:
    """What grading needs of the instructor's notebook.

    ``layout`` is the graded notebook in its order. ``known_ids`` are those that a record may speak of; what a student
    writes for their own policy is among them, and nobody else reads it. ``handed_out`` is the text of each cell as a
    student gets it today, by cell id, and ``released`` as release/ has it. ``unchanged`` are the digests of notebooks
    that were found to be just so: opening one changes nothing in it, so a class hands in the same file many times.
    ``checks`` are the check items as each half of a class meets them, alike where a check has one form.
    """

    module: str
    metadata: dict[str, Any]
    layout: list[Part]
    graded: list[GradedItem]
    known_ids: frozenset[str]
    handed_out: dict[str, str]
    source_cells: dict[str, Cell] = field(default_factory=dict)
    checks: tuple[tuple[Item, ...], tuple[Item, ...]] = ((), ())
    released: dict[str, str] = field(default_factory=dict)
    unchanged: set[bytes] = field(default_factory=set)

    def cases(self) -> list[CasePart]:
        """The cases in the order of the graded notebook."""
        return [part for part in self.layout if isinstance(part, CasePart)]


def is_ours(metadata: dict[str, Any]) -> bool:
    """Whether a notebook of the instructor's, by its metadata, is a Field Guide module."""
    return isinstance(metadata.get("fieldguide"), dict)


def asked_in(cell: Cell) -> Asked | None:
    """What an instructor's cell asks of a student, private parts included; None where it asks nothing.

    Raises ReadingError where it cannot be read.
    """
    magic, text = _split(cell)
    read = _READERS.get(magic)
    return read(text, _name(cell), 2) if read else None


def _split(cell: Cell) -> tuple[str, str]:
    """The magic of a cell, if it is one of ours, and the text below it.

    Raises ReadingError where a magic of ours stands so that the text below it would be shown as it is.
    """
    source: str = cell["source"]
    first, line_break, rest = source.lstrip().partition("\n")
    magic = first.rstrip() + line_break
    if cell["cell_type"] == "code" and magic in _STUDENT_TEXTS:
        return magic, rest
    found = _ANY_MAGIC.search(source)
    if found:
        line = source.count("\n", 0, found.start(1)) + 1
        expected = "Expected it in a code cell, alone in the first line."
        raise ReadingError([Problem(_name(cell), line, f"'{found[1]}' is out of place.", expected)])
    return "", source


def _name(cell: Cell) -> str:
    return f"the instructor's notebook, cell '{cell.get('id')}'"


def read_instructor_notebook(path: Path) -> InstructorNotebook | None:
    """Read a notebook of source/; None where it is no module of Field Guide's.

    Raises OSError where it cannot be read, and ValueError (ReadingError included) where it is damaged.
    """
    notebook = json.loads(read_own(path, _LARGEST))
    if not is_ours(notebook["metadata"]):
        return None
    for cell in notebook["cells"]:
        if not isinstance(cell["source"], str):
            cell["source"] = "".join(cell["source"])
    found = arrange(path.stem, notebook["metadata"], notebook["cells"])
    for cell in found.source_cells.values():  # as nbgrader's own steps leave it in the graded notebook
        cell["metadata"]["nbgrader"]["checksum"] = checksum(cell)
    return found


def arrange(module: str, metadata: dict[str, Any], cells: list[Cell]) -> InstructorNotebook:
    """Sort the cells of an instructor's notebook into what grading needs."""
    layout: list[Part] = []
    graded: list[GradedItem] = []
    known_ids: set[str] = set()
    handed_out: dict[str, str] = {}
    source_cells: dict[str, Cell] = {}
    checks: dict[str, Item] = {}
    halves: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    tasks = {grade_id_of(cell): cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("task")}
    for cell in cells:
        asked = asked_in(cell)
        if _split(cell)[0] == HEAD_MAGIC:
            halves = _halves(cell)
        tags = cell["metadata"].get("tags", ())
        if "instructor" not in tags:
            handed_out[cell["id"]] = student_text(cell)
        if (grade_id := grade_id_of(cell)) is not None:
            source_cells[grade_id] = cell
        known_ids |= _ids_on_record(asked)
        if isinstance(asked, Item) and asked.use == "graded":
            carrier = tasks[asked.id] if isinstance(asked, Essay) else cell
            graded.append(GradedItem(asked, len(graded) + 1, cell["source"], carrier))
            layout.append(graded[-1])
        elif isinstance(asked, Item) and asked.use == "check":
            checks[asked.id] = asked
        elif isinstance(asked, Case):
            layout.append(CasePart(asked, cell["source"], cell))
        elif isinstance(asked, Worksheet):
            layout.append(WorksheetPart(asked, cell))
        elif asked is None and KEPT_TAG in tags:
            layout.append(cell)
    even, odd = (tuple(checks[name] for name in names if name in checks) for names in halves)
    return InstructorNotebook(
        module, metadata, _in_order(layout), graded, frozenset(known_ids), handed_out, source_cells, (even, odd)
    )


def _halves(head: Cell) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ids of the check items that each half of a class is asked, by the head of a notebook."""
    finder = Finder(_name(head))
    reader = FieldReader(read_fields(_split(head)[1], finder, 2), finder, "this module's head")
    even = reader.texts("check")
    return even, reader.texts("odd") or even


def _ids_on_record(asked: Asked | None) -> set[str]:
    """The ids under which answers to a cell go on record."""
    if asked is None:
        return set()
    parts: list[str] = []
    if isinstance(asked, Worksheet):
        parts = [step.name for step in asked.steps]
    elif isinstance(asked, Policy):
        parts = list(asked.headings)
    return {asked.id, *(f"{asked.id}.{part}" for part in parts)}


def _in_order(layout: list[Part]) -> list[Part]:
    """The layout with together what belongs together: case, its worksheets, and the graded essay with the reason."""
    essays = {part.item.id: part for part in layout if isinstance(part, GradedItem) and isinstance(part.item, Essay)}
    below: dict[str, list[Part]] = {part.case.id: [] for part in layout if isinstance(part, CasePart)}
    before: dict[str, list[Part]] = {essay: [] for essay in essays}
    rest: list[Part] = []
    for part in layout:
        essay = essays.get(part.case.decision.essay or "") if isinstance(part, CasePart) else None
        if isinstance(part, WorksheetPart) and part.worksheet.case in below:
            below[part.worksheet.case].append(part)
        elif isinstance(part, CasePart) and essay:
            before[essay.item.id].append(replace(part, number=essay.number))
        else:
            rest.append(part)
    arranged: list[Part] = []
    for part in rest:
        for one in (*(before.get(part.item.id, ()) if isinstance(part, GradedItem) else ()), part):
            arranged += [one, *(below[one.case.id] if isinstance(one, CasePart) else ())]
    return arranged


def student_text(cell: Cell) -> str:
    """The text of an instructor's cell as the student's edition has it.

    Raises ReadingError where it cannot be read, and where what is private cannot be taken out.
    """
    magic, text = _split(cell)
    return magic + _STUDENT_TEXTS[magic](text, _name(cell), 2).rstrip("\n") if magic else text


def grade_id_of(cell: Cell) -> str | None:
    """nbgrader's id of a cell, if it has one."""
    grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
    return grade_id if isinstance(grade_id, str) else None


def checksum(cell: Cell) -> str:
    """nbgrader's checksum of a cell, by which its own steps tell whether a cell is what was saved."""
    about = cell["metadata"]["nbgrader"]
    grade, solution = bool(about.get("grade")), bool(about.get("solution"))
    locked = not solution and (grade or bool(about.get("locked")))
    parts = [cell["source"], cell["cell_type"], str(grade), str(solution), str(locked), about["grade_id"]]
    if grade:
        parts.append(str(float(about["points"])))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()
