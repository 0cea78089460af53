"""More time for one student: kept in the gradebook, logged, and told to that student and to nobody else."""

from __future__ import annotations

import json
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from accounts import needs_root
from browser import JupyterServer
from desk_course import FIRST, DeskCourse
from nbgrader.api import Gradebook
from patience import seconds
from sqlalchemy import select
from traitlets.config import Config

from fieldguide.coursepage.course import modules
from fieldguide.coursepage.home import _about, _told
from fieldguide.coursepage.listing import HandedIn, Listed, Listing
from fieldguide.coursepage.modulepage import due_of
from fieldguide.courseplan import NOTES, Note, read_note
from fieldguide.desk.asking import ask
from fieldguide.desk.notes import Notes
from fieldguide.desk.reading import read_class
from fieldguide.grading.course import Course
from fieldguide.grading.extensions import Way, extend, keep_look, notes, own_dates, way_of, write_notes
from fieldguide.grading.schema import gradebook_at, unlogged
from fieldguide.grading.score_log import LOG_NAME

DUE, LATER = datetime(2099, 12, 4, 23, 59), datetime(2099, 12, 7, 12, 0)
#: Accounts that every system has.
ACCOUNTS = ("daemon", "nobody")


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DeskCourse:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    room = DeskCourse(tmp_path, "daemon", "nobody", "cleo")
    with Gradebook(room.course.db_url) as gradebook:
        gradebook.update_or_create_assignment(FIRST, duedate=f"{DUE} UTC")
    return room


def give(room: DeskCourse, student: str, due: datetime | None) -> dict[str, object]:
    """What the desk asks."""
    told = f"{due:%Y-%m-%dT%H:%M:%S}Z" if due else None
    return ask(room.root, "extension", module=FIRST, student=student, due=told, by="kim")


def test_it_is_given_changed_and_taken_back_each_with_a_line_in_the_log(room: DeskCourse) -> None:
    for due in (LATER, LATER + timedelta(days=1), None):
        assert give(room, "nobody", due) == {"untold": due is not None, "why": ""}  # students without accounts
        assert own_dates(room.course)["nobody"] == ({FIRST: due} if due else {})
    lines = [json.loads(line) for line in (room.root / LOG_NAME).read_text("utf-8").splitlines()]
    assert {(one["event"], one["student"], one["module"], one["by"]) for one in lines} == {
        ("extension", "nobody", FIRST, "kim")
    }
    first, second = "2099-12-07T12:00:00Z", "2099-12-08T12:00:00Z"
    assert [(one["before"], one["after"]) for one in lines] == [(None, first), (first, second), (second, None)]


def test_what_is_taken_back_leaves_no_row_and_what_was_handed_in_stays(room: DeskCourse) -> None:
    with Gradebook(room.course.db_url) as gradebook:
        gradebook.add_submission(FIRST, "daemon", timestamp="2099-12-05 10:00:00 UTC")
    for student in ACCOUNTS:
        extend(room.course, FIRST, student, LATER)
        extend(room.course, FIRST, student, None)
    with Gradebook(room.course.db_url) as gradebook:
        assert [one.student.id for one in gradebook.find_assignment(FIRST).submissions] == ["daemon"]


def test_a_date_that_is_no_later_is_refused_and_nothing_is_kept(room: DeskCourse) -> None:
    with pytest.raises(ValueError, match="after the due date"):
        extend(room.course, FIRST, "nobody", DUE)
    assert "trouble" in give(room, "nobody", DUE)
    assert "trouble" in give(room, "somebody", LATER)
    assert not any(own_dates(room.course).values()) and not (room.root / LOG_NAME).exists()


def test_it_moves_along_with_everybodys_date(room: DeskCourse) -> None:
    extend(room.course, FIRST, "nobody", LATER)
    with Gradebook(room.course.db_url) as gradebook:
        gradebook.update_or_create_assignment(FIRST, duedate=f"{DUE + timedelta(days=2)} UTC")
    assert own_dates(room.course)["nobody"] == {FIRST: LATER + timedelta(days=2)}


# -- how it travels --------------------------------------------------------------------------------


def with_accounts(room: DeskCourse) -> None:
    """Have students who have accounts of the system."""
    path = room.root / "nbgrader_config.py"
    path.write_text(path.read_text("utf-8").replace("c.Collect.check_owner = False", ""), encoding="utf-8")


@pytest.mark.parametrize(
    ("settings", "way"),
    [
        ({}, Way.NOTE),
        ({"ExchangeCollect": {"check_owner": False}}, Way.NO_ACCOUNTS),
        ({"ExchangeCollect": {"check_owner": False}, "Collect": {"check_owner": True}}, Way.NOTE),
        ({"ExchangeFactory": {"list": "elsewhere.List"}}, Way.ANOTHER),
        ({"ExchangeFactory": {"list": "fieldguide.sharing.steps.List"}}, Way.SERVICE),
    ],
)
def test_the_settings_tell_how_students_learn_of_it(tmp_path: Path, settings: dict[str, Any], way: Way) -> None:
    assert way_of(Course(tmp_path, Config(settings))) is way


def test_everybodys_note_has_the_same_length_and_what_is_none_is_read_as_none(tmp_path: Path) -> None:
    some, none = Note({FIRST: LATER}).text(), Note().text()
    assert len(some) == len(none) == 4096
    for student, text in (("ana", some), ("ben", none), ("cleo", '{"v": 1, "due": {"a": 3}}'), ("dan", "[" * 9999)):
        (tmp_path / f"{student}.json").write_text(text, encoding="utf-8")
    found = {student: read_note(tmp_path, student).due for student in ("ana", "ben", "cleo", "dan", "eve", "a/b")}
    assert found.pop("ana") == {FIRST: LATER} and not any(found.values())


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account can enter, as they cannot pytest's."""
    folder = Path(tempfile.mkdtemp(prefix="fieldguide-notes-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def may(account: str, *command: str, group: int | None = None) -> bool:
    number = pwd.getpwnam(account).pw_uid
    ids = ["--reuid", str(number), "--regid", str(number if group is None else group)]
    words = ["setpriv", *ids, "--clear-groups", *command]
    return subprocess.run(words, capture_output=True).returncode == 0


@needs_root
@pytest.mark.parametrize("shared", [False, True])
def test_nobody_but_the_student_can_read_a_note_and_nobody_can_list_them(open_folder: Path, shared: bool) -> None:
    notes = open_folder / NOTES
    for _ in range(2):  # written anew, as at each change
        without = write_notes(
            notes, {"daemon": Note(), "nobody": Note({FIRST: LATER}), "fg-none": Note()}, "{student_id}", shared=shared
        )
        assert without == ["fg-none"]
    for student, other in (ACCOUNTS, ACCOUNTS[::-1]):
        assert may(student, "cat", str(notes / f"{student}.json"))
        assert not may(other, "cat", str(notes / f"{student}.json"))
        assert not may(student, "tee", str(notes / f"{student}.json"))
        assert not may(student, "ls", str(notes)) and not may(student, "touch", str(notes / "x"))
        note = notes / f"{student}.json"
        assert not may(other, "cat", str(note), group=note.stat().st_gid)  # as where it is every account's first one
        assert not may(other, "tee", str(note), group=note.stat().st_gid)
    assert sorted(path.name for path in notes.iterdir()) == ["daemon.json", "nobody.json"]
    assert notes.stat().st_mode & 0o7777 == (0o2771 if shared else 0o711)


def test_the_student_sees_their_own_date_and_everybody_else_the_common_one(room: DeskCourse) -> None:
    with_accounts(room)
    release(room)
    assert give(room, "nobody", LATER) == {"untold": False, "why": ""}
    assert give(room, "cleo", LATER) == {"untold": True, "why": ""}  # who has no account here
    seen = {name: Listing.from_json(room.take(name, "look", "")["listing"]).of(FIRST) for name in ACCOUNTS}
    assert {name: (one.due, one.for_you) for name, one in seen.items() if one} == {
        "daemon": ("2099-12-04T23:59:00.000000Z", False),
        "nobody": ("2099-12-07T12:00:00.000000Z", True),
    }
    said = {name: str(due_of(one)) for name, one in seen.items()}
    assert "Due for you <time" in said["nobody"] and "Due <time" in said["daemon"]
    listing = Listing.from_json(room.take("nobody", "look", "")["listing"])
    (module,) = (one for one in modules(listing, {}, {}, datetime(2099, 12, 5)) if one.module == FIRST)
    assert not module.late and "Due for you <time" in " ".join(map(str, _about(module)))

    assert give(room, "nobody", None) == {"untold": False, "why": ""}
    one = Listing.from_json(room.take("nobody", "look", "")["listing"]).of(FIRST)
    assert one is not None and not one.for_you and one.due == "2099-12-04T23:59:00.000000Z"


def test_a_look_at_what_was_handed_in_is_told_to_the_student_and_kept_of_nobody_who_cannot_be_told(
    room: DeskCourse,
) -> None:
    with_accounts(room)
    release(room)
    assert ask(room.root, "look", module=FIRST, student="cleo", by="kim") == {"untold": True}
    assert not (room.root / LOG_NAME).exists()
    assert ask(room.root, "look", module=FIRST, student="nobody", by="kim") == {"untold": False}
    (line,) = (json.loads(line) for line in (room.root / LOG_NAME).read_text("utf-8").splitlines())
    assert (line["event"], line["student"], line["by"]) == ("looked", "nobody", "kim")
    seen = {name: Listing.from_json(room.take(name, "look", "")["listing"]) for name in ACCOUNTS}
    said = {
        name: " ".join(map(str, _told(one)))
        for name, listing in seen.items()
        for one in modules(listing, {}, {}, DUE)
        if one.module == FIRST
    }
    assert "Your instructor looked at what you handed in, to help you: <time" in said["nobody"]
    assert "looked" not in said["daemon"]


def test_a_look_that_cannot_be_told_is_put_back_and_nobody_reads_of_it(room: DeskCourse) -> None:
    with_accounts(room)
    first, last = ACCOUNTS
    asked = {"module": FIRST, "student": first, "by": "kim"}
    assert ask(room.root, "look", **asked) == {"untold": True}  # the exchange has no folder of the course yet
    assert notes(room.course)[first] == Note()
    release(room)
    assert keep_look(room.course, FIRST, first, DUE) is None
    there = room.exchange / "ethics" / NOTES
    (there / f"{last}.json").mkdir(parents=True)  # comes after the first's, which is written by then
    trouble = ask(room.root, "look", **asked)["trouble"]
    assert f"{last}.json" in trouble
    assert notes(room.course)[first].looked == read_note(there, first).looked == {FIRST: DUE}
    assert not (room.root / LOG_NAME).exists()
    with gradebook_at(room.course.db_url) as engine, engine.connect() as connection:
        assert not connection.execute(select(unlogged)).all()


def test_a_release_tells_it_with_the_date_that_holds_then(room: DeskCourse) -> None:
    with_accounts(room)
    give(room, "nobody", LATER)  # before there is an exchange
    assert not (room.exchange / "ethics").exists()
    with Gradebook(room.course.db_url) as gradebook:
        gradebook.update_or_create_assignment(FIRST, duedate=f"{DUE + timedelta(days=2)} UTC")
    release(room)
    assert read_note(room.exchange / "ethics" / NOTES, "nobody").due == {FIRST: LATER + timedelta(days=2)}


def release(room: DeskCourse) -> None:
    from nbgrader.coursedir import CourseDirectory

    from fieldguide.grading.releasing import ReleaseAssignment

    config = room.course.config
    config.CourseDirectory.assignment_id = FIRST
    ReleaseAssignment(coursedir=CourseDirectory(config=config), config=config).start()


def test_the_list_counts_who_has_more_time(room: DeskCourse) -> None:
    extend(room.course, FIRST, "nobody", LATER)
    found = next(one for one in read_class(room.course, Notes()).modules if one.module == FIRST)
    assert found.extended == {"nobody": LATER - DUE}


def test_home_says_what_is_this_students_alone_and_that_it_is_seen_who_has_begun(tmp_path: Path) -> None:
    root, kept = tmp_path / "root", tmp_path / "home" / "data" / "fieldguide" / "listing.json"
    root.mkdir()
    times = {"due": "2099-12-07T12:00:00.000000Z", "looked": "2026-11-21T10:00:00.000000Z"}
    handed_in = (HandedIn("2026-11-20T10:00:00.000000Z"),)
    module = Listed("ethics", FIRST, FIRST, True, False, submissions=handed_in, for_you=True, **times)
    listing = Listing("2026-11-28T10:00:00.000000Z", (module,), True, True)
    server = JupyterServer(root, tmp_path / "home")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps({"root": str(root.resolve()), "listing": listing.as_json()}), encoding="utf-8")
        page = requests.get(f"{server.url}/fieldguide/", timeout=seconds(60))
    finally:
        server.stop()
    assert page.ok
    for said in (
        "Due for you <time",
        "Your instructor looked at what you handed in, to help you: <time",
        "Your instructor can see which modules you have begun",
    ):
        assert said in page.text
