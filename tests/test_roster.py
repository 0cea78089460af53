"""Who is a student: whoever grading adds to the gradebook is named, and who was removed from it stays out."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from course import Course
from graded import everything, grade, with_config
from nbgrader.api import Gradebook
from test_grading import CLASS

from fieldguide.cli import main
from fieldguide.grading.summary import exit_code, summary


@pytest.fixture
def rostered(course: Course) -> Course:
    """A course with four students in its gradebook, of whom ana and ben handed in."""
    with Gradebook(with_config(course).db_url) as gradebook:
        for student in ("ana", "ben", "chloe", "dan.souza"):
            gradebook.add_student(student)
    for student in ("ana", "ben"):
        course.submit(student, CLASS["right"])
    return course


def test_whoever_is_added_to_the_gradebook_is_named(rostered: Course, capsys: pytest.CaptureFixture[str]) -> None:
    rostered.submit("zoe", CLASS["right"])
    assert main(["--project", str(rostered.root), "grade", "small"]) == 3
    said = capsys.readouterr().out
    assert re.search("^zoe +13 of 18 +new in the gradebook$", said, re.M)
    assert "To look into:\n  zoe was in no roster, and was added to the gradebook.\n" in said
    assert said.endswith("small: 3 graded, 2 missing, 1 new in the gradebook.\n")
    assert main(["--project", str(rostered.root), "grade", "small"]) == 0  # once is enough
    assert "new in the gradebook" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("handed_in", "meant"),
    [
        *(("Chloe", "chloe"), ("chloe@school.edu", "chloe"), ("chleo", "chloe"), ("chloé", "chloe")),
        *(("dan souza", "dan.souza"), ("Dan_Souza@x.edu", "dan.souza"), ("dansousa", "dan.souza")),
    ],
)
def test_a_twin_of_somebody_missing_is_named(rostered: Course, handed_in: str, meant: str) -> None:
    rostered.submit(handed_in, CLASS["right"])
    report = grade(rostered)
    assert exit_code(report) == 3
    said = f"{handed_in} was in no roster, and was added to the gradebook. It may be {meant}, of whom there is nothing."
    assert said in summary(report)


def test_nobody_who_handed_in_is_taken_for_a_twin(rostered: Course) -> None:
    rostered.submit("Ana", CLASS["right"])
    assert "It may be" not in summary(grade(rostered))


def test_a_class_without_a_roster_is_told_so_once(course: Course) -> None:
    for student in ("ana", "ben"):
        course.submit(student, CLASS["right"])
    report = grade(course)
    assert exit_code(report) == 3
    assert "The gradebook had no students: all 2 were added, by the names of their folders." in summary(report)
    assert "no roster" not in summary(report)
    assert exit_code(grade(course)) == 0


def test_a_removed_student_is_not_brought_back(rostered: Course, capsys: pytest.CaptureFixture[str]) -> None:
    grade(rostered)
    _nbgrader(rostered, "db", "student", "remove", "ben", "--force")
    rostered.submit("zoe", CLASS["right"])
    command = ["--project", str(rostered.root), "grade", "small"]
    assert main(command) == 3
    said = capsys.readouterr().out
    assert "left out: was removed from the gradebook" in said
    assert (
        "ben was removed from the gradebook, and is not brought back. If that is wanted: nbgrader db student add ben"
    ) in said
    assert list(everything(rostered)) == ["ana", "zoe"]
    assert main(command) == 0  # the instructor knows
    assert main(["--project", str(rostered.root), "feedback", "small"]) == 0
    assert sorted(path.name for path in (rostered.root / "feedback").iterdir()) == ["ana", "zoe"]
    assert main([*command, "--student", "ben"]) == 1
    assert "ben: was removed from the gradebook. To bring back: nbgrader db student add ben" in capsys.readouterr().out
    _nbgrader(rostered, "db", "student", "add", "ben")
    assert main(command) == 0
    assert list(everything(rostered)) == ["ana", "ben", "zoe"]


def test_who_never_handed_in_and_was_removed_is_not_brought_back_either(rostered: Course) -> None:
    grade(rostered)
    with Gradebook(rostered.db_url) as gradebook:
        gradebook.remove_student("chloe")
    rostered.submit("chloe", CLASS["right"])
    assert list(grade(rostered).removed) == ["chloe"]


def test_nbgraders_own_doors_bring_nobody_back_and_name_the_new(
    rostered: Course, caplog: pytest.LogCaptureFixture
) -> None:
    rostered.autograde()
    with Gradebook(rostered.db_url) as gradebook:
        gradebook.remove_student("ben")
    rostered.submit("zoe", CLASS["right"])
    rostered.autograde()
    assert list(everything(rostered)) == ["ana", "zoe"]
    assert "ben is left out: the student was removed from the gradebook." in caplog.text
    assert "zoe was in no roster, and is added to the gradebook." in caplog.text


def test_a_gradebook_begun_anew_takes_everybody(rostered: Course) -> None:
    grade(rostered)
    (rostered.root / "gradebook.db").unlink()
    rostered.generate()
    report = grade(rostered)
    assert list(report.added) == ["ana", "ben"] and report.removed == {}


def _nbgrader(course: Course, *arguments: str) -> None:
    command = [str(Path(sys.executable).with_name("nbgrader")), *arguments]
    subprocess.run(command, cwd=course.root, check=True, capture_output=True)
