"""A backup of courses in one file, made while the server runs.

Grading and this wait for each other, so that scores and graded files belong together; a gradebook is copied as at one
moment (`gradebookfile`). What students do meanwhile is in it or not: a submission is whole or, where it was just being
handed in, refused later by collecting like any that is torn.
"""

from __future__ import annotations

import fcntl
import json
import os
import pwd
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from fieldguide.plainfiles import read_plain
from fieldguide.school import SchoolError, records
from fieldguide.school.acting import run_as
from fieldguide.school.archive import Writer, named, new_archive
from fieldguide.school.deletions import KEY, RECORD
from fieldguide.school.deletions import LARGEST as LARGEST_RECORD
from fieldguide.school.gradebookfile import SQLITE
from fieldguide.school.identities import FILES as IDENTITIES
from fieldguide.school.machine import MissingError, inside, members_of
from fieldguide.school.planning import Places, grader, server_settings, student_group
from fieldguide.school.reading import LARGEST, Course, School
from fieldguide.school.server import environment

#: Said after every backup.
NOT_IN_IT = (
    "passwords: whoever has none on the new machine gets a first one",
    "the hub's own files, its sessions and tokens: they are made anew",
    "files that the course's account keeps outside its course folder",
    "what a student answered and has not handed in, which is in their home alone",
)
_WITH_HOMES = "students' homes, but for the folder of the course in each"
#: Where it is noted which backups were made, so that whoever deletes a student's data is told of them.
NOTES = "backups.jsonl"
#: What a course folder has besides its settings, gradebook, and files that people made.
STEPS = ("source", "submitted", "autograded", "feedback")


class IncompleteError(SchoolError):
    """A backup was made and kept, and what should be in it could not be read."""


def back_up(
    courses: tuple[Course, ...], places: Places, target: Path, *, homes: bool, tell: Callable[[str], None]
) -> int:
    """Write a backup of some courses into a new file for root alone; ``homes`` takes in the students' own folders.

    Returns how many things were left out and named, as they are no plain files or too much. Raises IncompleteError,
    at the end, where something could not be read: the file stays. Raises SchoolError where there is no file.
    """
    target = target.absolute()
    missing = [*NOT_IN_IT[:-1], _WITH_HOMES] if homes else NOT_IN_IT
    with new_archive(target) as archive:
        archive.add("courses.toml", read_plain(places.settings / "courses.toml", LARGEST), "root", "root", 0o644)
        for name in (RECORD, KEY, *IDENTITIES):
            if (places.state / name).exists():
                archive.add(name, read_plain(places.state / name, LARGEST_RECORD), "root", "root")
        told = {course.id: _course(course, places, archive, homes=homes, tell=tell) for course in courses}
        archive.finish({"courses": told, "not_in_it": missing})
    _note(places, target, [course.id for course in courses], len(archive.unread))
    tell(f"{target}: {target.stat().st_size / 1e6:.1f} MB, for root alone. It holds every key and all that students")
    tell("handed in: keep it as safe as the server, and away from it.")
    for line in named(archive.left_out, target):
        tell(f"Left out: {line}")
    tell("Not in it:")
    for line in missing:
        tell(f"  {line}")
    if archive.unread:
        raise IncompleteError(
            "\n".join(
                [
                    f"{target} is kept, and is NOT WHOLE. What could not be read and is not in it:",
                    *(f"  {line}" for line in named(archive.unread, target)),
                    "See what is wrong with the disk (dmesg), or who keeps root out. Then make another backup.",
                ]
            )
        )
    return len(archive.left_out)


def as_course(course: Course, places: Places, module: str, *arguments: str, given: bytes | IO[bytes] = b"") -> bytes:
    """Run a module of this package in a course's folder, with the course's settings, as its account.

    A course that courses.toml no longer has gets those that it would have, as no file holds them any more.
    Returns what it printed. Raises SchoolError with what it said where it failed.
    """
    account = pwd.getpwnam(grader(course))
    try:
        kept = places.server(course).read_text(encoding="utf-8")
    except FileNotFoundError:
        kept = server_settings(course, School((course,)), places)
    settings = json.loads(kept)
    return run_as(
        account.pw_name,
        [sys.executable, "-P", "-m", f"fieldguide.school.{module}", *arguments],
        places.folder(course),
        given,
        environment=environment(settings, "", account.pw_name, account.pw_dir),
    )


@contextmanager
def while_nobody_grades(folder: Path) -> Iterator[None]:
    """Hold the lock under which a course folder's graded files are written, as `grading.files.course_lock` does."""
    with inside(folder) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


def students_of(course: Course) -> tuple[str, ...]:
    """Who is in the group of a course's students."""
    return tuple(sorted(members_of(student_group(course)) - {grader(course)}))


def backups_made(places: Places) -> tuple[list[dict[str, Any]], list[str]]:
    """The backups that were made, oldest first, also those that are no longer there: ``time`` (UTC), ``file``,
    ``courses``, and ``unread`` where something could not be read, how much; and of each line that cannot be read a
    sentence that says so."""
    return records.read(places.state / NOTES, "time", "file", "courses")


def _course(
    course: Course, places: Places, archive: Writer, *, homes: bool, tell: Callable[[str], None]
) -> dict[str, object]:
    own, folder, students = grader(course), places.folder(course), students_of(course)
    tell(f"{course.id}: waiting until nobody grades, then copying.")
    with while_nobody_grades(folder):
        place, _, gradebook = as_course(course, places, "gradebookfile", "save").partition(b"\0")
        if gradebook:
            archive.add(f"{course.id}/gradebook", gradebook, own, own)
        archive.add_tree(f"{course.id}/course", folder, _without(os.fsdecode(place)))
    archive.add_tree(f"{course.id}/exchange", places.exchange(course))
    for student in students if homes else ():
        _add_home(course, student, archive)
    kind = "SQLite" if gradebook.startswith(SQLITE) else "PostgreSQL"
    book = f"gradebook ({kind}, {len(gradebook) / 1e6:.1f} MB)" if gradebook else "no gradebook yet"
    counts = ", ".join(f"{archive.count(f'{course.id}/course/{step}/')} files in {step}/" for step in STEPS)
    tell(f"{course.id}: {book}, {counts}, {archive.count(f'{course.id}/exchange/')} in the exchange.")
    return {"title": course.title, "students": list(students), "gradebook": kind if gradebook else None}


def _add_home(course: Course, student: str, archive: Writer) -> None:
    """A student's own folder of the course, in whose place they may put what they like."""
    name = f"{course.id}/homes/{student}"
    try:
        archive.add_tree(name, Path(pwd.getpwnam(student).pw_dir, course.id))
    except MissingError:
        return
    except KeyError:
        archive.left_out[name] = f"there is no account {student}"
    except SchoolError as error:
        if not isinstance(error.__cause__, OSError):
            raise
        archive.keep_error(name, error.__cause__)


def _without(gradebook: str) -> Callable[[str], bool]:
    """What of a course folder is not saved: the gradebook's own file, which is copied apart, and what programs make by
    themselves."""
    apart = {gradebook, *(f"{gradebook}-{part}" for part in ("journal", "wal", "shm"))} if gradebook else set()
    return lambda path: path in apart or path.rpartition("/")[2] in (".ipynb_checkpoints", "__pycache__")


def _note(places: Places, target: Path, courses: list[str], unread: int) -> None:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    entry = {"time": now, "file": str(target), "courses": courses} | ({"unread": unread} if unread else {})
    records.add(places.state / NOTES, entry)
