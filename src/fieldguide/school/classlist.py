"""A class list on a school's server: accounts for those who have none, and the group and gradebook of a course.

Nothing is removed but by asking for it, and then a person leaves a group and keeps account, home and grades.
"""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, astuple, dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from fieldguide.grading.course import CourseError
from fieldguide.grading.names import FROM_ELSEWHERE, show
from fieldguide.grading.roster import by_other_ids, read_roster
from fieldguide.grading.spreadsheets import csv_file, csv_lines, given_id, unguarded
from fieldguide.hub.accounts import new_password
from fieldguide.school import SchoolError
from fieldguide.school.accounts import MADE, is_anothers, why_no_student
from fieldguide.school.acting import run_command_as
from fieldguide.school.apart import students_of, teaching_in
from fieldguide.school.backup import as_course
from fieldguide.school.identities import Identities, Identity
from fieldguide.school.machine import apply, members_of
from fieldguide.school.naming import account_of, note
from fieldguide.school.planning import Account, Places, Plan, grader, student_group
from fieldguide.school.reading import Course, School, SignIn, why_no_account
from fieldguide.school.server import environment

#: How the sentence ends that says of somebody that their account was not made here.
ANOTHERS = "has an account here that Field Guide has not made."


@dataclass(frozen=True, slots=True)
class Changes:
    """What a class list is to change: who comes in, who is in the course and not in the list."""

    students: tuple[str, ...]
    unlisted: tuple[str, ...]
    #: The list as the gradebook takes it, by accounts; and whom it called otherwise, by account.
    content: bytes
    called: dict[str, str]


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody as a class list and a gradebook have them."""

    id: str
    last_name: str = ""
    first_name: str = ""
    email: str = ""
    lms_user_id: str = ""


_FIELDS = tuple(Student.__dataclass_fields__)
_LONGEST = 128  # as the gradebook has it


def find_course(school: School, wanted: str) -> Course:
    """The course of an id. Raises SchoolError, which names those there are."""
    for course in school.courses:
        if course.id == wanted:
            return course
    there = ", ".join(course.id for course in school.courses)
    raise SchoolError(f"courses.toml has no course '{wanted}'. Courses there: {there}.")


def read(course: Course, places: Places, path: Path, *, existing: bool, sign_in: SignIn | None = None) -> Changes:
    """Read a class list; nothing is changed. ``sign_in`` is the service that calls people as the list does.

    With ``existing`` a student may have an account that Field Guide has not made. Raises SchoolError with every mistake
    and its line.
    """
    called: dict[str, str] = {}

    def account(value: str) -> str:
        if sign_in is None:
            return value
        why = sign_in.why_nobody(sign_in.plain(value))
        if why and not FROM_ELSEWHERE.fullmatch(value):
            raise CourseError(f"'{show(value)}' can be nobody's id: {why}.")
        found = account_of(sign_in, value, places)
        called[found] = value
        return found

    try:
        rows = read_roster(path, account)
        content = by_other_ids(path, account) if sign_in else path.read_bytes()
    except CourseError as error:
        raise SchoolError(str(error)) from error
    teaching = {*course.instructors, *course.assistants} | teaching_in(course)
    present = students_of(course)
    made = members_of(MADE)
    problems = []
    for number, student in rows:
        if student in teaching:
            why: str | None = (
                f"{called.get(student, student)} teaches {course.id}, and cannot be its student too. Take the row out "
                "of the list; or, where they teach it no longer, the name out of courses.toml, and run: "
                "fieldguide-admin apply"
            )
        else:
            why = why_refused(student, places, present, made, existing=existing)
        if why:
            problems.append(f"{path}, line {number}: {why}")
    if any(problem.endswith(ANOTHERS) for problem in problems):
        problems.append("Where such an account is the student's own, run it again with --existing.")
    if problems:
        raise SchoolError("\n".join([*problems, "Nothing was changed."]))
    students = tuple(dict.fromkeys(student for _, student in rows))
    return Changes(students, tuple(sorted(present - {*students})), content, called)


def why_refused(
    student: str, places: Places, present: frozenset[str], made: frozenset[str], *, existing: bool
) -> str | None:
    """Why somebody cannot come into a course with what is on this machine, in a sentence; None where they can.

    ``present`` is who is in the course already, ``made`` whose accounts were made here. With ``existing`` an account
    that was not is taken as it is.
    """
    why = why_no_account(student) or why_no_student(student)
    if why:
        return f"'{student}' cannot be an account of this machine: {why}."
    if is_anothers(student):
        return None if existing or student in present else f"{student} {ANOTHERS}"
    if student not in made and os.path.lexists(places.homes / student):
        return (
            f"{student} has no account, and a home {places.homes / student}, with the files of whoever had that name "
            "before. Move it away, or remove it."
        )
    return None


def take(
    course: Course,
    places: Places,
    path: Path,
    *,
    remove: bool,
    existing: bool,
    tell: Callable[[str], None],
    sign_in: SignIn | None = None,
) -> bool:
    """Bring a course to a class list: accounts, passwords for who has none, the group, and the gradebook. ``sign_in``
    is the service by which people sign in instead of a password. Returns whether the gradebook has something for people
    to look into.

    Raises SchoolError; run again, it goes on where it stopped.
    """
    changes = read(course, places, path, existing=existing, sign_in=sign_in)
    for _, cells in csv_lines(path, changes.content, ("id",)) if sign_in else ():
        given, family = unguarded(cells["first_name"]), unguarded(cells["last_name"])
        note(sign_in, changes.called[given_id(cells["id"])], places, given=given, family=family)
    enroll(course, places, changes.students, tell, remove=remove)
    content = _with_names(changes.content, sign_in, places) if sign_in else changes.content
    told, left = _take_list(course, places, content)
    for line in told:
        tell(line)
    if changes.unlisted and not remove:
        names = ", ".join(changes.unlisted)
        tell(f"In {course.id} and not in the list, left as they were: {names}. With --remove they leave the course.")
    return left


def enroll(
    course: Course, places: Places, students: tuple[str, ...], tell: Callable[[str], None], *, remove: bool = False
) -> None:
    """Give students accounts, passwords where they have none, and the group; ``remove`` takes others out of it.

    Raises SchoolError.
    """
    group = student_group(course)
    wanted = frozenset((*students, grader(course)))
    accounts = tuple(Account(name, places.homes / name) for name in students)
    strict = frozenset((group,)) if remove else frozenset()
    apply(Plan((MADE, group), accounts, {group: wanted}, strict, (), (), root=places.root), tell)
    give_passwords(students, places, course.id, tell)


def give_passwords(names: tuple[str, ...], places: Places, for_whom: str, tell: Callable[[str], None]) -> None:
    """Give a first password to each account that was made here and never had one, and write them into a file for root
    alone.

    An account that the school has made or locked stays as it is. The file is there before any password holds, so that
    none is lost.
    """
    made = members_of(MADE)
    elsewhere = Identities(places.identities).all()  # where they sign in
    without = [name for name in names if name in made and name not in elsewhere and _never_had_password(name)]
    if not without:
        return
    passwords = [(name, new_password()) for name in without]
    now = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    path = places.settings / f"first-passwords-{for_whom}-{now}.csv"
    for number in count(2):  # a run that was stopped in this second may have left one
        if not os.path.lexists(path):
            break
        path = path.with_name(f"first-passwords-{for_whom}-{now}-{number}.csv")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(csv_file(("id", "password"), passwords))
        stream.flush()
        os.fsync(stream.fileno())
    said = "".join(f"{name}:{word}\n" for name, word in passwords)
    done = subprocess.run(["chpasswd"], input=said, capture_output=True, text=True, check=False)  # noqa: S607
    if done.returncode:
        raise SchoolError(f"chpasswd: {done.stderr.strip()}")
    tell(f"{len(passwords)} first passwords are in {path}. Hand them out, each to its owner, and delete the file.")


def _never_had_password(name: str) -> bool:
    """Whether an account is as useradd leaves it. A password that was locked stands behind the same mark."""
    done = subprocess.run(  # noqa: S603  (the system's own)
        ["getent", "shadow", name],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    fields = done.stdout.split(":")
    if done.returncode or len(fields) < 2:
        raise SchoolError(f"The password of {name} could not be looked up (getent shadow {name}).")
    return fields[1] in ("!", "!!")


def into_gradebook(course: Course, places: Places, students: Iterable[Student]) -> None:
    """Tell the gradebook of students; nobody is removed from it. Raises SchoolError."""
    _take_list(course, places, csv_file(_FIELDS, [[*map(_line, astuple(student))] for student in students]))


def staff_into_gradebook(course: Course, places: Places, people: Iterable[Student]) -> None:
    """Tell the gradebook who works at its desk, by name. Raises SchoolError."""
    rows = [{name: _line(value) for name, value in asdict(one).items()} for one in people]
    as_course(course, places, "staff", given=json.dumps(rows).encode())


def known_of(sign_in: SignIn, account: str, known: Mapping[str, Identity]) -> Student:
    """What is known here of somebody from elsewhere, as a gradebook has it; of whom nothing is, the account alone.
    What the sign-in service calls them stands where a course site's number would, unless it is their address."""
    one = known.get(account)
    if one is None:
        return Student(account)
    is_login = one.issuer == sign_in.issuer and sign_in.name not in ("email", "sub")
    return Student(account, one.family_name, one.given_name, one.email, one.subject if is_login else "")


def _with_names(content: bytes, sign_in: SignIn, places: Places) -> bytes:
    """A list by accounts, with what is known here of whoever it says less of. Raises OSError."""
    known, rows = Identities(places.identities).all(), []
    for _, cells in csv_lines(Path("list"), content, ("id",)):
        one = known_of(sign_in, given_id(cells["id"]), known)
        rows.append([one.id, *(unguarded(cells[name]) or _line(getattr(one, name)) for name in _FIELDS[1:])])
    return csv_file(_FIELDS, rows)


def _line(told: str) -> str:
    """What somebody elsewhere says of a person, as one line for which the gradebook has room."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in told).split())[:_LONGEST]


def _take_list(course: Course, places: Places, content: bytes) -> tuple[list[str], bool]:
    """Take a list into the gradebook, as the course's account, whose file it is; also whether it has left something."""
    account = pwd.getpwnam(grader(course))
    settings = json.loads(places.server(course).read_text(encoding="utf-8"))
    with tempfile.NamedTemporaryFile(prefix="fieldguide-", suffix=".csv") as copy:
        copy.write(content)
        copy.flush()
        os.fchown(copy.fileno(), account.pw_uid, account.pw_gid)
        said, left = run_command_as(
            account.pw_name,
            [sys.executable, "-P", "-m", "fieldguide.cli", "roster", copy.name],
            places.folder(course),
            environment=environment(settings, "", account.pw_name, account.pw_dir),
        )
    return ["The gradebook:", *(f"  {line}" for line in said.decode("utf-8").splitlines() if line)], left
