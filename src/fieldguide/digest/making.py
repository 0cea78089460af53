"""Making a digest: reading the class, updating the file of reasons, and writing the page or removing it."""

from __future__ import annotations

from pathlib import Path

from fieldguide.cases.model import Case
from fieldguide.cells.kinds import CASE
from fieldguide.digest.decisions import read_decisions
from fieldguide.digest.figures import LEAST, LEAST_FOR_ALL
from fieldguide.digest.page import digest_page, figures_html, reasons_html
from fieldguide.digest.reasons import Line, file_of, look_at, read_lines, up_to_date
from fieldguide.grading.classgrader import instructor_notebook
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.files import course_lock, replace_file
from fieldguide.grading.instructor import InstructorNotebook
from fieldguide.plainfiles import read_own
from fieldguide.words import speaking

FOLDER = "digests"
_LARGEST_PAGE = 64 << 20
_FILE_PERMISSIONS = 0o600
_FOLDER_PERMISSIONS = 0o700


def digest_command(course: Course, module: str, case: str) -> str:
    """Make the digest of a case from a class's submissions; returns the lines for the instructor.

    ``module`` and ``case`` are ids or their beginnings. Raises CourseError where there is no such case, where the file
    of reasons cannot be read, and where a file cannot be written.
    """
    notebook = instructor_notebook(course, course.find_module(module))
    found = _find_case(notebook, case)
    try:
        with course_lock(course.root):
            return "\n".join(_make(course, notebook, found))
    except OSError as error:
        raise CourseError(f"{error.filename2 or error.filename} could not be written: {error.strerror}.") from error


def _find_case(notebook: InstructorNotebook, wanted: str) -> Case:
    cases = {case.id: case for case in notebook.asked(CASE)}
    matching = [name for name in cases if name == wanted] or [name for name in cases if name.startswith(wanted)]
    if len(matching) == 1:
        return cases[matching[0]]
    if matching:
        raise CourseError(f"'{wanted}' could be any of: {', '.join(matching)}. Name one of them.")
    there = ", ".join(cases) or "none"
    raise CourseError(f"There is no case '{wanted}' in {notebook.module}. Cases there: {there}.")


def _make(course: Course, notebook: InstructorNotebook, case: Case) -> list[str]:
    decided = read_decisions(course, notebook, case)
    folder = course.root / FOLDER / notebook.module
    page, sheet = folder / f"{case.id}.html", folder / f"{case.id}.reasons.csv"
    agreed = decided.answered >= LEAST_FOR_ALL and len(decided.reasons) >= LEAST
    known = _known(notebook, case)
    lines = up_to_date(read_lines(sheet), decided.reasons)
    if agreed or sheet.exists():  # a reason that was withdrawn leaves the file, however few remain
        _write(sheet, file_of(lines, known))
    report = [f"Not counted, because it could not be read: {name}." for name in decided.failed]
    if decided.answered < LEAST:
        page.unlink(missing_ok=True)
        return [*report, f"Fewer than {LEAST} students have sent a decision on {case.id}: there is no page for so few."]
    shown = [line for line in lines if line.shown] if agreed else []
    with speaking(notebook.language):
        figures = figures_html(case, decided)
        reasons = reasons_html(agreed, [line.reason for line in shown]) if decided.answered >= LEAST_FOR_ALL else ""
        report += _replaced(page, figures)
        title = notebook.metadata["fieldguide"].get("title") or notebook.module
        _write(page, digest_page(title, case, figures, reasons).encode())
    report.append(f"{page}: {decided.answered} students have sent a decision.")
    if decided.answered < LEAST_FOR_ALL:
        report.append(f"With fewer than {LEAST_FOR_ALL} it says how many, and what more than half chose; no more.")
    elif not agreed:
        report.append(f"Fewer than {LEAST} students agreed to have their reasons shown: it has none.")
    else:
        report += _about_reasons(sheet, lines, sum(bool(look_at(line.reason, known)) for line in shown))
    return report


def _known(notebook: InstructorNotebook, case: Case) -> list[str]:
    """The texts that everybody in class has read: names in them may be written."""
    return [*case.texts(), *(graded.item.stem for graded in notebook.graded if graded.item.id == case.decision.essay)]


def _replaced(page: Path, figures: str) -> list[str]:
    """A warning where the page had other figures: two pages together can reveal what one person chose."""
    try:
        before = read_own(page, _LARGEST_PAGE)
    except OSError:  # there is none, or it is not a page that a class was shown
        return []
    if figures.encode() in before:
        return []
    return ["The figures are others than before. Do not show a class both pages: what differs tells of few people."]


def _about_reasons(sheet: Path, lines: list[Line], doubtful: int) -> list[str]:
    waiting, shown = sum(line.waits for line in lines), sum(line.shown for line in lines)
    report = [f"{sheet}: {len(lines)} reasons, of which the page shows {shown}; {waiting} wait for you."]
    if waiting:
        report.append("Read each, write yes or no below 'show' (you may shorten the reason), and run this again.")
    if doubtful:
        report.append(f"In {doubtful} of those shown there is something to look at: see the column look_at.")
    return report


def _write(path: Path, content: bytes) -> None:
    """Write a file that nobody else on this machine can read."""
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=_FOLDER_PERMISSIONS, exist_ok=True)
    replace_file(str(path.parent), path.name, content, _FILE_PERMISSIONS)
