"""A module's page whose server, network, login or tab goes while a student works: nothing is lost."""

from __future__ import annotations

import contextlib
import logging
import os
import random
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest
from browser import FLAGS, JupyterServer, chromium_path, free_port
from conftest import MODULE, PROJECT
from patience import DONE_WITHIN, milliseconds
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, Request, Route, expect
from relay import Line
from school import until

from fieldguide.responses import ResponseRecord

pytestmark = pytest.mark.browser

PATH = f"fieldguide/module/{MODULE}/{MODULE}.ipynb"
ESSAY = "thursday-group-chat"
CHOICE = "proud-post-closed-list"
#: How many choices and texts are given while things go wrong at random; SAVES=500 ESSAYS=200 for a long run.
SAVES = int(os.environ.get("SAVES", "12"))
ESSAYS = int(os.environ.get("ESSAYS", "5"))
SAYING = "**/fieldguide/say/**"
NEWS = "**/fieldguide/news/**"
PASSWORD = "a student's own"
#: Whether what was given is on record; and what gives it.
Given = Callable[[], bool]
Give = Callable[[], Given]


class Desk:
    """A student's server, which can be killed and started again, and the folder of a module on it."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(PROJECT / "release" / MODULE, folder / "root" / MODULE)
        self._folder = folder
        self.port = free_port()
        self.module = folder / "root" / MODULE
        self.start()

    def start(self) -> None:
        self.server = JupyterServer(self._folder / "root", self._folder / "home", self.port, token=PASSWORD)

    def essay(self) -> str | None:
        return ResponseRecord(self.module, MODULE).snapshot().essay(ESSAY)[0]

    def has_essay(self, text: str) -> bool:
        return self.essay() == text

    def has_choice(self, option: str | None) -> bool:
        return ResponseRecord(self.module, MODULE).of(CHOICE).saved == [option]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    yield desk
    desk.server.stop()


@pytest.fixture
def context(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport={"width": 1000, "height": 900})


class Computer:
    """A student's own browser, which can break down: what it keeps is in a folder."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._kind = browser.browser_type
        self._folder = folder
        self.start()

    def start(self) -> None:
        self.context = self._kind.launch_persistent_context(
            self._folder, executable_path=chromium_path(), args=FLAGS, viewport={"width": 1000, "height": 900}
        )
        self.context.set_default_timeout(milliseconds(DONE_WITHIN))
        self.context.on("dialog", lambda dialog: dialog.accept())

    def break_down(self) -> None:
        own = f"--user-data-dir={self._folder}"
        for process in psutil.process_iter(["cmdline"]):
            if own in (process.info["cmdline"] or []):
                process.kill()
        with contextlib.suppress(Error):  # it may have noticed already
            self.context.close()


@pytest.fixture
def computer(browser: Browser, tmp_path: Path) -> Iterator[Computer]:
    computer = Computer(browser, tmp_path / "computer")
    yield computer
    computer.context.close()


@pytest.fixture
def line(desk: Desk) -> Iterator[Line]:
    line = Line(desk.port)
    yield line
    line.end()


def open_module(context: BrowserContext, desk: Desk, line: Line | None = None) -> Page:
    return go_to_module(context.new_page(), desk, line)


def go_to_module(page: Page, desk: Desk, line: Line | None = None) -> Page:
    page.goto(f"http://127.0.0.1:{line.port if line else desk.port}/{PATH}")
    if "/login" in page.url:
        log_in(page)
    box(page).wait_for()
    return page


def log_in(page: Page) -> None:
    page.get_by_label("Password or token").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def log_in_again(page: Page) -> None:
    """As the page says: in another tab, which is closed then."""
    with page.expect_popup() as opened:
        page.locator("#saving").get_by_role("link", name="Log in").click()
    log_in(opened.value)
    opened.value.wait_for_url(re.compile("/fieldguide/?$"))
    opened.value.close()


def box(page: Page) -> Locator:
    return page.locator(f"#fg-{ESSAY} textarea")


def card_of(page: Page) -> Locator:
    return page.locator(f"#fg-{CHOICE}")


def kept(page: Page) -> int:
    """How many cards' answers the browser keeps on its disk."""
    return int(page.evaluate(INSIDE, ["count", []]))


def wait_until_refused(page: Page) -> None:
    """Until what was given last is kept, and was sent in vain: a page that is closed sooner sends it as it goes, past
    every route of ours."""
    expect(page.locator("#saved")).to_have_text("Not saved")
    until(page, lambda: kept(page) == 1)


# What the database of a page's address gives or does.
INSIDE = """([act, given]) => new Promise((resolve, reject) => {
    const asked = indexedDB.open("fieldguide");
    asked.onerror = reject;
    asked.onsuccess = () => {
        const inside = asked.result.transaction("kept", "readwrite");
        const done = inside.objectStore("kept")[act](...given);
        inside.oncomplete = () => resolve(done.result);
        inside.onabort = reject;
        asked.result.close();
    };
})"""


def test_a_text_outlives_a_tab_that_is_closed_at_once(context: BrowserContext, desk: Desk) -> None:
    page = open_module(context, desk)
    box(page).fill("")
    box(page).press_sequentially("closed right after the last key")
    page.close()
    page = open_module(context, desk)
    expect(box(page)).to_have_value("closed right after the last key")
    until(page, lambda: desk.essay() == "closed right after the last key")
    until(page, lambda: kept(page) == 0)


def test_a_text_outlives_a_tab_that_crashes_while_the_server_is_away(context: BrowserContext, desk: Desk) -> None:
    page = open_module(context, desk)
    page.route(SAYING, lambda route: route.abort())
    box(page).fill("typed into a page that crashed")
    until(page, lambda: kept(page) == 1)
    with context.expect_event("page"):
        other = context.new_page()
    page.close()
    other.goto(f"{desk.server.url}/{PATH}")
    expect(box(other)).to_have_value("typed into a page that crashed")
    until(other, lambda: desk.essay() == "typed into a page that crashed")
    until(other, lambda: kept(other) == 0)


def test_a_server_that_was_killed_gets_what_was_written_meanwhile(context: BrowserContext, desk: Desk) -> None:
    page = open_module(context, desk)
    saved = page.locator("#saved")
    expect(saved).to_have_text("All saved")
    # A look from here could come after it has passed.
    page.evaluate(
        """() => {
            const [saved, voice] = ["saved", "saved-voice"].map((id) => document.getElementById(id));
            Object.assign(window, { told: [], voiced: [] });
            const watch = (node, heard) => new MutationObserver(() => heard.push(node.textContent))
                .observe(node, { childList: true, subtree: true });
            watch(saved, told);
            watch(voice, voiced);
        }"""
    )
    desk.server.kill()
    box(page).fill("written while there was no server")
    expect(page.locator("#saving")).to_contain_text("in this browser, on this computer")
    expect(saved).to_have_text("Not saved")
    desk.start()
    until(page, lambda: desk.essay() == "written while there was no server")
    expect(page.locator("#saving")).to_be_empty()
    expect(saved).to_have_text("All saved")
    # The end of trouble is read out, and what is saved without any is not.
    until(page, lambda: page.evaluate("voiced")[-2:] == ["All saved", ""])
    page.evaluate("told.length = voiced.length = 0")
    with page.expect_response(lambda response: brings_answers(response.request)):
        box(page).fill("written while there was no server.")
    until(page, lambda: page.evaluate("told.at(-1)") == "All saved")
    assert page.evaluate("told[0]") in ("Not saved yet", "Saving…")  # where something else is on its way
    assert page.evaluate("voiced") == []
    until(page, lambda: kept(page) == 0)


def test_who_was_logged_out_is_told_and_loses_nothing(context: BrowserContext, desk: Desk) -> None:
    page = open_module(context, desk)

    def to_login(route: Route) -> None:
        route.fulfill(status=302, headers={"Location": "/hub/login"})

    page.route(SAYING, to_login)
    page.route(NEWS, to_login)
    box(page).fill("written after the login had run out")
    link = page.locator("#saving").get_by_role("link", name="Log in")
    expect(link).to_have_attribute("target", "_blank")
    page.unroute_all()
    until(page, lambda: desk.essay() == "written after the login had run out")
    expect(link).to_have_count(0)


def test_what_is_not_saved_is_not_handed_in_unawares(context: BrowserContext, desk: Desk) -> None:
    page = open_module(context, desk)
    page.route(SAYING, lambda route: route.abort())
    box(page).fill("not there when it was handed in")
    expect(page.locator("#saved")).to_have_text("Not saved")
    page.get_by_role("link", name="Hand in", exact=True).click()
    warning = page.get_by_role("alert").filter(has_text="not saved yet, and would not be handed in")
    expect(warning).to_be_visible()
    page.unroute_all()
    warning.get_by_role("link", name="Back to the module").click()
    expect(box(page)).to_have_value("not there when it was handed in")
    until(page, lambda: desk.essay() == "not there when it was handed in")
    expect(page.locator("#saved")).to_have_text("All saved")
    page.get_by_role("link", name="Hand in", exact=True).click()
    button = page.get_by_role("button", name="Hand in", exact=True)
    expect(button).to_be_visible()
    expect(page.locator("#left")).to_be_hidden()
    # Who is logged out by now is told so, and comes back to this page.
    context.clear_cookies()
    button.click()
    expect(page.get_by_role("main")).to_contain_text("You have been logged out, or have logged in again")
    page.get_by_role("link", name="Open the page again").click()
    log_in(page)
    expect(button).to_be_visible()


def test_an_older_text_is_offered_and_writes_over_nothing(context: BrowserContext, desk: Desk) -> None:
    page = open_module(context, desk)
    page.route(SAYING, lambda route: route.abort())
    box(page).fill("the older text")
    wait_until_refused(page)
    time_kept = int(page.evaluate("Date.now()"))
    page.close()
    while time.time() * 1000 < time_kept + 1500:  # times on record are in seconds
        time.sleep(0.1)
    ResponseRecord(desk.module, MODULE).save_essay(ESSAY, "the newer text, from another computer")
    page = open_module(context, desk)
    expect(box(page)).to_have_value("the newer text, from another computer")
    offer = page.locator("#notices")
    expect(offer).to_contain_text("the older text")
    assert desk.essay() == "the newer text, from another computer"
    offer.get_by_role("button", name="Put it back").click()
    expect(box(page)).to_have_value(re.compile("the older text"))
    until(page, lambda: "the older text" in (desk.essay() or ""))
    expect(offer).not_to_contain_text("the older text")


def let_none_through(page: Page) -> None:
    """Nothing that is given is saved, and the page hears news: a look finds that its trouble is over."""
    page.route(SAYING, lambda route: route.abort() if brings_answers(route.request) else route.continue_())


def test_news_from_another_page_leave_what_is_being_written(context: BrowserContext, desk: Desk) -> None:
    page = open_module(context, desk)
    let_none_through(page)
    box(page).fill("still being written here")
    ResponseRecord(desk.module, MODULE).save_essay(ESSAY, "saved elsewhere meanwhile")
    expect(page.locator(".kept-offer")).to_contain_text("saved elsewhere meanwhile")
    expect(box(page)).to_have_value("still being written here")
    page.unroute_all()
    until(page, lambda: desk.essay() == "still being written here")


def test_what_stood_here_before_is_not_offered_as_news(context: BrowserContext, desk: Desk) -> None:
    page = open_module(context, desk)
    box(page).fill("what was here first")
    until(page, lambda: desk.essay() == "what was here first")
    until(page, lambda: kept(page) == 0)
    saved = time.time()
    while time.time() < saved + 1.5:  # times on record are in seconds
        time.sleep(0.1)
    let_none_through(page)
    box(page).fill("what is written now")
    ResponseRecord(desk.module, MODULE).save_essay(ESSAY, "what was here first")
    with page.expect_response(NEWS):
        page.evaluate("dispatchEvent(new Event('online'))")
    page.unroute_all()
    until(page, lambda: desk.essay() == "what is written now")
    expect(page.locator(".kept-offer")).to_have_count(0)
    until(page, lambda: kept(page) == 0)


def test_what_another_page_saved_meanwhile_can_still_be_had(context: BrowserContext, desk: Desk) -> None:
    page = open_module(context, desk)
    # Once the connection is back, what is written here comes before any look for news.
    page.route(NEWS, lambda route: route.abort())
    page.route(SAYING, lambda route: route.abort())
    box(page).fill("written here")
    expect(page.locator("#saved")).to_have_text("Not saved")
    ResponseRecord(desk.module, MODULE).save_essay(ESSAY, "written on the telephone")
    page.unroute(SAYING)
    until(page, lambda: desk.essay() == "written here")
    offer = page.locator(".kept-offer")
    expect(offer).to_contain_text("written on the telephone")
    offer.get_by_role("button", name="Put it back").click()
    expect(box(page)).to_have_value("written on the telephone")
    until(page, lambda: desk.essay() == "written on the telephone")
    until(page, lambda: kept(page) == 0)


def test_what_was_saved_unheard_is_gone_on_from_on_another_page(context: BrowserContext, desk: Desk) -> None:
    page = open_module(context, desk)
    opened = time.time()
    while time.time() < opened + 1.5:  # times on record are in seconds
        time.sleep(0.1)
    page.route(SAYING, lambda route: (route.fetch(), route.abort()))
    box(page).fill("saved, and never told so")
    until(page, lambda: desk.essay() == "saved, and never told so")
    page.route(SAYING, lambda route: route.abort())
    box(page).fill("saved, and never told so, and more")
    until(page, lambda: "and more" in str(page.evaluate(INSIDE, ["getAll", []])))
    os.utime(desk.module / f"{MODULE}.ipynb")  # opened anew, a server does not know who saved what
    page.close()
    page = open_module(context, desk)
    expect(box(page)).to_have_value("saved, and never told so, and more")
    until(page, lambda: desk.essay() == "saved, and never told so, and more")
    expect(page.locator(".kept-offer")).to_have_count(0)
    until(page, lambda: kept(page) == 0)


def test_a_choice_that_was_not_saved_is_offered_in_its_own_words(context: BrowserContext, desk: Desk) -> None:
    page = open_module(context, desk)
    card = card_of(page)
    options = card.get_by_role("radio")
    mine, other = (str(options.nth(number).get_attribute("value")) for number in (0, 1))
    page.route(SAYING, lambda route: route.abort())
    options.nth(0).check()
    words = options.nth(0).evaluate("radio => radio.labels[0].innerText.trim()")
    wait_until_refused(page)
    page.close()
    ResponseRecord(desk.module, MODULE).save(CHOICE, [other])
    page = open_module(context, desk)
    expect(card_of(page).get_by_role("radio").nth(1)).to_be_checked()
    expect(page.locator("#notices")).to_contain_text(words)
    page.locator("#notices").get_by_role("button", name="Put it back").click()
    until(page, lambda: desk.has_choice(mine))


def test_a_text_to_what_is_no_longer_asked_is_shown(context: BrowserContext, desk: Desk) -> None:
    page = open_module(context, desk)
    store = page.evaluate("JSON.parse(document.getElementById('fieldguide').textContent).store")
    left = {"left": "to a question of the earlier edition", "base": None, "at": time.time() * 1000}
    page.evaluate(INSIDE, ["put", [left, f"fieldguide {store} item-of-before earlier"]])
    page.reload()
    notices = page.locator("#notices")
    expect(notices).to_contain_text("to a question of the earlier edition")
    notices.get_by_role("button", name="Discard it").click()
    expect(notices).to_be_empty()
    until(page, lambda: kept(page) == 0)


def test_a_browser_that_keeps_nothing_is_told_and_saving_goes_on(context: BrowserContext, desk: Desk) -> None:
    context.add_init_script(
        "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') }"
    )
    page = open_module(context, desk)
    page.route(SAYING, lambda route: route.abort())
    box(page).fill("with no room in the browser")
    expect(page.locator("#saving")).to_contain_text("no room")
    page.unroute_all()
    until(page, lambda: desk.essay() == "with no room in the browser")


def test_what_the_servers_disk_does_not_take_is_told_wherever_one_reads_on(context: BrowserContext, desk: Desk) -> None:
    page = open_module(context, desk)
    server = psutil.Process(desk.server.pid)
    _, most = server.rlimit(psutil.RLIMIT_FSIZE)
    server.rlimit(psutil.RLIMIT_FSIZE, (0, most))  # as on a full disk, nothing can be written
    box(page).fill("with no room on the server")
    told = page.locator("#saving")
    expect(told).to_contain_text("An answer could not be saved, and is tried again by itself. The question says why.")
    expect(page.locator("#saved")).to_have_text("Not saved")
    told.get_by_role("link", name="Go to the question").click()
    expect(page.locator(f"#fg-{ESSAY} h3")).to_be_focused()
    server.rlimit(psutil.RLIMIT_FSIZE, (most, most))
    until(page, lambda: desk.essay() == "with no room on the server")
    expect(page.locator("#saved")).to_have_text("All saved")
    expect(told).to_be_empty()


def test_a_page_without_https_works(context: BrowserContext, desk: Desk) -> None:
    context.add_init_script("delete Crypto.prototype.randomUUID")
    page = open_module(context, desk)
    box(page).fill("on a school's plain address")
    until(page, lambda: desk.essay() == "on a school's plain address")


def test_a_long_text_outlives_a_tab_that_is_closed_at_once(context: BrowserContext, desk: Desk) -> None:
    page = open_module(context, desk)
    text = "far more than outlives its page. " * 2500
    box(page).fill(text)
    page.close()
    page = open_module(context, desk)
    expect(box(page)).to_have_value(text)
    until(page, lambda: desk.essay() == text.strip() or desk.essay() == text)


def test_who_closes_the_page_is_not_asked_when_nothing_is_lost_by_it(context: BrowserContext, desk: Desk) -> None:
    page = open_module(context, desk)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    box(page).press_sequentially("going")
    page.reload()
    until(page, lambda: "going" in (desk.essay() or ""))
    assert asked == []


def test_a_browser_that_may_keep_nothing_says_so_and_asks_before_anything_is_lost(
    context: BrowserContext, desk: Desk
) -> None:
    context.add_init_script(
        """for (const name of ["indexedDB", "localStorage", "sessionStorage"])
            Object.defineProperty(window, name, { get() { throw new DOMException("forbidden", "SecurityError") } });"""
    )
    page = open_module(context, desk)
    expect(page.locator("#saving")).to_contain_text("not allowed")
    box(page).fill("where storage is forbidden")
    until(page, lambda: desk.essay() == "where storage is forbidden")
    page.route(SAYING, lambda route: route.abort())
    box(page).press_sequentially(", and the server away")
    expect(page.locator("#saving")).to_contain_text("The connection is lost")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    until(page, lambda: asked == ["beforeunload"])
    page.unroute_all()
    until(page, lambda: desk.essay() == "where storage is forbidden, and the server away")


def test_a_text_outlives_a_browser_that_breaks_down_right_after_the_last_key(computer: Computer, desk: Desk) -> None:
    page = open_module(computer.context, desk)
    page.route(SAYING, lambda route: route.abort())
    box(page).fill("written in a browser that broke down")
    until(page, lambda: kept(page) == 1)
    computer.break_down()
    computer.start()
    page = open_module(computer.context, desk)
    expect(box(page)).to_have_value("written in a browser that broke down")
    until(page, lambda: desk.essay() == "written in a browser that broke down")
    until(page, lambda: kept(page) == 0)


def test_a_text_outlives_a_tab_that_is_closed_at_once_while_the_server_is_away(
    context: BrowserContext, desk: Desk
) -> None:
    for number in range(5):
        text = f"closed at once without a server, {number}"
        page = open_module(context, desk)
        page.route(SAYING, lambda route: route.abort())
        box(page).fill(text)
        page.close()
        page = open_module(context, desk)
        until(page, partial(desk.has_essay, text))


def test_who_logs_in_again_finds_everything_in_place(context: BrowserContext, desk: Desk) -> None:
    page = open_module(context, desk)
    context.clear_cookies()
    box(page).fill("written after the login was gone")
    log_in_again(page)
    until(page, lambda: desk.essay() == "written after the login was gone")
    expect(page.locator("#saving")).to_be_empty()
    expect(box(page)).to_have_value("written after the login was gone")
    until(page, lambda: kept(page) == 0)


def test_a_page_that_comes_back_out_of_the_browsers_memory_goes_on(browser: Browser, desk: Desk) -> None:
    remembering = browser.browser_type.launch(
        executable_path=chromium_path(),
        args=[*FLAGS, "--enable-features=CacheControlNoStoreEnterBackForwardCache"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    try:
        page = open_module(remembering.new_context(), desk)
        page.evaluate("addEventListener('pageshow', ({ persisted }) => { window.back = persisted })")
        box(page).fill("written right before going on")
        page.goto(f"{desk.server.url}/fieldguide/glossary")
        until(page, lambda: desk.essay() == "written right before going on")
        ResponseRecord(desk.module, MODULE).save_essay(ESSAY, "written elsewhere meanwhile")
        page.evaluate("setTimeout(() => history.back())")  # else it may be gone before it answers
        page.wait_for_function("window.back")  # where the page was not kept alive, nobody has set it
        expect(box(page)).to_have_value("written elsewhere meanwhile")
        box(page).fill("written after coming back")
        until(page, lambda: desk.essay() == "written after coming back")
        until(page, lambda: kept(page) == 0)
    finally:
        remembering.close()


class Wire:
    """The requests of a page that bring answers: which of them are out now."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.out: set[Request] = set()
        page.on("request", lambda request: self.out.add(request) if brings_answers(request) else None)
        for over in ("requestfinished", "requestfailed"):
            page.on(over, lambda request: self.out.discard(request))  # type: ignore[call-overload]

    @contextlib.contextmanager
    def busy(self, server: JupyterServer) -> Iterator[None]:
        """What is given inside is on its way afterwards: the server has it and does not answer."""
        until(self._page, lambda: not self.out)
        server.pause()
        with self._page.expect_request(brings_answers):
            yield


def open_wired(context: BrowserContext, desk: Desk, line: Line) -> tuple[Page, Wire]:
    """A module's page, with its wire there before the page sends anything: what it opens with is out, too."""
    page = context.new_page()
    wire = Wire(page)
    return go_to_module(page, desk, line), wire


def brings_answers(request: Request) -> bool:
    return "/fieldguide/say/" in request.url and bool((request.post_data_json or {}).get("messages"))


def test_nothing_is_lost_whatever_goes_wrong(computer: Computer, desk: Desk, line: Line) -> None:
    """Each fault strikes while an answer is on its way, or that answer itself; how often it did is counted."""
    dice = random.Random(20261128)
    page, wire = open_wired(computer.context, desk, line)
    met: Counter[str] = Counter()
    struck: Counter[str] = Counter()

    def strike(fault: str) -> None:
        struck[fault] += bool(wire.out)

    def begin_anew() -> None:
        nonlocal page, wire
        page, wire = open_wired(computer.context, desk, line)

    def server_dies(give: Give) -> Given:
        with wire.busy(desk.server):
            given = give()
        strike("server_dies")
        desk.server.kill()
        desk.start()
        return given

    def server_dies_having_saved(give: Give) -> Given:
        """What was given is on record, and the page never hears of it."""
        given = unheard(give)
        strike("server_dies_having_saved")
        desk.server.kill()
        line.mend()
        desk.start()
        return given

    def unheard(give: Give) -> Given:
        # A page that has not heard of its server's end is first told what there is, and saves once it was told.
        until(page, lambda: kept(page) == 0 and not wire.out)
        line.losing.add("back")
        with page.expect_request(brings_answers):
            given = give()
        until(page, given)
        return given

    def network_goes(give: Give) -> Given:
        until(page, lambda: not wire.out)
        line.losing.add("there")
        with page.expect_request(brings_answers):
            given = give()
        strike("network_goes")
        line.cut()
        until(page, lambda: not wire.out)
        line.mend()
        return given

    def network_goes_before_the_answer(give: Give) -> Given:
        given = unheard(give)
        strike("network_goes_before_the_answer")
        line.cut()
        until(page, lambda: not wire.out)
        line.mend()
        return given

    def tab_is_closed(give: Give) -> Given:
        with wire.busy(desk.server):
            given = give()
        strike("tab_is_closed")
        page.close()
        desk.server.go_on()
        begin_anew()
        return given

    def page_is_reloaded(give: Give) -> Given:
        with wire.busy(desk.server):
            given = give()
        strike("page_is_reloaded")
        with page.expect_navigation():
            page.evaluate("setTimeout(() => location.reload())")
            desk.server.go_on()
        box(page).wait_for()
        return given

    def login_ends(give: Give) -> Given:
        until(page, lambda: not wire.out)
        computer.context.clear_cookies()
        with page.expect_response(lambda response: brings_answers(response.request) and not response.ok):
            given = give()
        struck["login_ends"] += 1
        log_in_again(page)
        return given

    def browser_breaks_down(give: Give) -> Given:
        with wire.busy(desk.server):
            given = give()
        until(page, lambda: kept(page) >= 1)  # what came before may be on its way as well
        strike("browser_breaks_down")
        computer.break_down()
        desk.server.go_on()
        computer.start()
        begin_anew()
        return given

    faults = (
        server_dies,
        server_dies_having_saved,
        network_goes,
        network_goes_before_the_answer,
        tab_is_closed,
        page_is_reloaded,
        login_ends,
        browser_breaks_down,
    )
    kinds = ["choice"] * SAVES + ["essay"] * ESSAYS
    dice.shuffle(kinds)
    chosen = 0
    lost: list[str] = []
    last: dict[str, Given] = {}
    began = time.monotonic()
    for number, kind in enumerate(kinds):
        # Each of them comes once before chance has its way.
        fault = faults[number] if number < len(faults) else dice.choice(faults)
        met[fault.__name__] += 1
        text = f"text {number} " + "".join(dice.choices("abc def", k=30)) + "."
        if kind == "choice":  # another one than stands there
            chosen = (chosen + dice.choice((1, 2))) % 3

        def write(text: str = text) -> Given:
            box(page).fill(text)
            return partial(desk.has_essay, text)

        def choose(chosen: int = chosen) -> Given:
            radio = card_of(page).get_by_role("radio").nth(chosen)
            radio.check()
            return partial(desk.has_choice, radio.get_attribute("value"))

        last[kind] = fault(write if kind == "essay" else choose)
        for what, given in last.items():  # what was given before still is on record
            try:
                until(page, given)
            except AssertionError:
                lost.append(f"{number}: {what}, {fault.__name__}")
    took = time.monotonic() - began
    told = "%d choices and %d texts given in %.0f s, lost %d; struck one on its way: %s"
    often = {name: f"{struck[name]} of {times}" for name, times in met.items()}
    logging.getLogger(__name__).info(told, SAVES, ESSAYS, took, len(lost), often)
    assert lost == []
    assert struck == met
    until(page, lambda: kept(page) == 0)
