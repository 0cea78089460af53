"""One student's data are deleted from a school's server, and nothing of anybody else's."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from accounts import Server, needs_root
from course import Course
from filled import ANA, BEN, TWO_COURSES, everything_below, filled_school, rows_of

from fieldguide.failing import LEFT
from fieldguide.grading import schema
from fieldguide.lti.store import Launch, Store
from fieldguide.school.deletions import RECORD
from fieldguide.school.forgetting import TABLES

COPY = "gradebook.db.2026-11-01-101500.123456"  # as nbgrader makes before it changes one
#: A course site, so that there is a service that keeps what goes there.
CAMPUS = """\
[lms.campus]
issuer = "https://lms"
client_id = "c"
deployments = ["1"]
authorization = "https://lms/a"
token = "https://lms/t"
keys = "https://lms/k"
"""
DESK_LIST = ".fieldguide-desk-exchange.json"
pytestmark = [needs_root, pytest.mark.slow, pytest.mark.in_order]


@pytest.fixture(scope="module")
def server(generated: Course) -> Iterator[Server]:
    with filled_school(generated) as made:
        folder = place(made) / "grader/course"
        shutil.copy(folder / "gradebook.db", folder / COPY)
        shutil.chown(folder / COPY, *[f"grader-{made.name('a')}"] * 2)
        made.write(TWO_COURSES + CAMPUS)
        assert made.admin("apply") == 0
        store = Store(made.places.lti / "store.sqlite")
        for name in (ANA, BEN):
            account = made.name(name)
            store.launched(Launch(made.name("a"), "https://lms", "c", "1", "x", f"sub-{account}", account, True))
            store.want(made.name("a"), "small", 20, {account: 12.5})
        shutil.chown(made.places.lti / "store.sqlite", *["fieldguide-lti"] * 2)
        yield made


def place(server: Server) -> Path:
    return server.places.courses / server.name("a")


def test_every_table_of_ours_is_gone_through() -> None:
    assert {*schema.OURS.tables} <= {*TABLES}


def test_what_would_be_deleted_is_shown_and_stays(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    before, rows = everything_below(server.places.root / "srv"), rows_of(place(server) / "grader/course/gradebook.db")
    ana = server.name(ANA)
    assert server.admin("forget", ana, "--plan") == LEFT
    told = capsys.readouterr().out
    for line in (
        f"the place in the group nbgrader-{server.name('a')}",
        "gradebook: 1 of submissions, with extensions",
        "gradebook: 1 of answers to requests",
        "grading-log.jsonl: 1 entries",
        ".fieldguide-desk-exchange.json: 2 entries",
        f"extensions/{ana}.json",
        f"submitted/{ana}/small",
        f"inbound/{ana}+small+2026-11-20",
        "what is kept of the course site: 2 entries",
        "grades.csv names",
        f"{COPY}: ",
        f"{server.places.homes / ana / server.name('a')} stays. With --home",
        "Nothing was deleted.",
    ):
        assert line in told, line
    assert server.name(BEN) not in told
    assert everything_below(server.places.root / "srv") == before
    assert rows_of(place(server) / "grader/course/gradebook.db") == rows


def test_only_students_can_be_forgotten(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    for name, why in (
        ("-grace", "teaches"),
        ("-nobody", "There is nothing of"),
        ("/../x", "can be no student's account"),
    ):
        assert server.admin("forget", server.name(name), "--course", server.name("a")) == 1
        assert why in capsys.readouterr().err


def test_one_students_data_go_and_everybody_elses_are_the_same_to_the_byte(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ana, ben, a = server.name(ANA), server.name(BEN), server.name("a")
    gradebook = place(server) / "grader/course/gradebook.db"
    assert server.admin("backup", a, str(tmp_path / "kept.tar.gz")) == 0
    assert server.admin("backup", a, str(tmp_path / "moved.tar.gz")) == 0
    (tmp_path / "moved.tar.gz").unlink()
    forged = place(server) / "exchange" / a / "inbound" / f"{ana}+small+2026-11-21 10:00:00.000000 UTC+BBBBBBBBBBBB"
    server.run(ben, "mkdir", str(forged))
    before, rows = everything_below(place(server)), rows_of(gradebook)
    log = (place(server) / "grader/course/grading-log.jsonl").read_bytes().splitlines()
    pages = list((place(server) / "exchange" / a / "feedback").iterdir())
    capsys.readouterr()

    assert server.admin("forget", ana, "--home") == LEFT
    told = capsys.readouterr().out
    assert f"kept.tar.gz, still holds data of {ana}" in told and "moved.tar.gz, is no longer there" in told
    assert f"{forged} is named for {ana} and belongs to the account {ben}" in told

    after, now = everything_below(place(server)), rows_of(gradebook)
    gone = {path for path in before if path not in after}
    shared = {f"grader/course/{name}" for name in ("gradebook.db", COPY, "grading-log.jsonl", DESK_LIST)}
    named = {path for path in gone if "/feedback/" not in path or "grader" in path}
    assert gone and all(ana in path for path in named) and len(gone - named) == 2 == len(pages) / 2
    assert {path: found for path, found in after.items() if path not in shared} == {
        path: found for path, found in before.items() if path not in {*gone, *shared}
    }
    assert any(ben in path for path in after) and not [path for path in after if ana in path and "BBBB" not in path]
    # Of the gradebook rows went, and none is another; not even free pages of the file hold the name.
    assert {*now} < {*rows} and not [row for row in now if ana in row] and [row for row in now if ben in row]
    assert ana.encode() not in gradebook.with_name(COPY).read_bytes()
    assert rows_of(gradebook.with_name(COPY)) == now
    assert ana.encode() not in gradebook.read_bytes() and f"Dear {ana}".encode() not in gradebook.read_bytes()
    kept = (place(server) / "grader/course/grading-log.jsonl").read_bytes().splitlines()
    assert kept == [line for line in log if ana.encode() not in line] and len(kept) == 3 == len(log) - 1
    listed = json.loads((place(server) / "grader/course/.fieldguide-desk-exchange.json").read_text())
    assert list(listed["handed_in"]["small"]) == [ben] == listed["begun"]["small"]
    for path in shared:
        assert after[path][:3] == before[path][:3], path
    homes = server.places.homes
    assert not (homes / ana / a).exists() and (homes / ana).is_dir() and (homes / ben / a / "small").is_dir()

    record = server.places.state / RECORD
    (entry,) = map(json.loads, record.read_text().splitlines())
    assert entry["counts"]["submitted_assignment"] == 1 and entry["counts"]["group"] == 1
    assert str(place(server) / "grader/course/submitted/STUDENT/small") in entry["paths"]
    kept_of_site = (server.places.lti / "store.sqlite").read_bytes()
    assert ana.encode() not in kept_of_site and ben.encode() in kept_of_site and entry["counts"]["course site"] == 2
    assert [path.name for path in server.places.lti.iterdir()] == ["store.sqlite"]
    assert ana not in record.read_text() and stat.S_IMODE(record.stat().st_mode) == 0o600

    assert server.admin("forget", ana) == 1
    told = capsys.readouterr().err
    assert f"Deleted in {a} on " in told and f"kept.tar.gz, still holds data of {ana}" in told
    shutil.rmtree(forged)


def test_what_a_course_holds_that_courses_toml_no_longer_has_goes_too(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is left of the first course is Ben's; its folder stays where somebody takes it out of courses.toml."""
    ben, a = server.name(BEN), server.name("a")
    moved = server.places.courses / "moved-by-hand"
    (moved / "grader/course/submitted" / ben).mkdir(parents=True)
    server.write(TWO_COURSES[: TWO_COURSES.index("[courses.@a]")] + TWO_COURSES[TWO_COURSES.index("[courses.@b]") :])
    assert server.admin("apply") == 0
    gradebook = place(server) / "grader/course/gradebook.db"
    before, rows = everything_below(server.places.courses), rows_of(gradebook)
    capsys.readouterr()

    assert server.admin("forget", ben, "--plan") == LEFT
    told = capsys.readouterr().out
    assert f"{a}, which courses.toml no longer has, of {ben}:" in told and f"submitted/{ben}/small" in told
    assert f"{moved} is of no course in courses.toml, and may hold data of {ben}." in told
    assert everything_below(server.places.courses) == before and rows_of(gradebook) == rows
    assert server.admin("forget", ben, "--plan", "--course", a) == LEFT

    assert server.admin("forget", ben, "--home") == LEFT
    after = everything_below(server.places.courses)
    assert {path for path in after if ben in path} == {f"moved-by-hand/grader/course/submitted/{ben}"}
    assert not [row for row in rows_of(gradebook) if ben in row] and {*rows_of(gradebook)} < {*rows}
    shared = {f"{a}/grader/course/{name}" for name in ("gradebook.db", COPY, "grading-log.jsonl", DESK_LIST)}
    same = {path: found for path, found in before.items() if path in after and path not in shared}
    assert same == {path: after[path] for path in same} and not after.keys() - before.keys()
    assert not (server.places.homes / ben / a).exists()
