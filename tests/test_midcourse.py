"""A class that an earlier Field Guide released, collected and half graded goes on with this one."""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import Any

import pytest
from conftest import MODULE, PROJECT
from nbgrader.api import Gradebook

from fieldguide import cli
from fieldguide.responses import ResponseRecord

STUDENTS = ("ana-maria", "ben", "chidi")
#: What the earlier one's gradebook says of each question: by itself, by a person, and whether it waits for one.
SCORES = {
    "ana-maria": {
        "facts-the-seminar-can-do-without": (0.0, None, False),
        "first-month-post-approved": (2.0, None, False),
        "handbook-and-agency-differ": (2.0, None, False),
        "one-line-on-photographs": (2.0, None, False),
        "proud-post-closed-list": (2.0, None, False),
        "thursday-group-chat": (None, 11.0, False),
        "which-standard-speaks": (2.0, None, False),
    },
    "ben": {
        "facts-the-seminar-can-do-without": (0.0, None, False),
        "first-month-post-approved": (0.0, None, False),
        "handbook-and-agency-differ": (0.0, None, False),
        "one-line-on-photographs": (0.0, None, False),
        "proud-post-closed-list": (0.0, None, False),
        "thursday-group-chat": (None, None, True),
        "which-standard-speaks": (0.5, None, False),
    },
    "chidi": {
        "facts-the-seminar-can-do-without": (0.0, None, False),
        "first-month-post-approved": (0.0, None, False),
        "handbook-and-agency-differ": (2.0, None, False),
        "one-line-on-photographs": (2.0, None, False),
        "proud-post-closed-list": (0.0, None, False),
        "thursday-group-chat": (0.0, None, False),
        "which-standard-speaks": (0.0, None, False),
    },
}


@pytest.fixture
def midcourse(tmp_path: Path) -> Path:
    with tarfile.open(PROJECT / "tests" / "data" / "midcourse.tar.xz") as packed:
        packed.extraction_filter = getattr(tarfile, "data_filter", None)  # not in Python before 3.11.4
        packed.extractall(tmp_path)
    return tmp_path


def run(course: Path, *arguments: str) -> None:
    assert cli.main(["--project", str(course), *arguments]) == 0


def scores(course: Path) -> dict[str, dict[str, Any]]:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            student: {
                grade.name: (grade.auto_score, grade.manual_score, bool(grade.needs_manual_grade))
                for grade in gradebook.find_submission_notebook(MODULE, MODULE, student).grades
            }
            for student in STUDENTS
        }


def test_grading_again_changes_no_score_and_tells_of_no_change(midcourse: Path) -> None:
    log = (midcourse / "grading-log.jsonl").read_text("utf-8")
    assert scores(midcourse) == SCORES
    run(midcourse, "grade", MODULE)
    assert scores(midcourse) == SCORES
    assert (midcourse / "grading-log.jsonl").read_text("utf-8") == log


def test_feedback_is_given_of_notebooks_that_were_graded_before(midcourse: Path) -> None:
    run(midcourse, "feedback", MODULE)
    page = (midcourse / "feedback" / "ana-maria" / MODULE / f"{MODULE}.html").read_text("utf-8")
    assert "I would speak with the classmate first." in page
    assert "&#60;tonight&#62;" in page
    assert "<tonight>" not in page
    assert "21 of 28 points" in page


def test_a_student_who_goes_on_with_the_old_record_keeps_what_was_there(midcourse: Path) -> None:
    folder = midcourse / "submitted" / "chidi" / MODULE
    record = ResponseRecord(folder, MODULE)
    before = record.snapshot()
    assert before.of("handbook-and-agency-differ").saved
    assert [len(before.of(name).attempts) for name in ("the-green-coat", "count-who-it-could-be")] == [2, 2]
    right = ResponseRecord(midcourse / "submitted" / "ana-maria" / MODULE, MODULE).snapshot()
    record.save("proud-post-closed-list", right.of("proud-post-closed-list").saved)
    record.save_essay("thursday-group-chat", "I would call the instructor.")
    after = record.snapshot()
    assert after.of("handbook-and-agency-differ") == before.of("handbook-and-agency-differ")
    (folder / "timestamp.txt").write_text("2026-10-13 10:00:00 UTC", encoding="utf-8")
    run(midcourse, "grade", MODULE)
    now = scores(midcourse)
    assert now["chidi"].pop("thursday-group-chat") == (None, None, True)
    expected = SCORES["chidi"] | {"proud-post-closed-list": (2.0, None, False)}
    del expected["thursday-group-chat"]
    assert now["chidi"] == expected
    assert now["ana-maria"] == SCORES["ana-maria"]
