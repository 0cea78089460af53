"""The course's pages for everybody: two engines find nothing in any state, and the keyboard is enough."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from barriers import (
    bars_nobody,
    fits_every_window,
    found_by_axe,
    found_by_ibm,
    not_fitting,
    outline_faults,
    too_small,
    walk,
    walks_by_keyboard,
)
from browser import JupyterServer
from conftest import MODULE, PROJECT
from playwright.sync_api import Browser, Locator, Page, expect
from saved import SAVED_AT
from test_feedback_page import MODULE as RETURNED
from test_feedback_page import page_of, put

from fieldguide.courseplan import PLAN_FILE, Plan, Planned
from fieldguide.grading.instructor import read_instructor_notebook
from fieldguide.responses import ResponseRecord

LATER = "04-questions-for-your-agency"
OTHER = "06-resources"
POLICY = "07-looking-back"
TAKEN_BACK, CHANGED = "01-uses-of-social-media", "02-safe-social-networking"
#: CSS pixels that a page has at the least: a window of 1280 at 400 %.
NARROW = 320
SETTINGS = """c = get_config()
c.CourseDirectory.course_id = "ethics"
c.CourseDirectory.student_id = "ana"
c.Exchange.root = {!r}
"""


class Student:
    """A student's server, with the course's exchange behind it and feedback on one module."""

    def __init__(self, folder: Path) -> None:
        self.exchange, self.root = folder / "exchange", folder / "root"
        for place in ("outbound", "inbound", "feedback"):
            (self.exchange / "ethics" / place).mkdir(parents=True)
        self.root.mkdir()
        (self.root / "nbgrader_config.py").write_text(SETTINGS.format(str(self.exchange)), encoding="utf-8")
        now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        planned = [Planned(name, name[3:], 60, now + timedelta(days=1)) for name in (RETURNED, MODULE, OTHER)]
        plan = Plan(now, (*planned, Planned(LATER, "Later", 90)))
        for name in (RETURNED, MODULE, OTHER, CHANGED):
            outbound = self.exchange / "ethics" / "outbound" / name
            shutil.copytree(PROJECT / "release" / name, outbound)
            (outbound / PLAN_FILE).write_text(plan.text(), encoding="utf-8")
        for name in (RETURNED, MODULE, POLICY, TAKEN_BACK, CHANGED):
            shutil.copytree(PROJECT / "release" / name, self.root / name)
        released = outbound / f"{CHANGED}.ipynb"
        released.write_text(released.read_text("utf-8").replace("social media", "Social Media"), encoding="utf-8")
        # Another's answers lie beside a notebook that this student has not started.
        shutil.copytree(PROJECT / "release" / OTHER, self.root / "another" / OTHER)
        ResponseRecord(self.root / "another" / OTHER, OTHER).save("theirs", "theirs")
        notebook = read_instructor_notebook(PROJECT / "source" / RETURNED / f"{RETURNED}.ipynb")
        assert notebook is not None
        put(self.root, page_of(notebook))
        self.server = JupyterServer(self.root, folder / "jupyter")

    def at(self, address: str = "") -> str:
        """Where a page of the course is."""
        return f"{self.server.url}/fieldguide/{address}"


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Student]:
    student = Student(tmp_path_factory.mktemp("student"))
    yield student
    student.server.stop()


def opened(browser: Browser, address: str) -> Page:
    page = browser.new_context(viewport={"width": 1200, "height": 900}, reduced_motion="reduce").new_page()
    page.goto(address)
    expect(page.locator("main")).not_to_have_attribute("data-drawing", "")
    expect(page.locator("[data-cell]:empty")).to_have_count(0)
    if page.locator("#course").count():  # what the exchange holds comes a moment later
        expect(page.locator(f"[id='{CHANGED}']")).to_contain_text("has released a new version")
        expect(page.locator(f"[id='{TAKEN_BACK}']")).to_contain_text("has taken this module back")
    return page


ADDRESSES = {
    "Home": "",
    "the words": "glossary",
    "a module": f"module/{MODULE}/{MODULE}.ipynb",
    "handing in": f"hand-in/{MODULE}/{MODULE}.ipynb",
    "feedback": f"feedback/{RETURNED}/{RETURNED}.ipynb",
    "no feedback yet": f"feedback/{MODULE}/{MODULE}.ipynb",
    "trouble": "module/nothing/nothing.ipynb",
    "refused": f"module/another/{OTHER}/{OTHER}.ipynb",
}


@pytest.mark.parametrize("which", ADDRESSES)
def test_two_engines_find_nothing_on_a_page_as_it_is_met(student: Student, browser: Browser, which: str) -> None:
    bars_nobody(opened(browser, student.at(ADDRESSES[which])))


@pytest.mark.parametrize("which", ADDRESSES)
def test_a_page_fits_when_narrow_or_enlarged_or_spaced_out(student: Student, browser: Browser, which: str) -> None:
    fits_every_window(opened(browser, student.at(ADDRESSES[which])))


@pytest.mark.parametrize("which", ADDRESSES)
def test_a_page_is_walked_by_keyboard_with_the_focus_in_sight(student: Student, browser: Browser, which: str) -> None:
    walks_by_keyboard(opened(browser, student.at(ADDRESSES[which])))


def test_every_page_has_its_language_title_landmarks_and_headings_in_order(student: Student, browser: Browser) -> None:
    titles = {}
    for which, address in ADDRESSES.items():
        page = opened(browser, student.at(address))
        assert outline_faults(page) == [], which
        titles[which] = page.title()
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to the text")
        expect(skip).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_be_focused()
        if which != "Home":
            first = page.locator("header a").first
            expect(first).to_have_accessible_name("Ethics and Social Media")
            expect(first).to_have_attribute("href", "/fieldguide/")
        # No letter or digit does anything outside of a box.
        before = (page.url, page.evaluate(STANDS))
        page.keyboard.type("abcdefghijklmnopqrstuvwxyz0123456789?/.,")
        assert (page.url, page.evaluate(STANDS)) == before
    assert len(set(titles.values())) == len(titles), titles


#: What stands on a page, and where one is in it.
STANDS = """[scrollY, document.activeElement.id, document.querySelectorAll(":popover-open, dialog, [open]").length,
    ...[...document.querySelectorAll("input")].map((one) => one.checked || one.value)]"""


def card(page: Page, item: str) -> Locator:
    return page.locator(f"#fg-{item}")


def test_two_engines_find_nothing_while_a_module_is_worked_on(student: Student, browser: Browser) -> None:
    address = student.at(ADDRESSES["a module"])
    page = opened(browser, address)
    # Wrong; nothing chosen; saved; a case begun; danger in a worksheet; a table that is searched.
    wrong, nothing, saved = (
        card(page, item) for item in ("reason-to-present-a-case", "where-the-case-goes", "proud-post-closed-list")
    )
    wrong.locator("label", has_text="A retired welder of 71").click()
    wrong.get_by_role("button", name="Check").click()
    expect(wrong.get_by_role("status")).to_contain_text("Start from one question")
    wrong.get_by_role("button", name="Hint").click()
    expect(wrong.get_by_role("status")).to_contain_text("What could a classmate do")
    nothing.get_by_role("button", name="Check").click()
    expect(nothing.get_by_role("status")).to_contain_text("Choose an answer first.")
    saved.get_by_role("radio").first.check()
    expect(saved.get_by_text(SAVED_AT)).to_be_visible()
    case, sheet = card(page, "thursday-940"), card(page, "thursday-ethic")
    case.locator(".fg-story label", has_text="Call Alex, who").click()
    case.get_by_role("button", name="Go on").click()
    expect(case).to_contain_text("You chose: Call Alex, who")
    sheet.get_by_label("Yes").first.check()
    expect(sheet.locator(".fg-urgent")).to_be_visible()
    table = page.locator(".fg-table")
    table.get_by_role("searchbox").fill("daughter")
    expect(table.locator(".fg-count")).not_to_contain_text("8 of 8")
    # An essay with a name in it, reviewed.
    essay = card(page, "thursday-group-chat")
    essay.get_by_role("textbox").fill("My client Persephone Quill wrote from quill@example.org.")
    essay.get_by_role("button", name="Review my text").click()
    expect(essay.locator(".fg-finds")).to_be_visible()
    first = [
        ".bar",
        ".is-module",
        ".is-table",
        *(
            f"#fg-{item}"
            for item in (
                *("reason-to-present-a-case", "where-the-case-goes", "proud-post-closed-list"),
                *("thursday-940", "thursday-ethic", "thursday-group-chat"),
            )
        ),
    ]
    bars_nobody(page, ", ".join(first))
    # The server is away: what is not saved is told. What was wrong is right now; the case is decided.
    wrong.get_by_role("button", name="Try again").click()
    wrong.locator("label", has_text="jokes with me").click()
    wrong.get_by_role("button", name="Check").click()
    expect(wrong.get_by_role("status")).to_contain_text("The class can help with this")
    case.locator(".fg-story label", has_text="Write to your course instructor together").click()
    case.get_by_role("button", name="Go on").click()
    case.locator("label", has_text="Call Alex before anything else").click()
    case.locator("label", has_text="Fairly sure").click()
    case.get_by_role("button", name="Send my decision").click()
    expect(case).to_contain_text("You decided: Call Alex before anything else")
    page.context.set_offline(True)
    saved.get_by_role("radio").last.check()
    essay.get_by_role("textbox").fill("I would call Alex first.")
    expect(page.locator("#saving")).not_to_be_empty()
    bars_nobody(
        page,
        ".bar, #fg-reason-to-present-a-case, #fg-proud-post-closed-list, #fg-thursday-940, #fg-thursday-group-chat",
    )
    fits_every_window(page)
    page.context.set_offline(False)
    expect(page.locator("#saving")).to_be_empty()
    assert [tab.url for tab in page.context.pages] == [address]
    expect(essay.get_by_text(SAVED_AT)).to_be_visible()
    # Another computer saves while this one cannot: its text is offered.
    page.route("**/fieldguide/say/**", lambda route: route.abort())
    essay.get_by_role("textbox").fill("I would call Alex, and then Robin.")
    ResponseRecord(student.root / MODULE, MODULE).save_essay("thursday-group-chat", "I would write to Robin.")
    page.unroute_all()
    expect(page.locator(".kept-offer")).to_contain_text("I would write to Robin.")
    expect(essay.get_by_text(SAVED_AT)).to_be_visible()
    expect(page.locator("#saving")).to_be_empty()
    bars_nobody(page, ".kept-offer, .bar, #fg-thursday-group-chat")
    fits_every_window(page)


def test_two_engines_find_nothing_when_a_policy_is_written_and_made_a_document(
    student: Student, browser: Browser
) -> None:
    page = opened(browser, student.at(f"module/{POLICY}/{POLICY}.ipynb"))
    policy = page.locator(".is-policy")
    policy.get_by_role("textbox").first.fill("Mornings only. My client Persephone Quill agreed.")
    policy.get_by_role("button", name="Review my text").first.click()
    expect(policy.locator(".fg-finds").first).to_be_visible()
    expect(policy.get_by_text(SAVED_AT).first).to_be_visible()
    policy.get_by_role("button", name="Save as a document").click()
    expect(policy.get_by_text("Saved with this module")).to_be_visible()
    bars_nobody(page, ".is-policy")
    page.set_viewport_size({"width": 320, "height": 700})
    assert not_fitting(page) == []


def test_two_engines_find_nothing_with_lines_to_order_numbers_to_write_and_phrases_to_mark(
    student: Student, browser: Browser
) -> None:
    page = opened(browser, student.at())
    page.locator(f"[id='{OTHER}']").get_by_role("button", name="Start").click()
    page.wait_for_url("**/module/**")
    expect(page.locator("[data-cell]:empty")).to_have_count(0)
    order, entry, text = "check-an-offered-reference", "entries-that-need-work", "an-annotation-that-knows-too-much"
    # No line has to be dragged: each has buttons.
    down = card(page, order).get_by_role("button", name="Move down").first
    down.focus()
    page.keyboard.press("Enter")
    expect(card(page, order).get_by_role("status").first).not_to_be_empty()
    card(page, entry).get_by_role("textbox").fill("six or so")
    card(page, entry).get_by_role("button", name="Check").click()
    expect(card(page, entry).get_by_role("status")).to_contain_text("cannot be read as a number")
    card(page, text).get_by_role("checkbox").first.check()
    page.get_by_role("link", name="field instructor").or_(page.locator(".is-defined")).first.click()
    expect(page.locator("#term")).to_be_visible()
    bars_nobody(page, ", ".join(("#term", *(f"#fg-{item}" for item in (order, entry, text)))))
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 390, "height": 700})
    page.get_by_role("button", name="Contents").click()
    expect(page.locator("#contents")).to_be_visible()
    bars_nobody(page, "#contents, .bar")


def test_two_engines_find_nothing_when_it_is_handed_in_and_changed_after(student: Student, browser: Browser) -> None:
    page = opened(browser, student.at(ADDRESSES["handing in"]))
    gone = student.exchange.with_name("gone")
    student.exchange.rename(gone)
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Not handed in.")
    bars_nobody(page)
    gone.rename(student.exchange)
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.get_by_role("region", name="What you handed in")).to_contain_text("No answer has changed since.")
    bars_nobody(page)
    fits_every_window(page)
    page.goto(student.at(ADDRESSES["a module"]))
    changed = card(page, "first-month-post-approved")
    changed.get_by_role("radio").first.check()
    expect(changed.get_by_text(SAVED_AT)).to_be_visible()
    expect(page.locator(".fg-submission")).to_contain_text("changed")
    bars_nobody(page, ".bar, .is-module, #fg-first-month-post-approved")
    page.goto(student.at(ADDRESSES["handing in"]))
    expect(page.get_by_role("region", name="What you handed in")).to_contain_text("Changed since you handed in.")
    bars_nobody(page)
    page.goto(student.at(ADDRESSES["Home"]))
    expect(page.locator(f"[id='{MODULE}']")).to_contain_text("You have changed an answer")
    bars_nobody(page)
    # What this browser could not save is told before handing in, and after it that the login is another one.
    page.goto(student.at(ADDRESSES["a module"]))
    page.route("**/fieldguide/say/**", lambda route: route.abort())
    changed.get_by_role("radio").last.check()
    expect(page.locator("#saved")).to_have_text("Not saved")
    page.get_by_role("link", name="Hand in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("not saved yet, and would not be handed in")
    bars_nobody(page, "main")
    page.context.clear_cookies()
    page.get_by_role("button", name="Hand in again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This was not done")
    bars_nobody(page)
    fits_every_window(page)


def test_two_engines_find_nothing_when_another_look_is_asked_for(student: Student, browser: Browser) -> None:
    page = opened(browser, student.at(ADDRESSES["feedback"]))
    region = page.locator(".returned[id]").first
    region.get_by_text("This seems wrong").click()
    region.get_by_label("What seems wrong").fill("The town is named.")
    region.get_by_role("button", name="Ask for another look").click()
    expect(page.get_by_role("status")).to_contain_text("reaches your instructor")
    bars_nobody(page, ".notice, .returned:has(.request)")
    assert walk(page) == []


POOR = """<!doctype html><html><title></title><style>:focus { outline: none }
    .one { position: absolute; top: 40px; left: 0 } .cut { width: 30px; overflow: hidden; white-space: nowrap }
    .over { position: fixed; inset: 60% 0 0 0; background: #eee } .wide { width: 3000px; text-align: end }</style>
    <main><h2>A</h2><h4>B</h4><div class="cut">much too long for it</div><p class="one">over another text</p>
    <p class="one">over another line</p><img src="data:,"><p class="wide">wide</p>
    <input style="width: 9px; height: 9px"><p><a href="#" style="color: #999">to</a></p><p style="margin-top: 70vh">
    <button>behind</button></p></main><main></main><div class="over"></div>"""


def test_what_bars_people_is_found(browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 800, "height": 600}).new_page()
    page.set_content(POOR)
    assert any(found.startswith("image-alt") for found in found_by_axe(page))
    assert any("VIOLATION FAIL img_alt_valid" in found for found in found_by_ibm(page))
    assert [found.split(":")[0] for found in found_by_axe(page, only="color-contrast")] == ["color-contrast"]
    (pale,) = found_by_ibm(page, only="text_contrast_sufficient")
    assert pale.startswith("VIOLATION FAIL text_contrast_sufficient")
    fits = " ".join(not_fitting(page))
    assert [word for word in ("the page is", "cut off", "overlap", "outside of the window") if word not in fits] == []
    assert len(too_small(page)) == 3
    faults = " ".join(outline_faults(page))
    for word in ("language", "title", "main landmarks", "of level 1", "left out before"):
        assert word in faults
    walked = " ".join(walk(page))
    assert "no outline" in walked and "hidden" in walked
    page.evaluate("addEventListener('keydown', (event) => event.preventDefault())")
    assert walk(page) == ["Tab reaches 0 of 3"]
