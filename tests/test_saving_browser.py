"""Saving in a real Chromium, the same in every box: steady typing, what the line says, and leaving the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from case_page import CasePage
from case_samples import CASE
from form_page import FormPage
from form_samples import PART, WORKSHEET
from player_page import PlayerPage
from playwright.sync_api import Browser, Locator, Page
from samples import CHOICE, ENTRY, ESSAY
from saved import SAVED, SAVED_AT
from sessions import view_of
from settling import pass_time, stop_clock

from fieldguide.cases.worksheet.model import read_worksheet
from fieldguide.cases.worksheet.session import WorksheetSession
from fieldguide.notebook.widget import CellView
from fieldguide.player.words import say
from fieldguide.policy.reading import read_policy
from fieldguide.policy.session import PolicySession
from fieldguide.responses import ResponseRecord

pytestmark = pytest.mark.browser


@dataclass
class Box:
    """A box to write in, in a page of its own."""

    page: Page
    node: Locator
    #: The line that a sighted student reads.
    line: Locator
    kernel_is: Callable[..., None]
    on_disk: Callable[[], str | None]

    def key(self, text: str, ms: int) -> None:
        """One key, and time that goes by, in which what is sent arrives and is answered."""
        self.node.press_sequentially(text)
        pass_time(self.page, ms)

    def wait_for_line(self, text: str) -> None:
        self.page.wait_for_function(
            "([line, text]) => line.textContent.startsWith(text)", arg=[self.line.element_handle(), text]
        )

    def asks(self) -> bool:
        """Whether the page asks before it is left."""
        return bool(
            self.page.evaluate(
                "() => !dispatchEvent(new Event('beforeunload', { cancelable: true }))",
            )
        )


@contextmanager
def essay(browser: Browser, folder: Path) -> Iterator[Box]:
    name = ESSAY.split("\n")[0].removeprefix("id: ")
    record = ResponseRecord(folder, "05-m")
    with PlayerPage(browser, folder, items=(ESSAY,)) as shown:
        card = shown.card(name)
        line = card.locator("[role=status] > p").first
        yield Box(shown.page, card.get_by_role("textbox"), line, shown.kernel_is, lambda: record.essay(name)[0])


@contextmanager
def reason(browser: Browser, folder: Path) -> Iterator[Box]:
    record = ResponseRecord(folder, "02-m")
    record.save("thursday-940", {"paths": [["robin", "no"]]})
    with CasePage(browser, folder, CASE) as shown:
        line = shown.decision.locator("> [role=status]")
        node = shown.decision.get_by_role("textbox")
        yield Box(shown.page, node, line, shown.kernel_is, lambda: record.essay("thursday-940")[0])


@contextmanager
def form(browser: Browser, folder: Path, make: Callable[[ResponseRecord], Any], essay: str) -> Iterator[Box]:
    record = ResponseRecord(folder, "02-m")
    with FormPage(browser, lambda: make(record)) as shown:
        node = shown.card.get_by_role("textbox").first
        line = shown.card.locator(".fg-saved")
        yield Box(shown.page, node, line, shown.kernel_is, lambda: record.essay(essay)[0])


def worksheet(browser: Browser, folder: Path) -> Any:
    def make(record: ResponseRecord) -> CellView:
        return view_of("worksheet", WorksheetSession(read_worksheet(WORKSHEET, "sample"), record, []))

    return form(browser, folder, make, "caption-ethic.think")


def policy(browser: Browser, folder: Path) -> Any:
    def make(record: ResponseRecord) -> CellView:
        return view_of("policy", PolicySession(read_policy(PART, "sample"), record, []))

    return form(browser, folder, make, "policy-requests.requests")


@pytest.fixture(params=[essay, reason, worksheet, policy], ids=lambda kind: kind.__name__)
def box(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[Box]:
    (tmp_path / "m").mkdir()
    with request.param(browser, tmp_path / "m") as made:
        stop_clock(made.page)
        yield made


def test_what_is_typed_without_a_pause_is_saved_meanwhile(box: Box) -> None:
    typed = ""
    for _ in range(20):  # six seconds, in which nobody pauses for as long as it takes to be saved
        box.key("a", 300)
        typed += "a"
    on_disk = box.on_disk()
    assert on_disk is not None and len(typed) - len(on_disk) <= 8, on_disk
    # It says so only of all that stands there.
    assert not box.line.inner_text().startswith(SAVED)
    pass_time(box.page, 2000)
    box.wait_for_line(SAVED)
    assert box.on_disk() == typed


def test_saved_is_taken_back_with_the_first_key_after_it(box: Box) -> None:
    box.key("a", 1000)
    box.wait_for_line(SAVED)
    box.node.press_sequentially("b")
    assert box.line.inner_text() == say("saving") and box.on_disk() == "a"
    pass_time(box.page, 1000)
    box.wait_for_line(SAVED)
    assert box.on_disk() == "ab"


def test_whoever_leaves_with_something_unsaved_is_asked_at_once(box: Box) -> None:
    assert not box.asks()
    box.kernel_is("dead")
    box.node.press_sequentially("a")
    assert box.asks()
    box.kernel_is("ok")
    pass_time(box.page, 6000)
    box.wait_for_line(SAVED)
    assert not box.asks() and box.on_disk() == "a"


def test_who_types_on_while_the_kernel_is_gone_is_told_so_all_the_same(box: Box) -> None:
    box.kernel_is("dead")
    for _ in range(26):
        box.key("a", 300)
    assert box.line.inner_text() == say("not_saved_yet")
    box.kernel_is("ok")
    pass_time(box.page, 6000)
    box.wait_for_line(SAVED)
    assert box.on_disk() == "a" * 26


def test_the_keys_that_save_save_what_is_typed_and_reach_jupyterlab(box: Box) -> None:
    heard = """() => document.addEventListener("keydown", ({ key, target }) => {
        if (key === "s") window.heard = !target.hasAttribute("data-lm-suppress-shortcuts");
    }, true)"""
    box.page.evaluate(heard)
    # JupyterLab listens on the document, at first or at last, and passes a key by that was prevented before.
    prevented = """() => [document, window].forEach((place) =>
        place.addEventListener("keydown", (event) => (place.prevented = event.defaultPrevented)))"""
    box.page.evaluate(prevented)
    box.node.press_sequentially("abc")
    box.page.keyboard.press("ControlOrMeta+s")
    pass_time(box.page, 100)
    box.wait_for_line(SAVED)
    assert box.on_disk() == box.node.input_value() == "abc"
    assert box.page.evaluate("[heard, document.prevented, window.prevented]") == [True, False, True]
    box.node.press_sequentially("s")  # a letter stays a letter, and JupyterLab hears nothing of it
    assert box.page.evaluate("heard") is False and box.node.input_value() == "abcs"


def test_what_stands_in_an_entry_or_was_clicked_is_asked_about_too(browser: Browser, tmp_path: Path) -> None:
    choice, entry = (text.split("\n")[0].removeprefix("id: ") for text in (CHOICE, ENTRY))
    with PlayerPage(browser, tmp_path, items=(CHOICE, ENTRY)) as player:
        node = player.card(entry).get_by_role("textbox")
        asks = "() => !dispatchEvent(new Event('beforeunload', { cancelable: true }))"
        node.fill("12")
        node.press("Enter")
        player.card(entry).get_by_text(SAVED_AT).wait_for()
        assert not player.page.evaluate(asks)
        player.kernel_is("closed")
        node.press_sequentially(".")
        assert player.says(entry) == say("not_left")
        assert player.page.evaluate(asks)
        node.press("Backspace")
        player.kernel_is("ok")
        node.press("Enter")
        player.card(entry).get_by_text(SAVED_AT).wait_for()
        assert not player.page.evaluate(asks)
        player.kernel_is("dead")
        player.card(choice).get_by_role("radio").first.check()
        assert player.page.evaluate(asks)
