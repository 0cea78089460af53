"""Points that a person gave where a question has its own, and that wait for a person again.

As where a request was answered with another score, and the student handed in again, or the question was changed, since;
or where an essay that was scored is handed in again without a text.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from fieldguide.grading import schema as t
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.gradebook import find_book
from fieldguide.grading.schema import OURS, for_writing, gradebook_at
from fieldguide.grading.score_log import keep_decided, write_log


@dataclass(frozen=True, slots=True)
class Overruled:
    """A student's question: the points that a person ``given`` it, and its ``own`` as it is graded now."""

    grade_id: str
    student: str
    item: str
    given: float
    own: float


def overruled_of(course: Course, module: str) -> list[Overruled]:
    """Those of a module that wait, in order of its questions' ids and of students.

    Raises CourseError where the gradebook cannot be read.
    """
    with gradebook_at(course.db_url) as engine, engine.connect() as connection:
        if not connection.scalar(select(t.assignment.c.id).where(t.assignment.c.name == module)):
            return []
        return _read(connection, module)


def decide(course: Course, module: str, one: Overruled, *, keep: bool, by: str | None = None) -> str | None:
    """Let the points that a person gave stand, or the question's own count; the log says ``by`` whom.

    Returns why the log could not be written; None where it was, or nothing changed. Raises CourseError, and changes
    nothing, where it is not as it was any more.
    """
    with gradebook_at(course.db_url) as engine:
        with for_writing(engine).begin() as connection:
            if one not in _read(connection, module):
                raise CourseError(f"{one.item} of {one.student} is not as it was any more. Nothing was changed.")
            values = {"needs_manual_grade": False} if keep else {"needs_manual_grade": False, "manual_score": None}
            connection.execute(update(t.grade).where(t.grade.c.id == one.grade_id).values(values))
            if not keep:
                OURS.create_all(connection)
                keep_decided(connection, module, one, by)
        return write_log(engine, course.root) if not keep else None


def _read(connection: Connection, module: str) -> list[Overruled]:
    book = find_book(connection, module)
    names = {cell.id: name for name, cell in book.cells.items()}
    query = (
        select(t.grade, t.submitted_assignment.c.student_id)
        .join(t.submitted_notebook, t.submitted_notebook.c.id == t.grade.c.notebook_id)
        .join(t.submitted_assignment, t.submitted_assignment.c.id == t.submitted_notebook.c.assignment_id)
        .where(t.submitted_notebook.c.notebook_id == book.notebook_id, t.grade.c.needs_manual_grade)
        .where(t.grade.c.manual_score.is_not(None), t.grade.c.auto_score.is_not(None))
    )
    found = [
        Overruled(row.id, row.student_id, names[row.cell_id], row.manual_score, row.auto_score)
        for row in connection.execute(query)
        if row.cell_id in names
    ]
    return sorted(found, key=lambda one: (one.item, one.student))
