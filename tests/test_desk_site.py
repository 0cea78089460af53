"""Grades to the course site and its class list, from the desk: through the service, to a course site that is strict."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests
from barriers import bars_nobody, fits_every_window, outline_faults, walks_by_keyboard
from desk_course import FIRST, DeskCourse, own_jupyter, said
from lms_services import INSTRUCTOR, LEARNER, Answer
from nbgrader.api import Gradebook
from patience import seconds
from playwright.sync_api import Browser
from test_desk import do, grade_first
from test_lti_scores import Site
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from fieldguide.bench.standin import StandInHub
from fieldguide.desk import sitewords
from fieldguide.desk.notes import is_working
from fieldguide.grading.grades import class_grades
from fieldguide.lti import asked
from fieldguide.words import Words

TOKEN = "ethics"
OPAQUE = f"p-{'e' * 16}"


class SiteCourse(DeskCourse):
    """The course ``ethics`` with a course site; ana's work is graded, an essay of ben's waits, cleo handed in nothing.

    ``service`` is where the service is, which somebody else's token may use as well.
    """

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        super().__init__(folder, "ana", "ben", "cleo")
        with Gradebook(self.course.db_url) as gradebook:
            gradebook.update_or_create_student("ana", first_name="Ána", last_name="Souza")
            gradebook.update_or_create_student("cleo", last_name="<i>Marsh")
        self.site = Site(stack, course="ethics")
        kinds = {TOKEN: "service", "another": "service"}
        hub = StandInHub(
            "lti", {TOKEN: [], "another": [], "ana": ["nbgrader-ethics"], "grace": ["formgrade-ethics"]}, kinds
        )
        stack.callback(hub.close)
        self.service = stack.enter_context(served(hub, self.site))
        self.environment = {"FIELDGUIDE_LTI_URL": self.service, "JUPYTERHUB_API_TOKEN": TOKEN}
        grade_first(self)
        self.at = self.server(**self.environment)
        stack.callback(self.at.stop)
        self.session = requests.Session()

    def get(self, address: str) -> requests.Response:
        return self.session.get(f"{self.at.url}/fieldguide/desk/{address}", timeout=seconds(60))

    def post(self, address: str, file: bytes | None = None, **fields: str) -> requests.Response:
        fields["_xsrf"] = re.findall(r'name="_xsrf" value="([^"]+)"', self.get(address).text)[0]
        files = {} if file is None else {"file": ("class.csv", file)}
        return self.session.post(f"{self.at.url}/fieldguide/desk/{address}", fields, files=files, timeout=seconds(180))

    def grade(self, student: str) -> float | None:
        """What the gradebook says."""
        with Gradebook(self.course.db_url) as gradebook:
            (one,) = class_grades(gradebook, {FIRST}, {student})
            return one.score

    def table(self) -> str:
        return said(self.get(f"grades/{FIRST}"))


class served:  # noqa: N801  (a context)
    """The service's handlers for courses' servers, at a port of this machine."""

    def __init__(self, hub: StandInHub, site: Site) -> None:
        self._hub, self._site, self._up = hub, site, threading.Event()

    def __enter__(self) -> str:
        self._sockets = bind_sockets(0, "127.0.0.1")
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        assert self._up.wait(seconds(30))
        return f"http://127.0.0.1:{self._sockets[0].getsockname()[1]}/services/lti"

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    async def _serve(self) -> None:
        from jupyterhub.services.auth import HubAuth

        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        auth = HubAuth(
            api_token="service",
            api_url=f"http://127.0.0.1:{self._hub.server_port}/hub/api",
            access_scopes={self._hub.may_use},
        )
        site = self._site
        grades = asked.Grades(
            auth, site.store, lambda place: site.services, lambda issuer, sub: sub.removeprefix("sub-"), {"ethics"}
        )
        server = HTTPServer(Application(asked.handlers("/services/lti/", grades)))
        server.add_sockets(self._sockets)
        self._up.set()
        await self._end.wait()
        server.stop()
        await server.close_all_connections()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteCourse]:
    folder = tmp_path_factory.mktemp("site")
    with own_jupyter(folder) as patch, ExitStack() as stack:
        course = SiteCourse(folder, stack)
        for name, value in course.environment.items():  # for the steps that are taken without a server
            patch.setenv(name, value)
        yield course


pytestmark = pytest.mark.in_order


def test_before_feedback_no_grade_goes_anywhere(desk: SiteCourse) -> None:
    assert "They go when you give feedback." in desk.table()
    assert f'href="{"/fieldguide/desk/grades/"}{FIRST}"' in desk.get("").text
    assert "also go to the course site" in said(desk.get(f"feedback/{FIRST}"))
    assert do(desk, "send").problems == [] and desk.site.posts == 0


def test_students_are_told_by_name_as_an_account_may_tell_nothing(desk: SiteCourse) -> None:
    page = desk.get("")
    assert "<i>Marsh (cleo)" in said(page) and "<i>" not in page.text
    assert '<option value="Ána Souza (ana)">' in desk.get("sheets").text


def test_a_service_that_is_away_keeps_no_feedback_back_and_the_grades_go_later(
    desk: SiteCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("FIELDGUIDE_LTI_URL", "http://127.0.0.1:9/services/lti")
        job = do(desk, "feedback")
    assert job.trouble is None and job.counts["given"] == 2
    assert job.problems[-1].startswith("The grades did not go to the course site; feedback is given all the same.")
    job = do(desk, "send")
    assert (job.trouble, job.problems, job.counts) == (None, [], {"sent": 2, "unsent": 0})
    assert desk.site.stands() == {"sub-ana": (desk.grade("ana"), "FullyGraded"), "sub-ben": (None, "PendingManual")}
    table = desk.table()
    assert "2 of 2 grades are in the course site." in table and "Ána Souza (ana)" in table
    assert "no points yet: an answer waits for a person to score it" in table and "cleo" not in table
    assert desk.site.lms.faults == []


def test_a_score_that_changes_goes_with_the_feedback_and_not_before(desk: SiteCourse) -> None:
    with Gradebook(desk.course.db_url) as gradebook:
        (grade, *_) = gradebook.find_submission_notebook(FIRST, FIRST, "ben").grades
        grade.manual_score, grade.needs_manual_grade = 1, False
        gradebook.db.commit()
    posts = desk.site.posts
    assert do(desk, "send").counts == {"sent": 0, "unsent": 0} and desk.site.posts == posts
    job = do(desk, "feedback")
    assert (job.trouble, job.problems, job.counts["sent"]) == (None, [], 1)
    assert desk.site.stands()["sub-ben"] == (desk.grade("ben"), "FullyGraded") and desk.site.posts == posts + 1
    assert do(desk, "feedback").counts["sent"] == 0 and desk.site.posts == posts + 1


def test_what_is_refused_is_told_in_words_and_sent_again_by_a_button(desk: SiteCourse) -> None:
    with Gradebook(desk.course.db_url) as gradebook:
        for name, points in (("ana", 3), ("ben", 4)):
            gradebook.find_submission_notebook(FIRST, FIRST, name).grades[0].extra_credit = points
        gradebook.db.commit()
    refusal = Answer(422, {"errors": {"message": "<b>User</b> not found in course"}})
    desk.site.lms.instead += [("scores$", refusal)] * 2
    job = do(desk, "feedback")
    assert job.counts["unsent"] == 2
    assert job.problems == [
        "ana, ben: The course site did not take this. A student who has left the course there has no grades there. "
        "The course site said: “<b>User</b> not found in course”"
    ]
    page = desk.get(f"grades/{FIRST}")
    assert "<b>User" not in page.text and "0 of 2 grades are in the course site." in said(page)
    desk.post(f"grades/{FIRST}", student="ben")
    wait(lambda: not is_working(desk.root))
    assert "1 of 2 grades are in the course site." in desk.table()
    assert desk.site.stands()["sub-ben"][0] == desk.grade("ben") != desk.site.stands()["sub-ana"]
    desk.post(f"grades/{FIRST}")
    wait(lambda: not is_working(desk.root))
    assert "2 of 2 grades are in the course site." in desk.table()
    assert desk.site.stands()["sub-ana"][0] == desk.grade("ana")
    assert "were sent to the course site: 1 grade is new in the course site." in said(desk.get(""))


def wait(happened: Callable[[], bool]) -> None:
    for _ in range(int(seconds(60) * 4)):
        if happened():
            return
        threading.Event().wait(0.25)
    raise AssertionError("it never came to be")


def test_the_course_sites_class_list_is_looked_at_before_it_is_taken(desk: SiteCourse) -> None:
    lms = desk.site.lms
    lms.enroll("sub-dora", LEARNER, given_name="Dora", family_name="=Li<b>", email="d@x.edu", lis_person_sourcedid="77")
    lms.enroll("sub-emil", status="Inactive", given_name="Emil", family_name="Ott")
    lms.enroll("sub-grace", INSTRUCTOR, given_name="Grace")
    page = desk.post("roster", kind="site")
    look = said(page)
    assert "Class list: what would be done" in look and "1 student added" in look and "<b>" not in page.text
    assert "=Li<b>, Dora: dora, added" in look and "grace" not in look
    assert "1 student is in the course site’s list and not active there Ott, Emil" in look
    assert "1 student has not opened the course from the course site yet =Li<b>, Dora" in look
    assert "1 student of the gradebook is not in the list, and stays as it is <i>Marsh (cleo)" in look
    with Gradebook(desk.course.db_url) as gradebook:
        assert {one.id for one in gradebook.students} == {"ana", "ben", "cleo"}
    taken = desk.session.post(
        page.url, {"_xsrf": re.findall(r'name="_xsrf" value="([^"]+)"', page.text)[0]}, timeout=seconds(120)
    )
    assert "Class list: what was done" in said(taken)
    with Gradebook(desk.course.db_url) as gradebook:
        dora = gradebook.find_student("dora")
        assert (dora.first_name, dora.last_name, dora.email, dora.lms_user_id) == ("Dora", "=Li<b>", "d@x.edu", "77")
        assert {one.id for one in gradebook.students} == {"ana", "ben", "cleo", "dora"}
    assert lms.faults == []


def test_a_file_of_the_registrars_changes_who_is_here_and_adds_nobody(desk: SiteCourse) -> None:
    with Gradebook(desk.course.db_url) as gradebook:
        gradebook.update_or_create_student(OPAQUE, first_name="Eve", last_name="<b>Fox")
        before = {one.id for one in gradebook.students}
    page = desk.post("roster", b"Last Name,First Name,Email,Student ID\n<b>Fox,Eve,eve@x.edu,88\nNew,Nia,n@x.edu,90\n")
    look = said(page)
    assert "1 changed" in look and "<b>" not in page.text
    assert "Line 3: New, Nia: nobody in the gradebook has this id, login or name." in look
    assert "A file adds nobody here" in look and "A file adds nobody here" in said(desk.get("roster"))
    assert "email: none → eve@x.edu; lms_user_id: none → 88 (found by name alone)" in look
    desk.post(page.url.partition("/fieldguide/desk/")[2])
    with Gradebook(desk.course.db_url) as gradebook:
        assert {one.id for one in gradebook.students} == before
        eve = gradebook.find_student(OPAQUE)
        assert (eve.email, eve.lms_user_id) == ("eve@x.edu", "88")
    # From now on every page calls her so, and takes it where a student is to be named.
    page = desk.post("sheets", module=FIRST, student="fox, eve")
    assert page.status_code == 422  # whose last name is another
    page = desk.post("sheets", module=FIRST, student="eve@x.edu")
    assert page.url.endswith(f"/sheets/{FIRST}/{OPAQUE}") and "Eve <b>Fox (eve@x.edu): " in said(page)
    assert OPAQUE not in said(page) and "<b>" not in page.text
    with Gradebook(desk.course.db_url) as gradebook:
        gradebook.remove_student(OPAQUE)


def test_a_class_list_that_does_not_come_is_told_in_words(desk: SiteCourse) -> None:
    desk.site.lms.instead.append(("members", Answer(403)))
    page = desk.post("roster", kind="site")
    assert page.status_code == 422 and "The course site does not allow this." in said(page)


@pytest.mark.parametrize("token", ["ana", "grace", "another", "nobody", ""])
@pytest.mark.parametrize(
    ("method", "place"), [("GET", "scores/x"), ("PUT", "scores/x"), ("POST", "scores/x/send"), ("GET", "members")]
)
def test_nobody_but_the_courses_own_server_asks_the_service(
    desk: SiteCourse, token: str, method: str, place: str
) -> None:
    said = requests.request(
        method, f"{desk.service}/{place}", json={}, headers={"Authorization": f"token {token}"}, timeout=seconds(30)
    )
    assert said.status_code == 403 and "ana" not in said.text


def test_there_are_words_for_every_reason(desk: SiteCourse) -> None:
    folder = Path(asked.__file__).parent
    told = "".join(path.read_text("utf-8") for path in folder.glob("*.py") if path.stem not in ("message", "service"))
    reasons = {*re.findall(r'(?:SiteError\(|ServiceError\(|was_refused\(course, module, score.account, )"(\w+)"', told)}
    assert {"not_known", "no_token", "no_service", "no_list"} <= reasons
    assert {f"why_{one}" for one in reasons} <= Words("coursesite").words().keys()
    assert sitewords.why_refused("busy", "") == Words("coursesite").say("why_busy")


def test_a_course_without_a_course_site_has_neither_page_nor_link(desk: SiteCourse, tmp_path: Path) -> None:
    plain = desk.server()
    try:
        page = requests.get(f"{plain.url}/fieldguide/desk/grades/{FIRST}", timeout=seconds(60))
        assert page.status_code == 404 and "This course has no course site" in said(page)
        assert "desk/grades" not in requests.get(f"{plain.url}/fieldguide/desk", timeout=seconds(60)).text
        assert (
            "From the course site" not in requests.get(f"{plain.url}/fieldguide/desk/roster", timeout=seconds(60)).text
        )
    finally:
        plain.stop()


@pytest.mark.parametrize("address", [f"grades/{FIRST}", "roster"])
def test_the_pages_bar_nobody(desk: SiteCourse, browser: Browser, address: str) -> None:
    desk.site.lms.instead.append(("scores$", Answer(422, {"errors": {"message": "User not found in course"}})))
    desk.site.store.want("ethics", FIRST, 20, {"ben": 1.5})
    do(desk, "send")
    page = browser.new_page()
    page.goto(f"{desk.at.url}/fieldguide/desk/{address}")
    assert outline_faults(page) == []
    bars_nobody(page)
    fits_every_window(page)
    walks_by_keyboard(page)
    page.context.close()
