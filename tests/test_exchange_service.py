"""The exchange as a service, with a stand-in for the hub: nothing is lost, and nobody gets what is another's."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from browser import free_port
from desk_course import FIRST, SECOND
from forking import fork
from nbgrader.apps.baseapp import NbGrader
from nbgrader.exchange import ExchangeFactory
from patience import seconds
from service_course import ServiceCourse
from traitlets.config import Config

from fieldguide.bench.standin import StandInHub, StartedService
from fieldguide.coursepage.steps import take
from fieldguide.courseplan import PLAN_FILE
from fieldguide.desk import work
from fieldguide.desk.asking import ask
from fieldguide.desk.listed import read_listed
from fieldguide.desk.notes import Job, read_notes, write_notes
from fieldguide.desk.reading import read_class
from fieldguide.desk.state import Module, State, modules
from fieldguide.grading.inbound import DEEPEST, MOST_FILES
from fieldguide.responses import ResponseRecord
from fieldguide.sharing.client import Service, ServiceError
from fieldguide.sharing.setting_up import add_service
from fieldguide.words import Words

ESSAY = "What I would tell my field instructor."


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceCourse]:
    """One service for the tests that do not need another."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("service")
        patch.setenv("JUPYTER_CONFIG_DIR", str(folder / "config"))
        course = ServiceCourse(folder, "ana", "ben")
        yield course
        course.close()


def do(course: ServiceCourse, step: str, module: str = FIRST, *, by_program: bool = False, **about: object) -> Job:
    """A step of the desk, as the process of its own takes it: the program itself, which imports nbgrader first, or a
    copy of this one."""
    notes = read_notes(course.root)
    notes.job = Job(step, module, f"{datetime.now():%Y-%m-%dT%H:%M:%S}Z", **about)  # type: ignore[arg-type]
    write_notes(course.root, notes)
    with course.as_person("instructor"):
        if by_program:
            program = [sys.executable, "-P", "-m", "fieldguide.desk.work", course.root]
            subprocess.run(program, cwd=course.root, check=True)
        else:
            assert fork(lambda: work.main(course.root)) == 0
    job = read_notes(course.root).job
    assert job is not None and job.ended is not None
    return job


def listed_after(course: ServiceCourse, name: str, step: str, module: str) -> dict[str, Any]:
    """What a student is told of the module after a step."""
    told: Any = course.take(name, step, module)
    return next(one for one in told["listing"]["modules"] if one["module"] == FIRST)


def stand(course: ServiceCourse) -> Module:
    """How the desk has the module stand."""
    found = read_class(course.course, read_notes(course.root))
    return next(one for one in modules(found.modules, found.students, datetime.now()) if one.found.module == FIRST)


def handed_in(course: ServiceCourse, module: str = FIRST) -> list[tuple[str, str]]:
    told = course.ask("instructor", "GET", "submissions", "ethics").json()["submissions"]
    return [(one["student_id"], one["timestamp"]) for one in told if one["assignment_id"] == module]


@pytest.mark.in_order
class TestRound:
    """A class, from release to feedback."""

    def test_what_is_released_is_there_with_its_data_and_the_plan(self, shared: ServiceCourse) -> None:
        job = do(shared, "release", by_program=True, due="2099-12-04T04:59:00Z", zone="UTC")
        assert (job.trouble, job.problems) == (None, [])
        listed = listed_after(shared, "ana", "look", "")
        assert (listed["course"], listed["module"], listed["released"]) == ("ethics", FIRST, True)
        assert listed["due"] == "2099-12-04T04:59:00.000000Z"
        assert stand(shared).state is State.OUT

    def test_a_student_fetches_it_whole(self, shared: ServiceCourse) -> None:
        shared.take("ana", "fetch", FIRST)
        released = {path.name: path.read_bytes() for path in (shared.root / "release" / FIRST).rglob("*.*")}
        fetched = {path.name: path.read_bytes() for path in (shared.student("ana") / FIRST).rglob("*.*")}
        del released[PLAN_FILE], fetched[PLAN_FILE]  # it tells when it was written
        assert fetched == released

    def test_the_record_and_the_essays_travel_and_what_is_collected_is_private(self, shared: ServiceCourse) -> None:
        record = ResponseRecord(shared.student("ana") / FIRST, FIRST)
        record.save("four-hundred-colleagues", "fire")
        record.save_essay("the-caption", ESSAY)
        told = shared.take("ana", "submit", FIRST)
        shared.hand_in("ben", FIRST)
        with shared.as_person("instructor"):
            assert ask(shared.root, "exchange") == {}
        assert (stand(shared).state, stand(shared).new) == (State.TO_COLLECT, 2)
        job = do(shared, "collect", by_program=True)
        assert (job.trouble, job.counts["graded"]) == (None, 2)
        assert stand(shared).state is State.TO_SCORE
        collected = shared.root / "submitted" / "ana" / FIRST
        for path in (record.path, record.essays_path):
            assert (collected / path.name).read_bytes() == path.read_bytes()
        for path in (collected, *collected.rglob("*")):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
        time = (collected / "timestamp.txt").read_text()
        assert handed_in(shared)[0] == ("ana", time)
        assert told["time"] == time.replace(" UTC", "Z").replace(" ", "T")

    def test_releasing_again_keeps_what_was_handed_in(self, shared: ServiceCourse) -> None:
        before = handed_in(shared)
        assert do(shared, "release", due="2020-01-01T00:00:00Z", zone="UTC").trouble is None
        assert handed_in(shared) == before and len(before) == 2

    def test_a_second_submission_that_is_late_takes_the_place_of_the_first(self, shared: ServiceCourse) -> None:
        ResponseRecord(shared.student("ben") / FIRST, FIRST).save_essay("the-caption", "Said later.")
        listed = listed_after(shared, "ben", "submit", FIRST)
        assert len(listed["submissions"]) == 2 and listed["due"] == "2020-01-01T00:00:00.000000Z"
        job = do(shared, "collect")
        assert (job.trouble, job.counts["graded"], job.counts["late"]) == (None, 2, 2)
        assert "Said later." in next((shared.root / "submitted" / "ben" / FIRST).glob("*.essays.json")).read_text()

    def test_feedback_comes_back_to_whom_it_is_for(self, shared: ServiceCourse) -> None:
        assert stand(shared).found.returned == 0
        assert do(shared, "feedback", by_program=True).counts == {"given": 2, "without": 0}
        assert stand(shared).found.returned == 2
        listed = listed_after(shared, "ana", "look", "")
        assert [one["waiting"] for one in listed["submissions"]] == [True]
        listed = listed_after(shared, "ana", "feedback", FIRST)
        page = shared.student("ana") / listed["submissions"][0]["feedback"] / f"{FIRST}.html"
        assert page.read_bytes() == (shared.root / "feedback" / "ana" / FIRST / f"{FIRST}.html").read_bytes()
        assert not listed["submissions"][0]["waiting"]

    def test_feedback_that_is_given_again_is_news_and_the_old_page_is_kept_nowhere(self, shared: ServiceCourse) -> None:
        page = shared.root / "feedback" / "ana" / FIRST / f"{FIRST}.html"
        kept = shared.folder / "service" / "files"
        old = page.read_bytes()
        assert any(path.read_bytes() == old for path in kept.iterdir())
        page.write_bytes(old + b"<!-- again -->")
        release_feedback(shared)
        listed = listed_after(shared, "ana", "look", "")
        assert listed["submissions"][0]["waiting"]
        assert not any(path.read_bytes() == old for path in kept.iterdir())

    def test_withdrawing_keeps_what_was_handed_in_and_nobody_can_hand_in(self, shared: ServiceCourse) -> None:
        before = handed_in(shared)
        assert do(shared, "withdraw").trouble is None
        assert stand(shared).found.released is None and stand(shared).handed_in == 2
        assert handed_in(shared) == before
        with shared.as_person("ana"):
            root = shared.student("ana")
            assert take(root, "submit", FIRST) == {"trouble": "withdrawn"}
        assert do(shared, "collect").trouble is None
        assert do(shared, "release").trouble is None

    def test_all_of_it_is_there_after_the_service_was_started_again(self, shared: ServiceCourse) -> None:
        before = handed_in(shared)
        shared.stop()
        shared.start()
        assert handed_in(shared) == before and before

    def test_its_files_are_for_its_own_account(self, shared: ServiceCourse) -> None:
        for path in (shared.folder / "service").rglob("*"):
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def release_feedback(course: ServiceCourse) -> None:
    with course.as_person("instructor"):
        command = [sys.executable, "-m", "nbgrader", "release_feedback", FIRST]
        subprocess.run(command, cwd=course.root, check=True)


# -- roles -----------------------------------------------------------------------------------------


REFUSED = [
    ("ana", "GET", ("submissions", "ethics")),
    ("ana", "GET", ("submission", "ethics", FIRST, "ben")),
    ("ana", "GET", ("submission", "ethics", FIRST, "ana")),
    ("ana", "POST", ("assignment", "ethics", FIRST)),
    ("ana", "DELETE", ("assignment", "ethics", FIRST)),
    ("ana", "POST", ("feedback", "ethics", FIRST, "ana")),
    ("ana", "POST", ("notes", "ethics")),
    ("ana", "POST", ("begun", "ethics")),
    ("other", "GET", ("begun", "ethics")),
    ("other", "POST", ("begun", "ethics", FIRST)),
    ("instructor", "POST", ("begun", "ethics", "99-none")),
    ("other", "GET", ("notes", "ethics")),
    ("other", "GET", ("assignments", "ethics")),
    ("other", "GET", ("assignment", "ethics", FIRST)),
    ("other", "POST", ("submission", "ethics", FIRST)),
    ("other", "GET", ("submissions", "ethics")),
    ("other", "GET", ("assignments", "music-theory")),
    ("nobody", "GET", ("assignments", "ethics")),
    ("a-made-up-token", "GET", ("courses",)),
    ("", "GET", ("courses",)),
    ("instructor", "POST", ("course", "ethics")),
    ("instructor", "GET", ("initialize-Data6ase",)),
]


@pytest.mark.parametrize(("name", "method", "place"), REFUSED)
def test_nobody_gets_or_changes_what_is_not_theirs(
    shared: ServiceCourse, name: str, method: str, place: tuple[str, ...]
) -> None:
    do_once(shared)
    files = {"files": json.dumps([{"path": "a.txt", "content": "aGVsbG8="}]), "timestamp": "2026-01-01 00:00:00.0 UTC"}
    answer = shared.ask(name, method, *place, data=files if method == "POST" else None)
    assert answer.status_code in (403, 404), answer.text
    assert not answer.ok and "content" not in answer.text


def do_once(course: ServiceCourse) -> None:
    """Have something in the service that could be got."""
    if not handed_in(course):
        do(course, "release")
        course.hand_in("ben", FIRST)


def test_a_student_gets_only_their_own_feedback(shared: ServiceCourse) -> None:
    do_once(shared)
    time = next(time for student, time in handed_in(shared) if student == "ben")
    query = {"timestamp": time}
    assert shared.ask("ana", "GET", "feedback", "ethics", FIRST, "ben", params=query).status_code == 403
    assert shared.ask("ben", "GET", "feedback", "ethics", FIRST, "ben", params=query).ok


def test_what_a_student_gets_of_a_module_is_the_students_edition(shared: ServiceCourse) -> None:
    do_once(shared)
    text = shared.ask("ana", "GET", "assignment", "ethics", FIRST).text
    names = {one["path"] for one in json.loads(text)["files"]}
    assert names == {
        path.relative_to(shared.root / "release" / FIRST).as_posix()
        for path in (shared.root / "release" / FIRST).rglob("*.*")
    }


def test_nobody_hands_in_for_somebody_else(shared: ServiceCourse) -> None:
    do_once(shared)
    before = [student for student, _ in handed_in(shared)]
    made = {"user": "ben", "student_id": "ben", "files": json.dumps([{"path": "a.txt", "content": "aGVsbG8="}])}
    assert shared.ask("ana", "POST", "submission", "ethics", FIRST, data=made).ok
    assert [student for student, _ in handed_in(shared)] == [*before, "ana"]


def test_a_token_without_the_right_to_this_service_does_not_open_it(shared: ServiceCourse) -> None:
    shared.hub.scopes["ben"] = ["access:servers!user=ben"]
    try:
        shared.stop()  # it knows a token for a while
        shared.start()
        assert shared.ask("ben", "GET", "courses").status_code == 403
    finally:
        shared.hub.scopes["ben"] = shared.hub.scopes["ana"]
        shared.stop()
        shared.start()
    assert shared.ask("ben", "GET", "courses").json()["courses"] == ["ethics"]


NEVER = [
    "../out.txt",
    "/etc/out.txt",
    "a/../../out.txt",
    "a\0.txt",
    "\ud800.txt",
    "a\nb",
    "x" * 300,
    "a/" * 600,
    3,
    None,
]


@pytest.mark.parametrize("path", NEVER)
def test_no_file_leads_out_of_its_folder(shared: ServiceCourse, path: str) -> None:
    do_once(shared)
    files = {"files": json.dumps([{"path": path, "content": "aGVsbG8="}])}
    kept = set((shared.folder / "service" / "files").iterdir())
    answer = shared.ask("ana", "POST", "submission", "ethics", FIRST, data=files)
    assert answer.status_code == 400 and not answer.json()["success"]
    assert set((shared.folder / "service" / "files").iterdir()) == kept


TWICE = json.dumps([{"path": path, "content": ""} for path in ("a", "a/b")])


@pytest.mark.parametrize(
    "sent", ["", "{", "3", "null", "[3]", '[{"path": "a"}]', '[{"path": "a", "content": "é"}]', TWICE]
)
def test_what_is_no_list_of_files_is_refused_in_words(shared: ServiceCourse, sent: str) -> None:
    do_once(shared)
    kept = set((shared.folder / "service" / "files").iterdir())
    answer = shared.ask("ana", "POST", "submission", "ethics", FIRST, data={"files": sent})
    assert answer.status_code == 400 and answer.json()["message"]
    assert set((shared.folder / "service" / "files").iterdir()) == kept


def test_what_one_student_handed_in_does_not_stop_collecting_the_others(shared: ServiceCourse) -> None:
    do_once(shared)
    files = {"files": json.dumps([{"path": "a.txt", "content": "aGVsbG8="}])}
    assert shared.ask("ana", "POST", "submission", "ethics", FIRST, data=files).ok
    database = shared.folder / "service" / "exchange.sqlite"
    with contextlib.closing(sqlite3.connect(database)) as rows, rows:  # as by a service that took such a name
        newest = "SELECT max(right_id) FROM submission_files_assoc_table"
        assert rows.execute(f"UPDATE files SET filename = 'a' || char(0) WHERE _id = ({newest})").rowcount == 1
    shared.hand_in("ben", FIRST)
    job = do(shared, "collect")
    assert job.trouble is None, job
    collected = (shared.root / "submitted" / "ben" / FIRST / "timestamp.txt").read_text()
    assert collected == max(time for student, time in handed_in(shared) if student == "ben")


def test_nothing_is_taken_from_who_is_not_known(shared: ServiceCourse) -> None:
    with socket.create_connection(("127.0.0.1", shared.port), timeout=seconds(30)) as line:
        head = "POST /services/exchange/submission/ethics/x HTTP/1.1\r\nHost: x\r\nAuthorization: token made-up\r\n"
        line.sendall(f"{head}Content-Length: {100 << 20}\r\n\r\n".encode())
        assert line.recv(100).startswith(b"HTTP/1.1 403 ")  # and nothing of it was sent
    with socket.create_connection(("127.0.0.1", shared.port), timeout=seconds(30)) as line:
        line.sendall(f"{head.replace('made-up', 'ana')}Content-Length: {200 << 20}\r\n\r\n".encode())
        assert line.recv(100).startswith(b"HTTP/1.1 413 ")


def test_what_has_too_many_parts_is_refused_before_it_is_taken_apart(shared: ServiceCourse) -> None:
    do_once(shared)
    files = {"files": "[" + "[]," * (5 * MOST_FILES) + "[]]"}
    refused = shared.ask("ana", "POST", "submission", "ethics", FIRST, data=files)
    assert refused.status_code == 413 and "more than" in refused.json()["message"]


def test_folders_count_as_files_do_and_are_only_so_deep(shared: ServiceCourse) -> None:
    do_once(shared)
    for paths, status, said in (
        ([f"{number}/a.txt" for number in range(MOST_FILES // 2 + 1)], 413, "files and folders"),
        (["/".join("d" * (DEEPEST + 1)) + "/a.txt"], 400, "cannot be a file's name here"),
    ):
        files = {"files": json.dumps([{"path": path, "content": ""} for path in paths])}
        refused = shared.ask("ana", "POST", "submission", "ethics", FIRST, data=files)
        assert refused.status_code == status and said in refused.json()["message"]
    files = {"files": json.dumps([{"path": "/".join("d" * DEEPEST) + "/a.txt", "content": ""}])}
    assert shared.ask("ana", "POST", "submission", "ethics", FIRST, data=files).ok


def test_one_person_sends_one_thing_at_a_time(shared: ServiceCourse) -> None:
    do_once(shared)
    files = {"files": json.dumps([{"path": "a.txt", "content": "aGVsbG8="}])}
    head = f"POST /services/exchange/submission/ethics/{FIRST} HTTP/1.1\r\nHost: x\r\nAuthorization: token ana\r\n"
    end, status = time.monotonic() + seconds(120), 0
    while status != 429:
        assert time.monotonic() < end
        with socket.create_connection(("127.0.0.1", shared.port), timeout=seconds(30)) as line:
            line.sendall(f"{head}Content-Length: 1000\r\n\r\nfiles=".encode())
            for _ in range(2):  # where the first came before it, that was in its way: it is sent again
                status = shared.ask("ana", "POST", "submission", "ethics", FIRST, data={"files": ""}).status_code
            if status == 429:
                assert shared.ask("ben", "POST", "submission", "ethics", FIRST, data=files).ok
    until_status(lambda: shared.ask("ana", "POST", "submission", "ethics", FIRST, data=files), 200)  # it has gone


def until_status(ask: Callable[[], requests.Response], status: int) -> None:
    """Wait until the service answers so."""
    end = time.monotonic() + seconds(120)
    while (answer := ask()).status_code != status:
        assert time.monotonic() < end, answer.text
        time.sleep(0.05)


def test_nobody_fills_the_disk_with_what_they_hand_in(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
        course = ServiceCourse(tmp_path, "ana", each=1)
        try:
            do(course, "release")
            content = base64.b64encode(bytes(600_000)).decode()
            files = {"files": json.dumps([{"path": "a.txt", "content": content}])}
            said = [course.ask("ana", "POST", "submission", "ethics", FIRST, data=files) for _ in range(3)]
            assert [answer.status_code for answer in said] == [200, 200, 413]
            assert "Tell your instructor" in said[2].json()["message"]
            assert course.ask("ben", "POST", "submission", "ethics", FIRST, data=files).ok
        finally:
            course.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT RUN: needs root, as it takes a port that only root can")
def test_a_service_takes_a_port_of_roots_and_is_then_an_account_of_its_own(tmp_path: Path) -> None:
    config = Config()
    add_service(config, ["ethics"], tmp_path, port=0, account="nobody")
    (told,) = config.JupyterHub.services
    assert "user" not in told
    text = (
        "import os, random; from fieldguide.hubservice import take_port\n"
        "for port in random.sample(range(700, 1024), 100):\n"
        "    os.environ['JUPYTERHUB_SERVICE_URL'] = f'http://127.0.0.1:{port}'\n"
        "    try:\n        (taken,) = take_port()\n        break\n    except OSError:\n        continue\n"
        "print(taken.getsockname()[1] < 1024, os.getresuid(), os.getresgid(), os.getgroups())"
    )
    command = [sys.executable, "-P", "-c", text]
    said = subprocess.run(command, env={**os.environ, **told["environment"]}, capture_output=True, text=True)
    assert said.stdout == "True (65534, 65534, 65534) (65534, 65534, 65534) [65534]\n", said


# -- what goes wrong -------------------------------------------------------------------------------


def test_a_service_that_is_down_is_said_and_costs_no_answer(shared: ServiceCourse) -> None:
    do_once(shared)
    root = shared.student("ben")
    if not (root / FIRST).is_dir():
        shared.take("ben", "fetch", FIRST)
    before = {path: path.read_bytes() for path in (root / FIRST).rglob("*") if path.is_file()}
    shared.stop()
    try:
        with shared.as_person("ben"):
            for step in ("look", "fetch", "renew", "submit", "feedback"):
                os.chdir(root)
                assert take(root, step, FIRST) == {"trouble": "unreachable"}, step
        job = do(shared, "collect")
        assert job.trouble is not None and "cannot be reached" in job.trouble
        before_it_went = stand(shared)
        with shared.as_person("instructor"):
            assert "cannot be reached" in ask(shared.root, "exchange")["trouble"]
        assert stand(shared) == before_it_went
    finally:
        shared.start()
    assert {path: path.read_bytes() for path in before} == before


def test_who_is_in_no_group_of_the_course_is_told_so(shared: ServiceCourse) -> None:
    with shared.as_person("nobody"):
        root = shared.student("nobody")
        os.chdir(root)
        assert take(root, "fetch", FIRST) == {"trouble": "no_access"}


def test_settings_without_an_address_are_said(shared: ServiceCourse) -> None:
    root = shared.student("ana")
    path = root / "nbgrader_config.py"
    before = path.read_text("utf-8")
    path.write_text(before + "c.OverService.address = ''\n", encoding="utf-8")
    try:
        with shared.as_person("ana"):
            os.chdir(root)
            assert take(root, "look", FIRST) == {"trouble": "settings"}
    finally:
        path.write_text(before, encoding="utf-8")


def test_due_dates_of_all_modules_are_told_anew_with_a_release(shared: ServiceCourse) -> None:
    do_once(shared)
    due = datetime(2031, 5, 6, 7, 8)
    assert do(shared, "release", SECOND, due=f"{due:%Y-%m-%dT%H:%M:%S}Z", zone="UTC").trouble is None
    told = shared.ask("ana", "GET", "assignments", "ethics").json()["assignments"]
    plans = {one["checksum"] for files in told.values() for one in files if one["path"] == PLAN_FILE}
    assert set(told) == {FIRST, SECOND} and len(plans) == 1


def test_more_time_is_told_to_the_student_alone_until_it_is_taken_back(shared: ServiceCourse) -> None:
    do_once(shared)
    due, later = datetime(2031, 5, 6, 7, 8), "2031-05-08T07:08:00Z"
    assert do(shared, "release", due=f"{due:%Y-%m-%dT%H:%M:%S}Z", zone="UTC").trouble is None
    for given in (later, None):
        with shared.as_person("instructor"):
            told = ask(shared.root, "extension", module=FIRST, student="ben", due=given, by="kim")
        assert told == {"untold": False, "why": ""}
        seen = {name: listed_after(shared, name, "look", "") for name in ("ana", "ben")}
        assert {name: (one["due"][:10], one["for_you"]) for name, one in seen.items()} == {
            "ana": ("2031-05-06", False),
            "ben": ("2031-05-08", True) if given else ("2031-05-06", False),
        }
        assert [bool(shared.ask(name, "GET", "notes", "ethics").json()["note"]) for name in ("ana", "ben")] == [
            False,
            given is not None,
        ]


def test_who_has_begun_is_kept_only_while_students_are_told_so_and_then_forgotten(shared: ServiceCourse) -> None:
    do_once(shared)
    if SECOND not in shared.ask("ana", "GET", "assignments", "ethics").json()["assignments"]:
        assert do(shared, "release", SECOND).trouble is None

    def second() -> Module:
        found = read_class(shared.course, read_notes(shared.root))
        return next(one for one in modules(found.modules, found.students, datetime.now()) if one.found.module == SECOND)

    def switch(seen: bool) -> None:
        with shared.as_person("instructor"):
            assert ask(shared.root, "begun", seen=seen) == {}

    def fetch(name: str) -> bool:
        """Fetch as a student; returns whether their Home says that it is seen."""
        told: Any = shared.take(name, "fetch", SECOND)
        return bool(told["listing"]["begun_seen"])

    switch(False)
    assert not fetch("ana") and second().found.begun is None and second().unbegun == ()
    switch(True)
    assert second().found.begun == frozenset() and second().unbegun == ("ana", "ben")  # what was before is not known
    for _ in range(2):
        shutil.rmtree(shared.student("ana") / SECOND)
        assert fetch("ana")
    assert shared.ask("ana", "GET", "begun", "ethics").json()["begun"] == {}  # nobody's business but the instructor's
    with shared.as_person("instructor"):
        assert ask(shared.root, "exchange") == {}
    assert second().unbegun == ("ben",) and second().missing == ("ana", "ben")
    switch(False)
    answer = shared.ask("instructor", "GET", "begun", "ethics").json()
    assert (answer["seen"], answer["begun"]) == (False, {}) and second().found.begun is None
    told: Any = shared.take("ana", "look", "")
    assert not told["listing"]["begun_seen"]


def test_the_instructors_list_tells_who_handed_in(shared: ServiceCourse) -> None:
    do_once(shared)
    with shared.as_person("instructor"):
        os.chdir(shared.root)
        app = NbGrader()
        app.initialize([])
        from nbgrader.auth import Authenticator
        from nbgrader.coursedir import CourseDirectory

        config = app.config
        config.CourseDirectory.assignment_id = FIRST
        coursedir, person = CourseDirectory(config=config), Authenticator(config=config)
        lister = ExchangeFactory(config=config).List(coursedir=coursedir, authenticator=person, config=config)
        lister.inbound = True
        told = {one["student_id"]: len(one["submissions"]) for one in lister.start()}
    found: dict[str, int] = {}
    for student, _ in handed_in(shared):
        found[student] = found.get(student, 0) + 1
    assert told == found and found


@pytest.mark.parametrize("text", ["", "{", "[]", '{"time": "x", "released": {}, "handed_in": {}}', '{"time": 1}'])
def test_what_the_desk_kept_of_an_exchange_counts_as_nothing_when_it_is_damaged(tmp_path: Path, text: str) -> None:
    (tmp_path / ".fieldguide-desk-exchange.json").write_text(text, encoding="utf-8")
    assert read_listed(tmp_path) is None


class Answer:
    """What came back from the network, in place of a service."""

    def __init__(self, status: int, text: str) -> None:
        self.status_code, self.text = status, text

    def json(self) -> Any:
        return json.loads(self.text)


NOBODY = requests.ConnectionError("NewConnectionError: refused")
CUT = requests.ConnectionError("reset by peer")


@pytest.mark.parametrize(
    ("came", "fetching", "handing_in"),
    [
        (Answer(503, "<html>Service Unavailable</html>"), "unreachable", "unreachable"),  # of the hub's proxy
        (Answer(200, "<html>Log in</html>"), "failed", "failed"),
        (Answer(500, '{"success": false}'), "failed", "failed"),
        (Answer(403, '{"success": false, "message": "no"}'), "no_access", "no_access"),
        (Answer(404, '{"success": false, "message": "no"}'), "withdrawn", "withdrawn"),
        (NOBODY, "unreachable", "unreachable"),
        (CUT, "unreachable", "too_long"),  # it may have arrived
        (requests.ReadTimeout(), "unreachable", "too_long"),
    ],
)
def test_what_comes_back_instead_of_an_answer_has_a_name(
    came: Answer | Exception, fetching: str, handing_in: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def request(*_: object, **__: object) -> Answer:
        if isinstance(came, Exception):
            raise came
        return came

    monkeypatch.setattr(requests.Session, "request", request)
    service = Service("http://127.0.0.1/services/exchange")
    with pytest.raises(ServiceError) as raised:
        service.module("ethics", FIRST)
    assert raised.value.trouble == fetching
    with pytest.raises(ServiceError) as raised:
        service.hand_in("ethics", FIRST, {})
    assert raised.value.trouble == handing_in
    assert fetching in Words("exchange").words()


@pytest.mark.parametrize("path", ["../out.txt", "/etc/passwd", "a/../b.txt", "", "a\0b", "\udcff"])
def test_a_service_cannot_write_outside_of_a_students_folder(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told = json.dumps({"success": True, "files": [{"path": path, "content": ""}]})
    monkeypatch.setattr(requests.Session, "request", lambda *_, **__: Answer(200, told))
    with pytest.raises(ServiceError, match="lies nowhere"):
        Service("http://127.0.0.1/services/exchange").module("ethics", FIRST)


@pytest.mark.parametrize("name", ["..", "../music", "/tmp", ".hidden", ""])
def test_a_service_cannot_name_a_folder_that_is_elsewhere(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told = json.dumps({"success": True, "courses": [name]})
    monkeypatch.setattr(requests.Session, "request", lambda *_, **__: Answer(200, told))
    with pytest.raises(ServiceError):
        Service("http://127.0.0.1/services/exchange").courses()


def test_many_who_are_still_sending_keep_nobody_from_the_exchange(tmp_path: Path) -> None:
    names = [f"student-{number}" for number in range(25)]
    hub = StandInHub("exchange", {name: ["nbgrader-ethics"] for name in (*names, "ana")})
    where = ["--database", f"sqlite:///{tmp_path / 'exchange.sqlite'}", "--storage", str(tmp_path / "files")]
    service = StartedService(hub, ["fieldguide.sharing.service", *where], free_port(), seconds(60))
    with contextlib.ExitStack() as sending:
        sending.callback(hub.close)
        sending.callback(service.stop)
        for name in names:
            line = sending.enter_context(socket.create_connection(("127.0.0.1", service.port)))
            head = (
                f"POST /services/exchange/submission/ethics/{FIRST} HTTP/1.1",
                "Host: exchange",
                f"Authorization: token {name}",
                "Content-Length: 1000",
                "Expect: 100-continue",
            )
            line.sendall("\r\n".join((*head, "", "")).encode())
            assert b"100" in line.recv(100)  # the rest may come
        for _ in range(3):  # until it is known of all of them who sends
            asked = requests.get(f"{service.url}/courses", headers={"Authorization": "token ana"}, timeout=seconds(90))
            assert asked.ok and asked.json()["success"]
