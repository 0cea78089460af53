"""What students ask to be looked at again: how it is collected, and what an instructor reads of it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from course import Course
from test_exchange import ME, NOW, Exchange, written

from fieldguide.cli import main
from fieldguide.grading import course as settings
from fieldguide.grading.classgrader import grade_class
from fieldguide.grading.feedback import wording
from fieldguide.grading.instructor import read_instructor_notebook
from fieldguide.responses import ResponseRecord
from fieldguide.responses.requests import add_request, read_requests, requests_name

EARLIER = NOW - timedelta(days=7)


@pytest.fixture
def exchange(course: Course, tmp_path: Path) -> Exchange:
    return Exchange(course, tmp_path / "exchange")


def collected(course: Course, student: str = ME) -> Path:
    return course.root / "submitted" / student / "small"


def ask(folder: Path, reason: str = "Look again.", item: str = "the-group-chat", digest: str = "ab") -> None:
    add_request(folder, "small", item, reason, wording=digest, points=1, of=2)


# -- collecting --------------------------------------------------------------------------------------


def test_whoever_asks_after_the_due_date_is_not_late_for_it(exchange: Exchange) -> None:
    exchange.hand_in(ME, EARLIER)
    exchange.collect(owners=False)
    folder = collected(exchange.course)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    again = exchange.hand_in(ME, NOW)
    # What was handed in last is on record, and a notebook is another file once it was opened.
    ResponseRecord(again, "small").set("submitted", {"time": "2026-11-20T10:00:00.000000Z", "files": {}, "answers": {}})
    ask(again)
    exchange.collect(owners=False)
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    requests = after.pop(requests_name("small"))
    assert b"Look again." in requests and after == before
    assert (folder / "timestamp.txt").read_text() == written(EARLIER)
    exchange.collect(owners=False)
    assert (folder / requests_name("small")).read_bytes() == requests


@pytest.mark.parametrize("change", ["an answer", "an essay", "a file", "no record"])
def test_a_submission_that_changes_anything_takes_the_place_of_the_earlier_one(exchange: Exchange, change: str) -> None:
    exchange.hand_in(ME, EARLIER)
    exchange.collect(owners=False)
    again = exchange.hand_in(ME, NOW)
    ask(again)
    record = ResponseRecord(again, "small")
    if change == "an answer":
        record.save("after-hours-message", ["gone"])
    elif change == "an essay":
        record.save_essay("the-group-chat", "Other words.")
    elif change == "a file":
        (again / "policy.docx").write_bytes(b"PK")
    else:
        record.path.unlink()
    exchange.collect(owners=False)
    assert (collected(exchange.course) / "timestamp.txt").read_text() == written(NOW)
    assert read_requests(collected(exchange.course), "small")[0]


# -- what an instructor reads --------------------------------------------------------------------------


def run(course: Course, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main(["--project", str(course.root), "requests", "small"])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_list_tells_who_asks_about_what_and_why(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(course, capsys) == (0, "small: nobody whose submission was collected asks for another look.\n", "")
    notebook = read_instructor_notebook(course.root / "source" / "small" / "small.ipynb")
    assert notebook is not None
    asked = next(part for part in notebook.graded if part.item.id == "the-group-chat")
    ana, ben = (course.submit(student, {}, {"the-group-chat": "I would ask."}) for student in ("ana", "ben"))
    ask(ana, "I named the harm.\n\nIn line two.", digest=wording(asked.source))
    ask(ana, "And here.", digest="another")
    ask(ben, "\x1b[2Jevil\u202e", item="gone\x07")
    code, out, err = run(course, capsys)
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0].startswith(f"ana, question {asked.number} (the-group-chat), on 20")
    assert lines[0].endswith(": saw 1 of 2 points")
    assert lines[1:4] == ["    I named the harm.", "", "    In line two."]
    assert lines[4].endswith("its wording has changed since")
    assert lines[6].startswith("ben, gone\ufffd, on 20") and lines[6].endswith("there is no such question now")
    assert lines[7] == "    \ufffd[2Jevil\ufffd"


def test_files_that_cannot_be_read_stop_nobody(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    good, odd, linked = (course.submit(student, {}, {}) for student in ("good", "odd", "linked"))
    ask(good)
    (odd / requests_name("small")).write_text('{"v": 1}\n{"v": ' + json.dumps(7) + "\n", encoding="utf-8")
    (linked / requests_name("small")).symlink_to("/dev/zero")
    code, out, err = run(course, capsys)
    assert code == 1 and "    Look again." in out
    assert "odd: 2 lines of small.requests.jsonl could not be read" in err
    assert "linked: small.requests.jsonl could not be read (it is no plain file)" in err


def test_requests_are_no_odd_file_in_a_submission(course: Course) -> None:
    folder = course.submit("ana", {}, {})
    ask(folder)
    (folder / "timestamp.txt").write_text(written(NOW), encoding="utf-8")
    report = grade_class(settings.Course(course.root), "small")
    assert "requests.jsonl" not in repr(report)
