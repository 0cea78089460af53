"""The marks of a student in the gradebook: scores, comments and penalty, for a page of feedback."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from fieldguide.grading import schema as t
from fieldguide.grading.answers import read_answers
from fieldguide.grading.feedback import CellMark
from fieldguide.grading.gradebook import Book, in_chunks
from fieldguide.grading.levels import read_levels

_CHUNK = 200


@dataclass(slots=True)
class Marks:
    """The marks of one student in one module."""

    given: dict[str, CellMark] = field(default_factory=dict)
    penalty: float = 0.0


def read_marks(connection: Connection, book: Book, students: Iterable[str]) -> dict[str, Marks]:
    """The marks of each of the students who has any, by student id."""
    marks: dict[str, Marks] = {}
    for chunk in in_chunks(students, _CHUNK):
        marks.update(_read_chunk(connection, book, chunk))
    return marks


def _read_chunk(connection: Connection, book: Book, students: list[str]) -> dict[str, Marks]:
    submitted, assigned = t.submitted_notebook, t.submitted_assignment
    query = (
        select(submitted.c.id, submitted.c.late_submission_penalty, assigned.c.student_id)
        .join(assigned, assigned.c.id == submitted.c.assignment_id)
        .where(submitted.c.notebook_id == book.notebook_id, assigned.c.student_id.in_(students))
    )
    rows = connection.execute(query).all()
    by_row = {row.id: Marks(penalty=row.late_submission_penalty or 0.0) for row in rows}
    comments = {
        (row.notebook_id, row.cell_id): row.auto_comment if row.manual_comment is None else row.manual_comment
        for row in connection.execute(select(t.comment).where(t.comment.c.notebook_id.in_(by_row)))
    }
    names = {cell.id: name for name, cell in book.cells.items()}
    grades = connection.execute(select(t.grade).where(t.grade.c.notebook_id.in_(by_row))).all()
    levels = read_levels(connection, [row.id for row in grades if row.manual_score is not None])
    answers = read_answers(connection, [row.id for row in grades])
    for row in grades:
        base = row.auto_score if row.manual_score is None else row.manual_score
        # nbgrader counts an unscored response as 0; a student should not read that as a verdict.
        waits = base is None and row.needs_manual_grade
        earned = None if waits else (0.0 if base is None else base + (row.extra_credit or 0.0))
        comment, by_criterion = comments.get((row.notebook_id, row.cell_id)), levels.get(row.id, {})
        # Where the score was changed since, the levels no longer explain it.
        holds = row.manual_score is not None and abs(sum(by_criterion.values()) - row.manual_score) < 1e-9
        by_row[row.notebook_id].given[names[row.cell_id]] = CellMark(
            earned, comment, by_criterion if holds else {}, answers.get(row.id, {})
        )
    return {row.student_id: by_row[row.id] for row in rows}
