"""The exchange as a service of a real hub: a class goes from release to feedback through it, each at their own server.

Without a browser: the forms of the pages are sent as a browser sends them.
"""

from __future__ import annotations

import re
import shutil
import signal
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
from children import started_by
from classroom import Classroom
from conftest import PROJECT
from patience import seconds, until

from fieldguide.responses import ResponseRecord

MODULE = "03-code-of-ethics"
COURSE = "fieldguide"
ESSAY = "What I would tell my field instructor."

pytestmark = [pytest.mark.slow, pytest.mark.in_order]


class Person:
    """Somebody who is logged in, by what their browser would send."""

    def __init__(self, classroom: Classroom, name: str) -> None:
        self.hub, self.name = classroom.url, name
        self.home = classroom.home(name)
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.get(f"{self.hub}/hub/login", timeout=seconds(60))
        known = {"username": name, "password": classroom.password(name), "_xsrf": self.session.cookies["_xsrf"]}
        self.session.post(f"{self.hub}/hub/login", data=known, timeout=seconds(60))
        self.session.get(f"{self.hub}/hub/spawn/{name}", timeout=seconds(60))
        until(lambda: self.get("fieldguide/").url.startswith(f"{self.hub}/user/{name}/fieldguide/"))

    def address(self, path: str) -> str:
        return f"{self.hub}/user/{self.name}/{path}"

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.address(path), timeout=seconds(120))

    def _xsrf(self) -> str:
        """What a form of this person's server carries."""
        page = self.get("fieldguide/glossary").text if self.name != "instructor" else self.get("fieldguide/desk").text
        found = re.search(r'name="_xsrf" value="([^"]+)"', page)
        if found:
            return found[1]
        cookies = [one for one in self.session.cookies if one.name == "_xsrf" and self.name in one.path]
        assert cookies and cookies[0].value
        return cookies[0].value

    def post(self, path: str, **form: str) -> requests.Response:
        return self.session.post(
            self.address(path), data=form | {"_xsrf": self._xsrf()}, allow_redirects=False, timeout=seconds(180)
        )

    def token(self) -> str:
        """A token of this person's own, with all their rights."""
        there = f"{self.hub}/hub/api/users/{self.name}/tokens"
        cookie = next(one.value for one in self.session.cookies if one.name == "_xsrf" and one.path == "/hub/")
        headers = {"Referer": f"{self.hub}/hub/token", "X-XSRFToken": str(cookie)}
        answer = self.session.post(there, headers=headers, json={}, timeout=seconds(60))
        assert answer.ok, answer.text
        return str(answer.json()["token"])


class School:
    """The classroom with the service, and who is in it."""

    def __init__(self, folder: Path) -> None:
        project = folder / "project"
        shutil.copytree(PROJECT / "source" / MODULE, project / "source" / MODULE)
        shutil.copy(PROJECT / "nbgrader_config.py", project)
        self.classroom = Classroom(folder / "class", "--exchange-service", project=project)
        self.service = f"{self.classroom.url}/services/exchange"
        self.course = self.classroom.home("instructor") / COURSE
        self.instructor, self.ana, self.ben = (Person(self.classroom, name) for name in ("instructor", "ana", "ben"))

    def work(self, step: str, **form: str) -> str:
        """A step of the desk; returns what the page says of it when it has ended."""
        answer = self.instructor.post(f"fieldguide/desk/{step}/{MODULE}", **form)
        assert answer.status_code == 303 and "busy" not in answer.headers["Location"], answer.text
        told = until(
            lambda: (look := self.instructor.get("fieldguide/desk/look").json()) and not look["working"] and look
        )
        return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", told["work"]))

    def home_of(self, person: Person) -> str:
        """What Home says, once it has looked."""
        told = person.post("fieldguide/look").json()
        assert told["trouble"] is None
        return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", told["html"]))

    def ask(self, token: str, method: str, *place: str, **more: Any) -> requests.Response:
        where = "/".join((self.service, *map(quote, place)))
        headers = {"Authorization": f"token {token}"}
        return requests.request(method, where, headers=headers, timeout=seconds(60), allow_redirects=False, **more)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")
        school = School(tmp_path_factory.mktemp("school"))
        yield school
        school.classroom.stop()


def test_a_module_is_released_with_its_due_date_and_found_at_home(school: School) -> None:
    assert "is released" in school.work("release", due="2099-12-04T23:59", zone="UTC")
    assert "The Code of Ethics and social media" in school.home_of(school.ana)
    assert not (school.classroom.folder / "exchange" / COURSE).exists()


def test_one_student_starts_it_on_the_course_page(school: School) -> None:
    answer = school.ana.post("fieldguide/start", module=MODULE, course=COURSE)
    assert answer.status_code == 303 and "trouble" not in answer.headers["Location"]
    page = school.ana.get(f"fieldguide/module/{MODULE}/{MODULE}.ipynb").text
    assert "four-hundred-colleagues" in page


def test_another_fetches_it_in_nbgraders_list(school: School) -> None:
    told = school.ben.get(f"assignments?course_id={COURSE}").json()
    assert [(one["assignment_id"], one["status"]) for one in told["value"]] == [(MODULE, "released")]
    asked = school.ben.post("assignments/fetch", assignment_id=MODULE, course_id=COURSE)
    assert asked.json()["success"], asked.text
    assert (school.ben.home / MODULE / f"{MODULE}.ipynb").is_file()


def test_both_hand_in_with_record_and_essays(school: School) -> None:
    record = ResponseRecord(school.ana.home / MODULE, MODULE)
    record.save("four-hundred-colleagues", "fire")
    record.save_essay("the-caption", ESSAY)
    answer = school.ana.post(f"fieldguide/hand-in/{MODULE}/{MODULE}.ipynb")
    assert (answer.status_code, answer.headers.get("Location", "")[-9:]) == (303, "handed-in")
    told = school.ben.post("assignments/submit", assignment_id=MODULE, course_id=COURSE).json()
    assert told["success"], told
    assert "Handed in" in school.home_of(school.ana)


def test_a_second_submission_that_is_late_counts(school: School) -> None:
    assert "is released" in school.work(
        "release", due="2020-01-01T00:00", zone="UTC", was="2099-12-04T23:59:00Z", past="yes"
    )
    told = school.instructor.get("fieldguide/desk/look?ask").json()
    assert "2 of 3 students handed in" in told["rows"] and "what it held" in told["exchange"]
    assert school.ben.get(f"fieldguide/module/{MODULE}/{MODULE}.ipynb").ok  # with a record, it is known for his own
    ResponseRecord(school.ben.home / MODULE, MODULE).save_essay("the-caption", "Said later.")
    answer = school.ben.post(f"fieldguide/hand-in/{MODULE}/{MODULE}.ipynb")
    assert answer.status_code == 303


def test_they_are_collected_whole_and_private_and_graded(school: School) -> None:
    said = school.work("collect", set_aside="")
    assert "2 graded" in said and "2 late" in said and "1 missing" in said
    submitted = school.course / "submitted"
    for name, essay in (("ana", ESSAY), ("ben", "Said later.")):
        collected = submitted / name / MODULE
        assert essay in next(collected.glob("*.essays.json")).read_text("utf-8")
        for path in (collected, *collected.rglob("*")):
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
    own = school.ana.home / MODULE / f"{MODULE}.responses.jsonl"
    # That it was handed in goes on record afterwards.
    collected_record = (submitted / "ana" / MODULE / own.name).read_bytes()
    assert b"four-hundred-colleagues" in collected_record and own.read_bytes().startswith(collected_record)


def test_feedback_comes_back_on_the_course_page(school: School) -> None:
    assert "2 students can read it" in school.work("feedback")
    assert "feedback" in school.home_of(school.ana).lower()
    answer = school.ana.post("fieldguide/fetch-feedback", module=MODULE, course=COURSE)
    assert answer.status_code == 303 and "trouble" not in answer.headers["Location"]
    page = school.ana.get(f"fieldguide/feedback/{MODULE}").text
    assert ESSAY in page and "Said later." not in page


def test_no_student_gets_what_is_anothers_by_any_token_of_theirs(school: School) -> None:
    ana, teacher = school.ana.token(), school.instructor.token()
    (bens, *_) = [
        one
        for one in school.ask(teacher, "GET", "submissions", COURSE).json()["submissions"]
        if one["student_id"] == "ben"
    ]
    when = {"timestamp": bens["timestamp"]}
    files = {"files": "[]", **when}
    for method, place, more in (
        ("GET", ("submissions", COURSE), {}),
        ("GET", ("submission", COURSE, MODULE, "ben"), {"params": when}),
        ("GET", ("feedback", COURSE, MODULE, "ben"), {"params": when}),
        ("POST", ("assignment", COURSE, MODULE), {"data": files}),
        ("DELETE", ("assignment", COURSE, MODULE), {}),
        ("POST", ("feedback", COURSE, MODULE, "ana"), {"data": files}),
        ("GET", ("assignments", "another-course"), {}),
    ):
        answer = school.ask(ana, method, *place, **more)
        assert answer.status_code == 403, (method, place, answer.text)
    assert school.ask(teacher, "GET", "submission", COURSE, MODULE, "ben", params=when).ok
    edition = school.ask(ana, "GET", "assignment", COURSE, MODULE).json()
    assert {one["path"] for one in edition["files"] if one["path"].endswith(".ipynb")} == {f"{MODULE}.ipynb"}
    source = (school.course / "source" / MODULE / f"{MODULE}.ipynb").stat().st_size
    assert all(len(one["content"]) * 3 // 4 < source for one in edition["files"])


def test_a_log_in_without_a_token_does_not_open_it(school: School) -> None:
    answer = school.ana.session.get(f"{school.service}/courses", allow_redirects=False, timeout=seconds(60))
    assert answer.status_code == 403


def test_the_hub_starts_a_service_again_that_has_ended_and_nothing_is_lost(school: School) -> None:
    (service,) = started_by(school.classroom.process.pid, "fieldguide.sharing.service")
    service.send_signal(signal.SIGKILL)
    teacher = school.instructor.token()
    told = until(lambda: (answer := school.ask(teacher, "GET", "submissions", COURSE)).ok and answer.json())
    assert sorted(one["student_id"] for one in told["submissions"]) == ["ana", "ben", "ben"]
