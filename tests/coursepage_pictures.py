"""Draws the pictures of docs/coursepage.md and docs/pages.md: ``python tests/coursepage_pictures.py`` in the project.

Every page is drawn in light and dark, wide and narrow. With a folder behind it, the pictures are put there one by one,
to be looked at, and the docs are left alone.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from browser import FLAGS, JupyterServer, chromium_path
from nbgrader.utils import notebook_hash
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from saved import SAVED_AT
from test_policy_documents import document
from test_student_exchange import MODULE, Class

from fieldguide.coursepage.home import now
from fieldguide.courseplan import PLAN_FILE, Plan, Planned
from fieldguide.grading.feedback import CellMark, feedback_page
from fieldguide.grading.instructor import read_instructor_notebook
from fieldguide.grading.pages import graded_cells
from fieldguide.grading.submission import Submission
from fieldguide.grading.told import For
from fieldguide.items import Essay, score
from fieldguide.policy import htmlfile
from fieldguide.responses import ItemResponses

PROJECT = Path(__file__).parent.parent
PICTURES = PROJECT / "docs" / "images"
SIZES = {"wide": (1280, 800), "narrow": (390, 844)}
POLICY = "07-looking-back"
MOST = 120_000  # ms that a step may take on a busy machine
#: Those that stand in docs/coursepage.md.
CHOSEN = (
    "reading-wide-light",
    "reading-wide-dark",
    "reading-narrow-light",
    "home-begun-wide-light",
    "question-wide-light",
    "case-wide-dark",
    "handing-wide-light",
    "changed-wide-light",
    "feedback-wide-light",
    "feedback-question-wide-dark",
    "worksheet-wide-light",
)


class Student:
    """A student's server with a course, and the pages on it in every size and both themes."""

    def __init__(self, browser: Browser, place: Path) -> None:
        self.course = Class(place)
        shutil.copytree(PROJECT / "release" / POLICY, self.course.outbound.parent / POLICY)
        planned = (
            Planned(MODULE, "The Code of Ethics and social media", 80, now() + timedelta(days=1)),
            Planned("04-questions-for-your-agency", "Questions for your agency", 90, now() + timedelta(days=8)),
            Planned(POLICY, "Looking back", 45, now() + timedelta(days=29)),
        )
        (self.course.outbound / PLAN_FILE).write_text(Plan(now(), planned).text(), encoding="utf-8")
        self.course.take("fetch")
        self.course.take("fetch", POLICY)
        self.server = JupyterServer(self.course.root, place / "jupyter")
        self.browser = browser

    def bring_feedback(self, page: str) -> None:
        """What giving feedback leaves in the exchange."""
        (copy,) = (self.course.exchange / "ethics" / "inbound").iterdir()
        name = notebook_hash(secret=(copy / "submission_secret.txt").read_text(), notebook_id=MODULE)
        (self.course.exchange / "ethics" / "feedback" / f"{name}.html").write_text(page, encoding="utf-8")

    def pages(self, name: str, address: str) -> Iterator[tuple[str, Page]]:
        """A page opened in every size and both themes, with its picture's name."""
        for size, (width, height) in SIZES.items():
            for theme in ("light", "dark"):
                picture = f"{name}-{size}-{theme}"
                context = self.browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if theme == "dark" else "light",
                    reduced_motion="reduce",
                )
                context.set_default_timeout(MOST)
                page = context.new_page()
                page.goto(address if "://" in address else f"{self.server.url}/fieldguide/{address}", wait_until="load")
                page.locator("main[data-drawing], [data-cell]:empty").first.wait_for(state="detached")
                yield picture, page
                context.close()

    def one(self, address: str) -> Page:
        """A page to do something on."""
        page = self.browser.new_page()
        page.set_default_timeout(MOST)
        page.goto(f"{self.server.url}/fieldguide/{address}")
        page.locator("main[data-drawing]").wait_for(state="detached")
        return page


def _to(selector: str, then: Callable[[Page], None] = lambda page: None) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.locator(selector).first.evaluate("node => node.scrollIntoView()")
        then(page)

    return go


def _word(page: Page) -> None:
    page.locator(".prose:not(.is-words) a.is-defined").first.click()


ESSAY = ".fg-graded:has(textarea)"
TEXT = """Mr. Doyle is affected first, since the caption speaks for him. Renata and the agency answer for it.

The agency has to say who speaks in its name. Until it has, Renata takes the photo down and asks."""
READING = {
    "module": lambda page: None,
    "reading": _to(".prose:has(a.is-defined) :is(h2, h3)", _word),
    "question": _to(".fg-practice"),
    "graded": _to(".fg-graded"),
    "case": _to(".fg-case"),
    "worksheet": _to(".cell.is-worksheet"),
    "table": _to(".fg-table, .prose table"),
    "stop": _to(".prose.is-stop"),
}


def _feedback() -> str:
    """Feedback as a student gets it who knew the most, guessed the rest, and wrote the essay."""
    notebook = read_instructor_notebook(PROJECT / "source" / MODULE / f"{MODULE}.ipynb")
    assert notebook is not None
    given, marks = Submission(), {}
    for part in notebook.graded:
        item, chance = part.item, random.Random(part.number)
        if isinstance(item, Essay):
            given.essays[item.id] = TEXT
            levels = {name: criterion.points - 1.0 for name, criterion in item.rubric.items()}
            marks[item.id] = CellMark(sum(levels.values()), "Who asked whom, and what for?", levels)
        else:
            guesses = [item.guess(chance) for _ in range(100 if part.number % 3 else 1)]
            best = max(guesses, key=lambda response: score(item, response).score or 0)
            given.responses[item.id] = ItemResponses(saved=best)
            marks[item.id] = CellMark(score(item, best).score, None)
    return feedback_page(MODULE, notebook.metadata, graded_cells(notebook, given), marks, 0.0, For.STUDENT)


def draw_all(browser: Browser, place: Path, folder: Path) -> None:
    """Every page, as a student meets them one after the other."""
    student = Student(browser, place)
    module = f"module/{MODULE}/{MODULE}.ipynb"

    def draw(name: str, address: str, go: Callable[[Page], None] = lambda page: None) -> None:
        for picture, page in student.pages(name, address):
            go(page)
            page.screenshot(path=folder / f"{picture}.png")

    def print_out(name: str, address: str) -> None:
        page = student.one(address)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 720, "height": 960})  # what a sheet of paper has room for, about
        page.screenshot(path=folder / f"{name}-on-paper.png", full_page=True)
        page.context.close()

    try:
        student.one("").get_by_text("Opens later").wait_for()  # what it has seen of the exchange is kept
        draw("home-new", "")
        for name, go in READING.items():
            draw(name, module, go)
        page = student.one(module)
        page.locator(".fg-graded input").first.check()
        essay = page.locator(ESSAY)
        essay.get_by_role("textbox").fill(TEXT)
        essay.get_by_text(SAVED_AT).wait_for()
        print_out("module", module)
        draw("essay", module, _to(f"{ESSAY} textarea"))
        draw("home-begun", "")
        draw("handing", f"hand-in/{MODULE}/{MODULE}.ipynb")
        page = student.one(f"hand-in/{MODULE}/{MODULE}.ipynb")
        page.locator("form .button").click()
        page.get_by_role("heading", name="What you handed in").wait_for()
        draw("receipt", f"hand-in/{MODULE}/{MODULE}.ipynb")
        draw("handed-in", module)
        page = student.one(module)
        page.locator(".fg-graded input").nth(1).check()
        page.locator("#hand-in:not(.is-quiet)").wait_for()
        draw("changed", f"hand-in/{MODULE}/{MODULE}.ipynb")
        draw("changed-module", module)
        draw("home-changed", "")
        student.bring_feedback(_feedback())
        page = student.one("")
        page.get_by_text("New feedback is here").wait_for()
        draw("home-feedback", "")
        page.get_by_role("button", name="Read feedback").click()
        page.wait_for_url("**/feedback/*")
        draw("feedback", f"feedback/{MODULE}")
        draw("feedback-question", f"feedback/{MODULE}", _to(".returned:has(.is-chosen)"))
        draw("feedback-essay", f"feedback/{MODULE}", _to(".returned:has(blockquote)"))
        draw("request", f"feedback/{MODULE}", _to(".wrong", lambda page: page.locator(".wrong summary").first.click()))
        print_out("feedback", f"feedback/{MODULE}")
        draw("home-returned", "")
        policy = f"module/{POLICY}/{POLICY}.ipynb"
        page = student.one(policy)
        box = page.locator(".is-policy textarea").first
        box.fill("I keep my personal accounts for people I know outside of work, and clients are not among them.")
        page.locator(".is-policy").get_by_text(SAVED_AT).first.wait_for()
        draw("policy", policy, _to(".is-policy .fg-card"))
        draw("module-end", policy, _to(".onward"))
        made = place / "policy.html"
        made.write_bytes(htmlfile.as_html(document(requests="I say no, kindly.\n* May clients follow our page?")))
        draw("policy-document", made.as_uri())
        draw("glossary", "glossary")
        draw("trouble", "module/nothing.ipynb")
        shutil.copytree(student.course.own, student.course.root / "submitted" / "ben" / MODULE)
        draw("refused", f"module/submitted/ben/{MODULE}/{MODULE}.ipynb")
        shutil.copytree(student.course.own, student.course.root / "another" / MODULE)
        draw("refused-answers", f"module/another/{MODULE}/{MODULE}.ipynb")
    finally:
        student.server.stop()


def sheet(folder: Path, name: str) -> Image.Image:
    """The pictures of a page at half their size: wide beside narrow, light above dark."""
    gap, high = 16, max(height for _, height in SIZES.values())
    whole = Image.new("RGB", (sum(width for width, _ in SIZES.values()) + gap, 2 * high + gap), "gray")
    for row, theme in enumerate(("light", "dark")):
        x = 0
        for size, (width, _) in SIZES.items():
            picture = Image.open(folder / f"{name}-{size}-{theme}.png")
            whole.paste(picture.convert("RGB"), (x, row * (high + gap)))
            x += width + gap
    return whole.resize((whole.width // 2, whole.height // 2), Image.Resampling.LANCZOS)


def main(arguments: list[str]) -> None:
    """Draw all to a folder, or for the docs."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(arguments[0]) if arguments else Path(place) / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        (Path(place) / "student").mkdir()
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        try:
            draw_all(browser, Path(place) / "student", folder)
        finally:
            browser.close()
        if not arguments:
            put_in_docs(folder)


def put_in_docs(folder: Path) -> None:
    """What stands in the docs of the pictures in a folder."""
    for name in CHOSEN:
        Image.open(folder / f"{name}.png").convert("RGB").save(PICTURES / f"page-{name}.webp", quality=82)
    for first in folder.glob("*-wide-light.png"):
        name = first.name.removesuffix("-wide-light.png")
        sheet(folder, name).save(PICTURES / f"pages-{name}.webp", quality=75)


if __name__ == "__main__":
    main(sys.argv[1:])
