"""A class's grades as a CSV file that Moodle imports: a module's grades, each with feedback.

Moodle takes a row with an empty key for the student of the row before, stops at the first student it does not know, and
erases what an empty cell stands for. So there is a row only for who has a grade, and a column of keys only where every
row has one.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Any

from fieldguide.grading.feedback import told_total
from fieldguide.grading.grades import GRADED, WAITS, ClassGrade
from fieldguide.grading.names import FROM_ELSEWHERE, show
from fieldguide.grading.spreadsheets import csv_file, guarded
from fieldguide.grading.told import say as say_of_item
from fieldguide.lms.filling import Module, Told, points_in_figures

#: What Moodle can be told that a student is known by, and how the gradebook calls it.
_KEYS = (("Username", "id"), ("ID number", "lms_user_id"), ("Email address", "email"))
#: Moodle refuses larger grades, unless its settings allow any.
_MOST = 100


def moodle_file(module: Module, grades: Iterable[ClassGrade], items: Sequence[str]) -> tuple[bytes, Told]:
    """The file of a module, and what to tell of it. ``items`` are the ids of its graded items in order, by which
    students know them as question 1, 2 and so on."""
    told = Told()
    graded = [grade for grade in grades if _is_final(grade, told)]
    taken = [(heading, name) for heading, name in _KEYS if _is_key(graded, heading, name, told)]
    title = module.names[0]
    if graded and not taken:
        told.doubts.append(
            "No column tells Moodle who each student is, as it knows nobody by name: the gradebook has no address and "
            "no ID number of them. A class list with the column 'email' brings those."
        )
    columns = [*(heading for heading, _ in taken), "First name", "Last name", title, f"{title} feedback"]
    rows = [
        [
            *(getattr(grade.student, name) for _, name in taken),
            grade.student.first_name or "",
            grade.student.last_name or "",
            float(points_in_figures(grade.score or 0.0)),
            _feedback(grade, items),
        ]
        for grade in graded
    ]
    told.done.append(f"{module.id}: {len(rows)} grades, of at most {points_in_figures(module.maximum)} points.")
    if module.maximum > _MOST:
        told.doubts.append(f"Moodle takes no grade above {_MOST}, unless its administrator allows any.")
    return csv_file(columns, rows), told


def _is_final(grade: ClassGrade, told: Told) -> bool:
    if grade.status == WAITS:
        told.doubts.append(f"{show(grade.student.id)}: waits to be scored, and is not in the file.")
    elif grade.status == GRADED and guarded(grade.student.id) != grade.student.id:
        told.doubts.append(
            f"{show(grade.student.id)}: a spreadsheet would take this id for a formula, so it is not in the file. "
            "Enter the grade by hand."
        )
    else:
        return grade.status == GRADED
    return False


def _is_key(graded: list[ClassGrade], heading: str, name: str, told: Told) -> bool:
    """Whether every row has this key, and each another one."""
    keys = [_key(grade.student, name) for grade in graded]
    if not any(keys):
        return False
    if all(keys) and len(set(keys)) == len(keys) and not any(guarded(key) != key for key in keys):
        return True
    told.doubts.append(
        f"There is no column '{heading}': not every student has one, or two have the same. For an empty cell Moodle "
        "would give the grade to the student above."
    )
    return False


def _key(student: Any, name: str) -> str:
    """What the gradebook has of a student under a name. Moodle knows nobody by an account that was made up here."""
    key = (getattr(student, name) or "").strip()
    return "" if name == "id" and FROM_ELSEWHERE.fullmatch(key) else key


def _feedback(grade: ClassGrade, items: Sequence[str]) -> str:
    """What a student reads beside the grade, in one line. Moodle takes it for HTML."""
    told = [told_total(grade.score or 0.0, grade.maximum, grade.penalty or 0.0, waits=False)["said"]]
    for number, item in enumerate(items, 1):
        if comment := grade.comments.get(item):
            told.append(f"{say_of_item('question', number=number)}: {' '.join(comment.split())}")
    return html.escape(" ".join(told), quote=False)
