"""Deletes what a school's server holds of one student, and keeps a record that it was done (`deletions`)."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fieldguide.grading.extensions import note_of
from fieldguide.grading.inbound import feedback_name, number_of, read_secret
from fieldguide.school import SchoolError
from fieldguide.school.acting import run_as
from fieldguide.school.apart import take_out
from fieldguide.school.archive import Archive
from fieldguide.school.backup import STEPS, as_course, backups_made
from fieldguide.school.deleting import delete, open_folder
from fieldguide.school.deletions import deleted_before, note, torn_deletions
from fieldguide.school.identities import Identities
from fieldguide.school.machine import MissingError, inside, members_of, user_name
from fieldguide.school.mentions import mentions
from fieldguide.school.planning import LTI_ACCOUNT, Places, grader, student_group
from fieldguide.school.reading import Course, why_no_account

_IN_MEMORY = 16 << 20
#: What the rows of each table that tells of a student are, in words.
TABLES = {
    "student": "the student",
    "fieldguide_staff": "the name as one who works at the desk",
    "fieldguide_student": "that there was such a student",
    "submitted_assignment": "submissions, with extensions",
    "submitted_notebook": "notebooks",
    "grade": "scores",
    "comment": "comments",
    "fieldguide_seen": "what scorers saw",
    "fieldguide_level": "points by criterion",
    "fieldguide_scoring": "what each scorer gave",
    "fieldguide_answer": "answers to requests",
    "fieldguide_looked": "looks at what was handed in",
    "fieldguide_unlogged": "lines for the log of scores",
}


@dataclass
class Trace:
    """What there is of a student in one course. Paths are those of the machine."""

    course: Course
    is_member: bool = False
    rows: dict[str, int] = field(default_factory=dict)
    entries: dict[str, int] = field(default_factory=dict)
    folders: list[Path] = field(default_factory=list)
    handed_in: list[Path] = field(default_factory=list)
    pages: list[Path] = field(default_factory=list)
    homes: list[Path] = field(default_factory=list)
    #: How many entries the service of course sites has: which number there is theirs, and the grades that went there.
    at_site: int = 0
    #: What is left to people, each in a sentence.
    left: list[str] = field(default_factory=list)
    #: What could not be deleted, each in a sentence.
    stayed: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        found = (self.rows, self.entries, self.folders, self.handed_in, self.pages, self.homes)
        return self.is_member or bool(self.at_site) or any(found)

    def told(self) -> Iterator[str]:
        """What there is, in words."""
        if self.is_member:
            yield f"the place in the group {student_group(self.course)}"
        for table, count in self.rows.items():
            yield f"gradebook: {count} of {TABLES[table]}"
        for name, count in self.entries.items():
            yield f"{name}: {count} entries"
        if self.at_site:
            yield f"what is kept of the course site: {self.at_site} entries"
        yield from map(str, (*self.folders, *self.handed_in, *self.pages, *self.homes))


def need_student(student: str, course: Course) -> None:
    """Raise SchoolError where nobody of this name can be a student of a course."""
    why = why_no_account(student)
    if why:
        raise SchoolError(f"'{student}' can be no student's account: {why}.")
    if student in (*course.instructors, *course.assistants):
        raise SchoolError(f"{student} teaches {course.id}. Take the name out of courses.toml first.")


def find(student: str, course: Course, places: Places, *, home: bool, leave: bool = False) -> Trace:
    """What there is of a student in a course. Raises SchoolError.

    With ``leave`` the student leaves the course's group first, so that nothing more is handed in.
    """
    need_student(student, course)
    is_member = student in members_of(student_group(course))
    if is_member and leave:
        take_out(student, course)
    said = _ask_course(course, places, "look", student)
    trace = Trace(course, is_member, said["rows"], said["entries"])
    trace.folders = [places.folder(course) / name for name in said["folders"]]
    exchange = places.exchange(course) / course.id
    names = set(said["pages"]) | _find_handed_in(student, exchange / "inbound", trace)
    own = (*(exchange / "feedback" / name for name in names), note_of(student, exchange))
    trace.pages = sorted(path for path in own if path.is_file())
    trace.left += [f"{places.folder(course) / name} names {student}: look into it." for name in said["mentions"]]
    trace.left += [
        f"{places.folder(course) / name} could not be looked into, and may hold data of {student}."
        for name in said["closed"]
    ]
    trace.left += [
        f"{path} may hold a first password of {student}: delete the file once it is handed out."
        for path in sorted(places.settings.glob("first-passwords-*.csv"))
        if f"\n{student}," in path.read_text(encoding="utf-8")
    ]
    trace.at_site = _at_site(student, course, places, "look")
    at_home = _in_home(student, course)
    if home:
        trace.homes = at_home
    else:
        trace.left += [f"{path} stays. With --home it is deleted too." for path in at_home]
    return trace


def forget(student: str, trace: Trace, places: Places) -> Path:
    """Delete what was found, and note it; returns the file of the record. Raises SchoolError; run again, it goes on.

    What could not be deleted is then in ``trace.stayed``, and stops nothing else.
    """
    course, done = trace.course, _Done()
    try:
        if trace.is_member:
            done.counts["group"] = 1
        # What is handed in tells the names of the pages, so it goes after them.
        for path in (*trace.pages, *trace.handed_in):
            try:
                with inside(path.parent) as folder:
                    delete(path.name, folder)
            except OSError as error:
                trace.stayed.append(f"{path} could not be deleted: {error.strerror}.")
            else:
                done.paths.append(path)
        said = _ask_course(course, places, "delete", student)
        done.counts |= said["rows"]
        # A file can be called by the name that the record is to keep to itself.
        done.counts |= {name.replace(student, "STUDENT"): count for name, count in said["entries"].items()}
        done.paths += [places.folder(course) / name for name in said["folders"]]
        if deleted := _at_site(student, course, places, "delete"):
            done.counts["course site"] = deleted
        for path in trace.homes:
            try:
                run_as(student, ["rm", "-rf", "--", str(path)], Path("/"))
            except SchoolError as error:
                trace.stayed.append(f"{path} could not be deleted: {error}.")
            else:
                done.paths.append(path)
    finally:
        record = note(student, course.id, done.counts, done.paths, places)
    return record


def backups_with(student: str, places: Places) -> Iterator[str]:
    """The backups that still hold a student's data in any course, or may, each in a sentence."""
    made, torn = backups_made(places)
    for one in made:
        path = Path(one["file"])
        named = f"The backup of {one['time'][:10]}, {path},"
        if not path.exists():
            yield f"{named} is no longer there. Where it was moved to another place, it may hold data of {student}."
            continue
        try:
            holds = _holds(Archive(path), student)
        except SchoolError as error:
            yield f"{named} could not be looked into: {error}"
            continue
        if holds:
            yield f"{named} still holds data of {student}. Make a new one, then delete it."
        elif holds is None:
            unseen = "could not all be looked into, and may hold data of"
            yield f"{named} {unseen} {student}. Make a new one, then delete it."
    yield from torn


@dataclass
class _Done:
    counts: dict[str, int] = field(default_factory=dict)
    paths: list[Path] = field(default_factory=list)


def _holds(archive: Archive, student: str) -> bool | None:
    """Whether there is anything of a student in a backup; None where not all of it could be looked into."""
    assert archive.about is not None
    if any(student in course["students"] for course in archive.about["courses"].values()):
        return True
    names = (*archive.kept, *archive.left_out, *archive.unread)
    parts = (part for name in names for part in name.split("/"))
    if any(part == student or part.startswith(f"{student}+") for part in parts):
        return True
    unseen = False
    for name, _, content in archive.files(""):
        if not _is_anothers_work(name):
            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as copy:
                shutil.copyfileobj(content, copy)
                copy.seek(0)
                said = mentions(copy, student)
            if said:
                return True
            unseen |= said is None
    return None if unseen else False


def _is_anothers_work(name: str) -> bool:
    """Whether a file of a backup is what somebody handed in or keeps, or a module, rather than made by who teaches."""
    _, part, step = (*name.split("/", 2), "", "")[:3]
    return part in ("exchange", "homes") or step.partition("/")[0] in (*STEPS, "release")


def _find_handed_in(student: str, inbound: Path, trace: Trace) -> set[str]:
    """Find what a student handed in, and return the names of the pages that its secrets tell.

    Anybody can put a file, a link or a pipe there: it is theirs or not by its owner, and only a folder is looked into.
    """
    owners = {number_of(student), number_of(grader(trace.course)), 0}
    pages: set[str] = set()
    try:
        with inside(inbound) as parent:
            for name in sorted(os.listdir(parent)):  # noqa: PTH208 (a descriptor)
                if not name.startswith(f"{student}+"):
                    continue
                try:
                    owner = os.stat(name, dir_fd=parent, follow_symlinks=False).st_uid
                except FileNotFoundError:  # it went meanwhile
                    continue
                if owner not in owners and user_name(owner) != str(owner):
                    trace.left.append(
                        f"{inbound / name} is named for {student} and belongs to the account {user_name(owner)}: "
                        "it is not theirs, and stays."
                    )
                    continue
                trace.handed_in.append(inbound / name)
                folder = open_folder(name, parent)
                if folder is not None:
                    try:
                        pages |= _pages(folder, name.split("+")[1])
                    finally:
                        os.close(folder)
    except MissingError:
        pass
    return pages


def _pages(folder: int, module: str) -> set[str]:
    secret = read_secret(Path(f"/proc/self/fd/{folder}"))
    notebooks = (Path(name) for name in os.listdir(folder))
    names = {module, *(path.stem for path in notebooks if path.suffix == ".ipynb")}
    return {feedback_name(secret, name) for name in names} if secret else set()


def _ask_course(course: Course, places: Places, step: str, student: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(as_course(course, places, "forgetcourse", step, student))
    return said


def _at_site(student: str, course: Course, places: Places, step: str) -> int:
    """How many entries the service of course sites has of a student, or had until they were deleted."""
    if not places.lti.exists():
        return 0
    program = [sys.executable, "-P", "-m", "fieldguide.lti.forgetting"]
    asked = [*program, str(places.lti / "store.sqlite"), course.id, student, step]
    return int(run_as(LTI_ACCOUNT, asked, Path("/")))


def _in_home(student: str, course: Course) -> list[Path]:
    """The course's folders in a student's home: what was answered, and nbgrader's own copies of what was handed in."""
    try:
        home = pwd.getpwnam(student).pw_dir
    except KeyError:
        return []
    wanted = (Path(home, course.id), Path(home, ".local/share/jupyter/nbgrader_cache", course.id))
    return [path for path in wanted if path.exists()]


def forget_everywhere(
    student: str,
    courses: tuple[Course, ...],
    places: Places,
    *,
    home: bool,
    really: bool,
    tell: Callable[[str], None],
    everywhere: bool = True,
    gone: tuple[Course, ...] = (),
    unknown: tuple[Path, ...] = (),
) -> int:
    """Tell what there is of a student in some courses and, ``really``, delete it; returns how many things were named
    that people have to look into. Raises SchoolError.

    ``everywhere``: these are all courses, so that nobody needs to know any more whose account it is. ``gone`` are those
    among the courses that courses.toml no longer has, ``unknown`` folders beside them.
    """
    for course in courses:
        need_student(student, course)
    traces = [find(student, course, places, home=home, leave=really) for course in courses]
    found = [trace for trace in traces if trace]
    before = [*deleted_before(student, places), *torn_deletions(places)]
    left = [line for trace in traces for line in trace.left]
    left += [f"{path} is of no course in courses.toml, and may hold data of {student}." for path in unknown]
    if not found:
        names = ", ".join(course.id for course in courses)
        nothing = f"There is nothing of {student} in {names}. Nothing was deleted."
        raise SchoolError("\n".join([nothing, *before, *left, *backups_with(student, places)]))
    for trace in found:
        taken_out = ", which courses.toml no longer has" if trace.course in gone else ""
        tell(f"{trace.course.id}{taken_out}, of {student}:")
        for line in trace.told():
            tell(f"  {line}")
    if not really:
        tell(f"Nothing was deleted. To delete it for good: fieldguide-admin forget {student}")
    for trace in found if really else ():
        record = forget(student, trace, places)
        done = "not all of it could be deleted" if trace.stayed else "deleted"
        tell(f"{trace.course.id}: {done}. The record of it is in {record}.")
    if really and everywhere and Identities(places.identities).forget([student]):
        tell(f"{places.identities}: {student} is deleted; whose account it was is known here no more.")
    left += backups_with(student, places)
    for line in [*before, *left]:
        tell(line)
    tell(f"The account {student} stays, and what the hub knows of it: that it is there, and when it was last used.")
    stayed = [line for trace in traces for line in trace.stayed]
    if stayed:
        raise SchoolError("\n".join([*stayed, f"Mend that, then run again: fieldguide-admin forget {student}"]))
    return len(left)
