"""What a class decided in one case, without names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from fieldguide.cases.model import Case
from fieldguide.cases.paths import Path
from fieldguide.grading.course import Course
from fieldguide.grading.instructor import InstructorNotebook
from fieldguide.grading.names import show, why_no_id
from fieldguide.grading.submission import Submission, read_answers
from fieldguide.grading.submitted import SubmittedCase


@dataclass(slots=True)
class ClassDecisions:
    """The decisions of a class, without names: each list has an entry for every student who sent one.

    ``reasons`` are those of students who agreed to have theirs shown. ``failed`` names, for the instructor alone, the
    students whose submissions could not be read.
    """

    decisions: Counter[tuple[str, str]] = field(default_factory=Counter)
    first_paths: list[Path] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def answered(self) -> int:
        """How many students sent a decision."""
        return self.decisions.total()


def read_decisions(course: Course, notebook: InstructorNotebook, case: Case) -> ClassDecisions:
    """Read every submission of the module, as grading reads it."""
    decided = ClassDecisions()
    for student, folder in course.with_folder("submitted", notebook.module).items():
        try:
            if why_no_id(student):
                raise ValueError("the folder's name is no student's id")
            _add(decided, case, read_answers(course, folder, notebook.module))
        except Exception:  # no student's files may stop the class
            decided.failed.append(show(student))
    return decided


def _add(decided: ClassDecisions, case: Case, submission: Submission) -> None:
    submitted = SubmittedCase.read(case, submission)
    response = submitted.response
    if response.option is None or response.certainty is None:
        return
    decided.decisions[response.option, response.certainty] += 1
    decided.first_paths.append(next((path for path in response.paths if path), ()))
    reason = submission.essays.get(case.decision.essay) if case.decision.essay else submitted.reason
    if response.share and reason is not None and reason.strip():
        decided.reasons.append(reason)
