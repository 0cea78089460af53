"""Sessions: what a student can do with a cell of any kind, without anything that shows it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from case_samples import CASE
from conftest import PROJECT
from form_samples import WHOLE, WORKSHEET
from samples import CHOICE, ESSAY, PRACTICE, TASK
from sessions import answer_of, view_of

from fieldguide.cases.reading import read_case
from fieldguide.cases.session import CaseSession
from fieldguide.cases.worksheet.model import read_worksheet
from fieldguide.cases.worksheet.session import WorksheetSession
from fieldguide.cells.kind import Kind
from fieldguide.cells.kinds import KINDS
from fieldguide.items import read_item
from fieldguide.player.head import Head
from fieldguide.player.openmodule import OpenModule
from fieldguide.player.parts import PARTS_OF
from fieldguide.player.session import VERSION, Session
from fieldguide.policy.reading import read_policy
from fieldguide.policy.session import PolicySession
from fieldguide.responses import ResponseRecord

WITHOUT = """
import sys
from fieldguide.cells.kind import named
session = named(sys.argv[1])
assert all(callable(getattr(session, name)) for name in ("open", "handle", "public", "printed"))
loaded = {"ipywidgets", "anywidget", "IPython", "ipykernel"} & set(sys.modules)
assert not loaded, loaded
"""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_session_is_there_without_a_widget(kind: Kind[object]) -> None:
    subprocess.run([sys.executable, "-c", WITHOUT, kind.session], check=True)


def sessions(folder: Path) -> dict[str, Session]:
    """A session of each kind on one record, and of each sort of item."""
    module = OpenModule(Head("05-m", "student", "T", 1, (), graded=("after-hours-message",)), folder)
    items = {name: module.session_of(read_item(text, "m")) for name, text in ITEMS.items()}
    forms = {
        "case": CaseSession.open(read_case(CASE, "m"), module),
        "worksheet": WorksheetSession.open(read_worksheet(WORKSHEET, "m"), module),
        "policy": PolicySession.open(read_policy(WHOLE, "m"), module),
    }
    return {"module": module, **items, **forms}


ITEMS = {"graded": CHOICE, "practice": PRACTICE.replace("after-hours-message", "another"), "essay": ESSAY, "task": TASK}
TEXT = "One account, and one for work."
#: What each session can be asked, and how often it then writes.
MESSAGES: list[tuple[str, dict[str, Any], int]] = [
    ("module", {"kind": "open"}, 0),
    ("module", {"kind": "certainty", "on": True}, 1),
    ("graded", {"kind": "open"}, 0),
    ("graded", {"kind": "save", "response": ["wait"]}, 1),
    ("practice", {"kind": "check", "response": ["reply"], "certainty": "sure"}, 1),
    ("practice", {"kind": "hint"}, 0),
    ("practice", {"kind": "check", "response": ["reply"]}, 1),
    ("practice", {"kind": "reveal"}, 0),
    ("essay", {"kind": "save", "response": TEXT}, 1),
    ("essay", {"kind": "review", "text": TEXT}, 0),
    ("task", {"kind": "compare", "text": TEXT}, 0),
    ("case", {"kind": "open"}, 0),
    ("case", {"kind": "share", "on": True}, 1),
    ("case", {"kind": "reason", "text": TEXT}, 1),
    ("case", {"kind": "review", "text": TEXT}, 0),
    ("worksheet", {"kind": "open"}, 0),
    ("worksheet", {"kind": "save", "values": {"think": TEXT, "danger": "no"}}, 2),
    ("worksheet", {"kind": "compare", "step": "think", "text": TEXT}, 0),
    ("policy", {"kind": "open"}, 0),
    ("policy", {"kind": "save", "values": {"ai": TEXT}}, 2),
    ("policy", {"kind": "documents", "values": {"ai": TEXT}}, 0),
]


def test_a_message_opens_the_record_once_and_once_more_for_each_thing_it_writes(
    tmp_path: Path, opened: list[Path]
) -> None:
    record = ResponseRecord(tmp_path, "05-m")
    open_now = sessions(tmp_path)
    asked = set()
    for name, message, writes in MESSAGES:
        opened.clear()
        assert answer_of(open_now[name], message) is not None, message
        assert opened.count(record.path) <= 1 + writes, (name, message, opened.count(record.path))
        assert opened.count(record.essays_path) <= 1 + writes, (name, message)
        asked.add(message["kind"])
    protocol = (PROJECT / "types" / "protocol.d.ts").read_text("utf-8")
    for kind in ("open", "save", "check", "hint", "reveal", "compare", "review", "certainty", "share", "reason"):
        assert f'kind: "{kind}"' in protocol and kind in asked


def test_a_page_of_another_version_is_told_so_and_nothing_is_done(tmp_path: Path) -> None:
    heard: list[dict[str, Any]] = []
    for name, session in sessions(tmp_path).items():
        view = view_of(
            {"module": "module", "case": "case", "worksheet": "worksheet", "policy": "policy"}.get(name, "item"),
            session,
        )
        view.send = lambda message, buffers: heard.append(message)
        for kind, message, writes in MESSAGES:
            if kind == name and writes:
                view._handle_custom_msg({**message, "v": VERSION + 1, "view": "a", "n": 5}, [])
    assert len(heard) == sum(writes > 0 for _, _, writes in MESSAGES)
    assert {(one["kind"], one["v"], one["view"], one["n"]) for one in heard} == {("version", VERSION, "a", 5)}
    assert all("reload the page" in one["problem"] for one in heard)
    assert list(tmp_path.iterdir()) == []


def test_what_the_page_is_told_first_holds_nothing_that_a_student_did(tmp_path: Path) -> None:
    open_now = sessions(tmp_path)
    before = {name: json.dumps(session.public(), sort_keys=True) for name, session in open_now.items()}
    for name, message, _ in MESSAGES:
        answer_of(open_now[name], message)
    assert {name: json.dumps(session.public(), sort_keys=True) for name, session in open_now.items()} == before
    assert all(session.page in PARTS_OF for session in open_now.values())


def test_what_is_handed_in_is_news_though_the_head_was_printed_first(tmp_path: Path) -> None:
    open_now = sessions(tmp_path)
    ResponseRecord(tmp_path, "05-m").set("submitted", {"time": "2026-11-27T11:58:03.000000Z", "answers": {}})
    open_now["module"].printed()
    answer = open_now["module"].handle({"kind": "open"})
    assert answer is not None
    told = dict(answer.news)
    assert told["after-hours-message"]["kind"] == "handed_in" and told["after-hours-message"]["handed_in"]["time"]
