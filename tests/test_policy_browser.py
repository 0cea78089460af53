"""The student's policy in a real Chromium: in a plain page, as a document, and in Jupyter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import docx
import nbformat
import pytest
from barriers import found_by_axe
from browser import JupyterServer
from drawing import words_of
from form_page import FormPage
from form_samples import PART, TEXTS, WHOLE, WORKSHEET
from playwright.sync_api import Browser, Locator, Page, expect
from saved import SAVED
from sessions import view_of
from settling import pass_time, stop_clock

from fieldguide.notebook.widget import CellView
from fieldguide.policy.documents import document_of
from fieldguide.policy.htmlfile import as_html
from fieldguide.policy.reading import read_policy
from fieldguide.policy.session import PolicySession
from fieldguide.policy.words import say
from fieldguide.responses import ResponseRecord

pytestmark = pytest.mark.browser
TITLES = [
    *("What I tell clients", "Friend requests", "Searching", "E-mail and text"),
    *("Location", "Reviews", "AI tools", "What I post"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A module's folder in a course folder, beside which nothing of other tests lies."""
    (tmp_path / "07-m").mkdir()
    return tmp_path / "07-m"


def show(browser: Browser, folder: Path, text: str = WHOLE, record: bool = True, **context: Any) -> FormPage:
    def make() -> CellView:
        kept = ResponseRecord(folder, "07-m") if record else None
        return view_of("policy", PolicySession(read_policy(text, "sample"), kept, []))

    return FormPage(browser, make, **context)


def box(form: FormPage, name: str) -> Locator:
    return form.card.get_by_role("textbox", name=name)


def part(form: FormPage, name: str) -> Locator:
    return form.card.get_by_role("region", name=name)


def write_earlier(folder: Path) -> ResponseRecord:
    record = ResponseRecord(folder, "02-safe")
    record.save_essay("policy-requests.requests", TEXTS["requests"])
    record.save_essay("policy-requests.messages", TEXTS["messages"])
    return record


def test_with_the_mouse_a_policy_is_put_together_and_taken_along(browser: Browser, folder: Path) -> None:
    write_earlier(folder)
    with show(browser, folder, accept_downloads=True) as form:
        assert form.card.locator("section h4").all_inner_texts() == TITLES
        expect(box(form, "Friend requests")).to_have_value(TEXTS["requests"])
        expect(part(form, "Friend requests")).to_contain_text(say("from_module", module="02"))
        expect(part(form, "Friend requests")).to_contain_text("are not accepted (1.06(h))")
        form.card.locator("summary", has_text=say("sample_whole")).click()
        expect(form.card.get_by_text("A whole policy can be one page long.")).to_be_visible()
        box(form, "What I tell clients").fill(TEXTS["told"])
        box(form, "Friend requests").fill("Mine.")
        box(form, "Friend requests").blur()
        expect(part(form, "Friend requests").locator(".fg-saved")).to_contain_text(SAVED)
        assert say("from_module", module="02") not in part(form, "Friend requests").inner_text()
        part(form, "Friend requests").locator("summary").click()
        expect(part(form, "Friend requests")).to_contain_text("Relatives of clients: the same.")

        form.run_again()
        expect(box(form, "Friend requests")).to_have_value("Mine.")
        expect(box(form, "What I tell clients")).to_have_value(TEXTS["told"])
        expect(box(form, "E-mail and text")).to_have_value(TEXTS["messages"])
        box(form, "AI tools").fill("Typed, and not saved yet")
        box(form, "What I post").fill("Nothing about you.\n* Who looks at a post first?")
        box(form, "Role").fill("MSW intern")
        form.card.get_by_role("button", name=say("save_document")).click()
        expect(form.card.get_by_text("Saved beside this notebook: my-social-media-policy.docx")).to_be_visible()
        for label, ending in (("download_docx", "docx"), ("download_html", "html")):
            with form.page.expect_download() as download:
                form.card.get_by_role("link", name=say(label)).click()
            assert download.value.suggested_filename == f"my-social-media-policy.{ending}"
            saved = (folder / download.value.suggested_filename).read_bytes()
            assert Path(download.value.path()).read_bytes() == saved
        box(form, "AI tools").press_sequentially("!")
        expect(form.card.get_by_text(say("outdated"))).to_be_visible()
        expect(form.card.get_by_role("link")).to_have_count(0)
        word = docx.Document(str(folder / "my-social-media-policy.docx"))
        told = [paragraph.text for paragraph in word.paragraphs]
        assert {"Mine.", TEXTS["messages"], "Typed, and not saved yet", "Still to write", "Reviews"} <= set(told)
        apart = told.index("To settle with my agency")
        assert told.index("Role: MSW intern") < told.index("Nothing about you.") < apart
        assert told.index("Who looks at a post first?") > apart


def test_with_the_keyboard_and_what_is_deleted_stays_deleted(browser: Browser, folder: Path) -> None:
    write_earlier(folder)
    with show(browser, folder) as form:
        keys = form.page.keyboard
        keys.press("Tab")  # the sample of the whole
        keys.press("Enter")
        expect(form.card.get_by_text("A whole policy can be one page long.")).to_be_visible()
        keys.press("Tab")
        keys.type("I tell them")
        keys.press("Enter")
        keys.type("at once.")
        keys.press("Tab")
        assert form.focused() == "Review my text"
        keys.press("Tab")
        assert form.focused() == TEXTS["requests"]
        keys.press("ControlOrMeta+a")
        keys.press("Delete")
        keys.press("Tab")
        form.wait()
        assert box(form, "Friend requests").input_value() == ""
        form.run_again()
        expect(box(form, "What I tell clients")).to_have_value("I tell them\nat once.")
        expect(box(form, "Friend requests")).to_have_value("")
        expect(box(form, "E-mail and text")).to_have_value(TEXTS["messages"])
        form.card.get_by_role("button", name=say("save_document")).focus()
        keys.press("Enter")
        expect(form.card.get_by_role("link", name=say("download_html"))).to_be_visible()
        keys.press("Tab")
        assert form.page.evaluate("document.activeElement.textContent") == say("download_docx")
        page = (folder / "my-social-media-policy.html").read_text("utf-8")
        assert "I tell them<br>at once." in page and "Relatives of clients" not in page


def test_a_part_is_written_reviewed_and_told_where_it_goes(browser: Browser, folder: Path) -> None:
    with show(browser, folder, PART) as form:
        expect(form.card).to_contain_text(say("goes_to_whole"))
        assert form.card.get_by_role("button", name=say("save_document")).count() == 0
        expect(box(form, "Friend requests")).to_have_accessible_description(re.compile("What about former clients"))
        box(form, "Friend requests").fill("My client Dana may ask.")
        part(form, "Friend requests").get_by_role("button", name="Review my text").click()
        expect(part(form, "Friend requests").get_by_role("listitem")).to_have_count(1)
        form.wait(900)
        assert ResponseRecord(folder, "07-m").essay("policy-requests.requests")[0] == "My client Dana may ask."


def test_what_goes_wrong_with_a_document_is_told(browser: Browser, folder: Path) -> None:
    with show(browser, folder) as form:
        button = form.card.get_by_role("button", name=say("save_document"))
        button.click()
        expect(form.card.get_by_text(say("write_first"))).to_be_visible()
        box(form, "Reviews").fill("None.")
        form.wait(900)
        stop_clock(form.page)
        form.kernel_is("dead")
        button.click()
        button.click()
        assert len(form.sent("documents")) == 2  # the second press waits for the first
        pass_time(form.page, 5100)
        expect(form.card.get_by_text(words_of("form", "policy")["no_answer"])).to_be_visible()
        form.kernel_is("ok")
        button.click()
        pass_time(form.page, 100)
        expect(form.card.get_by_role("link", name=say("download_docx"))).to_be_visible()


def test_markup_in_texts_stays_text(browser: Browser, folder: Path) -> None:
    bad = "<img src=x onerror=window.bad=1><b>x</b>"
    early = ResponseRecord(folder, "02-<b>x")
    early.save_essay("policy-requests.requests", bad)
    text = WHOLE.replace("Requests from clients", bad).replace("What I tell clients", f"{bad} told")
    with show(browser, folder, text) as form:
        box(form, "Friend requests").fill("")
        box(form, "Friend requests").blur()
        form.wait(200)
        part(form, "Friend requests").locator("summary").click()
        assert part(form, "Friend requests").inner_text().count(bad) == 2
        assert form.page.evaluate("window.bad") is None and form.card.locator("img, b").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "scale"), [(1280, 1), (640, 2), (320, 1)], ids=["wide", "zoomed", "narrow"])
def test_axe_finds_nothing_in_any_state(browser: Browser, folder: Path, theme: str, width: int, scale: int) -> None:
    write_earlier(folder)
    with show(browser, folder, theme=theme, viewport={"width": width, "height": 900}) as form:
        if scale > 1:
            form.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert found_by_axe(form.page) == []
        box(form, "Friend requests").fill("My client Dana.")
        part(form, "Friend requests").get_by_role("button", name="Review my text").click()
        form.wait(900)
        for summary in form.card.locator("summary").all():
            summary.click()
        form.card.get_by_role("button", name=say("save_document")).click()
        expect(form.card.get_by_role("link", name=say("download_docx"))).to_be_visible()
        assert found_by_axe(form.page) == []
        stop_clock(form.page)
        form.kernel_is("dead")
        box(form, "Location").fill("x")
        form.card.get_by_role("button", name=say("save_document")).click()
        pass_time(form.page, 6100)
        expect(form.card.locator(".fg-problem")).to_have_count(2)
        form.page.clock.resume()
        assert found_by_axe(form.page) == []
        assert form.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        small = """[...document.querySelectorAll(".fg-root :is(a, button, input, textarea, summary)")]
            .filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < 24).length"""
        assert form.page.evaluate(small) == 0


@pytest.mark.parametrize("context", [{"forced_colors": "active"}, {"direction": "rtl"}], ids=["forced-colors", "rtl"])
def test_forced_colors_and_right_to_left_lose_nothing(browser: Browser, folder: Path, context: dict[str, str]) -> None:
    write_earlier(folder)
    with show(browser, folder, **context) as form:
        form.card.get_by_role("button", name=say("save_document")).click()
        form.wait(500)
        assert form.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert found_by_axe(form.page) == []


# -- the document --------------------------------------------------------------------------------------


def page_of(browser: Browser, folder: Path, texts: dict[str, str], **context: Any) -> Page:
    made = as_html(document_of(read_policy(WHOLE, "m"), texts, date(2026, 11, 22)))
    (folder / "policy.html").write_bytes(made)
    page = browser.new_context(**context).new_page()
    page.goto((folder / "policy.html").as_uri())
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_the_web_page_is_accessible_and_fits(browser: Browser, tmp_path: Path, scheme: str, width: int) -> None:
    texts = TEXTS | {"ai": f"<b>{'long' * 60}</b>"}
    page = page_of(browser, tmp_path, texts, color_scheme=scheme, viewport={"width": width, "height": 900})
    assert found_by_axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.styleSheets.length") == 1 and page.locator("b").count() == 0
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "17px"  # its policy lets its own style in
    page.context.close()


@pytest.mark.parametrize(("words", "pages"), [(350, 1), (900, 2), (1400, 2)])
def test_the_web_page_prints_on_two_pages_at_most(browser: Browser, tmp_path: Path, words: int, pages: int) -> None:
    each = " ".join(["words"] * (words // 16))
    texts = dict.fromkeys(read_policy(WHOLE, "m").headings, f"{each}\n\n{each}")
    page = page_of(browser, tmp_path, texts)
    for paper in ("Letter", "A4"):
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper))) <= pages
    page.context.close()


# -- in Jupyter ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    root = tmp_path_factory.mktemp("course")
    head = "id: 07-m\nedition: student\ntitle: A module\nminutes: 10\n"
    cells = [
        "%load_ext fieldguide",
        f"%%module\n{head}",
        "## A part",
        f"%%worksheet\n{WORKSHEET}",
        f"%%policy\n{WHOLE}",
    ]
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(cell) if cell[0] == "%" else nbformat.v4.new_markdown_cell(cell) for cell in cells
        ],
        metadata={
            "kernelspec": {"name": "fieldguide", "display_name": "Field Guide", "language": "python"},
            "fieldguide": {"module": "07-m"},
        },
    )
    for app in ("lab", "notebook7"):
        (root / app / "07-m").mkdir(parents=True)
        (root / app / "02-safe").mkdir()
        nbformat.write(notebook, root / app / "07-m" / "07-m.ipynb")
        write_earlier(root / app / "02-safe")
    server = JupyterServer(root, tmp_path_factory.mktemp("home"))
    yield server
    server.stop()


@pytest.mark.slow
@pytest.mark.parametrize("app", ["lab", "notebook7"])
def test_in_jupyter_it_is_written_kept_and_downloaded(browser: Browser, server: JupyterServer, app: str) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 900}, accept_downloads=True)
    address = getattr(server, app)(f"{app}/07-m/07-m.ipynb")
    page.goto(address)
    sheet, policy = page.locator("#fg-caption-ethic"), page.locator("#fg-my-policy")
    policy.get_by_role("textbox", name="AI tools").wait_for()
    expect(policy.get_by_role("textbox", name="Friend requests")).to_have_value(TEXTS["requests"])
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    controls = [
        sheet.get_by_label("Yes"),
        sheet.get_by_label("1.07(r)"),
        sheet.get_by_role("textbox").first,
        sheet.get_by_role("button", name="Compare").first,
        policy.locator("summary").first,
        policy.get_by_role("button", name="Review my text").first,
    ]
    for control in controls:
        control.focus()
        for key in ("b", "a", "x", "d", "d", "j", "m", "z"):
            page.keyboard.press(key)
        expect(control).to_be_focused()
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    text = policy.get_by_role("textbox", name="AI tools")
    text.press_sequentially("one\ntwo")
    text.blur()
    expect(policy.get_by_role("region", name="AI tools").locator(".fg-saved")).to_contain_text(SAVED)
    sheet.get_by_label("Yes").check()
    expect(sheet.locator("h4").first).to_have_text("First: Consult")
    expect(sheet.get_by_text("call 911")).to_be_visible()
    assert found_by_axe(page, ".fg-form") == []
    expect(sheet.locator(".fg-saved")).to_contain_text(SAVED)
    policy.get_by_role("button", name=say("save_document")).click()
    with page.expect_download() as download:
        policy.get_by_role("link", name=say("download_docx")).click()
    saved = server.root / app / "07-m" / "my-social-media-policy.docx"
    assert Path(download.value.path()).read_bytes() == saved.read_bytes()
    assert any(paragraph.text == "one\ntwo" for paragraph in docx.Document(str(saved)).paragraphs)

    page.reload()
    expect(policy.get_by_role("textbox", name="AI tools")).to_have_value("one\ntwo")
    expect(sheet.get_by_label("Yes")).to_be_checked()
    page.close()
