"""A school's hub with real accounts: who gets in, where to, and what nobody reaches."""

from __future__ import annotations

import contextlib
import json
import pwd
import re
import shutil
import sqlite3
import stat
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest
import requests
from accounts import Server, needs_root, school_server
from assistants import INSTRUCTORS_ALONE, scored
from barriers import bars_nobody, outline_faults
from browser import free_port
from children import started_by
from conftest import MODULE, PROJECT
from lms_platform import ROLE, LmsPlatform, Person, open_link
from lms_services import AGS, NRPS, SCOPES, LmsServices
from patience import seconds, until
from playwright.sync_api import Browser, expect
from saved import SAVED_AT
from sign_in_service import SECRET, SignInService

from fieldguide.bench.everybody import roots_ports
from fieldguide.grading.names import BEGINS
from fieldguide.school import planning
from fieldguide.school.identities import Identities, account_name
from fieldguide.school.machine import members_of
from fieldguide.school.reading import ROOTS_PORTS, Course
from fieldguide.school.server import environment

pytestmark = [needs_root, pytest.mark.slow]

TWO_COURSES = """\
[school]
address = "http://127.0.0.1:{port}"
port = {port}
[courses.@a]
title = "Ethics"
instructors = ["@-grace"]
assistants = ["@-tim"]
lms = "campus"
lms_context = "context-1"
[courses.@b]
title = "Practice"
instructors = ["@-joan"]
lms = "campus"
lms_context = "context-2"
lms_instructors = true
"""
TEN = [f"-s{number}" for number in range(10)]
#: Said at the log-in of who typed something wrong.
WRONG = "This username and password do not go together."


class Hub:
    """A school's hub and its courses' servers, started as their units start them."""

    def __init__(self, server: Server, port: int, site: LmsPlatform) -> None:
        self.server, self.site = server, site
        self.url = f"http://127.0.0.1:{port}"
        self.log = server.places.root / "hub.log"
        self.python = python = server.python
        clean = {"PATH": f"{python.parent}:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
        self.processes = [
            self.start(
                [str(python), "-P", "-m", "fieldguide.school.hub"], {**clean, "FIELDGUIDE_HUB": server.places.hub}
            ),
            *(self.start(self.course_command(server.name(course)), clean) for course in "ab"),
        ]

    def course_command(self, course: str) -> list[str]:
        settings = self.server.places.state / "servers" / f"{course}.json"
        return [str(self.python), "-P", "-m", "fieldguide.school.server", str(settings)]

    def start(self, command: list[str], environment: dict[str, object]) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=self.server.places.state / "hub",
                env={name: str(value) for name, value in environment.items()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait()

    def wait_until_open(self) -> None:
        deadline = time.monotonic() + seconds(180)
        for path in (
            "/hub/api",
            "/services/lti/healthz",
            "/services/live/healthz",
            *(f"/services/{self.server.name(course)}/api" for course in "ab"),
        ):
            while True:
                assert time.monotonic() < deadline, self.log.read_text("utf-8")
                try:
                    if requests.get(self.url + path, timeout=seconds(10)).status_code == 200:
                        break
                except (requests.ConnectionError, requests.Timeout):
                    pass
                time.sleep(0.3)

    def log_in(self, name: str, password: str | None = None) -> tuple[requests.Session, requests.Response]:
        """Log in as a person would; returns the browser and the page they come to."""
        browser = requests.Session()
        form = browser.get(f"{self.url}/hub/login").text
        assert "_xsrf" in form, (form[:3000], self.log.read_text("utf-8")[-6000:])
        (token,) = re.findall(r'name="_xsrf" value="([^"]+)"', form)
        fields = {
            "username": self.server.name(name),
            "password": self.server.password(name) if password is None else password,
            "_xsrf": token,
        }
        return browser, browser.post(f"{self.url}/hub/login", fields)

    def open(self, name: str) -> requests.Session:
        """Log in and wait for one's own server."""
        browser, page = self.log_in(name)
        deadline = time.monotonic() + seconds(600)
        address = f"{self.url}/user/{self.server.name(name)}/fieldguide/"
        while not (page.url.startswith(address) and page.status_code == 200):
            assert time.monotonic() < deadline, (page.url, page.status_code, self.log.read_text("utf-8")[-3000:])
            time.sleep(1)
            page = browser.get(address)
        return browser

    def account(self, sub: str) -> str:
        """The account of somebody from the course site."""
        return account_name(self.server.places.names_secret.read_text("ascii").strip(), self.site.url, sub)

    def course(self, course: str, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in a course's folder as its account, as an instructor's terminal does."""
        name = self.server.name(course)
        settings = json.loads((self.server.places.state / "servers" / f"{name}.json").read_text("utf-8"))
        account = pwd.getpwnam(f"grader-{name}")
        told = environment(settings, "", account.pw_name, account.pw_dir)
        told |= {"PATH": f"{self.python.parent}:/usr/bin:/bin"}
        run = ["setpriv", "--reuid", account.pw_name, "--regid", account.pw_name, "--init-groups", *command]
        return subprocess.run(
            run,
            cwd=settings["folder"],
            env=told,
            capture_output=True,
            text=True,
            check=check,
            umask=0o077,
        )

    def exchange(self, course: str) -> Path:
        """What nbgrader keeps of a course in its exchange."""
        name = self.server.name(course)
        return self.server.places.courses / name / "exchange" / name

    def folder(self, course: str) -> Path:
        """The folder of a course, which is its account's alone."""
        return self.server.places.courses / self.server.name(course) / "grader" / "course"

    def release(self, course: str, module: str) -> None:
        """Make and release a module of the project in a course."""
        shutil.copytree(PROJECT / "source" / module, self.folder(course) / "source" / module)
        self.course(course, "nbgrader", "generate_assignment", module)
        self.course(course, "nbgrader", "release_assignment", module)


@pytest.fixture(scope="module", autouse=True)
def soon() -> Iterator[None]:
    """Have a change of role hold within seconds; within how many at a school test_school_planning.py looks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planning, "LOOKS_AGAIN", 2)
        patch.setattr(planning, "ASKS_AGAIN", 1)
        yield


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with school_server() as server:
        port = roots_ports(12)
        site = LmsPlatform(f"http://127.0.0.1:{port}")
        server.write(TWO_COURSES.replace("{port}", str(port)) + site.toml())
        assert server.admin("apply") == 0
        for name in TEN:
            server.enroll(name, "a")
        server.enroll("-both", "a", "b")
        server.enroll("-none")
        for name in ("-grace", "-joan", "-tim"):
            server.let_in(name)
        opened = Hub(server, port, site)
        try:
            opened.wait_until_open()
            yield opened
        finally:
            opened.stop()
            site.close()


@pytest.fixture(scope="module")
def signed() -> Iterator[tuple[Hub, SignInService]]:
    """A hub whose people sign in by the school's own service, with a course site beside it."""
    with school_server() as server:
        port = roots_ports(12)
        address = f"http://127.0.0.1:{port}"
        site, service = LmsPlatform(address), SignInService(address)
        text = TWO_COURSES.replace("{port}", str(port))
        for name in ("grace", "tim", "joan"):
            text = text.replace(f'"@-{name}"', f'"{name.title()} at school.example"')
        server.write(text + site.toml() + service.toml_of_service())
        settings = server.places.settings / "courses.toml"
        settings.write_text(settings.read_text("utf-8").replace(" at ", "@"), "utf-8")
        assert server.admin("apply") == 1  # there is no secret yet
        server.places.sign_in_secret.write_text(SECRET)
        server.places.sign_in_secret.chmod(0o600)
        assert (server.admin("apply"), server.admin("apply", "--check")) == (0, 0)
        opened = Hub(server, port, site)
        try:
            opened.wait_until_open()
            yield opened, service
        finally:
            opened.stop()
            site.close()
            service.close()


def test_by_the_schools_own_service_each_comes_to_what_the_school_says_they_are(
    signed: tuple[Hub, SignInService], browser: Browser, tmp_path: Path
) -> None:
    hub, service = signed
    service.as_it_was()
    course, secret = hub.server.name("a"), hub.server.places.names_secret.read_text("ascii").strip()
    accounts = {
        name: account_name(secret, service.url, f"{name}@school.example") for name in ("ana", "ben", "grace", "tim")
    }
    people = {name: Person(f"{name}-sub", name.title(), "Lee", f"{name}@school.example") for name in accounts}
    path = tmp_path / "class.csv"
    path.write_text("id\nANA@school.example\n")
    assert hub.server.admin("roster", course, str(path)) == 0
    assert gradebook_names(hub, "a") == {accounts["ana"]: (None, None)}  # the list tells no names
    assert not list(hub.server.places.settings.glob("first-passwords-*"))
    # -- a student, from a link into the course, by the button
    service.now = people["ana"]
    page = browser.new_context(locale="en-US").new_page()
    page.goto(f"{hub.url}/hub/login?next=%2Fhub%2Fspawn")
    expect(page.get_by_label("Password")).to_have_count(0)
    assert outline_faults(page) == []
    bars_nobody(page)
    page.get_by_role("link", name="Sign in with Example U").click()
    page.wait_for_url(f"**/user/{accounts['ana']}/fieldguide/", timeout=seconds(120) * 1000)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    # -- who teaches comes to the desk, in the same browser: the student is logged out of everything
    service.now = people["grace"]
    page.goto(f"{hub.url}/hub/sign-in?next=https%3A%2F%2Felsewhere.example%2F")
    page.wait_for_url(f"**/services/{course}/fieldguide/desk")
    assert page.goto(f"{hub.url}/user/{accounts['ana']}/fieldguide/").status == 403  # type: ignore[union-attr]
    # -- the desk has heard by name who signed in, of what root alone reads; the page for class lists says who adds
    until(lambda: gradebook_names(hub, "a") == {accounts["ana"]: ("Ana", "Lee")})
    assert not hub.server.may(f"grader-{course}", "-r", hub.server.places.identities)
    page.goto(f"{hub.url}/services/{course}/fieldguide/desk/sheets")
    assert page.locator("option[value='Ana Lee (ana@school.example)']").count() == 1
    page.goto(f"{hub.url}/services/{course}/fieldguide/desk/roster")
    page.get_by_label("The class list").set_input_files(
        {
            "name": "class.csv",
            "mimeType": "text/csv",
            "buffer": b"Email,Student ID\nana@school.example,7\nben@school.example,8\n",
        }
    )
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("lms_user_id: none → 7 (found by e-mail address)")).to_have_count(1)
    expect(page.get_by_text("by the command fieldguide-admin roster")).to_be_visible()
    # -- who is in no list is told so, by what to look for; nothing is made
    service.now = people["ben"]
    page.context.clear_cookies()
    page.goto(f"{hub.url}/hub/sign-in")
    expect(page.get_by_role("alert")).to_contain_text("No course here has you in its list.")
    expect(page.get_by_role("alert")).to_contain_text("ben@school.example")
    assert outline_faults(page) == []
    bars_nobody(page)
    with pytest.raises(KeyError):
        pwd.getpwnam(accounts["ben"])
    page.get_by_role("link", name="Sign in again").click()
    expect(page.get_by_role("link", name="Sign in with Example U")).to_be_visible()
    page.goto(f"{hub.url}/hub/logout")
    expect(page.get_by_role("main")).to_contain_text("You may still be signed in at Example U.")
    log = hub.log.read_text("utf-8")
    assert "Not signed in: not_listed" in log and accounts["ana"] in log
    assert "school.example" not in log.replace(str(hub.server.places.root), "")
    (code,) = {*re.findall(r"oauth_callback\?code=([^&]*)", log)}
    assert code == "[secret]"


def test_no_password_and_no_answer_of_somebody_elses_signs_in(signed: tuple[Hub, SignInService]) -> None:
    hub, service = signed
    service.as_it_was()
    hub.server.enroll("-old", "a")  # with an account and a password, from before there was the service
    browser = requests.Session()
    form = browser.get(f"{hub.url}/hub/login").text
    assert 'name="password"' not in form
    fields = {"username": hub.server.name("-old"), "password": hub.server.password("-old"), "signed_in": "true"}
    fields["_xsrf"] = browser.cookies.get("_xsrf", path="/hub/") or ""
    page = browser.post(f"{hub.url}/hub/login", fields)
    assert "/hub/login" in page.url and hub.server.name("-old") not in browser.get(f"{hub.url}/hub/home").text
    # -- an answer that another browser began, one that comes twice, one that says no
    service.now = Person("grace-sub", "Grace", "Lee", "grace@school.example")
    mine, other = requests.Session(), requests.Session()
    # An address that no cookie can hold is left out.
    begin = f"{hub.url}/hub/sign-in?next=%2Fhub%2F{'x' * 4000}"
    there = mine.get(begin, allow_redirects=False).headers["Location"]
    back = requests.get(there, allow_redirects=False).headers["Location"]
    for who in (other, requests):
        page = who.get(back)
        assert page.status_code == 403 and "was not begun in this browser" in page.text
    assert mine.get(back).url == f"{hub.url}/services/{hub.server.name('a')}/fieldguide/desk"
    assert mine.get(back).status_code == 403
    service.error = "access_denied"
    page = requests.Session().get(f"{hub.url}/hub/sign-in", headers={"Accept-Language": "es"})
    assert page.status_code == 403 and "Example U no inició su sesión." in page.text and '<html lang="es"' in page.text
    service.as_it_was()


def test_who_grades_arrives_at_the_desk_of_the_course_and_at_no_others(hub: Hub) -> None:
    browser, page = hub.log_in("-grace")
    assert (page.status_code, page.url) == (200, f"{hub.url}/services/{hub.server.name('a')}/fieldguide/desk")
    assert browser.get(f"{hub.url}/services/{hub.server.name('b')}/fieldguide/desk").status_code == 403
    assert browser.get(f"{hub.url}/services/{hub.server.name('a')}/formgrader").status_code == 200


def test_who_is_in_no_course_or_types_a_wrong_password_stays_outside(hub: Hub) -> None:
    for name, password in (("-none", None), ("-grace", "wrong"), ("-nobody", "x")):
        _, page = hub.log_in(name, password)
        assert (page.status_code, "/hub/login" in page.url) == (403, True) or WRONG in page.text, name
    root = requests.Session()
    form = root.get(f"{hub.url}/hub/login").text
    (token,) = re.findall(r'name="_xsrf" value="([^"]+)"', form)
    page = root.post(f"{hub.url}/hub/login", {"username": "root", "password": "x", "_xsrf": token})
    assert WRONG in page.text
    # A form that this browser was not given, and one in another language.
    page = requests.post(f"{hub.url}/hub/login", {"username": hub.server.name("-grace"), "password": "wrong"})
    assert page.status_code == 403 and "This page was open for too long" in page.text and 'name="_xsrf"' in page.text
    root.headers["Accept-Language"] = "es-MX,es;q=0.9"
    page = root.post(f"{hub.url}/hub/login", {"username": "<root", "password": "x", "_xsrf": token})
    assert "no van juntos" in page.text and '<html lang="es">' in page.text and 'value="&lt;root"' in page.text


@pytest.mark.browser
def test_who_mistypes_is_told_and_who_has_several_courses_finds_each_with_its_button(
    hub: Hub, browser: Browser
) -> None:
    joan, takes = hub.server.name("-joan"), f"nbgrader-{hub.server.name('a')}"
    subprocess.run(["gpasswd", "--add", joan, takes], check=True, capture_output=True)
    page = browser.new_context(locale="en-US").new_page()
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    try:
        page.goto(f"{hub.url}/hub/")
        expect(page.get_by_label("Username")).to_be_focused()
        page.keyboard.type(joan)
        page.keyboard.press("Tab")
        page.keyboard.type("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text(WRONG)
        password = page.get_by_label("Password", exact=True)
        expect(password).to_be_focused()
        expect(password).to_have_accessible_description(re.compile(WRONG))
        expect(page.get_by_label("Username")).to_have_value(joan)
        assert outline_faults(page) == []
        bars_nobody(page)
        page.get_by_label("Show the password").check()
        expect(password).to_have_attribute("type", "text")
        password.fill(hub.server.password("-joan"))
        password.press("Enter")
        page.wait_for_url("**/hub/home")
        expect(page.get_by_role("listitem")).to_contain_text(["You teach this course.", "You take this course."])
        assert outline_faults(page) == []
        bars_nobody(page)
        page.get_by_role("link", name=re.compile("Open the desk ?: Practice")).click()
        page.wait_for_url(f"**/services/{hub.server.name('b')}/fieldguide/desk")
        assert page.goto(f"{hub.url}/hub/nothing").status == 404  # type: ignore[union-attr]
        expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
        bars_nobody(page)
        page.get_by_role("link", name="Go to your courses").click()
        page.wait_for_url("**/hub/home")
        page.get_by_role("link", name="Log out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You are logged out")
        page.goto(f"{hub.url}/hub/home")
        expect(page.get_by_role("heading", level=1)).to_have_text("Log in to Field Guide")
        assert [one for one in asked if not one.startswith(hub.url) and not one.startswith("data:")] == []
    finally:
        page.context.close()
        subprocess.run(["gpasswd", "--delete", joan, takes], check=True, capture_output=True)


def test_ten_students_log_in_at_once_and_reach_nothing_of_one_anothers(hub: Hub) -> None:
    hub.release("a", MODULE)
    with ThreadPoolExecutor(len(TEN)) as pool:
        browsers = list(pool.map(hub.open, TEN))
    first, second = hub.server.name(TEN[0]), hub.server.name(TEN[1])
    home = f"{hub.url}/user/{first}/fieldguide/"
    token = re.findall(r'name="_xsrf" value="([^"]+)"', browsers[0].get(home).text)[0]
    # What a browser without scripts does; with them the page looks by itself.
    told = browsers[0].post(f"{home}look-again", {"_xsrf": token}).text
    assert f'id="do-{MODULE}"' in told
    started = browsers[0].post(f"{home}start", {"_xsrf": token, "module": MODULE, "course": hub.server.name("a")})
    assert f"fieldguide/module/{MODULE}" in started.url and started.status_code == 200
    kept = hub.server.places.homes / first / hub.server.name("a") / MODULE
    assert (kept / f"{MODULE}.ipynb").is_file() and not hub.server.may(second, "-r", kept)
    for address in (
        f"/user/{second}/fieldguide/",
        f"/user/{second}/files/x",
        f"/services/{hub.server.name('a')}/fieldguide/desk",
        f"/services/{hub.server.name('a')}/formgrader",
        "/hub/admin",
    ):
        assert browsers[0].get(hub.url + address).status_code in (403, 404), address
    # What a student's server shows comes to nobody else's browser: it could use what is open there.
    grace, _ = hub.log_in("-grace")
    page = grace.get(home)
    assert page.status_code == 403 and "opens in their own browser alone" in page.text and "/hub/own" in page.url
    browsers[0].cookies.clear("127.0.0.1", "/", "fieldguide-own")
    assert browsers[0].get(home).url == home
    # The word by which a student's own server speaks to the hub tells it of nobody else.
    token = own_token(first)
    asked = {
        path: requests.get(f"{hub.url}/hub/api{path}", headers={"Authorization": f"token {token}"}).status_code
        for path in ("/users", f"/users/{second}", "/groups", "/services", "/proxy", "/user")
    }
    assert asked.pop("/user") == 200 and {*asked.values()} <= {403, 404}, asked
    # Nor does the other's server take it, by its own port.
    port = server_port(second)
    said = requests.get(
        f"http://127.0.0.1:{port}/user/{second}/api/contents", headers={"Authorization": f"token {token}"}
    )
    assert said.status_code == 403
    for path in (f"/proc/{pid_of(second)}/environ", f"/proc/{pid_of(second)}/cwd/"):
        assert not hub.server.may(first, "-r", Path(path)), path


#: Has an essay of a student be among what was collected. What runs it is the course's account, in its folder.
COLLECTED = f"""
import shutil, sys
from pathlib import Path
from nbgrader.api import Gradebook
from fieldguide.responses import ResponseRecord
folder = Path("submitted", sys.argv[1], {MODULE!r})
shutil.copytree(Path("release", {MODULE!r}), folder)
ResponseRecord(folder, {MODULE!r}).save_essay("thursday-group-chat", "She asks them first.")
with Gradebook("sqlite:///gradebook.db") as gradebook:
    gradebook.update_or_create_student(sys.argv[1])
"""


def test_an_assistant_scores_an_essay_under_their_own_name(hub: Hub) -> None:
    if not (hub.folder("a") / "source" / MODULE).exists():
        hub.release("a", MODULE)  # where this test runs alone
    hub.course("a", str(hub.python), "-P", "-c", COLLECTED, hub.server.name(TEN[7]))
    hub.course("a", "fieldguide", "--project", ".", "grade", MODULE)
    tim, desk = hub.log_in("-tim")
    assert (desk.status_code, desk.url) == (200, f"{hub.url}/services/{hub.server.name('a')}/fieldguide/desk")
    assert f"The rest needs an instructor. Instructors here: {hub.server.name('-grace')}." in desk.text
    assert not [step for step in ("export", "roster", "report", "release", "formgrader") if f"/{step}" in desk.text]
    tim.cookies.set("fieldguide-scorer", hub.server.name("-grace"))
    listed = tim.get(f"{desk.url}/score/{MODULE}").text
    essay = re.findall(r'href="([^"#]+/thursday-group-chat/[0-9a-f]{32})#text"', listed)[0]
    page = tim.get(hub.url + essay).text
    assert "She asks them first." in page
    sent = scored(page)
    assert tim.post(hub.url + essay, sent | {"comment": "Say which tenet.", "go": "stay"}).status_code == 200
    log = (hub.folder("a") / "grading-log.jsonl").read_text("utf-8").splitlines()
    assert json.loads(log[-1])["by"] == hub.server.name("-tim")
    for refused in (tim.get(f"{hub.url}{essay}?settle=yes"), tim.post(f"{hub.url}{essay}?settle=yes", sent)):
        assert refused.status_code == 403 and "This needs an instructor of the course" in refused.text


def test_an_assistant_gets_no_file_no_terminal_no_kernel_and_no_grades(hub: Hub) -> None:
    course = hub.server.name("a")
    (tim, _), (grace, _) = hub.log_in("-tim"), hub.log_in("-grace")
    at = f"{hub.url}/services/{course}"
    seen = (
        *INSTRUCTORS_ALONE,
        *("api/contents", "api/contents/course/gradebook.db", "files/course/gradebook.db", "api/terminals"),
        *("api/kernels", "api/sessions", "api/config/x", "api/me"),
    )
    assert {address: grace.get(f"{at}/{address}").status_code for address in seen} == dict.fromkeys(seen, 200)
    assert {address: tim.get(f"{at}/{address}").status_code for address in seen} == dict.fromkeys(seen, 403)
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    upgrade |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Origin": hub.url}
    # What an assistant's own token may at most, past the proxy too, where no cookie and no form is asked for.
    token = make_token(hub, tim, [f"access:services!service={course}", f"custom:fieldguide:score!service={course}"])
    port = json.loads((hub.server.places.state / "servers" / f"{course}.json").read_text())["port"]
    for place in (hub.url, f"http://127.0.0.1:{port}"):
        here, headers = f"{place}/services/{course}", {"Authorization": f"token {token.json()['token']}"}
        assert requests.get(f"{here}/fieldguide/desk", headers=headers).status_code == 200
        for method, address in (
            *(("GET", address) for address in seen),
            ("POST", "api/kernels"),
            ("POST", "api/terminals"),
            ("PUT", "api/contents/course/nbgrader_config.py"),
            ("DELETE", "api/contents/course/gradebook.db"),
            ("POST", "formgrader/api/assignment/x/release_feedback"),
            ("POST", f"fieldguide/desk/release/{MODULE}"),
            ("POST", f"fieldguide/desk/export/{MODULE}"),
        ):
            said = requests.request(method, f"{here}/{address}", headers=headers, json={})
            assert said.status_code == 403, (method, address)
        for address in ("api/kernels/x/channels", "terminals/websocket/1", "api/events/subscribe"):
            assert requests.get(f"{here}/{address}", headers=headers | upgrade).status_code == 403, address
    refused = make_token(hub, tim, [f"custom:fieldguide:teach!service={course}"])
    assert refused.status_code in (400, 403), refused.text


def test_a_change_of_role_holds_for_who_is_logged_in(hub: Hub) -> None:
    settings = hub.server.places.settings / "courses.toml"
    as_it_is = settings.read_text("utf-8")
    named = f'["{hub.server.name("-grace")}"]\nassistants = ["{hub.server.name("-tim")}"]'
    assert named in as_it_is
    tim, _ = hub.log_in("-tim")
    roster = f"{hub.url}/services/{hub.server.name('a')}/fieldguide/desk/roster"

    def wait_for(told: str, text: str) -> None:
        settings.write_text(text, encoding="utf-8")
        assert hub.server.admin("apply") == 0
        deadline = time.monotonic() + seconds(120)
        while told not in (page := tim.get(roster)).text or (told == "Class list" and page.status_code != 200):
            assert time.monotonic() < deadline, (page.status_code, page.url)
            time.sleep(1)

    assert tim.get(roster).status_code == 403
    try:
        wait_for("Class list", as_it_is.replace(named, named.replace('"]\nassistants = ["', '", "')))
        # Who is in no course any more is out, though nothing but an old token was shown since.
        wait_for("Log in to Field Guide", as_it_is.replace(named, named.partition("\n")[0]))
    finally:
        settings.write_text(as_it_is, encoding="utf-8")
        assert hub.server.admin("apply") == 0


def ask_hub(hub: Hub, browser: requests.Session, method: str, path: str, **sent: object) -> requests.Response:
    """Ask the hub's API something, as its pages do for whoever is logged in."""
    page = browser.get(f"{hub.url}/hub/token").text
    headers = {"X-XSRFToken": re.findall(r'xsrf_token: "([^"]+)"', page)[0]}
    return browser.request(method, f"{hub.url}/hub/api{path}", json=sent, headers=headers)


def make_token(hub: Hub, browser: requests.Session, scopes: list[str]) -> requests.Response:
    """Have the hub make a token for -tim with these scopes."""
    return ask_hub(hub, browser, "POST", f"/users/{hub.server.name('-tim')}/tokens", note="mine", scopes=scopes)


def test_a_class_votes_through_the_hub(hub: Hub) -> None:
    course, student = hub.server.name("a"), hub.server.name(TEN[0])
    if not (hub.folder("a") / "source" / MODULE).exists():
        hub.release("a", MODULE)  # where this test runs alone
    lead, _ = hub.log_in("-grace")
    desk, home = f"{hub.url}/services/{course}/fieldguide/desk/live", f"{hub.url}/user/{student}/fieldguide/"
    offered = lead.get(desk).text
    token, asked = (re.findall(f'name="{name}" value="([^"]+)"', offered)[0] for name in ("_xsrf", "asked"))
    code = lead.post(desk, {"_xsrf": token, "module": MODULE, "asked": asked}).url.rpartition("/")[2]
    browser = hub.open(TEN[0])
    assert code in browser.get(f"{home}voting").json()["html"]
    assert browser.get(f"{hub.url}/services/live/{code}").url == f"{home}live/{code}"
    option = re.findall(r'name="option" value="([^"]+)"', browser.get(f"{home}live/{code}").text)[0]
    token = str(re.findall(r'name="_xsrf" value="([^"]+)"', browser.get(f"{home}live/{code}").text)[0])
    page = browser.post(f"{home}live/{code}", {"_xsrf": token, "round": "1", "option": option})
    assert "Your vote is counted." in page.text
    assert "1 has voted" in lead.get(f"{desk}/{code}").text
    # Who takes requests has no rights on this machine.
    serving = started_by(hub.processes[0].pid, "fieldguide.live.service")
    assert [set(one.uids()) for one in serving] == [{pwd.getpwnam("nobody").pw_uid}]


def test_nobody_hands_in_for_another_nor_writes_where_the_course_does(hub: Hub) -> None:
    if not hub.server.may(hub.server.name(TEN[0]), "-r", hub.exchange("a") / "outbound" / MODULE):
        hub.release("a", MODULE)
    honest, other, outsider = (hub.server.name(name) for name in (TEN[2], TEN[3], "-none"))
    inbound = hub.exchange("a") / "inbound"
    forged = inbound / f"{honest}+{MODULE}+2026-01-01 00:00:00.000000 UTC+AAAAAAAAAAAA"
    assert hub.server.run(other, "mkdir", str(forged)).returncode == 0
    collected = hub.course("a", "nbgrader", "collect", MODULE, check=False)
    assert f"it was handed in for {honest}, and belongs to the account {other}" in collected.stderr + collected.stdout
    assert not (hub.server.places.courses / hub.server.name("a") / "grader/course/submitted" / honest).exists()
    for place in (hub.exchange("a"), hub.exchange("a") / "outbound", hub.exchange("a") / "outbound" / MODULE):
        assert not hub.server.may(other, "-w", place), place
    assert not hub.server.may(other, "-r", inbound)
    assert hub.server.run(other, "mv", str(hub.exchange("a")), f"{hub.exchange('a')}.stolen").returncode != 0
    for account in (outsider, f"grader-{hub.server.name('b')}"):
        assert not hub.server.may(account, "-x", hub.exchange("a").parent), account
    forged.rmdir()


def test_what_was_handed_in_and_given_back_is_read_and_changed_by_nobody_else(hub: Hub) -> None:
    if not (hub.folder("a") / "source" / MODULE).exists():
        hub.release("a", MODULE)
    honest, other, elsewhere = hub.server.name(TEN[8]), hub.server.name(TEN[9]), f"grader-{hub.server.name('b')}"
    exchange, course = hub.exchange("a"), hub.folder("a")
    browser, home = hub.open(TEN[8]), f"{hub.url}/user/{honest}/fieldguide/"
    token = {"_xsrf": re.findall(r'name="_xsrf" value="([^"]+)"', browser.get(home).text)[0]}
    browser.post(f"{home}look-again", token)
    browser.post(f"{home}start", token | {"module": MODULE, "course": hub.server.name("a")})
    assert "handed-in" in browser.post(f"{home}hand-in/{MODULE}/{MODULE}.ipynb", token).url
    (handed_in,) = (exchange / "inbound").glob(f"{honest}+{MODULE}+*")
    sent = handed_in / f"{MODULE}.ipynb"
    for account in (other, elsewhere):  # though they know its name, which nobody can list
        assert not any(hub.server.may(account, what, path) for path in (handed_in, sent) for what in ("-r", "-w"))
    assert not hub.server.may(other, "-r", exchange / "inbound")
    for command in (["mv", str(handed_in), f"{handed_in}x"], ["cp", "/dev/null", str(sent)]):
        assert hub.server.run(other, *command).returncode != 0, command
    hub.course("a", "nbgrader", "collect", MODULE)
    collected = course / "submitted" / honest / MODULE / sent.name
    before = collected.read_bytes()
    assert hub.server.run(honest, "sh", "-c", f"echo changed > '{sent}'").returncode == 0  # it is the student's own
    hub.course("a", "nbgrader", "collect", MODULE, "--update")
    assert collected.read_bytes() == before
    hub.course("a", "fieldguide", "--project", ".", "grade", MODULE, check=False)
    hub.course("a", "fieldguide", "--project", ".", "feedback", MODULE, check=False)
    hub.course("a", "nbgrader", "release_feedback", MODULE)
    assert list((exchange / "feedback").glob("*.html"))
    theirs = (course, course / "gradebook.db", course / "source" / MODULE / f"{MODULE}.ipynb", collected)
    theirs += (course / "feedback" / honest / MODULE / f"{MODULE}.html", course / "grading-log.jsonl")
    assert all(path.exists() for path in theirs[:-1])
    for account in (honest, other, elsewhere):
        assert not [path for path in theirs for what in ("-r", "-w", "-x") if hub.server.may(account, what, path)]
        assert not hub.server.may(account, "-r", exchange / "feedback")  # only who knows a name finds a page
    page = browser.post(f"{home}fetch-feedback", token | {"module": MODULE, "course": hub.server.name("a")})
    assert (page.status_code, page.url) == (200, f"{home}feedback/{MODULE}")


def test_a_student_of_two_courses_is_asked_which(hub: Hub) -> None:
    _, page = hub.log_in("-both")  # whose server does not run yet: the next test opens it
    assert "Which course do you want to open?" in page.text
    assert all(f'value="{hub.server.name(course)}"' in page.text for course in "ab")


def test_nobody_raises_what_they_may_take_or_touches_anothers_server(hub: Hub) -> None:
    first, second = hub.server.name("-both"), hub.server.name(TEN[5])
    browser, _ = hub.log_in("-both")
    more = {"course": hub.server.name("a"), "mem_limit": "64G", "args": ["--version"], "cmd": ["sleep", "9"]}
    assert ask_hub(hub, browser, "POST", f"/users/{first}/server", **more).status_code in (201, 202)
    for method, path in (
        ("POST", f"/users/{second}/server"),
        ("DELETE", f"/users/{second}/server"),
        ("POST", f"/users/{second}/tokens"),
        ("PATCH", f"/users/{second}"),
        ("POST", f"/groups/formgrade-{hub.server.name('a')}/users"),
        ("PATCH", "/proxy"),
        ("POST", "/shutdown"),
    ):
        assert ask_hub(hub, browser, method, path).status_code in (403, 404), (method, path)
    hub.open("-both")
    told = psutil.Process(pid_of(first)).environ()
    assert told["MEM_LIMIT"] == str(1 << 30) and told["FIELDGUIDE_COURSE_ID"] == hub.server.name("a")
    # The other course is opened by its button, one that is not theirs by none, and nothing without the page's own word.
    home = browser.get(f"{hub.url}/hub/home").text
    word = {"_xsrf": re.findall(r'name="_xsrf" value="([^"]+)"', home)[0]}
    for path in ("close", "course"):
        assert browser.post(f"{hub.url}/hub/{path}", {"course": hub.server.name("b")}).status_code == 403
    browser.post(f"{hub.url}/hub/course", word | {"course": hub.server.name("b")})
    wait_for_server(hub, browser, first, "b")
    page = browser.post(f"{hub.url}/hub/close", word)
    assert page.url == f"{hub.url}/hub/home" and 'id="stop"' not in page.text
    page = browser.post(f"{hub.url}/hub/course", word | {"course": "elsewhere"})
    assert "Choose one of your courses." in page.text


def test_nobody_can_stand_where_the_hub_or_anothers_server_is_reached(hub: Hub) -> None:
    victim, other = hub.server.name(TEN[4]), hub.server.name(TEN[5])
    browser = hub.open(TEN[4])  # to log in later would start the server again
    first, own = int(hub.url.rpartition(":")[2]), server_port(victim)

    def takes(port: int, address: str = "127.0.0.1") -> bool:
        text = (
            "import socket; taken = socket.socket(); "
            "[taken.setsockopt(socket.SOL_SOCKET, way, 1) for way in (socket.SO_REUSEADDR, socket.SO_REUSEPORT)]; "
            f"taken.bind(({address!r}, {port}))"
        )
        return hub.server.run(other, str(hub.python), "-c", text).returncode == 0

    fixed = [*range(first, first + 3), first + 10, first + 11]
    assert [port for port in (*fixed, own) for address in ("127.0.0.1", "0.0.0.0") if takes(port, address)] == []
    assert all(port < ROOTS_PORTS for port in fixed)  # so it is while nothing listens there, too
    for process, course in zip(hub.processes[1:], "ab", strict=True):
        account = pwd.getpwnam(f"grader-{hub.server.name(course)}")
        runs = psutil.Process(process.pid)
        assert {*runs.uids(), *runs.gids()} == {account.pw_uid, account.pw_gid}
    watching = psutil.Process(hub.processes[0].pid)
    watching.suspend()  # it looks every few seconds, and a busy machine takes longer than that to ask
    try:
        psutil.Process(pid_of(victim)).kill()
        assert not takes(own) and not takes(own, "0.0.0.0")  # as long as the proxy sends anything there
        assert is_open(own)
    finally:
        watching.resume()
    until(lambda: not is_open(own))  # the hub has seen that it ended; for a minute Linux may still give it to nobody
    assert takes(free_port())  # one that is nobody's
    page = browser.get(f"{hub.url}/user/{victim}/fieldguide/")
    assert f"/user/{victim}/" not in page.url or page.status_code in (424, 503), (page.url, page.status_code)


@pytest.mark.browser
def test_a_link_of_the_course_site_signs_a_student_in_and_opens_its_module(hub: Hub, browser: Browser) -> None:
    if not (hub.exchange("a") / "outbound" / MODULE).exists():
        hub.release("a", MODULE)  # where this test runs alone
    site, account = hub.site, hub.account("lee-sub")
    site.people["lee"] = Person("lee-sub", "Lee", "Park", "lee@school.edu")
    page = browser.new_context(locale="en-US").new_page()
    page.goto(f"{site.url}/course?login=lee&module={MODULE}&in=frame")
    page.get_by_role("button", name="Open").click()
    with page.context.expect_page() as opened:  # nobody can sign in inside the site's page
        page.frame_locator("iframe").get_by_role("button", name="Open the course").click()
    window = opened.value
    window.wait_for_url(f"**/user/{account}/fieldguide/module/{MODULE}/{MODULE}.ipynb", timeout=seconds(300) * 1000)
    expect(window.get_by_role("heading", level=1)).to_be_visible()
    assert (hub.server.places.homes / account / hub.server.name("a") / MODULE / f"{MODULE}.ipynb").is_file()
    assert hub.account("lee-sub") in members_of(f"nbgrader-{hub.server.name('a')}")
    assert account not in members_of(f"formgrade-{hub.server.name('a')}")
    # Who teaches picks modules inside the site's page, where nobody has to be signed in here.
    site.people["grace"] = Person("grace-sub", "Grace", "Hall", roles=(f"{ROLE}Instructor",))
    window.close()
    page.bring_to_front()
    page.goto(f"{site.url}/course?login=grace&picks=yes&in=frame")
    page.get_by_role("button", name="Open").click()
    frame = page.frame_locator("iframe")
    frame.get_by_label(re.compile("14 points")).press("Space")
    frame.get_by_role("button", name="Add to the course").click()
    expect(frame.get_by_role("heading", name="1 added to the course")).to_be_visible()
    assert [one["custom"] for one in site.picked] == [{"module": MODULE}]
    # Who it is stands where root alone reads it, and in the gradebook; the account's name tells nothing.
    person = Identities(hub.server.places.identities).all()[account]
    assert (person.name, person.subject) == ("Lee Park", "lee-sub")
    assert not hub.server.may(account, "-r", hub.server.places.identities)
    names = {"lee", "park", "lee-sub"} & {
        *pwd.getpwnam(account)[:1],
        *pwd.getpwnam(account).pw_gecos.lower().split(","),
    }
    assert names == set() and not hub.server.run(account, "getent", "shadow", account).stdout
    until(lambda: gradebook_names(hub, "a").get(account) == ("Lee", "Park"))
    # The service that takes what the site sends has no rights on this machine.
    serving = started_by(hub.processes[0].pid, "fieldguide.lti.service")
    assert [{*one.uids(), *one.gids()} for one in serving] == [
        {pwd.getpwnam("fieldguide-lti").pw_uid, pwd.getpwnam("fieldguide-lti").pw_gid}
    ]
    for path in (
        hub.server.places.lti.with_suffix(".key"),
        hub.server.places.names_secret,
        hub.server.places.identities,
    ):
        assert not hub.server.may("fieldguide-lti", "-r", path), path


@pytest.mark.browser
def test_from_a_link_of_the_course_site_to_a_score_that_is_back_there(hub: Hub, browser: Browser) -> None:
    if not (hub.exchange("a") / "outbound" / MODULE).exists():
        hub.release("a", MODULE)  # where this test runs alone
    site, course, account = hub.site, hub.server.name("a"), hub.account("kim-sub")

    def scopes_of(token: str) -> frozenset[str] | None:
        scopes = site.check_token(f"Bearer {token}")
        return None if scopes is None else frozenset(scopes)

    lms = LmsServices(f"{site.url}/grades-of/context-1", scopes_of)
    site.mounted = lms.mounted
    site.changes |= {
        f"{AGS.rpartition('scope/')[0]}claim/endpoint": {"scope": sorted(SCOPES), "lineitems": lms.lineitems},
        f"{NRPS.rpartition('scope/')[0]}claim/namesroleservice": {"context_memberships_url": lms.memberships},
    }
    site.people["kim"] = Person("kim-sub", "Kim", "Adeyemi")
    lms.enroll("kim-sub", given_name="Kim", family_name="Adeyemi")
    lms.enroll("mo-sub", given_name="Mo", family_name="Ren")
    try:
        # -- a student comes from the course site, answers and hands in
        page = browser.new_context(locale="en-US").new_page()
        page.goto(f"{site.url}/course?login=kim&module={MODULE}")
        page.get_by_role("button", name="Open").click()
        at = f"/user/{account}/fieldguide"
        page.wait_for_url(f"**{at}/module/{MODULE}/{MODULE}.ipynb", timeout=seconds(300) * 1000)
        card = page.locator("#fg-proud-post-closed-list")
        card.locator("label", has_text="twins came at 26 weeks").click()
        expect(card).to_contain_text(SAVED_AT)
        page.goto(f"{hub.url}{at}/hand-in/{MODULE}/{MODULE}.ipynb")
        page.locator("main form .button").first.click()
        page.wait_for_url("**?handed-in")
        # -- an instructor grades; nothing goes anywhere before there is feedback
        desk = browser.new_context(locale="en-US").new_page()
        desk.goto(f"{hub.url}/hub/login")
        desk.get_by_label("Username").fill(hub.server.name("-grace"))
        desk.get_by_label("Password", exact=True).fill(hub.server.password("-grace"))
        desk.get_by_role("button", name="Log in").click()
        desk.wait_for_url(f"**/services/{course}/fieldguide/desk")
        for step, done in (("collect", "is collected and graded:"), ("feedback", "is given:")):
            assert lms.scores == {}
            desk.goto(f"{hub.url}/services/{course}/fieldguide/desk/{step}/{MODULE}")
            desk.locator("form.do button.button").click()
            expect(desk.locator("#work")).to_contain_text(done, timeout=seconds(120) * 1000)
        expect(desk.locator("#work")).to_contain_text("1 grade is new in the course site")
        # Who came is told a little later, and a page that was opened before has no name to show.
        until(lambda: gradebook_names(hub, "a").get(account) == ("Kim", "Adeyemi"))
        desk.goto(f"{hub.url}/services/{course}/fieldguide/desk/grades/{MODULE}")
        expect(desk.get_by_role("row", name="Kim Adeyemi")).to_contain_text("Sent")
        # -- it stands there as the gradebook has it
        (column,) = lms.columns
        told = lms.last(column, "kim-sub")
        assert told is not None and told["gradingProgress"] == "FullyGraded"
        assert (told["scoreGiven"], told["scoreMaximum"]) == graded(hub, "a", account) and told["scoreGiven"] > 0
        # -- the class list names who has never come, and their account is known before it is made
        desk.goto(f"{hub.url}/services/{course}/fieldguide/desk/roster")
        desk.get_by_role("button", name="Look at the course site").click()
        desk.get_by_role("button", name="Take the list").click()
        expect(desk.get_by_role("heading", level=1)).to_have_text("Class list: what was done")
        assert gradebook_names(hub, "a")[hub.account("mo-sub")] == ("Mo", "Ren")
        assert lms.faults == []
    finally:
        site.mounted = None
        site.changes.clear()
    # Each course's server is told of its own course alone, and no account but the service's reads what it keeps.
    for name, expected in (("a", [account]), ("b", [])):
        token = hub.server.places.token(Course(hub.server.name(name), "", ())).read_text("ascii").strip()
        said = requests.get(f"{hub.url}/services/lti/scores/{MODULE}", headers={"Authorization": f"token {token}"})
        from_the_site = [one["account"] for one in said.json()["scores"] if one["account"].startswith(BEGINS)]
        assert from_the_site == expected  # others of the course, whom another test may have had hand in, are in it too
    for reader in (account, f"grader-{course}"):
        for path in (hub.server.places.lti, hub.server.places.lti.with_suffix(".key")):
            assert not hub.server.may(reader, "-r", path) and not hub.server.may(reader, "-x", path), (reader, path)


def graded(hub: Hub, course: str, account: str) -> tuple[float, float]:
    """The points of a student in the gradebook, and what they are of."""
    script = (
        "import sys; from fieldguide.grading.course import Course; from fieldguide.grading.grades import class_grades\n"
        "from pathlib import Path; from nbgrader.api import Gradebook\n"
        "(one,) = class_grades(Gradebook(Course(Path.cwd()).db_url), {sys.argv[1]}, {sys.argv[2]})\n"
        "print(one.score, one.maximum)"
    )
    said = hub.course(course, str(hub.python), "-P", "-c", script, MODULE, account).stdout
    score, maximum = map(float, said.split())
    return score, maximum


def gradebook_names(hub: Hub, course: str, table: str = "student") -> dict[str, tuple[str, str]]:
    file = hub.server.places.courses / hub.server.name(course) / "grader/course/gradebook.db"
    if not file.exists():
        return {}
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as book:
        if not book.execute("select 1 from sqlite_master where name = ?", (table,)).fetchone():
            return {}
        return {row[0]: row[1:] for row in book.execute(f"select id, first_name, last_name from {table}")}


def test_who_teaches_by_the_course_sites_word_grades_where_the_school_says_so(hub: Hub) -> None:
    site, account = hub.site, hub.account("vera-sub")
    site.people["vera"] = Person("vera-sub", "Vera", "Lind", roles=(f"{ROLE}Instructor",))
    a, b = hub.server.name("a"), hub.server.name("b")
    try:
        _, page = open_link(site, "vera")
        assert f"fieldguide-admin instructor add {a} {account}" in page.text and page.status_code == 403
        assert account not in members_of(f"formgrade-{a}") | members_of(f"nbgrader-{a}")
        site.context["id"] = "context-2"
        browser, page = open_link(site, "vera")
        assert (page.status_code, page.url) == (200, f"{hub.url}/services/{b}/fieldguide/desk"), page.text
        assert browser.get(f"{hub.url}/services/{a}/fieldguide/desk").status_code == 403
        assert hub.server.admin("apply", "--check") == 0  # the school has said that this may be so
        named = until(lambda: gradebook_names(hub, "b", "fieldguide_staff"))  # the desk hears what to call her
        assert named == {account: ("Vera", "Lind")} and account not in gradebook_names(hub, "b")
        # The next time the site calls her a student, and her way to the desk is closed.
        site.people["vera"].roles = (f"{ROLE}Learner",)
        browser, _ = open_link(site, "vera")
        assert account in members_of(f"nbgrader-{b}") and account not in members_of(f"formgrade-{b}")
        assert browser.get(f"{hub.url}/services/{b}/fieldguide/desk").status_code == 403
    finally:
        site.context["id"] = "context-1"


def test_whoever_else_sits_at_the_browser_is_logged_out_and_a_link_leads_into_its_course(hub: Hub) -> None:
    site, account = hub.site, hub.account("noor-sub")
    site.people["noor"] = Person("noor-sub", "Noor", "Said")
    before, _ = hub.log_in("-grace")
    desk = f"{hub.url}/services/{hub.server.name('a')}/fieldguide/desk"
    assert before.get(desk).status_code == 200
    browser, page = open_link(site, "noor", before)
    assert account in page.url, page.url
    assert browser.get(desk).status_code == 403
    (code,) = {parse_qs(urlsplit(one.url).query)["code"][0] for one in page.history if "/hub/lti/enter" in one.url}
    assert "/hub/lti/enter" in hub.log.read_text("utf-8") and code not in hub.log.read_text("utf-8")
    wait_for_server(hub, browser, account, "a")
    # A student's server is for one course: by a link of another one it is started anew there.
    site.context["id"] = "context-2"
    try:
        browser, page = open_link(site, "noor", browser)
    finally:
        site.context["id"] = "context-1"
    assert account in page.url, page.url
    wait_for_server(hub, browser, account, "b")
    assert browser.get(f"{hub.url}/user/{account}/fieldguide/").status_code == 200


def wait_for_server(hub: Hub, browser: requests.Session, account: str, course: str) -> None:
    """Wait until somebody's server is there and answers, for a course."""
    deadline = time.monotonic() + seconds(300)
    address = f"{hub.url}/user/{account}/fieldguide/"
    while True:
        assert time.monotonic() < deadline, hub.log.read_text("utf-8")[-3000:]
        with contextlib.suppress(ValueError, psutil.Error):
            told = psutil.Process(pid_of(account)).environ().get("FIELDGUIDE_COURSE_ID")
            page = browser.get(address)
            if told == hub.server.name(course) and page.url.startswith(address) and page.status_code == 200:
                return
        time.sleep(0.5)


def test_no_code_and_no_form_of_somebody_elses_lets_anybody_in(hub: Hub) -> None:
    for code in ("", "x" * 32):
        page = requests.get(f"{hub.url}/hub/lti/enter?code={code}")
        assert page.status_code == 403 and "has run out" in page.text
    browser = requests.Session()
    form = browser.get(f"{hub.url}/hub/login").text
    (token,) = re.findall(r'name="_xsrf" value="([^"]+)"', form)
    fields = {"username": hub.server.name("-grace"), "password": "x", "from_course_site": "true", "_xsrf": token}
    assert WRONG in browser.post(f"{hub.url}/hub/login", fields).text
    body = '{"browser": "x", "code": "x"}'
    assert requests.post(f"{hub.url}/services/lti/enter", body, headers={"Authorization": "token x"}).status_code == 403


def is_open(port: int) -> bool:
    """Whether a process has a port of this machine open."""
    found = psutil.net_connections("tcp")
    return any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in found)


def pid_of(account: str) -> int:
    """The process of a student's server."""
    number = pwd.getpwnam(account).pw_uid
    (found,) = [
        process.pid
        for process in psutil.process_iter(["uids", "cmdline"])  # of those that end meanwhile it tells nothing
        if process.info["uids"].real == number and "fieldguide.school.student" in (process.info["cmdline"] or ())
    ]
    return found


def own_token(account: str) -> str:
    return psutil.Process(pid_of(account)).environ()["JUPYTERHUB_API_TOKEN"]


def server_port(account: str) -> int:
    return int(psutil.Process(pid_of(account)).environ()["JUPYTERHUB_SERVICE_URL"].split(":")[2].split("/")[0])


def test_what_runs_for_one_person_gives_another_nothing(hub: Hub) -> None:
    victim, other = hub.server.name(TEN[4]), hub.server.name(TEN[5])
    hub.open(TEN[4])
    hub.open(TEN[5])
    kernel = start_kernel(hub, victim)
    grading = psutil.Process(hub.processes[1].pid)
    processes = {pid_of(victim), grading.pid, hub.processes[0].pid, *(one.pid for one in kernel_processes(victim))}
    assert len(processes) == 4
    # -- what the kernel of Linux tells of processes, and what they were started with
    for pid in processes:
        for name in ("environ", "mem", "maps", "fd", "cwd", "root", "stack"):
            path = Path(f"/proc/{pid}/{name}")
            assert not hub.server.may(other, "-r", path) or hub.server.run(other, "cat", str(path)).returncode, path
        told = hub.server.run(other, "cat", f"/proc/{pid}/cmdline").stdout
        assert not [secret for secret in secrets_of(hub, victim, kernel) if secret in told], pid
    # -- shared memory, temporary files and sockets
    theirs = {pwd.getpwnam(name).pw_uid for name in (victim, f"grader-{hub.server.name('a')}")}
    found = [
        path
        for place in ("/dev/shm", "/tmp", "/var/tmp", "/run")
        for path in Path(place).glob("*")
        if owner_of(path) in theirs
    ]
    assert not [path for path in found if hub.server.may(other, "-r", path) or hub.server.may(other, "-x", path)]
    # -- the kernel's connection file and its sockets: at a port it would tell everybody what it prints
    told = json.loads(kernel.read_text())
    assert told["transport"] == "ipc" and "answered" in ask_kernel(hub, victim, told)
    sockets = list(kernel.parent.glob(f"{kernel.stem}-ipc-*"))
    assert len(sockets) >= 5
    for path in (kernel, kernel.parent, *sockets):
        assert not any(hub.server.may(other, what, path) for what in ("-r", "-w", "-x")), path
    listening = [one for process in kernel_processes(victim) for one in process.net_connections("inet")]
    # One port stays: ipykernel's own pipe for programs that a cell starts. It only takes, and nothing without its word.
    assert len([one for one in listening if one.status == psutil.CONN_LISTEN]) <= 1


def owner_of(path: Path) -> int | None:
    """Whose a file is that is no link, and that others may take away at any moment."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return None if stat.S_ISLNK(found.st_mode) else found.st_uid


def test_the_courses_server_takes_no_token_of_a_students(hub: Hub) -> None:
    student = hub.server.name(TEN[5])
    hub.open(TEN[5])
    settings = json.loads((hub.server.places.state / "servers" / f"{hub.server.name('a')}.json").read_text())
    for address in (hub.url, f"http://127.0.0.1:{settings['port']}"):  # through the proxy, and past it
        for path in ("fieldguide/desk", "formgrader", "formgrader/api/students", "api/contents", "files/gradebook.db"):
            said = requests.get(
                f"{address}{settings['prefix']}{path}",
                headers={"Authorization": f"token {own_token(student)}"},
                allow_redirects=False,
            )
            assert said.status_code in (302, 403), (address, path)
            assert said.status_code == 403 or "/hub/" in said.headers["Location"], (address, path)
        said = requests.post(
            f"{address}{settings['prefix']}api/terminals", headers={"Authorization": f"token {own_token(student)}"}
        )
        assert said.status_code == 403, address


def test_no_log_holds_a_token_a_password_an_answer_or_a_name(hub: Hub) -> None:
    if not (hub.exchange("a") / "outbound" / MODULE).exists():
        hub.release("a", MODULE)  # where this test runs alone
    student = hub.server.name(TEN[4])
    browser = hub.open(TEN[4])
    hub.log_in(TEN[6], "a-wrong-password-of-mine")
    home = f"{hub.url}/user/{student}/"
    answer = "an answer that nobody else may read"
    browser.put(
        f"{home}api/contents/notes.txt",
        json={"type": "file", "format": "text", "content": answer},
        headers={"X-XSRFToken": browser.cookies.get("_xsrf", path=f"/user/{student}/") or ""},
    )
    token = {"_xsrf": re.findall(r'name="_xsrf" value="([^"]+)"', browser.get(f"{home}fieldguide/").text)[0]}
    browser.post(f"{home}fieldguide/look-again", token)
    browser.post(f"{home}fieldguide/start", token | {"module": MODULE, "course": hub.server.name("a")})

    def save(text: str, number: int) -> requests.Response:
        message = {"kind": "save", "response": text, "v": 1, "view": "view", "n": number}
        return browser.post(
            f"{home}fieldguide/say/{MODULE}/{MODULE}.ipynb",
            json={"page": "one", "messages": [{"cell": "item-thursday-group-chat", "message": message}]},
            headers={"X-XSRFToken": token["_xsrf"]},
        )

    essay, refused = "an essay of hers alone", "an essay that could not be saved"
    folder = hub.server.places.homes / student / hub.server.name("a") / MODULE
    assert save(essay, 1).status_code == 200
    (kept,) = folder.glob("*.essays.json")
    assert essay in kept.read_text("utf-8")
    was = folder.stat().st_mode
    folder.chmod(0o500)
    try:
        assert "problem" in save(refused, 2).text and refused not in kept.read_text("utf-8")
    finally:
        folder.chmod(was)
    log = hub.log.read_text("utf-8")
    assert student in log  # that it is the log of all this
    secrets = [*secrets_of(hub, student), *browser.cookies.values(), "a-wrong-password-of-mine", answer, essay, refused]
    for person in hub.site.people.values():  # who came by the course site, where other tests had them come
        secrets += [one for one in (person.sub, person.email, f"{person.given_name} {person.family_name}") if one]
    assert len(secrets) > 8 and not [secret for secret in secrets if len(secret) > 6 and secret in log]


#: Which of the paths that it is told an account may read, and which it may write to.
REACHES = """
import json, os, sys
paths = json.load(sys.stdin)
print(json.dumps([[path for path in paths if os.access(path, how)] for how in (os.R_OK, os.W_OK)]))
"""


def test_whoever_knows_every_path_reads_and_writes_only_what_is_theirs(hub: Hub) -> None:
    """All that lies on the server after whatever other tests did there, one path after the other."""
    if not (hub.exchange("a") / "outbound" / MODULE).exists():
        hub.release("a", MODULE)  # where this test runs alone
    places, (a, b) = hub.server.places, (hub.server.name(course) for course in "ab")
    student, outsider = hub.server.name(TEN[9]), hub.server.name("-none")
    env = places.root / "env"
    everything = [path for path in places.root.rglob("*") if not path.is_relative_to(env) and path != hub.log]
    named = {path.name for path in everything}
    assert {
        "gradebook.db",
        "jupyterhub.sqlite",
        "cookie_secret",
        "identities.key",
        "lti.key",
        f"{MODULE}.ipynb",
    } <= named

    def reached(account: str) -> tuple[set[Path], set[Path]]:
        told = json.dumps([str(path) for path in everything])
        done = hub.server.run(account, str(hub.python), "-c", REACHES, input=told)
        assert done.returncode == 0, done.stderr
        reads, writes = ({Path(path) for path in paths} for paths in json.loads(done.stdout))
        home = places.homes / account
        return tuple({one for one in paths if not one.is_relative_to(home)} for paths in (reads, writes))  # type: ignore[return-value]

    def below(paths: set[Path], *open_to_them: Path) -> list[Path]:
        return sorted(path for path in paths if path.is_file() and not any(map(path.is_relative_to, open_to_them)))

    for_all = (places.settings / "courses.toml", places.settings / "Caddyfile", places.services.parent)
    exchange, own = hub.exchange("a"), (places.courses / b,)
    # What is given back is open to whoever knows the page's name, which holds a secret and which nobody can list.
    of_its_students = (exchange / "outbound", exchange / "feedback")
    of_b = (*own, places.state / "tokens" / b, places.state / "servers" / f"{b}.json")
    for account, to_read, to_write in (
        (outsider, (), ()),
        (f"grader-{b}", of_b, own),
        (student, of_its_students, ()),
    ):
        reads, writes = reached(account)
        assert below(reads, *for_all, *to_read) == [], account
        assert below(writes, *to_write) == [], account
        assert places.settings / "courses.toml" in reads  # that reading is seen
    assert exchange / "outbound" / MODULE / f"{MODULE}.ipynb" in reads
    assert {path for path in writes if path.is_dir()} == {exchange.parent, exchange / "inbound"}
    assert not reads & {exchange / "inbound", exchange / "feedback", places.state, places.courses / a / "grader"}


def secrets_of(hub: Hub, student: str, kernel: Path | None = None) -> list[str]:
    """What opens something: the tokens of a student's server and of the courses, passwords, the key of a kernel."""
    tokens = [(hub.server.places.state / "tokens" / hub.server.name(course)).read_text().strip() for course in "ab"]
    cookie = (hub.server.places.state / "hub/cookie_secret").read_text().strip()
    key = [json.loads(kernel.read_text())["key"]] if kernel else []
    return [own_token(student), *tokens, cookie, student[::-1], *key]


def start_kernel(hub: Hub, student: str) -> Path:
    """Start a kernel on a student's server; returns its connection file."""
    said = requests.post(
        f"{hub.url}/user/{student}/api/kernels",
        json={"name": "fieldguide"},
        headers={"Authorization": f"token {own_token(student)}"},
    )
    assert said.status_code == 201, said.text
    (file,) = (hub.server.places.homes / student / ".runtime").glob(f"kernel-{said.json()['id']}.json")
    return file


def kernel_processes(student: str) -> list[psutil.Process]:
    number = pwd.getpwnam(student).pw_uid
    return [
        one
        for one in psutil.process_iter(["uids", "cmdline"])  # of those that end meanwhile it tells nothing
        if one.info["uids"] and one.info["uids"].real == number and "-f" in (one.info["cmdline"] or ())
    ]


def ask_kernel(hub: Hub, account: str, connection: dict[str, object]) -> str:
    """Have an account ask a kernel to run something; returns what came of it."""
    script = f"""
from jupyter_client import BlockingKernelClient
client = BlockingKernelClient()
client.load_connection_info({connection!r})
client.start_channels()
client.wait_for_ready(timeout={seconds(120)})  # it may still be starting
client.execute_interactive("1", timeout={seconds(20)}, allow_stdin=False)
print("answered")
"""
    done = hub.server.run(account, str(hub.python), "-c", script)
    assert done.returncode == 0, done.stderr
    return done.stdout
