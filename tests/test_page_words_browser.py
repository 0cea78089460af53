"""The course's pages in the pseudo language, as a student meets them: all that they say has its marks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import JupyterServer
from playwright.sync_api import Browser, Page, expect
from test_words_browser import NAMES, graded_course
from translated import SMALL
from unmarked import unmarked

from fieldguide.courseplan import PLAN_FILE, Plan, Planned, now
from fieldguide.words import Words, speaking
from fieldguide.words.pseudo import LANGUAGE, pseudo

TIME = "2026-11-28 06:10:11.123456 UTC"
LATER = "02-later"
SETTINGS = """c = get_config()
c.CourseDirectory.course_id = "ethics"
c.CourseDirectory.student_id = "ana"
c.Exchange.root = {!r}
"""
#: All that is read of a page. Code, times and names of files are in no language; a term's English form stays beside it.
READ = """() => {
    const copy = document.documentElement.cloneNode(true);
    const unspoken = "script, code, time, .checksums dt, a[href*='/files/'], #Boundary, #term h2, dt[id]";
    for (const part of copy.querySelectorAll(unspoken)) part.remove();
    for (const part of copy.querySelectorAll("noscript")) { // a text for the browser, as it runs scripts
        part.textContent = new DOMParser().parseFromString(part.textContent, "text/html").body.textContent;
    }
    const told = ["aria-label", "title", "alt", "placeholder", "aria-description", "aria-valuetext"];
    return [copy.textContent, ...[...copy.querySelectorAll("*")].flatMap((node) =>
        [...told.map((name) => node.getAttribute(name)), node.ariaLabel].filter(Boolean))];
}"""


class Student:
    """A student's server, the exchange behind it, and a page on it that is read wherever it is."""

    def __init__(self, folder: Path, browser: Browser) -> None:
        self.course = graded_course(folder)
        self.exchange, self.root = folder / "exchange", folder / "root"
        for place in ("outbound", "inbound", "feedback"):
            (self.exchange / "ethics" / place).mkdir(parents=True)
        self.outbound = self.exchange / "ethics" / "outbound" / SMALL
        self.root.mkdir()
        (self.root / "nbgrader_config.py").write_text(SETTINGS.format(str(self.exchange)), encoding="utf-8")
        self.server = JupyterServer(self.root, folder / "jupyter")
        context = browser.new_context(extra_http_headers={"Accept-Language": LANGUAGE}, reduced_motion="reduce")
        self.page: Page = context.new_page()

    def release(self) -> None:
        shutil.copytree(self.course / "release" / SMALL, self.outbound)
        titles = {SMALL: pseudo("A small module"), LATER: pseudo("Later")}
        plan = Plan(now(), tuple(Planned(name, title, 60) for name, title in titles.items()))
        (self.outbound / PLAN_FILE).write_text(plan.text(), encoding="utf-8")

    def return_feedback(self) -> None:
        place = self.root / SMALL / "feedback" / TIME
        place.mkdir(parents=True)
        shutil.copy(self.course / "feedback" / "ana" / SMALL / f"{SMALL}.html", place)

    def read(self, address: str | None = None) -> None:
        """Go there, and read what has no marks, and that the page says which language it is in."""
        if address is not None:
            self.page.goto(f"{self.server.url}/fieldguide/{address}")
        expect(self.page.locator("main")).not_to_have_attribute("data-drawing", "")
        expect(self.page.locator("[data-cell]:empty")).to_have_count(0)
        expect(self.page.locator("html")).to_have_attribute("lang", LANGUAGE)
        expect(self.page.locator("html")).to_have_attribute("dir", "rtl")
        found = [word for text in self.page.evaluate(READ) for word in unmarked(text)]
        assert [word for word in found if word.isascii() and word not in NAMES] == [], self.page.url

    def says(self, section: str, word: str, /, **values: str) -> None:
        """Wait until the page says this."""
        with speaking(LANGUAGE):
            said = Words(section).say(word, **values)
        expect(self.page.get_by_text(said).first).to_be_visible()


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Student]:
    student = Student(tmp_path_factory.mktemp("pseudo"), browser)
    yield student
    student.server.stop()


def test_the_course_says_nothing_in_english_from_the_first_look_to_the_feedback(student: Student) -> None:
    page = student.page
    module, hand_in = f"module/{SMALL}/{SMALL}.ipynb", f"hand-in/{SMALL}/{SMALL}.ipynb"
    student.read("")
    student.says("home", "nothing_yet")
    student.read()
    gone = student.exchange.rename(student.exchange.with_name("gone"))
    student.read("")
    expect(page.locator(".news.is-trouble")).not_to_be_empty()
    student.read()
    gone.rename(student.exchange)
    student.release()
    student.read("")
    expect(page.locator(f"[id='{LATER}']")).to_be_visible()
    student.read()
    page.locator(f"[id='{SMALL}'] button").click()
    page.wait_for_url("**/module/**")
    student.read()
    page.locator("a.is-defined").first.click()
    expect(page.locator("#term")).to_be_visible()
    student.read()
    page.keyboard.press("Escape")
    # What cannot be saved is told, and what somebody else saved meanwhile is offered.
    page.context.set_offline(True)
    essay = page.locator(".fg-graded:has(textarea)")
    essay.get_by_role("textbox").fill(pseudo("I would ask."))
    student.says("coursepage", "kept_in_browser")
    student.read()
    page.context.set_offline(False)
    expect(page.locator("#saving")).to_be_empty()
    page.locator(".fg-graded input").first.check()
    student.says("coursepage", "answered", answered="2", total="6")
    student.read()
    student.read("glossary")
    student.read("")
    student.read(hand_in)
    gone = student.exchange.rename(student.exchange.with_name("gone"))
    page.locator("form .button").click()
    student.says("handing", "not_handed_in")
    student.read()
    gone.rename(student.exchange)
    page.locator("form .button").click()
    student.says("handing", "unchanged")
    student.read()
    student.read(module)
    page.locator(".fg-graded input").nth(1).check()
    student.says("on_page", "submit_again")
    student.read()
    student.read(hand_in)
    student.says("handing", "changed")
    student.read()
    student.read("")
    student.read(f"feedback/{SMALL}")
    student.says("returned", "none_yet")
    student.return_feedback()
    student.read(f"feedback/{SMALL}")
    region = page.locator(".returned[id]").first
    region.locator("summary").last.click()
    region.get_by_role("textbox").fill(" ")
    region.locator("form button").click()
    student.says("returned", "not_asked")
    student.read()
    region.get_by_role("textbox").fill(pseudo("Why?"))
    region.locator("form button").click()
    student.says("returned", "you_asked")
    student.read()
    student.read("")


def test_a_module_that_was_changed_or_taken_back_and_every_refusal_say_nothing_in_english(student: Student) -> None:
    page = student.page
    own = student.root / SMALL
    if not own.exists():
        student.release()
        shutil.copytree(student.outbound, own)
    released = student.outbound / f"{SMALL}.ipynb"
    text = released.read_text("utf-8")
    released.write_text(text.replace(pseudo("One thing")[:5], pseudo("One thing")[:5] + "ẋ"), encoding="utf-8")
    assert released.read_text("utf-8") != text
    student.read("")
    student.says("home", "newer_text")
    student.read()
    page.locator(".newer button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    student.read()
    shutil.rmtree(student.outbound)
    student.read("")
    student.says("home", "withdrawn")
    student.read()
    student.read(f"hand-in/{SMALL}/{SMALL}.ipynb")
    student.says("exchange", "withdrawn")
    student.read("module/nothing.ipynb")
    student.says("coursepage", "no_such_module")
    (student.root / "odd").mkdir()
    (student.root / "odd" / "odd.ipynb").write_text("{", encoding="utf-8")
    student.read("module/odd/odd.ipynb")
    student.says("coursepage", "damaged", name="odd.ipynb")
    for place, why in (("submitted", "submission"), ("another", "answers")):
        copy = student.root / place / SMALL
        shutil.copytree(own, copy)
        (copy / f"{SMALL}.essays.json").write_text("{}", encoding="utf-8")
        for kind in ("module", "hand-in", "feedback"):
            student.read(f"{kind}/{place}/{SMALL}/{SMALL}.ipynb")
            student.says("coursepage", f"refused_{why}")
