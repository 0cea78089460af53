"""A kernel, a server or a page's widgets that go away while a student works: nothing is lost, no key is a command."""

from __future__ import annotations

import os
import random
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from browser import JupyterServer, free_port
from conftest import MODULE, PROJECT
from patience import DONE_WITHIN, milliseconds
from playwright.sync_api import Browser, Page, WebSocketRoute, expect
from saved import SAVED
from school import APPS, NOTEBOOK, SOURCES, Class, card_count, until, wait_for_cards
from settling import settle

from fieldguide.responses import ResponseRecord

pytestmark = pytest.mark.browser

RELEASE = PROJECT / "release" / MODULE / NOTEBOOK
CARDS = card_count(RELEASE)
#: How many texts are typed while kernels are killed; TEXTS=200 for a long run.
TEXTS = int(os.environ.get("TEXTS", "3"))
LETTERS = "abcdmxvyz0i ABLMZ"  # keys that are commands where nothing is being written
COUNT_RENEWED = "window.renewed = 0; addEventListener('fieldguide:renewed', () => { renewed += 1 }, true)"
BOXES = ".fg-card textarea:visible"


def kernels(server: JupyterServer, folder: Path) -> list[psutil.Process]:
    """The running kernels of the notebooks in a folder."""
    found = []
    for process in psutil.Process(server.pid).children():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == folder:
                found.append(process)
        except psutil.Error:
            continue  # it has ended meanwhile
    return found


def essays(folder: Path) -> set[str]:
    """The texts on record."""
    return {essay.text for essay in ResponseRecord(folder, MODULE).snapshot().essays.values()}


@pytest.fixture(params=APPS)
def writing(school: Class, request: pytest.FixtureRequest) -> Iterator[tuple[Page, Path]]:
    path = f"loss-{request.node.name}/{NOTEBOOK}"
    folder = school.put(path, RELEASE).parent
    page = school.open(request.param, path)
    wait_for_cards(page, CARDS)
    yield page, folder
    page.context.close()


def letters(dice: random.Random, fewest: int, most: int) -> str:
    return "".join(dice.choices(LETTERS, k=dice.randint(fewest, most)))


def type_through_a_loss(page: Page, folder: Path, dice: random.Random, kill: Callable[[], None]) -> str:
    """What was typed where the focus is: before ``kill`` and on, until letters that came after it are on record."""
    text = f"a{letters(dice, 0, 60)}"
    page.keyboard.type(text)
    kill()
    at = len(text)

    def type_on() -> bool:
        nonlocal text
        more = letters(dice, 1, 3)
        page.keyboard.type(more)
        text += more
        return any(len(essay) > at and text.startswith(essay) for essay in essays(folder))

    until(page, type_on)
    page.keyboard.type("end")
    return f"{text}end"


def test_texts_typed_while_kernels_die_are_saved_to_the_last_letter(writing: tuple[Page, Path], school: Class) -> None:
    page, folder = writing
    dice = random.Random(TEXTS)
    before, killed = page.evaluate(SOURCES), 0

    def kill() -> None:
        nonlocal killed
        for process in kernels(school.server, folder):
            process.send_signal(signal.SIGKILL)
            killed += 1

    page.evaluate(COUNT_RENEWED)
    for _ in range(TEXTS):
        box = page.locator(BOXES).nth(dice.randrange(page.locator(BOXES).count()))
        box.fill("")
        text = type_through_a_loss(page, folder, dice, kill)
        assert box.input_value() == text
        expect(box).to_be_focused()
        until(page, lambda text=text: text in essays(folder))  # type: ignore[misc]
    assert killed >= TEXTS
    assert page.evaluate(SOURCES) == before
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    assert page.evaluate("renewed") > 0


def test_a_new_kernel_answers_the_questions_that_were_there(writing: tuple[Page, Path], school: Class) -> None:
    page, folder = writing
    page.evaluate(COUNT_RENEWED)
    page.evaluate("document.querySelectorAll('.fg-card').forEach(card => { card.dataset.same = 'yes' })")
    (old,) = kernels(school.server, folder)
    old.send_signal(signal.SIGKILL)
    page.wait_for_function("count => renewed > count", arg=CARDS)
    practice = page.locator(".fg-practice:has(input[type=radio])").first
    practice.locator("input[type=radio]").first.check()
    practice.get_by_role("button", name="Check").click()
    expect(practice.locator(".fg-verdict").first).to_be_visible()
    graded = page.locator(".fg-graded:has(input[type=radio])").first
    graded.locator("input[type=radio]").first.check()
    expect(graded.locator("[role=status]")).to_contain_text(SAVED)
    expect(page.locator(".fg-card[data-same]")).to_have_count(CARDS)


def test_a_kernel_that_was_shut_down_stays_so_until_somebody_wants_it(
    writing: tuple[Page, Path], school: Class
) -> None:
    page, folder = writing
    page.locator(".lm-MenuBar-itemLabel:text-is('Kernel')").click()
    page.locator("li[data-command='kernelmenu:shutdown']").click()
    expect(page.locator(".fg-says")).to_contain_text("stopped")
    until(page, lambda: kernels(school.server, folder) == [])
    settle(page, 3000)  # longer than it takes to look for a kernel again
    assert kernels(school.server, folder) == []
    page.locator(".fg-says button").click()
    card = page.locator(".fg-graded:has(input[type=radio])").first
    card.locator("input[type=radio]").first.check()
    expect(card.locator("[role=status]")).to_contain_text(SAVED)
    expect(page.locator(".fg-says")).to_have_text("")


def test_a_choice_made_while_the_server_is_gone_is_saved_when_it_is_back(tmp_path: Path, browser: Browser) -> None:
    (tmp_path / "root").mkdir()
    port = free_port()
    server = JupyterServer(tmp_path / "root", tmp_path / "home", port=port)
    folder = Class(server, browser).put(f"mine/{NOTEBOOK}", RELEASE).parent
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(server.lab(f"mine/{NOTEBOOK}"))
    wait_for_cards(page, CARDS)
    radio = page.locator(".fg-graded input[type=radio]").first
    card = page.locator(".fg-graded:has(input[type=radio])").first
    status = card.locator("[role=status]")
    box = page.locator(BOXES).first
    # JupyterLab's dialog of a lost server waits for who is writing alone, so the box has the focus from here on.
    box.click()
    server.kill()
    radio.evaluate("radio => radio.click()")
    typed = ""

    def told_while_typing() -> bool:
        nonlocal typed
        page.keyboard.type("bad dd 00 ")
        typed += "bad dd 00 "
        return "connection" in page.locator(".fg-says").inner_text() and "Not saved" in str(status.text_content())

    until(page, told_while_typing)
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    server = JupyterServer(tmp_path / "root", tmp_path / "home", port=port)
    expect(status).to_contain_text(SAVED, timeout=milliseconds(DONE_WITHIN))
    page.keyboard.type("end")
    until(page, lambda: f"{typed}end" in essays(folder))
    assert ResponseRecord(folder, MODULE).of(str(card.get_attribute("id")).removeprefix("fg-")).saved
    assert box.input_value() == f"{typed}end"
    expect(radio).to_be_checked()
    expect(page.locator(".fg-says")).to_have_text("")
    page.close()
    server.stop()


# The ids under which the page's widgets come to it, in the kernel's answer to its question for all of them.
MODELS = re.compile(rb'"[0-9a-f]{8}(?=[0-9a-f]{24}": ?\{"model_name")')


@pytest.mark.parametrize("app", APPS)
def test_questions_that_do_not_come_to_a_second_browser_are_asked_for_again(school: Class, app: str) -> None:
    path = f"second-{app}/{NOTEBOOK}"
    school.put(path, RELEASE)
    first = school.open(app, path)
    wait_for_cards(first, CARDS)
    with first.expect_response(lambda reply: reply.request.method == "PUT" and NOTEBOOK in reply.url and reply.ok):
        first.keyboard.press("Control+s")

    mangled = []

    def mangle(message: str | bytes) -> str | bytes:
        if isinstance(message, bytes) and b"update_states" in message:
            changed, count = MODELS.subn(b'"ffffffff', message)
            mangled.append(count)
            return changed
        return message

    def listen(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda message: socket.send(mangle(message)))

    second = school.open(app, path, lambda page: page.route_web_socket("**/channels*", listen))
    wait_for_cards(second, CARDS)
    assert sum(mangled) >= CARDS
    expect(second.get_by_text("Error displaying widget")).to_have_count(0)
    card = second.locator(".fg-graded:has(input[type=radio])").first
    card.locator("input[type=radio]").first.check()
    expect(card.locator("[role=status]")).to_contain_text(SAVED)
    second.context.close()
    first.context.close()


# The first question is drawn a second time in the place where it is.
DRAW_TWICE = """
new MutationObserver((_, watch) => {
    const root = document.querySelector(".fg-root.fg-card");
    if (!root) return;
    watch.disconnect();
    const twin = root.cloneNode(true);
    twin.dataset.twin = "yes";
    window.twin = twin;
    root.after(twin);
}).observe(document, { childList: true, subtree: true });
"""


@pytest.mark.parametrize("app", APPS)
def test_a_question_that_was_drawn_twice_is_there_once(school: Class, app: str) -> None:
    path = f"twice-{app}/{NOTEBOOK}"
    school.put(path, RELEASE)
    page = school.open(app, path, lambda page: page.add_init_script(DRAW_TWICE))
    page.wait_for_function("window.twin")  # a look from here may come after it is gone again
    expect(page.locator("[data-twin]")).to_have_count(0)
    wait_for_cards(page, CARDS)
    page.context.close()
