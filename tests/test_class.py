"""A whole class on JupyterHub, in a real browser: one student by mouse, one by keyboard alone, one instructor.

The tests of this file are one story, run in its order, and end with the first that fails.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from classroom import CASE, Classroom, Keys, Person
from conftest import MODULE
from playwright.sync_api import Browser, FrameLocator, Locator, Response, expect
from saved import SAVED_AT

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.in_order]

COURSE = "fieldguide"

# What the two students answer, and what it earns by the text of the module, worked out by hand:
# ana: 2 + (3 right, 1 wrong: 2 of 3) + 2 + 0 + (2 of 4: 1) + 2 = 9, and 7 for the essay = 16 of 29
# ben: 2 + nothing + 0 + nothing + (4 of 4: 2) + 2 = 6, and 5 for the essay = 11 of 29
ANA_ESSAY = "I would ask Robin to take the photo down, and call Alex tonight. <b>Whom</b> do we tell? *Now* $x$"
BEN_ESSAY = "First Alex, because the family is Alex's to speak for."
# What a scorer reads of the case, and beside the essay.
ANA_CASE = (
    *("The first path:", "Write to Robin alone", "Ending: A call at half past ten", "1 other path was tried."),
    *("Call Alex before anything else", "(fairly sure)", "Ending: Two sentences, and someone who can act"),
)
BEN_CASE = ("Call Alex, who doesn't know yet.", "No other path was tried.", "Ask Robin, Sam and Jo", "(sure)")
RUBRIC = (
    "Writes one message that could be sent as it is.",
    "A message in outline, or one that its reader can do nothing with.",
)
TOTALS = {"ana": 16.0, "ben": 11.0}


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    classroom = Classroom(tmp_path_factory.mktemp("classroom"))
    yield classroom
    classroom.stop()


@pytest.fixture(scope="module")
def instructor(browser: Browser, classroom: Classroom) -> Person:
    person = Person(browser, classroom, "instructor")
    person.log_in()
    go_to_formgrader(person)
    return person


@pytest.fixture(scope="module")
def ana(browser: Browser, classroom: Classroom) -> Person:
    return Person(browser, classroom, "ana")


@pytest.fixture(scope="module")
def ben(browser: Browser, classroom: Classroom) -> Keys:
    return Keys(browser, classroom, "ben")


def go_to_formgrader(person: Person) -> None:
    """From the desk, where an instructor is at home."""
    person.page.get_by_role("link", name="Formgrader").click()


def formgrader(person: Person) -> FrameLocator:
    return person.page.frame_locator("#formgrader-iframe iframe")


def row(person: Person) -> Locator:
    return formgrader(person).locator(f"tr:has(td.name:has-text('{MODULE}'))")


def agree(frame: FrameLocator) -> None:
    """Close nbgrader's dialog, which must tell of success."""
    dialog = frame.locator(".modal.in")
    dialog.locator(".modal-title", has_text="Success").wait_for()
    dialog.locator("button:has-text('OK')").click()
    dialog.wait_for(state="detached")


def test_the_classroom_says_who_logs_in_and_what_it_is_not(classroom: Classroom) -> None:
    for text in (classroom.url, "instructor", "ana", "ben", "chioma", "not", "isolated", "Ctrl-C"):
        assert text in classroom.said
    assert classroom.password("ana") in classroom.said


def test_the_instructor_releases_the_module(instructor: Person) -> None:
    row(instructor).locator("td.release a").click()
    agree(formgrader(instructor))


def test_a_student_answers_with_the_mouse(ana: Person) -> None:
    ana.log_in()
    ana.go_to_assignments()
    page = ana.page
    released = page.locator("#released_assignments_list .list_item", has_text=MODULE)
    released.get_by_role("button", name="Fetch", exact=True).click()
    page.locator("#fetched_assignments_list a.assignment-notebooks-link", has_text=MODULE).click()
    page.locator("#fetched_assignments_list .nested_list_item a", has_text=MODULE).click()
    ana.wait_until_open()

    practice = ana.card("reason-to-present-a-case")
    practice.locator("label", has_text="A retired welder of 71").click()
    practice.get_by_role("button", name="Check").click()
    expect(practice.get_by_role("status")).to_contain_text("Start from one question")

    ana.option("proud-post-closed-list", "twins came at 26 weeks").click()
    for text in ("driving the only school bus", "name and its population", "barn fire", "sleep, which has become bad"):
        ana.option("facts-the-seminar-can-do-without", text).click()
    ana.option("first-month-post-approved", "as the director decided").click()
    ana.option("what-the-photo-still-needs", "Faces that have been blurred").click()
    standards = ana.card("which-standard-speaks")
    standards.locator("select").nth(0).select_option("recording")
    standards.locator("select").nth(1).select_option("posting")
    standards.locator("select").nth(2).select_option("searching")
    ana.option("both-texts-allow-it", "Nothing that the handbook").click()
    essay = ana.card("thursday-group-chat")
    essay.locator("textarea").fill("My client Persephone " + ANA_ESSAY)
    essay.get_by_role("button", name="Review my text").click()
    expect(essay).to_contain_text("Persephone")
    expect(essay).to_contain_text(SAVED_AT)
    essay.locator("textarea").fill(ANA_ESSAY)
    for item in ("proud-post-closed-list", "which-standard-speaks", "thursday-group-chat"):
        expect(ana.card(item)).to_contain_text(SAVED_AT)
    expect(page.locator(".fg-root").first).to_contain_text("Answered 7 of 7")


def test_a_student_goes_through_the_case_with_the_mouse(ana: Person) -> None:
    ana.choose_in_case("Write to Robin alone")
    ana.page.reload()
    ana.wait_until_open()
    case = ana.card(CASE)
    expect(case).to_contain_text("You chose: Write to Robin alone")
    ana.choose_in_case("Say that Alex should hear it tonight")
    ana.choose_in_case("Call the agency's on-call supervisor")
    expect(case.get_by_role("heading", name="A call at half past ten")).to_be_visible()
    case.get_by_role("button", name="Begin again").click()
    ana.choose_in_case("Call Alex, who doesn't know yet")
    ana.choose_in_case("Write to your course instructor together")
    expect(case).to_contain_text("You have tried 2 ways")
    case.locator("label", has_text="Call Alex before anything else").click()
    case.locator("label", has_text="Fairly sure").click()
    case.locator("label", has_text="may show my reason").click()
    case.get_by_role("button", name="Send my decision").click()
    expect(case).to_contain_text("You decided: Call Alex before anything else")
    ana.page.reload()
    ana.wait_until_open()
    expect(ana.card(CASE)).to_contain_text("You decided: Call Alex before anything else")
    expect(ana.card(CASE)).to_contain_text("You said you were fairly sure.")


def test_every_answer_is_back_after_the_kernel_restarts(ana: Person) -> None:
    page = ana.page
    page.locator("#fg-proud-post-closed-list").evaluate("card => card.dataset.before = 'yes'")
    ana.restart_kernel()
    page.wait_for_selector("#fg-proud-post-closed-list:not([data-before])", state="attached")
    ana.wait_until_open()
    check_answers_of_ana(ana)


def test_every_answer_is_back_after_a_reload(ana: Person) -> None:
    page = ana.page
    page.reload()
    ana.wait_until_open()
    check_answers_of_ana(ana)


def check_answers_of_ana(ana: Person) -> None:
    expect(ana.option("proud-post-closed-list", "twins came at 26 weeks")).to_be_checked()
    expect(ana.option("proud-post-closed-list", "Twelve hours on my feet")).not_to_be_checked()
    expect(ana.card("facts-the-seminar-can-do-without").locator("input:checked")).to_have_count(4)
    expect(ana.option("what-the-photo-still-needs", "Faces that have been blurred")).to_be_checked()
    menus = ana.card("which-standard-speaks").locator("select")
    for number, option in enumerate(("recording", "posting", "searching", "")):
        expect(menus.nth(number)).to_have_value(option)
    expect(ana.card("thursday-group-chat").locator("textarea")).to_have_value(ANA_ESSAY)
    expect(ana.card("reason-to-present-a-case").get_by_role("status")).to_contain_text("Start from one question")


def test_the_page_and_its_messages_hold_no_key(ana: Person) -> None:
    dom = ana.page.content()
    frames: list[str] = []
    ana.page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda data: frames.append(str(data))),
    )
    ana.page.reload()
    ana.wait_until_open()
    ana.wait_until_done()
    dom += ana.page.content()
    messages = "".join(frames)
    assert "fg-root" in dom and "proud-post-closed-list" in messages
    for text in (
        "The standard covers identifying information",  # rationale of a graded item
        "closed-group-is-private",  # a misconception
        "The grandmother let one worker in",  # the exemplar
        "such as copies out of reach, or two things that pull apart",  # a level
        "A message in outline, or one that its reader can do nothing with",  # another
        "A message to Robin and a call to Alex take two minutes each",  # the commentary of a graded case
        "sends latecomers up the page to look",  # a position
        "would have stopped this at 7:00 p.m.",  # the plan for class
        "supervisor-approval-replaces-consent",
        "Only for the instructor",
        "Positions to draw out",  # an instructor's note
    ):
        assert text not in dom and text not in messages


def test_a_deleted_word_is_in_no_file_of_the_folder(ana: Person, classroom: Classroom) -> None:
    with ana.page.expect_response(is_saved("/api/contents/")):
        ana.page.keyboard.press("Control+s")
    folder = classroom.home("ana")
    looked_at = 0
    for path in folder.rglob("*"):
        if "ipython" in path.parts or not path.is_file():
            continue
        with contextlib.suppress(FileNotFoundError):  # what a server makes for a moment
            assert b"Persephone" not in path.read_bytes(), path
            looked_at += 1
    assert looked_at > 3
    assert list(folder.rglob("history.sqlite")) == []


def test_a_student_has_only_what_a_student_needs(ana: Person) -> None:
    page = ana.page
    assert page.locator(".validate-button, [aria-label='Validate']").count() == 0
    assert page.locator("text=Create Assignment").count() == 0
    page.locator(".lm-MenuBar-itemLabel", has_text="Nbgrader").click()
    menu = page.locator(".lm-Menu:visible")
    expect(menu).to_contain_text("Assignment List")
    assert "Formgrader" not in menu.inner_text()
    page.keyboard.press("Escape")
    assert page.goto(f"{ana.classroom.url}/user/ana/formgrader").status in (403, 404)  # type: ignore[union-attr]
    page.go_back()


def test_a_student_submits(ana: Person) -> None:
    submit(ana)
    inbound = next((ana.classroom.folder / "exchange" / COURSE / "inbound").glob("ana+*"))
    names = {path.name for path in inbound.iterdir()}
    assert {f"{MODULE}.ipynb", f"{MODULE}.responses.jsonl", f"{MODULE}.essays.json"} <= names
    for path in inbound.rglob("*"):
        assert path.is_dir() or b"Persephone" not in path.read_bytes()


def submit(person: Person) -> None:
    page = person.page
    person.go_to_assignments()
    fetched = page.locator("#fetched_assignments_list .list_item", has_text=MODULE)
    fetched.get_by_role("button", name="Submit", exact=True).click()
    page.locator("#submitted_assignments_list .nested_list_item").wait_for()


def test_another_does_it_all_by_keyboard(ben: Keys) -> None:
    ben.log_in()
    ben.go_to_assignments()
    page = ben.page
    page.locator("#released_assignments_list .list_item", has_text=MODULE).wait_for()
    ben.tab_to("Fetch")
    ben.press("Enter")
    fetched = page.locator("#fetched_assignments_list")
    expect(fetched.get_by_role("button", name=re.compile(f"^{MODULE}")).first).to_be_visible()
    ben.tab_to(MODULE)
    ben.press("Enter")
    page.locator("#fetched_assignments_list .nested_list_item").wait_for()
    ben.tab_to(MODULE)
    ben.press("Enter")
    ben.wait_until_done()
    own = ben.classroom.home("ben") / MODULE / f"{MODULE}.ipynb"
    cells = len(json.loads(own.read_text("utf-8"))["cells"])
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(cells)  # drawn a few at a time

    # What a screen reader is told of a question.
    told = ben.card("proud-post-closed-list").aria_snapshot()
    assert 'heading "Question 1"' in told
    question = "Which line does 1.07(r), on posting about clients, cover although no one on the list could tell who"
    assert f'group "{question} it\'s about?":' in told, told
    assert re.search(r'paragraph: "?A student is placed', told), told
    assert told.count("- radio ") == 3

    ben.press("Control+Home")
    ben.tab_to("Question 1")  # a link in the module's head
    ben.press("Enter")
    ben.tab_to("The man who reads the news")
    ben.press("ArrowDown")
    assert "twins came at 26 weeks" in ben.focus()
    expect(ben.card("proud-post-closed-list")).to_contain_text(SAVED_AT)
    # Keys that are commands of the notebook elsewhere do nothing here.
    ben.press("b", "a", "x", "d", "d", "m", "y")
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells

    ben.tab_to("On the program's own page")
    ben.press("ArrowDown")
    assert "as the release says" in ben.focus()
    for prompt, option in (
        ("sit-in", "1.03(h)"),
        ("newsfeed", "1.07(r)"),
        ("two-texts", "Technology standard"),
        ("practice-class", "1.07(u)"),
    ):
        ben.tab_to("A classmate would like to sit in" if prompt == "sit-in" else "SELECT")
        ben.write(option)
    ben.tab_to("Nothing that the handbook")
    ben.press("Space")
    assert "Nothing that the handbook" in ben.focus()

    ben.take_in_case("Write to Robin alone", "ArrowDown", "Call Alex, who doesn't know yet")
    ben.take_in_case("Call the agency's on-call supervisor", "Space", "Call the agency's on-call supervisor")
    case = ben.card(CASE)
    assert "A call at half past ten" in ben.focus()
    told = case.aria_snapshot()
    assert 'heading "Case: Thursday, 9:40 p.m."' in told and 'heading "A call at half past ten"' in told
    ben.tab_to("Ask Robin, Sam and Jo")
    ben.press("Space")
    ben.tab_to("| Sure")
    ben.press("Space")
    ben.tab_to("Send my decision")
    ben.press("Enter")
    expect(case).to_contain_text("You decided: Ask Robin, Sam and Jo")
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells

    ben.tab_to("This question is about the case")
    ben.write(BEN_ESSAY)
    essay = ben.card("thursday-group-chat")
    expect(essay).to_contain_text(SAVED_AT)
    expect(essay.get_by_role("textbox")).to_have_accessible_name(re.compile("^This question is about the case"))
    menus = ben.card("which-standard-speaks").locator("select")
    for number, option in enumerate(("recording", "posting", "field", "teaching")):
        expect(menus.nth(number)).to_have_value(option)
    expect(ben.card("which-standard-speaks")).to_contain_text(SAVED_AT)
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells

    ben.go_to_assignments()
    page.locator("#fetched_assignments_list .list_item", has_text=MODULE).first.wait_for()
    ben.tab_to("Submit")
    ben.press("Enter")
    page.locator("#submitted_assignments_list .nested_list_item").wait_for()


def test_the_classroom_stopped_and_started_finds_everything(classroom: Classroom, ana: Person, ben: Keys) -> None:
    assert classroom.stop() == 0
    classroom.start()
    record = classroom.home("ana") / MODULE / f"{MODULE}.responses.jsonl"
    assert "which-standard-speaks" in record.read_text("utf-8")


def test_the_instructor_collects_and_grades_in_formgrader(instructor: Person) -> None:
    instructor.come_back()
    go_to_formgrader(instructor)
    frame = formgrader(instructor)
    row(instructor).locator("td.collect a").click()
    agree(frame)
    row(instructor).locator("td.num-submissions a").click()
    for student in ("ana", "ben"):
        frame.locator(f"tr:has-text('{student}') td.autograde a").click()
        agree(frame)
    for student, words, points in (("ana", "call Alex tonight", "7"), ("ben", "First Alex", "5")):
        open_submission(instructor, words)
        text = frame.locator("#notebook").first.inner_text()
        assert "%%item" not in text and "Question 7" in text
        assert "[chosen" in text and "best answer" in text
        assert (ANA_ESSAY if student == "ana" else BEN_ESSAY) in text
        for told in (ANA_CASE if student == "ana" else BEN_CASE, RUBRIC):
            for part in told:
                assert part in text, part
        box = frame.locator("input#thursday-group-chat")
        with instructor.page.expect_response(is_saved("/api/grade/")):
            box.fill(points)
            box.press("Tab")
        comment = frame.locator("textarea#thursday-group-chat-comment")
        with instructor.page.expect_response(is_saved("/api/comment/")):
            comment.fill(f"Well seen, {student}.")
            comment.press("Tab")


def is_saved(address: str) -> Callable[[Response], bool]:
    """Whether a response is the server's word that what was sent to this address is kept."""
    return lambda response: address in response.url and response.request.method == "PUT" and response.ok


def open_submission(instructor: Person, words: str) -> None:
    """Formgrader names submissions by number: open the one whose essay has ``words``."""
    frame = formgrader(instructor)
    for number in (1, 2):
        frame.locator("a:has-text('Manual Grading')").first.click()
        frame.locator(f"td a:text-is('{MODULE}')").click()
        frame.locator("th:has-text('Needs Manual Grade?')").wait_for()
        frame.locator(f"td a:text-is('{MODULE}')").click()
        frame.locator(f"td a:has-text('Submission #{number}')").click()
        # Formgrader takes scores only once they have come from the server, and then gives their fields a placeholder.
        for field in ("input.extra-credit", "textarea.comment"):
            frame.locator(f".nbgrader_cell:has(#thursday-group-chat) {field}[placeholder]").first.wait_for(
                state="attached"
            )
        if words in frame.locator("#notebook").first.inner_text():
            return
    raise AssertionError(f"no submission holds: {words}")


def test_the_digest_shows_the_class_and_no_name(
    classroom: Classroom, ana: Person, browser: Browser, tmp_path: Path
) -> None:
    course = tmp_path / COURSE
    shutil.copytree(classroom.home("instructor") / COURSE, course)
    digest = [sys.executable, "-m", "fieldguide.cli", "--project", course, "digest", MODULE, CASE]
    run = subprocess.run(digest, capture_output=True, text=True, check=True)
    assert "Fewer than 5 students" in run.stdout and not list((course / "digests").rglob("*.html"))

    for number in range(12):  # a class of fourteen: eight with ana's answers, six with ben's
        whose = "ana" if number < 7 else "ben"
        shutil.copytree(course / "submitted" / whose, course / "submitted" / f"another-{number}")
    assert "reasons" in subprocess.run(digest, capture_output=True, text=True, check=True).stdout
    (sheet,) = (course / "digests").rglob("*.reasons.csv")
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert ANA_ESSAY in {line["reason"] for line in lines} and not any(BEN_ESSAY in str(line) for line in lines)
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows([line | {"show": "yes"} for line in lines])
    subprocess.run(digest, capture_output=True, text=True, check=True)
    (made,) = (course / "digests").rglob("*.html")
    page = browser.new_page()
    page.goto(made.as_uri())
    text = page.locator("body").inner_text()
    assert "Call Alex before anything else" in text and "Write to Robin alone" in text and ANA_ESSAY in text
    for name in ("ana", "ben", "another"):
        assert not re.search(rf"\b{name}\b", text, flags=re.IGNORECASE)
    page.close()


def test_the_instructor_gives_feedback(instructor: Person) -> None:
    instructor.page.goto(f"{instructor.classroom.url}/user/instructor/lab?formgrader=true")
    frame = formgrader(instructor)
    row(instructor).locator("td.generate-feedback a").click()
    agree(frame)
    row(instructor).locator("td.release-feedback a").click()
    agree(frame)


def test_a_student_reads_the_feedback(ana: Person) -> None:
    ana.come_back()
    ana.go_to_assignments()
    page = ana.page
    submitted = page.locator("#submitted_assignments_list .list_item", has_text=MODULE)
    submitted.get_by_role("button", name="Fetch Feedback").first.click()
    page.locator("#submitted_assignments_list a", has_text="view feedback").click()
    page.locator(".jp-DirListing-item", has_text=f"{MODULE}.html").dblclick()
    body = page.frame_locator(".jp-HTMLViewer iframe").locator("body")
    for words in (
        "16 of 29 points",
        "Right: 2 of 2 points.",
        "Partly right: 2 of 3 points.",
        "Not right: 0 of 3 points.",
        "Partly right: 1 of 2 points.",
        "Scored by a person: 7 of 15 points.",
        "Well seen, ana.",
        "Your decision:",
        "A message to Robin and a call to Alex take two minutes each",  # the commentary comes with feedback
        "[your answer]",
        "best answer",
        ANA_ESSAY,
    ):
        expect(body).to_contain_text(words, use_inner_text=True)


def test_another_reads_the_feedback_by_keyboard(ben: Keys) -> None:
    ben.come_back()
    ben.go_to_assignments()
    page = ben.page
    page.locator("#submitted_assignments_list .list_item", has_text=MODULE).first.wait_for()
    ben.tab_to("Fetch Feedback")
    ben.press("Enter")
    page.locator("#submitted_assignments_list a", has_text="view feedback").wait_for()
    ben.tab_to("view feedback")
    ben.press("Enter")
    ben.press("Control+Shift+F")  # the file browser, which now shows the folder
    open_in_file_browser(ben, f"{MODULE}.html")
    body = page.frame_locator(".jp-HTMLViewer iframe").locator("body")
    expect(body).to_contain_text("11 of 29 points")
    expect(body.get_by_role("heading", level=1)).to_have_text("Feedback: Questions for the classroom")
    expect(body.get_by_role("heading", level=2)).to_have_count(9)  # seven questions, two cases
    expect(body).to_contain_text("No response: 0 of 3 points.", use_inner_text=True)


#: JupyterLab's list draws what is chosen in the next frame, or in the one after it.
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"


def open_in_file_browser(ben: Keys, name: str) -> None:
    """Go down the list to what is named so, and open it."""
    items = ben.page.locator(".jp-DirListing-item:visible", has_text=re.compile(name))
    items.first.wait_for()
    if "jp-DirListing-itemText" not in ben.page.evaluate("document.activeElement.className"):
        for _ in range(30):
            ben.press("Tab")
            if "jp-DirListing-itemText" in ben.page.evaluate("document.activeElement.className"):
                break
    for _ in range(20):
        ben.press("ArrowDown")
        ben.page.evaluate(DRAWN)
        if re.search(name, ben.page.locator(".jp-DirListing-item.jp-mod-selected").inner_text()):
            break
    ben.press("Enter")


def test_the_exported_grades_are_those_worked_out_by_hand(classroom: Classroom) -> None:
    course = classroom.home("instructor") / COURSE
    environment = {**os.environ, "HOME": str(classroom.home("instructor"))}
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "export", f"--CourseDirectory.root={course}"],
        cwd=course,
        env=environment,
        check=True,
        capture_output=True,
    )
    with (course / "grades.csv").open(encoding="utf-8-sig") as file:
        lines = [line for line in csv.DictReader(file) if line["assignment"] == MODULE]
    scores = {line["student_id"]: line["score"] for line in lines}
    assert {student: float(scores[student]) for student in TOTALS} == TOTALS
    assert scores["chioma"] == ""  # nothing was handed in, which is not a zero


def test_nothing_was_asked_of_any_other_machine(classroom: Classroom, ana: Person, ben: Keys) -> None:
    own = (classroom.url, "data:", "blob:", "about:")
    for person in (ana, ben):
        assert len(person.asked) > 50
        assert not [address for address in person.asked if not address.startswith(own)]
