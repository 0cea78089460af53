"""Home in a browser: a course from the first look to the feedback, by a student with a real exchange of folders."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import JupyterServer, zone_of_today
from conftest import PROJECT
from nbgrader.utils import notebook_hash
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from fieldguide.courseplan import PLAN_FILE, Plan, Planned
from fieldguide.responses import ResponseRecord

FIRST, SECOND, LATER = "00-start-here", "03-code-of-ethics", "04-questions-for-your-agency"
NOW = datetime.now(UTC).replace(tzinfo=None, microsecond=0)


class Classroom:
    """A student's server, and the exchange that it reaches."""

    def __init__(self, folder: Path) -> None:
        self.exchange = folder / "exchange"
        self.root = folder / "root"
        self.root.mkdir()
        for place in ("outbound", "inbound", "feedback"):
            (self.exchange / "ethics" / place).mkdir(parents=True)
        settings = folder / "home" / "config"
        settings.mkdir(parents=True)
        (settings / "nbgrader_config.py").write_text(
            "c = get_config()\nc.CourseDirectory.course_id = 'ethics'\nc.CourseDirectory.student_id = 'ana'\n"
            # The server does not stand in its root folder, to which JupyterLab's list of assignments would go.
            f"c.Exchange.root = {str(self.exchange)!r}\nc.Exchange.assignment_dir = {str(self.root)!r}\n",
            encoding="utf-8",
        )
        self.server = JupyterServer(self.root, folder / "home")

    def outbound(self, module: str) -> Path:
        return self.exchange / "ethics" / "outbound" / module

    def release(self, *modules: str, due: datetime | None = None) -> None:
        for module in modules:
            if not self.outbound(module).exists():
                shutil.copytree(PROJECT / "release" / module, self.outbound(module))
        planned = (Planned(FIRST, "Start here", 35), Planned(SECOND, "The Code", 80, due), Planned(LATER, "Later", 90))
        for module in modules:
            (self.outbound(module) / PLAN_FILE).write_text(Plan(NOW, planned).text(), encoding="utf-8")

    def return_feedback(self, points: float, of: float) -> None:
        (copy,) = (self.exchange / "ethics" / "inbound").iterdir()
        name = notebook_hash(secret=(copy / "submission_secret.txt").read_text(), notebook_id=SECOND)
        total = {"points": points, "of": of, "penalty": 0, "waits": False, "said": f"{points} of {of}"}
        told = {"v": 1, "module": SECOND, "language": "en", "title": "T", "total": total, "parts": [], "checks": []}
        page = f'<script type="application/json" id="fieldguide-feedback">{json.dumps(told)}</script>'
        (self.exchange / "ethics" / "feedback" / f"{name}.html").write_text(page, encoding="utf-8")


@pytest.fixture
def classroom(tmp_path: Path) -> Iterator[Classroom]:
    classroom = Classroom(tmp_path)
    yield classroom
    classroom.server.stop()


def at_home(classroom: Classroom, context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(f"{classroom.server.url}/fieldguide/")
    return page


def row(page: Page, module: str) -> Locator:
    return page.locator(f'[id="{module}"]')


def complaints_of(page: Page) -> list[str]:
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    return found


def test_a_student_goes_from_the_first_look_to_the_feedback(classroom: Classroom, browser: Browser) -> None:
    zone = zone_of_today("America/New_York")
    context = browser.new_context(viewport={"width": 1200, "height": 900}, timezone_id=zone, locale="en-US")
    page = at_home(classroom, context)
    complaints = complaints_of(page)
    expect(page.get_by_text("Nothing has been released yet")).to_be_visible()
    there = datetime.now(ZoneInfo(zone))
    tomorrow = (there + timedelta(days=1)).replace(hour=20, minute=0, second=0, microsecond=0)
    classroom.release(FIRST, SECOND, due=tomorrow.astimezone(UTC).replace(tzinfo=None))
    page.reload()
    expect(row(page, SECOND)).to_contain_text("The Code")
    assert page.get_by_role("listitem").count() == 3
    expect(row(page, SECOND)).to_contain_text("Due tomorrow, 8:00\u202fPM")
    expect(row(page, SECOND)).to_have_attribute("aria-current", "step")  # what is due comes before what is not
    expect(row(page, LATER)).to_contain_text("Opens later.")
    assert row(page, LATER).locator("button, a").count() == 0
    # Nobody fetches: it opens.
    row(page, SECOND).get_by_role("button", name=re.compile(r"^Start\s*: The Code$")).click()
    page.wait_for_url(f"**/fieldguide/module/{SECOND}/{SECOND}.ipynb")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    # The one before is released and not here yet: it is fetched as it is opened.
    expect(page.get_by_role("link", name="Previous module")).to_have_attribute("href", f"/fieldguide/open/{FIRST}")
    record = ResponseRecord(classroom.root / SECOND, SECOND)
    graded = re.findall(r"(?<=- )[\w-]+", _head(classroom)["graded"])
    record.save(graded[0], ["something"])
    page = at_home(classroom, context)
    expect(row(page, SECOND)).to_contain_text("1 of 7 questions answered.")
    expect(row(page, SECOND).get_by_role("link", name="Continue")).to_be_visible()
    for one in graded[1:]:
        record.save(one, ["something"])
    page.reload()
    expect(row(page, SECOND).get_by_role("link", name="Hand in")).to_be_visible()
    _hand_in(page, classroom)
    page.reload()
    expect(row(page, SECOND)).to_contain_text("Handed in today, ")
    record.save(graded[0], ["something else"])
    page.reload()
    expect(row(page, SECOND)).to_contain_text("You have changed an answer since then")
    classroom.return_feedback(21, 28)
    page.reload()
    expect(row(page, SECOND)).to_contain_text("New feedback is here.")
    row(page, SECOND).get_by_role("button", name="Read feedback").click()
    page.wait_for_url(f"**/fieldguide/feedback/{SECOND}")
    expect(page.get_by_text("21 of 28")).to_be_visible()
    page = at_home(classroom, context)
    expect(row(page, SECOND)).to_contain_text("Feedback: 21 of 28.")
    expect(row(page, SECOND).get_by_role("link", name="Read feedback")).to_be_visible()
    # The record was changed after it was handed in.
    expect(row(page, SECOND)).to_contain_text("the change counts only if you hand in again")
    for name, leads in (("Hand in again", "hand-in"), ("The Code", "module")):
        link = row(page, SECOND).get_by_role("link", name=re.compile(f"^{name}"))
        expect(link).to_have_attribute("href", f"/fieldguide/{leads}/{SECOND}/{SECOND}.ipynb")
    page.goto(f"{classroom.server.url}/fieldguide/module/{SECOND}/{SECOND}.ipynb")
    page.get_by_role("link", name="Read feedback").click()
    expect(page.get_by_text("21 of 28")).to_be_visible()
    assert classroom.server.ask("api/kernels") == []
    assert complaints == []


def _head(classroom: Classroom) -> dict[str, str]:
    """The lists of a module's head, as they are written."""
    cells = json.loads((classroom.outbound(SECOND) / f"{SECOND}.ipynb").read_text("utf-8"))["cells"]
    text = next("".join(cell["source"]) for cell in cells if cell["id"] == "module-head")
    return dict(re.findall(r"^(\w+):\n((?:- .*\n?)+)", text, re.MULTILINE))


def _hand_in(page: Page, classroom: Classroom) -> None:
    """As JupyterLab's list of assignments does, or a terminal."""
    asked = page.request.post(
        f"{classroom.server.url}/assignments/submit",
        form={"assignment_id": SECOND, "course_id": "ethics"},
        headers={"X-XSRFToken": _xsrf(page)},
    )
    assert asked.json()["success"], asked.json()


def _xsrf(page: Page) -> str:
    return next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "_xsrf")


def test_without_scripts_a_course_is_found_and_a_module_opened(classroom: Classroom, browser: Browser) -> None:
    classroom.release(FIRST)
    page = at_home(classroom, browser.new_context(java_script_enabled=False))
    page.get_by_role("button", name="Look for what is new").click()
    row(page, FIRST).get_by_role("button", name="Start").click()
    expect(page).to_have_title(re.compile("Start here"))
    assert (classroom.root / FIRST / f"{FIRST}.ipynb").is_file()


def test_a_new_version_is_offered_and_taken_with_the_answers_as_they_were(
    classroom: Classroom, browser: Browser
) -> None:
    classroom.release(SECOND)
    shutil.copytree(classroom.outbound(SECOND), classroom.root / SECOND)
    record = ResponseRecord(classroom.root / SECOND, SECOND)
    record.save("an-answer", "mine")
    released = classroom.outbound(SECOND) / f"{SECOND}.ipynb"
    released.write_text(released.read_text("utf-8").replace("Code of Ethics", "code of ethics"), encoding="utf-8")
    page = at_home(classroom, browser.new_context())
    expect(row(page, SECOND)).to_contain_text("Your instructor has released a new version")
    row(page, SECOND).get_by_role("button", name="Use the new version").click()
    expect(page.get_by_role("alert")).to_contain_text("You have the new version of")
    assert (classroom.root / SECOND / f"{SECOND}.ipynb").read_bytes() == released.read_bytes()
    assert record.snapshot().of("an-answer").saved == "mine"


def test_each_trouble_is_a_sentence_and_what_is_here_stays_usable(classroom: Classroom, browser: Browser) -> None:
    classroom.release(FIRST, SECOND)
    shutil.copytree(classroom.outbound(FIRST), classroom.root / FIRST)
    page = at_home(classroom, browser.new_context())
    expect(row(page, SECOND).get_by_role("button", name="Start")).to_be_visible()
    # Taken back between the look and the click.
    shutil.move(classroom.outbound(SECOND), classroom.exchange / "kept")
    row(page, SECOND).get_by_role("button", name="Start").click()
    expect(page.get_by_role("alert")).to_contain_text("Your instructor has taken this module back for now")
    shutil.rmtree(classroom.exchange)
    page.goto(f"{classroom.server.url}/fieldguide/")
    expect(page.get_by_role("status")).to_contain_text("Your course's folder cannot be reached just now")
    row(page, FIRST).locator(".button").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "Traceback" not in page.content()


def test_a_link_of_the_course_site_opens_its_module_or_says_that_it_is_not_open_yet(
    classroom: Classroom, browser: Browser
) -> None:
    link = f"{classroom.server.url}/fieldguide/open/{FIRST}"
    classroom.release(SECOND)
    page = browser.new_context().new_page()
    page.goto(link)
    expect(page.get_by_role("alert")).to_contain_text("“Start here” is not open yet")
    classroom.release(FIRST)
    for _ in ("fetched", "there by now"):
        page.goto(link)
        expect(page).to_have_url(re.compile(f"/fieldguide/module/{FIRST}/{FIRST}.ipynb$"))
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_an_address_that_was_made_up_is_no_trouble_of_the_server(classroom: Classroom, browser: Browser) -> None:
    page = browser.new_context().new_page()
    for query in (
        "trouble=%3Cb%3E.x",
        "trouble=no_such",
        "told=renewed&module=%3Cscript%3E",
        "told=not_yet&module=%3Cscript%3E",
    ):
        answer = page.goto(f"{classroom.server.url}/fieldguide/?{query}")
        assert answer is not None and answer.status == 200
        expect(page.get_by_role("alert")).to_be_visible()
        assert page.locator("main b, main script").count() == 0
    refused = page.request.post(f"{classroom.server.url}/fieldguide/start", form={"module": FIRST, "course": "ethics"})
    assert refused.status == 403, "a form of another site opens nothing"


def test_focus_stays_where_it_is_when_the_list_is_brought_up_to_date(classroom: Classroom, browser: Browser) -> None:
    classroom.release(FIRST)
    page = at_home(classroom, browser.new_context())
    start = row(page, FIRST).get_by_role("button", name="Start")
    start.focus()
    classroom.release(FIRST, SECOND)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(row(page, SECOND)).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("this list is up to date now")
    expect(start).to_be_focused()


LOOKS: list[dict[str, Any]] = [
    {"viewport": {"width": 1200, "height": 900}},
    {"viewport": {"width": 1200, "height": 900}, "color_scheme": "dark"},
    {"viewport": {"width": 320, "height": 700}},
    {"viewport": {"width": 320, "height": 700}, "forced_colors": "active"},
]


def test_home_is_right_for_axe_in_every_look_and_never_wider_than_the_window(
    classroom: Classroom, browser: Browser
) -> None:
    classroom.release(FIRST, SECOND, due=NOW - timedelta(days=2))
    shutil.copytree(classroom.outbound(FIRST), classroom.root / FIRST)
    shutil.copytree(PROJECT / "release" / "01-uses-of-social-media", classroom.root / "01-uses-of-social-media")
    for look in LOOKS:
        page = at_home(classroom, browser.new_context(**look))
        expect(row(page, SECOND)).to_contain_text("You can still hand it in")
        for address in ("", "glossary"):
            page.goto(f"{classroom.server.url}/fieldguide/{address}")
            results = Axe().run(page)
            assert results.violations_count == 0, results.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (look, address)
    expect(page.get_by_text("Technology standards", exact=True)).to_be_visible()
