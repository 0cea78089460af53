"""A whole class on JupyterHub without JupyterLab: one by mouse, one by keyboard alone, one on a telephone who goes on
in a notebook. The tests of this file are one story, run in its order, and end with the first that fails.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from barriers import found_by_axe, found_by_ibm
from classroom import CASE, Classroom, Keys, Person
from conftest import MODULE
from patience import DONE_WITHIN, milliseconds
from playwright.sync_api import Browser, Page, expect
from saved import SAVED_AT
from school import until

from fieldguide.hub.environment import role_environment
from fieldguide.responses import ResponseRecord

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.in_order]

COURSE = "fieldguide"
TITLE = "Questions for the classroom"
#: A practice question of the module, and one that a class can vote on.
VOTED_ON = "chat-that-no-text-names"
ESSAY = "thursday-group-chat"
WRITTEN = {
    "ana": "I would ask Robin to take the photo down, and call Alex tonight.",
    "ben": "First Alex, because the family is Alex's to speak for.",
    "chioma": "Robin first, and then our instructor.",
}
#: In the worksheet, the first box.
NOTED = "The agency's rules on photos"
# What they answer, and what it earns by the text of the module, worked out by hand:
# ana:    2 + (3 right, 1 wrong: 2 of 3) + 2 + 0 + (2 of 4: 1) + 2 = 9, and 7 for the essay = 16 of 29
# ben:    2 + (2 right: 2 of 3) + 0 + (1 right, 1 wrong: 0) + (4 of 4: 2) + 2 = 8, and 5 for the essay = 13 of 29
# chioma: 2 + (3 right: 3) + 2 + (2 right, 0 wrong: 2 of 3) + (1 of 4: 0.5) + 2 = 11.5, and 6 for the essay = 17.5 of 29
LEVELS = {"ana": (3, 3, 1, 0, 0), "ben": (3, 2, 0, 0, 0), "chioma": (3, 3, 0, 0, 0)}
TOTALS = {"ana": 16.0, "ben": 13.0, "chioma": 17.5}
START = re.compile(f"^Start ?: {TITLE}$")  # the title is there for who does not see the list


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    classroom = Classroom(tmp_path_factory.mktemp("classroom"))
    yield classroom
    classroom.stop()


@pytest.fixture(scope="module")
def ana(browser: Browser, classroom: Classroom) -> Person:
    return Person(browser, classroom, "ana")


@pytest.fixture(scope="module")
def ben(browser: Browser, classroom: Classroom) -> Keys:
    return Keys(browser, classroom, "ben")


@pytest.fixture(scope="module")
def chioma(browser: Browser, classroom: Classroom) -> Person:
    person = Person(browser, classroom, "chioma")
    person.page.close()
    person.page = browser.new_context(
        viewport={"width": 390, "height": 844}, device_scale_factor=2, is_mobile=True, has_touch=True
    ).new_page()
    return person


def at_desk(classroom: Classroom, *command: str) -> str:
    """What an instructor's command says, in their course folder."""
    course = classroom.home("instructor") / COURSE
    environment = {
        **os.environ,
        **role_environment(
            "instructor", course_id=COURSE, exchange=str(classroom.folder / "exchange"), course=str(course), tryout=True
        ),
        "HOME": str(classroom.home("instructor")),
    }
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=course, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def drawn(page: Page) -> None:
    """Wait until all of the module is there, its tables too."""
    page.locator(f"#fg-{ESSAY} textarea").wait_for()
    page.locator("main:not([data-drawing])").wait_for()
    expect(page.locator("[data-cell]:empty")).to_have_count(0)


def test_a_module_is_released(classroom: Classroom) -> None:
    at_desk(classroom, "nbgrader", "release_assignment", MODULE)


def test_who_logs_in_is_at_home_and_starts_with_one_button(ana: Person) -> None:
    ana.log_in()
    page = ana.page
    page.wait_for_url(re.compile(r"/user/ana/fieldguide/?$"))
    page.get_by_role("button", name=START).click()
    page.wait_for_url(re.compile(f"/module/{MODULE}/"))
    drawn(page)
    assert not [address for address in ana.asked if "/lab" in address or "/api/kernels" in address]


def test_a_module_is_answered_by_mouse(ana: Person) -> None:
    page = ana.page
    practice = ana.card("reason-to-present-a-case")
    practice.locator("label", has_text="A retired welder of 71").click()
    practice.get_by_role("button", name="Check").click()
    expect(practice.get_by_role("status")).to_contain_text("Start from one question")
    ana.option("proud-post-closed-list", "twins came at 26 weeks").click()
    for text in ("driving the only school bus", "name and its population", "barn fire", "sleep, which has become bad"):
        ana.option("facts-the-seminar-can-do-without", text).click()
    ana.option("first-month-post-approved", "as the director decided").click()
    ana.option("what-the-photo-still-needs", "Faces that have been blurred").click()
    for number, standard in enumerate(("recording", "posting", "searching")):
        ana.card("which-standard-speaks").locator("select").nth(number).select_option(standard)
    ana.option("both-texts-allow-it", "Nothing that the handbook").click()
    ana.choose_in_case("Call Alex, who doesn't know yet")
    ana.choose_in_case("Write to your course instructor together")
    case = ana.card(CASE)
    case.locator("label", has_text="Call Alex before anything else").click()
    case.locator("label", has_text="Fairly sure").click()
    case.get_by_role("button", name="Send my decision").click()
    expect(case).to_contain_text("You decided: Call Alex before anything else")
    table = page.get_by_role("searchbox", name="Search").first
    table.fill("daughter")
    expect(page.locator(".fg-count").first).not_to_contain_text("8 of 8")
    worksheet = ana.card("thursday-ethic").get_by_role("textbox").first
    worksheet.fill(NOTED)
    expect(ana.card("thursday-ethic")).to_contain_text(SAVED_AT)
    box = ana.card(ESSAY).locator("textarea")
    box.fill("My client Persephone")
    ana.card(ESSAY).get_by_role("button", name="Review my text").click()
    expect(ana.card(ESSAY)).to_contain_text("Persephone")
    box.fill(WRITTEN["ana"])
    expect(ana.card(ESSAY)).to_contain_text(SAVED_AT)
    expect(page.locator("#progress")).to_have_text("7 of 7 answered")


def test_everything_is_back_after_a_reload_and_in_another_browser(ana: Person, browser: Browser) -> None:
    ana.page.reload()
    other = Person(browser, ana.classroom, "ana")
    other.log_in()
    other.page.get_by_role("link", name=re.compile(f"(Continue|Hand in) ?: {TITLE}")).wait_for()
    other.page.goto(ana.page.url)
    for person in (ana, other):
        drawn(person.page)
        expect(person.option("proud-post-closed-list", "twins came at 26 weeks")).to_be_checked()
        expect(person.card("facts-the-seminar-can-do-without").locator("input:checked")).to_have_count(4)
        expect(person.card("which-standard-speaks").locator("select").nth(2)).to_have_value("searching")
        expect(person.card(ESSAY).locator("textarea")).to_have_value(WRITTEN["ana"])
        expect(person.card(CASE)).to_contain_text("You decided: Call Alex before anything else")
        expect(person.card("thursday-ethic").get_by_role("textbox").first).to_have_value(NOTED)
    # Whoever sits at this computer next does not find it open.
    other.page.get_by_role("link", name="Your courses").click()
    expect(other.page.get_by_role("heading", name="Your courses")).to_be_visible()
    other.page.go_back()
    drawn(other.page)
    other.page.get_by_role("link", name="Log out").click()
    expect(other.page.get_by_role("heading", name="You are logged out")).to_be_visible()
    other.page.goto(ana.page.url)
    expect(other.page.get_by_label("Username")).to_be_visible()
    other.page.context.close()


def test_who_was_logged_out_logs_in_again_in_another_tab_and_loses_nothing(ana: Person) -> None:
    page = ana.page
    page.context.clear_cookies()  # as when the hub's login has run out
    text = f"{WRITTEN['ana']} Then the family."
    ana.card(ESSAY).locator("textarea").fill(text)
    with page.expect_popup() as opened:
        page.locator("#saving").get_by_role("link", name="Log in").click()
    ana.give_password(opened.value)
    opened.value.wait_for_url(re.compile("/user/ana/fieldguide/?$"))
    opened.value.close()
    record = ResponseRecord(ana.classroom.home("ana") / MODULE, MODULE)
    until(page, lambda: record.essay(ESSAY)[0] == text)
    expect(page.locator("#saving")).to_be_empty()


def test_whose_server_was_ended_starts_it_in_another_tab_and_loses_nothing(ana: Person) -> None:
    page = ana.page
    hub = page.context.new_page()
    hub.goto(f"{ana.classroom.url}/hub/home")
    hub.locator("#stop").click()
    hub.locator("#stop").wait_for(state="hidden")
    hub.close()
    text = f"{WRITTEN['ana']} Robin answers for the photo."
    ana.card(ESSAY).locator("textarea").fill(text)
    expect(page.locator("#saving")).to_contain_text("The server that keeps your answers is not running.")
    with page.expect_popup() as opened:
        page.locator("#saving").get_by_role("link", name="Start it").click()
    opened.value.get_by_role("link", name="Open it again").click()
    opened.value.wait_for_url(re.compile(r"/user/ana/fieldguide/?(\?.*)?$"))
    opened.value.close()
    record = ResponseRecord(ana.classroom.home("ana") / MODULE, MODULE)
    until(page, lambda: record.essay(ESSAY)[0] == text)
    expect(page.locator("#saving")).to_be_empty()


def test_what_was_handed_in_is_told_with_a_receipt(ana: Person) -> None:
    page = ana.page
    page.get_by_role("link", name="Hand in", exact=True).click()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("link", name="receipt-")).to_be_visible()
    page.locator("summary").click()
    expect(page.get_by_text(f"{MODULE}.responses.jsonl")).to_be_visible()
    folder = ana.classroom.home("ana") / MODULE
    assert [file for file in folder.iterdir() if "receipt" in file.name]
    page.get_by_role("link", name="Back to the course").click()
    expect(page.locator(f"[id='{MODULE}']")).to_contain_text("Handed in")


def comes_back(person: Person, browser: Browser, chosen: str, decided: str) -> None:
    """All is there after a reload, and in another browser of the same student's."""
    person.page.reload()
    other = Person(browser, person.classroom, person.name)
    other.log_in()
    other.page.wait_for_url(re.compile("/fieldguide/?$"))
    other.page.goto(person.page.url)
    for one in (person, other):
        drawn(one.page)
        expect(one.option("proud-post-closed-list", chosen)).to_be_checked()
        expect(one.card(ESSAY).locator("textarea")).to_have_value(WRITTEN[person.name])
        expect(one.card(CASE)).to_contain_text(f"You decided: {decided}")
        expect(one.card("thursday-ethic").get_by_role("textbox").first).to_have_value(NOTED)
        expect(one.page.locator("#progress")).to_have_text("7 of 7 answered")
    other.page.context.close()


def test_another_does_it_by_keyboard_alone(ben: Keys, browser: Browser) -> None:
    ben.log_in()
    page = ben.page
    page.get_by_role("button", name=START).wait_for()
    ben.tab_to("Start")
    ben.press("Enter")
    drawn(page)
    ben.tab_to("Why we bring cases to class")  # a link in the contents
    ben.press("Enter")
    ben.tab_to("A retired welder of 71")
    ben.press("Space")
    ben.tab_to("BUTTON |  | Check")
    ben.press("Enter")
    expect(ben.card("reason-to-present-a-case").get_by_role("status")).to_contain_text("Start from one question")
    ben.tab_to("| Search")
    ben.write("daughter")
    expect(page.locator(".fg-count").first).not_to_contain_text("8 of 8")
    ben.tab_to("The man who reads the news", most=250)
    ben.press("ArrowDown")
    expect(ben.card("proud-post-closed-list")).to_contain_text(SAVED_AT)
    for detail in ("Her job, driving the only school bus", "The town's name and its population"):
        ben.tab_to(detail)
        ben.press("Space")
    ben.tab_to("On the program's own page")
    ben.press("ArrowDown")
    for need in ("A written release that names this use", "Faces that have been blurred"):
        ben.tab_to(need)
        ben.press("Space")
    for prompt, option in (
        ("A classmate would like to sit in", "1.03(h)"),
        ("SELECT", "1.07(r)"),
        ("SELECT", "Technology standard"),
        ("SELECT", "1.07(u)"),
    ):
        ben.tab_to(prompt)
        ben.write(option)
    ben.tab_to("Nothing that the handbook")
    ben.press("Space")
    ben.take_in_case("Write to Robin alone", "ArrowDown", "Call Alex, who doesn't know yet")
    ben.take_in_case("Call the agency's on-call supervisor", "Space", "Call the agency's on-call supervisor")
    ben.tab_to("Ask Robin, Sam and Jo")
    ben.press("Space")
    ben.tab_to("| Sure")
    ben.press("Space")
    ben.tab_to("Send my decision")
    ben.press("Enter")
    expect(ben.card(CASE)).to_contain_text("You decided: Ask Robin, Sam and Jo")
    ben.tab_to("TEXTAREA")
    ben.write(NOTED)
    expect(ben.card("thursday-ethic")).to_contain_text(SAVED_AT)
    ben.tab_to("This question is about the case")
    ben.write(WRITTEN["ben"])
    for item in ("facts-the-seminar-can-do-without", "which-standard-speaks", ESSAY):
        expect(ben.card(item)).to_contain_text(SAVED_AT)
    expect(page.locator("#saved")).to_have_text("All saved")
    comes_back(ben, browser, "twins came at 26 weeks", "Ask Robin, Sam and Jo")
    ben.tab_to("A | hand-in", key="Shift+Tab")
    ben.press("Enter")
    page.get_by_role("button", name="Hand in").wait_for()
    ben.tab_to("Hand in")
    while "BUTTON" not in ben.focus():
        ben.press("Tab")
    ben.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("This is handed in.")
    expect(page.get_by_role("link", name="receipt-")).to_be_visible()


def tap_option(person: Person, item: str, *texts: str) -> None:
    for text in texts:
        person.card(item).locator("label", has_text=text).tap()
    expect(person.card(item)).to_contain_text(SAVED_AT)


def test_a_third_does_it_on_a_telephone(chioma: Person, browser: Browser) -> None:
    chioma.log_in()
    page = chioma.page
    page.get_by_role("button", name=START).tap()
    drawn(page)
    practice = chioma.card("reason-to-present-a-case")
    practice.locator("label", has_text="A retired welder of 71").tap()
    practice.get_by_role("button", name="Check").tap()
    expect(practice.get_by_role("status")).to_contain_text("Start from one question")
    page.get_by_role("searchbox", name="Search").first.tap()
    page.keyboard.type("daughter")
    expect(page.locator(".fg-count").first).not_to_contain_text("8 of 8")
    tap_option(chioma, "proud-post-closed-list", "twins came at 26 weeks")
    details = ("driving the only school bus", "name and its population", "barn fire")
    tap_option(chioma, "facts-the-seminar-can-do-without", *details)
    tap_option(chioma, "what-the-photo-still-needs", "A written release that names", "A signature, for each child")
    menu = chioma.card("which-standard-speaks").locator("select").first
    menu.tap()
    menu.select_option("recording")  # what the telephone's own list gives
    tap_option(chioma, "both-texts-allow-it", "Nothing that the handbook")
    case = chioma.card(CASE)
    for way in ("Call Alex, who doesn't know yet", "Take down every copy"):
        case.locator(".fg-story label", has_text=way).tap()
        case.get_by_role("button", name="Go on").tap()
        expect(case).to_contain_text(f"You chose: {way}")
    case.locator("label", has_text="Call Alex before anything else").tap()
    case.locator("label", has_text="Fairly sure").tap()
    case.get_by_role("button", name="Send my decision").tap()
    expect(case).to_contain_text("You decided: Call Alex before anything else")
    chioma.card("thursday-ethic").get_by_role("textbox").first.tap()
    page.keyboard.type(NOTED)
    expect(chioma.card("thursday-ethic")).to_contain_text(SAVED_AT)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0
    chioma.card(ESSAY).locator("textarea").tap()
    page.keyboard.type(WRITTEN["chioma"])
    expect(chioma.card(ESSAY)).to_contain_text(SAVED_AT)
    tap_option(chioma, "first-month-post-approved", "as the release says")
    comes_back(chioma, browser, "twins came at 26 weeks", "Call Alex before anything else")


def test_and_goes_on_in_a_notebook_while_the_page_is_open(chioma: Person, browser: Browser) -> None:
    lab = Person(browser, chioma.classroom, "chioma")
    lab.log_in()
    lab.page.wait_for_url(re.compile("/user/chioma/"))
    lab.page.goto(f"{chioma.classroom.url}/user/chioma/lab/tree/{MODULE}/{MODULE}.ipynb")
    lab.wait_until_done()
    expect(lab.option("proud-post-closed-list", "twins came at 26 weeks")).to_be_checked()
    lab.option("first-month-post-approved", "as the director decided").click()
    expect(lab.card("first-month-post-approved")).to_contain_text(SAVED_AT)
    # The page that is still open on the telephone hears of it.
    expect(chioma.option("first-month-post-approved", "as the director decided")).to_be_checked()
    lab.page.context.close()
    page = chioma.page
    page.get_by_role("link", name="Hand in", exact=True).tap()
    page.get_by_role("button", name="Hand in").tap()
    expect(page.get_by_role("link", name="receipt-")).to_be_visible()


def test_the_class_votes_talks_and_votes_again(
    classroom: Classroom, browser: Browser, ana: Person, ben: Keys, chioma: Person
) -> None:
    lead = Keys(browser, classroom, "instructor")
    lead.log_in()
    lead.page.wait_for_url(re.compile("/fieldguide/desk"))
    lead.tab_to("Live in class")
    lead.press("Enter")
    expect(lead.page.locator("h1", has_text="Live in class")).to_be_visible()
    lead.tab_to(TITLE)
    lead.press("Enter")
    for _ in range(60):
        lead.press("Tab")
        if lead.page.evaluate("document.activeElement.value") == f"{VOTED_ON}/":
            break
    lead.press("Enter")
    following = lead.page.locator("#next")
    expect(following).to_have_text("Close the vote")
    code = lead.page.url.rpartition("/")[2]

    # One reads of it on an open page, one goes through it by keyboard, one has a telephone and a bad connection.
    ana.page.goto(f"{classroom.url}/user/ana/fieldguide/")
    ana.page.get_by_role("link", name="Join the vote").click()
    ana.page.locator("label", has_text="Which system a team uses").click()
    ana.page.get_by_role("button", name="Vote", exact=True).click()
    ben.page.goto(f"{classroom.url}/user/ben/fieldguide/")
    expect(ben.page.locator("#voting")).to_contain_text("Your class is voting now.")
    ben.tab_to("Join the vote")
    ben.press("Enter")
    expect(ben.page.locator("legend")).to_be_visible()
    ben.tab_to("Which system a team uses")
    ben.press("ArrowDown", "ArrowDown")
    ben.tab_to("Vote")
    ben.press("Enter")
    chioma.page.goto(f"http://{lead.page.locator('.short').inner_text()}")
    chioma.page.get_by_label("The code on the projector").fill(code)
    chioma.page.get_by_role("button", name="Join the vote").tap()
    chioma.page.locator("label", has_text="The Code says nothing").tap()
    chioma.page.wait_for_load_state()  # its script is what sends the vote again
    chioma.page.context.set_offline(True)
    chioma.page.get_by_role("button", name="Vote", exact=True).tap()
    expect(chioma.page.locator("#trouble")).to_contain_text("sent again until it is counted")
    expect(lead.page.locator("#voted")).to_have_text("2 have voted")
    chioma.page.context.set_offline(False)
    for person in (ana, ben, chioma):
        expect(person.page.locator("#room")).to_contain_text("Your vote is counted.")
    expect(chioma.page.locator("#trouble")).to_be_hidden()
    wide = chioma.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0
    expect(lead.page.locator("#voted")).to_have_text("3 have voted")

    # The step that comes next has the focus. Nobody sees how the votes fell before it is shown.
    lead.press("Enter")
    for page in (lead.page, ana.page, ben.page, chioma.page):
        expect(page.locator("#room")).to_contain_text("Talk about it with the people around you")
    expect(following).to_be_focused()
    lead.press("Enter")
    expect(following).to_have_text("Close the vote")
    expect(ben.page.locator("legend")).to_be_visible()
    ben.tab_to("Which system a team uses")
    ben.press("Space")
    ben.tab_to("Vote")
    ben.press("Enter")
    expect(lead.page.locator("#voted")).to_have_text("1 has voted")
    for step in ("Show how the votes fell", "Show the right answer"):
        lead.press("Enter")
        expect(following).to_have_text(step)
        expect(following).to_be_focused()
    for page in (lead.page, ana.page):
        expect(page.locator(".figures")).to_contain_text("First vote: 3 people voted. So few are not told by answer.")
        expect(page.locator(".is-right")).to_have_count(0)
    lead.press("Enter")
    for page in (lead.page, ana.page):
        expect(page.locator(".why")).to_contain_text("whether privacy can be ensured")
    expect(following).to_have_text("End this vote")
    expect(following).to_be_focused()
    for person in (lead, ana):
        assert found_by_axe(person.page) == []
        assert found_by_ibm(person.page) == []
    lead.press("Enter")
    expect(ana.page.locator("#trouble")).to_contain_text("It may have ended")
    record = ResponseRecord(classroom.home("ben") / MODULE, MODULE)
    assert record.of(VOTED_ON).attempts[-2:] == [["ban"], ["tool"]]
    lead.page.context.close()


def test_the_class_is_graded_to_the_scores_worked_out_by_hand(classroom: Classroom, tmp_path: Path) -> None:
    said = at_desk(classroom, "nbgrader", "collect", MODULE)
    said += at_desk(classroom, "fieldguide.cli", "grade", MODULE)
    sheet = tmp_path / "sheet.csv"
    said += at_desk(classroom, "fieldguide.cli", "score", MODULE, str(sheet), "--new")
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert lines, said
    left = {student: list(levels) for student, levels in LEVELS.items()}
    for line in lines:
        line["points"] = str(left[line["student"]].pop(0))
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    at_desk(classroom, "fieldguide.cli", "score", MODULE, str(sheet))
    at_desk(classroom, "nbgrader", "export")
    with (classroom.home("instructor") / COURSE / "grades.csv").open(encoding="utf-8-sig") as file:
        scores = {line["student_id"]: line["score"] for line in csv.DictReader(file) if line["assignment"] == MODULE}
    assert {student: float(score) for student, score in scores.items()} == TOTALS


def test_the_instructors_page_hears_on_the_hub_that_feedback_is_given(classroom: Classroom, browser: Browser) -> None:
    instructor = Person(browser, classroom, "instructor")
    instructor.log_in()
    page = instructor.page
    page.locator(f"[id='{MODULE}']").get_by_role("link", name="Give feedback").click()
    page.get_by_role("button", name="Give feedback").click()
    # No more is loaded by hand: the page asks its server how far the work is.
    expect(page.locator(".work")).to_contain_text("3 students can read it.", timeout=milliseconds(DONE_WITHIN))
    page.context.close()


def test_feedback_is_read_in_place(classroom: Classroom, ana: Person) -> None:
    page = ana.page
    page.goto(f"{classroom.url}/user/ana/fieldguide/")
    page.locator(f"[id='do-{MODULE}']", has_text="Read feedback").click()
    told = ("16 of 29 points", "Right: 2 of 2 points.", "Partly right: 2 of 3 points.")
    for words in (*told, "Scored by a person: 7 of 15 points.", WRITTEN["ana"]):
        expect(page.locator("main")).to_contain_text(words, use_inner_text=True)
    page.get_by_role("link", name="Back to the course").first.click()
    expect(page.locator(f"[id='{MODULE}']")).to_contain_text("16 of 29")


def test_feedback_is_read_by_keyboard_and_on_a_telephone(classroom: Classroom, ben: Keys, chioma: Person) -> None:
    ben.page.goto(f"{classroom.url}/user/ben/fieldguide/")
    read = ben.page.locator(f"[id='do-{MODULE}']", has_text="Read feedback")
    expect(read).to_be_visible()
    ben.tab_to("Read feedback")
    ben.press("Enter")
    expect(ben.page.locator("main")).to_contain_text("13 of 29 points")
    ben.page.wait_for_load_state()  # the page is long
    ben.tab_to("A |  | Question 2")
    ben.press("Enter")
    ben.tab_to("This seems wrong: Question 2")
    ben.press("Enter", "Tab")
    ben.write("The town has a name that many towns have.")
    ben.tab_to("Ask for another look")
    ben.press("Enter")
    expect(ben.page.get_by_role("status")).to_contain_text("You have asked for another look.")
    chioma.page.goto(f"{classroom.url}/user/chioma/fieldguide/")
    chioma.page.locator(f"[id='do-{MODULE}']", has_text="Read feedback").tap()
    expect(chioma.page.locator("main")).to_contain_text("17.5 of 29 points")
    assert chioma.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_nothing_was_asked_of_any_other_machine(classroom: Classroom, ana: Person, ben: Keys) -> None:
    own = (classroom.url, "data:", "blob:", "about:")
    for person in (ana, ben):
        assert len(person.asked) > 20
        assert not [address for address in person.asked if not address.startswith(own)]
