"""A class to grade and what to look at afterwards, for the tests of ``fieldguide grade``; a plugin for its fixtures."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT
from course import Course
from nbgrader.api import Gradebook
from test_grading import CLASS, small_source

from fieldguide.grading import course as settings
from fieldguide.grading.classgrader import ClassReport, grade_class

LATE = "2026-11-20 10:00:00.000000 UTC"


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Course:
    folder = tmp_path_factory.mktemp("generated")
    course = Course(folder / "course", "small", small_source(folder))
    course.generate()
    return course


@pytest.fixture
def course(generated: Course, tmp_path: Path) -> Course:
    return generated.copy(tmp_path / "course", stock=False)


def grade(course: Course, *students: str, **settings_of: dict[str, Any]) -> ClassReport:
    config = course.config()
    for section, values in settings_of.items():
        config[section].update(values)
    return grade_class(settings.Course(course.root, config), course.assignment, students)


def hand_in(course: Course) -> None:
    for student, responses in CLASS.items():
        folder = course.submit(student, responses, {} if student == "none" else {"the-group-chat": "I would ask."})
        (folder / "timestamp.txt").write_text(LATE, encoding="utf-8")


def everything(course: Course) -> dict[str, Any]:
    """What the gradebook holds of every submission, row ids aside."""
    held: dict[str, Any] = {}
    with Gradebook(course.db_url) as gradebook:
        for submission in gradebook.find_assignment(course.assignment).submissions:
            (notebook,) = submission.notebooks
            held[submission.student.id] = {
                "when": (submission.timestamp, submission.extension),
                "notebook": (notebook.name, notebook.flagged, notebook.late_submission_penalty, notebook.score),
                "grades": {
                    row.name: (row.auto_score, row.manual_score, row.extra_credit, row.needs_manual_grade)
                    for row in notebook.grades
                },
                "comments": {row.name: (row.auto_comment, row.manual_comment) for row in notebook.comments},
                "counts": (len(notebook.grades), len(notebook.comments)),
            }
    return held


def due(course: Course, when: str | None) -> None:
    with Gradebook(course.db_url) as gradebook:
        gradebook.update_or_create_assignment(course.assignment, duedate=when)


def score_by_hand(course: Course, student: str, points: float, item: str = "the-group-chat") -> None:
    """What Formgrader does when a person gives points."""
    with Gradebook(course.db_url) as gradebook:
        row = gradebook.find_grade(item, "small", "small", student)
        row.manual_score, row.needs_manual_grade = points, False
        gradebook.db.commit()


def flagged(course: Course, student: str, item: str = "the-group-chat") -> bool:
    found: bool = everything(course)[student]["grades"][item][3]
    return found


def change_source(course: Course, old: str, new: str) -> None:
    path = course.root / "source" / "small" / "small.ipynb"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def command_line(course: Course, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "fieldguide.cli", "--project", str(course.root), *arguments]


def with_config(course: Course) -> Course:
    (course.root / "nbgrader_config.py").write_text((PROJECT / "nbgrader_config.py").read_text("utf-8"), "utf-8")
    return course
