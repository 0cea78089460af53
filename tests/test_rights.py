"""Who may do what at a course's own server: everything that it answers, asked as an assistant and as an instructor."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from barriers import bars_nobody, fits_every_window, outline_faults, walks_by_keyboard
from desk_course import FIRST, DeskCourse
from patience import seconds
from playwright.sync_api import Browser

from fieldguide.bench.standin import StandInHub
from fieldguide.desk import rights
from fieldguide.grading.course import Course
from fieldguide.grading.staff import keep_staff
from fieldguide.responses import ResponseRecord
from fieldguide.school import SOCKET
from fieldguide.school.gate import named_in
from fieldguide.school.scopes import roles, score, teach
from fieldguide.school.server import environment

#: Open to whoever has not logged in, too: nothing of a person, a course or a file is in what they give them. An
#: assistant gets the same, as nobody.
PUBLIC = {
    "fieldguide.coursepage.server.Static",
    "jupyter_server.auth.login.LegacyLoginHandler",
    "jupyter_server.base.handlers.APIVersionHandler",
    "jupyter_server.base.handlers.FileFindHandler",
    "jupyter_server.base.handlers.MainHandler",
    "jupyter_server.base.handlers.PrometheusMetricsHandler",
    "jupyter_server.base.handlers.PublicStaticFileHandler",
    "jupyter_server.base.handlers.RedirectWithParams",
    "jupyter_server.base.handlers.TrailingSlashHandler",
    "jupyter_server.services.contents.handlers.NotebooksRedirectHandler",
    "jupyterlab_server.themes_handler.ThemesHandler",
    "jupyterhub.singleuser.extension.JupyterHubLogoutHandler",
    "jupyterhub.singleuser.extension.JupyterHubOAuthCallbackHandler",
    "tornado.web.RedirectHandler",
    "tornado.web.StaticFileHandler",
}
#: Of ours, an instructor's alone. Of other packages everything that is not public is.
INSTRUCTORS = {
    # What students get, when, and what comes back to them.
    "fieldguide.desk.page.Take",
    "fieldguide.desk.extensions.Extensions",
    # Grades and reports, in files to keep.
    *(f"fieldguide.desk.exports.{name}" for name in ("Export", "Exported", "ExportedFile")),
    *(f"fieldguide.desk.reports.{name}" for name in ("Report", "Reported", "ReportedFile")),
    # The key on paper, and worksheets with a name on them.
    "fieldguide.desk.printing.Print",
    # Who is in the class, and what is seen of them.
    *(f"fieldguide.desk.roster.{name}" for name in ("Roster", "TakeRoster")),
    "fieldguide.desk.begun.Begun",
    # A named student's work, whole; to overrule.
    *(f"fieldguide.desk.helping.{name}" for name in ("Help", "Looking", "LookingSay", "LookingNews")),
    "fieldguide.desk.overruled.Decide",
    "fieldguide.desk.coursesite.SiteGrades",
    # The course page: on this server it would open any notebook of the course's account, with keys.
    *(
        f"fieldguide.coursepage.home.{name}"
        for name in ["FetchFeedback", "Glossary", "Home", "Look", "LookAgain", "Open", "Renew", "Start"]
    ),
    *(f"fieldguide.coursepage.modulepage.{name}" for name in ("ModulePage", "News", "Say")),
    *(f"fieldguide.coursepage.votepage.{name}" for name in ["EnterCode", "LookAtVote", "SendVote", "VotePage"]),
    "fieldguide.coursepage.votepage.VotingNow",
    "fieldguide.opening.server.OpenHandler",
    "fieldguide.coursepage.feedbackpage.FeedbackPage",
    "fieldguide.coursepage.handing.HandIn",
}
ASSISTANTS = {f"{one.__module__}.{one.__name__}" for one in rights.ASSISTANTS}
#: Starts the server, and tells of every address that it answers.
PROGRAM = """
import json, sys
from jupyter_server.base.handlers import JupyterHandler
from tornado.routing import Router
from tornado.web import RequestHandler
from fieldguide.school.gate import CourseServerApp

METHODS = ("get", "post", "put", "patch", "delete")

def listed(rules):
    for rule in rules:
        target = rule.target
        if isinstance(target, Router):
            yield from listed(target.rules)
            continue
        open_to = [m for m in METHODS if getattr(getattr(target, m, None), "__allow_unauthenticated", False)]
        yield {
            "regex": rule.matcher.regex.pattern if hasattr(rule.matcher, "regex") else ".*",
            "name": f"{target.__module__}.{target.__qualname__}",
            "methods": [m for m in METHODS if getattr(target, m) is not getattr(RequestHandler, m)],
            "known": issubclass(target, JupyterHandler),
            "open": open_to,
        }

app = CourseServerApp()
app.initialize(sys.argv[1:])
app.web_app.settings["xsrf_cookies"] = False  # as JupyterHub's extension does: Jupyter has its own check
print(json.dumps(list(listed(app.web_app.default_router.rules))), flush=True)
app.start()
"""


@dataclass(frozen=True, slots=True)
class Route:
    """An address of the server: which handler answers it, by which methods, and whether it knows who asks."""

    regex: str
    name: str
    methods: tuple[str, ...]
    known: bool
    open: tuple[str, ...]

    @property
    def is_public(self) -> bool:
        return not self.known or (bool(self.methods) and set(self.methods) <= set(self.open))


class AtCourse:
    """A course's own server behind its gate, and a stand-in for the hub, whose tokens are names."""

    def __init__(self, folder: Path) -> None:
        course = DeskCourse(folder, "ana", "ben")
        self.root = course.root
        self.hub = StandInHub("c1", {"grace": ["root"], "tim": ["assist-c1"], "up": ["root"], "old": [], "ana": []})
        can = self.hub.may_use
        self.hub.scopes |= {
            "grace": [can, teach("c1"), score("c1")],
            "tim": [can, score("c1")],
            "up": [can, score("c1")],
            "ana": [],
        }
        listening = socket.create_server(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/services/c1/"
        settings = {
            "course": "c1",
            "instructors": "root",  # a group that every machine has
            "exchange": str(course.exchange),
            "live": "",
            "public": self.url,
            "lti": "",
            "sign_in": "",
            "folder": str(course.root),
            "prefix": "/services/c1/",
            "port": port,
            "hub": f"http://127.0.0.1:{self.hub.server_port}/hub/api",
        }
        told = environment(settings, "service", "grader-c1", str(folder)) | {SOCKET: str(listening.fileno())}
        told |= {"JUPYTER_RUNTIME_DIR": str(folder / "run"), "PATH": os.environ["PATH"]}
        arguments = ["--allow-root", "--ServerApp.base_url=/services/c1/", "--ServerApp.open_browser=False"]
        self.log = (folder / "log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", PROGRAM, *arguments],
            cwd=course.root,
            env=told,
            stdout=subprocess.PIPE,
            stderr=self.log,
            pass_fds=[listening.fileno()],
        )
        listening.close()
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said, (folder / "log").read_text("utf-8")[-3000:]
        self.routes = [
            Route(one["regex"], one["name"], tuple(one["methods"]), one["known"], tuple(one["open"]))
            for one in json.loads(said)
        ]

    def ask(self, name: str, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"token {name}", **more.pop("headers", {})}
        address = self.url + path.removeprefix("/services/c1/")
        return requests.request(method, address, headers=headers, timeout=seconds(60), allow_redirects=False, **more)

    def answers(self, path: str) -> Route:
        """The route that answers an address."""
        return next(one for one in self.routes if re.match(one.regex, path))

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        self.log.close()
        self.hub.close()


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AtCourse]:
    at = AtCourse(tmp_path_factory.mktemp("course"))
    yield at
    at.stop()


def test_whatever_the_server_answers_is_decided(course: AtCourse) -> None:
    names = {route.name for route in course.routes}
    assert {"desk.page.At", "desk.scoring.KeepScore"} <= {name.removeprefix("fieldguide.") for name in names}
    assert any(name.startswith("nbgrader.server_extensions.formgrader") for name in names)  # all is there, as in a term
    public = {route.name for route in course.routes if route.is_public}
    assert public <= PUBLIC, "open to whoever has not logged in, and on no list: is nothing of a course in it?"
    ours = {name for name in names - public if name.startswith("fieldguide.")}
    assert ours <= ASSISTANTS | INSTRUCTORS, "may an assistant? Decide it, in desk/rights.py or in the list here"
    assert names >= ASSISTANTS | INSTRUCTORS and not ASSISTANTS & INSTRUCTORS


def test_an_assistant_is_refused_at_every_address_that_is_not_theirs(course: AtCourse) -> None:
    asked = set()
    for route in course.routes:
        path = sample(route.regex)
        assert re.match(route.regex, path), route
        route = course.answers(path)
        if route.is_public:
            continue
        for method in set(route.methods) - set(route.open):
            if route.name in ASSISTANTS and method.upper() in rights.ASSISTANTS[handler_of(route.name)]:
                continue
            said = course.ask("tim", method, path)
            assert said.status_code == 403 and "This needs an instructor of the course" in said.text, (route, method)
            asked.add((route.name, method))
    assert len(asked) > 100
    for name in ("TerminalRootHandler", "ContentsHandler", "MainKernelHandler", "KernelWebsocketHandler", "LabHandler"):
        assert any(asked_name.endswith(name) for asked_name, _ in asked), name


@pytest.mark.parametrize("name", ["grace", "tim"])
def test_both_see_the_desk_and_are_shown_what_they_may(course: AtCourse, name: str) -> None:
    page = course.ask(name, "GET", "fieldguide/desk")
    assert page.status_code == 200
    teaches = name == "grace"
    for address in (
        "desk/roster",
        "desk/report",
        "lab?formgrader",
        f"desk/release/{FIRST}",
    ):
        assert (f"/{address}" in page.text) == teaches, address
    assert "desk/sheets" in page.text
    assert "desk/requests" in page.text and ("You are an assistant of this course" in page.text) != teaches
    for address in ("api/contents", "formgrader/api/assignments", f"fieldguide/desk/release/{FIRST}", "lab"):
        assert course.ask(name, "GET", address).status_code == (200 if teaches else 403), address


def test_an_assistant_scores_and_explains_and_decides_nothing_for_others(course: AtCourse) -> None:
    essay = f"fieldguide/desk/score/{FIRST}/who-decides/{'0' * 32}"
    body = {"settle": False, "version": "0", "points": {}, "comment": "", "saw": ""}

    def ask(method: str, path: str, **more: Any) -> tuple[int, bool]:
        said = course.ask("tim", method, path, **more)
        return said.status_code, "This needs an instructor" in said.text

    assert ask("GET", f"fieldguide/desk/score/{FIRST}") == (200, False)
    # There is no such essay and no such request, which is told to whoever may look for one.
    assert ask("GET", essay) == (404, False)
    assert ask("POST", f"{essay}/keep", json=body) == (404, False)
    assert ask("POST", essay, data={"go": "next"}) == (404, False)
    for query in ("?settle=yes", "?settle=no&settle=yes"):
        assert ask("GET", essay + query) == ask("POST", essay + query) == (403, True)
        assert ask("GET", f"{essay}/look{query}") == (403, True)
    for sent in ({**body, "settle": True}, {**body, "settle": 1}, [], "x"):
        assert ask("POST", f"{essay}/keep", json=sent) == (403, True)
    assert ask("POST", f"{essay}/keep", data=b"[" * 100_000) == (403, True)
    request = f"fieldguide/desk/requests/{FIRST}/some-item"
    explained = {"kind": "answer", "said": "Because of the Code.", "student": "ana", "asked": "x", "state": "x"}
    assert ask("POST", request, data=explained)[1] is False
    for sent in ({**explained, "points": "3"}, {**explained, "kind": "accept"}, {**explained, "kind": "withdraw"}, {}):
        assert ask("POST", request, data=sent) == (403, True)


def test_an_assistant_hears_of_instructors_by_name_and_of_no_account_that_tells_nothing(
    course: AtCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, unknown = "p-" + "v" * 16, "p-" + "w" * 16
    members = SimpleNamespace(gr_mem=[known, "grader-c1", "tess", unknown])
    monkeypatch.setattr("grp.getgrnam", lambda group: members)
    at = Course(course.root)
    assert named_in("teach-c1", at) == named_in("teach-c1", None) == ("tess",)
    keep_staff(at, [{"id": known, "first_name": "Vera", "last_name": "Lind", "email": "vera@school.example"}])
    assert named_in("teach-c1", at) == ("Vera Lind (vera@school.example)", "tess")


def test_an_assistant_enters_sheets_under_their_own_name_and_over_nobody_elses(course: AtCourse) -> None:
    address = f"fieldguide/desk/sheets/{FIRST}/ben"

    def enter(name: str, by: str) -> requests.Response:
        typed = {"kind": "enter", "by": by, "at": "", "zone": "UTC"}
        return course.ask(name, "POST", address, data=typed)

    def entered_by() -> str | None:
        return ResponseRecord(course.root / "submitted" / "ben" / FIRST, FIRST).snapshot().entered_by

    page = course.ask("tim", "GET", address).text
    assert "under the name of your account, tim" in page and 'name="by"' not in page
    assert 'name="by"' in course.ask("grace", "GET", address).text
    assert enter("tim", "Grace Lee").status_code == 303 and entered_by() == "tim"
    done = course.ask("tim", "GET", f"fieldguide/desk/sheets?module={FIRST}&entered=ben").text
    assert "An instructor takes the next step: Collect and grade." in done and "/collect/" not in done
    assert enter("tim", "").status_code == 303  # one's own can be mended
    assert enter("grace", "Grace Lee").status_code == 303 and entered_by() == "Grace Lee"
    for page in (course.ask("tim", "GET", address).text, enter("tim", "tim").text):
        assert "Grace Lee has entered a sheet of this student." in page and "needs an instructor" in page
        assert 'value="look"' not in page
    assert entered_by() == "Grace Lee"


def test_a_refusal_is_a_page_for_who_looks_and_words_for_a_program(course: AtCourse) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "en-US"}
    for address in ("formgrader", "lab", f"fieldguide/desk/export/{FIRST}", "tree"):
        page = course.ask("tim", "GET", address, headers=browser)
        assert page.status_code == 403 and "<h1>" in page.text, address
        assert (
            "This needs an instructor of the course" in page.text and 'href="/services/c1/fieldguide/desk"' in page.text
        )
        assert "default-src 'none'" in page.headers["Content-Security-Policy"], address
    assert "quien enseña el curso" in course.ask("tim", "GET", "lab", headers={**browser, "Accept-Language": "es"}).text
    assert "needs an instructor" in course.ask("tim", "GET", "api/contents").json()["message"]


def test_whose_token_is_older_than_their_role_logs_in_again(course: AtCourse) -> None:
    for name in ("up", "old"):
        page = course.ask(name, "GET", "fieldguide/desk")
        assert page.status_code == 302 and "/oauth2/authorize" in page.headers["Location"], name
    assert course.ask("ana", "GET", "fieldguide/desk").status_code == 403


def test_nobody_scores_under_a_name_that_is_not_their_accounts(course: AtCourse) -> None:
    address, cookies = f"fieldguide/desk/score/{FIRST}", {"fieldguide-scorer": "grace", "fieldguide-names": "yes"}
    page = course.ask("tim", "GET", address, cookies=cookies).text
    assert "under the name of your account, tim" in page and 'id="name"' not in page
    page = course.ask("grace", "GET", address, cookies={"fieldguide-scorer": "tim"}).text
    assert 'id="name"' not in page and 'name="names"' in page


def test_roles_are_scopes_of_the_hub_and_an_instructors_holds_more() -> None:
    made = {one["name"]: one for one in roles([{"id": "c1", "instructors": "formgrade-c1", "assistants": "assist-c1"}])}
    assert made["grade-c1"]["groups"] == ["formgrade-c1"] and made["score-c1"]["groups"] == ["assist-c1"]
    assert teach("c1") in made["grade-c1"]["scopes"] and teach("c1") not in made["score-c1"]["scopes"]
    assert all("access:services!service=c1" in one["scopes"] for one in made.values())


@pytest.mark.parametrize("address", ["fieldguide/desk", f"fieldguide/desk/score/{FIRST}", "formgrader"])
def test_an_assistants_pages_bar_nobody(course: AtCourse, browser: Browser, address: str) -> None:
    page = browser.new_context(
        viewport={"width": 1200, "height": 900},
        reduced_motion="reduce",
        extra_http_headers={"Authorization": "token tim"},
    ).new_page()
    page.goto(course.url + address)
    assert outline_faults(page) == []
    bars_nobody(page)
    fits_every_window(page)
    walks_by_keyboard(page)
    page.context.close()


def handler_of(name: str) -> type:
    return next(one for one in rights.ASSISTANTS if f"{one.__module__}.{one.__name__}" == name)


def sample(regex: str) -> str:
    """An address that a pattern takes."""

    def of(parts: Any) -> str:
        return "".join(map(one, parts))

    def one(part: Any) -> str:
        kind, value = part
        if kind is c.LITERAL:
            return chr(value)
        if kind is c.NOT_LITERAL or kind is c.ANY:
            return "x"
        if kind is c.IN:
            return within(value)
        if kind in (c.MAX_REPEAT, c.MIN_REPEAT):
            least, most, inner = value
            return of(inner) * max(least, min(1, most))
        if kind is c.SUBPATTERN:
            return of(value[-1])
        if kind is c.BRANCH:
            return of(value[1][0])
        return ""  # a place, such as the end

    def within(choices: Any) -> str:
        kind, value = choices[0]
        if kind is c.NEGATE:
            return "x"
        if kind is c.RANGE:
            return chr(value[0])
        if kind is c.CATEGORY:
            return "0" if value is c.CATEGORY_DIGIT else "x"
        return chr(value)

    return of(_parser.parse(regex))
