"""Which notebook nbgrader's pipeline grades: the instructor's, never the student's."""

from __future__ import annotations

from collections.abc import Callable, Container
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters.base import NbGraderException

from fieldguide.cells.kinds import ITEM
from fieldguide.grading.course import Course, CourseError, read_config
from fieldguide.grading.gradebook import known_students, removed_students
from fieldguide.grading.instructor import is_ours
from fieldguide.grading.names import show, why_no_id
from fieldguide.grading.schema import gradebook_at
from fieldguide.grading.sizes import why_too_large
from fieldguide.grading.submission import unusual_files
from fieldguide.grading.times import time_in


class InstructorNotebookExporter(NotebookExporter):  # type: ignore[misc]
    """Reads the instructor's notebook where nbgrader would read the student's.

    So nothing that a student did to the submitted notebook (deleted, edited, damaged or hostile cells) is executed or
    scored. Notebooks that are not Field Guide's are read as usual. ``ours`` tells the preprocessors of the same
    submission whether it is one of ours.
    """

    ours = False

    def __init__(self, config: Any = None, **kw: Any) -> None:
        super().__init__(config=config, **kw)
        # nbgrader creates its exporter after listing the submissions and before copying the first file.
        if getattr(self.parent, "assignments", None):
            refuse_unreadable_settings(self.parent)
            read_times_our_way(self.parent)
            course, assignment = Course.of(self.parent.coursedir), self.parent.coursedir.assignment_id
            if not _is_ours(course.source(assignment)):
                leave_out(self.parent, "submitted", lambda folder: _too_large(course, folder))
                return
            known, removed = _students(course)
            folders = course.with_folder("submitted", assignment)
            gone = {path for student, path in folders.items() if student in removed}
            leave_out(self.parent, "submitted", lambda folder: _why_not(course, folder, gone))
            for student, path in folders.items():
                if str(path) in self.parent.assignments and student not in known:
                    self.log.warning("%s was in no roster, and is added to the gradebook.", show(student))

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str | NotebookNode, dict[str, Any]]:
        converter = self.parent
        assert resources is not None
        if converter._sanitizing:
            about = resources["nbgrader"]
            source = Course.of(converter.coursedir).folder("source", ".", about["assignment"])
            path = source / f"{about['notebook']}.ipynb"
            self.ours = _is_ours(path)
            if self.ours:
                filename = str(path)
            elif _has_items(about):
                raise FileNotFoundError(
                    f"{path} is missing: it holds the questions of this assignment. Put it back, and grade again."
                )
        return super().from_filename(filename, resources=resources, **kw)  # type: ignore[no-any-return]


def refuse_unreadable_settings(converter: Any) -> None:
    """Raise NbGraderException where a settings file cannot be read; nbgrader would go on without it."""
    for folder in {Path.cwd(), Path(converter.coursedir.root)}:
        try:
            read_config(folder)
        except CourseError as error:
            raise NbGraderException(str(error)) from error


def read_times_our_way(converter: Any) -> None:
    """Make one of nbgrader's converters read the time of a submission as grading reads it.

    By itself nbgrader stops at a time that it cannot read, and takes an offset for seconds.
    """
    course = Course.of(converter.coursedir)
    converter.coursedir.get_existing_timestamp = lambda folder: time_in(Path(folder), course.timezone)


def leave_out(converter: Any, step: str, why_not: Callable[[Path], str | None] = lambda folder: None) -> None:
    """Remove from one of nbgrader's converters the folders of ``step`` that it must not touch, and report each.

    These are folders whose name cannot be a student's id, and those for which ``why_not`` gives a reason. Raises
    NbGraderException where none is left.
    """
    course = Course.of(converter.coursedir)
    whose = {str(path): name for name, path in course.with_folder(step, converter.coursedir.assignment_id).items()}
    for folder in list(converter.assignments):
        student = whose.get(folder)
        if student is None:  # the settings exclude this student, and nbgrader skips them too
            del converter.assignments[folder]
            continue
        no_id = why_no_id(student)
        why = f"the folder's name is no student's id: it {no_id}" if no_id else why_not(Path(folder))
        if why:
            converter.log.error("%s is left out: %s. 'fieldguide grade' can tell more.", show(student), why)
            del converter.assignments[folder]
    if (
        not converter.assignments
    ):  # for one student, as by Formgrader's button: without an error it would look like success
        raise NbGraderException("No submission is left here; see above.")


def _students(course: Course) -> tuple[Container[str], Container[str]]:
    """The students in the gradebook, and those removed from it."""
    with gradebook_at(course.db_url) as engine, engine.connect() as connection:
        return known_students(connection), removed_students(connection)


def _why_not(course: Course, folder: Path, gone: Container[Path]) -> str | None:
    """Why nbgrader must not grade a submitted folder: it would copy whatever a link or a device leads to, without
    end."""
    if folder in gone:
        return "the student was removed from the gradebook"
    if not course.is_in_place(folder, "submitted"):
        return "the folder is a link to another place"
    unusual = unusual_files(folder)
    return f"it holds what is no plain file: {', '.join(unusual[:5])}" if unusual else _too_large(course, folder)


def _too_large(course: Course, folder: Path) -> str | None:
    why = why_too_large(folder, course.most_bytes)
    return f"it {why}" if why else None


def _is_ours(path: Path) -> bool:
    return path.is_file() and is_ours(nbformat.read(path, as_version=4).metadata)


def _has_items(about: dict[str, str]) -> bool:
    with Gradebook(about["db_url"]) as gradebook:
        try:
            notebook = gradebook.find_notebook(about["notebook"], about["assignment"])
        except MissingEntry:
            return False
        return any((cell.source or "").startswith(f"{ITEM.magic}\n") for cell in notebook.source_cells)
