"""The decision worksheet in a real Chromium: keys, the focus, what is announced, save states, and the look."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from barriers import found_by_axe
from drawing import words_of
from form_page import FormPage
from form_samples import UNAIDED, WORKED, WORKSHEET
from playwright.sync_api import Browser, Locator, expect
from saved import SAVED
from sessions import view_of
from settling import pass_time, stop_clock

from fieldguide.cases.worksheet.model import read_worksheet
from fieldguide.cases.worksheet.session import WorksheetSession
from fieldguide.cases.worksheet.words import say
from fieldguide.notebook.widget import CellView
from fieldguide.pause.words import say as pause_says
from fieldguide.responses import ResponseRecord

pytestmark = pytest.mark.browser


def show(browser: Browser, folder: Path, text: str = WORKSHEET, record: bool = True, **context: Any) -> FormPage:
    def make() -> CellView:
        kept = ResponseRecord(folder, "02-m") if record else None
        return view_of("worksheet", WorksheetSession(read_worksheet(text, "sample"), kept, []))

    return FormPage(browser, make, **context)


def steps(form: FormPage) -> list[str]:
    """The names of the steps as they stand in the page."""
    return form.card.locator("section h4").all_inner_texts()


def box(form: FormPage, name: str) -> Locator:
    return form.card.get_by_role("textbox", name=name)


def around(form: FormPage, name: str) -> Locator:
    """A box with what stands below it."""
    return form.card.locator(".fg-box", has=form.page.get_by_role("textbox", name=name))


THINK, IDENTIFY, WHOM = "What does the Code settle", "Identify who gains", "Whom would you ask"
IN_ORDER = [
    "1. Examine the values",
    "2. Think about standards, law, and policy",
    "3. Hypothesize what could follow",
    "4. Identify who gains and who could be harmed, the most vulnerable first",
    "5. Consult",
]


def test_with_the_mouse_and_everything_is_there_after_a_reload(browser: Browser, tmp_path: Path) -> None:
    with show(browser, tmp_path) as form:
        assert steps(form) == IN_ORDER
        form.card.get_by_label("No", exact=True).check()
        form.card.get_by_label("1.07(r)").check()
        form.card.get_by_label("4.06(a)").check()
        form.card.get_by_label("4.06(a)").uncheck()
        box(form, THINK).fill("The crew can be recognized.\n\nThe Code is silent on murals.")
        box(form, THINK).blur()
        expect(form.card.locator(".fg-saved")).to_contain_text(SAVED)
        box(form, IDENTIFY).fill("The painters.")
        form.wait(1000)
        record = ResponseRecord(tmp_path, "02-m")
        assert record.of("caption-ethic").saved == {"danger": "no", "standards": ["1.07(r)"]}
        assert record.essay("caption-ethic.identify")[0] == "The painters."
        # One line for the whole form, and it stands where the student writes.
        assert form.card.locator(".fg-saved").count() == 1
        assert around(form, IDENTIFY).locator(".fg-saved").is_visible()

        form.run_again()
        assert form.card.get_by_label("No", exact=True).is_checked()
        assert form.card.get_by_label("1.07(r)").is_checked() and not form.card.get_by_label("4.06(a)").is_checked()
        expect(box(form, THINK)).to_have_value("The crew can be recognized.\n\nThe Code is silent on murals.")
        expect(box(form, IDENTIFY)).to_have_value("The painters.")
        assert form.says().startswith(SAVED)


def test_with_the_keyboard_from_the_first_control_to_the_last(browser: Browser, tmp_path: Path) -> None:
    with show(browser, tmp_path) as form:
        keys = form.page.keyboard
        keys.press("Tab")
        keys.press("Space")
        assert form.focused() == "no"
        keys.press("ArrowRight")
        assert form.focused() == "yes"
        for key in ("Tab", "Tab", "Tab"):  # past the box and the review of Consult, which stands first now
            keys.press(key)
        keys.press("Space")
        assert form.focused() == "1.06(a)"
        for key in ("Tab", "Tab", "Tab"):
            keys.press(key)
        keys.type("One\nTwo")
        keys.press("Tab")
        assert form.focused() == "Review my text"
        keys.press("Enter")
        expect(form.card.get_by_text(pause_says("found_nothing"))).to_be_visible()
        keys.press("Tab")
        assert form.focused() == say("compare")
        keys.press("Enter")
        expect(form.card.get_by_text("The Code is silent on murals.")).to_be_visible()
        assert form.focused() == say("compare")
        keys.press("Tab")
        keys.type("Three")
        keys.press("Tab")
        form.wait()
        record = ResponseRecord(tmp_path, "02-m")
        assert record.of("caption-ethic").saved == {"danger": "yes", "standards": ["1.06(a)"]}
        assert record.essay("caption-ethic.think")[0] == "One\nTwo"
        assert record.essay("caption-ethic.identify")[0] == "Three"


def test_danger_brings_consult_to_the_front_and_the_focus_stays(browser: Browser, tmp_path: Path) -> None:
    with show(browser, tmp_path) as form:
        news = form.card.get_by_role("status").filter(has_text=say("help_first"))
        expect(news).to_have_count(0)
        form.card.get_by_label("Not sure").check()
        assert form.focused() == "not-sure"
        expect(news).to_be_visible()
        for told in ("911", "988", "supervisor", "on-call"):
            expect(news).to_contain_text(told)
        assert steps(form) == ["First: Consult", *IN_ORDER[:4]]
        form.card.get_by_label("Yes").check()
        assert steps(form)[0] == "First: Consult"
        form.card.get_by_label("No", exact=True).check()
        assert steps(form) == IN_ORDER and form.focused() == "no"
        expect(news).to_have_count(0)
        form.run_again()
        assert steps(form) == IN_ORDER
        form.card.get_by_label("Yes").check()
        form.wait()
        form.run_again()
        assert steps(form) == ["First: Consult", *IN_ORDER[:4]]

        # It comes from another view while the student writes: neither box loses the cursor.
        for name in (WHOM, THINK):
            box(form, name).focus()
            for danger in ("no", "yes"):
                values = {"danger": danger, "standards": [], "think": "", "identify": "", "consult": ""}
                form.page.evaluate("(values) => hear({ kind: 'state', view: 'other', n: 1, values })", values)
                assert (steps(form) == IN_ORDER) == (danger == "no")
                expect(box(form, name)).to_be_focused()


def test_compare_wants_something_written_and_says_so(browser: Browser, tmp_path: Path) -> None:
    with show(browser, tmp_path) as form:
        assert form.card.get_by_role("button", name=say("compare")).count() == 2  # only where there is something
        section = form.card.locator("section", has=form.page.get_by_role("heading", name="Identify"))
        compare = section.get_by_role("button", name=say("compare"))
        compare.click()
        expect(section.get_by_role("status").last).to_have_text(say("compare_first"))
        assert form.sent("compare") == []
        box(form, IDENTIFY).fill("   ")
        compare.click()
        form.wait(100)
        assert form.sent("compare") == []
        box(form, IDENTIFY).fill("The painters.")
        compare.click()
        expect(section.get_by_role("status").last).to_contain_text("told nobody where they go on Tuesdays")
        expect(compare).to_have_attribute("aria-expanded", "true")
        assert say("compare_first") not in section.inner_text()
        compare.click()
        expect(section.get_by_text("told nobody")).not_to_be_visible()
        compare.click()
        expect(section.get_by_text("told nobody")).to_be_visible()
        assert len(form.sent("compare")) == 1


def test_a_text_can_be_reviewed_and_nothing_is_announced_while_typing(browser: Browser, tmp_path: Path) -> None:
    with show(browser, tmp_path) as form:
        assert form.card.get_by_role("button", name="Review my text").count() == 3
        box(form, THINK).fill("My client Dana wrote to me at dana@example.org; Devin did not.")
        assert form.card.locator(".fg-review").count() == 0
        form.card.get_by_role("button", name="Review my text").first.click()
        finds = form.card.get_by_role("list", name="Places to look at").get_by_role("listitem")
        expect(finds).to_have_count(2)
        expect(finds.first).to_contain_text("Dana")
        finds.first.get_by_role("button").click()
        expect(box(form, THINK)).to_be_focused()
        assert box(form, THINK).evaluate("(area) => area.value.slice(area.selectionStart, area.selectionEnd)") == "Dana"


def test_what_is_not_saved_is_told_where_the_student_writes_kept_and_tried_again(
    browser: Browser, tmp_path: Path
) -> None:
    with show(browser, tmp_path) as form:
        stop_clock(form.page)
        form.kernel_is("ok", delay=900)
        box(form, THINK).fill("one")
        pass_time(form.page, 700)
        assert form.sent("save") == [] and form.says() == ""
        pass_time(form.page, 600)
        assert form.says() == words_of("page")["saving"]
        pass_time(form.page, 900)
        expect(form.card.locator(".fg-saved")).to_contain_text(SAVED)
        for mode in ("dead", "closed"):
            form.kernel_is(mode)
            box(form, IDENTIFY).fill(mode)
            box(form, THINK).focus()
            pass_time(form.page, 5100)
            assert form.says() == words_of("page")["not_saved_yet"]
            expect(around(form, IDENTIFY)).to_contain_text("Not saved yet")
            form.kernel_is("ok")
            pass_time(form.page, 5100)
            expect(form.card.locator(".fg-saved")).to_contain_text(SAVED)
            assert ResponseRecord(tmp_path, "02-m").essay("caption-ethic.identify")[0] == mode
        record = ResponseRecord(tmp_path, "02-m")
        record.path.rename(tmp_path / "away")
        record.path.mkdir()
        box(form, WHOM).fill("Ms. Kaya")
        pass_time(form.page, 1000)
        expect(form.card.locator(".fg-saved")).to_contain_text("Not saved: your file of answers could not be written")
        record.path.rmdir()
        (tmp_path / "away").rename(record.path)
        pass_time(form.page, 5100)
        expect(form.card.locator(".fg-saved")).to_contain_text(SAVED)
        assert record.essay("caption-ethic.consult")[0] == "Ms. Kaya"


def test_what_no_kernel_took_is_there_when_the_cell_runs_again(browser: Browser, tmp_path: Path) -> None:
    ResponseRecord(tmp_path, "02-m").save_essay("caption-ethic.consult", "Kept")
    with show(browser, tmp_path) as form:
        form.kernel_is("dead")
        form.card.get_by_label("Yes").check()
        box(form, THINK).fill("While the kernel was gone")
        form.kernel_is("ok")
        form.run_again()
        form.wait(200)
        expect(box(form, THINK)).to_have_value("While the kernel was gone")
        expect(box(form, WHOM)).to_have_value("Kept")
        assert form.card.get_by_label("Yes").is_checked() and steps(form)[0] == "First: Consult"
        record = ResponseRecord(tmp_path, "02-m")
        assert record.essay("caption-ethic.think")[0] == "While the kernel was gone"
        assert record.of("caption-ethic").saved == {"danger": "yes", "standards": []}


def test_what_was_typed_before_the_record_was_read_goes_below_it(browser: Browser, tmp_path: Path) -> None:
    ResponseRecord(tmp_path, "02-m").save_essay("caption-ethic.think", "Earlier")
    with show(browser, tmp_path) as form:
        stop_clock(form.page)
        form.kernel_is("ok", delay=500)
        form.run_again(wait=False)
        box(form, THINK).fill("Typed early")
        pass_time(form.page, 600)
        pass_time(form.page, 1500)
        expect(box(form, THINK)).to_have_value("Earlier\n\nTyped early")
        assert ResponseRecord(tmp_path, "02-m").essay("caption-ethic.think")[0] == "Earlier\n\nTyped early"


def test_a_preview_says_that_nothing_is_saved(browser: Browser, tmp_path: Path) -> None:
    with show(browser, tmp_path, record=False) as form:
        expect(form.card).to_contain_text(words_of("page")["preview"])
        box(form, THINK).fill("x")
        form.card.get_by_label("Yes").check()
        form.wait(1000)
        assert form.sent("save") == [] and steps(form)[0] == "First: Consult"


def test_markup_in_texts_stays_text(browser: Browser, tmp_path: Path) -> None:
    bad = "<img src=x onerror=window.bad=1><b>x</b>"
    text = WORKSHEET.replace("Avoid posting", f"{bad} Avoid posting").replace("Devin wants", f"{bad} Devin wants")
    text = text.replace("The Code is silent", f"{bad} The Code is silent").replace("Whom would you", f"{bad} Whom")
    ResponseRecord(tmp_path, "02-m").save_essay("caption-ethic.think", bad)
    with show(browser, tmp_path, text) as form:
        form.card.get_by_role("button", name=say("compare")).first.click()
        form.wait()
        assert form.card.inner_text().count(bad) == 4
        assert form.page.evaluate("window.bad") is None and form.card.locator("img").count() == 0
        assert not [url for url in form.requests if url.endswith("/x")]


# -- the look ------------------------------------------------------------------------------------------


def use_everything(form: FormPage) -> None:
    """Danger, choices, a text with finds, something to compare with, a refused one, and a failing save."""
    form.card.get_by_label("Not sure").check()
    form.card.get_by_label("1.07(r)").check()
    box(form, THINK).fill("My client Dana wrote to me at dana@example.org.")
    form.card.get_by_role("button", name="Review my text").nth(1).click()
    for place in (0, 1):
        form.card.get_by_role("button", name=say("compare")).nth(place).click()
    form.wait(300)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "scale"), [(1280, 1), (640, 2), (320, 1)], ids=["wide", "zoomed", "narrow"])
def test_axe_finds_nothing_in_any_state(browser: Browser, tmp_path: Path, theme: str, width: int, scale: int) -> None:
    with show(browser, tmp_path, theme=theme, viewport={"width": width, "height": 900}) as form:
        if scale > 1:
            form.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert found_by_axe(form.page) == []
        use_everything(form)
        assert found_by_axe(form.page) == []
        stop_clock(form.page)
        form.kernel_is("dead")
        box(form, WHOM).fill("x")
        pass_time(form.page, 6100)
        expect(form.card.locator(".fg-problem")).to_be_visible()
        form.page.clock.resume()
        assert found_by_axe(form.page) == []
        assert form.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        small = """[...document.querySelectorAll(".fg-root :is(a, button, select, textarea, label:has(input))")]
            .filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < 24).length"""
        assert form.page.evaluate(small) == 0
        loose = """[...document.querySelectorAll(".fg-root :is(a, button, input, select, textarea, summary)")]
            .filter((node) => node.dataset.lmSuppressShortcuts !== "true").length"""
        assert form.page.evaluate(loose) == 0


@pytest.mark.parametrize("text", [WORKED, UNAIDED], ids=["worked", "unaided"])
def test_a_worked_and_an_unaided_one_are_accessible_too(browser: Browser, tmp_path: Path, text: str) -> None:
    with show(browser, tmp_path, text) as form:
        assert found_by_axe(form.page) == []
        boxes = form.card.get_by_role("textbox")
        assert boxes.count() == (5 if text is UNAIDED else 0)
        # What has nothing to fill in asks nothing.
        assert form.card.locator("input, button").count() == (0 if text is WORKED else 10)
        if text is UNAIDED:  # each is named by its step
            expect(boxes.nth(2)).to_have_accessible_name("3. Hypothesize what could follow Your text")


@pytest.mark.parametrize("context", [{"forced_colors": "active"}, {"direction": "rtl"}], ids=["forced-colors", "rtl"])
def test_forced_colors_and_right_to_left_lose_nothing(
    browser: Browser, tmp_path: Path, context: dict[str, str]
) -> None:
    with show(browser, tmp_path, **context) as form:
        use_everything(form)
        assert form.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert found_by_axe(form.page) == []
        letter = form.card.locator(".fg-letter").first.bounding_box()
        name = form.card.locator("h4").first.bounding_box()
        assert letter and name and (letter["x"] > name["x"]) == (context.get("direction") == "rtl")


def test_on_paper_it_reads_as_a_page(browser: Browser, tmp_path: Path) -> None:
    with show(browser, tmp_path) as form:
        box(form, THINK).fill("line\n" * 60)
        form.page.emulate_media(media="print")
        paper = form.card.locator(".fg-paper").first
        assert paper.is_visible() and paper.inner_text().count("line") == 60
        assert paper.evaluate("(node) => node.scrollHeight <= node.clientHeight + 1")
        for gone in ("textarea", "button"):
            assert [node for node in form.card.locator(gone).all() if node.is_visible()] == []
        expect(form.card.get_by_text("Elaine P. Congress (2000)")).to_be_visible()
