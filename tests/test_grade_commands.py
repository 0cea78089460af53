"""The commands around grading: what they say, scoring by criterion, and measuring."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT
from course import Course
from graded import (
    LATE,
    due,
    everything,
    flagged,
    grade,
    score_by_hand,
    with_config,
)
from nbgrader.api import Gradebook
from test_grading import CLASS, ORDINARY

from fieldguide.bench import grading
from fieldguide.cli import main
from fieldguide.grading.course import CourseError
from fieldguide.grading.score_log import LOG_NAME
from fieldguide.grading.summary import exit_code
from fieldguide.responses import ResponseRecord

# -- what a person reads -------------------------------------------------------------------------------


def test_the_summary_says_who_was_graded_late_missing_and_in_trouble(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    with_config(course)
    folder = course.submit("ana", CLASS["right"], {"the-group-chat": "I would ask."})
    (folder / "timestamp.txt").write_text(LATE, encoding="utf-8")
    (course.root / "submitted" / "ben" / "small").mkdir(parents=True)
    with Gradebook(course.db_url) as gradebook:
        for student in ("ana", "ben", "cleo"):
            gradebook.add_student(student)
    due(course, "2026-11-19 07:00:00 UTC")
    assert main(["--project", str(course.root), "grade", "sm"]) == 3
    said = capsys.readouterr().out
    assert re.search(r"^ana +13 of 18 +late by 1 day; waits to be scored$", said, re.M)
    assert re.search(r"^ben +0 of 18  no time of handing in$", said, re.M)
    assert re.search(r"^cleo +missing: nothing was handed in$", said, re.M)
    assert "ben: There is no record small.responses.jsonl: every question counts as unanswered." in said
    assert said.endswith("small: 2 graded, 1 late, 1 missing, 1 to look into, 1 waiting for a person.\n")
    assert main(["--project", str(course.root), "grade", "small", "--student", "ana"]) == 0
    assert main(["--project", str(course.root), "grade", "small", "--student", "nobody"]) == 0
    assert "nobody" in capsys.readouterr().out


def test_what_stops_a_command_is_said_in_words(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_config(course)
    command = ["--project", str(course.root), "grade"]
    assert main([*command, "large"]) == 1
    assert "There is no module 'large'" in capsys.readouterr().err
    (course.root / "gradebook.db").rename(tmp_path / "gradebook.db")
    assert main([*command, "small"]) == 1
    assert "There is no gradebook at" in capsys.readouterr().err
    (tmp_path / "gradebook.db").rename(course.root / "gradebook.db")
    path = course.root / "source" / "small" / "small.ipynb"
    text = path.read_text("utf-8")
    path.write_text(ORDINARY, encoding="utf-8")
    assert main([*command, "small"]) == 1
    assert "is not a Field Guide module" in capsys.readouterr().err
    path.write_text("<<<<<<< HEAD", encoding="utf-8")
    assert main([*command, "small"]) == 1
    assert "is damaged" in capsys.readouterr().err
    path.write_text(text, encoding="utf-8")
    other = course.root / "source" / "smallest"
    path.parent.rename(other)
    (other / "small.ipynb").rename(other / "smallest.ipynb")
    assert main([*command, "small"]) == 1
    assert (
        "The gradebook has no assignment smallest. Run nbgrader generate_assignment smallest" in capsys.readouterr().err
    )


def test_a_gradebook_on_a_home_of_the_network_is_refused_and_stays_as_it_is(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    course.submit("ana", CLASS["right"])
    with_config(course)
    gradebook = course.root / "gradebook.db"
    before = gradebook.read_bytes()
    mounts = tmp_path / "mounts"
    mounts.write_text(f"1 1 0:1 / {gradebook.parent.resolve()} rw - nfs4 files:/home rw\n", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr("fieldguide.filesystems._MOUNTS", mounts)
        for command in (["grade", "small"], ["feedback", "small"], ["score", "small", "sheet.csv", "--new"]):
            assert main(["--project", str(course.root), *command]) == 1, command
            said = capsys.readouterr().err
            assert "file system of the network (nfs4)" in said and "CourseDirectory.db_url" in said, command
    assert gradebook.read_bytes() == before
    main(["--project", str(course.root), "grade", "small"])
    assert "small: 1 graded" in capsys.readouterr().out


def test_an_assignment_with_another_notebook_is_left_to_nbgrader(course: Course) -> None:
    course.submit("ana", CLASS["right"])
    with Gradebook(course.db_url) as gradebook:
        gradebook.add_notebook("extra", "small")
    with pytest.raises(CourseError, match=r"has these notebooks: extra, small\..* use nbgrader autograde"):
        grade(course)


def test_a_student_the_gradebook_does_not_know_can_be_refused(course: Course) -> None:
    course.submit("ana", CLASS["right"])
    report = grade(course, Autograde={"create_student": False})
    assert report.failed == {"ana": "is not in the gradebook, and Autograde.create_student is off"}
    assert exit_code(report) == 1 and everything(course) == {}


def test_excluded_students_are_left_alone(course: Course) -> None:
    course.submit("ana", CLASS["right"])
    course.submit("ben", CLASS["right"])
    grade(course, CourseDirectory={"student_id_exclude": "ben,cleo"})
    assert list(everything(course)) == ["ana"]


# -- levels by criterion -------------------------------------------------------------------------------


def _score(course: Course, *arguments: str) -> int:
    return main(["--project", str(course.root), "score", "small", *arguments])


def test_levels_by_criterion_become_the_manual_score_and_show_in_feedback(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_config(course)
    for student in ("ana", "=cmd|x"):
        course.submit(student, CLASS["right"], {"the-group-chat": "I would ask."})
    course.submit("ben", CLASS["right"])
    grade(course)
    sheet = tmp_path / "sheet.csv"
    assert _score(course, str(sheet), "--new") == 0
    rows = list(csv.reader(io.StringIO(sheet.read_text("utf-8-sig"), newline="")))
    lines = [",".join(row[:5]) for row in rows]
    assert lines == [
        "student,item,criterion,points,up to",
        "'=cmd|x,the-group-chat,people,,3",
        "'=cmd|x,the-group-chat,decision,,2",
        "ana,the-group-chat,people,,3",
        "ana,the-group-chat,decision,,2",
    ]
    assert all(len(row) == len(rows[0]) for row in rows)
    assert _score(course, str(sheet), "--new") == 1  # what is there may hold scores
    lines[3:5] = ["ana,the-group-chat,people,2,3", "ana,the-group-chat,decision,1.5,2"]
    lines[1:3] = ["'=cmd|x,the-group-chat,people,3,3", '\'=cmd|x,the-group-chat,decision,"0,5",2']
    sheet.write_text("\n".join(lines), encoding="utf-8")
    assert _score(course, str(sheet)) == 0
    assert "ana, the-group-chat: 3.5 points" in capsys.readouterr().out
    for student in ("ana", "=cmd|x"):
        assert everything(course)[student]["grades"]["the-group-chat"] == (None, 3.5, None, False)
    grade(course)
    assert not flagged(course, "ana")
    page = course.feedback("ana")
    assert "Sees who could be harmed. (2 of 3 points)" in page and "Decides, with reasons. (1.5 of 2 points)" in page
    assert "Scored by a person: 3.5 of 5 points." in page
    sheet.write_text("\n".join(lines).replace("people,2,3", "people,1,3"), encoding="utf-8")
    assert _score(course, str(sheet)) == 0
    assert "ana, the-group-chat: 3.5 → 2.5 points" in capsys.readouterr().out
    logged = [json.loads(line) for line in (course.root / LOG_NAME).read_text("utf-8").splitlines()]
    assert [(line["student"], line["before"], line["after"]) for line in logged] == [
        ("=cmd|x", None, 3.5),
        ("ana", None, 3.5),
        ("ana", 3.5, 2.5),
    ]
    assert logged[-1]["levels"] == {"people": 1.0, "decision": 1.5}
    score_by_hand(course, "ana", 5.0)  # another sum, in Formgrader: the levels no longer explain it
    assert "(up to 3 points)" in course.feedback("ana")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("ana,the-group-chat,people,2,3", "no points for decision"),
        ("ana,the-group-chat,people,4,3", "line 2: '4' are no points for people. Expected a number from 0 to 3."),
        ("ana,the-group-chat,people,nan,3", "'nan' are no points"),
        ("ana,the-group-chat,style,1,3", "has no criterion 'style'. Expected one of: people, decision."),
        ("ana,smallest-group,people,1,3", "there is no essay 'smallest-group'. Expected one of: the-group-chat."),
        ("ana,the-group-chat,people,1,3\nana,the-group-chat,people,1,3", "people is given twice"),
        ("zoe,the-group-chat,people,1,3\nzoe,the-group-chat,decision,1,2", "zoe has not been graded"),
    ],
)
def test_a_sheet_with_a_mistake_saves_nothing(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, says: str
) -> None:
    with_config(course)
    for student in ("ana", "ben"):
        course.submit(student, CLASS["right"], {"the-group-chat": "I would ask."})
    grade(course)
    before = everything(course)
    right = "ben,the-group-chat,people,1,3\nben,the-group-chat,decision,1,2\n"
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(f"student,item,criterion,points,up to\n{line}\n{right}", encoding="utf-8")
    assert _score(course, str(sheet)) == 1
    assert says in capsys.readouterr().err
    assert everything(course) == before
    sheet.write_text("name;points\n", encoding="utf-8")
    assert _score(course, str(sheet)) == 1
    assert "has not the columns student, item, criterion, points" in capsys.readouterr().err


# -- measuring -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_bench_measures_four_ways_and_growth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, generated: Course
) -> None:
    monkeypatch.setattr(grading, "_GROWTH", (2, 3, 4))
    (tmp_path / "nbgrader_config.py").write_text((PROJECT / "nbgrader_config.py").read_text("utf-8"), "utf-8")
    shutil.copytree(generated.root / "source", tmp_path / "source")
    assert grading.largest_module(tmp_path) == "small"
    said: list[str] = []
    plan = grading.Plan(module="small", submissions=3, rounds=1, executed=2, full=False, growth=True)
    grading.bench_grading(tmp_path, plan, said.append)
    text = "\n".join(said)
    for words in ("nbgrader autograde, stock", "worked out from 2", "the floor", "times faster", "peak memory"):
        assert words in text
    assert "One more submission: " in text


# -- folders with unusual names ------------------------------------------------------------------------


@pytest.mark.slow
def test_a_course_folder_of_any_name_opens_its_gradebook(course: Course, tmp_path: Path) -> None:
    # Each character by itself means something in an address, and would cut the name or change it.
    name = "100% a%3Fb & c's+d, ethics? #2"
    root = tmp_path / name
    shutil.copytree(course.root / "source", root / "source")
    with_config(Course(root, "small", ""))

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True)
        assert done.returncode in (0, 3), done.stderr
        return done.stdout + done.stderr

    nbgrader = str(Path(sys.executable).with_name("nbgrader"))
    run(nbgrader, "generate_assignment", "small")
    assert (root / "gradebook.db").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["course", name])  # no file beside it
    folder = Course(root, "small", "").submit("ana", CLASS["right"])
    assert "ana      13 of 18" in run(sys.executable, "-m", "fieldguide.cli", "grade", "small")
    elsewhere = [sys.executable, "-m", "fieldguide.cli", "--project", str(root), "grade", "small"]
    assert "1 graded" in subprocess.run(elsewhere, cwd=tmp_path, capture_output=True, text=True).stdout
    ResponseRecord(folder, "small").save("after-hours-message", ["block"])
    run(nbgrader, "autograde", "small", "--force")
    run(nbgrader, "export")
    assert ",11.0,0.0,11.0,18.0,graded" in (root / "grades.csv").read_text("utf-8-sig")
