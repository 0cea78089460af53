"""The instructor's notebook of a module, read once for a whole class: its questions, and what students received.

Cells are plain dictionaries, as in a notebook file (nbformat's nodes are dictionaries too), so that the class grader
does not need nbformat, which takes a second to import.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fieldguide.cells.kind import Asked, Kind
from fieldguide.cells.kinds import HEAD, ITEM, KINDS
from fieldguide.items import Item, Problem, ReadingError
from fieldguide.items.fields import FieldReader, Finder, read_fields
from fieldguide.plainfiles import read_own
from fieldguide.words import ENGLISH

Cell = dict[str, Any]
_KINDS = {kind.magic: kind for kind in KINDS}
_ANY_MAGIC = re.compile(rf"^\s*({'|'.join(_KINDS)})\b", re.MULTILINE)
#: The tag of Markdown cells that the graded notebook repeats for the scorer.
KEPT_TAG = "graded"
_LARGEST = 64 << 20


@dataclass(frozen=True, slots=True)
class GradedItem:
    """A graded item, its number, and the cell that carries its points in the gradebook."""

    item: Item
    number: int
    source: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A cell whose response nobody scores. ``number`` is that of the graded essay that belongs to it, if there is
    one."""

    kind: Kind[Any]
    asked: Any
    source: str
    cell: Cell
    number: int | None = None

    @property
    def id(self) -> str:
        """The id under which its response is recorded."""
        assert self.kind.record_ids is not None
        return self.kind.record_ids(self.asked)[0]


#: A part of the graded notebook: something that a student responded to, or a Markdown cell between two of them.
Part = GradedItem | ShownPart | Cell


@dataclass(frozen=True, slots=True)
class InstructorNotebook:
    """What grading needs of the instructor's notebook.

    ``layout`` is the graded notebook in order. ``known_ids`` are the ids that a record may contain; those of the
    student's own policy are among them, although nobody else reads it. ``handed_out`` is the text of each cell in
    today's student's edition, by cell id, and ``released`` the same of each that was released. ``unchanged`` holds the
    digests of submitted notebooks that were found to be equal: opening one does not change it, so a class submits the
    same file many times. ``checks`` are the check items of each half of a class, equal where a check has one form.
    ``items`` are all questions of the notebook in order, whatever they are for, and ``objectives`` those of the module.
    """

    module: str
    metadata: dict[str, Any]
    layout: list[Part]
    graded: list[GradedItem]
    known_ids: frozenset[str]
    handed_out: dict[str, str]
    source_cells: dict[str, Cell] = field(default_factory=dict)
    checks: tuple[tuple[Item, ...], tuple[Item, ...]] = ((), ())
    items: tuple[Item, ...] = ()
    released: tuple[dict[str, str], ...] = ()
    unchanged: set[bytes] = field(default_factory=set)
    objectives: tuple[str, ...] = ()

    @property
    def withdrawn(self) -> frozenset[str]:
        """The ids of the graded items of which everybody gets the points."""
        return frozenset(one.item.id for one in self.graded if one.item.withdrawn is not None)

    @property
    def practice(self) -> tuple[Item, ...]:
        """The practice items in order."""
        return tuple(item for item in self.items if item.use == "practice")

    @property
    def language(self) -> str:
        """The language of the notebook, and of everything said about its responses."""
        return language_of(self.metadata)

    def asked(self, kind: Kind[Asked]) -> list[Asked]:
        """What the cells of a kind ask, where nobody scores the responses, in the order of the graded notebook."""
        return [part.asked for part in self.layout if isinstance(part, ShownPart) and part.kind is kind]


def is_ours(metadata: dict[str, Any]) -> bool:
    """Whether an instructor's notebook is a Field Guide module, by its metadata."""
    return isinstance(metadata.get("fieldguide"), dict)


def language_of(metadata: dict[str, Any]) -> str:
    """The language of a notebook of ours, by its metadata."""
    named = metadata["fieldguide"].get("lang")
    return named if isinstance(named, str) else ENGLISH


def asked_in(cell: Cell) -> Any:
    """What an instructor's cell asks of a student, private parts included; None where it asks nothing.

    Raises ReadingError where it cannot be read.
    """
    kind, text = _split(cell)
    return kind.read(text, _name(cell), 2) if kind and kind.record_ids else None


def _split(cell: Cell) -> tuple[Kind[Any] | None, str]:
    """The kind of a cell, if it is one of ours, and the text below its magic.

    Raises ReadingError where one of our magics is not in the first line, so that its private text would be shown.
    """
    source: str = cell["source"]
    first, line_break, rest = source.lstrip().partition("\n")
    kind = _KINDS.get(first.rstrip()) if line_break and cell["cell_type"] == "code" else None
    if kind:
        return kind, rest
    found = _ANY_MAGIC.search(source)
    if found:
        line = source.count("\n", 0, found.start(1)) + 1
        expected = "Expected it in a code cell, alone in the first line."
        raise ReadingError([Problem(_name(cell), line, f"'{found[1]}' is out of place.", expected)])
    return None, source


def _name(cell: Cell) -> str:
    return f"the instructor's notebook, cell '{cell.get('id')}'"


def read_instructor_notebook(path: Path) -> InstructorNotebook | None:
    """Read a notebook of source/; None where it is not a Field Guide module.

    Raises OSError where it cannot be read, and ValueError (ReadingError included) where it is damaged.
    """
    notebook = json.loads(read_own(path, _LARGEST))
    if not is_ours(notebook["metadata"]):
        return None
    for cell in notebook["cells"]:
        if not isinstance(cell["source"], str):
            cell["source"] = "".join(cell["source"])
    found = arrange(path.stem, notebook["metadata"], notebook["cells"])
    for cell in found.source_cells.values():  # as nbgrader's own steps write it into the graded notebook
        cell["metadata"]["nbgrader"]["checksum"] = checksum(cell)
    return found


def arrange(module: str, metadata: dict[str, Any], cells: list[Cell]) -> InstructorNotebook:
    """Sort the cells of an instructor's notebook into what grading needs."""
    layout: list[Part] = []
    graded: list[GradedItem] = []
    known_ids: set[str] = set()
    handed_out: dict[str, str] = {}
    source_cells: dict[str, Cell] = {}
    items: list[Item] = []
    checks: dict[str, Item] = {}
    objectives: tuple[str, ...] = ()
    halves: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    tasks = {grade_id_of(cell): cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("task")}
    for cell in cells:
        kind, text = _split(cell)
        asked = asked_in(cell)
        if kind is HEAD:
            head = _head(cell, text)
            halves, objectives = _halves(head), head.texts("objectives")
        tags = cell["metadata"].get("tags", ())
        if "instructor" not in tags:
            handed_out[cell["id"]] = student_text(cell)
        if (grade_id := grade_id_of(cell)) is not None:
            source_cells[grade_id] = cell
        if kind and kind.record_ids:
            known_ids.update(kind.record_ids(asked))
        if kind is ITEM:
            items.append(asked)
        if kind is ITEM and asked.use == "graded":
            carrier = tasks[asked.id] if asked.BY_PERSON else cell
            graded.append(GradedItem(asked, len(graded) + 1, cell["source"], carrier))
            layout.append(graded[-1])
        elif kind is ITEM and asked.use == "check":
            checks[asked.id] = asked
        elif kind and kind.rendering:
            layout.append(ShownPart(kind, asked, cell["source"], cell))
        elif asked is None and KEPT_TAG in tags:
            layout.append(cell)
    even, odd = (tuple(checks[name] for name in names if name in checks) for names in halves)
    return InstructorNotebook(
        module,
        metadata,
        _in_order(layout),
        graded,
        frozenset(known_ids),
        handed_out,
        source_cells,
        (even, odd),
        tuple(items),
        objectives=objectives,
    )


def _head(cell: Cell, text: str) -> FieldReader:
    finder = Finder(_name(cell))
    return FieldReader(read_fields(text, finder, 2), finder, "this module's head")


def _halves(reader: FieldReader) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ids of the check items for each half of a class, from the head of a notebook."""
    even = reader.texts("check")
    return even, reader.texts("odd") or even


def _in_order(layout: list[Part]) -> list[Part]:
    """The layout with a case, its worksheets and the graded essay with its reason next to one another."""
    essays = {part.item.id: part for part in layout if isinstance(part, GradedItem) and part.item.BY_PERSON}
    before: dict[str, list[Part]] = {essay: [] for essay in essays}
    below: dict[str, list[Part]] = {part.id: [] for part in layout if isinstance(part, ShownPart)}
    rest: list[Part] = []
    for part in layout:
        other = part.kind.beside(part.asked) if isinstance(part, ShownPart) else None
        if isinstance(part, ShownPart) and other in essays:
            before[other].append(replace(part, number=essays[other].number))
        elif other in below:
            below[other].append(part)
        else:
            rest.append(part)

    def together(part: Part) -> Iterator[Part]:
        for other in before.get(part.item.id, ()) if isinstance(part, GradedItem) else ():
            yield from together(other)
        yield part
        for other in below[part.id] if isinstance(part, ShownPart) else ():
            yield from together(other)

    return [one for part in rest for one in together(part)]


def student_text(cell: Cell) -> str:
    """The text of an instructor's cell in the student's edition.

    Raises ReadingError where it cannot be read, and where its private part cannot be removed.
    """
    kind, text = _split(cell)
    return f"{kind.magic}\n{kind.edition_text(text, _name(cell), 2)}".rstrip("\n") if kind else text


def grade_id_of(cell: Cell) -> str | None:
    """nbgrader's id of a cell, if it has one."""
    grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
    return grade_id if isinstance(grade_id, str) else None


def checksum(cell: Cell) -> str:
    """nbgrader's checksum of a cell, by which its own steps recognize a changed cell."""
    about = cell["metadata"]["nbgrader"]
    grade, solution = bool(about.get("grade")), bool(about.get("solution"))
    locked = not solution and (grade or bool(about.get("locked")))
    parts = [cell["source"], cell["cell_type"], str(grade), str(solution), str(locked), about["grade_id"]]
    if grade:
        parts.append(str(float(about["points"])))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()
