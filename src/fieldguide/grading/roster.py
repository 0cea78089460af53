"""The class list: a CSV file of students, as a registrar or a spreadsheet saves it, taken into the gradebook.

Every row is reported. By a command all rows are taken or none: a mistake in one row means that nothing is written. The
desk shows before what would become of each row, mistakes included, and takes the others when told to.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.files import course_lock
from fieldguide.grading.gradebook import removed_students
from fieldguide.grading.names import show, why_no_id
from fieldguide.grading.spreadsheets import csv_file, csv_lines, given_id, read_csv, unguarded
from fieldguide.grading.twins import likely_twins

#: nbgrader's columns for a student, besides the id.
DETAILS = ("last_name", "first_name", "email", "lms_user_id")
_LONGEST = 128  # as the gradebook has it
_MOST_PROBLEMS = 50
_SHORTENED = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Row:
    """One student of the file. ``details`` holds the cells that are not empty."""

    number: int
    student: str
    details: dict[str, str]


@dataclass(slots=True)
class RosterReport:
    """The result of taking a class list."""

    #: The outcome of each row, by its number in the file.
    rows: dict[int, str] = field(default_factory=dict)
    #: What is wrong with each row that cannot be taken, likewise.
    mistakes: dict[int, str] = field(default_factory=dict)
    #: Students of whom a later row says something else, with the number of that row.
    contradicted: dict[str, int] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    #: New students who probably are in the gradebook under another id.
    twins: dict[str, list[str]] = field(default_factory=dict)
    #: Students of the gradebook who are not in the file; they are unchanged.
    unlisted: list[str] = field(default_factory=list)
    #: Columns that nbgrader does not have.
    unused: list[str] = field(default_factory=list)


def take_roster(course: Course, path: Path) -> RosterReport:
    """Update the gradebook's students from a class list. Nobody is removed, and an empty cell changes nothing.

    Raises CourseError, with every mistake and its line, before anything is changed.
    """
    report = RosterReport()
    rows = _read(path, report)
    _take(course, rows, report, write=True)
    return report


def look_at_roster(course: Course, name: str, content: bytes, *, write: bool) -> RosterReport:
    """What becomes of each row of a class list that was uploaded as ``name``, and with ``write`` doing it.

    Rows with a mistake are left out, and told; so are two rows that say different things of one student. Raises
    CourseError where the file is no class list, or has no row.
    """
    path, report = Path(name), RosterReport()
    rows = _rows(path, csv_lines(path, content, ("id",)), report)
    for row in [row for row in rows if row.student in report.contradicted]:
        rows.remove(row)
        other = report.contradicted[row.student]
        report.mistakes[row.number] = (
            f"{row.student} is in line {other} too, and not the same there. Keep one of the two."
        )
    _take(course, rows, report, write=write)
    return report


def _take(course: Course, rows: list[_Row], report: RosterReport, *, write: bool) -> None:
    if not course.folder("source", ".", "x").parent.is_dir():
        raise CourseError(f"{course.root} is no course's folder: it has no folder of sources. Name it with --project.")
    from nbgrader.api import Gradebook, Student  # imported only once the file is known to be correct: it takes seconds

    try:
        with course_lock(course.root), Gradebook(course.db_url, course.course_id) as gradebook:
            known = {student.id: student for student in gradebook.students}
            with gradebook.engine.connect() as connection:
                removed = removed_students(connection)
            for row in rows:
                student = known.get(row.student)
                if student is None:
                    gradebook.db.add(Student(id=row.student, **row.details))
                    report.added.append(row.student)
                    report.rows[row.number] = f"{row.student}, added{' again' if row.student in removed else ''}"
                else:
                    _bring_up_to_date(student, row, report)
            if write:
                gradebook.db.commit()
            else:
                gradebook.db.rollback()
    except SQLAlchemyError as error:
        why = getattr(error, "orig", None) or error
        raise CourseError(f"The gradebook could not be used, and nothing in it was changed: {why}") from error
    report.twins = likely_twins(report.added, known)
    listed = {row.student for row in rows}
    report.unlisted = sorted(student for student in known if student not in listed)


def read_roster(path: Path, id_of: Callable[[str], str] = str) -> list[tuple[int, str]]:
    """The students of a class list, each with the line; ``id_of`` tells the id of whom a list calls otherwise.

    It raises CourseError where that can be nobody. So does this, with every mistake and its line.
    """
    return [(row.number, row.student) for row in _read(path, RosterReport(), id_of)]


def by_other_ids(path: Path, id_of: Callable[[str], str]) -> bytes:
    """A class list with the ids that ``id_of`` tells, in nbgrader's columns. Raises CourseError."""
    rows = _read(path, RosterReport(), id_of)
    return csv_file(("id", *DETAILS), [(row.student, *(row.details.get(name, "") for name in DETAILS)) for row in rows])


def _bring_up_to_date(student: Any, row: _Row, report: RosterReport) -> None:
    """Change those details of a student in the gradebook that differ from the file."""
    changes = []
    for name, value in row.details.items():
        before = getattr(student, name) or ""
        if before != value:
            setattr(student, name, value)
            changes.append(f"{name}: {show(before) or 'none'} → {value}")
    (report.changed if changes else report.same).append(row.student)
    report.rows[row.number] = f"{row.student}, {'; '.join(changes) or 'as it was'}"


def summary(report: RosterReport) -> str:
    """A line for each row, warnings, and the counts."""
    lines = [f"line {number}: {outcome}" for number, outcome in sorted(report.rows.items())]
    if report.twins:
        lines += ["", "To look into:"]
        for new, old in report.twins.items():
            lines.append(f"  {new} is new, and is likely {', '.join(map(show, old))}.")
        lines.append("  Where it is one person, take the wrong id out again: nbgrader db student remove ID")
    if report.unlisted:
        names = ", ".join(map(show, report.unlisted))
        lines += ["", f"In the gradebook and not in the file, left as they were: {names}."]
    if report.unused:
        lines += ["", f"Columns that were not used: {', '.join(map(show, report.unused))}."]
    counts = f"{len(report.added)} added, {len(report.changed)} changed, {len(report.same)} as they were"
    return "\n".join([*lines, "", f"{counts}."])


def _read(path: Path, report: RosterReport, id_of: Callable[[str], str] = str) -> list[_Row]:
    """The rows of a file, one for each student. Raises CourseError with every mistake."""
    try:
        lines = read_csv(path, ("id",))
    except FileNotFoundError:
        raise CourseError(f"There is no file {path}.") from None
    rows = _rows(path, lines, report, id_of)
    if report.mistakes:
        problems = [f"{path}, line {number}: {why}" for number, why in sorted(report.mistakes.items())]
        more = f"\n(and {len(problems) - _MOST_PROBLEMS} more)" if len(problems) > _MOST_PROBLEMS else ""
        raise CourseError("\n".join(problems[:_MOST_PROBLEMS]) + more + "\nNothing was written.")
    return rows


def _rows(
    path: Path, lines: list[tuple[int, dict[str, str]]], report: RosterReport, id_of: Callable[[str], str] = str
) -> list[_Row]:
    """The rows of a file without a mistake, one for each student. Raises CourseError where it has no row."""
    report.unused = [name for name in (lines[0][1] if lines else {}) if name and _field(name) not in ("id", *DETAILS)]
    rows: dict[str, _Row] = {}
    for number, cells in lines:
        named = {_field(name): cell for name, cell in cells.items()}
        id_ = given_id(named["id"].strip())
        try:
            row = _Row(number, id_of(id_) if id_ else "", _details(named))
        except CourseError as error:
            report.mistakes[number] = str(error)
            continue
        why = _mistake(row, rows.get(row.student))
        if why:
            report.mistakes[number] = why
            if row.student in rows and row.details != rows[row.student].details:
                report.contradicted[row.student] = number
        elif row.student in rows:
            report.rows[number] = f"{row.student}, the same as line {rows[row.student].number}"
        else:
            rows[row.student] = row
    if not lines:
        raise CourseError(f"{path} has no students in it, only the columns' names.")
    return list(rows.values())


def _field(column: str) -> str:
    return re.sub("[ -]+", "_", column)


def _details(cells: dict[str, str]) -> dict[str, str]:
    """What the file holds of a student besides the id, each as one line of text."""
    values = {name: " ".join(unguarded(cells.get(name) or "").split()) for name in DETAILS}
    return {name: text for name, text in values.items() if text}


def _mistake(row: _Row, earlier: _Row | None) -> str | None:
    """What is wrong with a row; None where it is correct."""
    if not row.student:
        return "there is no id in it. Every row needs one: the name that the student logs in with."
    if _SHORTENED.fullmatch(row.student):
        return f"{row.student} is a number that a spreadsheet shortened. Make the column text, and enter the id anew."
    no_id = why_no_id(row.student)
    if no_id:
        return f"'{show(row.student)}' can be no student's id: it {no_id}."
    for name, text in row.details.items():
        if len(text) > _LONGEST or not text.isprintable():
            return f"the {name} of {row.student} is longer than {_LONGEST} signs, or has signs that cannot be seen."
    if earlier is not None and earlier.details != row.details:
        return f"{row.student} is in line {earlier.number} already, and not the same there. Keep one of the two."
    return None
