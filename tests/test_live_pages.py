"""Live votes on the pages: an instructor's desk and projector, and a student's page, as their scripts ask for them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import requests
from barriers import bars_nobody, fits_every_window, found_by_axe, outline_faults, walks_by_keyboard
from desk_course import FIRST, own_jupyter, said
from live_course import CASE, KEY, PRACTICE, Browsing, LiveCourse
from playwright.sync_api import Browser, Page, expect

from fieldguide.live.rooms import Question
from fieldguide.responses import ResponseRecord
from fieldguide.words import Words, speaking

#: What is told of the key, and nowhere before it is shown.
WHY = "whether privacy can be ensured, not what the place is called"


class Class:
    """An instructor and a student at their pages, and others who vote."""

    def __init__(self, folder: Path) -> None:
        self.course = LiveCourse(folder)
        self.desk, self.ana = Browsing(self.course.desk), Browsing(self.course.ana)

    def put(self, asked: str) -> str:
        """Put a question on the projector; returns the code."""
        page = self.desk.post("desk/live", "desk/live", module=FIRST, asked=asked)
        assert page.status_code == 200, page.text
        return page.url.rpartition("/")[2]

    def take(self, code: str, *steps: str) -> None:
        for step in steps:
            assert self.press(code, step, self.round(code)).ok

    def round(self, code: str) -> str:
        """In which round a step is that is pressed now."""
        return re.findall(r'name="round" value="(\d)"', self.desk.get(f"desk/live/{code}").text)[0]

    def press(self, code: str, step: str, round_number: str, sure: str = "yes") -> requests.Response:
        """Press a button of the projected page, as it was drawn in a round, and be sure where it asks."""
        return self.desk.post(f"desk/live/{code}", "desk/live", step=step, round=round_number, sure=sure)

    def vote(self, code: str, number: int, option: str, n: int) -> dict[str, Any]:
        """Ana's vote, as her page's script sends it."""
        answer = self.ana.tell(f"live/{code}/vote", f"live/{code}", round=number, option=option, n=n)
        assert answer.ok, answer.text
        told: dict[str, Any] = answer.json()
        return told

    @property
    def record(self) -> ResponseRecord:
        return ResponseRecord(self.course.student("ana") / FIRST, FIRST)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    folder = tmp_path_factory.mktemp("live")
    with own_jupyter(folder):
        room = Class(folder)
        yield room
        room.course.close()


def test_practice_and_scenes_are_offered_and_nothing_graded(room: Class) -> None:
    page = room.desk.get("desk/live").text
    offered = set(re.findall(r'name="asked" value="([^"]+)"', page))
    assert f"{PRACTICE}/" in offered and f"{CASE}/the-photo" not in offered
    assert any(one.startswith(f"{CASE}/") and one != f"{CASE}/" for one in offered)
    for graded in (
        "four-hundred-colleagues",
        "what-tevin-still-owes",
        "lines-on-an-intake-form",
    ):  # the last has phrases
        assert f"{graded}/" not in offered
        assert room.desk.post("desk/live", "desk/live", module=FIRST, asked=f"{graded}/").status_code == 404
    assert "Graded questions are not" in said(page)
    assert WHY not in page


def test_a_class_votes_sees_nothing_talks_votes_again_and_compares(room: Class) -> None:
    code = room.put(f"{PRACTICE}/")
    assert code in room.ana.get("voting").json()["html"] and code in room.ana.get("live").text
    page = room.ana.get(f"live/{code.lower()}").text
    assert "First vote: open." in said(page) and WHY not in page
    assert "your instructor gets it with them when you hand the module in" in said(page)
    before = len(room.record.of(PRACTICE).attempts)
    told = room.vote(code, 1, "tool", 1)
    assert told["said"] == "Your vote is counted." and told["problem"] is None and WHY not in told["html"]
    assert room.vote(code, 1, "tool", 1)["said"] == "Your vote is counted."  # sent again, as after a lost answer
    assert room.record.of(PRACTICE).attempts[before:] == [["tool"]]
    older = room.vote(code, 1, "ban", 0)  # an older choice that comes late
    assert older["problem"] == Words("live").say("replaced")
    assert room.record.of(PRACTICE).attempts[before:] == [["tool"]]
    room.course.vote(code, 1, tool=7, words=3, ban=10)
    look = room.desk.get(f"desk/live/{code}/look").json()
    assert look["voted"] == "21 have voted" and "%" not in look["html"]
    room.take(code, "close")
    for page in (room.desk.get(f"desk/live/{code}").text, room.ana.get(f"live/{code}").text):
        assert "Talk about it with the people around you" in said(page) and "%" not in page and WHY not in page
    late = room.vote(code, 1, "ban", 2)
    assert late["problem"] == Words("live").say("vote_closed")
    room.take(code, "again")
    assert "Vote" in room.ana.get(f"live/{code}/look").json()["html"]
    assert room.vote(code, 2, KEY, 3)["said"] == "Your vote is counted."
    assert room.record.of(PRACTICE).attempts[before:] == [["tool"], [KEY]]
    room.course.vote(code, 2, tool=5, words=0, ban=15)
    room.take(code, "close", "figures")
    for page in (room.desk.get(f"desk/live/{code}").text, room.ana.get(f"live/{code}").text):
        # 3 of 21 chose "words": with the next larger group they are 11, and ana is in it.
        assert "First vote: 21 people voted." in said(page) and "Second vote: 21 people voted." in said(page)
        assert "First vote A, B together: 11 (52%)" in said(page) and "10 (48%)" in page
        assert "5 (24%)" in page and "16 (76%)" in page and "0 (0%)" in page
        assert WHY not in page
    assert room.ana.get("voting").json() == {"html": ""}
    room.take(code, "answer")
    for page in (room.desk.get(f"desk/live/{code}").text, room.ana.get(f"live/{code}").text):
        assert WHY in html.unescape(page) and "right answer" in page
    room.take(code, "end")
    assert room.ana.get(f"live/{code}/look").status_code == 404
    assert room.ana.get("voting").json() == {"html": ""}


def test_a_scene_goes_on_the_students_own_path_where_they_have_come_to_it(room: Class) -> None:
    scenes = re.findall(rf'value="{CASE}/([^"]+)"', room.desk.get("desk/live").text)
    first, later = room.put(f"{CASE}/{scenes[0]}"), room.put(f"{CASE}/{scenes[-1]}")
    # The page of one vote tells of the other, by its code: they are of one case.
    besides = re.findall(r'data-look="[^"]*/(voting[^"]*)"', room.ana.get(f"live/{first.lower()}").text)[0]
    told = said(room.ana.get(besides).json()["html"])
    assert later in told and first not in told
    options = re.findall(r'name="option" value="([^"]+)"', room.ana.get(f"live/{first}").text)
    elsewhere = re.findall(r'name="option" value="([^"]+)"', room.ana.get(f"live/{later}").text)[0]
    assert room.vote(later, 1, elsewhere, 1)["problem"] is None
    assert not room.record.of(CASE).saved
    room.vote(first, 1, options[0], 2)
    assert room.record.of(CASE).saved["paths"] == [[options[0]]]  # type: ignore[index,call-overload]
    room.vote(first, 1, options[1], 3)
    assert room.record.of(CASE).saved["paths"][-1] == [options[1]]  # type: ignore[index,call-overload]
    room.take(first, "close", "figures")
    page = said(room.ana.get(f"live/{first}").text)
    assert "First vote: 1 person voted. So few are not told by answer." in page
    assert "right answer" not in room.desk.get(f"desk/live/{first}").text
    room.take(first, "end")
    room.take(later, "end")


@pytest.mark.browser
@pytest.mark.slow
def test_nobody_is_barred_from_a_vote_in_any_state_and_each_news_is_said(room: Class, browser: Browser) -> None:
    code = room.put(f"{PRACTICE}/")
    page = browser.new_context(viewport={"width": 1200, "height": 900}, reduced_motion="reduce").new_page()
    page.goto(f"{room.ana.url}/live")
    expect(page.locator("main")).to_contain_text(code)
    nobody_is_barred(page)
    page.goto(f"{room.ana.url}/live/{code}")
    news, now = page.locator("#said"), page.locator("#now")
    nobody_is_barred(page)
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(news).to_have_text("Your vote is counted.")
    expect(page.get_by_role("button", name="Change my vote")).to_be_focused()
    nobody_is_barred(page)
    for told in ({"tool": 7, "words": 3, "ban": 10}, {"tool": 5, "words": 0, "ban": 15}):
        room.course.vote(code, int(room.round(code)), **told)
        page.get_by_role("radio").first.focus()
        room.take(code, "close")
        expect(news).to_contain_text("Talk about it with the people around you" if told["words"] else "closed")
        expect(now).to_be_focused()  # where it was is gone
        nobody_is_barred(page)
        if told["words"]:
            room.take(code, "again")
            expect(news).to_have_text("Second vote: open.")
    for step in ("figures", "answer"):
        room.take(code, step)
        expect(page.locator(".figures" if step == "figures" else ".why")).to_be_visible()
        expect(news).to_have_text(page.locator(".state").inner_text())
        nobody_is_barred(page)
    room.take(code, "end")
    expect(page.locator("#trouble")).to_contain_text("There is no open vote with this code")
    assert found_by_axe(page) == []


def nobody_is_barred(page: Page) -> None:
    """Both engines, every window and the keyboard."""
    bars_nobody(page)
    fits_every_window(page)
    walks_by_keyboard(page)
    assert outline_faults(page) == []


def test_a_button_that_is_pressed_twice_or_by_two_does_its_work_once(room: Class) -> None:
    code = room.put(f"{PRACTICE}/")
    assert room.put(f"{PRACTICE}/") == code
    for step in ("close", "close", "again", "again", "close"):  # the last two were pressed before the page was new
        page = room.press(code, step, "1")
        assert page.ok and page.url.endswith(f"/desk/live/{code}")
    assert "Second vote: open." in said(page.text)
    assert room.press(code, "figures", "2").url.endswith(f"/desk/live/{code}")  # still open
    assert room.press(code, "end", "1").url.endswith(f"/desk/live/{code}")
    for _ in range(2):
        page = room.press(code, "end", "2")
        assert page.ok and page.url.endswith("/desk/live")


def test_a_vote_is_reopened_and_ends_only_once_who_leads_it_is_sure(room: Class) -> None:
    code = room.put(f"{PRACTICE}/")
    assert "Nobody has voted, so nothing is lost." in said(room.press(code, "end", "1", sure="").text)
    room.course.vote(code, 1, ban=9)
    room.course.ask("instructor", f"room/{code}/vote", round=1, option="ban", n=1)
    assert 'value="reopen"' not in room.desk.get(f"desk/live/{code}").text
    room.take(code, "close", "reopen")
    assert "First vote: open." in said(room.desk.get(f"desk/live/{code}").text)
    assert 'name="option"' in room.ana.get(f"live/{code}").text
    room.take(code, "close")
    asked = room.press(code, "end", "1", sure="")
    assert "10 votes are gone for good" in said(asked.text) and room.ana.get(f"live/{code}").ok
    room.take(code, "figures")
    page = room.desk.get(f"desk/live/{code}").text
    assert 'value="reopen"' not in page
    assert "10 (100%)" in page and "your vote" not in page  # nor is what the instructor chose told to the class
    assert room.press(code, "end", "1", sure="").url.endswith("/desk/live")  # all of it was seen
    assert room.ana.get(f"live/{code}/look").status_code == 404


def test_a_class_is_told_in_the_language_of_its_module(room: Class) -> None:
    question = Question("aula", "foto", "", "La foto", (), "¿Y ahora?", (), {"a": "Preguntar.", "b": "Esperar."}, "es")
    code = room.course.ask("instructor", "rooms", course="ethics", question=asdict(question))["code"]
    room.take(code, "close")
    with speaking("es"):
        late = Words("live").say("vote_closed")
    assert "cerró" in late and room.vote(code, 1, "a", 1)["problem"] == late
    room.take(code, "end")


def test_a_browser_without_scripts_votes_by_a_form(room: Class) -> None:
    code = room.put(f"{PRACTICE}/")
    page = room.ana.post(f"live/{code}", f"live/{code}", round="1", option="words")
    assert page.ok and "Your vote is counted." in said(page.text)
    assert re.search(r'value="words" checked', page.text)
    room.take(code, "end")


def test_a_student_has_no_projector_and_a_wrong_code_is_told_in_a_sentence(room: Class) -> None:
    code = room.put(f"{PRACTICE}/")
    assert room.ana.get(f"desk/live/{code}").status_code == 403
    assert room.desk.get("desk/live/ZZZZZ").status_code == 404
    page = room.ana.get("live/ZZZZZ")
    assert page.status_code == 404 and "There is no open vote with this code" in said(page.text)
    room.take(code, "end")


def test_a_service_that_is_gone_is_told_and_home_is_there_all_the_same(room: Class) -> None:
    room.course.service.stop()
    try:
        assert room.ana.get("voting").json() == {"html": ""}
        assert room.ana.get("").ok
        for page in (room.ana.get("live/ABCDE"), room.desk.get("desk/live")):
            assert page.status_code == 503 and "cannot be reached just now" in said(page.text)
    finally:
        room.course.start_service()


@pytest.mark.browser
@pytest.mark.slow
def test_what_is_asked_stays_in_sight_beside_a_long_story(room: Class, browser: Browser) -> None:
    scene = re.findall(rf'value="{CASE}/([^"]+)"', room.desk.get("desk/live").text)[0]
    code = room.put(f"{CASE}/{scene}")
    page = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce").new_page()
    page.goto(f"{room.desk.url}/desk/live/{code}")
    story, asked = page.locator(".story .told"), page.locator(".ask .asked")
    assert story.count() > 1
    story.last.scroll_into_view_if_needed()
    expect(story.last).to_be_in_viewport()
    for seen in (asked, page.locator(".choices > li").last):
        expect(seen).to_be_in_viewport(ratio=0.9)
    nobody_is_barred(page)
    room.take(code, "end")
    page.context.close()
