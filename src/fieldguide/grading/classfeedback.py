"""Feedback for a whole class in one process: the page that nbgrader's generate_feedback would write."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fieldguide.grading.classgrader import Progress
from fieldguide.grading.course import Course
from fieldguide.grading.feedback import feedback_page
from fieldguide.grading.files import alone_in, replace_file
from fieldguide.grading.given import Marks, read_marks
from fieldguide.grading.gradebook import find_book, removed_students
from fieldguide.grading.instructor import is_ours
from fieldguide.grading.names import why_no_id
from fieldguide.grading.pages import read_graded_notebook
from fieldguide.grading.rendering import For
from fieldguide.grading.submission import EXCHANGE_FILES
from fieldguide.grading.tables import open_gradebook


def feedback_for_class(
    course: Course, module: str, students: Iterable[str] = (), progress: Progress = lambda done, of: None
) -> tuple[list[str], dict[str, str]]:
    """Write the feedback of every graded submission, or of ``students``.

    Returns who has feedback now, and for everybody else why not. Raises CourseError when nobody can have any.
    """
    folders = course.with_folder("autograded", module)
    engine = open_gradebook(course.db_url)
    try:
        with engine.connect() as connection:
            removed = removed_students(connection)  # grading has named them
            wanted = list(dict.fromkeys(students)) or [student for student in folders if student not in removed]
            marks = read_marks(connection, find_book(connection, module), wanted)
    finally:
        engine.dispose()
    with alone_in(course.root):
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
        try:
            no_id = why_no_id(student)
            if no_id:
                without[student] = f"can be no student's id: it {no_id}"
                continue
            if student not in marks or student not in folders:
                without[student] = "has not been graded"
                continue
            notebook = read_graded_notebook(folders[student] / f"{module}.ipynb")
            if not is_ours(notebook["metadata"]):
                without[student] = "was graded as an ordinary notebook: use nbgrader generate_feedback"
                continue
            mark = marks[student]
            page = feedback_page(module, notebook["metadata"], notebook["cells"], mark.given, mark.penalty, reader)
            _write(course, module, student, folders[student], page)
            written.append(student)
        except OSError as error:
            without[student] = f"has no feedback, because {error.filename} could not be used: {error.strerror}"
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            without[student] = f"has a damaged graded notebook, {folders[student] / f'{module}.ipynb'}: grade again"
        finally:
            progress(done, len(wanted))
    return written, without


def _write(course: Course, module: str, student: str, graded: Path, page: str) -> None:
    path = course.folder("feedback", student, module)
    path.mkdir(parents=True, exist_ok=True)
    folder, permissions = str(path), course.feedback_permissions
    replace_file(folder, f"{module}.html", page.encode(), permissions)
    for name in EXCHANGE_FILES:  # the exchange releases feedback by them
        if (graded / name).is_file():
            replace_file(folder, name, (graded / name).read_bytes(), permissions)
