"""Files of answers that were lost, cut or misnamed on their way: named, and never read as "unanswered" in silence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from course import Course
from graded import grade
from nbgrader.api import Gradebook
from test_grading import CLASS

from fieldguide.grading.inbound import SECRET
from fieldguide.grading.submission import entered_by
from fieldguide.grading.summary import exit_code, summary
from fieldguide.policy.documents import NAME
from fieldguide.responses import ResponseRecord
from fieldguide.responses.snapshot import ENTERED

RECORD, ESSAYS = "small.responses.jsonl", "small.essays.json"
MISNAMED = (
    *("{stem}.txt", "{name} (1){ending}", "{name}-Copy1{ending}", "{name} - Copy{ending}", "{name}-1{ending}"),
    *("{upper}", "doe_jane_4711_{stem}", "small/{stem}", "{stem}.download", "{name}{ending}~"),
)


def names_like(stem: str) -> list[str]:
    name, ending = stem.rsplit(".", 1)
    parts = {"stem": stem, "name": name, "ending": f".{ending}", "upper": stem.title()}
    return [pattern.format(**parts) for pattern in MISNAMED]


@pytest.fixture
def course(course: Course) -> Course:
    with Gradebook(course.db_url) as gradebook:
        gradebook.update_or_create_student("ana")
    return course


@pytest.fixture
def folder(course: Course) -> Path:
    return course.submit("ana", CLASS["right"], {"the-group-chat": "I would ask."})


def told(course: Course) -> list[str]:
    """What is to be looked into of the one submission, as the instructor reads it."""
    report = grade(course)
    part = summary(report).partition("To look into:\n")[2].partition("\n\n")[0]
    lines = [line.removeprefix("  ana: ") for line in part.splitlines()]
    assert exit_code(report) == (3 if lines else 0)
    return lines


def test_nothing_is_said_of_two_whole_files(course: Course, folder: Path) -> None:
    assert told(course) == []


def test_what_came_through_the_exchange_was_entered_by_nobody_whatever_its_record_says(
    course: Course, folder: Path
) -> None:
    ResponseRecord(folder, "small").set(ENTERED, {"by": "Kim Lee"})
    assert told(course) == []
    (folder / SECRET).write_text("s3cret", encoding="utf-8")
    (line,) = told(course)
    assert line.startswith("The record says that Kim Lee entered it from an answer sheet on paper, but the student")
    assert entered_by(folder, ResponseRecord(folder, "small").snapshot()) is None


@pytest.mark.parametrize("name", names_like(RECORD))
def test_a_record_under_another_name_is_named(course: Course, folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / RECORD).rename(folder / name)
    (line,) = told(course)
    assert line == (
        f"There is no record {RECORD}: every question but the essays counts as unanswered. The folder holds {name}; "
        f"under the name {RECORD} it would be read."
    )
    assert course.scores("ana")["the-group-chat"] == (None, True)


@pytest.mark.parametrize("name", names_like(ESSAYS))
def test_essays_under_another_name_are_named(course: Course, folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / ESSAYS).rename(folder / name)
    (line,) = told(course)
    assert f"There is no {ESSAYS}" in line and f"The folder holds {name}; under the name {ESSAYS}" in line
    assert course.scores("ana")["after-hours-message"] == (2.0, False)


def cut(path: Path, size: int) -> None:
    path.write_bytes(path.read_bytes()[:size])


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: (folder / RECORD).unlink(), f"There is no record {RECORD}: every question but the essays"),
        (lambda folder: cut(folder / RECORD, 0), f"The record {RECORD} is empty: every question but the essays"),
        (lambda folder: (folder / RECORD).write_text(" \r\n\n"), f"The record {RECORD} is empty: every question but"),
        (lambda folder: cut(folder / RECORD, -10), f"The last line of {RECORD} is cut off: the answer in it"),
        (lambda folder: cut(folder / RECORD, 20), f"The last line of {RECORD} is cut off: the answer in it"),
        (lambda folder: (folder / RECORD).write_text("{}\n"), f"The record {RECORD} holds no answers: every question"),
        (lambda folder: (folder / ESSAYS).unlink(), f"There is no {ESSAYS}, although the record tells of one: every"),
        (lambda folder: cut(folder / ESSAYS, 0), f"{ESSAYS} is not readable; set aside."),
        (lambda folder: cut(folder / ESSAYS, -3), f"{ESSAYS} is not readable; set aside."),
        (
            lambda folder: (folder / ESSAYS).write_text('{"v": 1, "essays": {}}'),
            f"{ESSAYS} has no text for the-group-chat, although the record tells of one.",
        ),
    ],
    ids=range(10),
)
def test_each_of_the_two_files_is_judged_by_itself_through_every_door(
    course: Course,
    folder: Path,
    tmp_path: Path,
    damage: Callable[[Path], object],
    said: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    damage(folder)
    other = course.copy(tmp_path / "other", stock=False)
    assert [line for line in told(course) if line.startswith(said)]
    assert said in course.graded_text("ana").replace("&#46;", ".").replace("&#45;", "-")
    other.autograde()
    assert f"ana: {said}" in caplog.text
    assert other.scores("ana") == course.scores("ana")


def test_a_student_who_only_wrote_or_only_chose_is_not_suspected(course: Course) -> None:
    course.submit("ana", {}, {"the-group-chat": "I would ask."})
    assert told(course) == []


def test_a_student_who_wrote_nothing_is_not_suspected(course: Course) -> None:
    course.submit("ana", CLASS["right"])
    assert told(course) == []


def test_an_answer_in_a_last_line_without_an_end_counts(course: Course, folder: Path) -> None:
    cut(folder / RECORD, -1)
    lines = (folder / RECORD).read_bytes().splitlines()
    (folder / RECORD).write_bytes(b"\n".join(lines[:-1]))  # the last choice is the last line, and nothing ends it
    assert b"smallest-group" in lines[-2]
    told(course)
    assert course.scores("ana")["smallest-group"] == (1.0, False)


def test_a_record_of_one_line_is_not_empty(course: Course) -> None:
    folder = course.submit("ana", {"after-hours-message": ["wait"]})
    cut(folder / RECORD, -1)
    assert told(course) == []
    assert course.scores("ana")["after-hours-message"] == (2.0, False)


# -- what else lies there ------------------------------------------------------------------------------


def noted(course: Course) -> list[str]:
    return [note.text for note in grade(course).notes.get("ana", [])]


@pytest.mark.parametrize("step", ["source", "release"])
@pytest.mark.parametrize("changed", [False, True], ids=["as given", "changed"])
def test_nothing_is_said_of_a_file_that_the_course_gave(
    course: Course, folder: Path, step: str, changed: bool, caplog: pytest.LogCaptureFixture
) -> None:
    for place in (course.root / step / "small", folder):
        (place / "data").mkdir()
        (place / "data" / "table.csv").write_text("a,b\r\n" if changed and place == folder else "a,b\n")
    assert noted(course) == []
    course.autograde()
    assert "Other files" not in caplog.text and "About this submission" not in course.feedback("ana")


def test_nothing_is_said_of_what_jupyter_and_our_own_button_lay_there(course: Course, folder: Path) -> None:
    for name in (
        *(".ipynb_checkpoints/small-checkpoint.ipynb", "feedback/2026/small.html", "__pycache__/x.pyc"),
        *(f"{NAME}.docx", f"{NAME}.html", f"{NAME}-2.docx"),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    assert noted(course) == []


def test_what_a_student_added_is_still_said_to_stay_there(course: Course, folder: Path) -> None:
    (folder / "data").mkdir()
    for name in ("data/mine.csv", "notes.docx", "small.responses (1).jsonl", f"{NAME}.exe"):
        (folder / name).write_text("x")
    names = f"data/mine.csv, {NAME}.exe, notes.docx, small.responses (1).jsonl"
    assert noted(course) == [f"Other files stay in the submitted folder: {names}."]
