"""Extensions: a later due date for one student, kept in nbgrader's gradebook, and told to that student alone.

The gradebook keeps by how much later, so a student's own date moves along when the module's does. In an exchange of
folders everybody has a note that the system lets nobody else read: by an access list, which needs accounts of the
system. All notes are written each time and are of one length, so that nothing about them tells who has more time.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, inspect, select

from fieldguide.courseplan import NOTES, Note
from fieldguide.grading import schema as t
from fieldguide.grading.exchange import is_our_service, names_another
from fieldguide.grading.gradebook import known_students
from fieldguide.grading.inbound import number_of
from fieldguide.grading.names import why_no_id
from fieldguide.plainfiles import open_new

if TYPE_CHECKING:
    from fieldguide.grading.course import Course

_ACCESS = "system.posix_acl_access"
#: The parts of an access list: the owner, a named account, the group, the most that both may, everybody else.
_OWNER, _NAMED, _GROUP, _MOST, _OTHERS = 0x01, 0x02, 0x04, 0x10, 0x20
_READ, _WRITE = 4, 2
_NOBODY = 0xFFFFFFFF


class Way(Enum):
    """How students learn of an extension."""

    NOTE = "note"  # a file of the exchange that only they can read
    SERVICE = "service"  # the service tells it to nobody else
    NO_ACCOUNTS = "no_accounts"  # a note could be read by everybody
    ANOTHER = "another"  # an exchange of which nothing is known


def way_of(course: Course) -> Way:
    """How students of a course learn of an extension, by its settings."""
    if names_another(course.config):
        return Way.SERVICE if is_our_service(course.config) else Way.ANOTHER
    settings = [course.config[name] for name in ("Collect", "ExchangeCollect") if name in course.config]
    has_accounts = next((bool(one.check_owner) for one in settings if "check_owner" in one), True)
    return Way.NOTE if has_accounts and hasattr(os, "setxattr") else Way.NO_ACCOUNTS


def own_dates(course: Course) -> dict[str, dict[str, datetime]]:
    """Of every student the due dates that are theirs alone, by module. Raises CourseError."""
    handed = t.submitted_assignment
    query = select(t.assignment.c.name, t.assignment.c.duedate, handed.c.student_id, handed.c.extension).join(
        handed, handed.c.assignment_id == t.assignment.c.id
    )
    with t.gradebook_at(course.db_url) as engine, engine.connect() as connection:
        found: dict[str, dict[str, datetime]] = {student: {} for student in known_students(connection)}
        for row in connection.execute(query):
            if row.extension and row.duedate:
                found.setdefault(row.student_id, {})[row.name] = row.duedate + row.extension
    return found


def notes(course: Course) -> dict[str, Note]:
    """Of every student of the gradebook what is told to them alone. Raises CourseError."""
    looked: dict[str, dict[str, datetime]] = {}
    with t.gradebook_at(course.db_url) as engine, engine.connect() as connection:
        if inspect(connection).has_table(t.looked.name):
            for row in connection.execute(select(t.looked)):
                looked.setdefault(row.student_id, {})[row.module] = row.time
    return {student: Note(due, looked.get(student, {})) for student, due in own_dates(course).items()}


def keep_look(course: Course, module: str, student: str, time: datetime | None) -> datetime | None:
    """Keep when somebody last looked at what a student handed in (UTC, no zone), or with None that nobody did; returns
    what was kept before. Raises CourseError."""
    here = (t.looked.c.student_id == student) & (t.looked.c.module == module)
    with t.gradebook_at(course.db_url) as engine, t.for_writing(engine).begin() as connection:
        t.OURS.create_all(connection)
        before: datetime | None = connection.scalar(select(t.looked.c.time).where(here))
        connection.execute(delete(t.looked).where(here))
        if time is not None:
            connection.execute(insert(t.looked), [{"student_id": student, "module": module, "time": time}])
    return before


def log_look(course: Course, module: str, student: str, by: str) -> None:
    """Put a line in the log that somebody looked; one that cannot be written waits in the gradebook. Raises
    CourseError."""
    from fieldguide.grading.score_log import keep_looked, write_log

    with t.gradebook_at(course.db_url) as engine:
        with t.for_writing(engine).begin() as connection:
            t.OURS.create_all(connection)
            keep_looked(connection, module, student, by)
        write_log(engine, course.root)


def extend(course: Course, module: str, student: str, due: datetime | None, by: str | None = None) -> None:
    """Give a student of the gradebook another due date (UTC, no zone) for a module, or take it back, with a line in the
    log. ``by`` is who does it.

    Raises CourseError where the log cannot be written, ValueError where the date is no later than the module's, and
    MissingEntry where module or student is unknown.
    """
    from nbgrader.api import Gradebook, MissingEntry

    from fieldguide.grading.score_log import keep_extended

    with Gradebook(course.db_url, course.course_id) as gradebook:
        duedate = gradebook.find_assignment(module).duedate
        if due is not None and (duedate is None or due <= duedate):
            raise ValueError("an extension ends after the due date")
        try:
            submission = gradebook.find_submission(module, student)
        except MissingEntry:
            if due is None:
                return
            submission = gradebook.add_submission(module, student)
        before = duedate + submission.extension if duedate and submission.extension else None
        submission.extension = due and due - duedate
        connection = gradebook.db.connection()
        t.OURS.create_all(connection)
        keep_extended(connection, module, student, before, due, by)
        gradebook.db.commit()
        if due is None and _is_empty(submission):
            gradebook.remove_submission(module, student)


def _is_empty(submission: Any) -> bool:
    """Whether nothing was handed in and nobody gave points, so that only the extension was kept."""
    grades = (grade for notebook in submission.notebooks for grade in notebook.grades)
    return submission.timestamp is None and not any(
        one is not None for grade in grades for one in (grade.auto_score, grade.manual_score, grade.extra_credit)
    )


def note_of(student: str, exchange: Path) -> Path:
    """Where a student's note lies, below the folder of a course's exchange."""
    return exchange / NOTES / f"{student}.json"


def write_notes(folder: Path, notes: Mapping[str, Note], account: str, *, shared: bool) -> list[str]:
    """Write everybody's note into a folder of the exchange; returns who has no account of the system, and so none.

    ``account`` is how the system calls a student's account, ``shared`` whether a group looks after the course. Raises
    OSError, as where the file system knows no access lists.
    """
    if not folder.is_dir():
        folder.mkdir()
        # Nobody else can list what is there; whoever of the group writes a note puts it in the place of the last one.
        folder.chmod(0o2771 if shared else 0o711)
    without = []
    for student, note in notes.items():
        number = None if why_no_id(student) else number_of(account.replace("{student_id}", student))
        if number is None:
            without.append(student)
        else:
            _write_note(folder, f"{student}.json", note.text().encode(), number)
    return without


def _write_note(folder: Path, name: str, content: bytes, reader: int) -> None:
    part = folder / f".{name}.part"
    handle = open_new(part)
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 (it is open already)
            os.setxattr(handle, _ACCESS, _access_list(reader))
            file.write(content)
        part.replace(folder / name)
    except BaseException:
        part.unlink()
        raise


def _access_list(reader: int) -> bytes:
    """Linux's form of: the owner reads and writes, this account reads, and nobody else.

    The group may do nothing: it can be the writer's own, which students may be in.
    """
    parts: Iterable[tuple[int, int, int]] = (
        (_OWNER, _READ | _WRITE, _NOBODY),
        (_NAMED, _READ, reader),
        (_GROUP, 0, _NOBODY),
        (_MOST, _READ, _NOBODY),
        (_OTHERS, 0, _NOBODY),
    )
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *part) for part in parts)
