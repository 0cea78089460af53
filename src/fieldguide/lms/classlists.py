"""A class list as a registrar or a course site gives it, for a course whose accounts have names that tell nothing.

Whose row each is, is found among those whom the gradebook knows already. Nobody is added: an account follows from who
somebody is elsewhere, which no such list tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from fieldguide.grading import schema as t
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.names import show
from fieldguide.grading.roster import DETAILS, RosterReport, look_at_roster
from fieldguide.grading.schema import gradebook_at
from fieldguide.grading.spreadsheets import csv_file, csv_lines, given_id, unguarded
from fieldguide.lms.people import NOBODY, Row, find_people

#: How registrars and course sites head their columns, without spaces and signs, by what stands in them.
_HEADINGS = {
    "id": "id account",
    "login": "login loginid sisloginid username user netid",
    "number": "lmsuserid sisuserid sisid studentid studentnumber idnumber orgdefinedid",
    "email": "email emailaddress mail",
    "first_name": "firstname givenname first",
    "last_name": "lastname surname familyname last",
    "name": "name fullname student studentname",
}
_FIELDS = {heading: field for field, headings in _HEADINGS.items() for heading in headings.split()}


@dataclass(frozen=True, slots=True)
class Looked:
    """What becomes of a list's rows, by their numbers in the file, and how many of them are nobody's."""

    report: RosterReport
    strangers: int


def look_at_class_list(course: Course, name: str, content: bytes, *, write: bool) -> Looked:
    """What becomes of each row of a list that was uploaded as ``name``, and with ``write`` doing it.

    Raises CourseError where the file is no list of people, or has no row.
    """
    path = Path(name)
    lines = csv_lines(path, content, ())
    fields = _fields(path, lines)
    given = {number: _given(cells, fields) for number, cells in lines}
    rows = [_row(number, told) for number, told in given.items()]
    students = {student.id: student for student in _students(course)}
    found = find_people(rows, students.values())
    mistakes = {row.number: f"{_name_of(row)}{why}." for row, why in found.unknown.items()}
    taken: list[tuple[str, dict[str, str], int, str]] = []
    for row in rows:
        if row.number in found.students:
            student = students[found.students[row.number]]
            details, how = _details(given[row.number], student), _how(row, student)
            if how:
                taken.append((student.id, details, row.number, how))
            else:
                mistakes[row.number] = (
                    f"{_name_of(row)}{show(student.id)} has this name, and another address or id. Where it is the same "
                    "person, correct the row."
                )
    report = RosterReport(unlisted=sorted(students))
    if taken:
        by_account = csv_file(
            ("id", *DETAILS), [(id_, *(details.get(name, "") for name in DETAILS)) for id_, details, *_ in taken]
        )
        report = look_at_roster(course, name, by_account, write=write)
    report.rows = {taken[place - 2][2]: f"{what} ({taken[place - 2][3]})" for place, what in report.rows.items()}
    report.mistakes = mistakes | {taken[place - 2][2]: why for place, why in report.mistakes.items()}
    report.unused = [column for column in (lines[0][1] if lines else ()) if column and column not in fields]
    return Looked(report, sum(why == NOBODY for why in found.unknown.values()))


def _fields(path: Path, lines: list[tuple[int, dict[str, str]]]) -> dict[str, str]:
    """What stands in each column that is known; of two alike the first counts. Raises CourseError where nobody can be
    found by any."""
    if not lines:
        raise CourseError(f"{path} has no students in it.")
    fields: dict[str, str] = {}
    for column in lines[0][1]:
        field = _FIELDS.get("".join(sign for sign in column if sign.isalnum()))
        if field and field not in fields.values():
            fields[column] = field
    if not {"id", "login", "number", "email", "name"} & {*fields.values()} and "last_name" not in fields.values():
        there = ", ".join(show(column, 40) for column in list(lines[0][1])[:8] if column)
        raise CourseError(
            f"{path} has no column by which somebody can be found. Its first line has: {there or 'nothing'}. Expected "
            "one such as email, login, student id or last name."
        )
    return fields


def _given(cells: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, str]:
    """What a line says of a person, by field."""
    return {field: " ".join(unguarded(cells[column]).split()) for column, field in fields.items()}


def _row(number: int, given: Mapping[str, str]) -> Row:
    last, first = given.get("last_name", ""), given.get("first_name", "")
    if not last and not first:
        last, comma, first = given.get("name", "").partition(",")
        if not comma:
            first, _, last = last.rpartition(" ")
    id_ = given_id(given.get("id", ""))
    ids, logins = (id_, given.get("number", "")), (given.get("login", ""), given.get("email", ""), id_)
    return Row(number, ids, logins, last.strip(), first.strip())


def _details(given: Mapping[str, str], student: Any) -> dict[str, str]:
    """What of it the gradebook takes. A login stands where the course site's number would, where there is none."""
    details = {name: given.get(name, "") for name in DETAILS}
    last, comma, first = given.get("name", "").partition(",")
    if comma and not (details["last_name"] or details["first_name"]):
        details |= {"last_name": last.strip(), "first_name": first.strip()}
    details["lms_user_id"] = given.get("number", "") or ("" if student.lms_user_id else given.get("login", ""))
    for name in ("email", "lms_user_id"):  # in which capitals are no other letters
        if details[name].casefold() == (getattr(student, name) or "").casefold():
            details[name] = ""
    return details


def _how(row: Row, student: Any) -> str:
    """How a row's student was found, in words; empty where it is by a name alone that says something else too."""
    keys = (("e-mail address", student.email), ("school id or login", student.lms_user_id), ("id", student.id))
    for what, key in keys:
        if key and key.casefold() in {one.casefold() for one in (*row.ids, *row.logins)}:
            return f"found by {what}"
    number, email = row.ids[1], row.logins[1]
    differs = (number and student.lms_user_id) or (email and student.email)
    return "" if differs else "found by name alone"


def _name_of(row: Row) -> str:
    name = ", ".join(show(part) for part in (row.last_name, row.first_name) if part)
    return f"{name}: " if name else ""


def _students(course: Course) -> Iterator[Any]:
    student = t.student.c
    query = select(student.id, student.last_name, student.first_name, student.email, student.lms_user_id)
    with gradebook_at(course.db_url) as engine, engine.connect() as connection:
        yield from connection.execute(query)
