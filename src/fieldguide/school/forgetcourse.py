"""What a course folder and its gradebook hold of one student, and deleting it, as the course's account.

``python -P -m fieldguide.school.forgetcourse look STUDENT``, or ``delete STUDENT``, in the course folder; the answer is
JSON. All other students' rows and files stay as they are.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import URL, make_url

from fieldguide.desk.listed import LISTED
from fieldguide.desk.notes import FILE as DESK
from fieldguide.grading import schema as t
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.files import course_lock, replace_file
from fieldguide.grading.inbound import feedback_name, read_secret
from fieldguide.grading.score_log import LOG_NAME
from fieldguide.plainfiles import open_plain, read_plain
from fieldguide.school.gradebookfile import SQLITE
from fieldguide.school.mentions import mentions, named
from fieldguide.school.studentrows import is_of, rows_in_copy, student_rows

_STEPS = ("submitted", "autograded", "feedback")
_LARGEST = 1 << 30
#: In these every file is packed in a way of its own.
_PACKED_FOLDERS = (".git", ".hg")


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
    #: Files that could not be looked into, such as encrypted ones.
    closed: list[str] = field(default_factory=list)


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
                found.rows = student_rows(connection, student, really=really)
                # The log is written to within a transaction of this kind, so nobody adds a line meanwhile.
                _log(course, student, found, really=really)
        _copies(course, student, found, really=really)
    _look_through(course, student, found, really=really)
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
    kept = [line for line in job["problems"] if not named(student).search(line.encode())]
    gone = len(job["problems"]) - len(kept)
    job["problems"] = kept
    return gone


def _copies(course: Course, student: str, found: Found, *, really: bool) -> None:
    """The student's rows in copies of the gradebook, as nbgrader makes before it changes one; what fails stays."""
    for path in _made_by_people(course):
        if not _is_database(path) or not os.access(path, os.W_OK):
            continue
        rows = rows_in_copy(path.read_bytes(), student)
        if not rows:
            continue
        if really:
            url = URL.create("sqlite", database=str(path)).render_as_string()
            try:
                with t.gradebook_at(url) as engine, t.for_writing(engine).begin() as connection:
                    rows = student_rows(connection, student, really=True)
            except CourseError:
                continue
        found.entries[str(path.relative_to(course.root))] = sum(rows.values())


def _is_database(path: Path) -> bool:
    try:
        with os.fdopen(open_plain(path), "rb") as stream:
            return stream.read(len(SQLITE)) == SQLITE
    except OSError:
        return False


def _log(course: Course, student: str, found: Found, *, really: bool) -> None:
    path = course.root / LOG_NAME
    if not path.exists():
        return
    lines = read_plain(path, _LARGEST).splitlines(keepends=True)
    kept = [line for line in lines if not is_of(line, student)]
    if len(kept) < len(lines):
        found.entries[LOG_NAME] = len(lines) - len(kept)
        if really:
            replace_file(str(course.root), LOG_NAME, b"".join(kept), stat.S_IMODE(path.stat().st_mode))


def _made_by_people(course: Course) -> Iterator[Path]:
    """The plain files, and folders by their names, that are no student's work, no module and not the gradebook."""
    steps = {course.settings[f"{step}_directory"] for step in (*_STEPS, "source", "release")}
    gradebook = make_url(course.db_url).database if course.db_url.startswith("sqlite") else None
    own = {Path(f"{gradebook}{ending}") for ending in ("", "-journal", "-wal", "-shm")} if gradebook else set()
    for place, folders, names in os.walk(course.root):
        here = Path(place)
        if here == course.root:
            folders[:] = [name for name in folders if name not in steps]
        folders.sort()
        yield from (path for path in (here / name for name in sorted([*folders, *names])) if path not in own)


def _look_through(course: Course, student: str, found: Found, *, really: bool) -> None:
    """Find the files that people made in the course folder and that name the student; not what others handed in."""
    name_of = named(student)
    seen: list[Path] = []
    for path in _made_by_people(course):
        within = str(path.relative_to(course.root))
        if any(path.is_relative_to(folder) for folder in seen) or (not really and within in found.entries):
            continue
        if name_of.search(os.fsencode(within)):
            said: bool | None = True
        elif path.is_symlink() or not (path.is_file() or path.name in _PACKED_FOLDERS):
            continue
        else:
            said = None if path.is_dir() else _mentions(path, student)
        if said is not False:
            (found.mentions if said else found.closed).append(within)
        if said is not False and path.is_dir():
            seen.append(path)
    found.mentions.sort()
    found.closed.sort()


def _mentions(path: Path, student: str) -> bool | None:
    try:
        with os.fdopen(open_plain(path), "rb") as stream:
            return mentions(stream, student)
    except OSError:
        return None


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
