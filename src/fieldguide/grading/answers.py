"""Answers to what students ask to be looked at again: an explanation, another score, or a change of the question.

They stand in the gradebook, in a table of ours, from where feedback tells them; each leaves a line in the log of
changed scores, written in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, inspect, select, update
from sqlalchemy.exc import SQLAlchemyError

from fieldguide.grading import schema as t
from fieldguide.grading.amending import Amended, amend
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.gradebook import find_book, in_chunks
from fieldguide.grading.schema import OURS, for_writing, gradebook_at
from fieldguide.grading.score_log import keep_amended, keep_answered, write_log

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says to a request. ``asked`` is the time of the request, by which it is known; ``points`` are the
    new score of the question, None where it stays."""

    student: str
    item: str
    asked: str
    said: str
    points: float | None = None


def read_answers(connection: Connection, grade_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """The answers in the gradebook: grade id → time of the request → what was said."""
    found: dict[str, dict[str, str]] = {}
    if not inspect(connection).has_table(t.answer.name):
        return found
    for chunk in in_chunks(grade_ids, _CHUNK):
        for row in connection.execute(select(t.answer).where(t.answer.c.grade_id.in_(chunk))):
            found.setdefault(row.grade_id, {})[row.asked] = row.said
    return found


def answers_of(course: Course, module: str) -> tuple[dict[tuple[str, str, str], str], dict[tuple[str, str], float]]:
    """What was said to the requests of a module, by student, item and time of the request, and the points that every
    student has for every item now. Raises CourseError."""
    with gradebook_at(course.db_url) as engine, engine.connect() as connection:
        rows = _grades(connection, module)
        said = read_answers(connection, [row.id for row in rows.values()])
    answers = {(*place, asked): text for place, row in rows.items() for asked, text in said.get(row.id, {}).items()}
    return answers, {place: row.points for place, row in rows.items() if row.points is not None}


def answered(connection: Connection) -> set[tuple[str, str, str]]:
    """The requests that are answered: of each the module, the student and the time of the request."""
    if not inspect(connection).has_table(t.answer.name):
        return set()
    handed, notebook = t.submitted_assignment, t.submitted_notebook
    query = (
        select(t.assignment.c.name, handed.c.student_id, t.answer.c.asked)
        .join(t.grade, t.grade.c.id == t.answer.c.grade_id)
        .join(notebook, notebook.c.id == t.grade.c.notebook_id)
        .join(handed, handed.c.id == notebook.c.assignment_id)
        .join(t.assignment, t.assignment.c.id == handed.c.assignment_id)
    )
    return {(row.name, row.student_id, row.asked) for row in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class _Grade:
    id: str
    points: float | None
    extra: float
    maximum: float


def _grades(connection: Connection, module: str) -> dict[tuple[str, str], _Grade]:
    book = find_book(connection, module)
    names = {cell.id: (name, cell.maximum) for name, cell in book.cells.items()}
    query = (
        select(t.grade, t.submitted_assignment.c.student_id)
        .join(t.submitted_notebook, t.submitted_notebook.c.id == t.grade.c.notebook_id)
        .join(t.submitted_assignment, t.submitted_assignment.c.id == t.submitted_notebook.c.assignment_id)
        .where(t.submitted_notebook.c.notebook_id == book.notebook_id)
    )
    found = {}
    for row in connection.execute(query):
        base, (name, maximum) = row.auto_score if row.manual_score is None else row.manual_score, names[row.cell_id]
        extra = row.extra_credit or 0.0
        found[row.student_id, name] = _Grade(row.id, None if base is None else base + extra, extra, maximum)
    return found


def answer_request(course: Course, module: str, given: Answer, by: str | None = None) -> str | None:
    """Keep an answer, and the new score where it gives one; the log says ``by`` whom.

    Returns why the log could not be written; None where it was. Raises CourseError, and changes nothing, where the
    student has no such question, or it cannot have these points.
    """
    with gradebook_at(course.db_url) as engine:
        with for_writing(engine).begin() as connection:
            grade = _grades(connection, module).get((given.student, given.item))
            if grade is None:
                raise CourseError(f"{given.student} has no graded question {given.item} in {module}.")
            if given.points is not None and not 0 <= given.points <= grade.maximum:
                raise CourseError(f"{given.points:g} points cannot be given: the question has 0 to {grade.maximum:g}.")
            OURS.create_all(connection)
            key = (t.answer.c.grade_id == grade.id) & (t.answer.c.asked == given.asked)
            connection.execute(delete(t.answer).where(key))
            connection.execute(insert(t.answer), {"grade_id": grade.id, "asked": given.asked, "said": given.said})
            if given.points is not None:
                changed = {"manual_score": given.points - grade.extra, "needs_manual_grade": False}
                connection.execute(update(t.grade).where(t.grade.c.id == grade.id).values(changed))
            keep_answered(connection, module, given, grade.points, by)
        return write_log(engine, course.root)


def change_question(course: Course, module: str, amended: Amended, by: str | None = None) -> str | None:
    """Change a question for everybody, with its line for the log, which says ``by`` whom: both or neither.

    Returns why the log could not be written; None where it was. Raises CourseError, and changes nothing, where the
    question cannot be changed or the gradebook not be used.
    """
    with gradebook_at(course.db_url) as engine:
        put_back = None
        try:
            with for_writing(engine).begin() as connection:
                OURS.create_all(connection)
                keep_amended(connection, module, amended, by)
                put_back = amend(course, module, amended)
        except SQLAlchemyError:
            if put_back is not None:
                put_back()
            raise
        return write_log(engine, course.root)
