"""Which names can be a student's id. Every door asks this before it takes a folder or a row."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from case_class import case_source, decided
from course import Course
from graded import grade
from nbformat.v4 import new_code_cell, new_notebook, writes
from nbgrader.converters.base import NbGraderException
from test_grading import CLASS

from fieldguide.cells.kinds import CASE
from fieldguide.digest.decisions import read_decisions
from fieldguide.grading import course as settings
from fieldguide.grading.classfeedback import feedback_for_class
from fieldguide.grading.classgrader import instructor_notebook
from fieldguide.grading.names import why_no_id

SCRIPT = "<img src=x onerror=alert(1)>"

GIVEN_BY_SCHOOLS = (
    *("ana", "s1234567", "00123", "ana.souza@school.edu", "ana+sw101@school.edu", "sub-1b4e28ba", "Souza, Ana"),
    *("josé", "jose\u0301", "李雷", "o_brien", "a~b", "x" * 128),
)
NEVER_GIVEN = {
    "": "is empty",
    "x" * 129: "is longer than 128 signs",
    ".ana": "begins with a dot or a dash",
    "..": "begins with a dot or a dash",
    "-rf": "begins with a dot or a dash",
    " ana": "begins or ends with a space",
    "ana ": "begins or ends with a space",
    "a\nb": "has a sign in it that cannot be seen (U+000A)",
    "\x1b[2J": "has a sign in it that cannot be seen (U+001B)",
    "a\u200bna": "has a sign in it that cannot be seen (U+200B)",
    "a\u202ena": "has a sign in it that cannot be seen (U+202E)",
    "a\u3164na": "has a sign in it that cannot be seen (U+3164)",
    "ana\ufe0f": "has a sign in it that cannot be seen (U+FE0F)",
    "ana\u00a0x": "has a sign in it that cannot be seen (U+00A0)",
    os.fsdecode(b"\xff"): "has a sign in it that cannot be seen (U+DCFF)",
    SCRIPT: "has < in it",
    "a>b": "has > in it",
    'a"b': 'has " in it',
    "o'brien": "has ' in it",
    "a&b": "has & in it",
    "a\\b": "has \\ in it",
    "a/b": "has / in it",
    "a*": "has * in it",
    "a?": "has ? in it",
    "[ab]": "has [ in it",
}


@pytest.mark.parametrize("name", GIVEN_BY_SCHOOLS)
def test_what_rosters_and_hubs_give_is_an_id(name: str) -> None:
    assert why_no_id(name) is None


@pytest.mark.parametrize("name", NEVER_GIVEN)
def test_what_nobody_gave_is_none_and_the_reason_is_told(name: str) -> None:
    assert why_no_id(name) == NEVER_GIVEN[name]


@pytest.fixture
def with_script(course: Course) -> Course:
    """An honest student, and one whose id would be script in Formgrader's pages."""
    for student in ("ana", SCRIPT):
        course.submit(student, CLASS["right"])
    return course


def test_grading_refuses_such_a_folder(with_script: Course) -> None:
    report = grade(with_script)
    assert report.failed == {SCRIPT: "could not be graded: the folder's name is no student's id: it has < in it"}
    assert [standing.student for standing in report.standings] == ["ana"]


def test_the_digest_leaves_such_a_folder_out(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    course = Course(tmp_path / "course", "small", case_source(tmp_path / "made"))
    course.generate()
    for student in ("ana", SCRIPT):
        course.submit(student, {"thursday": decided("speak")})
    there = settings.Course(course.root, course.config())
    notebook = instructor_notebook(there, "small")
    case = next(case for case in notebook.asked(CASE) if case.id == "thursday")
    collected = read_decisions(there, notebook, case)
    assert (collected.answered, collected.failed) == (1, [SCRIPT])


def test_a_hidden_folder_is_named_and_not_passed_over(course: Course) -> None:
    course.submit(".ana", CLASS["right"])
    report = grade(course)
    expected = "could not be graded: the folder's name is no student's id: it begins with a dot or a dash"
    assert report.failed == {".ana": expected}


def test_nbgraders_own_doors_refuse_it(with_script: Course, caplog: pytest.LogCaptureFixture) -> None:
    with_script.autograde()
    assert f"{SCRIPT} is left out: the folder's name is no student's id: it has < in it" in caplog.text
    autograded = with_script.root / "autograded"
    assert {path.name for path in autograded.iterdir()} == {"ana"}
    shutil.copytree(autograded / "ana", autograded / SCRIPT)  # as an older version would have graded it
    caplog.clear()
    with_script.feedback("ana")
    assert f"{SCRIPT} is left out: " in caplog.text
    there = settings.Course(with_script.root, with_script.config())
    assert feedback_for_class(there, "small") == (["ana"], {SCRIPT: "can be no student's id: it has < in it"})
    assert {path.name for path in (with_script.root / "feedback").iterdir()} == {"ana"}


def test_an_ordinary_assignment_refuses_it_before_anything_runs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ran = tmp_path / "ran"
    graded = {"schema_version": 3, "grade_id": "a", "points": 1, "grade": True, "solution": True}
    cell = new_code_cell(
        f"open({str(ran)!r}, 'w')", id="a", metadata={"nbgrader": {**graded, "locked": False, "task": False}}
    )
    ordinary = Course(tmp_path / "course", "ps1", writes(new_notebook(cells=[cell])))
    ordinary.generate()
    ordinary.submit(SCRIPT, {})
    with pytest.raises(NbGraderException):
        ordinary.autograde()
    assert f"{SCRIPT} is left out: " in caplog.text
    assert not ran.exists()
