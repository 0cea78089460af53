"""What students are told of the whole course, with each module: titles, minutes and due dates."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from course import Course
from graded import due, grade, hand_in
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.server_extensions.formgrader.apihandlers import AssignmentHandler
from test_exchange import Exchange

from fieldguide.courseplan import PLAN_FILE, Plan, Planned, newest, read_plan
from fieldguide.grading.formgrader import tell_due_dates
from fieldguide.grading.releasing import ReleaseAssignment

DUE = datetime(2026, 12, 4, 23, 59, tzinfo=UTC).replace(tzinfo=None)
WRITTEN = datetime(2026, 11, 28, 10, 0, tzinfo=UTC).replace(tzinfo=None)


@pytest.fixture
def exchange(course: Course, tmp_path: Path) -> Exchange:
    return Exchange(course, tmp_path / "exchange")


def release(exchange: Exchange) -> Plan | None:
    config = exchange.config()
    config.ExchangeReleaseAssignment.force = True
    ReleaseAssignment(coursedir=CourseDirectory(config=config), config=config).start()
    return told(exchange)


def told(exchange: Exchange) -> Plan | None:
    return read_plan(exchange.root / "ethics" / "outbound" / "small")


def test_a_module_that_is_made_brings_the_plan_through_any_exchange(course: Course) -> None:
    plan = read_plan(course.root / "release" / "small")
    assert plan is not None
    (module,) = plan.modules
    assert (module.module, module.due) == ("small", None)
    assert module.title and module.minutes


def test_a_release_brings_the_due_date(exchange: Exchange) -> None:
    due(exchange.course, "2026-12-04 23:59:00 UTC")
    plan = release(exchange)
    assert plan is not None and plan.of("small") == Planned("small", "A small module", 10, DUE)
    made = read_plan(exchange.course.root / "release" / "small")
    assert made is not None and made.of("small") == plan.of("small")


def test_a_due_date_that_is_moved_in_formgrader_is_told_without_another_release(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    release(exchange)

    def put(handler: Any, assignment: str) -> None:
        due(exchange.course, "2026-12-04 23:59:00 UTC")

    monkeypatch.setattr(AssignmentHandler, "put", put)
    tell_due_dates()
    config = exchange.config()
    config.ExchangeFactory.release_assignment = ReleaseAssignment
    handler = SimpleNamespace(coursedir=CourseDirectory(config=config))
    AssignmentHandler.put(handler, "small")
    plan = told(exchange)
    assert plan is not None and plan.modules[0].due == DUE


def test_a_release_without_a_gradebook_is_a_release_all_the_same(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("no disk")

    monkeypatch.setattr(Gradebook, "__init__", broken)
    plan = release(exchange)
    assert plan is not None and plan.modules[0].due is None
    assert "Students are told no due dates, as the gradebook cannot be read: no disk" in caplog.text


def test_the_plan_travels_back_with_a_submission_and_nobody_has_to_look_into_it(course: Course) -> None:
    hand_in(course)
    (course.root / "release" / "small" / PLAN_FILE).unlink()  # as after a module was made anew, by hand
    for folder in (course.root / "submitted").glob("*/small"):
        (folder / PLAN_FILE).write_text("{}", encoding="utf-8")
    assert PLAN_FILE not in str(grade(course))


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    plan = Plan(WRITTEN, (Planned("01-a", "A", 30, DUE), Planned("02-b", "B", 45)))
    (tmp_path / PLAN_FILE).write_text(plan.text(), encoding="utf-8")
    assert read_plan(tmp_path) == plan


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"v": 2}', '{"v": 1}', '{"v": 1, "written": "x", "modules": []}', "[" * 100_000]
)
def test_what_is_no_plan_is_none(tmp_path: Path, text: str) -> None:
    assert read_plan(tmp_path) is None
    (tmp_path / PLAN_FILE).write_text(text, encoding="utf-8")
    assert read_plan(tmp_path) is None


def test_what_is_odd_in_a_plan_is_left_out(tmp_path: Path) -> None:
    plan = json.loads(Plan(WRITTEN, (Planned("01-a", "A", 30),)).text())
    plan["modules"] += [3, {"id": "02"}, {"id": "03", "title": 3, "minutes": 1, "due": None}]
    (tmp_path / PLAN_FILE).write_text(json.dumps(plan), encoding="utf-8")
    assert read_plan(tmp_path) == Plan(WRITTEN, (Planned("01-a", "A", 30),))


def test_the_plan_that_was_written_last_counts() -> None:
    older, newer = Plan(WRITTEN), Plan(WRITTEN.replace(hour=11), (Planned("01-a", "A", 30),))
    assert newest([newer, None, older]) is newer
    assert newest([]) is None
