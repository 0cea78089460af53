"""Grading a whole class in one process: one pass over the submissions, one transaction in the gradebook.

Every submission is read and scored and its graded notebook written; then all scores go into the gradebook together. A
run that is stopped changes nothing there, and the next run does all of it.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.files import course_lock, replace_file
from fieldguide.grading.gradebook import (
    ItemChange,
    bring_up_to_date,
    find_book,
    known_students,
    refuse_other_items,
    removed_students,
)
from fieldguide.grading.instructor import GradedItem, InstructorNotebook, read_instructor_notebook
from fieldguide.grading.marking import Marker
from fieldguide.grading.misfits import earlier_forms, refuse_misfits
from fieldguide.grading.names import why_no_id
from fieldguide.grading.pages import cell_text, notebook_text, notes_cell, part_cell
from fieldguide.grading.penalties import late_penalty
from fieldguide.grading.released import with_released
from fieldguide.grading.saving import Scored, Standing, save_scores
from fieldguide.grading.schema import for_writing, gradebook_at
from fieldguide.grading.score_log import keep_changes, write_log
from fieldguide.grading.submission import Note, Submission, read_submission
from fieldguide.grading.twins import likely_twins
from fieldguide.words import speaking

_TRIES = 3

#: Called after each submission with the number done and the number in all.
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class ClassReport:
    """The result of grading a class."""

    module: str
    maximum: float
    standings: list[Standing] = field(default_factory=list)
    notes: dict[str, list[Note]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    #: Students who were not on the roster and were added to the gradebook, each with the missing students it may be.
    added: dict[str, list[str]] = field(default_factory=dict)
    #: Whether the gradebook had any students before.
    had_students: bool = True
    #: Students who were removed from the gradebook and are not graded, each with how to restore them.
    removed: dict[str, str] = field(default_factory=dict)
    item_changes: list[ItemChange] = field(default_factory=list)
    #: Students whose response was set aside, in whole or in part, because it does not fit the question, by item.
    misfits: dict[str, list[str]] = field(default_factory=dict)
    #: Why the log of changed scores could not be written, as a sentence; None where it was written.
    log_trouble: str | None = None


def grade_class(
    course: Course,
    module: str,
    students: Iterable[str] = (),
    progress: Progress = lambda done, of: None,
    *,
    set_aside: bool = False,
) -> ClassReport:
    """Grade the submissions of a module: all of them, or those of ``students``.

    Raises CourseError when the module cannot be graded at all, and, without ``set_aside``, when responses no longer fit
    a question that was changed since; then nothing has been changed.
    """
    notebook = instructor_notebook(course, module)
    with gradebook_at(course.db_url) as engine:
        with engine.connect() as connection:
            book = find_book(connection, module)
            refuse_other_items(book, notebook)
            earlier = {} if set_aside else earlier_forms(connection, book, notebook)
            known, removed = known_students(connection), removed_students(connection)
        report = ClassReport(module, sum(graded.item.maximum for graded in notebook.graded), had_students=bool(known))
        folders = course.with_folder("submitted", module)
        absent = [student for student in known if student not in folders]
        wanted = list(dict.fromkeys(students))
        report.missing = [student for student in wanted if student not in folders] if wanted else absent
        folders = _to_grade(course, folders, wanted, known, removed, report)
        refuse_misfits(course, notebook, folders.values(), earlier)
        with course_lock(course.root):
            results = _score_all(course, notebook, folders, report, progress)
            report.item_changes, report.standings = _save(course, engine, notebook, results)
            report.log_trouble = write_log(engine, course.root)
        added = [standing.student for standing in report.standings if standing.student not in known]
        report.added = {student: [] for student in added} | likely_twins(added, absent)
    return report


def _to_grade(
    course: Course,
    folders: dict[str, Path],
    wanted: list[str],
    known: Container[str],
    removed: Container[str],
    report: ClassReport,
) -> dict[str, Path]:
    """The submitted folders to grade: all or those wanted, without students who were removed from the gradebook."""
    chosen = {}
    for student in wanted or folders:
        if student not in folders:
            continue
        if student in removed and wanted:
            report.failed[student] = f"was removed from the gradebook. To bring back: {_add_again(student)}"
        elif student in removed:
            report.removed[student] = _add_again(student)
        elif student not in known and not course.creates_students:
            report.failed[student] = "is not in the gradebook, and Autograde.create_student is off"
        else:
            chosen[student] = folders[student]
    return chosen


def _add_again(student: str) -> str:
    return f"nbgrader db student add {shlex.quote(student)}"


def instructor_notebook(course: Course, module: str) -> InstructorNotebook:
    """The instructor's notebook of a module. Raises CourseError, saying what to do, where there is none to grade
    with."""
    path = course.source(module)
    try:
        notebook = read_instructor_notebook(path)
    except OSError as error:
        raise CourseError(f"{path} holds the questions of {module}, and cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        why = str(error).rstrip(".") if isinstance(error, ValueError) else "it has not all that a notebook has"
        raise CourseError(f"{path} is damaged: {why}. Build it again from the module's text.") from error
    if notebook is None:
        raise CourseError(
            f"{path} is not a Field Guide module. Grade it with nbgrader autograde, which executes what students wrote."
        )
    return with_released(course, module, notebook)


def _score_all(
    course: Course, notebook: InstructorNotebook, folders: dict[str, Path], report: ClassReport, progress: Progress
) -> list[Scored]:
    writer = NotebookWriter(course, notebook)
    results = []
    for done, (student, folder) in enumerate(folders.items(), 1):
        try:
            with speaking(notebook.language):
                results.append(_score_one(course, notebook, writer, student, folder, report))
        except Exception as error:  # no student's files may stop the class
            report.failed[student] = f"could not be graded: {error or type(error).__name__}"
        progress(done, len(folders))
    return results


def _score_one(
    course: Course,
    notebook: InstructorNotebook,
    writer: NotebookWriter,
    student: str,
    folder: Path,
    report: ClassReport,
) -> Scored:
    why = why_no_id(student)
    if why:
        raise ValueError(f"the folder's name is no student's id: it {why}")
    submission = read_submission(course, folder, notebook)
    result = Scored(student, submission.timestamp, submission.untold, withdrawn=notebook.withdrawn)
    cells = {}
    for graded in notebook.graded:
        marked = writer.marker.mark(graded, submission)
        result.scores[graded.item.id] = marked.score
        result.digests[graded.item.id] = marked.digest
        if not marked.fits:
            report.misfits.setdefault(graded.item.id, []).append(student)
        cells[graded.number] = marked.cell
    writer.write(student, cells, submission)
    if submission.notes:
        report.notes[student] = submission.notes
    return result


def _save(
    course: Course, engine: Engine, notebook: InstructorNotebook, results: list[Scored]
) -> tuple[list[ItemChange], list[Standing]]:
    penalty = late_penalty(course.config)
    for last in (*[False] * (_TRIES - 1), True):
        try:
            with for_writing(engine).begin() as connection:
                book = find_book(connection, notebook.module)
                refuse_other_items(book, notebook)
                changes = bring_up_to_date(connection, book, notebook)
                standings = save_scores(connection, book, results, penalty)
                keep_changes(connection, notebook.module, changes, standings)
            return changes, standings
        except IntegrityError:
            # Where a database does not lock as a whole, another grader may have added the same row meanwhile.
            if last:
                raise
    raise AssertionError


class NotebookWriter:
    """Writes the graded notebooks of a class."""

    def __init__(self, course: Course, notebook: InstructorNotebook) -> None:
        self.notebook = notebook
        self.marker = Marker()
        self.permissions = course.graded_permissions
        # Text that is the same for all students is rendered once.
        self.layout = [cell_text(part) if isinstance(part, dict) else part for part in notebook.layout]
        self.folder = str(course.folder("autograded", "\0", notebook.module))

    def write(self, student: str, cells: dict[int, str], submission: Submission) -> None:
        """Write one student's graded notebook, and beside it the files that the exchange needs. ``cells`` are by item
        number."""
        text = [cell_text(notes_cell(submission.notes))] if submission.notes else []
        for part in self.layout:
            if isinstance(part, str):
                text.append(part)
            elif isinstance(part, GradedItem):
                text.append(cells[part.number])
            else:
                text.append(cell_text(part_cell(part, submission)))
        folder = self.folder.replace("\0", student)
        if not os.path.isdir(folder):  # noqa: PTH112
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        notebook = notebook_text(self.notebook.metadata, text).encode()
        for name, content in (*submission.exchange_files.items(), (f"{self.notebook.module}.ipynb", notebook)):
            replace_file(folder, name, content, self.permissions)
