"""What is to stand in a course site of a module: the same grades as in the files for one, without a file."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

from fieldguide.grading.grades import MISSING, WAITS, class_grades
from fieldguide.lms.filling import points_in_figures

if TYPE_CHECKING:
    from nbgrader.api import Gradebook


def standing_grades(gradebook: Gradebook, module: str, students: Container[str]) -> dict[str, float | None]:
    """The points of ``students`` in a module, by id; None for whoever waits to be scored.

    Who handed in nothing is left out: what a course site has of them stays.
    """
    return {
        grade.student.id: None if grade.status == WAITS else float(points_in_figures(grade.score or 0.0))
        for grade in class_grades(gradebook, {module})
        if grade.student.id in students and grade.status != MISSING
    }
