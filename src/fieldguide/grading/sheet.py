"""Scoring essays in a sheet: a CSV file with a line for each student and criterion, for any spreadsheet program."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fieldguide.grading.classgrader import instructor_notebook
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.gradebook import find_book
from fieldguide.grading.levels import EssayGrade, RubricScore, read_essay_grades, read_levels, save_levels
from fieldguide.grading.names import show
from fieldguide.grading.pages import read_graded_notebook, responses_in
from fieldguide.grading.schema import OURS, for_writing, gradebook_at
from fieldguide.grading.score_log import keep_scored, write_log
from fieldguide.grading.spreadsheets import csv_file, given_id, kept_id, read_csv
from fieldguide.grading.twins import likely_twins
from fieldguide.items import Criterion, Essay

_TAKEN = ("student", "item", "criterion", "points")
COLUMNS = (*_TAKEN, "up to", "looks for", "levels", "answer")
_MOST_PROBLEMS = 10
#: A spreadsheet's cell holds at most 32,767 characters.
_LONGEST_ANSWER = 32_000


def write_sheet(course: Course, module: str, path: Path) -> int:
    """Write a sheet for all essays of a module that wait for a person; returns how many there are.

    Raises CourseError where it cannot be written; also where a file of that name exists, since it may hold scores.
    """
    essays = {name: essay for name, essay in essays_in(course, module).items() if essay.withdrawn is None}
    with gradebook_at(course.db_url) as engine, engine.connect() as connection:
        found = read_essay_grades(connection, find_book(connection, module), list(essays))
        waiting = [essay for essay in found.values() if essay.waits]
        levels = read_levels(connection, [essay.grade_id for essay in waiting])
    answers = _answers(course, module, {essay.student for essay in waiting})
    rows = [
        (
            kept_id(essay.student),
            kept_id(essay.item),
            kept_id(name),
            levels.get(essay.grade_id, {}).get(name, ""),
            criterion.points,
            criterion.text,
            level_text(criterion),
            answers[essay.student].get(essay.item, ""),
        )
        for essay in waiting
        for name, criterion in essays[essay.item].rubric.items()
    ]
    write_new(path, csv_file(COLUMNS, rows))
    return len(waiting)


def level_text(criterion: Criterion) -> str:
    """The levels of a criterion, one a line."""
    return "\n".join(f"{points}: {text}" for points, text in sorted(criterion.levels.items()))


def _answers(course: Course, module: str, students: Iterable[str]) -> dict[str, dict[str, str]]:
    """The texts that were graded, by student and item, as Formgrader shows them."""
    answers: dict[str, dict[str, str]] = {}
    for student in students:
        path = course.folder("autograded", student, module) / f"{module}.ipynb"
        try:
            given = responses_in(read_graded_notebook(path))
        except (OSError, ValueError) as error:
            raise CourseError(
                f"{path} holds what {show(student)} wrote, and cannot be read ({error}). Grade again; no sheet was "
                "written."
            ) from error
        answers[student] = {item: readable(text) for item, text in given.items() if isinstance(text, str)}
    return answers


def readable(text: str) -> str:
    """A text as a spreadsheet's cell can hold it: its lines and words, without invisible characters."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n")[:_LONGEST_ANSWER]
    clean = "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in kept)
    return f"{clean}… (more in Formgrader)" if len(text) > _LONGEST_ANSWER else clean


def write_new(path: Path, content: bytes) -> None:
    """Write a new file that only its owner can read, completely or not at all."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise CourseError(f"{path} is there already, and may hold your scores. Name another.") from error
    except OSError as error:
        raise CourseError(f"{path} could not be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise CourseError(f"{path} could not be written: {error.strerror}.") from error


def take_sheet(course: Course, module: str, path: Path) -> tuple[list[tuple[RubricScore, float | None]], str | None]:
    """Save the levels in a sheet; returns what was given, each with the manual score before.

    The second value says why the log of changed scores could not be written; None where it was written. Essays without
    any points stay unchanged. Raises CourseError, and saves nothing, when anything is wrong.
    """
    essays = essays_in(course, module)
    sheet = read_sheet(path, essays)
    _refuse(_withdrawn(path, sheet, essays))
    with gradebook_at(course.db_url) as engine:
        with for_writing(engine).begin() as connection:
            found = read_essay_grades(connection, find_book(connection, module), list(essays))
            _refuse(_unknown(path, sheet, found) + _incomplete(path, sheet, essays))
            OURS.create_all(connection)
            taken = []
            for line in sheet:
                essay = found[line.given.student, line.given.item]
                save_levels(connection, essay, line.given)
                taken.append((line.given, essay.points))
            keep_scored(connection, module, taken)
        return taken, write_log(engine, course.root)


def essays_in(course: Course, module: str) -> dict[str, Essay]:
    """The essays of a module by id, with rubric and levels."""
    graded = instructor_notebook(course, module).graded
    return {one.item.id: one.item for one in graded if isinstance(one.item, Essay)}


@dataclass(frozen=True, slots=True)
class Line:
    """The points that a sheet gives an essay, and the number of the first line with one of them."""

    given: RubricScore
    number: int


def read_sheet(path: Path, essays: dict[str, Essay]) -> list[Line]:
    """The lines of a sheet, one entry for each essay that has points. Raises CourseError where anything is wrong."""
    problems: list[str] = []
    sheet: dict[tuple[str, str], Line] = {}
    try:
        rows = read_csv(path, _TAKEN)
    except FileNotFoundError as error:
        raise CourseError(
            f"There is no sheet {path}. To write one with every essay that waits, add --new; nothing was saved."
        ) from error
    except CourseError as error:
        raise CourseError(f"{error} Nothing was saved.") from error
    for number, row in rows:
        problem = _take(number, row, essays, sheet)
        if problem:
            problems.append(f"{path.name}, line {number}: {problem}")
    _refuse(problems)
    return list(sheet.values())


def _unknown(path: Path, sheet: list[Line], found: dict[tuple[str, str], EssayGrade]) -> list[str]:
    """What is wrong with lines about an essay that is not in the gradebook."""
    unknown = [line for line in sheet if (line.given.student, line.given.item) not in found]
    twins = likely_twins((line.given.student for line in unknown), dict.fromkeys(student for student, _ in found))
    problems = []
    for line in unknown:
        student = line.given.student
        why = _what_became_of_student(student, twins.get(student, []))
        problems.append(f"{path.name}, line {line.number}: {show(student)} has not been graded.{why}")
    return problems


def _withdrawn(path: Path, sheet: list[Line], essays: dict[str, Essay]) -> list[str]:
    """What is wrong with points for essays of which everybody has all points."""
    return [
        f"{path.name}, line {line.number}: {line.given.item} was withdrawn, and everybody has its points. Leave the "
        "points of its lines empty."
        for line in sheet
        if essays[line.given.item].withdrawn is not None
    ]


def _incomplete(path: Path, sheet: list[Line], essays: dict[str, Essay]) -> list[str]:
    """What is wrong with essays that have points for some criteria only."""
    problems = []
    for line in sheet:
        student, item, levels = line.given.student, line.given.item, line.given.levels
        lacks = [name for name in essays[item].rubric if name not in levels]
        if lacks:
            problems.append(
                f"{path.name}, line {line.number}: {show(student)}, {item}: no points for {', '.join(lacks)}."
            )
    return problems


def _refuse(problems: list[str]) -> None:
    if problems:
        more = f"\n(and {len(problems) - _MOST_PROBLEMS} more)" if len(problems) > _MOST_PROBLEMS else ""
        raise CourseError("\n".join(problems[:_MOST_PROBLEMS]) + more + "\nNothing was saved.")


def _take(number: int, row: dict[str, str], essays: dict[str, Essay], sheet: dict[tuple[str, str], Line]) -> str | None:
    """Read one line of a sheet into ``sheet``; returns what is wrong with it."""
    student, item, name = (given_id(row[column].strip()) for column in _TAKEN[:3])
    written = row["points"].strip()
    if not written:
        return None
    if item not in essays:
        return f"there is no essay '{show(item)}'. Expected one of: {', '.join(essays) or 'none'}."
    rubric = essays[item].rubric
    if name not in rubric:
        return f"{item} has no criterion '{show(name)}'. Expected one of: {', '.join(rubric)}."
    try:
        points = float(written.replace(",", "."))
    except ValueError:
        points = -1.0
    if not 0 <= points <= rubric[name].points:
        expected = f"Expected a number from 0 to {rubric[name].points}.{_what_became_of_points(written)}"
        return f"'{show(written)}' are no points for {name}. {expected}"
    levels = sheet.setdefault((student, item), Line(RubricScore(student, item, {}), number)).given.levels
    if name in levels:
        return f"{show(student)}, {item}: {name} is given twice."
    levels[name] = points
    return None


# -- what a spreadsheet may have done -------------------------------------------------------------------

#: A day and a month, with or without a year, in figures or with a name.
_DATE = re.compile(r"\d{1,4}([./-])\s*\d{1,2}\1\s*\d{0,4}|\d{1,4}[ ./-]+[^\W\d]{3,}.*|[^\W\d]{3,}[ ./-]+\d{1,4}")
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)


def _what_became_of_points(written: str) -> str:
    if written.startswith("#"):
        return " The spreadsheet took something for a formula and shows its error; type the number again."
    if _DATE.fullmatch(written):
        return " The spreadsheet probably took a number for a date: set the cells to 'Number' and type it again."
    if re.fullmatch(r"[\d.,]+\s*%", written):
        return " The spreadsheet's cells are set to 'Percent'; set them to 'Number' and type the points."
    return ""


def _what_became_of_student(student: str, twins: list[str]) -> str:
    if _ROUNDED.fullmatch(student):
        return " The spreadsheet probably rounded a long number: set the cells to 'Text' and type the id again."
    meant = " or ".join(f"'{show(twin)}'" for twin in twins[:3])
    if twins and student.isdigit():
        return f" The spreadsheet probably dropped the zeros of {meant}: set the cells to 'Text', and type it."
    return f" Did you mean {meant}?" if twins else ""
