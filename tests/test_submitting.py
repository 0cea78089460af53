"""What a student handed in, as their own record and notebook know it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from samples import CHOICE, ESSAY, MATCH
from sessions import answer_of
from submitting import MODULE, Student

from fieldguide.items import read_item
from fieldguide.notebook.widget import Views
from fieldguide.player.head import Head
from fieldguide.player.openmodule import OpenModule
from fieldguide.player.ownrecord import SUBMITTED, OwnRecord, submitted
from fieldguide.responses import ResponseRecord

GRADED = [read_item(text, "m", stripped=True) for text in (CHOICE, MATCH, ESSAY)]
CHOICE_ID, MATCH_ID, ESSAY_ID = (item.id for item in GRADED)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's own Jupyter data folder, where nbgrader has its cache."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def ana(tmp_path: Path, data: Path) -> Student:
    return Student(tmp_path)


def lines(student: Student) -> list[dict[str, Any]]:
    return [json.loads(line) for line in student.record.path.read_text("utf-8").splitlines()]


def opened(student: Student) -> OpenModule:
    head = Head(MODULE, "student", "M", 5, (), graded=(CHOICE_ID, MATCH_ID, ESSAY_ID))
    return OpenModule(head, student.folder)


def handed_in(module: OpenModule) -> Any:
    return answer_of(module, {"kind": "open"})["handed_in"]


def test_the_record_knows_what_was_handed_in_and_when(ana: Student) -> None:
    ana.record.save(CHOICE_ID, ["wait"])
    ana.record.save_essay(ESSAY_ID, "I would ask Dana.")
    assert submitted(ana.record.snapshot()) is None
    before = datetime.now(UTC) - timedelta(seconds=1)  # a file's time may be a tick behind
    ana.submit()
    now = ana.record.snapshot()
    last = submitted(now)
    assert last is not None and last.holds(now, CHOICE_ID, ESSAY_ID, MATCH_ID)
    assert before <= datetime.strptime(last.time, "%Y-%m-%dT%H:%M:%S.%f%z") <= datetime.now(UTC)
    receipt = lines(ana)[-1]
    assert receipt["event"] == "setting" and receipt["name"] == SUBMITTED
    assert {f"{MODULE}.ipynb", f"{MODULE}.responses.jsonl", f"{MODULE}.essays.json"} <= set(receipt["value"]["files"])
    # What was taken out of a text later is in no receipt.
    assert "Dana" not in json.dumps(receipt)
    assert ana.record.snapshot() == now
    assert sum(line.get("name") == SUBMITTED for line in lines(ana)) == 1


def test_what_was_changed_after_handing_in_is_known_one_by_one(ana: Student) -> None:
    ana.record.save(CHOICE_ID, ["wait"])
    ana.record.save_essay(ESSAY_ID, "One")
    ana.submit()
    ana.record.save(MATCH_ID, {"a": "b"})
    now = ana.record.save_essay(ESSAY_ID, "Two")
    ana.record.snapshot()
    last = submitted(ana.record.snapshot())
    assert last is not None
    assert [last.holds(now, one) for one in (CHOICE_ID, MATCH_ID, ESSAY_ID)] == [True, False, False]
    now = ana.record.save_essay(ESSAY_ID, "One")  # as it was handed in
    assert last.holds(now, ESSAY_ID) and not last.holds(now, ESSAY_ID, MATCH_ID)
    ana.submit()
    now = ana.record.snapshot()
    assert (again := submitted(now)) and again.holds(now, CHOICE_ID, MATCH_ID, ESSAY_ID)


def test_an_empty_module_handed_in_by_mistake_is_known_too(ana: Student) -> None:
    ana.submit()
    now = ana.record.save(CHOICE_ID, ["wait"])
    last = submitted(ana.record.snapshot())
    assert last is not None and not last.holds(now, CHOICE_ID)


def test_what_was_handed_in_in_another_course_or_module_is_not_taken_for_this(ana: Student, tmp_path: Path) -> None:
    ana.record.save(CHOICE_ID, ["wait"])
    other = Student(tmp_path, "last-year")
    other.record.save(CHOICE_ID, ["block"])
    other.submit()
    assert submitted(ana.record.snapshot()) is None
    assert submitted(other.record.snapshot()) is not None


def test_a_copy_that_is_not_whole_yet_is_looked_at_again(ana: Student, data: Path) -> None:
    ana.record.save(CHOICE_ID, ["wait"])
    ana.submit()
    (copy,) = (data / "nbgrader_cache" / "ethics").iterdir()
    (copy / "timestamp.txt").rename(copy / "away")
    assert submitted(ana.record.snapshot()) is None
    (copy / "away").rename(copy / "timestamp.txt")
    assert submitted(ana.record.snapshot()) is not None


def test_a_disk_that_refuses_the_note_loses_nothing(ana: Student, monkeypatch: pytest.MonkeyPatch) -> None:
    ana.record.save(CHOICE_ID, ["wait"])
    ana.submit()
    with monkeypatch.context() as full:
        full.setattr(OwnRecord, "set", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        assert ana.record.snapshot().of(CHOICE_ID).saved == ["wait"]
    assert submitted(ana.record.snapshot()) is not None


@pytest.mark.parametrize(
    "value", [None, 3, [], {}, {"time": "noon", "answers": {}}, {"time": "2026-11-27T11:58:03.000000Z", "answers": [1]}]
)
def test_a_note_that_was_edited_is_as_none(ana: Student, value: object) -> None:
    assert submitted(ana.record.set(SUBMITTED, value)) is None


def test_the_head_and_each_question_say_what_is_not_in_it(ana: Student) -> None:
    module = opened(ana)
    playing = [module.session_of(item) for item in GRADED]
    assert handed_in(module) is None
    for one in playing:
        state = answer_of(one, {"kind": "open"})
        assert state is not None and state["handed_in"] is None
    answer_of(playing[0], {"kind": "save", "response": ["wait"]})
    ana.submit()
    assert handed_in(module)["changed"] == []
    saved = answer_of(playing[2], {"kind": "save", "response": "Later."})
    assert saved is not None and saved["handed_in"]["inside"] is False
    assert handed_in(module)["changed"] == [{"id": ESSAY_ID, "number": 3, "use": "graded"}]
    state = answer_of(playing[0], {"kind": "open"})
    assert state is not None and state["handed_in"]["inside"] is True
    ana.submit()
    assert handed_in(module)["changed"] == []


def test_a_check_that_was_changed_is_said_too(ana: Student) -> None:
    module = OpenModule(Head(MODULE, "student", "M", 5, (), check=(CHOICE_ID,), odd=(MATCH_ID,)), ana.folder)
    ana.submit()
    assert handed_in(module)["changed"] == []
    ana.record.save(CHOICE_ID, ["wait"])
    assert handed_in(module)["changed"] == [{"id": CHOICE_ID, "number": 1, "use": "check"}]


def test_the_views_hear_of_it_at_once(ana: Student) -> None:
    module = opened(ana)
    views = Views()
    head, view = views.show("module", module), views.show("item", module.session_of(GRADED[0]))
    view.session.handle({"kind": "save", "response": ["wait"]})
    heard: list[dict[str, Any]] = []
    head.send = lambda message, buffers: None
    view.send = lambda message, buffers=(): heard.append(message)

    def look() -> None:
        head._handle_custom_msg({"kind": "open", "n": None}, [])

    look()
    assert heard == []
    ana.submit()
    look()
    time = handed_in(module)["time"]
    assert heard == [{"kind": "handed_in", "handed_in": {"time": time, "inside": True}}]
    look()
    assert len(heard) == 1


def test_grading_takes_no_notice_of_it(ana: Student) -> None:
    ana.record.save(CHOICE_ID, ["wait"])
    ana.submit()
    ana.record.snapshot()
    ana.submit()  # and so the note is in what was handed in
    record = ResponseRecord(ana.folder, MODULE)
    assert record.snapshot().responses.keys() == {CHOICE_ID} and record.problems == []
