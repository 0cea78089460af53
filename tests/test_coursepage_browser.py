"""A module's page in a browser: its own server, its own scripts, and no kernel."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import JupyterServer
from conftest import MODULE, PROJECT
from playwright.sync_api import Browser, Page, expect
from saved import SAVED_AT

PATH = f"fieldguide/module/{MODULE}/{MODULE}.ipynb"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[JupyterServer]:
    shutil.copytree(PROJECT / "release" / MODULE, tmp_path / "root" / MODULE)
    server = JupyterServer(tmp_path / "root", tmp_path / "home")
    yield server
    server.stop()


def open_module(server: JupyterServer, browser: Browser) -> Page:
    page = browser.new_context(viewport={"width": 1200, "height": 900}).new_page()
    page.goto(f"{server.url}/{PATH}")
    return page


def test_a_question_is_answered_and_comes_back_without_a_kernel(server: JupyterServer, browser: Browser) -> None:
    page = open_module(server, browser)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    card = page.locator("#fg-proud-post-closed-list")
    card.get_by_role("radio").first.check()
    expect(card.get_by_text(SAVED_AT)).to_be_visible()
    expect(page.locator(".bar").get_by_text("1 of 7 answered")).to_be_visible()
    page.reload()
    expect(card.get_by_role("radio").first).to_be_checked()
    expect(page.locator(".fg-root").nth(23)).to_be_attached()
    expect(page.get_by_role("table").first).to_be_visible()
    assert server.ask("api/kernels") == []
    page.goto(f"{page.url}?at=fg-proud-post-closed-list")  # the question's own link, after a login
    expect(card.get_by_role("heading").first).to_be_focused()
    expect(page).to_have_url(f"{server.url}/{PATH}#fg-proud-post-closed-list")
    assert complaints == []


def test_two_pages_of_a_module_tell_each_other(server: JupyterServer, browser: Browser) -> None:
    one, two = open_module(server, browser), open_module(server, browser)
    card = "#fg-proud-post-closed-list"
    expect(two.locator(card).get_by_role("radio").first).not_to_be_checked()
    one.locator(card).get_by_role("radio").first.check()
    expect(two.locator(card).get_by_role("radio").first).to_be_checked()
