"""The instructor's notebook of a module, read once for a whole class: what is asked, and what a student was given.

Cells are plain dictionaries as a notebook file holds them (nbformat's nodes are such dictionaries too), so
that the class grader needs no nbformat, which takes a second to import.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fieldguide.items import Essay, Item, public_text, read_item

Cell = dict[str, Any]

ITEM_MAGIC = "%%item\n"
HEAD_MAGIC = "%%module\n"
#: Tags of Markdown cells that a scorer and a student reading feedback want to see again.
KEPT_TAGS = ("case", "graded")


@dataclass(frozen=True, slots=True)
class GradedItem:
    """A graded item, its number among them, and the cell that carries its points in the gradebook."""

    item: Item
    number: int
    source: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class InstructorNotebook:
    """What grading needs of the instructor's notebook.

    ``layout`` is the graded notebook in its order: graded items, and Markdown cells to be read between them.
    ``handed_out`` is the text of each cell as a student got it, by cell id.
    """

    module: str
    metadata: dict[str, Any]
    layout: list[GradedItem | Cell]
    graded: list[GradedItem]
    item_ids: frozenset[str]
    handed_out: dict[str, str]
    source_cells: dict[str, Cell] = field(default_factory=dict)


def is_ours(metadata: dict[str, Any]) -> bool:
    """Whether a notebook of the instructor's, by its metadata, is a Field Guide module."""
    return isinstance(metadata.get("fieldguide"), dict)


def item_of(cell: Cell) -> Item | None:
    """The item of an instructor's cell, with its key; None where the cell is no item."""
    source = cell["source"]
    if cell["cell_type"] != "code" or not source.startswith(ITEM_MAGIC):
        return None
    return read_item(source.removeprefix(ITEM_MAGIC), "the instructor's notebook")


def read_instructor_notebook(path: Path) -> InstructorNotebook | None:
    """Read a notebook of source/; None where it is no module of Field Guide's.

    Raises OSError where it cannot be read, and ValueError (ReadingError included) where it is damaged.
    """
    notebook = json.loads(path.read_text(encoding="utf-8"))
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
    layout: list[GradedItem | Cell] = []
    graded: list[GradedItem] = []
    item_ids: set[str] = set()
    handed_out: dict[str, str] = {}
    source_cells: dict[str, Cell] = {}
    tasks = {grade_id_of(cell): cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("task")}
    for cell in cells:
        item = item_of(cell)
        tags = cell["metadata"].get("tags", ())
        if "instructor" not in tags:
            handed_out[cell["id"]] = student_text(cell, item)
        if (grade_id := grade_id_of(cell)) is not None:
            source_cells[grade_id] = cell
        if item is not None:
            item_ids.add(item.id)
            if item.use == "graded":
                carrier = tasks[item.id] if isinstance(item, Essay) else cell
                graded.append(GradedItem(item, len(graded) + 1, cell["source"], carrier))
                layout.append(graded[-1])
        elif set(tags) & set(KEPT_TAGS):
            layout.append(cell)
    return InstructorNotebook(module, metadata, layout, graded, frozenset(item_ids), handed_out, source_cells)


def student_text(cell: Cell, item: Item | None) -> str:
    """The text of an instructor's cell as the student's edition has it."""
    source: str = cell["source"]
    if cell["cell_type"] == "code" and source.startswith(HEAD_MAGIC):
        return source.replace("\nedition: instructor\n", "\nedition: student\n", 1)
    if item is None or item.use == "practice":
        return source
    return ITEM_MAGIC + public_text(source.removeprefix(ITEM_MAGIC)).rstrip("\n")


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
