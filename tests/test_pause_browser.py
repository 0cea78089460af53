""" "Review my text" of an essay in a real Chromium: by mouse, by keyboard, and the look in every state."""

from __future__ import annotations

from pathlib import Path

import pytest
from barriers import found_by_axe
from drawing import words_of
from player_page import PlayerPage
from playwright.sync_api import Browser, Locator, Page, expect
from samples import ESSAY
from settling import pass_time, stop_clock

from fieldguide.pause.words import say
from fieldguide.player.words import words as player_words
from fieldguide.responses import ResponseRecord

pytestmark = pytest.mark.browser

NAME = "the-group-chat"
OTHER = ESSAY.replace(NAME, "another-essay")
TEXT = "😀 My client Dana told me that her brother Luis has 614-555-0142.\nI ask my supervisor."


def essay(player: PlayerPage, name: str = NAME) -> tuple[Locator, Locator, Locator]:
    """The box, the button and the summary of an essay."""
    card = player.card(name)
    return (
        card.get_by_role("textbox"),
        card.get_by_role("button", name=say("review")),
        card.locator(".fg-review [role=status]"),
    )


def shows(player: PlayerPage, name: str = NAME) -> Locator:
    """The buttons of the list of finds."""
    return player.card(name).get_by_role("list", name=say("finds")).get_by_role("button")


def selected(page: Page) -> str:
    """What is selected in the box that has the focus."""
    script = "(({ value, selectionStart, selectionEnd }) => value.slice(selectionStart, selectionEnd))"
    return str(page.evaluate(f"{script}(document.activeElement)"))


def test_the_button_has_one_word_before_and_after_it_is_used() -> None:
    assert words_of("page")["review"] == words_of("review")["review"]


def test_by_mouse_each_find_is_told_and_shown(browser: Browser, tmp_path: Path) -> None:
    with PlayerPage(browser, tmp_path, items=(ESSAY,)) as player:
        box, button, summary = essay(player)
        box.fill(TEXT)
        button.click()
        expect(summary).to_have_text("3 places to look at")
        rows = player.card(NAME).get_by_role("list", name=say("finds")).get_by_role("listitem")
        assert [row.locator("q").inner_text() for row in rows.all()] == ["Dana", "Luis", "614-555-0142"]
        expect(rows.nth(2)).to_contain_text(say("telephone"))
        expect(rows.nth(2)).to_contain_text(say("telephone_why"))
        expect(rows.nth(2)).to_contain_text(say("instead", text=say("telephone_instead")))
        expect(player.card(NAME).get_by_text(say("limits"))).to_be_visible()
        assert not player.card(NAME).get_by_text(say("stale")).is_visible()
        for place, found in enumerate(("Dana", "Luis", "614-555-0142")):
            shows(player).nth(place).click()
            assert selected(player.page) == found

        # What is selected is typed over; the list says quietly that it is older, and still leads to the rest.
        box.press_sequentially("their phone")
        expect(player.card(NAME).get_by_text(say("stale"))).to_be_visible()
        assert summary.inner_text() == "3 places to look at"
        box.evaluate("(box) => box.setRangeText('First of all: ', 0, 0)")
        shows(player).nth(1).click()
        assert selected(player.page) == "Luis"
        shows(player).nth(2).click()
        expect(summary).to_have_text(say("gone"))
        button.click()
        expect(summary).to_have_text("2 places to look at")
        assert not player.card(NAME).get_by_text(say("stale")).is_visible()


def test_by_keyboard_from_the_box_to_a_find_and_back(browser: Browser, tmp_path: Path) -> None:
    with PlayerPage(browser, tmp_path, items=(ESSAY,)) as player:
        keys = player.page.keyboard
        box, button, summary = essay(player)
        box.focus()
        keys.type("My client Dana called.")
        keys.press("Tab")
        assert player.focused() == say("review")
        keys.press("Enter")
        expect(summary).to_have_text("1 place to look at")
        assert player.focused() == say("review")  # which goes on where it was
        keys.press("Tab")
        assert player.focused() == say("show_this", text="Dana")
        keys.press("Space")
        assert selected(player.page) == "Dana"
        keys.type("A client")
        keys.press("Control+a")
        keys.press("Delete")
        keys.type("I would ask first.")
        keys.press("Tab")
        keys.press("Space")
        expect(summary).to_have_text(say("found_nothing"))
        assert shows(player).count() == 0 and player.card(NAME).get_by_text(say("limits")).is_visible()
        box.fill("")
        button.press("Enter")
        expect(summary).to_have_text(say("write_first"))
        player.wait(900)
        assert ResponseRecord(tmp_path, "05-m").essay(NAME)[0] is None
        assert player.sent(NAME, "review") == [None, None]


def test_nothing_is_announced_while_typing(browser: Browser, tmp_path: Path) -> None:
    with PlayerPage(browser, tmp_path, items=(ESSAY,)) as player:
        box, button, summary = essay(player)
        box.fill("My client Dana")
        button.click()
        expect(summary).to_have_text("1 place to look at")
        player.page.evaluate("""() => {
            window.news = 0;
            for (const region of document.querySelectorAll(".fg-review [role=status], .fg-review [aria-live]"))
              new MutationObserver(() => (window.news += 1))
                .observe(region, { subtree: true, childList: true, characterData: true });
        }""")
        box.press("End")
        box.press_sequentially(" and her brother Luis, and Mr. Okafor of 614-555-0142")
        player.wait(300)
        assert player.page.evaluate("window.news") == 0
        assert player.sent(NAME, "review") == [None]  # asked for once, and by the press alone


def test_two_essays_are_reviewed_apart_and_what_reviews_comes_once_each(browser: Browser, tmp_path: Path) -> None:
    with PlayerPage(browser, tmp_path, items=(ESSAY, OTHER), edition="instructor") as player:
        for name, text in ((NAME, "My client Dana"), ("another-essay", "I met Mr. Okafor and Mrs. Lindholm.")):
            box, button, summary = essay(player, name)
            box.fill(text)
            button.click()
            expect(summary).to_contain_text("to look at")
            button.click()
            player.wait()
            assert len(player.sent(name, "part")) == 1 and len(player.sent(name, "review")) == 2
        assert shows(player).count() == 1 and shows(player, "another-essay").count() == 2
        assert player.page.locator("#fg-styles-review").count() == 1


def test_without_a_kernel_it_says_so_and_can_be_tried_again(browser: Browser, tmp_path: Path) -> None:
    with PlayerPage(browser, tmp_path, items=(ESSAY,)) as player:
        stop_clock(player.page)
        box, button, summary = essay(player)
        box.fill("My client Dana")
        pass_time(player.page, 1000)
        player.kernel_is("dead")
        button.click()
        pass_time(player.page, 5100)
        assert player_words()["no_kernel"] in player.says(NAME)
        player.kernel_is("ok")
        button.click()
        pass_time(player.page, 100)
        summary.wait_for(state="attached")  # what reviews comes in the browser's own time
        pass_time(player.page, 100)
        expect(summary).to_have_text("1 place to look at")
        for mode in ("dead", "closed"):
            player.kernel_is(mode)
            button.click()
            pass_time(player.page, 450)
            expect(summary).to_have_text(say("reading"))
            pass_time(player.page, 5100)
            expect(summary).to_have_text(say("no_kernel"))
            player.kernel_is("ok")
            button.click()
            pass_time(player.page, 100)
            expect(summary).to_have_text("1 place to look at")


def test_markup_in_the_text_stays_text(browser: Browser, tmp_path: Path) -> None:
    with PlayerPage(browser, tmp_path, items=(ESSAY,)) as player:
        box, button, summary = essay(player)
        box.fill('See https://x.example/<img src=x onerror="window.bad=1"> of my client "<b>Dana</b>" on Birch Lane.')
        button.click()
        expect(summary).to_contain_text("to look at")
        assert (
            player.page.evaluate("window.bad") is None
            and player.card(NAME).locator(".fg-review :is(img, b)").count() == 0
        )


LOOK = [
    {"theme": "light"},
    {"theme": "dark"},
    {"theme": "light", "viewport": {"width": 320, "height": 900}},
    {"theme": "dark", "viewport": {"width": 320, "height": 900}},
    {"forced_colors": "active"},
    {"direction": "rtl"},
]


@pytest.mark.parametrize("look", LOOK, ids=["light", "dark", "narrow", "dark-narrow", "forced-colors", "rtl"])
def test_axe_finds_nothing_before_and_after(browser: Browser, tmp_path: Path, look: dict[str, object]) -> None:
    with PlayerPage(browser, tmp_path, items=(ESSAY,), **look) as player:  # type: ignore[arg-type]
        box, button, summary = essay(player)
        assert found_by_axe(player.page) == []
        box.fill(f"{TEXT} A 16-year-old from Ashford whose house burned down: {'x' * 60}@example.org")
        button.click()
        expect(summary).to_have_text("5 places to look at")
        assert found_by_axe(player.page) == []
        box.press_sequentially(".")
        shows(player).first.focus()
        assert found_by_axe(player.page) == []
        box.fill("Nothing.")
        button.click()
        expect(summary).to_have_text(say("found_nothing"))
        assert found_by_axe(player.page) == []
        assert player.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        small = """[...document.querySelectorAll(".fg-root :is(button, textarea)")]
            .filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < 24).length"""
        assert player.page.evaluate(small) == 0
        loose = """[...document.querySelectorAll(".fg-root :is(button, textarea, [tabindex])")]
            .filter((node) => node.dataset.lmSuppressShortcuts !== "true").length"""
        assert player.page.evaluate(loose) == 0
