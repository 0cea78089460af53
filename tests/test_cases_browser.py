"""A case in a real Chromium: gone through by mouse and by keyboard, faults, and the look in every state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from barriers import found_by_axe
from browser import JupyterServer
from case_page import CasePage
from case_samples import CASE, GRADED_CASE, WAYS
from drawing import words_of
from playwright.sync_api import Browser, expect
from saved import SAVED
from school import wait_for_idle_kernel
from sessions import answer_of
from settling import SCRIPT, pass_time, stop_clock

from fieldguide.cases.reading import public_case_text, read_case
from fieldguide.cases.words import say
from fieldguide.responses import ResponseRecord

pytestmark = pytest.mark.browser

STORY = read_case(CASE, "sample")
REASON = "Robin can act without losing face."
#: One way to each ending.
ENDS = {end: way for way, end in reversed(WAYS.items())}


def text_of(way: tuple[str, ...], at: int) -> str:
    """What the option says that a way takes at one step."""
    scene = STORY.start
    for option in way[:at]:
        scene = STORY.scenes[scene.options[option].to]
    return scene.options[way[at]].text


def raw(folder: Path) -> dict[str, object]:
    saved = ResponseRecord(folder, "02-m").of("thursday-940").saved
    assert isinstance(saved, dict)
    return saved


def go(page: CasePage, *labels: str) -> None:
    """Choose and go on, by mouse."""
    for label in labels:
        page.card.get_by_label(label).check()
        page.button("Go on").click()
        page.wait()


def decide(page: CasePage) -> None:
    page.decision.get_by_label("Speak with Robin alone").check()
    page.decision.get_by_label("Fairly sure").check()
    if page.decision.get_by_role("textbox").count():
        page.decision.get_by_role("textbox").fill(REASON)
    page.button("Send my decision").click()
    page.wait()


def story_line(page: CasePage) -> str:
    return page.card.locator(".fg-body > [role=status]").inner_text()


def decision_line(page: CasePage) -> str:
    return page.decision.locator("> [role=status]").inner_text()


# -- going through it ------------------------------------------------------------------------------


@pytest.mark.parametrize(("end", "way"), ENDS.items())
def test_by_mouse_to_each_ending_with_a_reload_in_the_middle(
    browser: Browser, tmp_path: Path, end: str, way: tuple[str, ...]
) -> None:
    with CasePage(browser, tmp_path, CASE) as page:
        for at in range(len(way)):
            assert not page.decision.is_visible() and page.card.get_by_role("radio").count() >= 2
            go(page, text_of(way, at))
            page.load()  # another page and another kernel
            expect(page.card.get_by_text("You chose:")).to_have_count(at + 1)
        ending = STORY.endings[end]
        expect(page.card.get_by_role("heading", name=ending.title)).to_be_visible()
        for text in (ending.text, ending.feedback, ending.now):
            assert text.split("\n\n")[0] in page.card.inner_text()
        assert raw(tmp_path)["paths"] == [list(way)]
        assert "I would speak with Robin" not in page.page.content()
        decide(page)
        assert "I would speak with Robin" in page.decision.inner_text()
        page.load()
        assert "You decided: Speak with Robin alone" in page.decision.inner_text()
        assert say("you_were_fairly") in page.decision.inner_text()
        assert all(text in page.decision.inner_text() for text in (*STORY.decision.prompts, "Robin first, because"))
        expect(page.decision.get_by_role("textbox")).to_have_value(REASON)
        assert not page.button("Send my decision").is_visible()


@pytest.mark.parametrize(("end", "way"), ENDS.items())
def test_by_keyboard_alone_to_each_ending(browser: Browser, tmp_path: Path, end: str, way: tuple[str, ...]) -> None:
    with CasePage(browser, tmp_path, CASE) as page:
        keys, focused = page.page.keyboard, page.page.locator(":focus")
        scene = STORY.start
        page.page.locator("body").press("Tab")
        for at, option in enumerate(way):
            place = list(scene.options).index(option)
            keys.press("Space")
            for _ in range(place):
                keys.press("ArrowDown")
            assert page.focused() == option
            expect(focused).to_have_accessible_name(scene.options[option].text)
            if at % 2:
                keys.press("Enter")
            else:
                keys.press("Tab")
                assert page.focused() == "Go on"
                keys.press("Enter")
            page.wait()
            # The focus is on what is new, and what happens is read with it.
            to = scene.options[option].to
            here = STORY.scenes.get(to) or STORY.endings[to]
            expect(focused).to_have_accessible_name(getattr(here, "title", f"Step {at + 2}"))
            expect(focused).to_have_accessible_description(re.compile(re.escape((here.text or "").split()[0])))
            assert page.card.locator("[role=status]:not(:empty), [aria-live]").count() == 0
            if to in STORY.scenes:
                scene = STORY.scenes[to]
                keys.press("Tab")
        keys.press("Tab")
        assert page.focused() == "Begin again and try another way"
        keys.press("Tab")
        assert page.focused() == "alone"
        keys.press("Space")
        keys.press("Enter")  # sends nothing
        keys.press("Tab")
        keys.press("Space")
        keys.press("ArrowDown")
        assert page.focused() == "fairly"
        keys.press("Tab")
        keys.type("Robin can act.")
        keys.press("Enter")
        keys.type("In private.")
        for name in ("Review my text", "on", "Send my decision"):
            keys.press("Tab")
            assert page.focused() == name
        assert raw(tmp_path)["decision"] is None
        keys.press("Enter")
        page.wait()
        expect(focused).to_have_accessible_name("Your decision")
        expect(focused).to_have_accessible_description(re.compile("You decided: Speak with Robin alone"))
        assert raw(tmp_path)["decision"] == {"option": "alone", "certainty": "fairly"}
        assert ResponseRecord(tmp_path, "02-m").essay("thursday-940")[0] == "Robin can act.\nIn private."


def test_who_comes_by_tab_hears_what_led_up_to_the_choice_once(browser: Browser, tmp_path: Path) -> None:
    with CasePage(browser, tmp_path, CASE) as page:
        first = page.card.get_by_role("radio").first
        page.page.locator("body").press("Tab")
        expect(first).to_be_focused()
        group = page.card.get_by_role("group").first
        question = next(iter(STORY.scenes.values())).question
        expect(group).to_have_accessible_name(" ".join([*STORY.vignette.split(), *say("how").split(), question]))
        page.page.keyboard.press("Tab")
        page.page.keyboard.press("Shift+Tab")
        expect(first).to_be_focused()
        expect(group).to_have_accessible_name(question)
        go(page, "Write in the chat")  # leads to the heading, which tells what happens
        first.focus()
        expect(group).not_to_have_accessible_name(re.compile("Eleven people have read it"))
        page.load()
        first.focus()
        expect(group).to_have_accessible_name(re.compile("^Eleven people have read it"))


def test_going_back_and_beginning_again(browser: Browser, tmp_path: Path) -> None:
    with CasePage(browser, tmp_path, CASE) as page:
        go(page, "Write in the chat", "Write to Robin alone after all", "Yes. Let us call")
        assert "You have tried 1 way." in page.card.inner_text()
        back = page.button("Go back to here").nth(1)
        expect(back).to_have_accessible_description("Step 2")
        back.click()
        page.wait()
        assert page.page.evaluate("document.activeElement.textContent") == "Step 2"
        assert page.card.get_by_text("You chose:").count() == 1 and page.decision.is_visible()
        assert page.card.locator(".fg-story :checked").count() == 0
        go(page, "Leave the group")
        assert "You have tried 2 ways. Each one is kept, the first as well." in page.card.inner_text()
        page.button("Begin again and try another way").click()
        page.wait()
        expect(page.page.locator(":focus")).to_have_accessible_description("What do you do first?")
        assert raw(tmp_path)["paths"] == [["chat", "private", "tell"], ["chat", "leave"], []]
        assert page.sent("choose", "back", "again")[-3:] == [
            {"kind": "back", "to": 1},
            {"kind": "choose", "scene": "in-the-chat", "option": "leave"},
            {"kind": "again"},
        ]


def test_what_is_missing_is_said_at_the_button_and_focused(browser: Browser, tmp_path: Path) -> None:
    with CasePage(browser, tmp_path, CASE) as page:
        page.button("Go on").click()
        page.wait(100)
        assert story_line(page) == say("choose_first") and page.focused() == "robin" and page.sent("choose") == []
        go(page, "Write to Robin alone", "No. It is down")
        send = page.button("Send my decision")
        send.click()
        page.wait(100)
        all_of_it = "; ".join(say(f"missing_{part}") for part in ("option", "certainty", "reason"))
        assert decision_line(page) == say("missing", parts=all_of_it) and page.focused() == "alone"
        page.decision.get_by_label("See whether").check()
        page.decision.get_by_role("textbox").fill("Too few")
        send.click()
        page.wait(1000)  # what was typed is saved meanwhile, and that does not talk over it
        assert decision_line(page).endswith(f"{say('missing_certainty')}; {say('missing_reason')}.")
        assert page.focused() == "sure"
        page.decision.get_by_label("A guess").check()
        assert decision_line(page) == ""
        send.click()
        page.wait(100)
        assert decision_line(page) == say("missing", parts=say("missing_reason"))
        assert page.page.evaluate("document.activeElement.tagName") == "TEXTAREA" and page.sent("commit") == []
        page.decision.get_by_role("textbox").fill("This is enough")
        send.click()
        page.wait()
        assert page.sent("commit") == [
            {"kind": "commit", "option": "wait", "certainty": "guess", "reason": "This is enough"}
        ]


def test_the_reason_and_the_leave_to_show_it_are_saved_as_they_are_given(browser: Browser, tmp_path: Path) -> None:
    with CasePage(browser, tmp_path, CASE) as page:
        go(page, "Write to Robin alone", "No. It is down")
        share = page.decision.get_by_label(say("share"))
        assert not share.is_checked()
        box = page.decision.get_by_role("textbox", name="Why?")
        box.fill("My client Dana")
        page.wait(900)
        assert ResponseRecord(tmp_path, "02-m").essay("thursday-940")[0] == "My client Dana"
        assert decision_line(page).startswith(SAVED)
        box.fill("The resident")
        share.check()
        page.wait()
        assert raw(tmp_path)["share"] is True and raw(tmp_path)["decision"] is None
        assert "Dana" not in (tmp_path / "02-m.essays.json").read_text()
        page.load()
        assert share.is_checked()
        expect(box).to_have_value("The resident")
        decide(page)
        box.fill("Robin, and the resident too.")
        box.blur()
        page.wait()
        assert ResponseRecord(tmp_path, "02-m").essay("thursday-940")[0] == "Robin, and the resident too."
        share.uncheck()
        page.wait()
        assert raw(tmp_path)["share"] is False and raw(tmp_path)["decision"]
        stop_clock(page.page)
        before = page.sent("reason")
        box.press_sequentially("Dana")
        assert page.sent("reason") == before
        pass_time(page.page, 900)
        assert "Dana" in str(ResponseRecord(tmp_path, "02-m").essay("thursday-940")[0])


def test_a_reason_is_reviewed_where_it_is_written(browser: Browser, tmp_path: Path) -> None:
    with CasePage(browser, tmp_path, CASE) as page:
        go(page, "Write to Robin alone", "No. It is down")
        page.decision.get_by_role("textbox").fill("Robin should write to dana.w@example.org tonight.")
        page.button("Review my text").click()
        expect(page.decision).to_contain_text("1 place to look at")
        assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.sent("review")[0]["text"].startswith("Robin should")


def test_a_graded_case_points_to_its_essay(browser: Browser, tmp_path: Path) -> None:
    with CasePage(browser, tmp_path, public_case_text(GRADED_CASE)) as page:
        go(page, "Write to Robin alone", "No. It is down")
        assert page.decision.get_by_role("textbox").count() == 0
        assert say("reason_graded") in page.decision.inner_text()
        page.decision.get_by_label(say("share_graded")).check()
        decide(page)
        told = page.decision.inner_text()
        assert "You decided" in told and say("commentary") not in told and STORY.decision.prompts[0] in told
        assert say("positions") not in told


def test_in_the_open_edition_a_graded_case_says_where_its_commentary_is(browser: Browser, tmp_path: Path) -> None:
    with CasePage(browser, tmp_path, public_case_text(GRADED_CASE), edition="open") as page:
        go(page, "Write to Robin alone", "No. It is down")
        assert say("reason_graded") not in page.decision.inner_text()
        decide(page)
        told = page.decision.inner_text()
        assert say("commentary_elsewhere") in told and say("commentary_what") not in told
        assert STORY.decision.prompts[0] in told


def test_the_instructors_preview_works_and_says_that_nothing_is_saved(browser: Browser) -> None:
    with CasePage(browser, None, GRADED_CASE) as page:
        assert words_of("page")["preview"] in page.card.inner_text()
        go(page, "Write to Robin alone", "No. It is down")
        decide(page)
        assert "I would speak with Robin" in page.decision.inner_text() and decision_line(page) == ""


# -- faults ----------------------------------------------------------------------------------------


def test_a_slow_kernel_a_silent_one_and_one_that_is_gone(browser: Browser, tmp_path: Path) -> None:
    with CasePage(browser, tmp_path, CASE) as page:
        stop_clock(page.page)
        page.kernel_is("ok", delay=900)
        page.card.get_by_label("Write to Robin alone").check()
        page.button("Go on").click()
        page.button("Go on").click()  # once is enough
        pass_time(page.page, 500)
        assert story_line(page) == words_of("page")["checking"]
        pass_time(page.page, 500)
        expect(page.card.get_by_text("You chose:")).to_have_count(1)
        assert story_line(page) == "" and len(page.sent("choose")) == 1
        for mode, label, option in (("dead", "No. It is down", "no"), ("closed", "Yes. Let us call", "tell")):
            page.kernel_is(mode)
            page.card.get_by_label(label).check()
            page.button("Go on").click()
            pass_time(page.page, 5100)
            assert story_line(page) == words_of("page")["not_saved_yet"]
            assert page.card.get_by_label(label).is_checked()
            page.kernel_is("ok")
            pass_time(page.page, 5100)
            expect(page.button("Begin again")).to_be_visible()
            assert story_line(page) == "" and raw(tmp_path)["paths"][-1] == ["robin", option]
            page.button("Go back to here").nth(1).click()
            pass_time(page.page, 50)
            expect(page.button("Go on")).to_be_visible()


def test_what_the_disk_refuses_is_said_and_tried_again(browser: Browser, tmp_path: Path) -> None:
    with CasePage(browser, tmp_path, CASE) as page:
        go(page, "Write to Robin alone", "No. It is down")
        stop_clock(page.page)
        record = tmp_path / "02-m.responses.jsonl"
        record.rename(tmp_path / "away")
        record.mkdir()
        page.decision.get_by_label("Speak with Robin alone").check()
        page.decision.get_by_label("Fairly sure").check()
        page.decision.get_by_role("textbox").fill(REASON)
        page.button("Send my decision").click()
        pass_time(page.page, 50)
        expect(page.decision.locator("> .fg-problem")).to_contain_text("Not saved: your file of answers")
        assert "I would speak with Robin" not in page.page.content()
        page.decision.get_by_role("textbox").fill(f"{REASON} And more.")  # typed while it is tried again
        record.rmdir()
        (tmp_path / "away").rename(record)
        pass_time(page.page, 6000)
        expect(page.decision).to_contain_text("You decided: Speak with Robin alone")
        pass_time(page.page, 1000)
        expect(page.decision.locator("> [role=status]")).to_contain_text(SAVED)
        assert ResponseRecord(tmp_path, "02-m").essay("thursday-940")[0] == f"{REASON} And more."
        expect(page.decision.get_by_role("textbox")).to_have_value(f"{REASON} And more.")


def test_what_no_kernel_took_is_there_when_the_cell_runs_again(browser: Browser, tmp_path: Path) -> None:
    with CasePage(browser, tmp_path, CASE) as page:
        go(page, "Write to Robin alone", "No. It is down")
        page.kernel_is("dead")
        page.decision.get_by_role("textbox").fill("While the kernel was gone")
        page.decision.get_by_label(say("share")).check()
        page.button("Begin again").click()
        page.kernel_is("ok")
        page.run_again()
        page.wait(200)
        expect(page.decision.get_by_role("textbox")).to_have_value("While the kernel was gone")
        assert ResponseRecord(tmp_path, "02-m").essay("thursday-940")[0] == "While the kernel was gone"
        assert raw(tmp_path)["share"] is True and raw(tmp_path)["paths"] == [["robin", "no"], []]
        page.kernel_is("dead")
        go(page, "Write to Robin alone")
        page.kernel_is("ok")
        page.run_again()
        page.wait(200)
        assert raw(tmp_path)["paths"][-1] == ["robin"] and page.card.get_by_text("You chose:").count() == 1


def test_a_case_that_opens_without_a_kernel_says_so_and_opens_with_one(browser: Browser, tmp_path: Path) -> None:
    with CasePage(browser, tmp_path, CASE) as page:
        stop_clock(page.page)
        page.kernel_is("dead")
        page.run_again(wait=False)
        pass_time(page.page, 5100)
        assert (
            story_line(page) == words_of("page")["no_kernel"]
            and "You are in the second month" in page.card.inner_text()
        )
        page.kernel_is("ok")
        pass_time(page.page, 5100)
        expect(page.card.get_by_role("radio")).to_have_count(2)
        assert story_line(page) == ""


def test_another_window_is_taken_over_and_told(browser: Browser, tmp_path: Path) -> None:
    with CasePage(browser, tmp_path, CASE) as page, CasePage(browser, tmp_path, CASE) as other:
        go(page, "Write to Robin alone")
        go(other, "Write in the chat")
        assert story_line(other) == say("went_on_elsewhere")
        assert "Robin answers at half past ten" in other.card.inner_text()
        go(page, "No. It is down")
        page.decision.get_by_role("textbox").fill("Words that stay as they are")
        # What another view of the same kernel has done is shown here too, and takes no focus.
        page.page.evaluate("(state) => hear(state)", {**answer_of(page.playing, {"kind": "again"}), "n": 1})
        assert page.card.get_by_text("You chose:").count() == 0
        expect(page.decision.get_by_role("textbox")).to_have_value("Words that stay as they are")
        assert page.page.evaluate("document.activeElement.tagName") == "TEXTAREA"


def test_what_was_found_on_file_is_told(browser: Browser, tmp_path: Path) -> None:
    ResponseRecord(tmp_path, "02-m").save("thursday-940", {"paths": [["robin", "gone"]]})
    with CasePage(browser, tmp_path, CASE) as page:
        assert story_line(page) == say("case_outdated")
        go(page, "No. It is down")
        assert story_line(page) == ""


def test_markup_in_texts_stays_text(browser: Browser, tmp_path: Path) -> None:
    bad = "<img src=x onerror=window.bad=1><b>x</b>"
    text = CASE
    for old in (
        *("Thursday, 9", "This case is about", "Her face", "What do you answer", "Robin answers at", "No. It is down"),
        *("Down, and not", "You spared", "It is not too late", "What should you", "Speak with", "I would speak"),
        *("Robin first, because it", "What changes if"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, f"{bad} {old}")
    with CasePage(browser, tmp_path, text) as page:
        go(page, "Write to Robin alone", "No. It is down")
        decide(page)
        assert page.card.inner_text().count(bad) == 14
        assert page.page.evaluate("window.bad") is None and page.card.locator("img, p b b").count() == 0


# -- the look --------------------------------------------------------------------------------------


def looks_well(page: CasePage) -> None:
    """No finding of axe's, nothing wider than the page, nothing too small to press, nothing JupyterLab would take."""
    assert found_by_axe(page.page) == []
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = """[...document.querySelectorAll(".fg-root :is(a, button, select, textarea, label:has(input))")]
        .filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < 24).length"""
    assert page.page.evaluate(small) == 0
    loose = """[...document.querySelectorAll(".fg-root :is(a, button, input, select, textarea, [tabindex])")]
        .filter((node) => node.dataset.lmSuppressShortcuts !== "true").length"""
    assert page.page.evaluate(loose) == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_in_any_state(browser: Browser, tmp_path: Path, theme: str, width: int) -> None:
    with CasePage(browser, tmp_path, CASE, theme=theme, viewport={"width": width, "height": 900}) as page:
        looks_well(page)
        go(page, "Write in the chat", "Write to Robin alone after all")
        page.button("Go back to here").first.hover()
        looks_well(page)
        go(page, "Yes. Let us call")
        looks_well(page)
        page.button("Send my decision").click()
        page.wait(100)
        looks_well(page)
        page.decision.get_by_role("textbox").fill("Robin should write to dana.w@example.org tonight.")
        page.button("Review my text").click()
        expect(page.decision).to_contain_text("1 place to look at")
        draft = tmp_path / ".02-m.essays.json.part"
        draft.mkdir()
        decide(page)
        assert decision_line(page).startswith("Not saved")
        looks_well(page)
        draft.rmdir()
        page.load()
        decide(page)
        assert "You decided" in page.decision.inner_text()
        looks_well(page)


@pytest.mark.parametrize("context", [{"forced_colors": "active"}, {"direction": "rtl"}], ids=["forced-colors", "rtl"])
def test_forced_colors_and_right_to_left_lose_nothing(
    browser: Browser, tmp_path: Path, context: dict[str, str]
) -> None:
    direction = context.pop("direction", "ltr")
    with CasePage(browser, tmp_path, CASE, direction=direction, **context) as page:
        go(page, "Write in the chat", "Write to Robin alone after all", "Yes. Let us call")
        decide(page)
        looks_well(page)
        chosen = page.card.get_by_text("Write in the chat").bounding_box()
        back = page.button("Go back to here").first.bounding_box()
        assert chosen and back and (back["x"] < chosen["x"]) == (direction == "rtl")


# -- in Jupyter ------------------------------------------------------------------------------------

HEAD = "id: 02-m\nedition: student\ntitle: A module\nminutes: 10\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    root = tmp_path_factory.mktemp("class")
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(cell) for cell in ("%load_ext fieldguide", f"%%module\n{HEAD}", f"%%case\n{CASE}")
        ],
        metadata={
            "kernelspec": {"name": "fieldguide", "display_name": "Field Guide", "language": "python"},
            "fieldguide": {"module": "02-m"},
        },
    )
    nbformat.write(notebook, root / "02-m.ipynb")
    server = JupyterServer(root, tmp_path_factory.mktemp("home"))
    yield server
    server.stop()


@pytest.mark.slow
def test_in_jupyter_keys_stay_in_the_case_and_it_outlives_page_and_kernel(
    browser: Browser, server: JupyterServer
) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.add_init_script(SCRIPT)
    page.goto(server.lab("02-m.ipynb"))
    card = page.locator(".fg-case")
    cells = page.locator(".jp-Notebook .jp-Cell")
    card.get_by_role("radio").first.focus()
    count = cells.count()
    for key in ("b", "a", "x", "d", "d", "m", "z", "ArrowDown"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")  # goes on, and leaves the cell as it is
    expect(card.get_by_role("heading", name="Step 2")).to_be_focused()
    for key in ("b", "d", "d", "ArrowDown"):
        page.keyboard.press(key)
    assert cells.count() == count and page.locator(".jp-Notebook .jp-mod-editMode").count() == 0
    card.get_by_label("Write to Robin alone after all").check()
    card.get_by_role("button", name="Go on").click()
    expect(card.get_by_role("heading", name="Step 3")).to_be_focused()

    page.reload()
    expect(card.get_by_text("You chose:")).to_have_count(2)
    card.get_by_label("Yes. Let us call").check()
    card.get_by_role("button", name="Go on").click()
    box = card.get_by_role("textbox")
    box.click()
    page.keyboard.type("Robin can act.")
    page.keyboard.press("Enter")
    page.keyboard.type("b")
    assert box.input_value() == "Robin can act.\nb" and cells.count() == count
    card.get_by_label("Speak with Robin alone").check()
    card.get_by_label("Fairly sure").check()
    card.get_by_role("button", name="Send my decision").click()
    expect(card).to_contain_text("I would speak with Robin")

    # The kernel is gone, and with another the case is as it was.
    card.evaluate("(card) => { card.dataset.old = 'yes' }")
    page.get_by_role("menuitem", name="Kernel").click()
    page.get_by_role("menuitem", name="Restart Kernel and Run All Cells…").click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(page.locator(".fg-case:not([data-old])")).to_be_visible()
    # JupyterLab has run the cells: the page, which has seen the kernel go, leaves their views as they are.
    card.evaluate("(card) => { card.dataset.first = 'yes' }")
    wait_for_idle_kernel(page)
    expect(page.locator(".fg-busy")).to_have_count(0)
    expect(page.locator(".fg-case[data-first]")).to_be_visible()
    expect(card).to_contain_text("You decided: Speak with Robin alone")
    expect(box).to_have_value("Robin can act.\nb")
    card.get_by_role("button", name="Begin again").click()
    expect(card.get_by_role("heading", name="Step 1")).to_be_focused()
    record = ResponseRecord(server.root, "02-m").of("thursday-940").saved
    assert isinstance(record, dict) and record["paths"] == [["chat", "private", "tell"], []]
    page.close()
