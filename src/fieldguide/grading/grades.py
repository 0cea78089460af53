"""``nbgrader export`` with our settings: grades as they are, in a file that spreadsheets can open safely."""

from __future__ import annotations

from collections.abc import Iterator
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


class GradesExporter(ExportPlugin):  # type: ignore[misc]
    """Writes the columns of nbgrader's own CSV export, with two differences.

    Where nothing was handed in the score is empty rather than zero, and a last column says whether a submission is
    missing, waiting or graded. No text in the file is taken for a formula.
    """

    def export(self, gradebook: Gradebook) -> None:
        target = Path(self.to or "grades.csv").absolute()
        self.log.info("Exporting grades to %s", target)
        content = csv_file(_COLUMNS, self._rows(gradebook))
        try:
            if target.is_symlink() or (target.exists() and not target.is_file()):
                target.write_bytes(content)  # such as /dev/stdout, which cannot be replaced by a file
            else:
                replace_file(str(target.parent), target.name, content, _PERMISSIONS)
        except OSError as error:
            self.parent.fail("%s could not be written: %s.", target, error.strerror)

    def _rows(self, gradebook: Gradebook) -> Iterator[tuple[object, ...]]:
        assignments, students = ({str(name) for name in names} for names in (self.assignment, self.student))
        for assignment in gradebook.assignments:
            for student in gradebook.students:
                if assignment.name in (assignments or {assignment.name}) and student.id in (students or {student.id}):
                    yield _row(gradebook, assignment, student)


def _row(gradebook: Gradebook, assignment: Any, student: Any) -> tuple[object, ...]:
    submission = _find_graded(gradebook, assignment.name, student.id)
    timestamp, scores, status = None, (None, None, None), MISSING
    if submission is not None:
        raw, penalty = submission.score, submission.late_submission_penalty
        timestamp, scores = submission.timestamp, (raw, penalty, max(0.0, raw - penalty))
        status = WAITS if submission.needs_manual_grade else GRADED
    about = (student.id, student.last_name, student.first_name, student.email)
    times = (_time(assignment.duedate), _time(timestamp))
    return (assignment.name, *times, *about, *scores, assignment.max_score, status)


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
