"""Scoring essays in a browser: two people by keyboard alone, at once, and what bars nobody from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from barriers import bars_nobody, not_fitting, outline_faults, too_small, walk
from browser import JupyterServer
from course import Course
from graded import grade, with_config
from playwright.sync_api import Browser, Page, Route, expect
from test_desk_scoring import ITEM, Room
from test_grading import CLASS

from fieldguide.grading.staff import keep_staff

FULL = "The disk is full."
TEXT = "I'd ask Robin to take it down tonight, and tell my instructor. " * 30


@pytest.fixture(scope="module")
def served(generated: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[JupyterServer, Room]]:
    folder = tmp_path_factory.mktemp("scored")
    course = with_config(generated.copy(folder / "course", stock=False))
    for student in ("ben", "cleo"):
        course.submit(student, CLASS["right"], {ITEM: TEXT})
    grade(course)
    config = folder / "home" / "config"
    config.mkdir(parents=True)
    settings = (course.root / "nbgrader_config.py").read_text("utf-8")
    root = f"c.CourseDirectory.root = {str(course.root)!r}\n"
    (config / "nbgrader_config.py").write_text(settings + root, encoding="utf-8")
    server = JupyterServer(course.root, folder / "home")
    yield server, Room(course)
    server.stop()


class Scorer:
    """Somebody with a keyboard and no mouse, in a browser of their own."""

    def __init__(self, browser: Browser, server: JupyterServer, name: str) -> None:
        self.page: Page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{server.url}/fieldguide/desk/score/small")
        self.tab_to("Your name as a scorer")
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        expect(self.page.get_by_label("Your name as a scorer")).to_have_value(name)

    def tab_to(self, said: str) -> None:
        """Press Tab until what has the focus says this."""
        for _ in range(60):
            self.page.keyboard.press("Tab")
            at = "document.activeElement"
            group = f"{at}.closest('fieldset')?.querySelector('legend').textContent"
            if said in self.page.evaluate(f"[{group}, {at}.labels?.[0]?.textContent ?? {at}.textContent].join(' ')"):
                return
        raise AssertionError(f"Tab never reached '{said}'.")

    def press(self, said: str) -> None:
        """Press a button, or follow a link, that says this."""
        self.tab_to(said)
        self.page.keyboard.press("Enter")

    def is_ready(self) -> None:
        expect(self.page.locator("form[data-ready]")).to_be_visible()

    def score(self, levels: str) -> None:
        """Give each criterion its level, by its digit."""
        self.is_ready()
        self.tab_to("1. Sees who could be harmed.")
        self.page.keyboard.type(levels)
        expect(self.page.get_by_label("Comment for the student")).to_be_focused()
        expect(self.page.locator("#saved")).to_have_text(f"Criterion 2: {levels[-1]}. Saved.")


def test_two_people_score_by_keyboard_see_where_they_differ_and_settle_it(
    served: tuple[JupyterServer, Room], browser: Browser
) -> None:
    server, room = served
    ana, luz = Scorer(browser, server, "Ana"), Scorer(browser, server, "Luz")
    ana.press("Score the 2 essays that wait")
    ana.score("32")
    expect(ana.page.locator("#total")).to_have_text("5 of 5")
    ana.page.keyboard.type("Name the family.")
    expect(ana.page.locator("#saved")).to_have_text("Saved.")
    # Both are at the same essay now, and both are told.
    luz.page.goto(ana.page.url)
    luz.score("12")
    expect(luz.page.locator("#others")).to_contain_text("Ana scores this essay too.")
    expect(ana.page.locator("#others")).to_contain_text("Luz scores this essay too.")
    ana.press("Next essay")
    expect(ana.page.get_by_role("heading", level=1)).not_to_have_text(luz.page.locator("h1").inner_text())
    ana.score("32")
    ana.press("Lines that you used before")
    ana.press("Name the family.")
    expect(ana.page.get_by_label("Comment for the student")).to_have_value("Name the family.")
    expect(ana.page.locator("#saved")).to_have_text("The line is in the comment. Saved.")
    ana.press("Next essay")

    expect(ana.page.locator("main")).to_contain_text("Every essay has points. You scored 2. Luz scored 1.")
    expect(ana.page.locator("main")).to_contain_text("Sees who could be harmed. Ana: 3. Luz: 1.")
    expect(ana.page.get_by_role("table")).to_contain_text("50% (1 of 2)")
    ana.press("Settle: Essay")
    ana.is_ready()
    ana.tab_to("1. Sees who could be harmed.")
    ana.page.keyboard.press("2")
    expect(ana.page.locator("#saved")).to_have_text("Criterion 1: 2. Saved.")
    ana.press("This counts")
    expect(ana.page.locator("main")).to_contain_text("Settled: 4 of 5 points.")
    assert sorted((room.marks("ben")[0], room.marks("cleo")[0])) == [4.0, 5.0]
    assert ana.complaints == luz.complaints == []


def test_what_the_server_does_not_take_is_told_kept_and_sent_again(
    served: tuple[JupyterServer, Room], browser: Browser
) -> None:
    server, room = served
    kim = Scorer(browser, server, "Kim")
    written = room.task().written[0]
    kim.page.goto(f"{server.url}/fieldguide/desk/score/small/{ITEM}/{written.grade.grade_id}")
    kim.is_ready()
    kim.page.context.set_offline(True)
    kim.tab_to("1. Sees who could be harmed.")
    kim.page.keyboard.type("2")
    expect(kim.page.locator("#saved")).to_contain_text("Not saved yet: your server does not answer.")
    with kim.page.expect_event("requestfailed"):
        kim.press("Next essay")
    kim.page.wait_for_event("requestfailed")  # the first may have been sent before the button was pressed
    expect(kim.page.locator("#saved")).to_contain_text("Not saved yet")  # it has not left
    kim.page.context.set_offline(False)
    expect(kim.page.locator("#saved")).to_have_text("Criterion 1: 2. Saved.")
    assert dict(room.written(written.grade.student).scorings["Kim"].points) == {"people": 2}
    # What a server says in its own words is told, and a login that has ended; both are tried again.
    for status, points, told in ((503, 3, "Not saved yet: The disk is full."), (403, 2, "you are logged out.")):
        kim.page.route("**/keep", answering(status))
        kim.page.locator(f'[name="points.people"][value="{points}"]').check()
        expect(kim.page.locator("#saved")).to_contain_text(told)
        kim.page.unroute("**/keep")
        expect(kim.page.locator("#saved")).to_have_text(f"Criterion 1: {points}. Saved.")
    # Another window of hers is not overwritten.
    other = kim.page.context.new_page()
    other.goto(kim.page.url)
    expect(other.locator("form[data-ready]")).to_be_visible()
    other.get_by_role("radio", name="0 No decision.").check()
    expect(other.locator("#saved")).to_contain_text("Saved.")
    kim.page.get_by_role("radio", name="3 All are named").check()
    expect(kim.page.get_by_role("alert")).to_contain_text("Decides, with reasons. 0.")
    kim.press("Keep what stands here")
    expect(kim.page.get_by_role("alert")).to_have_count(0)
    assert dict(room.written(written.grade.student).scorings["Kim"].points) == {"people": 3}


def answering(status: int) -> Callable[[Route], None]:
    """A server that answers so, and says why."""
    return lambda route: route.fulfill(status=status, json={"message": FULL})


def test_two_engines_find_nothing_and_it_fits_and_is_walked_by_keyboard(
    served: tuple[JupyterServer, Room], browser: Browser
) -> None:
    server, room = served
    one = room.task().written[0]
    room.give(one.grade.student, "Mel", "Name the family.", people=3, decision=2)
    maria = {"id": "p-" + "m" * 16, "first_name": "Maria-Magdalena", "last_name": "Oppenheimer-Vandersteen"}
    keep_staff(room.course, [{**maria, "email": "m.oppenheimer-vandersteen@school.example"}])
    room.give(one.grade.student, maria["id"], "Clear.", people=1, decision=2)
    page = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce").new_page()
    for address in ("", f"/{ITEM}/{one.grade.grade_id}", f"/{ITEM}/{one.grade.grade_id}?settle=yes"):
        page.goto(f"{server.url}/fieldguide/desk/score/small{address}")
        expect(page.locator("form[data-ready]" if address else "form.do")).to_be_visible()
        assert outline_faults(page) == [], address
        bars_nobody(page)
        for width, height in ((1280, 900), (320, 800)):
            page.set_viewport_size({"width": width, "height": height})
            assert not_fitting(page) == [], (address, width)
            assert too_small(page) == [], (address, width)
            assert walk(page) == [], (address, width)
            for told in page.get_by_text("Maria-Magdalena Oppenheimer-Vandersteen (m.").all():  # also beside a table
                assert told.evaluate("one => one.getBoundingClientRect().right <= innerWidth"), (address, width)
        page.set_viewport_size({"width": 1280, "height": 900})
