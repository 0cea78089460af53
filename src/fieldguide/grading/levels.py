"""Rubric levels: the points that a person gave an essay, by criterion. Their sum is nbgrader's manual score."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, inspect, select, update

from fieldguide.grading import schema as t
from fieldguide.grading.gradebook import Book, in_chunks

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class RubricScore:
    """The points that a person gave one student's essay, by criterion."""

    student: str
    item: str
    levels: dict[str, float]

    @property
    def points(self) -> float:
        """Their sum."""
        return sum(self.levels.values())


@dataclass(frozen=True, slots=True)
class EssayGrade:
    """A student's essay in the gradebook, and the score that it has so far.

    ``automatic`` is None where a person has to score it. ``notebook_id`` is the row of the submitted notebook.
    """

    grade_id: str
    student: str
    item: str
    points: float | None
    waits: bool
    automatic: float | None
    notebook_id: str


def read_levels(connection: Connection, grade_ids: list[str]) -> dict[str, dict[str, float]]:
    """The levels in the gradebook: grade id → criterion → points."""
    found: dict[str, dict[str, float]] = {}
    if not grade_ids or not inspect(connection).has_table(t.level.name):
        return found
    for chunk in in_chunks(grade_ids, _CHUNK):
        for row in connection.execute(select(t.level).where(t.level.c.grade_id.in_(chunk))):
            found.setdefault(row.grade_id, {})[row.criterion] = row.points
    return found


def read_essay_grades(connection: Connection, book: Book, items: list[str]) -> dict[tuple[str, str], EssayGrade]:
    """Every graded essay of a class, by student and item."""
    names = {book.cells[item].id: item for item in items}
    query = (
        select(t.grade, t.submitted_assignment.c.student_id)
        .join(t.submitted_notebook, t.submitted_notebook.c.id == t.grade.c.notebook_id)
        .join(t.submitted_assignment, t.submitted_assignment.c.id == t.submitted_notebook.c.assignment_id)
        .where(t.grade.c.cell_id.in_(names))
        .order_by(t.submitted_assignment.c.student_id)
    )
    return {
        (row.student_id, names[row.cell_id]): EssayGrade(
            row.id,
            row.student_id,
            names[row.cell_id],
            row.manual_score,
            row.needs_manual_grade,
            row.auto_score,
            row.notebook_id,
        )
        for row in connection.execute(query)
    }


def save_levels(connection: Connection, essay: EssayGrade, given: RubricScore) -> None:
    """Save the levels of an essay, and their sum as its manual score."""
    connection.execute(delete(t.level).where(t.level.c.grade_id == essay.grade_id))
    rows = [{"grade_id": essay.grade_id, "criterion": name, "points": points} for name, points in given.levels.items()]
    connection.execute(insert(t.level), rows)
    connection.execute(
        update(t.grade)
        .where(t.grade.c.id == essay.grade_id)
        .values(manual_score=given.points, needs_manual_grade=False)
    )
