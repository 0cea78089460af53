"""The hub's own pages, in a browser and without one, and what is told while a server starts."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from types import SimpleNamespace
from typing import Any

import pytest
from barriers import bars_nobody, fits_every_window, outline_faults, walks_by_keyboard
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Browser, Page, expect
from tornado.web import HTTPError
from traitlets.config import Config

from fieldguide.hub.choosing import choice
from fieldguide.hub.ownserver import to_own_server
from fieldguide.hub.pages import OwnCourse, Pages, add_pages, refusal
from fieldguide.hub.starting import InTurn
from fieldguide.hub.turns import Turns


class Spawner(InTurn):
    """Somebody's server, of which nothing but its start is looked at."""

    def __init__(self, name: str = "ana") -> None:
        self.user, self.server, self.port = SimpleNamespace(name=name), SimpleNamespace(base_url="/user/ana/"), 1
        self._turns, self.handler = Turns(1), None

    async def poll(self) -> int | None:
        return 1


class Asks:
    """What answers a request, of which a page's template is given one method."""

    def __init__(self, language: str) -> None:
        self.request = SimpleNamespace(headers={"Accept-Language": language})

    def static_url(self) -> None:
        """Nothing of ours is among JupyterHub's files."""


COURSES = [
    OwnCourse("sw101", "Ethics <&> Media", "instructor", "/services/sw101/fieldguide/desk"),
    OwnCourse("sw102", "Practice", "assistant", "/services/sw102/fieldguide/desk"),
    OwnCourse("sw103", "Policy", "student"),
    OwnCourse("sw104", "Law", "student"),
]
RUNS = SimpleNamespace(active=True, pending=None)
#: Every page that somebody can meet, by what the test's hub is asked for, with what JupyterHub tells the template.
PAGES: dict[str, tuple[str, dict[str, object]]] = {
    "login": ("login.html", {"user": None, "authenticator": SimpleNamespace(entering=True)}),
    "login-wrong": (
        "login.html",
        {"user": None, "authenticator": None, "username": "a<b", "login_error": "Not <right>."},
    ),
    "logout": ("logout.html", {"user": None, "login_service": "U"}),
    "home": ("home.html", {"default_server": RUNS}),
    "home-empty": ("home.html", {"default_server": None, "pages": Pages(lambda _: [])}),
    "choice": ("spawn.html", {"spawner_options_form": choice([("a", "Ethics"), ("b", "Law")]), "url": "/"}),
    "refused": ("error.html", {"status_code": 403, "exception": refusal(403, "It is <hers>.")}),
    "missing": ("404.html", {"status_code": 404, "status_message": "Not Found"}),
    "silent": ("error.html", {"user": None, "status_code": 503, "status_message": "Service Unavailable"}),
    "trouble": ("error.html", {"status_code": 500, "status_message": "Error", "message": "<Unhandled>"}),
    "closing": ("stop_pending.html", {}),
    "waiting": ("spawn_pending.html", {}),
    "waiting-cluster": ("spawn_pending.html", {"spawner": SimpleNamespace()}),
    "closed": ("not_running.html", {}),
    "failed": ("not_running.html", {"failed": True, "failed_message": "It <ended>."}),
    "sign-in": ("login.html", {"user": None, "login_service": "Example <U>"}),
    "sign-in-own": ("login.html", {"user": None, "custom_html": "<p><a href='/hub/own'>Sign in here</a></p>"}),
    "not-signed-in": ("not_signed_in.html", {"user": None, "said": "<No>.", "to_do": "Ask.", "again": "/hub/login"}),
}


class Hub(ThreadingHTTPServer):
    """Serves our pages as a hub does, and tells of the start what a test puts into ``told``."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.told: Queue[dict[str, Any] | None] = Queue()
        self.asked = 0
        settings = Config()
        add_pages(settings, lambda _: COURSES)
        self._pages = Environment(loader=FileSystemLoader(settings.JupyterHub.template_paths), autoescape=True)
        self._values = dict(settings.JupyterHub.template_vars)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def page(self, name: str, language: str = "", **values: object) -> str:
        """A page as JupyterHub has it made for whoever is logged in, unless ``values`` say otherwise."""
        known = {"base_url": "/hub/", "login_url": "/hub/login", "logout_url": "/hub/logout", "url": "/user/ana/"}
        known |= {"progress_url": "/progress", "spawn_url": "/hub/spawn/ana", "authenticator_login_url": "/hub/login"}
        more = {
            "spawner": Spawner(),
            "user": SimpleNamespace(escaped_name="ana"),
            "static_url": Asks(language).static_url,
        }
        return self._pages.get_template(name).render(**{**self._values, **known, **more, **values})


class _Asked(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        self.send_response(200)
        if self.path == "/progress":
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            while (told := self.server.told.get()) is not None:
                self.wfile.write(f"data: {json.dumps(told)}\n\n".encode())
                self.wfile.flush()
            return
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.server.asked += 1
        template, values = PAGES[self.path.strip("/")]
        self.wfile.write(self.server.page(template, self.headers["Accept-Language"] or "", **values).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub() -> Iterator[Hub]:
    started = Hub()
    yield started
    for _ in range(3):
        started.told.put(None)
    started.shutdown()
    started.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_barred_from_a_page_of_the_hub(hub: Hub, page: Page, name: str) -> None:
    page.goto(f"http://127.0.0.1:{hub.server_port}/{name}", wait_until="commit")
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_load_state("domcontentloaded")  # its script, which stands below the heading, has run
    hub.told.put(None)
    page.evaluate("for (let at = 0; at < 9999; at += 1) clearTimeout(at)")  # it would load itself anew meanwhile
    assert outline_faults(page) == []
    bars_nobody(page)
    fits_every_window(page)
    walks_by_keyboard(page)


@pytest.mark.browser
def test_who_waits_is_told_how_long_and_comes_to_the_page(hub: Hub, page: Page) -> None:
    page.goto(f"http://127.0.0.1:{hub.server_port}/waiting")
    told = page.get_by_role("status")
    expect(told).to_have_text("It takes about 5 seconds more.")
    hub.told.put({"progress": 0, "message": "Server requested"})  # JupyterHub's own word, which tells nobody anything
    hub.told.put({"waited": 8, "left": 15, "message": "12 people are before you. It takes about 15 seconds more."})
    expect(told).to_have_text("12 people are before you. It takes about 15 seconds more.")
    expect(page.get_by_role("progressbar")).to_have_accessible_name(
        "12 people are before you. It takes about 15 seconds more."
    )
    # What goes up each second is in sight, and not read out each second.
    assert not page.locator("#waited").evaluate("node => Boolean(node.closest('[role=status], [aria-live]'))")
    expect(page.locator("#waited")).to_have_text(re.compile(r"^So far: [1-9]\d* s$"))
    hub.told.put({"ready": True, "message": "Server ready at /user/ana/"})
    hub.told.put(None)
    page.wait_for_function("performance.getEntriesByType('navigation')[0].type === 'reload'")
    assert hub.asked == 2


@pytest.mark.browser
def test_where_nobody_knows_how_long_it_takes_the_bar_tells_how_far_it_is(hub: Hub, page: Page) -> None:
    page.goto(f"http://127.0.0.1:{hub.server_port}/waiting-cluster")
    expect(page.get_by_role("status")).to_have_text(re.compile("^It takes a minute or less as a rule"))
    hub.told.put({"progress": 30, "raw_event": {}, "message": "2026-11-29 [Normal] Pulling image <x>"})
    expect(page.get_by_role("progressbar")).to_have_js_property("value", 0.3)
    expect(page.locator("main")).not_to_contain_text("Pulling image")
    hub.told.put({"failed": True, "progress": 100, "message": "Spawn failed: It <ended>."})
    expect(page.get_by_role("alert").get_by_role("paragraph").first).to_have_text("It <ended>.")


@pytest.mark.browser
def test_a_start_that_failed_says_so_at_once_and_can_be_tried_again(hub: Hub, page: Page) -> None:
    page.goto(f"http://127.0.0.1:{hub.server_port}/waiting")
    hub.told.put({"failed": True, "progress": 100, "message": "Spawn failed: It <ended>."})
    expect(page.get_by_role("alert").get_by_role("paragraph").first).to_have_text("It <ended>.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your page could not be opened.")
    expect(page.get_by_role("status")).to_be_hidden()
    bars_nobody(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Try again")).to_be_focused()
    assert page.get_by_role("link", name="Try again").get_attribute("href") == "/hub/spawn/ana"
    page.goto(f"http://127.0.0.1:{hub.server_port}/failed")
    expect(page.get_by_role("alert")).to_have_text("It <ended>.")
    page.goto(f"http://127.0.0.1:{hub.server_port}/closed")
    expect(page.get_by_role("link", name="Open it again")).to_have_attribute("href", "/hub/spawn/ana")


def test_what_others_wrote_is_text_and_nothing_is_loaded(hub: Hub) -> None:
    for template, values in PAGES.values():
        page = hub.page(template, **values)
        assert not re.search("<(right|hers|ended|Unhandled|No|U|&)>|a<b", page), template
        assert not re.search(
            r"(src|action|href)=.?(https?:|//)|(src=|<link(?! rel=.icon. href=.data:,))|@import|url[(]", page
        )


def test_without_scripts_the_page_looks_again_by_itself(hub: Hub) -> None:
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in hub.page("spawn_pending.html")


def test_a_server_that_ends_while_it_starts_is_told_at_once() -> None:
    async def story() -> None:
        with pytest.raises(HTTPError, match="It ended before it was ready"):
            await Spawner()._until_it_answers()

    asyncio.run(story())


def test_the_next_course_is_opened_only_once_a_server_that_ends_slowly_has_ended() -> None:
    user = SimpleNamespace(
        server_url=lambda name: "/user/ana/",
        escaped_name="ana",
        spawner=SimpleNamespace(ready=True, user_options={"course": "sw103"}),
    )

    async def story() -> str:
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        async def stop_single_user(who: object) -> asyncio.Future[None]:
            assert who is user
            return ended  # as the hub does after ten seconds

        handler = SimpleNamespace(stop_single_user=stop_single_user, hub=SimpleNamespace(base_url="/hub/"))
        way = asyncio.create_task(to_own_server(handler, user, "sw104"))
        for _ in range(10):
            await asyncio.sleep(0)
        assert not way.done()
        ended.set_result(None)
        return await way

    assert asyncio.run(story()) == "/hub/spawn/ana?opt-course=sw104&next=%2Fuser%2Fana%2F"


def test_who_waits_is_told_in_the_language_of_their_browser(hub: Hub) -> None:
    told = hub.page("spawn_pending.html", "es-MX,es;q=0.9,en;q=0.8")
    assert '<html lang="es">' in told and "Se está abriendo tu página" in told

    class Started:
        async def start(self) -> tuple[str, int]:
            return "127.0.0.1", 1

    class Starts(Spawner, Started):
        http_timeout = 60

    async def story() -> None:
        spawner = Starts()
        spawner.handler = Asks("es-MX")
        with pytest.raises(HTTPError, match="Terminó antes de estar lista"):
            await spawner.start()

    asyncio.run(story())


def test_a_server_that_never_answers_lets_the_next_one_start() -> None:
    class Silent:
        async def start(self) -> tuple[str, int]:
            await asyncio.Event().wait()
            raise AssertionError

    class Starts(Spawner, Silent):
        http_timeout = 0

    async def story() -> None:
        spawner = Starts()
        for _ in range(2):
            with pytest.raises(TimeoutError):
                await spawner.start()

    asyncio.run(story())


def test_the_hub_tells_each_how_many_are_before_and_ends_when_it_is_over() -> None:
    async def story() -> None:
        spawner = Spawner("ben")
        assert [told async for told in spawner.progress()] == []
        there = asyncio.Event()

        async def start(name: str) -> None:
            async with spawner._turns.turn(name):
                await there.wait()

        starts = [asyncio.create_task(start(name)) for name in ("ana", "ben")]
        await asyncio.sleep(0)
        telling = spawner.progress()
        told = await anext(telling)
        assert told["message"] == "1 person is before you. It takes about 10 seconds more."
        assert (told["waited"], told["left"], told["progress"]) == (0, 10, 0)
        there.set()
        await asyncio.gather(*starts)
        assert [told async for told in telling] == []

    asyncio.run(story())
