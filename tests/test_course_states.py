"""What a student is told of each module, and which one thing to do next."""

from __future__ import annotations

import itertools
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import PROJECT

from fieldguide.coursepage.course import Module, Score, State, Step, modules, next_of, read_time
from fieldguide.coursepage.home import _newer, _policy, _practice, _told
from fieldguide.coursepage.listing import Changes, HandedIn, Listed, Listing
from fieldguide.coursepage.moments import timed
from fieldguide.coursepage.own import Own, around, find_own, title_of
from fieldguide.player.head import Head
from fieldguide.responses import ResponseRecord
from fieldguide.words import Words, speaking

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC).replace(tzinfo=None)
MODULE = "03-code-of-ethics"
FEEDBACK = f"{MODULE}/feedback/then"


def at(hours: float) -> str:
    """A time so many hours from now."""
    return f"{NOW + timedelta(hours=hours):%Y-%m-%dT%H:%M:%S.%fZ}"


def head(module: str = MODULE) -> Head:
    return Head(module, "student", "The Code", 80, ("Know it.",), graded=("a", "b"))


def own(answered: int = 0, module: str = MODULE, **told: object) -> Own:
    values = {"begun": answered > 0, "answered": answered, "asked": 2, **told}
    return Own(module, f"{module}/{module}.ipynb", head(module), **values)  # type: ignore[arg-type]


def listed(module: str = MODULE, *, released: bool = True, fetched: bool = True, **told: object) -> Listed:
    return Listed("ethics", module, module, released, fetched, **told)  # type: ignore[arg-type]


def one(there: Listed | None, here: Own | None, **scores: Score) -> Module:
    listing = Listing(at(0), (there,) if there else ())
    (found,) = modules(listing, {here.folder: here} if here else {}, {FEEDBACK: scores.get("score", Score(0, 0))}, NOW)
    return found


HANDED_IN = {"submissions": (HandedIn(at(-30)),)}
RETURNED = {"submissions": (HandedIn(at(-30), FEEDBACK),)}

STORIES: list[tuple[str, Listed, Own | None, State, Step | None]] = [
    ("planned", listed(released=False, fetched=False), None, State.LATER, None),
    ("released", listed(fetched=False), None, State.TO_DO, Step.START),
    ("opened", listed(), own(), State.TO_DO, Step.START),
    ("begun", listed(), own(1), State.BEGUN, Step.CONTINUE),
    ("practiced only", listed(), own(begun=True), State.BEGUN, Step.CONTINUE),
    ("all answered", listed(), own(2), State.ANSWERED, Step.HAND_IN),
    ("handed in", listed(**HANDED_IN), own(2), State.HANDED_IN, Step.OPEN),
    ("handed in half done", listed(**HANDED_IN), own(1), State.HANDED_IN, Step.OPEN),
    ("changed since", listed(**HANDED_IN), own(2, changed=True), State.CHANGED, Step.HAND_IN_AGAIN),
    ("handed in by another way", listed(), own(2, handed_in=at(-1)), State.HANDED_IN, Step.OPEN),
    ("feedback fetched", listed(**RETURNED), own(2), State.RETURNED, Step.FEEDBACK),
    ("feedback waits", listed(submissions=(HandedIn(at(-30), None, True),)), own(2), State.RETURNED, Step.FEEDBACK),
    ("taken back", listed(released=False), own(1), State.BEGUN, Step.OPEN),
    ("taken back unopened", listed(released=False, fetched=False, **HANDED_IN), None, State.HANDED_IN, None),
    ("deleted here", listed(fetched=False, **HANDED_IN), None, State.HANDED_IN, Step.OPEN),
]


@pytest.mark.parametrize(
    ("there", "here", "state", "step"), [story[1:] for story in STORIES], ids=[s[0] for s in STORIES]
)
def test_each_state_has_its_one_next_step(there: Listed, here: Own | None, state: State, step: Step | None) -> None:
    found = one(there, here)
    assert (found.state, found.step) == (state, step)


@pytest.mark.parametrize("seen", [True, False])
def test_what_holds_in_every_state(seen: bool) -> None:
    times = (None, at(-48), at(48))
    for released, fetched, mine, answered, changed, due, handed_in, returned, waiting in itertools.product(
        *[(True, False)] * 3, (0, 1, 2), (True, False), times, (None, -72, -1), (True, False), (True, False)
    ):
        when = None if handed_in is None else at(handed_in)
        submissions = (HandedIn(when, FEEDBACK if returned else None, waiting),) if when else ()
        there = listed(released=released, fetched=fetched, due=due, submissions=submissions)
        here = own(answered, handed_in=when, changed=changed) if mine else None
        listing = Listing(at(0), (there,)) if seen else None
        found = modules(listing, {MODULE: here} if here else {}, {}, NOW)
        if not seen and not mine:
            assert found == ()
            continue
        (told,) = found
        if told.step is None:
            assert not released and not mine
        if told.step in (Step.HAND_IN, Step.HAND_IN_AGAIN, Step.START, Step.CONTINUE):
            assert not told.withdrawn and (released or not seen)
        assert (told.step is Step.FEEDBACK) == (told.state is State.RETURNED)
        assert told.state is not State.LATER or not (mine or released)
        assert not told.late or (told.due is not None and read_time(told.due) < NOW)
        if told.handed_in and told.due and told.handed_in <= told.due:
            assert not told.late
        assert (told.notebook is not None) == mine
        assert not (told.withdrawn and not seen), "nothing is withdrawn of an exchange that was never seen"


def test_what_was_handed_in_after_the_last_look_is_known_from_the_record() -> None:
    found = one(listed(**HANDED_IN), own(2, handed_in=at(-1)))
    assert found.handed_in == at(-1)
    assert one(listed(**HANDED_IN), own(2, handed_in=at(-29.999))).handed_in == at(-30), "the exchange's time counts"


def test_what_was_taken_back_is_not_said_to_be_handed_in_still() -> None:
    assert "You can still hand it in" in " ".join(_told(one(listed(due=at(-1)), own(1))))
    assert "still" not in " ".join(_told(one(listed(released=False, due=at(-1)), own(1))))


def test_late_is_what_was_not_handed_in_in_time() -> None:
    assert one(listed(due=at(-1)), own(1)).late
    assert not one(listed(due=at(1)), own(1)).late
    assert not one(listed(due=at(-1), **HANDED_IN), own(2)).late
    assert one(listed(due=at(-40), **HANDED_IN), own(2)).late


def test_a_newer_release_and_a_score_are_told() -> None:
    assert one(listed(changes=Changes(("a",), True)), own(1)).changes == Changes(("a",), True)
    assert one(listed(**RETURNED), own(2), score=Score(21, 28)).score == Score(21, 28)


def test_title_and_minutes_are_the_copys_or_the_plans() -> None:
    later = one(listed(released=False, fetched=False, title="Later", minutes=90), None)
    assert (later.title, later.minutes, later.number) == ("Later", 90, 3)
    assert one(listed(title="Older", minutes=1), own()).title == "The Code"
    assert one(listed("quiz", fetched=False), None).title == "quiz"


def test_an_ordinary_assignment_opens_as_a_notebook() -> None:
    assert not one(listed("quiz"), None).ours
    assert one(listed("quiz", fetched=False), None).ours, "what it is shows when it was fetched"


def test_what_was_taken_back_keeps_its_place_in_the_course() -> None:
    listing = Listing(at(0), (listed("01-a"), listed("03-c")))
    here = {one.folder: one for one in (own(module="02-b"), own(module="03-c"))}
    assert [one.module for one in modules(listing, here, {}, NOW)] == ["01-a", "02-b", "03-c"]


def test_what_changed_after_it_was_handed_in_is_told_beside_its_feedback_too() -> None:
    assert one(listed(**RETURNED), own(2)).again is None
    changed = one(listed(**RETURNED), own(2, changed=True))
    assert (changed.changed, changed.again) == (True, None)
    assert Words("home").say("changed_after") in _told(changed)
    again = one(listed(**RETURNED), own(2, handed_in=at(-1)))
    assert again.again == at(-1)
    assert "this feedback is on what you handed in before" in " ".join(_told(again))
    both = (*RETURNED["submissions"], HandedIn(at(-2)))
    assert one(listed(submissions=both), own(2)).again == at(-2)


NEXT: list[tuple[str, list[tuple[Listed, Own | None]], str | None]] = [
    ("nothing to do", [(listed("01-a", **HANDED_IN), own(2, "01-a"))], None),
    ("in order", [(listed("02-b"), own(module="02-b")), (listed("01-a"), own(module="01-a"))], "01-a"),
    ("what was begun", [(listed("01-a"), own(module="01-a")), (listed("02-b"), own(1, "02-b"))], "02-b"),
    ("what is due", [(listed("01-a"), own(1, "01-a")), (listed("02-b", due=at(5)), own(module="02-b"))], "02-b"),
    (
        "what can be in time",
        [(listed("01-a", due=at(-5)), own(1, "01-a")), (listed("02-b", due=at(5)), own(module="02-b"))],
        "02-b",
    ),
    (
        "new feedback",
        [
            (listed("01-a", submissions=(HandedIn(at(-9), None, True),)), own(2, "01-a")),
            (listed("02-b", due=at(5)), own(module="02-b")),
        ],
        "01-a",
    ),
    ("not old feedback", [(listed(**RETURNED), own(2))], None),
    ("not what is taken back", [(listed(released=False), own(1))], None),
]


@pytest.mark.parametrize(("course", "expected"), [case[1:] for case in NEXT], ids=[case[0] for case in NEXT])
def test_one_module_comes_next(course: list[tuple[Listed, Own | None]], expected: str | None) -> None:
    listing = Listing(at(0), tuple(there for there, _ in course))
    found = next_of(modules(listing, {here.folder: here for _, here in course if here}, {}, NOW), NOW)
    assert (found and found.module) == expected


# -- the student's own folders -----------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    shutil.copytree(PROJECT / "release" / MODULE, tmp_path / "home" / MODULE)
    return tmp_path / "home"


def test_how_far_a_student_is_stands_in_their_folders(home: Path) -> None:
    (before,) = find_own(home).values()
    assert (before.begun, before.answered, before.asked) == (False, 0, 7)
    record = ResponseRecord(home / MODULE, MODULE)
    record.save(before.head.graded[0], ["something"])
    record.save_essay(before.head.graded[-1], "A reason.")
    (after,) = find_own(home).values()
    assert (after.begun, after.answered, after.policy, after.whole) == (True, 2, "policy-03", False)
    assert after.notebook == f"{MODULE}/{MODULE}.ipynb"


def test_the_policy_is_the_whole_one_or_its_latest_part(home: Path) -> None:
    for module in ("05-questions-for-the-classroom", "01-uses-of-social-media"):
        shutil.copytree(PROJECT / "release" / module, home / module)
    latest = _policy(find_own(home))
    assert latest and (latest.policy, latest.whole) == ("policy-05", False)
    shutil.copytree(PROJECT / "release" / "07-looking-back", home / "07-looking-back")
    whole = _policy(find_own(home))
    assert whole and whole.whole and whole.head.id == "07-looking-back"


def test_practice_is_counted_by_first_tries_and_how_sure_one_was(home: Path) -> None:
    (before,) = find_own(home).values()
    first, second, *_ = before.head.practice
    record = ResponseRecord(home / MODULE, MODULE)
    record.check(first, ["no such option"], "sure")
    record.check(second, ["no such option"])
    (after,) = find_own(home).values()
    assert (after.practice.tried, after.practice.right_first) == (2, 0)
    assert after.practice.said == (("sure", False),)
    assert _practice({"one": after, "other": after}).tried == 4


def test_what_is_no_module_of_a_student_is_left_out(home: Path) -> None:
    shutil.copytree(PROJECT / "source" / MODULE, home / "source" / MODULE)
    for name, content in (("broken", "{"), ("plain", '{"cells": []}')):
        (home / name).mkdir()
        (home / name / f"{name}.ipynb").write_text(content, encoding="utf-8")
    shutil.move(home / MODULE, home / "ethics" / MODULE)
    assert list(find_own(home)) == [f"ethics/{MODULE}"]
    assert find_own(home / "nowhere") == {}


def test_the_modules_around_one_are_those_here_and_those_released(home: Path) -> None:
    for module in ("01-uses-of-social-media", "07-looking-back"):
        shutil.copytree(PROJECT / "release" / module, home / module)
    (home / "06-notes").mkdir()
    here = home / MODULE / f"{MODULE}.ipynb"
    before, after = around(here, (home / "04-next", home / "elsewhere" / "05-other"))
    assert [folder.name for folder in before] == ["01-uses-of-social-media"]
    assert [folder.name for folder in after] == ["04-next", "07-looking-back"]
    assert title_of(after[1]) == "Looking back" and title_of(home / "06-notes") is None


# -- in words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("there", "here"), [story[1:3] for story in STORIES], ids=[story[0] for story in STORIES])
def test_every_state_and_step_is_said_in_words(there: Listed, here: Own | None, language: str) -> None:
    found = one(there, here)
    with speaking(language):
        told = " ".join(_told(found))
        assert told and "{" not in told and "\0" not in told
        if found.step is not None:
            assert Words("home").say(f"step_{found.step.value}")


def test_a_title_or_time_cannot_be_anything_but_text() -> None:
    text = timed(Words("home"), "due", at(30))
    assert str(text) == 'Due <time data-near datetime="2026-11-29T18:00:00Z">2026-11-29, 18:00 UTC</time>'


def test_what_changed_in_a_new_version_is_said() -> None:
    def said(changes: Changes) -> str | None:
        return _newer(one(listed(changes=changes), own(1)))

    assert said(Changes()) is None
    assert said(Changes(("a",))) == "Your instructor has released a new version, with changes in 1 question."
    assert "2 questions and in the text" in (said(Changes(("a", "b"), True)) or "")
    assert "changes in the text" in (said(Changes((), True)) or "")
