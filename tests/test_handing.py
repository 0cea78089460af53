"""Handing in from the page: what is not answered, the receipt, and what changed since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import JupyterServer
from playwright.sync_api import Browser, Page, Response, expect
from saved import SAVED_AT
from test_student_exchange import MODULE, Class

from fieldguide.courseplan import PLAN_FILE, Plan, Planned, now
from fieldguide.responses.names import is_receipt

ITEM = "four-hundred-colleagues"
PATH = f"{MODULE}/{MODULE}.ipynb"


@pytest.fixture
def course(tmp_path: Path) -> Class:
    course = Class(tmp_path)
    course.take("fetch")
    return course


@pytest.fixture
def server(course: Class, tmp_path: Path) -> Iterator[JupyterServer]:
    server = JupyterServer(course.root, tmp_path / "jupyter")
    yield server
    server.stop()


@pytest.fixture
def page(server: JupyterServer, browser: Browser) -> Page:
    page = browser.new_context(viewport={"width": 1000, "height": 900}).new_page()
    page.goto(f"{server.url}/fieldguide/hand-in/{PATH}")
    return page


def receipts(course: Class) -> list[Path]:
    return sorted(path for path in course.own.iterdir() if is_receipt(path.name))


def handed_in(course: Class) -> list[Path]:
    return sorted((course.exchange / "ethics" / "inbound").iterdir())


def saves(answer: Response) -> bool:
    """Whether an answer of the server's is that what was given is saved."""
    return answer.ok and '"kind":"save"' in (answer.request.post_data or "")


@pytest.mark.browser
def test_a_student_sees_what_is_not_answered_hands_in_and_has_a_receipt(
    course: Class, server: JupyterServer, page: Page, browser: Browser
) -> None:
    open_questions = page.get_by_role("region", name="Not answered yet").get_by_role("link")
    before = open_questions.count()
    assert before > 1
    page.locator(f"[href$='#fg-{ITEM}']").click()
    card = page.locator(f"#fg-{ITEM}")
    card.get_by_role("radio").first.check()
    expect(card.get_by_text(SAVED_AT)).to_be_visible()
    page.get_by_role("link", name="Hand in", exact=True).click()
    expect(page.get_by_role("region", name="Not answered yet").get_by_role("link")).to_have_count(before - 1)

    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Handed in:")
    expect(page.get_by_role("status")).to_have_text(
        "This is handed in. When your instructor gives feedback, you find it on your course page."
    )
    expect(page).to_have_url(f"{server.url}/fieldguide/hand-in/{PATH}?handed-in")
    receipt = page.get_by_role("region", name="What you handed in")
    expect(receipt).to_contain_text("No answer has changed since.")
    (copy,) = handed_in(course)
    for name in (f"{MODULE}.ipynb", f"{MODULE}.responses.jsonl"):
        checksum = hashlib.sha256((copy / name).read_bytes()).hexdigest()
        expect(receipt).to_contain_text(checksum)
    (kept,) = receipts(course)
    text = kept.read_text("utf-8")
    assert f"{checksum}  {MODULE}.responses.jsonl" in text and "submission_secret" not in text
    assert receipt.get_by_role("link", name=kept.name).is_visible()
    assert Axe().run(page).violations_count == 0

    page.goto(f"{server.url}/fieldguide/module/{PATH}#fg-{ITEM}")
    in_bar = page.locator("#hand-in")
    expect(in_bar).to_have_text("Handed in")
    expect(in_bar).to_contain_class("is-quiet")
    with page.expect_response(saves):  # that it was saved before is told already
        card.get_by_role("radio").last.check()
    expect(in_bar).not_to_contain_class("is-quiet")
    page.get_by_role("link", name="Hand in", exact=True).click()
    expect(receipt).to_contain_text("Changed since you handed in.")
    expect(receipt.get_by_role("listitem").first.get_by_role("link")).to_have_attribute(
        "href", f"/fieldguide/module/{PATH}?at=fg-{ITEM}#fg-{ITEM}"
    )
    page.get_by_role("button", name="Hand in again").click()
    expect(receipt).to_contain_text("No answer has changed since.")
    assert len(handed_in(course)) == 2
    assert not [path for copy in handed_in(course) for path in copy.iterdir() if is_receipt(path.name)]
    assert [path.name for path in receipts(course)][-1] in receipt.inner_text()


@pytest.mark.browser
@pytest.mark.parametrize(("days", "said"), [(1, "the last time counts"), (-1, "counts as late")])
def test_the_page_says_until_when_and_what_counts(
    course: Class, server: JupyterServer, page: Page, days: int, said: str
) -> None:
    plan = Plan(now(), (Planned(MODULE, "The code", 30, now() + timedelta(days=days)),))
    (course.outbound / PLAN_FILE).write_text(plan.text(), encoding="utf-8")
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.get_by_role("region", name="Hand in again")).to_contain_text(said)
    was_late = page.get_by_role("region", name="What you handed in").get_by_text("That was after it was due.")
    expect(was_late).to_have_count(int(days < 0))
    # It was never opened before: what handing in put on record is the student's own all the same.
    page.get_by_role("link", name="Back to the module").click()
    expect(page.locator(f"#fg-{ITEM}")).to_be_visible()


@pytest.mark.browser
def test_where_handing_in_fails_the_page_says_so_and_what_to_do(course: Class, page: Page) -> None:
    course.exchange.rename(course.exchange.with_name("gone"))
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Not handed in.")
    expect(page.get_by_role("alert")).to_contain_text("say when you tried")
    expect(page.get_by_role("button", name="Hand in", exact=True)).to_be_visible()
    assert receipts(course) == []
