"""Filling a class's grades into the file that a course site's gradebook downloads, and telling what became of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldguide.grading.course import CourseError
from fieldguide.grading.grades import MISSING, WAITS, ClassGrade
from fieldguide.grading.names import show
from fieldguide.items.plaintext import plain
from fieldguide.lms.people import Row, find_people
from fieldguide.lms.sheets import Line, Sheet
from fieldguide.lms.sites import Column, Site, read_points


@dataclass(slots=True)
class Told:
    """What an export did and what it left, in sentences; ``doubts`` are those that somebody has to look into."""

    done: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


class ColumnError(CourseError):
    """A module's column is not clear, or worth another number of points. ``what`` is wrong, and ``by_command`` says
    what to do about it in a terminal; elsewhere the asker says so. ``remedy`` names what helps: a column's name, or
    scaling.
    """

    def __init__(self, what: str, by_command: str, remedy: str) -> None:
        super().__init__(f"{what} {by_command}")
        self.what, self.remedy = what, remedy


@dataclass(frozen=True, slots=True)
class Module:
    """A module to export: its id, and the names that its column may have."""

    id: str
    names: tuple[str, ...]
    maximum: float


def points_in_figures(points: float) -> str:
    """Points with a point and at most two decimals, as every course site reads them."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def fill(
    site: Site,
    sheet: Sheet,
    modules: Iterable[Module],
    students: Iterable[Any],
    grades: Mapping[tuple[str, str], ClassGrade],
    *,
    scale: bool,
) -> Told:
    """Write every grade that is final into its cell of ``sheet``. ``grades`` are by module and student.

    With ``scale`` the points are brought to what the site's column is worth. Raises CourseError where a module has no
    column, or more than one, or one that is worth something else.
    """
    columns = {module: find_column(site, sheet, module) for module in modules}
    for module, column in columns.items():
        _refuse_other_worth(site, module, column, scale)
    rows = site.people(sheet)
    found = find_people((row for row, _ in rows), students)
    told = Told()
    for module, column in columns.items():
        factor = (column.points or module.maximum) / module.maximum if scale else 1.0
        written = 0
        for row, line in rows:
            grade = grades.get((module.id, found.students.get(row.number, "")))
            if grade is not None:
                written += _write(site, sheet, line, column, grade, factor, told)
        told.done.append(f"{module.id}: {written} grades, in the column '{show(column.title)}'.")
    told.doubts += [f"{row}: {why}. Nothing was written there." for row, why in found.unknown.items()]
    there = set(found.students.values())
    absent = {student for (_, student), grade in grades.items() if grade.status != MISSING} - there
    told.doubts += [f"{show(student)} has a grade here, and no row in {sheet.path}." for student in sorted(absent)]
    _defuse(site, sheet, rows, told)
    return told


def find_column(site: Site, sheet: Sheet, module: Module) -> Column:
    """The column of a module, by its title. Raises CourseError where there is none, or more than one."""
    names = {plain(name) for name in module.names}
    columns = site.columns(sheet)
    called = {column: {plain(column.title), plain(sheet.headings[column.place])} for column in columns}
    found = [column for column in columns if called[column] & names]
    if len(found) == 1:
        return found[0]
    if found:
        headings = ", ".join(sheet.headings[column.place] for column in found)
        raise ColumnError(
            f"{sheet.path} has {len(found)} columns that could be {module.id}: {headings}.",
            f'Name one by its whole heading: --column "{module.id}=HEADING".',
            "column",
        )
    there = "; ".join(column.title for column in columns) or "none"
    raise ColumnError(
        f"{sheet.path} has no column for {module.id}. Columns that {site.name} takes grades for: {there}.",
        f'Name one of them with --column "{module.id}=TITLE", or add the assignment to {site.name} and download the '
        "file again.",
        "column",
    )


def _refuse_other_worth(site: Site, module: Module, column: Column, scale: bool) -> None:
    if scale or column.points is None or abs(column.points - module.maximum) < 0.005:
        return
    raise ColumnError(
        f"In {site.name} '{show(column.title)}' is worth {points_in_figures(column.points)} points, and {module.id} is "
        f"worth {points_in_figures(module.maximum)}.",
        "Change it there and download the file again, or have all grades brought to its points with --scale.",
        "scale",
    )


def _write(site: Site, sheet: Sheet, line: Line, column: Column, grade: ClassGrade, factor: float, told: Told) -> bool:
    """Write one grade, and tell why not, or over what; returns whether it stands there now."""
    student, before = show(grade.student.id), line.cells[column.place].text.strip()
    if grade.status == MISSING:
        return False  # what the site has stays
    if grade.status == WAITS:
        told.doubts.append(f"{student}, {grade.assignment}: waits to be scored. Nothing was written there.")
        return False
    if why := site.unfillable(before):
        told.doubts.append(f"{student} {why} ({grade.assignment}). Nothing was written there.")
        return False
    score = points_in_figures((grade.score or 0.0) * factor)
    if before == score or (read_points(before) is not None and read_points(before) == float(score)):
        return True
    if before not in ("", "-"):
        told.done.append(f"{student}, {grade.assignment}: {show(before)} → {score} points.")
    sheet.put(line, column.place, score.replace(".", ",") if _has_decimal_commas(sheet) else score)
    return True


def _has_decimal_commas(sheet: Sheet) -> bool:
    """Whether the site writes numbers with a comma here: it may where semicolons part the cells."""
    cells = (cell.text for line in sheet.lines[1:] for cell in line.cells)
    return sheet.separator == ";" and any(re.fullmatch(r"\d+,\d+", text.strip()) for text in cells)


def _defuse(site: Site, sheet: Sheet, rows: list[tuple[Row, Line]], told: Told) -> None:
    identity = site.identity(sheet)
    whose = {line.number: row for row, line in rows}
    for line, place in sheet.defuse():
        others = [one for one in identity if one < place and line.cells[one].text.strip()]
        if place in identity and not others and line.number in whose:
            told.doubts.append(
                f"{whose[line.number]}: {sheet.headings[place]} begins as a formula does, and has an apostrophe before "
                f"it now. {site.name} will not know whose row it is: enter this grade there by hand."
            )
