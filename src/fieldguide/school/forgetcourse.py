"""What a course folder and its gradebook hold of one student, and deleting it, as the course's account.

``python -P -m fieldguide.school.forgetcourse look STUDENT``, or ``delete STUDENT``, in the course folder; the answer is
JSON. All other students' rows and files stay as they are.
"""

from __future__ import annotations

import json
import re
import shutil
import stat
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, inspect, select

from fieldguide.desk.listed import LISTED
from fieldguide.desk.notes import FILE as DESK
from fieldguide.grading import schema as t
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.files import course_lock, replace_file
from fieldguide.grading.inbound import feedback_name, read_secret
from fieldguide.grading.score_log import LOG_NAME
from fieldguide.plainfiles import read_plain

_STEPS = ("submitted", "autograded", "feedback")
_LARGEST = 1 << 30
#: A file that is larger is not looked through for a name.
_LARGEST_LOOKED_INTO = 20 << 20


@dataclass
class Found:
    """What there is of a student: rows by table, folders, entries in files that others share, pages in the exchange."""

    rows: dict[str, int] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    entries: dict[str, int] = field(default_factory=dict)
    #: The names under which feedback on what was collected lies in the exchange.
    pages: list[str] = field(default_factory=list)
    #: Files made by hand, such as an export of grades, that name the student: they are left to people.
    mentions: list[str] = field(default_factory=list)


def look(course: Course, student: str) -> Found:
    """What a course holds of a student. Raises CourseError."""
    return _go_through(course, student, Found(), really=False)


def forget(course: Course, student: str) -> Found:
    """Delete what a course holds of a student; returns what was deleted. Raises CourseError."""
    return _go_through(course, student, Found(), really=True)


def _go_through(course: Course, student: str, found: Found, *, really: bool) -> Found:
    with course_lock(course.root):
        folders = _folders(course, student)
        found.pages = sorted({page for folder in folders for page in _pages(folder)})
        _files(course, student, found, folders, really=really)
        if _has_gradebook(course):
            with t.gradebook_at(course.db_url) as engine, t.for_writing(engine).begin() as connection:
                _rows(connection, student, found, really=really)
                # The log is written to within a transaction of this kind, so nobody adds a line meanwhile.
                _log(course, student, found, really=really)
    found.mentions = _mentions(course, student, folders, found)
    return found


def _has_gradebook(course: Course) -> bool:
    return not course.db_url.startswith("sqlite:///") or Path(course.db_url.removeprefix("sqlite:///")).exists()


def _folders(course: Course, student: str) -> list[Path]:
    """The student's folder of each step and module."""
    found = []
    for step in _STEPS:
        pattern = str(course.folder(step, student, "*").relative_to(course.root))
        found += [path for path in course.root.glob(pattern) if course.is_in_place(path, step)]
    return sorted(found)


def _pages(folder: Path) -> Iterable[str]:
    secret = read_secret(folder)
    names = {
        folder.name,
        *(path.stem for path in folder.glob("*.ipynb")),
        *(path.stem for path in folder.glob("*.html")),
    }
    return [feedback_name(secret, name) for name in names] if secret else []


def _files(course: Course, student: str, found: Found, folders: list[Path], *, really: bool) -> None:
    found.folders = [str(path.relative_to(course.root)) for path in folders]
    for folder in folders if really else ():
        # Graded notebooks are for reading alone, and so may their folders be.
        for place in (folder, *(path for path in folder.rglob("*") if path.is_dir() and not path.is_symlink())):
            place.chmod(0o700)
        shutil.rmtree(folder)
        above = folder.parent
        if above != course.root and not any(above.iterdir()):
            above.rmdir()
    for name, change in ((LISTED, _without_in_listed), (DESK, _without_in_notes)):
        _in_json(course.root, name, student, found, change, really=really)


def _in_json(
    root: Path, name: str, student: str, found: Found, change: Callable[[Any, str], int], *, really: bool
) -> None:
    path = root / name
    if not path.exists():
        return
    try:
        content = json.loads(read_plain(path, _LARGEST))
        count = change(content, student)
    except (ValueError, KeyError, TypeError, AttributeError):  # it is made anew where it is damaged
        return
    if count:
        found.entries[name] = count
        if really:
            permissions = stat.S_IMODE(path.stat().st_mode)
            replace_file(str(root), name, json.dumps(content, ensure_ascii=False).encode(), permissions)


def _without_in_listed(content: Any, student: str) -> int:
    gone = sum(students.pop(student, None) is not None for students in content["handed_in"].values())
    for students in (content.get("begun") or {}).values():
        gone += students.count(student)
        students[:] = [one for one in students if one != student]
    return gone


def _without_in_notes(content: Any, student: str) -> int:
    job = content["job"] or {"problems": []}
    kept = [line for line in job["problems"] if not _named(student).search(line.encode())]
    gone = len(job["problems"]) - len(kept)
    job["problems"] = kept
    return gone


def _rows(connection: Connection, student: str, found: Found, *, really: bool) -> None:
    there = set(inspect(connection).get_table_names())
    submissions = select(t.submitted_assignment.c.id).where(t.submitted_assignment.c.student_id == student)
    notebooks = select(t.submitted_notebook.c.id).where(t.submitted_notebook.c.assignment_id.in_(submissions))
    grades = select(t.grade.c.id).where(t.grade.c.notebook_id.in_(notebooks))
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")  # else the rows stay readable in the file
    elif t.unlogged.name in there:
        connection.exec_driver_sql(f"LOCK TABLE {t.unlogged.name} IN EXCLUSIVE MODE")
    waiting = []
    if t.unlogged.name in there:
        waiting = [row.id for row in connection.execute(select(t.unlogged)) if _is_of(row.line, student)]
    # What points to other rows goes before them.
    which: list[tuple[Table, ColumnElement[bool]]] = [
        (t.level, t.level.c.grade_id.in_(grades)),
        (t.scoring, t.scoring.c.grade_id.in_(grades)),
        (t.answer, t.answer.c.grade_id.in_(grades)),
        (t.looked, t.looked.c.student_id == student),
        (t.seen, t.seen.c.notebook_id.in_(notebooks)),
        (t.unlogged, t.unlogged.c.id.in_(waiting)),
        (t.comment, t.comment.c.notebook_id.in_(notebooks)),
        (t.grade, t.grade.c.notebook_id.in_(notebooks)),
        (t.submitted_notebook, t.submitted_notebook.c.assignment_id.in_(submissions)),
        (t.submitted_assignment, t.submitted_assignment.c.student_id == student),
        (t.had_student, t.had_student.c.id == student),
        (t.student, t.student.c.id == student),
    ]
    for table, condition in which:
        if table.name not in there:
            continue
        count = connection.scalar(select(func.count()).select_from(table).where(condition)) or 0
        if count:
            found.rows[table.name] = count
        if count and really:
            connection.execute(delete(table).where(condition))


def _log(course: Course, student: str, found: Found, *, really: bool) -> None:
    path = course.root / LOG_NAME
    if not path.exists():
        return
    lines = read_plain(path, _LARGEST).splitlines(keepends=True)
    kept = [line for line in lines if not _is_of(line, student)]
    if len(kept) < len(lines):
        found.entries[LOG_NAME] = len(lines) - len(kept)
        if really:
            replace_file(str(course.root), LOG_NAME, b"".join(kept), stat.S_IMODE(path.stat().st_mode))


def _is_of(line: str | bytes, student: str) -> bool:
    try:
        entry = json.loads(line)
    except ValueError:  # a line that a crash tore
        return False
    return isinstance(entry, dict) and entry.get("student") == student


def _named(student: str) -> re.Pattern[bytes]:
    return re.compile(rb"(?<![\w.-])" + re.escape(student.encode()) + rb"(?![\w-])")


def _mentions(course: Course, student: str, gone: list[Path], found: Found) -> list[str]:
    """Files that people made in the course folder and that name the student; not what other students handed in."""
    steps = {course.settings[f"{step}_directory"] for step in (*_STEPS, "source", "release")}
    named, files = _named(student), []
    for path in sorted(course.root.rglob("*")):
        within = path.relative_to(course.root)
        if within.parts[0] in steps or str(within) in found.entries or within.name.startswith("gradebook.db"):
            continue
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST_LOOKED_INTO:
            continue
        if named.search(path.read_bytes()):
            files.append(str(within))
    return files


def main(arguments: list[str]) -> int:
    """Look or delete, and print what was found as JSON."""
    step, student = arguments
    try:
        found = (forget if step == "delete" else look)(Course(Path.cwd()), student)
    except (CourseError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(asdict(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
