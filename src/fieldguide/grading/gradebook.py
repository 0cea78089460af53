"""What the gradebook holds of one module, and updating it from the instructor's notebook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, inspect, select, update

from fieldguide.grading import schema as t
from fieldguide.grading.course import CourseError
from fieldguide.grading.instructor import GradedItem, InstructorNotebook


@dataclass(frozen=True, slots=True)
class GradedCell:
    """A cell with points in the gradebook."""

    id: str
    maximum: float


@dataclass(frozen=True, slots=True)
class Book:
    """The gradebook's ids for one module."""

    assignment_id: str
    notebook_id: str
    duedate: datetime | None
    cells: dict[str, GradedCell]
    #: Cells that a scorer can comment on: cell name → id.
    comments: dict[str, str]


def find_book(connection: Connection, module: str, notebook: str | None = None) -> Book:
    """The rows of a module, locked against other graders where the database can do so.

    nbgrader's own steps name the ``notebook``; without one the module must be the only notebook of its assignment.
    Raises CourseError when it is not, or is not in the gradebook.
    """
    query = select(t.assignment.c.id, t.assignment.c.duedate).where(t.assignment.c.name == module).with_for_update()
    row = connection.execute(query).one_or_none()
    generate = (
        f"Run nbgrader generate_assignment {module} --force first (in Formgrader: Generate); it makes the students' "
        "notebook too."
    )
    if row is None:
        raise CourseError(f"The gradebook has no assignment {module}. {generate}")
    found_notebooks = connection.execute(
        select(t.notebook.c.id, t.notebook.c.name).where(t.notebook.c.assignment_id == row.id)
    )
    notebooks = {found.name: found.id for found in found_notebooks}
    if notebook is None and list(notebooks) != [module]:
        names = ", ".join(sorted(notebooks)) or "none"
        raise CourseError(
            f"In the gradebook the assignment {module} has these notebooks: {names}. fieldguide grade takes "
            f"assignments with the one notebook {module}; for others use nbgrader autograde."
        )
    notebook_id = notebooks[notebook or module]
    cells: dict[str, GradedCell] = {}
    comments: dict[str, str] = {}
    for table in (t.grade_cells, t.task_cells):
        found = connection.execute(
            select(t.base_cell.c.id, t.base_cell.c.name, table.c.max_score)
            .join(table, table.c.id == t.base_cell.c.id)
            .where(t.base_cell.c.notebook_id == notebook_id)
        )
        cells.update({cell.name: GradedCell(cell.id, cell.max_score) for cell in found})
    found_comments = connection.execute(
        select(t.base_cell.c.id, t.base_cell.c.name).where(
            t.base_cell.c.notebook_id == notebook_id, t.base_cell.c.type.in_(("SolutionCell", "TaskCell"))
        )
    )
    comments.update({cell.name: cell.id for cell in found_comments})
    return Book(row.id, notebook_id, row.duedate, cells, comments)


def known_students(connection: Connection) -> dict[str, None]:
    """The ids of all students in the gradebook, in order, as the keys of a dictionary."""
    return dict.fromkeys(connection.scalars(select(t.student.c.id).order_by(t.student.c.id)))


def removed_students(connection: Connection) -> set[str]:
    """The ids of students whom somebody has removed from the gradebook since a module was graded."""
    if not inspect(connection).has_table(t.had_student.name):
        return set()
    return set(connection.scalars(select(t.had_student.c.id).where(t.had_student.c.id.not_in(select(t.student.c.id)))))


def remember_students(connection: Connection) -> None:
    """Keep the ids of the gradebook's students, so that one who is removed later is not taken for a new one."""
    new = select(t.student.c.id).where(t.student.c.id.not_in(select(t.had_student.c.id)))
    connection.execute(insert(t.had_student).from_select(["id"], new))


def refuse_other_items(book: Book, notebook: InstructorNotebook) -> None:
    """Raise CourseError when an item was added or removed since the module was generated."""
    asked = {graded.item.id for graded in notebook.graded}
    added, removed = sorted(asked - set(book.cells)), sorted(set(book.cells) - asked)
    if not added and not removed:
        return
    problems = []
    if added:
        problems.append(f"source/ has graded questions that the gradebook does not have: {', '.join(added)}.")
    if removed:
        problems.append(f"The gradebook has graded questions that source/ does not have: {', '.join(removed)}.")
    raise CourseError(
        " ".join(problems)
        + " Once students have handed in, a question can be neither added nor removed: put back what "
        "was removed, and keep what is new for another module or another class. Before anybody has handed in, run "
        f"nbgrader generate_assignment {notebook.module} --force."
    )


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item whose text or points changed since the gradebook last saw it."""

    item: str
    points_before: float
    points: float

    def __str__(self) -> str:
        if self.points != self.points_before:
            return f"{self.item} ({self.points_before:g} → {self.points:g} points)"
        return self.item


def bring_up_to_date(connection: Connection, book: Book, notebook: InstructorNotebook) -> list[ItemChange]:
    """Update the text and points of changed items in the gradebook, as generate_assignment does."""
    sums = {name: cell["metadata"]["nbgrader"]["checksum"] for name, cell in notebook.source_cells.items()}
    query = select(t.source_cell.c.name, t.source_cell.c.checksum).where(
        t.source_cell.c.notebook_id == book.notebook_id
    )
    kept = {row.name: row.checksum for row in connection.execute(query)}
    changed = [name for name in sums if name in kept and kept[name] != sums[name]]
    if changed:
        connection.execute(
            update(t.source_cell)
            .where(t.source_cell.c.notebook_id == book.notebook_id, t.source_cell.c.name == bindparam("cell"))
            .values(source=bindparam("text"), checksum=bindparam("sum")),
            [{"cell": name, "text": notebook.source_cells[name]["source"], "sum": sums[name]} for name in changed],
        )
    changes = []
    for graded in notebook.graded:
        cell, points = book.cells[graded.item.id], graded.item.maximum
        if cell.maximum != points:
            for table in (t.grade_cells, t.task_cells):
                connection.execute(update(table).where(table.c.id == cell.id).values(max_score=points))
        if cell.maximum != points or _texts_of(graded) & set(changed):
            changes.append(ItemChange(graded.item.id, cell.maximum, points))
    return changes


def _texts_of(graded: GradedItem) -> set[str]:
    # An essay has two cells: its player and its task.
    return {graded.item.id, f"{graded.item.id}-player"}


def in_chunks(values: Iterable[Any], size: int) -> Iterable[list[Any]]:
    """Lists of at most ``size`` values, because databases accept only so many in one statement."""
    chunk: list[Any] = []
    for value in values:
        chunk.append(value)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
