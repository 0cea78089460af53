"""Answers to what students ask to be looked at again: what is kept, what is logged, and what a student reads."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT
from course import Course
from graded import everything, grade, hand_in
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from fieldguide.grading import course as settings
from fieldguide.grading.amending import Amended, acceptable, amend, is_right
from fieldguide.grading.answers import Answer, answer_request, change_question
from fieldguide.grading.classfeedback import feedback_for_class
from fieldguide.grading.course import CourseError
from fieldguide.grading.embedded import find_embedded
from fieldguide.grading.instructor import read_instructor_notebook
from fieldguide.grading.score_log import LOG_NAME
from fieldguide.items import Item
from fieldguide.items.choice import Choice
from fieldguide.items.entry import Entry
from fieldguide.items.match import Match
from fieldguide.responses.requests import add_request

ASKED = "2026-11-28T06:33:12Z"
ITEM = "which-rule-speaks"


@pytest.fixture
def taught(course: Course) -> settings.Course:
    hand_in(course)
    grade(course)
    return settings.Course(course.root, course.config())


def log(course: settings.Course) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (course.root / LOG_NAME).read_text("utf-8").splitlines()]


def told(course: settings.Course, student: str, item: str) -> dict[str, Any]:
    """What a student's feedback tells of a question."""
    feedback_for_class(course, "small", [student])
    page = course.folder("feedback", student, "small") / "small.html"
    data = find_embedded(page.read_bytes())
    return next(part for part in data["parts"] if part.get("id") == item)  # type: ignore[index]


def test_who_asked_reads_the_answer_and_nobody_else_does(taught: settings.Course) -> None:
    said = "You are right:\n<b>two</b> rules speak."
    assert answer_request(taught, "small", Answer("wrong", ITEM, ASKED, said, 1.0), by="kim") is None
    part = told(taught, "wrong", ITEM)
    assert part["answers"] == [{"asked": ASKED, "said": said}] and part["points"] == 1.0
    assert "<b>two" not in (taught.folder("feedback", "wrong", "small") / "small.html").read_text("utf-8")
    assert told(taught, "right", ITEM)["answers"] == []
    line = log(taught)[-1]
    assert (line["event"], line["student"], line["item"], line["after"]) == ("answer", "wrong", ITEM, 1.0)
    assert (line["said"], line["by"]) == (said, "kim")


def test_an_answer_and_its_score_stay_when_the_class_is_graded_again(course: Course, taught: settings.Course) -> None:
    answer_request(taught, "small", Answer("wrong", ITEM, ASKED, "Yes.", 1.0))
    grade(course)
    assert told(taught, "wrong", ITEM)["points"] == 1.0
    answer_request(taught, "small", Answer("wrong", ITEM, ASKED, "And so on."))
    assert told(taught, "wrong", ITEM)["answers"] == [{"asked": ASKED, "said": "And so on."}]
    assert told(taught, "wrong", ITEM)["points"] == 1.0  # an explanation changes no score


@pytest.mark.parametrize("given", [Answer("wrong", ITEM, ASKED, "Yes.", 99), Answer("nobody", ITEM, ASKED, "Yes.")])
def test_points_that_a_question_cannot_have_change_nothing(
    course: Course, taught: settings.Course, given: Answer
) -> None:
    before = everything(course)
    with pytest.raises(CourseError, match=r"has 0 to|has no graded question"):
        answer_request(taught, "small", given)
    assert everything(course) == before


# -- the question itself ---------------------------------------------------------------------------


def test_a_question_is_withdrawn_for_everybody_with_its_reason_and_a_line_in_the_log(
    course: Course, taught: settings.Course
) -> None:
    amended = Amended(ITEM, 'Both rules: "speak".')
    assert change_question(taught, "small", amended) is None
    line = log(taught)[-1]
    assert (line["event"], line["item"], line["withdrawn"]) == ("question", ITEM, True)
    grade(course)
    part = told(taught, "wrong", ITEM)
    assert part["points"] == part["of"] and 'Both rules: "speak".' in json.dumps(part, ensure_ascii=False).replace(
        "\\", ""
    )


@pytest.mark.parametrize("module", sorted(path.name for path in (PROJECT / "source").glob("0[1-6]-*")))
def test_any_question_of_the_course_can_be_changed_and_nothing_else_changes_with_it(
    tmp_path: Path, module: str
) -> None:
    shutil.copytree(PROJECT / "source" / module, tmp_path / "source" / module)
    course = settings.Course(tmp_path)
    path = course.source(module)
    original = path.read_bytes()
    before = read_instructor_notebook(path)
    assert before is not None and before.graded
    for number, one in enumerate(before.graded):
        for prompt, answer in second_answers(one.item):
            path.write_bytes(original)
            amend(course, module, Amended(one.item.id, "It's: so.", answer, prompt=prompt))
            after = read_instructor_notebook(path)
            assert after is not None and after.handed_out == before.handed_out
            others = [
                [two.item for place, two in enumerate(book.graded) if place != number] for book in (before, after)
            ]
            assert others[0] == others[1]
            now = after.graded[number].item
            if answer is None:
                assert now.withdrawn == "It's: so."
                continue
            assert is_right(now, answer, prompt) and not is_right(one.item, answer, prompt)
            assert told_why(now, answer, prompt).endswith("It's: so.")


def second_answers(item: Item) -> list[tuple[str | None, str | None]]:
    """What can be made of a question: it is withdrawn, or has one more right answer, of a match at a prompt."""
    entered = [(None, "1234")] if isinstance(item, Entry) else []
    return [(None, None), *entered, *((at, one) for at, options in acceptable(item).items() for one in options)]


def told_why(item: Any, answer: str, prompt: str | None) -> str:
    """What a student reads at an answer that was accepted."""
    reason: str = item.rationale["right" if isinstance(item, Entry) else prompt or answer]
    return reason


def test_every_kind_of_question_with_one_right_answer_can_have_a_second(tmp_path: Path) -> None:
    course = settings.Course(tmp_path)
    found = set()
    for module in sorted(path.name for path in (PROJECT / "source").glob("0[1-6]-*")):
        shutil.copytree(PROJECT / "source" / module, tmp_path / "source" / module)
        before = read_instructor_notebook(course.source(module))
        assert before is not None
        found |= {type(one.item) for one in before.graded if len(second_answers(one.item)) > 1}
    assert found == {Choice, Match, Entry}


def test_a_withdrawal_is_taken_back_and_leaves_the_text_as_it_was(taught: settings.Course) -> None:
    path = taught.source("small")
    before = read_instructor_notebook(path)
    change_question(taught, "small", Amended(ITEM, 'Both rules: "speak".'))
    change_question(taught, "small", Amended(ITEM, "It holds after all.", restored=True))
    after = read_instructor_notebook(path)
    assert after is not None and before is not None and after.graded == before.graded
    assert [line["withdrawn"] for line in log(taught)[-2:]] == [True, False]
    with pytest.raises(CourseError, match="Nothing was changed"):
        change_question(taught, "small", Amended(ITEM, "Again.", restored=True))


def test_a_question_and_its_line_in_the_log_change_together_or_not_at_all(taught: settings.Course) -> None:
    path = taught.source("small")
    before = path.read_bytes()

    def full(_: Connection) -> None:
        assert path.read_bytes() != before
        raise OperationalError("COMMIT", {}, Exception("the disk is full"))

    event.listen(Engine, "commit", full)
    try:
        with pytest.raises(CourseError, match="nothing in it was changed: the disk is full"):
            change_question(taught, "small", Amended(ITEM, "Why."))
    finally:
        event.remove(Engine, "commit", full)
    assert path.read_bytes() == before
    assert not (taught.root / LOG_NAME).exists()


def test_what_cannot_be_changed_safely_is_left_alone(taught: settings.Course) -> None:
    path = taught.source("small")
    before = path.read_bytes()
    for amended in (Amended("no-such-question", "Why."), Amended("the-group-chat", "Why.", "an-option")):
        with pytest.raises(CourseError, match="Nothing was changed"):
            amend(taught, "small", amended)
    assert path.read_bytes() == before


def test_a_request_file_is_never_written_by_an_answer(course: Course, taught: settings.Course) -> None:
    folder = course.root / "submitted" / "wrong" / "small"
    add_request(folder, "small", ITEM, "Look again.", wording="ab", points=0, of=2)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    answer_request(taught, "small", Answer("wrong", ITEM, ASKED, "Yes.", 1.0))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
