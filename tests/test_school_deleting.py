"""What students put into the exchange is deleted whatever it is, and leads to nothing that is a classmate's."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from fieldguide.grading.inbound import SECRET, feedback_name
from fieldguide.school import SchoolError, admin, deletions, doctor, forgetting, records, restoring
from fieldguide.school.archive import Archive, new_archive
from fieldguide.school.backup import NOTES
from fieldguide.school.deleting import delete
from fieldguide.school.deletions import RECORD
from fieldguide.school.machine import inside
from fieldguide.school.planning import Places, grader
from fieldguide.school.reading import Course

COURSE = Course("sw101", "Ethics", ("grace",))


def nested(folder: Path, deep: int) -> None:
    """Make folders in one another, deeper than any path can name."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(deep):
        os.mkdir("d", dir_fd=here)
        deeper = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(os.open("last.txt", os.O_WRONLY | os.O_CREAT, dir_fd=here))
    os.close(here)


def test_whatever_it_is_and_however_deep_it_goes_and_what_a_link_leads_to_stays(tmp_path: Path) -> None:
    place, other = tmp_path / "place", tmp_path / "other"
    for folder in (place, other, place / "folder", place / "folder" / "closed"):
        folder.mkdir()
    (other / "kept.txt").write_text("kept")
    (place / "file").write_text("x")
    os.mkfifo(place / "pipe")
    for link in (place / "link", place / "folder" / "link"):
        link.symlink_to(other)
    os.mkfifo(place / "folder" / "pipe")
    (place / "folder" / "closed").chmod(0o500)
    nested(place / "folder", 2 * sys.getrecursionlimit())
    with inside(place) as parent:
        for name in ("file", "pipe", "link", "folder", "gone"):
            delete(name, parent)
    assert not list(place.iterdir()) and (other / "kept.txt").read_text() == "kept"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """A course whose exchange holds what Ben handed in, with his page; Mal is forgotten, whose files are this
    account's."""
    places = Places(tmp_path)
    exchange = places.exchange(COURSE) / COURSE.id
    for folder in (exchange / "inbound" / "ben+small+1", exchange / "feedback", places.state, places.settings):
        folder.mkdir(parents=True)
    (exchange / "inbound" / "ben+small+1" / SECRET).write_text("ben's")
    (exchange / "feedback" / feedback_name("ben's", "small")).write_text("Dear Ben")
    monkeypatch.setattr(forgetting, "number_of", lambda name: os.geteuid())
    said = '{"rows": {}, "entries": {}, "folders": [], "pages": [], "mentions": [], "closed": []}'
    monkeypatch.setattr(forgetting, "as_course", lambda *arguments, **options: said.encode())
    return places


def test_no_entry_in_the_exchange_stops_it_or_takes_a_classmates_page(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = places.exchange(COURSE) / COURSE.id
    inbound, feedback = exchange / "inbound", exchange / "feedback"
    (inbound / "mal+small+1").mkdir()
    (inbound / "mal+small+1" / SECRET).write_text("mal's")
    (feedback / feedback_name("mal's", "small")).write_text("Dear Mal")
    (inbound / "mal+small+2").symlink_to(inbound / "ben+small+1")
    (inbound / "mal+small+3").mkdir()
    (inbound / "mal+small+3" / SECRET).symlink_to(inbound / "ben+small+1" / SECRET)
    (inbound / "mal+x").write_text("x")
    os.mkfifo(inbound / "mal+small+4")
    trace = forgetting.find("mal", COURSE, places, home=False)
    assert trace.pages == [feedback / feedback_name("mal's", "small")] and len(trace.handed_in) == 5

    def stopped(name: str, parent: int) -> None:
        if name == "mal+small+3":
            raise PermissionError(1, "Operation not permitted")
        assert name.endswith(".html") or not trace.pages[0].exists(), "what tells the pages' names went first"
        delete(name, parent)

    monkeypatch.setattr(forgetting, "delete", stopped)
    told: list[str] = []
    with pytest.raises(SchoolError, match=r"mal\+small\+3 could not be deleted: Operation not permitted"):
        forgetting.forget_everywhere("mal", (COURSE,), places, home=False, really=True, tell=told.append)
    assert any("not all of it could be deleted" in line for line in told)
    assert sorted(path.name for path in inbound.iterdir()) == ["ben+small+1", "mal+small+3"]
    monkeypatch.setattr(forgetting, "delete", delete)
    forgetting.forget_everywhere("mal", (COURSE,), places, home=False, really=True, tell=told.append)
    assert [path.name for path in inbound.iterdir()] == ["ben+small+1"]
    assert [path.read_text() for path in feedback.iterdir()] == ["Dear Ben"]


def test_the_group_is_left_before_anything_is_looked_for(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    inbound = places.exchange(COURSE) / COURSE.id / "inbound"
    monkeypatch.setattr(forgetting, "members_of", lambda group: frozenset({"mal", grader(COURSE)}))
    monkeypatch.setattr(forgetting, "take_out", lambda *_: (inbound / "mal+small+9").mkdir())
    trace = forgetting.find("mal", COURSE, places, home=False, leave=True)
    assert trace.is_member and trace.handed_in == [inbound / "mal+small+9"]


def test_backups_of_courses_that_are_gone_are_told_also_where_nothing_is_left(places: Places, tmp_path: Path) -> None:
    for number, people in enumerate((["mal"], ["ben"])):
        with new_archive(tmp_path / f"{number}.tar.gz") as archive:
            archive.finish({"courses": {"gone": {"title": "x", "students": people}}})
    notes = places.state / NOTES
    for name in ("0.tar.gz", "1.tar.gz"):
        records.add(notes, {"time": "2026-01-01T00:00:00Z", "file": str(tmp_path / name), "courses": ["gone"]})
    with pytest.raises(SchoolError, match="There is nothing of mal") as refused:
        forgetting.forget_everywhere("mal", (COURSE,), places, home=False, really=True, tell=print)
    told = str(refused.value)
    assert "0.tar.gz, still holds data of mal" in told and "1.tar.gz" not in told


def test_what_is_left_to_people_is_told_also_where_nothing_can_be_deleted(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = '{"rows": {}, "entries": {}, "folders": [], "pages": [], "mentions": ["x.csv"], "closed": ["y.7z"]}'
    monkeypatch.setattr(forgetting, "as_course", lambda *arguments, **options: said.encode())
    with pytest.raises(SchoolError, match="There is nothing of mal") as refused:
        forgetting.forget_everywhere("mal", (COURSE,), places, home=False, really=True, tell=print)
    told = str(refused.value)
    folder = places.folder(COURSE)
    assert f"{folder / 'x.csv'} names mal: look into it." in told
    assert f"{folder / 'y.7z'} could not be looked into, and may hold data of mal." in told


def test_the_record_names_nobody_also_where_a_file_does(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"rows": {"grade": 2}, "entries": {"saved/gradebook-mal.db": 3}}
    said |= {key: [] for key in ("folders", "pages", "mentions", "closed")}
    monkeypatch.setattr(forgetting, "as_course", lambda *arguments, **options: json.dumps(said).encode())
    forgetting.forget_everywhere("mal", (COURSE,), places, home=False, really=True, tell=lambda line: None)
    record = (places.state / RECORD).read_text()
    assert '{"grade": 2, "saved/gradebook-STUDENT.db": 3}' in record and "mal" not in record


def test_a_torn_line_is_named_and_costs_no_other(places: Places) -> None:
    notes, record = places.state / NOTES, places.state / RECORD
    notes.write_bytes(b'{"time": "2026-01')
    records.add(notes, {"time": "2026-01-01T00:00:00Z", "file": "/nowhere/a.tar.gz", "courses": ["sw101"]})
    deletions.note("mal", "sw101", {}, (), places)
    with record.open("ab") as stream:
        stream.write(b'["torn"]\n\xff')
    deletions.note("mal", "sw101", {}, (), places)
    with pytest.raises(SchoolError) as refused:
        forgetting.forget_everywhere("mal", (COURSE,), places, home=False, really=True, tell=print)
    told = str(refused.value)
    assert told.count("Deleted in sw101 on ") == 2 and "/nowhere/a.tar.gz, is no longer there" in told
    torn = [
        f"{notes}, line 1, cannot be read",
        f"{record}, line 2, cannot be read",
        f"{record}, line 3, cannot be read",
    ]
    assert all(line in told for line in torn)
    found = list(doctor.torn_records(places))
    assert len(found) == 3 and all(any(one.startswith(line) for one in found) for line in torn)


def test_who_was_deleted_and_comes_back_with_a_backup_is_named(places: Places, tmp_path: Path) -> None:
    deletions.note("mal", COURSE.id, {}, (), places)
    deletions.note("ben", "sw202", {}, (), places)
    with new_archive(tmp_path / "a.tar.gz") as archive:
        for name in (RECORD, deletions.KEY):
            archive.add(name, (places.state / name).read_bytes(), "root", "root")
        archive.finish({"courses": {COURSE.id: {"title": "x", "students": ["ben", "mal"]}}})
    other = Places(tmp_path / "other")
    other.state.mkdir(parents=True)
    told: list[str] = []
    for _ in range(2):  # onto a machine without a record, then with it
        told.clear()
        restoring._tell_deleted(Archive(tmp_path / "a.tar.gz"), [COURSE], other, told.append)
        assert "mal was deleted, and is back" in told[-2] and told[-1].endswith("fieldguide-admin forget mal")
        assert (other.state / RECORD).read_bytes() == (places.state / RECORD).read_bytes()
        assert not any("ben" in line for line in told)
    # A machine's own record stays, and the backup's is asked with its key.
    for name in (RECORD, deletions.KEY):
        (other.state / name).unlink()
    deletions.note("ann", COURSE.id, {}, (), other)
    before = (other.state / RECORD).read_bytes()
    told.clear()
    restoring._tell_deleted(Archive(tmp_path / "a.tar.gz"), [COURSE], other, told.append)
    assert len(told) == 2 and "mal was deleted" in told[0] and (other.state / RECORD).read_bytes() == before


def test_names_that_are_no_text_stop_nothing_and_are_told_without_their_control_characters(
    places: Places, capfd: pytest.CaptureFixture[str]
) -> None:
    inbound = places.exchange(COURSE) / COURSE.id / "inbound"
    for name in (b"mal+small+1", b"mal+\xff+1", b"mal+\x1b[2J+1"):
        folder = os.fsencode(inbound) + b"/" + name
        Path(os.fsdecode(folder)).mkdir()
        Path(os.fsdecode(folder), SECRET).write_text("mal's")
        Path(os.fsdecode(folder + b"/\xff.ipynb")).write_text("{}")
    forgetting.forget_everywhere("mal", (COURSE,), places, home=False, really=True, tell=admin._say)
    told = capfd.readouterr().out
    assert [path.name for path in inbound.iterdir()] == ["ben+small+1"]
    assert "mal+\ufffd+1" in told and "\x1b" not in told
