"""Making a report: reading the class, and writing the page and the CSV files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.files import course_lock, replace_file
from fieldguide.grading.norming import points_in
from fieldguide.grading.scorers import scored_by_two
from fieldguide.grading.sheet import essays_in
from fieldguide.report import epas
from fieldguide.report.document import report_document
from fieldguide.report.epas import Levels, Pairs, confirm, epas_tables
from fieldguide.report.exploring import exploring_notebook
from fieldguide.report.frames import ClassFrames
from fieldguide.report.gathering import read_class
from fieldguide.report.page import csv_files, report_page, today
from fieldguide.report.tables import tables
from fieldguide.report.words import count, say

FOLDER = "reports"
_STATEMENTS = Path("modules", "data", "statements.csv")
_FILE_PERMISSIONS = 0o600
_FOLDER_PERMISSIONS = 0o700


@dataclass(frozen=True, slots=True)
class Report:
    """A report as files by name, the page first; ``lead`` says of whom it is, ``notes`` what was not counted."""

    lead: list[str]
    notes: list[str]
    files: dict[str, bytes]


def class_report(course: Course, modules: Iterable[str]) -> Report:
    """The report of a class. ``modules`` are ids or their beginnings, none for all.

    Raises CourseError where there is no such module, or one cannot be read.
    """
    frames = read_class(course, modules)
    lead = lead_of(frames)
    told = list(tables(frames, _gists(course)))
    page = report_page(say("title"), lead, told, frames.notes)
    exploring = exploring_notebook(frames.modules["module"].tolist())
    return Report(
        lead,
        list(frames.notes),
        {"report.html": page.encode(), **dict(csv_files(told)), "explore.ipynb": exploring},
    )


def epas_report(course: Course, modules: Iterable[str], levels: Levels, sheets: Sequence[Path] = ()) -> Report:
    """The report on EPAS competencies, as a page and to paste from.

    ``sheets`` are two people's scoring sheets for the same essays; without them it is told of what two people gave on
    the desk. Raises CourseError as class_report() does, and where a sheet cannot be read.
    """
    frames = read_class(course, modules)
    lead = lead_of(frames)
    told = list(epas_tables(frames, levels, _pairs(course, frames, sheets)))
    title = epas.say("title")
    page = report_page(title, lead, told, frames.notes, confirm())
    document = report_document(title, lead, told, confirm())
    tables_of = {f"epas-{name}".replace("epas-epas", "epas"): content for name, content in csv_files(told)}
    return Report(lead, list(frames.notes), {"epas.html": page.encode(), "epas.docx": document, **tables_of})


def report_command(course: Course, modules: Iterable[str]) -> str:
    """Write the report of a class; returns the lines for the instructor.

    Raises CourseError as class_report() does, and where a file cannot be written.
    """
    report = class_report(course, modules)
    folder = write_files(course, report.files.items())
    beside = "its tables (CSV) and a notebook to explore in (explore.ipynb) are beside it."
    return "\n".join([*report.notes, *report.lead, f"{folder / 'report.html'}: the report; {beside}"])


def epas_command(course: Course, modules: Iterable[str], levels: Levels, sheets: Sequence[Path] = ()) -> str:
    """Write the report on EPAS competencies; returns the lines for the instructor.

    Raises CourseError as epas_report() does, and where a file cannot be written.
    """
    report = epas_report(course, modules, levels, sheets)
    folder = write_files(course, report.files.items())
    return "\n".join(
        [*report.notes, *report.lead, f"{folder / 'epas.html'}: the page; epas.docx and its tables are beside it."]
    )


def _pairs(course: Course, frames: ClassFrames, sheets: Sequence[Path]) -> Pairs:
    """The points that two people gave for the same criteria of the same essays: on two sheets, or else on the desk."""
    of = {module: essays_in(course, module) for module in map(str, frames.modules["module"])}
    if not sheets:
        return [(module, *pair) for module, essays in of.items() for pair in scored_by_two(course, module, essays)]
    where = {name: module for module, essays in of.items() for name in essays}
    essays = {name: essay for found in of.values() for name, essay in found.items()}
    first, other = (points_in(path, essays) for path in sheets)
    both = [place for place in first if place in other]
    if not both:
        raise CourseError(f"{sheets[0]} and {sheets[1]} have no points for the same answers.")
    return [(where[place[0]], place[0], place[2], first[place], other[place]) for place in both]


def lead_of(frames: ClassFrames) -> list[str]:
    """What a report begins with: of whom and when."""
    handed_in, students = int(frames.modules["handed_in"].sum()), frames.scores["student"].nunique()
    if not handed_in:
        return [say("nobody")]
    return [count("lead", len(frames.modules), day=today(), students=students, submissions=handed_in)]


def _gists(course: Course) -> dict[str, str]:
    """The gist of each of the guide's statements, where the course's texts are beside the class."""
    try:
        with (course.root / _STATEMENTS).open(encoding="utf-8", newline="") as file:
            return {row["id"]: row["gist"] for row in csv.DictReader(file)}
    except (OSError, KeyError, ValueError):
        return {}


def write_files(course: Course, files: Iterable[tuple[str, bytes]]) -> Path:
    """Write files that nobody else on this machine can read; returns their folder. Raises CourseError."""
    folder = course.root / FOLDER
    try:
        with course_lock(course.root):
            folder.mkdir(mode=_FOLDER_PERMISSIONS, exist_ok=True)
            for name, content in files:
                replace_file(str(folder), name, content, _FILE_PERMISSIONS)
    except OSError as error:
        where = error.filename2 or error.filename or folder
        raise CourseError(f"{where} could not be written: {error.strerror}.") from error
    return folder
