"""The grades of a class, as the gradebook has them, and ``nbgrader export`` with our settings: all of them, in a file
that spreadsheets can open safely.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin

from fieldguide.grading.files import replace_file
from fieldguide.grading.spreadsheets import csv_file

#: nbgrader's own columns, in its order, and the state of the grading.
_COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score", "status"),
)
MISSING, WAITS, GRADED = "missing", "waits to be scored", "graded"
_PERMISSIONS = 0o600


@dataclass(frozen=True, slots=True)
class ClassGrade:
    """What one student has for one module.

    ``raw``, ``penalty`` and ``score`` are points, and None where nothing was handed in. ``status`` is one of MISSING,
    WAITS and GRADED. ``comments`` are a person's comments, by the id of the item.
    """

    assignment: str
    maximum: float
    duedate: datetime | None
    timestamp: datetime | None
    student: Any
    raw: float | None
    penalty: float | None
    status: str
    comments: dict[str, str]

    @property
    def score(self) -> float | None:
        """Points after what is taken off for lateness, never below 0."""
        return None if self.raw is None else max(0.0, self.raw - (self.penalty or 0.0))


def class_grades(
    gradebook: Gradebook, assignments: Container[str] = (), students: Container[str] = ()
) -> Iterator[ClassGrade]:
    """The grades of every student, or of ``students``, in every assignment, or in ``assignments``."""
    for assignment in gradebook.assignments:
        if assignments and assignment.name not in assignments:
            continue
        for student in gradebook.students:
            if not students or student.id in students:
                yield _grade(gradebook, assignment, student)


def grades_table(gradebook: Gradebook, assignments: Container[str] = (), students: Container[str] = ()) -> bytes:
    """The same grades as a CSV file, with nbgrader's columns and the state of the grading."""
    return csv_file(_COLUMNS, (_row(grade) for grade in class_grades(gradebook, assignments, students)))


def _row(grade: ClassGrade) -> tuple[object, ...]:
    student = grade.student
    about = (student.id, student.last_name, student.first_name, student.email)
    times = (_time(grade.duedate), _time(grade.timestamp))
    return (grade.assignment, *times, *about, grade.raw, grade.penalty, grade.score, grade.maximum, grade.status)


class GradesExporter(ExportPlugin):  # type: ignore[misc]
    """Writes the columns of nbgrader's own CSV export, with two differences.

    Where nothing was handed in the score is empty rather than zero, and a last column says whether a submission is
    missing, waiting or graded. No text in the file is taken for a formula.
    """

    def export(self, gradebook: Gradebook) -> None:
        target = Path(self.to or "grades.csv").absolute()
        self.log.info("Exporting grades to %s", target)
        assignments, students = ({str(name) for name in names} for names in (self.assignment, self.student))
        content = grades_table(gradebook, assignments, students)
        try:
            if target.is_symlink() or (target.exists() and not target.is_file()):
                target.write_bytes(content)  # such as /dev/stdout, which cannot be replaced by a file
            else:
                replace_file(str(target.parent), target.name, content, _PERMISSIONS)
        except OSError as error:
            self.parent.fail("%s could not be written: %s.", target, error.strerror)


def _grade(gradebook: Gradebook, assignment: Any, student: Any) -> ClassGrade:
    submission = _find_graded(gradebook, assignment.name, student.id)
    timestamp, scores, status, comments = None, (None, None), MISSING, {}
    if submission is not None:
        timestamp, scores = submission.timestamp, (submission.score, submission.late_submission_penalty)
        status = WAITS if submission.needs_manual_grade else GRADED
        written = (comment for notebook in submission.notebooks for comment in notebook.comments)
        comments = {comment.name: comment.comment for comment in written if comment.comment}
    return ClassGrade(
        assignment.name, assignment.max_score, assignment.duedate, timestamp, student, *scores, status, comments
    )


def _find_graded(gradebook: Gradebook, assignment: str, student: str) -> Any:
    """A student's submission; None where there is none, or only an extension of the due date."""
    try:
        submission = gradebook.find_submission(assignment, student)
    except MissingEntry:
        return None
    if submission.timestamp is not None:
        return submission
    grades = (grade for notebook in submission.notebooks for grade in notebook.grades)
    return submission if any((grade.auto_score, grade.manual_score) != (None, None) for grade in grades) else None


def _time(moment: object) -> str:
    return "" if moment is None else str(moment)
