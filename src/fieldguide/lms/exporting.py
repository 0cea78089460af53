"""``fieldguide export --lms``: the grades of a class in a file that its course site takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide.docs import page
from fieldguide.grading.classgrader import instructor_notebook
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.files import refuse_existing, write_export
from fieldguide.grading.grades import GRADED, MISSING, WAITS, ClassGrade, class_grades
from fieldguide.lms.filling import Module, Told, fill
from fieldguide.lms.moodle import moodle_file
from fieldguide.lms.sheets import read_sheet, sheet_of
from fieldguide.lms.sites import SITES, refuse_another
from fieldguide.plainfiles import read_own
from fieldguide.words import speaking

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

MOODLE = "moodle"
NAMES = ("canvas", MOODLE, "blackboard")
_LARGEST = 64 << 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export: for which course site, which modules by id, into which file that it made, and to which new file.

    ``content`` is that of ``into`` where it was uploaded; the path names it then. ``columns`` says how a module's
    column is called where it is not called as the module is. ``scale`` brings the points to what a column is worth.
    """

    lms: str
    modules: tuple[str, ...]
    into: Path | None = None
    to: Path | None = None
    columns: Mapping[str, str] | None = None
    scale: bool = False
    content: bytes | None = None


def export_grades(course: Course, gradebook: Gradebook, wanted: Wanted) -> tuple[Path, Told]:
    """Write the file; returns where it is, and what to tell of it.

    Raises CourseError, and writes nothing, where that file is there already, where the one to fill in cannot be used,
    where a module is not in the gradebook, and where nobody has a grade.
    """
    _refuse_mistakes(wanted)
    target = wanted.to or beside(wanted)
    refuse_existing(target)
    content, told = grades_file(course, gradebook, wanted)
    write_export(target, content)
    return target, told


def grades_file(course: Course, gradebook: Gradebook, wanted: Wanted) -> tuple[bytes, Told]:
    """The file's content, and what to tell of it. Raises CourseError as ``export_grades`` does."""
    _refuse_mistakes(wanted)
    grades = list(class_grades(gradebook, wanted.modules))
    modules = [module_of(course, gradebook, name, wanted.columns) for name in wanted.modules]
    _refuse_no_grades(wanted, grades)
    if wanted.into is None:
        return _moodle(course, modules[0], grades)
    return _filled(wanted, modules, gradebook, grades)


def beside(wanted: Wanted) -> Path:
    """Where the file is put, or how it is called, where nobody says."""
    if wanted.into is None:
        return Path(f"{MOODLE}-{wanted.modules[0]}.csv")
    return wanted.into.with_name(f"{wanted.into.stem}-with-grades{wanted.into.suffix}")


def _refuse_mistakes(wanted: Wanted) -> None:
    if not wanted.modules:
        raise CourseError("Name the module whose grades you want, such as 05.")
    if wanted.lms == MOODLE:
        if wanted.into is not None:
            raise CourseError("Moodle takes a file of ours as it is: leave --into out.")
        if len(wanted.modules) > 1:
            raise CourseError("A file for Moodle holds one module, so that no empty cell erases a grade. Name one.")
    elif wanted.into is None:
        raise CourseError(
            f"Grades for {SITES[wanted.lms].name} are filled into the file that its gradebook downloads. Name that "
            f"file with --into; {page('lms.md')} says how to get it."
        )


def _refuse_no_grades(wanted: Wanted, grades: list[ClassGrade]) -> None:
    states = [grade.status for grade in grades]
    if GRADED not in states:
        raise CourseError(
            f"Nobody has a final grade in {' or '.join(wanted.modules)} yet ({states.count(WAITS)} wait to be scored, "
            f"{states.count(MISSING)} handed in nothing). Nothing was written."
        )


def module_of(course: Course, gradebook: Gradebook, name: str, columns: Mapping[str, str] | None = None) -> Module:
    """A module as a course site is told of it; ``columns`` says how its column is called where it is not called as the
    module is. Raises CourseError where it is not in the gradebook, or nothing in it carries points."""
    found = [assignment for assignment in gradebook.assignments if assignment.name == name]
    if not found:
        raise CourseError(f"The gradebook has no assignment {name}. Grade it first: fieldguide grade {name}.")
    maximum = float(found[0].max_score)
    if not maximum:
        raise CourseError(f"Nothing in {name} carries points, so it has no grades.")
    named = (columns or {}).get(name)
    return Module(name, (named,) if named else (_title(course, name), name), maximum)


def _title(course: Course, module: str) -> str:
    """A module's title, by the instructor's notebook; its id where that does not say."""
    try:
        title = json.loads(read_own(course.source(module), _LARGEST))["metadata"]["fieldguide"]["title"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return module
    return title if isinstance(title, str) and title else module


def _moodle(course: Course, module: Module, grades: Iterable[ClassGrade]) -> tuple[bytes, Told]:
    notebook = instructor_notebook(course, module.id)
    with speaking(notebook.language):
        return moodle_file(module, grades, [graded.item.id for graded in notebook.graded])


def _filled(
    wanted: Wanted, modules: list[Module], gradebook: Gradebook, grades: Iterable[ClassGrade]
) -> tuple[bytes, Told]:
    assert wanted.into is not None
    site = SITES[wanted.lms]
    if wanted.content is None:
        sheet = read_sheet(wanted.into, site.encodings, site.separators)
    else:
        sheet = sheet_of(wanted.into, wanted.content, site.encodings, site.separators)
    refuse_another(site, sheet)
    by_student = {(grade.assignment, grade.student.id): grade for grade in grades}
    told = fill(site, sheet, modules, gradebook.students, by_student, scale=wanted.scale)
    return sheet.content(), told
