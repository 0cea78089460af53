"""Every module of the course, end to end: built, released, answered by a generated class, and graded.

In that class each option of each question is chosen at least once, and the scores are worked out here from the
module's text, apart from the project's own scoring.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import PROJECT
from course import Course
from graded import grade
from sessions import answer_of

from fieldguide.authoring.building import read_modules
from fieldguide.authoring.module import Module
from fieldguide.authoring.standards import read_gists
from fieldguide.items import Choice, Entry, Essay, Hottext, Item, Match, Order, Selection
from fieldguide.player.itemsession import ItemSession
from fieldguide.responses import ResponseRecord

MODULES = read_modules(PROJECT)
each_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.id)


def choices(item: Item) -> list[object]:
    """Responses that together choose every option of an item at least once."""
    if isinstance(item, Selection):
        return [[option] for option in item.options] + ([] if item.any_option else [list(item.options)])
    if isinstance(item, Match):
        return [dict.fromkeys(item.prompts, option) for option in item.options]
    if isinstance(item, Order):
        return [list(item.options), list(item.key)]
    if isinstance(item, Entry):
        return [item.key[0], "999" if item.expect == "number" else "something else"]
    return []


def worked_out(item: Item, response: object) -> float:
    """The points of a response, by the rules that docs/authoring.md states."""
    points = item.points or 0.0
    if isinstance(item, Choice) and item.any_option:
        return points if response == list(item.key) else 0.0
    if isinstance(item, Choice | Hottext) and isinstance(response, list):
        right = [option for option in response if option in item.key]
        wrong = [option for option in response if option not in item.key]
        return max(0.0, points * (len(right) - len(wrong)) / len(item.key))
    if isinstance(item, Entry):
        return points if response == item.key[0] else 0.0
    assert isinstance(item, Match) and isinstance(response, dict)
    return points * len([prompt for prompt in item.prompts if response[prompt] == item.key[prompt]]) / len(item.prompts)


@pytest.mark.slow
@each_module
def test_a_generated_class_gets_the_scores_that_the_text_says(module: Module, tmp_path: Path) -> None:
    source = (PROJECT / "source" / module.id / f"{module.id}.ipynb").read_text("utf-8")
    course = Course(tmp_path / "course", module.id, source)
    course.generate()
    graded = [item for item in module.items("graded") if not isinstance(item, Essay)]
    checks = module.items("check")
    students = max((len(choices(item)) for item in [*graded, *checks]), default=1)
    given: dict[str, dict[str, object]] = {}
    for number in range(students):
        answers = {item.id: choices(item)[number % len(choices(item))] for item in [*graded, *checks]}
        given[f"student{number}"] = answers
        course.submit(f"student{number}", answers)
    chosen = {(item.id, str(option)) for answers in given.values() for item in graded for option in [answers[item.id]]}
    assert chosen == {(item.id, str(option)) for item in graded for option in choices(item)}
    report = grade(course)
    totals = {standing.student: standing.total for standing in report.standings}
    for student, answers in given.items():
        scores = course.scores(student)
        for item in graded:
            assert scores[item.id] == (pytest.approx(worked_out(item, answers[item.id])), False), item.id
        assert totals[student] == pytest.approx(sum(worked_out(item, answers[item.id]) for item in graded))
        assert not {item.id for item in checks} & set(scores)  # they never count


@each_module
def test_each_option_of_each_practice_question_is_answered_with_a_reason(module: Module, tmp_path: Path) -> None:
    record = ResponseRecord(tmp_path, module.id)
    for item in module.items("practice"):
        playing = ItemSession(item, record)
        for response in choices(item):
            state = answer_of(playing, {"kind": "check", "response": response, "n": 1})
            assert state is not None and state["problem"] is None
            feedback = state["feedback"]
            assert feedback["title"]
            if not isinstance(item, Order) or feedback["verdict"] == "right":
                assert feedback["notes"] and all(note["text"] for note in feedback["notes"]), (item.id, response)
    assert record.problems == []


def test_teaching_needs_consent_and_only_consulting_may_go_by_a_compelling_need() -> None:
    gists = read_gists(PROJECT)
    assert "compelling" not in gists["1.07(u)"] and "compelling need" in gists["1.07(v)"]
    crosswalk = (PROJECT / "modules" / "data" / "crosswalk.csv").read_text("utf-8").splitlines()
    assert "compelling" not in next(row for row in crosswalk if row.startswith("Q0a,"))


def test_module_00_tells_of_each_module_how_long_it_takes_and_of_the_course() -> None:
    text = (PROJECT / "modules" / f"{MODULES[0].id}.md").read_text("utf-8")
    told = dict(re.findall(r"^\| (\d\d) .*\| (\d+) \|$", text, re.MULTILINE))
    assert told == {module.id[:2]: str(module.minutes) for module in MODULES}
    hours = re.search(r"\| \*\*about (\d+)(½?) hours\*\* \|", text)
    assert hours is not None
    assert abs(int(hours[1]) + bool(hours[2]) / 2 - sum(map(int, told.values())) / 60) <= 0.25
