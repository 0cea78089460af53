"""What a real screen reader speaks on a module's page, held to what was read and found good.

``SPOKEN=write ./run test tests/test_screenreader.py`` writes tests/data/spoken/ anew, to be read like any other change.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import orca
import pytest
from browser import JupyterServer
from conftest import PROJECT
from desk_course import own_jupyter
from live_course import PRACTICE
from orca import Reader
from playwright.sync_api import Locator, Playwright, expect
from saved import SAVED_AT
from test_feedback_page import page_of, put
from test_live_pages import Class as VoteClass
from test_student_exchange import MODULE as HANDED_IN
from test_student_exchange import Class

from fieldguide.grading.instructor import read_instructor_notebook

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.alone]
#: A module with a question of every type, a case and a worksheet.
MODULE = "04-questions-for-your-agency"
SPOKEN = Path(__file__).parent / "data" / "spoken"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """A class with two modules: one to answer, and one to hand in, with feedback."""
    course = Class(tmp_path_factory.mktemp("class"))
    shutil.copytree(PROJECT / "release" / MODULE, course.root / MODULE)
    course.take("fetch")
    notebook = read_instructor_notebook(PROJECT / "source" / HANDED_IN / f"{HANDED_IN}.ipynb")
    assert notebook is not None
    put(course.root, page_of(notebook, text="Whom would you ask first?"))
    return course


@pytest.fixture(scope="module")
def reader(driver: Playwright, course: Class, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("orca")
    server = JupyterServer(course.root, folder / "server")
    try:
        with orca.reading(driver, folder, f"{server.url}/fieldguide/module/{MODULE}/{MODULE}.ipynb") as reader:
            yield reader
    finally:
        server.stop()


def opened(reader: Reader, page: str, module: str) -> None:
    """Go to a page of a module, unless one is there."""
    address = f"/fieldguide/{page}/{module}/{module}.ipynb"
    if address not in reader.page.url:
        reader.page.goto(reader.page.url.partition("/fieldguide/")[0] + address)
    reader.page.locator("main:not([data-drawing])").wait_for()
    # A table tells of its rows when it comes.
    expect(reader.page.locator("[data-cell]:empty")).to_have_count(0)


def h1(reader: Reader, text: str) -> Locator:
    return reader.page.locator("h1").filter(has_text=text)


def verdict(reader: Reader, item: str) -> Locator:
    return reader.page.locator(f"#fg-{item} .fg-verdict").filter(visible=True)


def saved(reader: Reader, item: str) -> Locator:
    return reader.page.locator(f"#fg-{item} [role=status]").filter(has_text=SAVED_AT)


def choice(reader: Reader) -> None:
    item = "look-up-every-new-family"
    reader.land(f"#fg-{item} h3")
    reader.press("Tab", "ArrowDown", "Tab")
    reader.press("Space", until=verdict(reader, item))
    # Back among the choices the vignette is not read again.
    reader.press("Shift+Tab")


def several(reader: Reader) -> None:
    item = "ideas-for-the-agency-page"
    reader.land(f"#fg-{item} h3")
    reader.press("Tab", "Space", "Tab", "Space")
    reader.press("Enter", until=verdict(reader, item), parts=True)


def match(reader: Reader) -> None:
    reader.land("#fg-share-ask-or-leave-out h3")
    reader.press("Tab", "ArrowDown", "Tab", "ArrowDown", "Shift+Tab")


def order(reader: Reader) -> None:
    reader.land("#fg-steps-of-an-agreed-search h3")
    reader.press("Tab", "Space", "Tab", "Space", "Space")


def hottext(reader: Reader) -> None:
    item = "one-month-in-outreach"
    reader.land(f"#fg-{item} h3")
    reader.press("Tab")
    reader.press("Space", until=saved(reader, item))
    reader.press("Tab")


def entry(reader: Reader) -> None:
    item = "no-current-rule-on-being-found"
    reader.land(f"#fg-{item} h3")
    reader.press("Tab")
    reader.write("three")
    reader.press("Enter")
    reader.press("Control+a", "Delete")
    reader.write("3")
    reader.press("Enter", until=verdict(reader, item), parts=True)


def essay(reader: Reader) -> None:
    item = "devin-asks-and-answers"
    reader.land(f"#fg-{item} h3")
    reader.press("Tab")
    reader.write("Devin asks on Monday.", until=saved(reader, item))
    reader.press("Tab")


def case(reader: Reader) -> None:
    reader.land("#fg-irenas-message h3")
    reader.press("Tab", "ArrowDown", "Tab")
    reader.press("Space", until=reader.page.locator("#fg-irenas-message h4:focus"))
    reader.press("Tab", "Tab")


def worksheet(reader: Reader) -> None:
    item = "irenas-message-ethic"
    reader.land(f"#fg-{item} input")
    reader.press("ArrowDown", until=saved(reader, item), parts=True)
    reader.press("Tab")


def helped(reader: Reader) -> None:
    item = "the-article-about-your-father"
    reader.land(f"#fg-{item} h3")
    reader.press("Tab", "ArrowDown", "ArrowDown", "Tab")
    reader.press("Space", until=verdict(reader, item))
    # Try again
    reader.press("Tab", "Space", "ArrowDown", "Tab")
    reader.press("Space", until=verdict(reader, item))
    reader.press("Tab")
    # Hint
    reader.press("Tab")
    reader.press("Space", until=reader.page.locator(f"#fg-{item} [aria-expanded=true]"))
    # Show answer
    reader.press("Tab")
    reader.press("Space", until=verdict(reader, item).filter(has_text="The answer"))


def decision(reader: Reader) -> None:
    case = "#fg-a-dance-in-the-hallway"
    send = f"{case} .fg-decision .fg-primary"
    reader.land(f"{case} h3")
    reader.press("Tab", "ArrowDown", "Tab")
    reader.press("Space", until=reader.page.locator(f"{case} h4:focus").filter(has_text="Step 2"))
    reader.press("Tab", "ArrowDown", "Tab")
    reader.press("Space", until=reader.page.locator(f"{case} .fg-end h4:focus"))
    reader.browse(*"hphp")
    reader.land(send)
    told = reader.page.locator(f"{case} .fg-decision > [role=status]")
    reader.press("Space", until=told.filter(has_text="Not sent"))
    reader.press("ArrowDown", "Tab", "ArrowDown", "Tab")
    reader.write("A plan comes first, for messages above all.", until=told.filter(has_text=SAVED_AT))
    reader.land(send)
    reader.press("Space", until=reader.page.locator(f"{case} .fg-decision h4:focus"))
    reader.browse(*"hpp")


def around(reader: Reader) -> None:
    reader.land("a.skip")
    reader.browse(*"hphp")
    reader.press("Tab")
    reader.land("#looks select")
    reader.press("ArrowDown")
    reader.press("ArrowUp")


def handing(reader: Reader) -> None:
    reader.land("#hand-in")
    reader.follow("Enter", h1(reader, "Hand in:"))
    reader.browse(*"hhpk")
    reader.press("Tab")
    reader.land("main form button")
    reader.follow("Enter", h1(reader, "Handed in:"))
    reader.browse(*"hhppk")


def feedback(reader: Reader) -> None:
    reader.land("a.skip")
    reader.browse(*"hpp")
    reader.land("main nav a")
    reader.press("Tab", "Enter")
    reader.browse(*"hpppp")
    reader.land("main summary")
    reader.press("Enter", "Tab")
    reader.write("My answer names no one.")
    reader.press("Tab")
    reader.follow("Enter", reader.page.get_by_text("You asked for another look:"))
    reader.browse(*"hppp")


def vote(reader: Reader, room: VoteClass) -> None:
    code = room.put(f"{PRACTICE}/")
    page = reader.page
    page.goto(f"{room.ana.url}/live/{code}")
    page.locator("#room").wait_for()
    reader.start("vote")
    reader.press("Tab", "ArrowDown", "Tab")
    reader.press("Space", until=page.locator(".counted"), parts=True)
    room.course.vote(code, 1, tool=7, words=3, ban=10)
    closed = page.get_by_role("main").get_by_text("Talk about it with the people around you")
    reader.news("the instructor closes the vote", lambda: room.take(code, "close"), closed)
    reader.news("the instructor shows how it fell", lambda: room.take(code, "figures"), page.locator(".figures"))
    reader.browse("h", "t", "Down", "Down", "Down", "Down")
    reader.news("the instructor shows the answer", lambda: room.take(code, "answer"), page.locator(".why"))
    room.take(code, "end")


ANSWERING = (choice, several, match, order, hottext, entry, essay, helped, case, decision, worksheet)


@pytest.mark.parametrize(
    ("page", "module", "walk"),
    [
        *(("module", MODULE, walk) for walk in ANSWERING),
        ("module", HANDED_IN, around),
        ("module", HANDED_IN, handing),
        ("feedback", HANDED_IN, feedback),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_orca_speaks_what_was_read_and_found_good(
    course: Class, reader: Reader, page: str, module: str, walk: Callable[[Reader], None]
) -> None:
    if walk is feedback:
        course.take("submit")  # feedback is of what was handed in
    opened(reader, page, module)
    reader.start(walk.__name__)
    walk(reader)
    spoken_as_kept(reader, walk.__name__)


def test_orca_speaks_of_a_vote_in_class_and_of_each_news(
    reader: Reader, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("live")
    with own_jupyter(folder):
        room = VoteClass(folder)
        try:
            vote(reader, room)
        finally:
            room.course.close()
    spoken_as_kept(reader, "vote")


def spoken_as_kept(reader: Reader, name: str) -> None:
    file = SPOKEN / f"{name}.txt"
    if os.environ.get("SPOKEN") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(reader.transcript(), encoding="utf-8")
    assert reader.transcript() == file.read_text(encoding="utf-8")
