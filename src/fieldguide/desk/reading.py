"""What the course folder, the exchange and the gradebook hold of each module, in a few queries and listings.

nbgrader is not imported, which would take seconds and 70 MB of a server.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select

from fieldguide.courseplan import Plan, newest, read_plan
from fieldguide.desk.listed import Listed, read_listed
from fieldguide.desk.notes import Notes
from fieldguide.desk.people import People, read_people
from fieldguide.desk.state import Found
from fieldguide.grading import schema as t
from fieldguide.grading.answers import answered
from fieldguide.grading.course import Course
from fieldguide.grading.exchange import names_another
from fieldguide.grading.gradebook import known_students
from fieldguide.grading.inbound import RefusedError, feedback_name, named, read_secret
from fieldguide.grading.requested import open_requests
from fieldguide.grading.schema import gradebook_at
from fieldguide.grading.submission import is_on_paper
from fieldguide.grading.times import time_in


@dataclass(frozen=True, slots=True)
class Class:
    """A course as it was found: its modules and its students. ``in_files``: its exchange is nbgrader's own, of folders,
    so that it is known what lies there. Otherwise it is known as it was ``listed``, at that time (UTC, ISO 8601)."""

    modules: tuple[Found, ...]
    students: tuple[str, ...]
    in_files: bool
    listed: str | None = None
    people: People = field(default_factory=People)


@dataclass(slots=True)
class _Book:
    """What the gradebook holds."""

    students: tuple[str, ...]
    made: set[str]
    due: dict[str, datetime | None]
    graded: dict[str, dict[str, datetime | None]]
    extended: dict[str, dict[str, timedelta]]
    waiting: dict[str, int]
    sums: dict[str, list[float]]
    people: People
    answered: set[tuple[str, str, str]]


def read_class(course: Course, notes: Notes) -> Class:
    """Everything. Raises CourseError where the gradebook cannot be read."""
    with gradebook_at(course.db_url) as engine, engine.connect() as connection:
        book = _read_book(connection)
    in_files = not names_another(course.config)
    listed = None if in_files else read_listed(course.root) or Listed("")
    released = _released(course) if listed is None else listed.since()
    source, release = (course.folder(step, ".", "x").parent for step in ("source", "release"))
    names = {path.name for path in source.glob("[!.]*") if path.is_dir()} | book.due.keys() | released.keys()
    made = {name for name in names & book.made if (release / name).is_dir()}
    plan = newest(read_plan(release / name) for name in names)
    handed_in = _handed_in(course, names) if listed is None else {name: listed.last(name) for name in names}
    submitted = {name: course.with_folder("submitted", name) for name in names}
    pages = _names_in(course.exchange / course.course_id / "feedback") if in_files else set()
    found = tuple(
        Found(
            module=name,
            title=_title(plan, name),
            made=name in made,
            previewed=(release / name / f"{name}.ipynb").is_file(),
            released=released.get(name),
            due=book.due.get(name),
            handed_in=handed_in.get(name, {}),
            entered=_entered(course, submitted[name], handed_in.get(name, {})),
            anew=frozenset(notes.entered.get(name, ())),
            graded=book.graded.get(name, {}),
            extended=book.extended.get(name, {}),
            begun=None if listed is None or listed.begun is None else frozenset(listed.begun.get(name, ())),
            collected=datetime.fromisoformat(notes.collected[name]) if name in notes.collected else None,
            waiting=book.waiting.get(name, 0),
            returned=(
                _returned(course, name, pages) if listed is None else listed.returned(name, book.graded.get(name, {}))
            )
            + _to_print(course, name),
            changed=name in notes.given and notes.given[name] != book.sums.get(name, _NO_SCORES),
            asked=open_requests(course, name, submitted[name], book.answered),
        )
        for name in sorted(names)
    )
    return Class(found, book.students, in_files, listed.time or None if listed else None, book.people)


def is_made(course: Course, module: str) -> bool:
    """Whether a module has a students' edition that the gradebook knows. Raises CourseError."""
    with gradebook_at(course.db_url) as engine, engine.connect() as connection:
        return module in _made(connection) and course.folder("release", ".", module).is_dir()


def scores_of(course: Course, module: str) -> list[float]:
    """How many scores a module has in the gradebook, and what they add up to after penalties. Raises CourseError."""
    with gradebook_at(course.db_url) as engine, engine.connect() as connection:
        return _sums(connection).get(module, _NO_SCORES)


def _read_book(connection: Connection) -> _Book:
    due = {row.name: row.duedate for row in connection.execute(select(t.assignment.c.name, t.assignment.c.duedate))}
    graded: dict[str, dict[str, datetime | None]] = {}
    extended: dict[str, dict[str, timedelta]] = {}
    handed = t.submitted_assignment
    scored = set(connection.scalars(select(handed.c.id).select_from(_GRADES).where(_SCORE.is_not(None)).distinct()))
    for row in connection.execute(
        select(t.assignment.c.name, handed.c.id, handed.c.student_id, handed.c.timestamp, handed.c.extension).join(
            handed, handed.c.assignment_id == t.assignment.c.id
        )
    ):
        if row.extension:
            extended.setdefault(row.name, {})[row.student_id] = row.extension
        # Who only has more time has a row in nbgrader's table as well.
        if row.timestamp is not None or row.id in scored:
            graded.setdefault(row.name, {})[row.student_id] = row.timestamp
    waiting = connection.execute(
        select(t.assignment.c.name, func.count())
        .select_from(_GRADES)
        .where(t.grade.c.needs_manual_grade)
        .group_by(t.assignment.c.name)
    )
    return _Book(
        tuple(known_students(connection)),
        _made(connection),
        due,
        graded,
        extended,
        {row[0]: row[1] for row in waiting},
        _sums(connection),
        read_people(connection),
        answered(connection),
    )


def _made(connection: Connection) -> set[str]:
    """The modules of which the gradebook has the notebook: a release/ alone may come with the project."""
    notebooks = select(t.assignment.c.name).join(t.notebook, t.notebook.c.assignment_id == t.assignment.c.id)
    return set(connection.scalars(notebooks))


_GRADES = (
    t.grade.join(t.submitted_notebook, t.submitted_notebook.c.id == t.grade.c.notebook_id)
    .join(t.submitted_assignment, t.submitted_assignment.c.id == t.submitted_notebook.c.assignment_id)
    .join(t.assignment, t.assignment.c.id == t.submitted_assignment.c.assignment_id)
)


# As `_sums` would tell it of a module without scores.
_NO_SCORES = [0.0, 0.0]
_SCORE = func.coalesce(t.grade.c.manual_score, t.grade.c.auto_score)


def _sums(connection: Connection) -> dict[str, list[float]]:
    total = func.sum(_SCORE + func.coalesce(t.grade.c.extra_credit, 0))
    sums = select(t.assignment.c.name, func.count(_SCORE), total)
    found = connection.execute(sums.select_from(_GRADES).group_by(t.assignment.c.name))
    penalties = _penalties(connection)
    return {name: [number, round((total or 0) - penalties.get(name, 0), 6)] for name, number, total in found}


def _penalties(connection: Connection) -> dict[str, float]:
    """What lateness takes off in each module; asked apart, as a notebook has one penalty and many grades."""
    notebook, handed = t.submitted_notebook, t.submitted_assignment
    query = (
        select(t.assignment.c.name, func.sum(notebook.c.late_submission_penalty))
        .join(handed, handed.c.assignment_id == t.assignment.c.id)
        .join(notebook, notebook.c.assignment_id == handed.c.id)
        .group_by(t.assignment.c.name)
    )
    return {name: total or 0 for name, total in connection.execute(query)}


def _title(plan: Plan | None, module: str) -> str:
    planned = plan.of(module) if plan else None
    return planned.title if planned else module


def _released(course: Course) -> dict[str, datetime]:
    """Since when each module is in the exchange."""
    outbound = course.exchange / course.course_id / "outbound"
    found = {}
    for name in _names_in(outbound):
        try:
            # When the file was put there; it keeps the time at which it was last changed.
            since = (outbound / name / f"{name}.ipynb").stat().st_ctime
        except OSError:
            continue
        found[name] = datetime.fromtimestamp(since, UTC).replace(tzinfo=None)
    return found


def _handed_in(course: Course, modules: set[str]) -> dict[str, dict[str, datetime]]:
    """The last time that each student handed in each module."""
    found: dict[str, dict[str, datetime]] = {}
    for name in _names_in(course.exchange / course.course_id / "inbound"):
        for module in modules.intersection(name.split("+")):
            try:
                student, time = named(name, module, course.timezone)
            except RefusedError:  # collecting says so
                continue
            times = found.setdefault(module, {})
            times[student] = max(time, times.get(student, time))
    return found


def _entered(course: Course, folders: Mapping[str, Path], handed_in: Mapping[str, datetime]) -> dict[str, datetime]:
    """The time of what lies in the course folder of students who handed nothing in through the exchange."""
    times = {student: time_in(path, course.timezone) for student, path in folders.items() if student not in handed_in}
    return {student: time for student, time in times.items() if time is not None}


def _returned(course: Course, module: str, pages: set[str]) -> int:
    """How many students can fetch the feedback on what was graded last."""
    if not pages:
        return 0
    secrets = (read_secret(folder) for folder in course.with_folder("autograded", module).values())
    return sum(secret is not None and feedback_name(secret, module) in pages for secret in secrets)


def _to_print(course: Course, module: str) -> int:
    """How many who worked on paper have the feedback on what was graded last: a page to print."""
    return sum(
        (page := course.folder("feedback", student, module) / f"{module}.html").is_file()
        and time_in(page.parent, course.timezone) == time_in(graded, course.timezone)
        and is_on_paper(course, student, module)
        for student, graded in course.with_folder("autograded", module).items()
        if read_secret(graded) is None
    )


def _names_in(folder: Path) -> set[str]:
    try:
        return {entry.name for entry in os.scandir(folder)}
    except OSError:  # nothing was released yet, or the exchange is out of reach: a step tells which
        return set()
