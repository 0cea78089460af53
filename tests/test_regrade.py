"""Grading again: what people gave stays, what changed is told, and nothing is lost when it is stopped."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest
from course import Course
from graded import (
    change_source,
    command_line,
    everything,
    flagged,
    grade,
    hand_in,
    score_by_hand,
    with_config,
)
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from test_grading import CLASS

from fieldguide.grading.course import CourseError
from fieldguide.grading.score_log import LOG_NAME
from fieldguide.grading.summary import summary
from fieldguide.responses import ResponseRecord

# -- grading again -------------------------------------------------------------------------------------


def test_what_people_gave_survives_grading_again(course: Course) -> None:
    course.submit("ana", CLASS["partly"], {"the-group-chat": "I would ask."})
    grade(course)
    score_by_hand(course, "ana", 4.0)
    score_by_hand(course, "ana", 1.5, "after-hours-message")
    with Gradebook(course.db_url) as gradebook:
        gradebook.find_grade("which-rule-speaks", "small", "small", "ana").extra_credit = 0.5
        gradebook.find_comment("the-group-chat", "small", "small", "ana").manual_comment = "Clear."
        gradebook.find_submission_notebook("small", "small", "ana").flagged = True
        gradebook.db.commit()
    before = everything(course)
    report = grade(course)
    assert everything(course) == before
    course.autograde()
    assert everything(course) == before
    assert report.standings[0].total == pytest.approx(1.5 + 1 + (2 / 3 + 0.5) + 1 + 1 + 1 + 4)


def test_an_essay_is_flagged_again_only_if_it_changed_since_it_was_scored(course: Course) -> None:
    folder = course.submit("ana", {}, {"the-group-chat": "First."})
    grade(course)
    assert flagged(course, "ana")
    score_by_hand(course, "ana", 4.0)
    grade(course)
    assert not flagged(course, "ana")
    _rewrite(folder, "Second.")
    grade(course)
    assert flagged(course, "ana")
    grade(course)
    assert flagged(course, "ana")  # nobody has looked yet
    _rewrite(folder, "First.")
    grade(course)
    assert not flagged(course, "ana")  # what stands there now is what was scored
    _rewrite(folder, "Third.")
    course.autograde()  # the same through nbgrader
    assert flagged(course, "ana")
    score_by_hand(course, "ana", 3.0)
    course.autograde()
    assert not flagged(course, "ana")


def _rewrite(folder: Path, text: str) -> None:
    ResponseRecord(folder, "small").save_essay("the-group-chat", text)


def test_a_key_that_changed_rescores_and_says_whose_total_changed(course: Course) -> None:
    course.submit("ana", CLASS["right"])
    course.submit("ben", CLASS["wrong"])
    grade(course)
    change_source(course, "key: [town, event, job]", "key: [town, event, question]")
    report = grade(course)
    assert [str(item) for item in report.item_changes] == ["take-out-of-notes"]
    said = summary(report)
    assert "Questions changed since the last grading: take-out-of-notes." in said
    assert "ana: 13 → 11 (take-out-of-notes)" in said
    assert "ben: 0 → 1 (take-out-of-notes)" in said
    lines = [json.loads(line) for line in (course.root / LOG_NAME).read_text("utf-8").splitlines()]
    assert [line["event"] for line in lines] == ["item", "score", "score"]
    assert lines[1] | {"time": ""} == {
        "v": 1,
        "time": "",
        "module": "small",
        "event": "score",
        "student": "ana",
        "before": 13.0,
        "after": 11.0,
        "penalty": 0.0,
        "items": [{"item": "take-out-of-notes", "before": 3.0, "after": 1.0, "because": "question"}],
    }
    assert summary(grade(course)).count("→") == 0
    assert len((course.root / LOG_NAME).read_text("utf-8").splitlines()) == 3
    course.autograde()  # nbgrader's own steps see the mended question as well
    assert course.scores("ana")["take-out-of-notes"] == (1.0, False)


def test_a_second_key_that_is_accepted_rescores(course: Course) -> None:
    course.submit("ana", CLASS["right"] | {"smallest-group": "8"})
    grade(course)
    change_source(course, "tolerance: 0.5", "tolerance: 4.5")
    assert "ana: 12 → 13 (smallest-group)" in summary(grade(course))


def test_a_second_answer_that_is_accepted_counts_fully_for_who_chose_either(course: Course) -> None:
    course.submit("ana", CLASS["right"])
    course.submit("ben", CLASS["partly"])
    course.submit("chi", CLASS["wrong"])
    grade(course)
    assert course.scores("ben")["after-hours-message"] == (0.0, False)
    change_source(course, "key: wait", "key: [wait, reply]")
    change_source(course, "seminar: teaching", "seminar: [teaching, posting]")
    change_source(course, "tape: recording", "tape: [recording, posting]")
    change_source(course, "key: 12.5", "key: [12.5, 8]")
    report = grade(course)
    said = summary(report)
    assert "ben: 4.67 → 7.33 (after-hours-message, which-rule-speaks)" in said, said
    assert "chi: 0 → 1.67 (which-rule-speaks, smallest-group)" in said
    assert "ana" not in [line.partition(":")[0].strip() for line in said.splitlines() if "→" in line]
    for student in ("ana", "ben"):
        assert course.scores(student)["after-hours-message"] == (2.0, False)
        page = unescape(course.feedback_shown(student))
        assert page.count("one of 2 best answers, each counts fully") == 2
        assert "The answer: 12.5 (counts too: 8) percent." in page
    page = unescape(course.feedback_shown("chi"))
    assert "Best answer: Consent before recording (counts too: No client details online)." in page
    before = everything(course)
    course.autograde()
    assert everything(course) == before


def test_a_withdrawn_item_gives_everybody_its_points_on_record(course: Course) -> None:
    course.submit("ana", CLASS["right"], {"the-group-chat": "I would ask."})
    course.submit("ben", CLASS["wrong"])
    course.submit("chi", {})
    grade(course)
    change_source(course, "choose: several", r"choose: several\nwithdrawn: Two answers hold.")
    change_source(course, "words: 200", r"words: 200\nwithdrawn: The case was unclear.")
    said = summary(grade(course))
    assert "ben: 0 → 8 (take-out-of-notes, the-group-chat)" in said
    rows = everything(course)
    for student in ("ana", "ben", "chi"):
        assert rows[student]["grades"]["take-out-of-notes"][0] == 3.0
        assert rows[student]["grades"]["the-group-chat"][0] == 5.0
        assert not flagged(course, student)
    assert "Withdrawn, full credit for everybody: 3 of 3 points." in course.graded_text("chi")
    assert "Two answers hold" in course.feedback("ben")
    course.autograde()
    assert everything(course) == rows


def test_points_of_a_person_give_way_to_a_withdrawal_and_come_back_when_it_is_undone(course: Course) -> None:
    course.submit("ana", CLASS["right"], {"the-group-chat": "I would ask."})
    grade(course)
    score_by_hand(course, "ana", 3.0)
    score_by_hand(course, "ana", 1.0, "take-out-of-notes")
    before = everything(course)["ana"]["grades"]
    change_source(course, "choose: several", r"choose: several\nwithdrawn: Two answers hold.")
    change_source(course, "words: 200", r"words: 200\nwithdrawn: The case was unclear.")
    assert "ana: 14 → 18 (take-out-of-notes, the-group-chat)" in summary(grade(course))
    for item, points in (("take-out-of-notes", 3.0), ("the-group-chat", 5.0)):
        assert everything(course)["ana"]["grades"][item] == (points, None, None, False)
    rows = everything(course)
    grade(course)
    course.autograde()
    assert everything(course) == rows
    change_source(course, r"\nwithdrawn: Two answers hold.", "")
    change_source(course, r"\nwithdrawn: The case was unclear.", "")
    grade(course)
    assert everything(course)["ana"]["grades"] == before
    grade(course)
    assert everything(course)["ana"]["grades"] == before


def test_points_that_changed_change_the_maximum(course: Course) -> None:
    course.submit("ana", CLASS["right"])
    grade(course)
    score_by_hand(course, "ana", 1.0, "take-out-of-notes")
    path = course.root / "source" / "small" / "small.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "take-out-of-notes":
            cell.metadata.nbgrader.points = 6.0
            cell.source = cell.source.replace("points: 3", "points: 6")
    nbformat.write(notebook, path)
    report = grade(course)
    assert str(report.item_changes[0]) == "take-out-of-notes (3 → 6 points)"
    with Gradebook(course.db_url) as gradebook:
        assert gradebook.find_grade("take-out-of-notes", "small", "small", "ana").max_score == 6.0
    assert everything(course)["ana"]["grades"]["take-out-of-notes"] == (6.0, 1.0, None, True)  # to be looked at again
    course.autograde()
    assert everything(course)["ana"]["grades"]["take-out-of-notes"] == (6.0, 1.0, None, True)


def test_a_new_response_is_told_from_a_new_key(course: Course) -> None:
    folder = course.submit("ana", CLASS["right"])
    grade(course)
    ResponseRecord(folder, "small").save("after-hours-message", ["block"])
    grade(course)
    line = json.loads((course.root / LOG_NAME).read_text("utf-8"))
    assert line["items"] == [{"item": "after-hours-message", "before": 2.0, "after": 0.0, "because": "response"}]


@pytest.mark.parametrize("what", ["added", "removed"])
def test_adding_or_removing_an_item_is_refused_with_what_to_do(course: Course, tmp_path: Path, what: str) -> None:
    course.submit("ana", CLASS["right"])
    grade(course)
    before = everything(course)
    path = course.root / "source" / "small" / "small.ipynb"
    notebook = nbformat.read(path, as_version=4)
    place = next(i for i, cell in enumerate(notebook.cells) if cell.id == "item-smallest-group")
    if what == "removed":
        del notebook.cells[place]
    else:
        text = json.dumps(notebook.cells[place]).replace("smallest-group", "largest-group")
        notebook.cells.append(nbformat.from_dict(json.loads(text)))
    nbformat.write(notebook, path)
    with pytest.raises(CourseError, match=r"can be neither added nor removed: put back") as error:
        grade(course)
    assert ("largest-group" if what == "added" else "smallest-group") in str(error.value)
    with pytest.raises(NbGraderException):
        course.autograde()
    assert everything(course) == before


# -- stopped, and at the same time ---------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_stopped_at_any_moment_and_run_again_is_as_run_once(
    course: Course, tmp_path: Path, stop: signal.Signals
) -> None:
    hand_in(with_config(course))
    once = course.copy(tmp_path / "once", stock=False)
    grade(once)
    expected = everything(once)
    started = time.monotonic()
    subprocess.run(command_line(course.copy(tmp_path / "timed", stock=False), "grade", "small"), capture_output=True)
    usual = time.monotonic() - started
    for moment in range(12):
        again = course.copy(tmp_path / f"stopped-{moment}", stock=False)
        run = subprocess.Popen(
            command_line(again, "grade", "small"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(usual * (moment + 1) / 12)
        run.send_signal(stop)
        run.wait()
        held = everything(again)
        assert held in ({}, expected)  # all or nothing
        assert subprocess.run(command_line(again, "grade", "small"), capture_output=True).returncode == 3
        assert everything(again) == expected
        assert not list(again.root.rglob("*.part"))


class Killed(BaseException):
    pass


@pytest.mark.parametrize("where", ["_insert", "_update", "keep_changes"])
def test_a_failure_inside_the_transaction_changes_nothing(
    course: Course, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    from fieldguide.grading import classgrader, saving

    hand_in(course)
    grade(course)
    course.submit("zoe", CLASS["right"])
    change_source(course, "key: [town, event, job]", "key: [town, event, question]")
    before = everything(course)
    module = classgrader if where == "keep_changes" else saving
    real, calls = getattr(module, where), [0]

    def fail(*arguments: Any) -> None:
        real(*arguments)
        calls[0] += 1
        if where == "keep_changes" or calls[0] == 3:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(module, where, fail)
        with pytest.raises(Killed):
            grade(course)
    assert everything(course) == before
    report = grade(course)
    assert "ana" not in before and len(report.item_changes) == 1
    assert course.scores("zoe")["take-out-of-notes"] == (1.0, False)


@pytest.mark.slow
def test_two_graders_at_once_lose_nothing(course: Course, tmp_path: Path) -> None:
    for number in range(40):
        course.submit(f"s{number:02}", CLASS["partly"], {"the-group-chat": f"Text {number}."})
    with Gradebook(with_config(course).db_url) as gradebook:
        for number in range(40):
            gradebook.add_student(f"s{number:02}")
    halves = [[f"s{number:02}" for number in range(part, 40, 2)] for part in (0, 1)]
    both = [[*halves[0], *halves[1][:5]], [*halves[1], *halves[0][:5]]]  # some are graded by both
    runs = [
        subprocess.Popen(
            command_line(course, "grade", "small", *(word for student in students for word in ("--student", student))),
            stdout=subprocess.DEVNULL,
        )
        for students in both
    ]
    assert [run.wait() for run in runs] == [0, 0]
    held = everything(course)
    assert len(held) == 40
    assert all(one["counts"] == (7, 1) for one in held.values())
    alone = course.copy(tmp_path / "alone", stock=False)
    grade(alone)
    assert everything(alone) == held


def test_a_grader_waits_for_another(course: Course) -> None:
    course.submit("ana", CLASS["right"])
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sqlite3, sys, time; c = sqlite3.connect(sys.argv[1]); c.execute('BEGIN IMMEDIATE');"
            "print('held', flush=True); time.sleep(1);"
            "c.execute(\"INSERT INTO student (id) VALUES ('ana')\"); c.commit()",
            str(course.root / "gradebook.db"),
        ],
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
    grade(course)  # ana is added by the other grader while this one waits
    assert holder.wait() == 0
    assert course.scores("ana")["after-hours-message"] == (2.0, False)
