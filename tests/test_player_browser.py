"""The player in a real Chromium: keys, what is announced, save states, faults, and the look in every state."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from barriers import found_by_axe
from browser import JupyterServer
from player_page import PlayerPage
from playwright.sync_api import Browser, Locator, Page, expect
from samples import CHOICE, ENTRY, ESSAY, GRADED, HOTTEXT, MATCH, ORDER, SEVERAL, TASK
from saved import SAVED, SAVED_AT
from settling import pass_time, stop_clock

from fieldguide.items.numbers import read_number
from fieldguide.player import session
from fieldguide.player.words import say
from fieldguide.responses import ResponseRecord

pytestmark = pytest.mark.browser


def practice(text: str) -> str:
    """A graded sample as a practice question of its own."""
    kept = [line for line in text.splitlines() if not line.startswith("points:")]
    made = "\n".join(kept).replace("use: graded", "use: practice\nhint: Who else can help?")
    return made.replace("id: ", "id: try-", 1)


PRACTICE = tuple(practice(text) for kind, text in GRADED.items() if kind != "essay")
EVERYTHING = (*PRACTICE, TASK, *GRADED.values())
WRITTEN = TASK.split("\n")[0].removeprefix("id: ")
ID = {kind: text.split("\n")[0].removeprefix("id: ") for kind, text in GRADED.items()}
TRY = {kind: f"try-{name}" for kind, name in ID.items()}


def role_button(card: Locator, name: str) -> Locator:
    return card.get_by_role("button", name=name)


# -- keys and what is announced --------------------------------------------------------------------


def test_radio_buttons_are_chosen_and_checked_with_the_keyboard(browser: Browser, tmp_path: Path) -> None:
    with PlayerPage(browser, tmp_path, items=(practice(CHOICE),)) as player:
        keys, name = player.page.keyboard, TRY["choice"]
        card = player.card(name)
        role_button(card, "Check").click()
        player.wait(150)
        assert player.says(name) == say("choose_first") and player.sent(name, "check") == []
        assert not role_button(card, "Hint").is_visible()
        card.get_by_role("heading").focus()
        keys.press("Tab")
        keys.press("Space")
        assert player.focused() == "reply"
        keys.press("ArrowDown")
        keys.press("ArrowDown")
        assert player.focused() == "block"
        keys.press("Enter")
        expect(card.locator("[aria-live=polite]")).to_contain_text("Not yet")
        assert player.sent(name, "check") == [["block"]] and player.focused() == "block"
        keys.press("Tab")
        assert player.focused() == "Check"
        keys.press("Tab")
        assert player.focused() == "Try again"
        keys.press("Tab")
        keys.press("Enter")
        expect(card.locator("[aria-live=polite]")).to_contain_text("Who else can help?")
        expect(role_button(card, "Hint")).to_have_attribute("aria-expanded", "true")
        card.get_by_role("radio").first.check()
        assert "Not yet" not in player.says(name)
        role_button(card, "Check").focus()
        keys.press("Space")
        expect(role_button(card, "Show the answer")).to_be_visible()
        assert player.focused() == "Check"
        role_button(card, "Show the answer").press("Enter")
        expect(card.locator("[aria-live=polite]")).to_contain_text("The answer")
        described = card.get_by_role("radio").nth(1).get_attribute("aria-describedby")
        assert described and "keeps the boundary" in player.page.locator(f"#{described}").inner_text()


def test_an_order_is_made_with_buttons_and_arrow_keys_and_told(browser: Browser, tmp_path: Path) -> None:
    with PlayerPage(browser, tmp_path, items=(practice(ORDER), ORDER)) as player:
        keys, name = player.page.keyboard, ID["order"]
        card = player.card(name)
        news = card.locator("fieldset [role=status]")
        assert role_button(card, "Move up: Talk with").get_attribute("aria-disabled") == "true"
        role_button(card, "Keep this order").press("Enter")
        player.wait()
        assert player.sent(name, "save") == [["discuss", "stop", "tell", "plan"]]
        assert not role_button(card, "Keep this order").is_visible() and SAVED in player.says(name)
        role_button(card, "Move up: Plan").focus()
        keys.press("Enter")
        assert news.inner_text() == "Plan the talk in supervision, now 3 of 4"
        keys.press("ArrowUp")
        keys.press("Space")
        assert news.inner_text().endswith("now 1 of 4") and player.focused().startswith("Move up: Plan")
        keys.press("Enter")  # it is at the top already
        keys.press("ArrowDown")
        assert player.focused().startswith("Move up: Plan")
        player.wait()
        assert player.sent(name, "save")[-1] == ["discuss", "plan", "stop", "tell"]
        assert len(player.sent(name, "save")) == 5
        role_button(card, "Clear my answer").click()
        player.wait()
        assert player.sent(name, "save")[-1] is None
        assert card.get_by_role("listitem").first.inner_text().startswith("Talk with")
        expect(role_button(card, "Keep this order")).to_be_visible()

        shown = player.card(TRY["order"])  # in practice, Check gives the order that is shown
        role_button(shown, "Check").click()
        player.wait()
        assert player.sent(TRY["order"], "check") == [["discuss", "stop", "tell", "plan"]]


def test_phrases_are_ticked_in_the_running_text(browser: Browser, tmp_path: Path) -> None:
    with PlayerPage(browser, tmp_path, items=(practice(HOTTEXT), HOTTEXT)) as player:
        card = player.card(TRY["hottext"])
        boxes = card.get_by_role("group", name="Which phrases").get_by_role("checkbox")
        assert [box.get_attribute("value") for box in boxes.all()] == ["job", "town", "mood", "event"]
        boxes.first.focus()
        for key in ("Tab", "Space", "Tab", "Space", "Enter"):
            player.page.keyboard.press(key)
        player.wait()
        assert player.sent(TRY["hottext"], "check") == [["town", "mood"]]
        notes = [note.inner_text().split("\n")[0] for note in card.locator(".fg-note").all()]
        assert notes == ["Right answer: Fern Hollow", "Not this one: worn out"]
        player.card(ID["hottext"]).get_by_label("the fire in May").check()
        player.wait()
        assert player.sent(ID["hottext"], "save") == [["event"]]


def test_an_entry_is_saved_when_left_and_says_at_once_what_is_no_number(browser: Browser, tmp_path: Path) -> None:
    with PlayerPage(browser, tmp_path, items=(practice(ENTRY), ENTRY)) as player:
        name, keys = ID["entry"], player.page.keyboard
        box = player.card(name).get_by_role("textbox", name="What percentage is it?")
        assert box.get_attribute("inputmode") == "decimal"
        expect(box).to_have_accessible_description("percent")
        box.press_sequentially("12.")
        assert player.sent(name, "save") == [] and player.says(name) == ""
        keys.press("Tab")
        assert player.says(name) == say("no_number_saved") and box.get_attribute("aria-invalid") == "true"
        box.press("End")
        keys.type("5")
        keys.press("Enter")
        player.wait()
        assert player.sent(name, "save") == ["12.5"] and player.says(name).startswith(SAVED)
        box.fill("")
        keys.press("Tab")
        player.wait()
        assert player.sent(name, "save") == ["12.5", None]
        tried = player.card(TRY["entry"])
        tried.get_by_role("textbox").fill("about twelve")
        tried.get_by_role("textbox").press("Enter")
        assert player.says(TRY["entry"]) == say("no_number") and player.sent(TRY["entry"], "check") == []
        tried.get_by_role("textbox").fill("12,6 %")
        tried.get_by_role("textbox").press("Enter")
        player.wait()
        assert player.says(TRY["entry"]).startswith("Right One in eight.")


def test_the_page_and_the_scorer_agree_on_what_a_number_is(browser: Browser, tmp_path: Path) -> None:
    texts = ["1", "-1", "+1.5", "1,5", "1,234", "1,234.5", "1.234,5", "12.", ".5", "1e3", "½", "٣", "1 000", "12 %"]
    texts += ["−3", "−−3", "1,23,456", "9" * 30, "9" * 31, "0x1", "", "1\u00a0000", "%", "1,2345", "12,5%", "a"]
    texts += ["–3", "\u20113", "１２．５", "12\u202f％", "10²", "1\u200b2", "１,２３４", "½%", "12\u00ad.5", "—", "1—2"]
    with PlayerPage(browser, tmp_path, items=(ENTRY,)) as player:
        box = player.card(ID["entry"]).get_by_role("textbox")
        for text in filter(str.strip, texts):
            box.fill(text)
            box.blur()
            readable = box.get_attribute("aria-invalid") == "false"
            assert readable == (read_number(text) is not None), text


VIGNETTE = "On Thursday evening Robin writes from a new account."


def with_vignette(text: str) -> str:
    """A sample whose stem begins with a vignette, and ends with a remark."""
    (stem,) = re.findall(r"^stem: \|\n  (.+)$|^stem: (.+)$", text, re.MULTILINE)
    asked = "".join(stem)
    old = f"stem: |\n  {asked}" if stem[0] else f"stem: {asked}"
    return text.replace(old, f"stem: |\n  {VIGNETTE}\n\n  {asked}\n\n  Name one reason.")


@pytest.mark.parametrize("kind", GRADED)
def test_a_screen_reader_hears_the_question_as_a_name_and_its_vignette_once(
    browser: Browser, tmp_path: Path, kind: str
) -> None:
    text = with_vignette(GRADED[kind])
    asked = text.split(VIGNETTE)[1].split("\n")[2].strip()
    with PlayerPage(browser, tmp_path, items=(text,)) as player:
        card = player.page.get_by_role("region", name="Question 1", exact=True)
        assert card.get_by_role("paragraph").first.inner_text() == VIGNETTE
        role = "textbox" if kind in ("entry", "essay") else "group"
        answered = card.get_by_role(role).first
        expect(answered).to_have_accessible_name("Name one reason." if "?" not in asked else asked)
        # A description would be read last, after the first answer.
        for control in card.locator("fieldset :is(input, select, button), input[type=text], textarea").all():
            expect(control).not_to_have_accessible_description(re.compile(re.escape(VIGNETTE)))
        answered.locator("input, select, button").or_(answered).last.focus()
        expect(answered).to_have_accessible_name(re.compile(f"^{re.escape(VIGNETTE)} .*{re.escape(asked)}"))
        card.get_by_role("heading").focus()
        expect(answered).not_to_have_accessible_name(re.compile(re.escape(VIGNETTE)))
        answered.locator("input, select, button").or_(answered).last.focus()
        expect(answered).not_to_have_accessible_name(re.compile(re.escape(VIGNETTE)))


def test_a_verdict_and_a_hint_are_read_out_in_one_piece_once(browser: Browser, tmp_path: Path) -> None:
    with PlayerPage(browser, tmp_path, items=(practice(CHOICE),)) as player:
        card = player.card(TRY["choice"])
        # Of what is new in several nodes of a live region, a screen reader tells in any order.
        voice = card.locator("header [role=log]")
        stop_clock(player.page)
        card.locator("input[value=block]").check()
        role_button(card, "Check").click()
        pass_time(player.page, 50)
        verdict = card.locator(".fg-verdict").first
        expect(verdict.locator("p").first).to_have_text("Not yet")
        told = " ".join(text.rstrip(".") + "." for text in verdict.locator("p").all_inner_texts())
        expect(voice).to_have_text(told)
        assert told.startswith("Not yet. ") and verdict.get_attribute("aria-live") == "off"
        pass_time(player.page, 4000)
        role_button(card, "Hint").click()
        pass_time(player.page, 50)
        hint = re.compile(r"^Hint\. Who else can help\?")
        expect(voice).to_have_text(hint)
        pass_time(player.page, 2000)
        expect(voice).to_have_text(hint)  # the end of the verdict is not that of the hint
        # It stands in the card, too: who reads on meets it there, and not twice.
        pass_time(player.page, 4000)
        expect(voice).to_have_text("")
        player.page.clock.resume()
        player.run_again()
        expect(verdict).to_be_visible()
        expect(voice).to_have_text("")


def test_an_essay_in_parts_is_named_by_what_it_is_about(browser: Browser, tmp_path: Path) -> None:
    about, *parts = ("Give your reasons.", "1. Who is affected?", "2. What do you do?", "Write of this case alone.")
    stem = "stem: |\n  " + "\n\n  ".join((about, *parts))
    with PlayerPage(browser, tmp_path, items=(re.sub(r"^stem: .*$", stem, ESSAY, flags=re.MULTILINE),)) as player:
        box = player.card(ID["essay"]).get_by_role("textbox")
        expect(box).to_have_accessible_name(about)
        assert player.card(ID["essay"]).locator(".fg-question").count() == 0  # no part is set heavier than the others
        box.focus()
        expect(box).to_have_accessible_name(" ".join((about, *parts)))
        player.card(ID["essay"]).get_by_role("heading").focus()
        expect(box).to_have_accessible_name(about)
        expect(box).to_have_accessible_description("0 words so far; about 200 is a good length")


def test_a_phrase_that_wraps_is_one_box_and_holds_its_own_at_the_start(browser: Browser, tmp_path: Path) -> None:
    long = HOTTEXT.replace("[the fire in May]", "[the fire that took half of Mill Street one night in May]")
    with PlayerPage(browser, tmp_path, items=(long,)) as player:
        phrase = player.card(ID["hottext"]).locator("label", has_text="Mill Street")
        for width in range(320, 420, 10):
            player.page.set_viewport_size({"width": width, "height": 900})
            pieces = phrase.evaluate("(node) => node.getClientRects().length")
            tick = phrase.locator("input").bounding_box()
            word = phrase.locator("span").bounding_box()
            assert pieces > 1 and tick and word
            assert word["y"] - 4 < tick["y"] < word["y"] + word["height"] < tick["y"] + 40
        style = phrase.evaluate("(node) => getComputedStyle(node).boxDecorationBreak")
        assert style == "slice"  # open where the line ends: the next line goes on with it


# -- save states and faults ------------------------------------------------------------------------


def test_save_states_and_the_answer_kept_and_tried_again(browser: Browser, tmp_path: Path) -> None:
    with PlayerPage(browser, tmp_path, items=(CHOICE,), timezone_id="Asia/Kolkata") as player:
        name, record = ID["choice"], ResponseRecord(tmp_path, "05-m")
        stop_clock(player.page)
        card = player.card(name)
        player.kernel_is("ok", delay=900)
        card.get_by_label("Reply at once").check()
        pass_time(player.page, 500)
        assert player.says(name) == "Saving…"
        pass_time(player.page, 500)
        saved_at = record.of(name).saved_at
        assert saved_at is not None
        hours, minutes = int(saved_at[11:13]), int(saved_at[14:16])
        local = (hours * 60 + minutes + 330) % 1440  # this reader's clock is five and a half hours ahead
        hour, half = (local // 60 - 1) % 12 + 1, "AP"[local >= 720]
        told = re.compile(rf"^{SAVED} (\w+ \d+, )?{hour}:{local % 60:02}\s{half}M$")  # with its day at midnight
        expect(card.locator("[aria-live=polite]")).to_have_text(told)

        (tmp_path / "05-m.responses.jsonl").rename(tmp_path / "away")
        (tmp_path / "05-m.responses.jsonl").mkdir()
        player.kernel_is("ok")
        card.get_by_label("Leave it").check()
        pass_time(player.page, 50)
        expect(card.locator("[aria-live=polite]")).to_contain_text(
            "Not saved: your file of answers could not be written"
        )
        assert card.get_by_label("Leave it").is_checked()
        (tmp_path / "05-m.responses.jsonl").rmdir()
        (tmp_path / "away").rename(tmp_path / "05-m.responses.jsonl")
        pass_time(player.page, 5100)
        expect(card.locator("[aria-live=polite]")).to_contain_text(SAVED)
        assert ResponseRecord(tmp_path, "05-m").of(name).saved == ["wait"]

        for mode in ("dead", "closed"):
            player.kernel_is(mode)
            card.get_by_label("Block").check()
            pass_time(player.page, 5100)
            expect(card.locator("[aria-live=polite]")).to_have_text(say("not_saved_yet"))
            player.kernel_is("ok")
            pass_time(player.page, 5100)
            expect(card.locator("[aria-live=polite]")).to_contain_text(SAVED)
            card.get_by_label("Leave it").check()
            pass_time(player.page, 50)


def test_an_answer_that_no_kernel_took_is_there_when_the_cell_runs_again(browser: Browser, tmp_path: Path) -> None:
    with PlayerPage(browser, tmp_path, items=(CHOICE, ESSAY)) as player:
        player.kernel_is("dead")
        player.card(ID["choice"]).get_by_label("Leave it").check()
        player.card(ID["essay"]).get_by_role("textbox").fill("While the kernel was gone")
        player.run_again()
        player.wait(200)
        assert player.card(ID["choice"]).get_by_label("Leave it").is_checked()
        record = ResponseRecord(tmp_path, "05-m")
        expect(player.card(ID["essay"]).locator("[aria-live=polite]")).to_contain_text(SAVED)
        assert record.of(ID["choice"]).saved == ["wait"]
        assert record.essay(ID["essay"])[0] == "While the kernel was gone"


def test_what_is_wrong_with_the_record_is_told_and_the_rest_works(browser: Browser, tmp_path: Path) -> None:
    record = ResponseRecord(tmp_path, "05-m")
    record.save(ID["several"], ["gone", "town"])
    with record.path.open("a") as file:
        file.write("edited by hand\n")
    with PlayerPage(browser, tmp_path, items=(CHOICE, SEVERAL)) as player:
        assert say("set_aside") in player.head().locator(".fg-problem[role=status]").inner_text()
        assert "line 2" in player.head().locator(".fg-problem[role=status]").inner_text()
        assert say("answer_outdated") in player.says(ID["several"])
        assert player.card(ID["several"]).get_by_label("The town").is_checked()
        player.card(ID["choice"]).get_by_label("Leave it").check()
        player.wait()
        assert player.says(ID["choice"]).startswith(SAVED)
        record.save(ID["choice"], ["block"])  # another kernel
        player.card(ID["choice"]).get_by_label("Reply").check()
        player.wait()
        assert say("answered_elsewhere") in player.says(ID["choice"])


def test_a_page_of_another_version_says_so_wherever_something_is_asked(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PlayerPage(browser, tmp_path, items=(practice(CHOICE), TASK)) as player:
        monkeypatch.setattr(session, "VERSION", session.VERSION + 1)
        player.come_back()
        expect(player.head().get_by_text(say("other_version"), exact=True)).to_be_visible()
        card = player.card(TRY["choice"])
        card.get_by_role("radio").first.check()
        role_button(card, "Check").click()
        expect(card.get_by_text(say("other_version"), exact=True)).to_be_visible()
        written = player.card(WRITTEN)
        role_button(written, "Review my text").click()
        expect(written.get_by_text(say("other_version"), exact=True)).to_be_visible()


def test_markup_in_texts_stays_text(browser: Browser, tmp_path: Path) -> None:
    bad = "<img src=x onerror=window.bad=1><b>x</b>"
    made = practice(CHOICE).replace("Block the account.", bad).replace("What is best first?", bad)
    made = made.replace("Blocking says", bad)
    with PlayerPage(browser, tmp_path, items=(made,)) as player:
        card = player.card(TRY["choice"])
        card.get_by_role("radio").nth(2).check()
        role_button(card, "Check").click()
        player.wait()
        assert bad in player.says(TRY["choice"])
        assert player.page.evaluate("window.bad") is None and card.locator("img, b").count() == 0


# -- the head --------------------------------------------------------------------------------------


def test_the_head_counts_links_and_asks_for_certainty(browser: Browser, tmp_path: Path) -> None:
    with PlayerPage(browser, tmp_path, items=(practice(CHOICE), CHOICE, MATCH)) as player:
        head, keys = player.head(), player.page.keyboard
        expect(head.get_by_role("progressbar", name="Answered 0 of 2 graded questions")).to_be_visible()
        head.get_by_role("link", name="Question 2").press("Enter")
        assert player.page.evaluate("document.activeElement.closest('article').id") == f"fg-{ID['match']}"
        player.card(ID["match"]).get_by_role("combobox").first.select_option("recording")
        expect(head.get_by_text("Answered 1 of 2")).to_be_visible()
        assert [link.inner_text() for link in head.get_by_role("link").all()] == ["Question 1"]

        card = player.card(TRY["choice"])
        assert not card.get_by_role("group", name="How sure are you?").is_visible()
        head.get_by_label("Ask me how sure I am").focus()
        keys.press("Space")
        expect(card.get_by_role("group", name="How sure are you?")).to_be_visible()
        card.get_by_label("Leave it").check()
        card.get_by_label("A guess").check()
        keys.press("Enter")
        expect(card.locator("[aria-live=polite]")).to_contain_text("You guessed, and it was right.")
        expect(head).to_contain_text("When you guessed: right 1 of 1")
        player.run_again()
        assert head.get_by_label("Ask me how sure I am").is_checked()
        assert card.get_by_label("A guess").is_checked()
        assert "You guessed, and it was right." in player.says(TRY["choice"])


def test_an_example_is_unfolded_once_something_is_written_or_skipped(browser: Browser, tmp_path: Path) -> None:
    with PlayerPage(browser, tmp_path, items=(TASK,)) as player:
        keys, card = player.page.keyboard, player.card(WRITTEN)
        compare, skip = role_button(card, say("compare")), role_button(card, say("compare_skip"))
        example = card.get_by_text("Messages here are not read after five.")
        news = card.locator(".fg-compared").get_by_role("status")
        expect(card).to_contain_text(say("never_counts"))
        expect(compare).to_have_attribute("aria-expanded", "false")
        expect(skip).to_be_hidden()
        assert card.get_by_role("button", name="Check", exact=True).count() == 0
        compare.focus()
        keys.press("Enter")
        expect(news).to_have_text(say("compare_first"))
        expect(example).to_have_count(0)
        keys.press("Tab")
        assert player.focused() == say("compare_skip")
        keys.press("Space")
        expect(example).to_be_visible()
        expect(compare).to_be_focused()
        expect(compare).to_have_attribute("aria-expanded", "true")
        expect(skip).to_be_hidden()
        expect(card.get_by_role("listitem")).to_have_text(
            ["Whose name stands on it", "What a client may expect: an answer, or none"]
        )
        keys.press("Enter")
        expect(example).to_be_hidden()
        player.run_again()
        card.get_by_role("textbox").fill("Intern at Mill Row.")
        compare.click()
        expect(example).to_be_visible()
        card.get_by_role("textbox").blur()
        expect(card).to_contain_text(SAVED_AT)
        player.run_again()
        expect(card.get_by_role("textbox")).to_have_value("Intern at Mill Row.")
        expect(example).to_have_count(0)
    assert ResponseRecord(tmp_path, "05-m").essay(WRITTEN)[0] == "Intern at Mill Row."


# -- the look --------------------------------------------------------------------------------------


def use_everything(player: PlayerPage) -> None:
    """Right, partly right and wrong answers, hints, saved answers, and a save that failed."""
    page = player.page
    player.head().get_by_label("Ask me how sure I am").check()
    for kind, name in TRY.items():
        card = player.card(name)
        if kind in ("choice", "several", "hottext"):
            card.locator("input").nth(0).check()
        elif kind == "match":
            card.get_by_role("combobox").nth(0).select_option("recording")
            card.get_by_role("combobox").nth(1).select_option("recording")
        elif kind == "entry":
            card.get_by_role("textbox").fill("12.5")
        else:
            continue
        card.get_by_label("Fairly sure").check()
        role_button(card, "Check").click()
    role_button(player.card(TRY["order"]), "Check").click()
    player.wait(150)
    for kind in ("choice", "match", "order"):
        role_button(player.card(TRY[kind]), "Hint").click()
    player.card(ID["choice"]).get_by_role("radio").nth(1).check()
    player.card(ID["several"]).get_by_role("checkbox").nth(1).check()
    player.card(ID["match"]).get_by_role("combobox").nth(2).select_option("teaching")
    role_button(player.card(ID["order"]), "Move down: Talk").click()
    player.card(ID["entry"]).get_by_role("textbox").fill("twelve")
    player.card(ID["essay"]).get_by_role("textbox").fill("I take the post down.")
    player.card(ID["hottext"]).get_by_role("checkbox").nth(1).check()
    role_button(player.card(WRITTEN), say("compare")).click()
    player.wait(150)
    role_button(player.card(WRITTEN), say("compare_skip")).click()
    page.locator("body").click(position={"x": 1, "y": 1})
    player.wait(1000)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "scale"), [(1280, 1), (640, 2), (320, 1)], ids=["wide", "zoomed", "narrow"])
def test_axe_finds_nothing_in_any_state(browser: Browser, tmp_path: Path, theme: str, width: int, scale: int) -> None:
    with PlayerPage(
        browser, tmp_path, items=EVERYTHING, theme=theme, viewport={"width": width, "height": 900}
    ) as player:
        if scale > 1:
            player.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert found_by_axe(player.page) == []
        use_everything(player)
        assert found_by_axe(player.page) == []
        player.card(ID["order"]).get_by_role("button").nth(1).focus()
        for kind in ("choice", "match", "order", "several", "hottext"):
            card = player.card(TRY[kind])
            role_button(card, "Try again").click()
            if not role_button(card, "Show the answer").is_visible():
                role_button(card, "Check").click()
                player.wait(80)
            if role_button(card, "Show the answer").is_visible():
                role_button(card, "Show the answer").click()
        (tmp_path / "05-m.responses.jsonl").rename(tmp_path / "away")
        (tmp_path / "05-m.responses.jsonl").mkdir()
        player.card(ID["choice"]).get_by_role("radio").nth(0).check()
        player.wait(150)
        assert "Not saved" in player.says(ID["choice"])
        assert found_by_axe(player.page) == []
        assert player.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        small = """[...document.querySelectorAll(".fg-root :is(a, button, select, textarea, label:has(input))")]
            .filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < 24).length"""
        assert player.page.evaluate(small) == 0
        loose = """[...document.querySelectorAll(".fg-root :is(a, button, input, select, textarea, [tabindex])")]
            .filter((node) => node.dataset.lmSuppressShortcuts !== "true").length"""
        assert player.page.evaluate(loose) == 0


@pytest.mark.parametrize("context", [{"forced_colors": "active"}, {"direction": "rtl"}], ids=["forced-colors", "rtl"])
def test_forced_colors_and_right_to_left_lose_nothing(
    browser: Browser, tmp_path: Path, context: dict[str, str]
) -> None:
    with PlayerPage(browser, tmp_path, items=EVERYTHING, **context) as player:
        use_everything(player)
        assert player.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert player.page.evaluate("document.getAnimations().length") == 0
        assert found_by_axe(player.page) == []
        button = role_button(player.card(ID["order"]), "Move up: Stop").bounding_box()
        text = player.card(ID["order"]).get_by_text("Stop reading.").bounding_box()
        assert button and text
        assert (button["x"] < text["x"]) == (context.get("direction") == "rtl")


# -- in Jupyter ------------------------------------------------------------------------------------

NOTEBOOK = "05-m.ipynb"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    root = tmp_path_factory.mktemp("class")
    server = JupyterServer(root, tmp_path_factory.mktemp("home"))
    yield server
    server.stop()


def write_notebook(root: Path) -> None:
    graded = [CHOICE, MATCH, ORDER, HOTTEXT, ENTRY, ESSAY]
    ids = ", ".join(text.split("\n")[0].removeprefix("id: ") for text in graded)
    head = f"id: 05-m\nedition: student\ntitle: A module\nminutes: 10\ngraded: [{ids}]\npractice: [{TRY['choice']}]\n"
    cells = ["%load_ext fieldguide", f"%%module\n{head}", *(f"%%item\n{text}" for text in (practice(CHOICE), *graded))]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
        metadata={
            "kernelspec": {"name": "fieldguide", "display_name": "Field Guide", "language": "python"},
            "fieldguide": {"module": "05-m"},
        },
    )
    for old in root.iterdir():
        old.unlink() if old.is_file() else None
    nbformat.write(notebook, root / NOTEBOOK)


def open_notebook(browser: Browser, server: JupyterServer, place: str) -> Page:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(getattr(server, place)(NOTEBOOK))
    page.locator(f"#fg-{ID['essay']} textarea").wait_for()
    return page


def cell_count(page: Page) -> int:
    return page.locator(".jp-Notebook .jp-Cell").count()


@pytest.mark.slow
@pytest.mark.parametrize("place", ["lab", "notebook7"])
def test_in_jupyter_keys_stay_in_the_question_and_answers_outlive_the_kernel(
    browser: Browser, server: JupyterServer, place: str
) -> None:
    write_notebook(server.root)
    page = open_notebook(browser, server, place)
    cells = cell_count(page)
    card = {kind: page.locator(f"#fg-{ID[kind]}") for kind in ID}
    controls = [
        # The head's links change as soon as an answer is saved.
        page.locator(".fg-module").get_by_role("link").last,
        card["choice"].get_by_role("radio").nth(0),
        page.locator(f"#fg-{TRY['choice']}").get_by_role("button", name="Check"),
        card["match"].get_by_role("combobox").nth(0),
        card["order"].get_by_role("button").nth(1),
        card["hottext"].get_by_role("checkbox").nth(0),
        card["entry"].get_by_role("textbox"),
        card["essay"].get_by_role("textbox"),
        page.get_by_label("Ask me how sure I am"),
    ]
    for control in controls:
        control.focus()
        for key in ("b", "a", "x", "d", "d", "ArrowDown", "ArrowUp", "m", "z"):
            page.keyboard.press(key)
        assert control.evaluate("(node) => node === document.activeElement")
        assert cell_count(page) == cells
    assert page.locator(".jp-Notebook .jp-MarkdownCell").count() == 0

    text = card["essay"].get_by_role("textbox")
    text.fill("")
    text.press_sequentially("one\ntwo")
    assert text.input_value() == "one\ntwo"
    text.blur()
    card["choice"].get_by_label("Leave it").check()
    card["entry"].get_by_role("textbox").fill("12.5")
    card["entry"].get_by_role("textbox").press("Enter")
    for kind in ("essay", "choice", "entry"):
        expect(card[kind].locator("[aria-live=polite]")).to_contain_text(SAVED)

    # SIGKILL between a click and its save: the kernel is stopped first, so that the click cannot reach it.
    pid = kernel_pid(server)
    os.kill(pid, signal.SIGSTOP)
    card["choice"].get_by_label("Block").check()
    expect(card["choice"].locator("[aria-live=polite]")).to_contain_text("Saving…")
    os.kill(pid, signal.SIGKILL)
    expect(card["choice"].locator("[aria-live=polite]")).to_have_text(re.compile(rf"^{SAVED} \d+:\d\d"))
    expect(card["choice"].get_by_label("Block")).to_be_checked()
    record = ResponseRecord(server.root, "05-m")
    assert record.of(ID["choice"]).saved == ["block"] and record.of(ID["entry"]).saved == "12.5"
    assert record.essay(ID["essay"])[0] == "one\ntwo"

    page.reload()
    card["essay"].get_by_role("textbox").wait_for()
    expect(card["choice"].get_by_label("Block")).to_be_checked()
    expect(card["essay"].get_by_role("textbox")).to_have_value("one\ntwo")
    expect(page.locator(".fg-module")).to_contain_text("Answered")
    page.close()


def kernel_pid(server: JupyterServer) -> int:
    """The process of the server's only kernel, told by the connection file that it was started with."""
    [kernel] = server.ask("api/kernels")
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and kernel["id"] in (process / "cmdline").read_text():
                return int(process.name)
        except OSError:
            continue
    raise AssertionError("the kernel's process was not found")
