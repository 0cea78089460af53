"""A notebook that is not as it is handed out: nobody is accused, and the student reads nothing of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from course import Course
from graded import change_source, grade
from test_grading import CLASS

DIFFERS = "small.ipynb is not as it is handed out now (cells: {}). The student changed it, or it was changed after"


def notes(course: Course, student: str = "ana") -> list[str]:
    """What grading notes of a submission; the graded notebook says the same to the scorer, and feedback does not."""
    texts = [note.text for note in grade(course).notes.get(student, [])]
    page = course.feedback(student)
    for text in texts:
        assert text.split(" (")[0] in course.graded_text(student)
    assert "as it is handed out" not in page and "changed" not in page
    return texts


def edit(folder: Path, change: Callable[[list[dict[str, Any]]], object]) -> None:
    """Change the cells of a submitted notebook."""
    path = folder / "small.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    change(notebook["cells"])
    path.write_text(json.dumps(notebook), encoding="utf-8")


def drop_ids(cells: list[dict[str, Any]]) -> None:
    for cell in cells:
        del cell["id"]


def new_ids(cells: list[dict[str, Any]]) -> None:
    for number, cell in enumerate(cells):
        cell["id"] = f"editor-{number}"


def change_word(cells: list[dict[str, Any]]) -> None:
    for cell in cells:
        text = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        cell["source"] = text.replace("midnight", "noon")


@pytest.fixture
def folder(course: Course) -> Path:
    return course.submit("ana", CLASS["right"], {"the-group-chat": "I would ask."})


def test_no_student_is_accused_of_the_instructors_edit(course: Course, folder: Path) -> None:
    grade(course)
    change_source(course, "midnight", "noon")
    assert notes(course) == []  # it is as release/ has it, from which it was handed out


def test_no_student_is_accused_where_the_release_is_made_anew_as_well(course: Course, folder: Path) -> None:
    change_source(course, "midnight", "noon")
    course.generate()
    (said,) = notes(course)
    assert said.startswith(DIFFERS.format("2 changed"))


@pytest.mark.parametrize("change", [drop_ids, new_ids])
def test_an_editor_that_drops_or_replaces_ids_is_no_change(
    course: Course, folder: Path, change: Callable[[list[dict[str, Any]]], None]
) -> None:
    edit(folder, change)
    assert notes(course) == []


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        (change_word, "2 changed"),
        (lambda cells: (drop_ids(cells), change_word(cells)), "2 missing, 2 added"),
        (lambda cells: cells.pop(), "1 missing"),
        (lambda cells: cells.append(cells[-1]), "1 doubled"),
        (lambda cells: cells.append({**cells[-1], "id": "copy"}), "1 added"),
        (lambda cells: cells.append({**cells[-1], "id": "empty", "source": " "}), None),
    ],
)
def test_a_difference_is_counted_and_told_to_the_scorer_alone(
    course: Course, folder: Path, change: Callable[[list[dict[str, Any]]], object], counts: str | None
) -> None:
    edit(folder, change)
    assert [text.partition(" the student got")[0] for text in notes(course)] == (
        [DIFFERS.format(counts)] if counts else []
    )


def test_a_student_still_reads_what_is_theirs_to_know(course: Course, folder: Path) -> None:
    edit(folder, lambda cells: cells.pop())
    for name in ("responses.jsonl", "essays.json"):
        (folder / f"small.{name}").unlink()
    grade(course)
    page = course.feedback("ana")
    assert "There is no record" in page and "handed out" not in page


@pytest.mark.parametrize("damage", ["[]", "{", '{"cells": [1]}', None])
def test_a_damaged_release_costs_no_more_than_the_comparison(course: Course, folder: Path, damage: str | None) -> None:
    path = course.root / "release" / "small" / "small.ipynb"
    path.unlink() if damage is None else path.write_text(damage, encoding="utf-8")
    assert notes(course) == []
    change_source(course, "midnight", "noon")
    assert len(notes(course)) == 1


def test_nbgraders_own_door_says_the_same(course: Course, folder: Path) -> None:
    change_source(course, "midnight", "noon")
    course.autograde()
    path = course.root / "autograded" / "ana" / "small" / "small.ipynb"
    assert nbformat.read(path, as_version=4).cells[0].id != "fieldguide-notes"
    edit(folder, change_word)
    edit(folder, drop_ids)
    edit(folder, lambda cells: cells.pop())
    course.autograde()
    kept = nbformat.read(path, as_version=4).cells[0].metadata.fieldguide
    assert kept.notes == [] and len(kept.for_scorer) == 1
