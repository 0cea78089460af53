"""The log of changed scores says what the gradebook says, whatever stops or hinders a run."""

from __future__ import annotations

import json
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from course import Course
from graded import change_source, command_line, everything, grade, with_config
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from test_grading import CLASS

from fieldguide.cli import main
from fieldguide.grading.course import CourseError
from fieldguide.grading.score_log import LOG_NAME
from fieldguide.grading.summary import exit_code, summary

STOPPED = Path(__file__).with_name("stopped.py")


@pytest.fixture
def changed(course: Course) -> Course:
    """A class of two, graded, whose totals the next grading will change: ana's from 13 to 11, ben's from 0 to 1."""
    with_config(course)
    course.submit("ana", CLASS["right"], {"the-group-chat": "I would ask."})
    course.submit("ben", CLASS["wrong"], {"the-group-chat": "I would wait."})
    grade(course)
    change_source(course, "key: [town, event, job]", "key: [town, event, question]")
    return course


def totals(course: Course) -> dict[str, float]:
    return {student: held["notebook"][3] for student, held in everything(course).items()}


BEFORE, AFTER = {"ana": 13.0, "ben": 0.0}, {"ana": 11.0, "ben": 1.0}


def log_lines(course: Course) -> list[dict[str, Any]]:
    """The whole lines of the log."""
    path = course.root / LOG_NAME
    whole = path.read_text("utf-8").split("\n")[:-1] if path.exists() else []
    return [json.loads(line) for line in whole]


def kept_lines(course: Course) -> list[dict[str, Any]]:
    """The lines that wait in the gradebook."""
    gradebook = sqlite3.connect(course.root / "gradebook.db")
    try:
        if not gradebook.execute("SELECT 1 FROM sqlite_master WHERE name = 'fieldguide_unlogged'").fetchall():
            return []
        return [json.loads(line) for (line,) in gradebook.execute("SELECT line FROM fieldguide_unlogged ORDER BY id")]
    finally:
        gradebook.close()


def told(lines: list[dict[str, Any]]) -> list[tuple[str, object]]:
    return [(line.get("student", line.get("item", "")), line.get("after")) for line in lines]


ALL = [("take-out-of-notes", None), ("ana", 11.0), ("ben", 1.0)]


def test_a_commit_that_fails_leaves_no_line_and_no_change(changed: Course) -> None:
    def fail(connection: object) -> None:
        raise OperationalError("COMMIT", {}, sqlite3.OperationalError("database or disk is full"))

    event.listen(Engine, "commit", fail)
    try:
        with pytest.raises(CourseError, match="nothing in it was changed: database or disk is full"):
            grade(changed)
    finally:
        event.remove(Engine, "commit", fail)
    assert totals(changed) == BEFORE
    assert log_lines(changed) == kept_lines(changed) == []
    grade(changed)
    assert totals(changed) == AFTER and told(log_lines(changed)) == ALL


@pytest.mark.slow
def test_a_grading_killed_at_any_point_leaves_a_log_that_is_true(changed: Course, tmp_path: Path) -> None:
    points = _killed_at_each_point(changed, tmp_path, ["grade", "small"], lambda course: totals(course) == AFTER, ALL)
    assert points > 40


@pytest.mark.slow
def test_a_scoring_killed_at_any_point_leaves_a_log_that_is_true(changed: Course, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    lines = [f"{student},the-group-chat,{name},1" for student in ("ana", "ben") for name in ("people", "decision")]
    sheet.write_text("\n".join(["student,item,criterion,points", *lines]), encoding="utf-8")

    def is_scored(course: Course) -> bool:
        given = [held["grades"]["the-group-chat"][1] for held in everything(course).values()]
        assert given in ([None, None], [2.0, 2.0])
        return given == [2.0, 2.0]

    expected = [("ana", 2.0), ("ben", 2.0)]
    assert _killed_at_each_point(changed, tmp_path, ["score", "small", str(sheet)], is_scored, expected) > 20


def _killed_at_each_point(
    course: Course,
    tmp_path: Path,
    command: list[str],
    is_changed: Callable[[Course], bool],
    expected: list[tuple[str, object]],
) -> int:
    """Kill the command at each of its points in turn, on a fresh copy; returns how many there are."""
    copies = tmp_path / "copies"
    copies.mkdir()
    program = [sys.executable, str(STOPPED), str(course.root), str(copies), *command]
    run = subprocess.run(program, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    points = len(list(copies.iterdir())) - 1
    for point in range(1, points + 1):
        again = Course(copies / str(point), course.assignment, "")
        if is_changed(again):  # each change has its line, in the log or on its way there
            in_log, waiting = told(log_lines(again)), told(kept_lines(again))
            assert in_log == expected[: len(in_log)] and waiting in ([], expected)
            assert waiting or in_log == expected
        else:
            assert log_lines(again) == kept_lines(again) == []
        assert main(["--project", str(again.root), *command]) == 0
        assert is_changed(again) and kept_lines(again) == []
        assert told(log_lines(again)) == expected
        assert (again.root / LOG_NAME).read_bytes().endswith(b"}\n")
    return points


def _with_room_for(file_size: int, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command on a disk on which no file can grow beyond a size."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))

    return subprocess.run(command, capture_output=True, text=True, preexec_fn=limit)


def test_a_disk_with_no_room_for_the_log_keeps_its_lines_in_the_gradebook(changed: Course) -> None:
    path = changed.root / LOG_NAME
    old = b'{"event":"score","student":"zoe","after":1.0}\n' * 40_000  # larger than the gradebook can become here
    path.write_bytes(old)
    run = _with_room_for(len(old) + 100, command_line(changed, "grade", "small"))
    assert run.returncode == 3 and run.stderr == ""
    assert (
        "grading-log.jsonl could not be written (File too large). The lines for it are in the gradebook" in run.stdout
    )
    assert "Totals changed (not yet in grading-log.jsonl):" in run.stdout
    assert path.read_bytes() == old  # no half of a line either
    assert totals(changed) == AFTER and told(kept_lines(changed)) == ALL
    assert subprocess.run(command_line(changed, "grade", "small"), capture_output=True).returncode == 0
    assert told(log_lines(changed)[40_000:]) == ALL and kept_lines(changed) == []


def test_a_disk_with_no_room_for_the_gradebook_changes_neither(changed: Course) -> None:
    run = _with_room_for(20_000, command_line(changed, "grade", "small"))
    assert run.returncode == 1
    assert "nothing in it was changed" in run.stderr and "Traceback" not in run.stderr
    assert totals(changed) == BEFORE
    assert log_lines(changed) == kept_lines(changed) == []


@pytest.mark.parametrize("what", ["folder", "nowhere"])
def test_a_log_that_cannot_be_written_stops_nothing_and_is_named(changed: Course, what: str) -> None:
    path = changed.root / LOG_NAME
    if what == "folder":
        path.mkdir()
    else:
        path.symlink_to(changed.root / "nowhere" / "log")
    report = grade(changed)
    assert exit_code(report) == 3 and "grading-log.jsonl could not be written" in summary(report)
    assert totals(changed) == AFTER
    path.rmdir() if what == "folder" else path.unlink()
    assert exit_code(grade(changed)) == 0  # nothing has changed since, and the lines are written all the same
    assert told(log_lines(changed)) == ALL


def test_points_by_criterion_are_kept_too_when_the_log_cannot_be_written(
    changed: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "student,item,criterion,points\nana,the-group-chat,people,2\nana,the-group-chat,decision,1\n", encoding="utf-8"
    )
    (changed.root / LOG_NAME).mkdir()
    assert main(["--project", str(changed.root), "score", "small", str(sheet)]) == 3
    assert "could not be written (Is a directory)" in capsys.readouterr().err
    (changed.root / LOG_NAME).rmdir()
    changed.autograde()  # nbgrader's own door writes them as well
    assert ("ana", 3.0) in told(log_lines(changed))


def test_a_line_that_was_torn_before_is_closed(changed: Course) -> None:
    (changed.root / LOG_NAME).write_text('{"event":"score","stud', encoding="utf-8")
    grade(changed)
    lines = (changed.root / LOG_NAME).read_text("utf-8").splitlines()
    assert lines[0] == '{"event":"score","stud' and told([json.loads(line) for line in lines[1:]]) == ALL
