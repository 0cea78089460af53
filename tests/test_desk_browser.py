"""The desk in a browser: a class from release to export, by keyboard alone and by mouse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import JupyterServer
from conftest import PROJECT
from desk_course import FIRST, DeskCourse
from patience import milliseconds
from playwright.sync_api import Browser, Download, Page, expect

from fieldguide.grading.instructor import read_instructor_notebook
from fieldguide.items import Essay
from fieldguide.responses import ResponseRecord

TITLE = "The Code of Ethics and social media"
ESSAY = "the-caption"
#: nbgrader is imported, and a class graded.
DONE_WITHIN = 60


class Room(DeskCourse):
    """The course, and the instructor's server."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "ana", "ben", "cleo")
        self.at: JupyterServer = self.server()


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    room = Room(tmp_path)
    yield room
    room.at.stop()


def tab_to(page: Page, said: str) -> None:
    """Press Tab until what has the focus says this."""
    for _ in range(60):
        page.keyboard.press("Tab")
        at = "document.activeElement"
        if said in page.evaluate(f"{at}.labels?.[0]?.textContent ?? {at}.textContent"):
            return
    raise AssertionError(f"Tab never reached '{said}'.")


def tab_into(page: Page, place: str) -> None:
    """Press Tab until the focus is in a place."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("place => Boolean(document.activeElement.closest(place))", place):
            return
    raise AssertionError(f"Tab never came into '{place}'.")


def take(page: Page, step: str, title: str, ended: str) -> None:
    """Take a module's next step, by its button and the one of its page, and wait until it has ended."""
    tab_to(page, f"{step}: {title}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{step}: {title}")
    assert violations(page) == []
    if step == "Release":
        tab_to(page, "Day and time")
        page.keyboard.type("12042099")
        page.keyboard.press("Tab")  # years have up to six digits
        page.keyboard.type("1159PM")
        expect(page.get_by_label("Time zone of this time")).to_have_value("America/New_York")
    tab_to(page, step)
    page.keyboard.press("Enter")
    expect(page.locator(".work")).to_contain_text(ended, timeout=milliseconds(DONE_WITHIN))
    assert violations(page) == []


def follow(page: Page, step: str) -> None:
    """Follow one of a module's other steps."""
    tab_to(page, f"More steps: {TITLE}")
    page.keyboard.press("Enter")
    tab_to(page, f"{step}: {TITLE}")
    page.keyboard.press("Enter")


def give_more_time_and_take_it_back(page: Page) -> None:
    follow(page, "More time for one student")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"More time for one student: {TITLE}")
    assert violations(page) == []
    tab_to(page, "Student, by name or id")
    page.keyboard.type("ana")
    tab_to(page, "Day and time")
    page.keyboard.type("12062099")
    page.keyboard.press("Tab")
    page.keyboard.type("1159PM")
    tab_to(page, "Give more time")
    page.keyboard.press("Enter")
    done = page.get_by_role("status")
    expect(done).to_contain_text(
        "ana has time until Sunday, December 6, 2099, 11:59\u202fPM.", timeout=milliseconds(DONE_WITHIN)
    )
    assert violations(page) == []
    tab_to(page, "Take it back: ana")
    page.keyboard.press("Enter")
    expect(done).to_contain_text("ana has the same due date as everybody again.", timeout=milliseconds(DONE_WITHIN))
    tab_to(page, "Your course: the desk")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your course: the desk")


def see_it_as_a_student(page: Page, room: Room) -> None:
    follow(page, "See it as a student")
    expect(page.locator("#preview")).to_contain_text("nothing is kept, and nothing can be handed in")
    expect(page.locator("[data-drawing]")).to_have_count(0)
    assert violations(page) == []
    practice = page.locator(".fg-practice").filter(has=page.get_by_role("radio")).first
    practice.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    tab_to(page, "Check")
    page.keyboard.press("Enter")
    expect(practice.locator(".fg-title").first).to_be_visible()
    assert not [*(room.root / "release" / FIRST).glob("*.jsonl")]


def violations(page: Page) -> list[str]:
    return [found["id"] for found in Axe().run(page).response["violations"]]


def test_an_instructor_goes_from_release_to_export_by_keyboard(room: Room, browser: Browser) -> None:
    context = browser.new_context(timezone_id="America/New_York", locale="en-US")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{room.at.url}/fieldguide/desk")
    row = page.locator(f'[id="{FIRST}"]')
    expect(row).to_contain_text("Not released.")
    expect(row).to_have_attribute("aria-current", "step")

    take(page, "Release", "The Code", "is released.")
    expect(row).to_contain_text("Due Friday, December 4, 2099, 11:59\u202fPM")
    expect(row).to_contain_text("0 of 3 students handed in.")

    give_more_time_and_take_it_back(page)
    see_it_as_a_student(page, room)

    everybody_hands_in(room)
    page.goto(f"{room.at.url}/fieldguide/desk")
    expect(row).to_contain_text("3 of 3 students handed in. 3 submissions are not graded yet.")
    take(page, "Collect and grade", TITLE, "3 graded")
    expect(page.locator(".work")).to_contain_text("is collected and graded")

    press(page, f"Score essays: {TITLE}")
    press(page, "Score the 3 essays that wait")
    for _ in range(3):
        expect(page.locator("form[data-ready]")).to_be_visible()
        tab_into(page, "fieldset[data-number='1']")
        page.keyboard.type("2" * len(rubric()))
        expect(page.get_by_label("Comment for the student")).to_be_focused()
        expect(page.locator("#saved")).to_contain_text(f"Criterion {len(rubric())}: 2. Saved.")
        press(page, "Next essay")
    expect(page.locator("main")).to_contain_text("Every essay has points.")
    press(page, "Your course: the desk")

    take(page, "Give feedback", TITLE, "3 students can read it.")
    expect(row).to_contain_text("Everybody whose work is graded can read the feedback.")
    press(page, f"Export grades: {TITLE}")
    press(page, "Make a file for Moodle")
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE, timeout=milliseconds(DONE_WITHIN))
    tab_to(page, "Save the file")
    with page.expect_download() as saved:
        page.keyboard.press("Enter")
    is_the_class(saved.value)
    assert complaints == []


def test_an_instructor_goes_from_release_to_export_by_mouse(room: Room, browser: Browser) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{room.at.url}/fieldguide/desk")

    def click(said: str, within: float = DONE_WITHIN) -> None:
        page.locator("main").locator("a, button").filter(has_text=said).first.click(timeout=milliseconds(within))

    def take_step(step: str, ended: str) -> None:
        click(f"{step}: ")
        page.locator("form.do").get_by_role("button", name=step).click()
        expect(page.locator(".work")).to_contain_text(ended, timeout=milliseconds(DONE_WITHIN))

    click("Release: The Code")
    page.get_by_label("Day and time").fill("2099-12-04T23:59")
    page.locator("form.do").get_by_role("button", name="Release").click()
    expect(page.locator(".work")).to_contain_text("is released.", timeout=milliseconds(DONE_WITHIN))
    everybody_hands_in(room)
    page.reload()
    take_step("Collect and grade", "3 graded")
    click(f"Score essays: {TITLE}")
    click("Score the 3 essays that wait")
    for _ in range(3):
        expect(page.locator("form[data-ready]")).to_be_visible()
        for criterion in page.locator("form[data-ready] fieldset").all():
            criterion.get_by_role("radio").first.click()
        expect(page.locator("#saved")).to_have_text(re.compile(rf"^Criterion {len(rubric())}: .*Saved\.$"))
        with page.expect_navigation():
            click("Next essay")
    expect(page.locator("main")).to_contain_text("Every essay has points.")
    page.get_by_role("link", name="Your course: the desk").first.click()
    take_step("Give feedback", "3 students can read it.")
    click(f"Export grades: {TITLE}")
    click("Make a file for Moodle")
    with page.expect_download() as saved:
        click("Save the file")
    is_the_class(saved.value)
    assert complaints == []


def press(page: Page, said: str) -> None:
    """Press a button, or follow a link, that says this and leads to another page."""
    tab_to(page, said)
    with page.expect_navigation(timeout=milliseconds(DONE_WITHIN)):
        page.keyboard.press("Enter")


def rubric() -> list[str]:
    """The criteria of the module's essay."""
    notebook = read_instructor_notebook(PROJECT / "source" / FIRST / f"{FIRST}.ipynb")
    assert notebook is not None
    (essay,) = (one.item for one in notebook.graded if isinstance(one.item, Essay) and one.item.id == ESSAY)
    return list(essay.rubric)


def everybody_hands_in(room: Room) -> None:
    for name in ("ana", "ben", "cleo"):
        room.take(name, "fetch", FIRST)
        ResponseRecord(room.student(name) / FIRST, FIRST).save_essay(ESSAY, f"What {name} would say to the client.")
        room.take(name, "submit", FIRST)


def is_the_class(saved: Download) -> None:
    """The file is Moodle's, with a row for everybody."""
    text = Path(saved.path()).read_text("utf-8-sig")
    assert saved.suggested_filename.endswith(".csv")
    assert all(name in text for name in ("ana", "ben", "cleo"))


def test_a_due_date_that_is_none_is_said_at_the_form_and_nothing_is_released(room: Room, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{room.at.url}/fieldguide/desk/release/{FIRST}")
    page.get_by_label("Day and time").fill("2026-12-04T23:59")
    page.get_by_label("Time zone of this time").fill("Atlantis/Capital")
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no time zone “Atlantis/Capital”.")
    expect(page.get_by_label("Day and time")).to_have_value("2026-12-04T23:59")
    assert not (room.exchange / "ethics").exists()


def test_who_has_no_course_is_told_so_in_a_sentence(tmp_path: Path, browser: Browser) -> None:
    server = JupyterServer(tmp_path, tmp_path / "home")
    try:
        page = browser.new_page()
        answer = page.goto(f"{server.url}/fieldguide/desk")
        assert answer is not None and answer.status == 403
        expect(page.locator("main")).to_contain_text("The desk is for instructors and assistants.")
    finally:
        server.stop()
