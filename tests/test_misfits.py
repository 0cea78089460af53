"""A question that was changed after students answered: no right answer becomes "No response" without a word."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from course import Course
from graded import everything, grade, with_config
from test_grading import CLASS

from fieldguide.cli import main
from fieldguide.grading.course import CourseError
from fieldguide.grading.summary import summary
from fieldguide.responses import ResponseRecord


@pytest.fixture
def answered(course: Course) -> Course:
    """A class in which three chose the right option, and one another."""
    for student in ("ana", "ben", "chi"):
        course.submit(student, CLASS["right"])
    course.submit("dan", CLASS["wrong"])
    return with_config(course)


def change(course: Course, item: str, *pairs: tuple[str, str]) -> None:
    """Change the text of a question in source/, each of the pairs wherever it stands."""
    path = course.root / "source" / "small" / "small.ipynb"
    notebook = nbformat.read(path, as_version=4)
    (cell,) = [cell for cell in notebook.cells if cell.source.startswith(f"%%item\nid: {item}\n")]
    for old, new in pairs:
        assert old in cell.source
        cell.source = cell.source.replace(old, new)
    nbformat.write(notebook, path)


def rename(course: Course, old: str = "wait", new: str = "leave-it") -> None:
    """What an instructor does who finds a better name for an option."""
    change(course, "after-hours-message", (f"  {old}: ", f"  {new}: "), (f"key: {old}", f"key: {new}"))


def files(course: Course) -> dict[Path, str]:
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in course.root.rglob("*") if path.is_file()}


def run(course: Course, *arguments: str) -> int:
    return main(["--project", str(course.root), "grade", "small", *arguments])


@pytest.mark.parametrize("graded_before", [True, False])
def test_a_renamed_option_is_found_before_anything_is_written(
    answered: Course, capsys: pytest.CaptureFixture[str], graded_before: bool
) -> None:
    if graded_before:
        grade(answered)
    rename(answered)
    before = files(answered)
    assert run(answered) == 1
    said = capsys.readouterr().err
    assert (
        "3 answers no longer fit question after-hours-message: it has no wait any more, and leave-it instead." in said
    )
    assert "add --set-aside. Nothing was graded, and nothing was written." in said
    assert files(answered) == before
    rename(answered, "leave-it", "wait")
    grade(answered)
    assert answered.scores("ana")["after-hours-message"] == (2.0, False)


def test_it_is_found_in_what_was_released_where_the_gradebook_is_newer(answered: Course, tmp_path: Path) -> None:
    released = shutil.copy(answered.root / "release" / "small" / "small.ipynb", tmp_path)
    rename(answered)
    answered.generate()
    shutil.copy(released, answered.root / "release" / "small")
    with pytest.raises(CourseError, match="3 answers no longer fit question after-hours-message"):
        grade(answered)


def test_whoever_means_it_can_go_on(answered: Course, capsys: pytest.CaptureFixture[str]) -> None:
    grade(answered)
    rename(answered)
    assert run(answered, "--set-aside") == 3
    said = capsys.readouterr().out
    assert (
        "3 answers do not fit question after-hours-message; what it has no part for was set aside (ana, ben, chi)."
        in said
    )
    assert "ana: 13 → 11 (after-hours-message)" in said
    assert answered.scores("ana")["after-hours-message"] == (0.0, False)


def test_where_nobody_knows_the_earlier_form_it_is_said_all_the_same(answered: Course) -> None:
    rename(answered)
    answered.generate()  # gradebook and release both have the new form
    report = grade(answered)
    assert report.misfits == {"after-hours-message": ["ana", "ben", "chi"]}
    assert "3 answers do not fit question after-hours-message" in summary(report)


@pytest.mark.parametrize(
    ("item", "pairs", "says"),
    [
        ("which-rule-speaks", [("recording", "before")], "it has no recording any more, and before instead."),
        ("which-rule-speaks", [("  tape: ", "  taping: ")], "it has no tape any more, and taping instead."),
        (
            "after-an-accidental-find",
            [("  stop: ", "  end: "), ("[stop,", "[end,")],
            "it has no stop any more, and end instead.",
        ),
        (
            "what-identifies",
            [("{town}", "{place}"), ("[town,", "[place,"), ("  town: ", "  place: ")],
            "it has no town any more, and place instead.",
        ),
        (
            "take-out-of-notes",
            [("choose: several\n", ""), ("key: [town, event, job]", "key: town")],
            "it asks for another kind of answer now.",
        ),
    ],
)
def test_every_kind_of_question_is_looked_at(
    answered: Course, item: str, pairs: list[tuple[str, str]], says: str
) -> None:
    grade(answered)
    change(answered, item, *pairs)
    with pytest.raises(CourseError) as error:
        grade(answered)
    assert re.match(f"[34] answers no longer fit question {item}: {re.escape(says)}", str(error.value))


def test_another_wording_an_option_more_and_another_key_are_no_such_thing(answered: Course) -> None:
    grade(answered)
    change(answered, "after-hours-message", ("Leave it, and bring", "Bring"), ("key: wait", "key: reply"))
    town = ("  town: The town\n", "  town: The town\n  year: The year\n")
    why = ("  town: It narrows the group.\n", "  town: It narrows the group.\n  year: So-so.\n")
    change(answered, "take-out-of-notes", town, why)
    report = grade(answered)
    assert len(report.standings) == 4 and report.misfits == {}


def test_an_option_that_nobody_chose_may_go(answered: Course) -> None:
    grade(answered)
    path = answered.root / "source" / "small" / "small.ipynb"
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.lstrip().startswith('"  reply: ')]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert grade(answered).misfits == {}


def test_no_student_can_stop_the_class_by_it(answered: Course) -> None:
    folder = answered.root / "submitted" / "dan" / "small"
    ResponseRecord(folder, "small").save("after-hours-message", ["no-such-option"])
    report = grade(answered)
    assert report.misfits == {"after-hours-message": ["dan"]} and len(report.standings) == 4
    change(answered, "after-hours-message", ("Leave it, and", "Let it be, and"))
    assert len(grade(answered).standings) == 4


def test_a_question_that_was_withdrawn_may_change(answered: Course) -> None:
    grade(answered)
    change(answered, "after-hours-message", ("use: graded\n", "use: graded\nwithdrawn: Unclear.\n"))
    rename(answered)
    report = grade(answered)
    assert report.misfits == {} and everything(answered)["dan"]["grades"]["after-hours-message"][0] == 2.0


def test_nbgraders_own_door_says_so(answered: Course, caplog: pytest.LogCaptureFixture) -> None:
    rename(answered)
    answered.generate()
    answered.autograde()
    assert "ana: the answer to after-hours-message does not fit the question. Set aside" in caplog.text
