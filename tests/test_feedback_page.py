"""The feedback where the questions stand, and asking for one to be looked at again."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import JupyterServer
from conftest import PROJECT
from playwright.sync_api import Browser, Page, expect
from test_student_exchange import MODULE, Class

from fieldguide.grading.embedded import find_embedded
from fieldguide.grading.feedback import CellMark, feedback_page
from fieldguide.grading.instructor import InstructorNotebook, read_instructor_notebook
from fieldguide.grading.pages import graded_cells
from fieldguide.grading.submission import Submission
from fieldguide.grading.told import For
from fieldguide.items import Essay, Item
from fieldguide.responses import ItemResponses
from fieldguide.responses.requests import LONGEST_REASON, add_request, read_requests, requests_name

PATH = f"{MODULE}/{MODULE}.ipynb"
TIME = "2026-11-28 06:10:11.123456 UTC"
BAD = "<script>window.canary=1</script><img src=x onerror=window.canary=1>"
ITEM = "four-hundred-colleagues"


@pytest.fixture(scope="module")
def notebook() -> InstructorNotebook:
    notebook = read_instructor_notebook(PROJECT / "source" / MODULE / f"{MODULE}.ipynb")
    assert notebook is not None
    return notebook


def page_of(notebook: InstructorNotebook, reader: For = For.STUDENT, text: str = BAD) -> str:
    """Feedback on answers of which the first option was always chosen, a script in each text, or ``text``."""
    given = Submission()
    for part in notebook.graded:
        if isinstance(part.item, Essay):
            given.essays[part.item.id] = f"I would ask. {text}"
        else:
            given.responses[part.item.id] = ItemResponses(saved=[part.item.rows(None)[0].id])
    marks = {
        part.item.id: CellMark(part.item.maximum / 2, f"Look again. {text}", dict.fromkeys(rubric(part.item), 1.0))
        for part in notebook.graded
    }
    return feedback_page(MODULE, notebook.metadata, graded_cells(notebook, given), marks, 0.5, reader)


def rubric(item: Item) -> list[str]:
    return list(item.rubric) if isinstance(item, Essay) else []


def put(folder: Path, page: str) -> None:
    place = folder / MODULE / "feedback" / TIME
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{MODULE}.html").write_text(page, encoding="utf-8")


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


def opened(server: JupyterServer, browser: Browser, path: str = PATH, **context: object) -> Page:
    page = browser.new_context(viewport={"width": 1000, "height": 900}, **context).new_page()
    page.goto(f"{server.url}/fieldguide/feedback/{path}")
    return page


# -- on the page -------------------------------------------------------------------------------------


@pytest.mark.browser
def test_a_student_reads_the_feedback_at_each_question_and_asks_for_another_look(
    notebook: InstructorNotebook, course: Class, server: JupyterServer, browser: Browser
) -> None:
    put(course.root, page_of(notebook))
    page = opened(server, browser)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.reload()
    told = find_embedded(page_of(notebook).encode())
    expect(page.get_by_role("heading", level=1)).to_have_text(told["title"])
    expect(page.locator(".total")).to_contain_text(told["total"]["said"])
    # In the module's order, and nothing of the module's text between.
    shown = page.locator(".returned > header > h3").all_inner_texts()
    assert shown == [part["title"] for part in told["parts"] if part["is"] == "question"]
    expect(page.locator(".prose")).to_have_count(0)
    for question in (part for part in told["parts"] if part["is"] == "question"):
        region = page.get_by_role("region", name=question["title"], exact=True)
        expect(region).to_contain_text(question["verdict"])
        expect(region).to_contain_text(f"Look again. {BAD}")
        for part in question.get("parts", ()):
            expect(region).to_contain_text(part["why"] if "why" in part else part["text"])
    assert page.evaluate("window.canary") is None
    assert Axe().run(page).violations_count == 0

    region = page.locator(f"#fg-{ITEM}")
    number = next(part["title"] for part in told["parts"] if part.get("id") == ITEM)
    region.get_by_text(f"This seems wrong: {number}", exact=True).click()
    expect(region.get_by_label("What seems wrong")).to_have_accessible_description(
        re.compile(f"^This is about {number}\\. ")
    )
    # Where the login has changed meanwhile nothing is done, and nothing that was written is lost.
    region.get_by_label("What seems wrong").fill(f"The town is named.\n\n{BAD}")
    page.context.clear_cookies()
    region.get_by_role("button", name="Ask for another look").click()
    expect(page.get_by_role("main")).to_contain_text("You have been logged out, or have logged in again")
    expect(page.locator("blockquote")).to_have_text(f"The town is named.\n\n{BAD}")
    assert read_requests(course.own, MODULE) == ([], [])
    page.get_by_role("link", name="Open the page again").click()
    region.get_by_text(f"This seems wrong: {number}", exact=True).click()
    region.get_by_label("What seems wrong").fill(f"The town is named.\n\n{BAD}")
    region.get_by_role("button", name="Ask for another look").click()
    expect(region).to_contain_text("You asked for another look:")
    expect(region).to_contain_text(BAD)
    expect(page.get_by_role("status")).to_contain_text("reaches your instructor when you hand in")
    assert page.evaluate("window.canary") is None
    ((request,), troubles) = read_requests(course.own, MODULE)
    asked = next(part for part in told["parts"] if part.get("id") == ITEM)
    assert (request.item, request.wording, request.points, request.of) == (
        *(ITEM, asked["wording"]),
        *(asked["points"], asked["of"]),
    )
    assert request.reason == f"The town is named.\n\n{BAD}" and troubles == []
    assert Axe().run(page).violations_count == 0
    assert ["403 (Forbidden)" in one for one in complaints] == [True]  # what was sent with another login


@pytest.mark.browser
def test_feedback_prints_without_its_forms_and_a_module_prints_whole(
    notebook: InstructorNotebook, course: Class, server: JupyterServer, browser: Browser
) -> None:
    put(course.root, page_of(notebook))
    page = opened(server, browser)
    page.emulate_media(media="print")
    expect(page.locator(f"#fg-{ITEM}")).to_be_visible()
    expect(page.get_by_text("This seems wrong").first).to_be_hidden()
    page.goto(f"{server.url}/fieldguide/module/{PATH}")
    expect(page.locator(".prose").first).to_be_visible()


@pytest.mark.browser
def test_feedback_that_withholds_the_answer_has_none_on_the_page(
    notebook: InstructorNotebook, course: Class, server: JupyterServer, browser: Browser
) -> None:
    put(course.root, page_of(notebook, For.STUDENT_WITHOUT_ANSWER))
    page = opened(server, browser, MODULE)  # the folder leads there too
    expect(page.locator(".total")).to_be_visible()
    text = page.content()
    reasons = [row.why for part in notebook.graded for row in part.item.rows(None) if row.why]
    assert reasons and not any(reason[:60] in text for reason in reasons)
    assert set(page.locator(".mark").all_inner_texts()) == {"your answer"}


@pytest.mark.browser
def test_without_feedback_or_with_a_page_of_another_make_the_page_says_so(
    course: Class, server: JupyterServer, browser: Browser
) -> None:
    page = opened(server, browser)
    expect(page.get_by_text("There is no feedback on this module here yet.")).to_be_visible()
    put(course.root, "<h1>nbgrader's own</h1>")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("was not made in a form that this page can show")
    with page.expect_response(lambda answer: answer.url.endswith(".html")) as answer:
        page.get_by_role("link", name="Open the page as it came back").click()
    assert answer.value.ok


# -- requests ----------------------------------------------------------------------------------------


def test_a_request_is_added_and_read_back(tmp_path: Path) -> None:
    for reason in ("One.", "Two,\r\nin lines.", "\ud800 half"):
        add_request(tmp_path, MODULE, ITEM, reason, wording="ab", points=None, of=2)
    found, troubles = read_requests(tmp_path, MODULE)
    assert [one.reason for one in found] == ["One.", "Two,\nin lines.", "\ufffd half"] and troubles == []
    assert (tmp_path / requests_name(MODULE)).stat().st_mode & 0o777 == 0o600


def test_a_request_that_cannot_be_kept_is_refused_in_words(tmp_path: Path) -> None:
    for reason, said in (("  \n", "Write what seems wrong first"), ("x" * (LONGEST_REASON + 1), "longer than 5000")):
        with pytest.raises(ValueError, match=said):
            add_request(tmp_path, MODULE, ITEM, reason, wording="ab", points=1, of=2)
    assert not (tmp_path / requests_name(MODULE)).exists()
    with pytest.raises(ValueError, match="no room"):
        for _ in range(300):
            add_request(tmp_path, MODULE, ITEM, "é" * LONGEST_REASON, wording="ab", points=1, of=2)


def test_a_damaged_file_of_requests_gives_what_can_be_read(tmp_path: Path) -> None:
    add_request(tmp_path, MODULE, ITEM, "Good.", wording="ab", points=1, of=2)
    path = tmp_path / requests_name(MODULE)
    good = path.read_bytes()
    odd = json.loads(good) | {"of": "two"}
    lines = [b"\xff", b"[" * 70_000, b"{}", json.dumps(odd).encode(), good.rstrip(), b'{"v": 1, "ti']
    path.write_bytes(b"\n".join(lines))
    add_request(tmp_path, MODULE, ITEM, "Better.", wording="ab", points=1, of=2)
    found, troubles = read_requests(tmp_path, MODULE)
    assert [one.reason for one in found] == ["Good.", "Better."]
    assert troubles == [f"5 lines of {path.name} could not be read and were left out."]


def test_no_link_is_followed_and_no_file_without_end_is_read(tmp_path: Path) -> None:
    path = tmp_path / requests_name(MODULE)
    path.symlink_to("/dev/zero")
    assert "could not be read" in read_requests(tmp_path, MODULE)[1][0]
    with pytest.raises(OSError, match="plain file"):
        add_request(tmp_path, MODULE, ITEM, "Why?", wording="ab", points=1, of=2)
    path.unlink()
    path.mkdir()
    assert read_requests(tmp_path, MODULE)[0] == []
    shutil.rmtree(path)
    assert read_requests(tmp_path, MODULE) == ([], [])
