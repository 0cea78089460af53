"""How a course notebook looks to a student: dark where the system is, and its text as large as the cards'."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from browser import JupyterServer
from conftest import MODULE, PROJECT
from playwright.sync_api import Browser, Page, expect
from school import APPS, NOTEBOOK, Class, card_count, wait_for_cards

pytestmark = pytest.mark.browser

RELEASE = PROJECT / "release" / MODULE / NOTEBOOK
CARDS = card_count(RELEASE)


@pytest.fixture(params=APPS)
def at_night(student: JupyterServer, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A notebook that a student opens whose system is dark."""
    path = f"night-{request.param}/{NOTEBOOK}"
    Class(student, browser).put(path, RELEASE)
    page = browser.new_page(color_scheme="dark")
    page.goto(student.lab(path) if request.param == "lab" else student.notebook7(path))
    wait_for_cards(page, CARDS)
    yield page
    page.close()
    shutil.rmtree(student.home / "config" / "lab" / "user-settings", ignore_errors=True)


def test_a_dark_system_makes_a_dark_page_until_somebody_chooses_another(at_night: Page) -> None:
    dark, light = (at_night.locator(f"body[data-jp-theme-light={said}]") for said in ("false", "true"))
    expect(dark).to_be_attached()
    at_night.emulate_media(color_scheme="light")
    expect(light).to_be_attached()
    at_night.emulate_media(color_scheme="dark")
    expect(dark).to_be_attached()
    at_night.locator(".lm-MenuBar-itemLabel:text-is('Settings')").click()
    at_night.locator(".lm-Menu-itemLabel:text-is('Theme')").click()
    with at_night.expect_response(lambda reply: reply.request.method == "PUT" and ":themes" in reply.url):
        at_night.locator("li[data-command='apputils:change-theme']", has_text="JupyterLab Light").first.click()
    expect(light).to_be_attached()
    at_night.reload()
    wait_for_cards(at_night, CARDS)
    expect(light).to_be_attached()


@pytest.mark.parametrize("app", APPS)
def test_the_reading_is_as_large_as_what_the_cards_say(school: Class, app: str) -> None:
    module = "01-uses-of-social-media"  # its reading has a table, too
    path = f"large-{app}/{module}.ipynb"
    school.put(path, PROJECT / "release" / module / f"{module}.ipynb")
    page = school.open(app, path)
    page.wait_for_selector(".fg-card .fg-option label")
    sizes = """texts => Object.fromEntries([...texts].map(text => [text.localName, getComputedStyle(text).fontSize]))"""
    card = set(page.locator(".fg-card .fg-option label").evaluate_all(sizes).values())
    assert len(card) == 1
    for part in ("p", "li", "td"):  # cells are drawn a few at a time
        page.wait_for_selector(f".jp-MarkdownCell:not(.fg-help) {part}", state="attached")
    reading = page.locator(".jp-MarkdownCell:not(.fg-help) :is(p, li, td, th)").evaluate_all(sizes)
    assert {"p", "li", "td"} <= reading.keys()
    assert set(reading.values()) == card
    page.context.close()
