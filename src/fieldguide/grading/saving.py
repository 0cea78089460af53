"""Writing scores into the gradebook: what nbgrader would write, for many students at once.

What people entered stays: manual scores, extra credit, comments. A cell that a person has scored is presented again
only if the response they scored has changed since. Only where a question is withdrawn do their points give way to its
points for everybody; they are set aside, and stand again once it counts again. Everything happens inside the caller's
transaction, so that a run that is stopped changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Table, bindparam, func, insert, select, update

from fieldguide.grading import schema as t
from fieldguide.grading.gradebook import Book, in_chunks, remember_students
from fieldguide.items import Outcome

NO_RESPONSE = "No response."
#: How many students' rows are held at a time.
_CHUNK = 200

#: The points that nbgrader's plugin takes off: student, score, seconds late → points or None.
LatePenalty = Callable[[str, float, float], float | None]


@dataclass(slots=True)
class Scored:
    """The result of one submission: cell name → automatic score, and a digest of each response.

    ``timestamp`` None leaves the gradebook's time unchanged; with ``untold`` it has no time, and no penalty for being
    late. ``withdrawn`` names the cells of which everybody gets the points.
    """

    student: str
    timestamp: datetime | None
    untold: bool = False
    scores: dict[str, float | None] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()


#: What a scorer now sees of a cell, what they saw when they scored it, and their points where those are set aside.
State = list[str | float | None]


def digest(outcome: Outcome) -> str:
    """A short digest of a response: the same for the same response."""
    given = json.dumps(outcome.response, sort_keys=True).encode()
    return blake2b(given, digest_size=8).hexdigest()


@dataclass(slots=True)
class Standing:
    """A student's total after grading. ``before`` is the total of an earlier grading, None where there was none.

    ``undated``: there is a due date, but no time of submission to compare it with.
    """

    student: str
    total: float
    before: float | None
    waits: int
    seconds_late: float
    penalty: float
    #: Cell name → score before and after, and whether the response has changed.
    changed: dict[str, tuple[float, float, bool]] = field(default_factory=dict)
    undated: bool = False


def save_scores(
    connection: Connection, book: Book, results: Iterable[Scored], late_penalty: LatePenalty | None
) -> list[Standing]:
    """Write the scores of every submission; with ``late_penalty`` None, penalties are left unchanged."""
    t.OURS.create_all(connection)
    standings = []
    for chunk in in_chunks(results, _CHUNK):
        standings.extend(_Writer(connection, book, late_penalty).write(chunk))
    remember_students(connection)
    return standings


def settle_penalties(connection: Connection, book: Book, late_penalty: LatePenalty) -> None:
    """Bring what is taken off for lateness up to the points, times and due dates that the gradebook has now."""
    points = func.sum(
        func.coalesce(t.grade.c.manual_score, t.grade.c.auto_score) + func.coalesce(t.grade.c.extra_credit, 0)
    )
    notebook, handed = t.submitted_notebook, t.submitted_assignment
    asked = (
        notebook.c.id,
        notebook.c.late_submission_penalty,
        handed.c.student_id,
        handed.c.timestamp,
        handed.c.extension,
    )
    rows = connection.execute(
        select(*asked, func.coalesce(points, 0.0).label("points"))
        .join(handed, handed.c.id == notebook.c.assignment_id)
        .outerjoin(t.grade, t.grade.c.notebook_id == notebook.c.id)
        .where(handed.c.assignment_id == book.assignment_id, notebook.c.notebook_id == book.notebook_id)
        .group_by(*asked)
        .order_by(handed.c.student_id)
    )
    changed = []
    for row in rows.all():
        seconds = _seconds_late(book.duedate, row.timestamp, row.extension)
        penalty = _taken_off(late_penalty, row.student_id, row.points, seconds)
        if penalty != row.late_submission_penalty:
            changed.append({"row": row.id, "late_submission_penalty": penalty})
    _update(connection, notebook, changed)


def _seconds_late(duedate: datetime | None, timestamp: datetime | None, extension: timedelta | None) -> float:
    if timestamp is None or duedate is None:
        return 0.0
    due = duedate + extension if extension else duedate
    return max(0.0, float((timestamp - due).total_seconds()))


def _taken_off(late_penalty: LatePenalty, student: str, points: float, seconds_late: float) -> float | None:
    """What lateness takes off some points; None where nobody is late or the plugin takes off nothing."""
    penalty = late_penalty(student, points, seconds_late) if seconds_late > 0 else None
    return None if penalty is None else min(max(penalty, 0.0), points)


class _Writer:
    """Writes the rows of some students: reads what is there, computes what should be, writes the difference."""

    def __init__(self, connection: Connection, book: Book, late_penalty: LatePenalty | None) -> None:
        self.connection = connection
        self.book = book
        self.late_penalty = late_penalty
        self.names = {cell.id: name for name, cell in book.cells.items()}

    def write(self, results: list[Scored]) -> list[Standing]:
        by_student = {result.student: result for result in results}
        submissions = self._submissions(by_student)
        notebooks = self._notebooks(submissions)
        grades = self._rows(t.grade, notebooks)
        comments = self._rows(t.comment, notebooks)
        seen = self._seen(notebooks)
        standings = []
        changes = _Changes()
        for row_id, student in notebooks.items():
            result = by_student[student]
            handed = submissions[student]
            seconds = _seconds_late(self.book.duedate, handed["timestamp"], handed["extension"])
            standing = Standing(student, 0.0, None, 0, seconds, 0.0)
            standing.undated = self.book.duedate is not None and handed["timestamp"] is None
            state = self._grade(result, row_id, grades.get(row_id, {}), seen.get(row_id), standing, changes)
            self._comment(result, row_id, comments.get(row_id, {}), changes)
            text = json.dumps(state, separators=(",", ":"))
            if row_id not in seen:
                changes.new_states.append({"notebook_id": row_id, "state": text})
            elif state != seen[row_id]:
                changes.states.append({"row": row_id, "state": text})
            self._penalize(standing, row_id, changes)
            standings.append(standing)
        changes.write(self.connection)
        return sorted(standings, key=lambda standing: standing.student)

    def _submissions(self, by_student: dict[str, Scored]) -> dict[str, Any]:
        """A row for every submission, its timestamp up to date."""
        known = set(self.connection.scalars(select(t.student.c.id).where(t.student.c.id.in_(by_student))))
        _insert(self.connection, t.student, [{"id": student} for student in by_student if student not in known])
        table = t.submitted_assignment
        query = select(table).where(
            table.c.assignment_id == self.book.assignment_id, table.c.student_id.in_(by_student)
        )
        there: dict[str, Any] = {row.student_id: dict(row._mapping) for row in self.connection.execute(query)}
        new, moved = [], []
        for student, result in by_student.items():
            row = there.get(student)
            if row is None:
                row = there[student] = {
                    "id": uuid4().hex,
                    "assignment_id": self.book.assignment_id,
                    "student_id": student,
                    "timestamp": result.timestamp,
                    "extension": None,
                }
                new.append(row)
            elif (result.timestamp is not None or result.untold) and row["timestamp"] != result.timestamp:
                row["timestamp"] = result.timestamp
                moved.append({"row": row["id"], "timestamp": result.timestamp})
        _insert(self.connection, table, new)
        _update(self.connection, table, moved)
        return {student: there[student] for student in by_student}

    def _notebooks(self, submissions: dict[str, Any]) -> dict[str, str]:
        """A row for every submitted notebook: its id → the student. The penalties in them are kept in ``penalties``."""
        students = {row["id"]: student for student, row in submissions.items()}
        table = t.submitted_notebook
        query = select(table).where(table.c.assignment_id.in_(students), table.c.notebook_id == self.book.notebook_id)
        rows = [dict(row._mapping) for row in self.connection.execute(query)]
        there = {row["assignment_id"] for row in rows}
        new = [
            {
                "id": uuid4().hex,
                "assignment_id": submission,
                "notebook_id": self.book.notebook_id,
                "flagged": False,
                "late_submission_penalty": None,
            }
            for submission in students
            if submission not in there
        ]
        _insert(self.connection, table, new)
        self.penalties: dict[str, float | None] = {row["id"]: row["late_submission_penalty"] for row in [*rows, *new]}
        return {row["id"]: students[row["assignment_id"]] for row in [*rows, *new]}

    def _rows(self, table: Table, notebooks: dict[str, str]) -> dict[str, dict[str, Any]]:
        """The rows of a table by notebook and cell, locked where the database can do so."""
        found: dict[str, dict[str, Any]] = {}
        for row in self.connection.execute(select(table).where(table.c.notebook_id.in_(notebooks)).with_for_update()):
            found.setdefault(row.notebook_id, {})[row.cell_id] = row
        return found

    def _seen(self, notebooks: dict[str, str]) -> dict[str, dict[str, State]]:
        rows = self.connection.execute(select(t.seen).where(t.seen.c.notebook_id.in_(notebooks)))
        return {row.notebook_id: json.loads(row.state) for row in rows}

    def _grade(
        self,
        result: Scored,
        row_id: str,
        there: dict[str, Any],
        seen: dict[str, State] | None,
        standing: Standing,
        changes: _Changes,
    ) -> dict[str, State]:
        """Update every grade of one submission; returns the digests of what its scorer now sees."""
        state: dict[str, State] = {}
        graded_before = any(row.auto_score is not None or row.manual_score is not None for row in there.values())
        before = 0.0
        for cell_id, name in self.names.items():
            auto, row = result.scores[name], there.get(cell_id)
            shown = f"{result.digests[name]} {auto!r}"
            old_shown, scored, *aside = (seen or {}).get(name, (None, None))
            if row is None:
                needs, scored = auto is None, None
                values = {"auto_score": auto, "needs_manual_grade": needs}
                changes.new_grades.append(
                    {"id": uuid4().hex, "notebook_id": row_id, "cell_id": cell_id, "manual_score": None, **values}
                    | {"extra_credit": None}
                )
                standing.total += auto or 0.0
            else:
                given = row.manual_score
                if given is not None and not row.needs_manual_grade:
                    scored = old_shown  # a person has scored it since
                if name in result.withdrawn:
                    aside, given = aside if given is None else [given], None
                elif given is None and aside:
                    given = aside.pop()
                else:
                    aside = []
                if given is None and not aside:
                    scored = None
                needs = auto is None if given is None else shown != scored
                values = {"auto_score": auto, "manual_score": given, "needs_manual_grade": needs}
                if values != {column: row._mapping[column] for column in values}:
                    changes.grades.append({"row": row.id, **values})
                old, new = _score(row, row.manual_score, row.auto_score), _score(row, given, auto)
                before += old
                standing.total += new
                if old != new:
                    other = not isinstance(old_shown, str) or old_shown.split(" ")[0] != result.digests[name]
                    standing.changed[name] = (old, new, other)
            standing.waits += needs
            state[name] = [shown, scored, *aside]
        if graded_before:
            standing.before = before - (self.penalties[row_id] or 0.0)
        return state

    def _comment(self, result: Scored, row_id: str, there: dict[str, Any], changes: _Changes) -> None:
        for name, cell_id in self.book.comments.items():
            auto = NO_RESPONSE if result.scores.get(name) == 0 else None
            row = there.get(cell_id)
            if row is None:
                changes.new_comments.append(
                    {"id": uuid4().hex, "notebook_id": row_id, "cell_id": cell_id}
                    | {"auto_comment": auto, "manual_comment": None}
                )
            elif row.auto_comment != auto:
                changes.comments.append({"row": row.id, "auto_comment": auto})

    def _penalize(self, standing: Standing, row_id: str, changes: _Changes) -> None:
        penalty = self.penalties[row_id]
        if self.late_penalty is not None:
            penalty = _taken_off(self.late_penalty, standing.student, standing.total, standing.seconds_late)
            if penalty != self.penalties[row_id]:
                changes.penalties.append({"row": row_id, "late_submission_penalty": penalty})
        standing.penalty = penalty or 0.0
        standing.total -= standing.penalty


@dataclass(slots=True)
class _Changes:
    """Changed rows, gathered so that each table is written with one statement."""

    new_grades: list[dict[str, Any]] = field(default_factory=list)
    grades: list[dict[str, Any]] = field(default_factory=list)
    new_comments: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    new_states: list[dict[str, Any]] = field(default_factory=list)
    states: list[dict[str, Any]] = field(default_factory=list)
    penalties: list[dict[str, Any]] = field(default_factory=list)

    def write(self, connection: Connection) -> None:
        _insert(connection, t.grade, self.new_grades)
        _update(connection, t.grade, self.grades)
        _insert(connection, t.comment, self.new_comments)
        _update(connection, t.comment, self.comments)
        _insert(connection, t.seen, self.new_states)
        _update(connection, t.seen, self.states)
        _update(connection, t.submitted_notebook, self.penalties)


def _score(row: Any, manual: float | None, auto: float | None) -> float:
    """nbgrader's score of a grade: the manual score if there is one, else the automatic one, plus extra credit."""
    given = auto if manual is None else manual
    return 0.0 if given is None else float(given + (row.extra_credit or 0.0))


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _update(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Update rows by their key (``row``); all rows have the same columns."""
    if rows:
        key = next(iter(table.primary_key))
        connection.execute(update(table).where(key == bindparam("row")), rows)
