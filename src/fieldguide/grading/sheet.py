"""Scoring essays by a sheet: a CSV file with a line for each student and criterion, for any spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path

from fieldguide.grading.appeals import log_scored
from fieldguide.grading.classgrader import instructor_notebook
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.gradebook import find_book
from fieldguide.grading.levels import Given, essays_of, read_levels, save_levels
from fieldguide.grading.spreadsheets import guarded, unguarded
from fieldguide.grading.tables import OURS, for_writing, open_gradebook
from fieldguide.items import Essay

_COLUMNS = ("student", "item", "criterion", "points", "up to")
_MOST_PROBLEMS = 10


def write_sheet(course: Course, module: str, path: Path) -> int:
    """Write a sheet for all essays of a module that wait for a person; returns how many there are."""
    essays = _essays(course, module)
    engine = open_gradebook(course.db_url)
    try:
        with engine.connect() as connection:
            found = essays_of(connection, find_book(connection, module), list(essays))
            waiting = [essay for essay in found.values() if essay.waits]
            levels = read_levels(connection, [essay.grade_id for essay in waiting])
    finally:
        engine.dispose()
    with path.open("x", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for essay in waiting:
            for name, criterion in essays[essay.item].rubric.items():
                given = levels.get(essay.grade_id, {}).get(name, "")
                writer.writerow((guarded(essay.student), essay.item, name, given, criterion.points))
    return len(waiting)


def take_sheet(course: Course, module: str, path: Path) -> list[tuple[Given, float | None]]:
    """Save the levels of a sheet; returns what was given, with the manual score there was before.

    Essays without any points are left as they are. Raises CourseError, and saves nothing, when anything is wrong.
    """
    essays = _essays(course, module)
    sheet = _read(path, essays)
    engine = open_gradebook(course.db_url)
    try:
        with for_writing(engine).begin() as connection:
            found = essays_of(connection, find_book(connection, module), list(essays))
            unknown = [given for given in sheet if (given.student, given.item) not in found]
            if unknown:
                raise CourseError(f"{path.name}: {unknown[0].student} has not been graded; nothing was saved.")
            OURS.create_all(connection)
            taken = []
            for given in sheet:
                essay = found[given.student, given.item]
                save_levels(connection, essay, given)
                taken.append((given, essay.points))
            log_scored(course.root, module, taken)
    finally:
        engine.dispose()
    return taken


def _essays(course: Course, module: str) -> dict[str, Essay]:
    graded = instructor_notebook(course, module).graded
    return {one.item.id: one.item for one in graded if isinstance(one.item, Essay)}


def _read(path: Path, essays: dict[str, Essay]) -> list[Given]:
    problems: list[str] = []
    sheet: dict[tuple[str, str], Given] = {}
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            if not set(_COLUMNS[:4]) <= set(reader.fieldnames or ()):
                raise CourseError(f"{path.name} has not the columns {', '.join(_COLUMNS[:4])}.")
            for row in reader:
                said = _take(row, essays, sheet)
                if said:
                    problems.append(f"{path.name}, line {reader.line_num}: {said}")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CourseError(f"{path} could not be read: {error}") from error
    for given in sheet.values():
        lacks = [name for name in essays[given.item].rubric if name not in given.levels]
        if lacks:
            problems.append(f"{path.name}: {given.student}, {given.item}: no points for {', '.join(lacks)}.")
    if problems:
        more = f"\n(and {len(problems) - _MOST_PROBLEMS} more)" if len(problems) > _MOST_PROBLEMS else ""
        raise CourseError("\n".join(problems[:_MOST_PROBLEMS]) + more + "\nNothing was saved.")
    return list(sheet.values())


def _take(row: dict[str, str], essays: dict[str, Essay], sheet: dict[tuple[str, str], Given]) -> str | None:
    """Take over one line of a sheet; returns what is wrong with it."""
    student, item, name, written = ((row[column] or "").strip() for column in _COLUMNS[:4])
    if not written:
        return None
    student = unguarded(student)
    if item not in essays:
        return f"there is no essay '{item}'. Expected one of: {', '.join(essays) or 'none'}."
    rubric = essays[item].rubric
    if name not in rubric:
        return f"{item} has no criterion '{name}'. Expected one of: {', '.join(rubric)}."
    try:
        points = float(written.replace(",", "."))
    except ValueError:
        points = -1.0
    if not 0 <= points <= rubric[name].points:
        return f"'{written}' are no points for {name}. Expected a number from 0 to {rubric[name].points}."
    levels = sheet.setdefault((student, item), Given(student, item, {})).levels
    if name in levels:
        return f"{student}, {item}: {name} is given twice."
    levels[name] = points
    return None
