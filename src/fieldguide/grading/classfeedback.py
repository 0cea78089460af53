"""Feedback for a whole class in one process: the page that nbgrader's generate_feedback would write."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fieldguide.grading.classgrader import Progress
from fieldguide.grading.course import Course
from fieldguide.grading.feedback import feedback_page
from fieldguide.grading.files import course_lock, replace_file
from fieldguide.grading.gradebook import find_book, known_students, removed_students
from fieldguide.grading.instructor import is_ours
from fieldguide.grading.marks import Marks, read_marks
from fieldguide.grading.names import why_no_id
from fieldguide.grading.pages import read_graded_notebook
from fieldguide.grading.schema import gradebook_at
from fieldguide.grading.submission import EXCHANGE_FILES
from fieldguide.grading.told import For


def feedback_for_class(
    course: Course, module: str, students: Iterable[str] = (), progress: Progress = lambda done, of: None
) -> tuple[list[str], dict[str, str]]:
    """Write the feedback of every graded submission, or of ``students``.

    Returns the students who have feedback now, and for the others the reason why not. Raises CourseError when nobody
    can have any.
    """
    folders = course.with_folder("autograded", module)
    with gradebook_at(course.db_url) as engine, engine.connect() as connection:
        removed = removed_students(connection)  # grading has reported them
        wanted = list(dict.fromkeys(students))
        known = wanted or {**known_students(connection), **folders}
        marks = read_marks(connection, find_book(connection, module), known)
    graded = {student for student, mark in marks.items() if any(one.score is not None for one in mark.given.values())}
    wanted = wanted or sorted((folders.keys() | graded) - removed)
    with course_lock(course.root):
        return _write_all(course, module, wanted, folders, marks, progress)


def _write_all(
    course: Course,
    module: str,
    wanted: list[str],
    folders: dict[str, Path],
    marks: dict[str, Marks],
    progress: Progress,
) -> tuple[list[str], dict[str, str]]:
    reader = For.STUDENT if course.shows_best_answer else For.STUDENT_WITHOUT_ANSWER
    written: list[str] = []
    without: dict[str, str] = {}
    for done, student in enumerate(wanted, 1):
        why_not = _write_one(course, module, student, folders.get(student), marks.get(student), reader)
        if why_not is None:
            written.append(student)
        else:
            without[student] = why_not
        progress(done, len(wanted))
    return written, without


def _write_one(
    course: Course, module: str, student: str, graded: Path | None, marks: Marks | None, reader: For
) -> str | None:
    """Write the page of one student; returns why there is none, as words that follow the student's id."""
    no_id = why_no_id(student)
    if no_id:
        return f"can be no student's id: it {no_id}"
    if marks is None:
        return "has not been graded"
    if graded is None:
        return f"has no graded notebook, {course.folder('autograded', student, module) / module}.ipynb: grade again"
    path = graded / f"{module}.ipynb"
    try:
        notebook = read_graded_notebook(path)
        if not is_ours(notebook["metadata"]):
            return "was graded as an ordinary notebook: use nbgrader generate_feedback"
        page = feedback_page(module, notebook["metadata"], notebook["cells"], marks.given, marks.penalty, reader)
    except OSError as error:
        return f"has a graded notebook that cannot be read, {path} ({error.strerror}): grade again"
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return f"has a damaged graded notebook, {path}: grade again"
    try:
        _write(course, module, student, graded, page)
    except OSError as error:
        where = error.filename2 or error.filename
        return f"has no feedback, because {where} could not be written: {error.strerror}"
    return None


def _write(course: Course, module: str, student: str, graded: Path, page: str) -> None:
    path = course.folder("feedback", student, module)
    path.mkdir(parents=True, exist_ok=True)
    folder, permissions = str(path), course.feedback_permissions
    replace_file(folder, f"{module}.html", page.encode(), permissions)
    for name in EXCHANGE_FILES:  # the exchange finds feedback by these files
        if (graded / name).is_file():
            replace_file(folder, name, (graded / name).read_bytes(), permissions)
