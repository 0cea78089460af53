"""What a student reads of what they handed in, in a real Chromium."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from barriers import found_by_axe
from case_page import CasePage
from case_samples import CASE
from form_page import FormPage
from form_samples import WORKSHEET
from player_page import PlayerPage
from playwright.sync_api import Browser, expect
from samples import CHOICE, ESSAY, MATCH
from saved import SAVED
from sessions import view_of
from submitting import Student

from fieldguide.cases.worksheet.model import read_worksheet
from fieldguide.cases.worksheet.session import WorksheetSession
from fieldguide.notebook.widget import CellView
from fieldguide.player.ownrecord import OwnRecord
from fieldguide.player.words import say

pytestmark = pytest.mark.browser

CHOICE_ID, MATCH_ID, ESSAY_ID = (text.split("\n")[0].removeprefix("id: ") for text in (CHOICE, MATCH, ESSAY))
TIME = r"\d+:\d\d [AP]M"
NOT_INSIDE = re.compile(
    rf"^{SAVED} {TIME}\. This is not in what you handed in \({TIME}\)\. To hand it in, submit again\.$"
)


@pytest.fixture
def ana(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Student:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    return Student(tmp_path)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_whoever_changes_an_answer_after_submitting_reads_that_it_is_not_handed_in(
    browser: Browser, ana: Student, theme: str
) -> None:
    with PlayerPage(browser, ana.folder, items=(CHOICE, MATCH, ESSAY), theme=theme) as player:
        head = player.head()
        card = {name: player.card(name) for name in (CHOICE_ID, MATCH_ID, ESSAY_ID)}
        card[CHOICE_ID].get_by_label("Leave it").check()
        expect(card[CHOICE_ID].locator("[aria-live=polite]")).to_have_text(re.compile(rf"^{SAVED} {TIME}$"))
        expect(card[CHOICE_ID]).to_contain_text(say("may_change"))

        ana.submit()
        player.come_back()
        told = head.locator(".fg-submission").get_by_role("paragraph").first
        expect(told).to_have_text(re.compile(rf"^Handed in {TIME}\. Nothing graded has changed since\.$"))
        for one in card.values():
            expect(one).to_contain_text(say("may_change_again"))
            expect(one).not_to_contain_text(say("may_change"))

        card[ESSAY_ID].get_by_role("textbox").fill("I would ask first.")
        card[ESSAY_ID].get_by_role("textbox").blur()
        expect(card[ESSAY_ID].locator("[aria-live=polite]")).to_have_text(NOT_INSIDE)
        card[MATCH_ID].get_by_role("combobox").first.select_option("recording")
        expect(card[MATCH_ID].locator("[aria-live=polite]")).to_have_text(NOT_INSIDE)
        expect(told).to_have_text(re.compile(rf"^Handed in {TIME}; changed since:$"))
        changed = head.locator(".fg-submission").get_by_role("link")
        expect(changed).to_have_text(["Question 2", "Question 3"])
        expect(head.locator(".fg-submission")).to_contain_text(say("submit_again"))
        changed.last.press("Enter")
        assert player.page.evaluate("document.activeElement.closest('article').id") == f"fg-{ESSAY_ID}"
        assert found_by_axe(player.page) == []

        ana.submit()
        player.come_back()
        expect(changed).to_have_count(0)
        expect(card[ESSAY_ID].locator("[aria-live=polite]")).to_have_text(re.compile(rf"^{SAVED} {TIME}$"))
        player.run_again()
        expect(head.locator(".fg-submission")).to_contain_text("Nothing graded has changed since.")


def test_whoever_has_answered_everything_reads_how_to_hand_in(browser: Browser, ana: Student) -> None:
    with PlayerPage(browser, ana.folder, items=(CHOICE,)) as player:
        player.card(CHOICE_ID).get_by_label("Leave it").check()
        expect(player.head()).to_contain_text(say("how_to_submit"))
        ana.submit()
        player.come_back()
        expect(player.head()).to_contain_text("Handed in")
        expect(player.head()).not_to_contain_text(say("how_to_submit"))


def test_a_worksheet_says_it_too(browser: Browser, ana: Student) -> None:
    def make() -> CellView:
        return view_of("worksheet", WorksheetSession(read_worksheet(WORKSHEET, "m"), OwnRecord(ana.folder, "05-m"), []))

    ana.submit()
    with FormPage(browser, make) as form:
        form.card.get_by_role("textbox").first.fill("Later.")
        form.card.get_by_role("textbox").first.blur()
        expect(form.card.locator(".fg-saved")).to_have_text(NOT_INSIDE)


def test_a_case_says_it_too(browser: Browser, ana: Student) -> None:
    ana.record.save("thursday-940", {"paths": [["robin", "no"]]})
    ana.submit()
    with CasePage(browser, ana.folder, CASE, module="05-m") as case:
        case.decision.get_by_role("textbox").fill("Robin can act without losing face.")
        case.decision.get_by_role("textbox").blur()
        expect(case.decision.locator("> [role=status]")).to_have_text(NOT_INSIDE)
