"""A course notebook is there to be read and answered: no key and no double click changes it, and its place is kept."""

from __future__ import annotations

import string
from collections.abc import Iterator

import nbformat
import pytest
from conftest import MODULE, PROJECT
from playwright.sync_api import Locator, Page, expect
from school import APPS, NOTEBOOK, SOURCES, Class, card_count, settled, until, wait_for_cards

pytestmark = pytest.mark.browser

RELEASE = PROJECT / "release" / MODULE / NOTEBOOK
CARDS = card_count(RELEASE)
TEXT = ".jp-MarkdownCell:not(.fg-help) p >> nth=1"

# Every key on its own twice, as "dd" and "00" are commands; and those with others that are bound in notebooks.
KEYS = [
    *(key for key in string.ascii_lowercase + string.digits for _ in range(2)),
    *(f"Shift+{key}" for key in ("Enter", *"ABJKLMORVZ")),
    *(f"Control+{key}" for key in ("Enter", "Backspace", *"zyh")),
    *(f"Control+Shift+{key}" for key in ("Minus", "ArrowUp", "ArrowDown", "ArrowLeft", *"MZ")),
    *("Enter", "Alt+Enter", "ArrowLeft", "ArrowRight", "Delete", "Backspace", "Escape"),
]


@pytest.fixture(scope="module", params=APPS)
def opened(school: Class, request: pytest.FixtureRequest) -> Iterator[Page]:
    path = f"read-{request.param}/{NOTEBOOK}"
    school.put(path, RELEASE)
    page = school.open(request.param, path)
    wait_for_cards(page, CARDS)
    yield page
    page.context.close()


def test_no_key_edits_runs_or_restarts_what_is_read(opened: Page, school: Class) -> None:
    before, ran = opened.evaluate(SOURCES), school.asked[opened]
    for place in (TEXT, ".fg-card .fg-question >> nth=0", ".jp-MarkdownCell h2 >> nth=1"):
        opened.locator(place).click()
        for key in KEYS:
            opened.keyboard.press(key)
            if not opened.evaluate("document.activeElement.closest('.jp-Notebook')"):
                opened.locator(place).click()
    settled(opened)
    assert opened.evaluate(SOURCES) == before
    assert school.asked[opened] == ran
    expect(opened.locator(".jp-Dialog")).to_have_count(0)
    expect(opened.locator(".jp-MarkdownCell:not(.jp-mod-rendered), .jp-mod-dirty")).to_have_count(0)


def test_a_double_click_marks_a_word_and_no_more(opened: Page) -> None:
    opened.locator(TEXT).dblclick(position={"x": 30, "y": 8})
    settled(opened)
    expect(opened.locator(".jp-MarkdownCell:not(.jp-mod-rendered)")).to_have_count(0)
    assert opened.evaluate("getSelection().toString().trim()")


@pytest.mark.parametrize("place", [".jp-MarkdownCell:not(.fg-help) p", ".fg-card input[type=radio]"])
def test_save_is_still_a_key(opened: Page, place: str) -> None:
    saved: list[str] = []
    opened.on("request", lambda request: saved.append(request.url) if request.method == "PUT" else None)
    opened.locator(place).first.click()

    def saves() -> bool:
        opened.keyboard.press("Control+s")  # JupyterLab passes over a key while it is still saving
        return any(NOTEBOOK in address for address in saved)

    until(opened, saves)


def test_what_would_change_a_cell_is_not_there(opened: Page) -> None:
    opened.locator(TEXT).click()
    for name in ("insert", "cut", "paste", "cellType", "run"):
        expect(opened.locator(f'.jp-NotebookPanel-toolbar [data-jp-item-name="{name}"]')).to_be_hidden()
    expect(opened.locator(".jp-cell-toolbar").first).to_be_hidden()
    expect(opened.get_by_text("Click to add a cell")).to_be_hidden()
    expect(opened.locator('.jp-NotebookPanel-toolbar [data-jp-item-name="save"]')).to_be_visible()


def test_a_message_does_not_move_the_page(opened: Page) -> None:
    without, with_it = opened.evaluate(
        """() => {
            const cells = [...document.querySelectorAll(".jp-Cell")];
            const tops = () => cells.map(cell => cell.getBoundingClientRect().top);
            const line = document.querySelector(".fg-says[role=status]");
            const before = tops();
            line.textContent = "Starting the questions…";
            const after = tops();
            return [before, after];
        }"""
    )
    assert with_it == without
    expect(opened.locator(".fg-says")).to_be_in_viewport()
    opened.evaluate("document.querySelector('.fg-says').textContent = ''")


def test_a_page_opened_again_is_where_the_reader_was(opened: Page) -> None:
    text = opened.locator(".jp-MarkdownCell:not(.fg-help) p >> nth=9")

    def look() -> tuple[float, object]:
        top = text.evaluate("node => Math.round(node.getBoundingClientRect().top)")
        return top, opened.evaluate("Object.entries(localStorage).find(([key]) => key.startsWith('fieldguide place'))")

    text.evaluate("node => node.scrollIntoView()")
    seen = [look()]  # until all has its height, and the place has been remembered

    def rests() -> bool:
        seen.append(look())
        return seen[-1][1] is not None and len(seen) > 20 and len({repr(one) for one in seen[-20:]}) == 1

    until(opened, rests)
    place = seen[-1][0]
    opened.reload()
    wait_for_cards(opened, CARDS)
    until(opened, lambda: abs(look()[0] - place) <= 2)


# Links to a word's meaning at the end of the notebook, and to a section.
LINK = ".jp-RenderedMarkdown p a[href^='#'] >> nth=0"
SCROLLER = "document.querySelector('.jp-WindowedPanel-outer')"


def follow_link(page: Page) -> Locator:
    """Follow a link of the text by keyboard, and give what it leads to."""
    link = page.locator(LINK)
    name = str(link.get_attribute("href")).removeprefix("#")
    link.focus()
    page.keyboard.press("Enter")
    return page.locator(f'[data-jupyter-id="{name}"]')


def grow(page: Page, height: int) -> None:
    """Give the first cell a height in px, in a browser that does not keep what is in sight there by itself."""
    page.evaluate(
        f"""async (height) => {{
            {SCROLLER}.style.overflowAnchor = "none";
            document.querySelector(".jp-Cell:not(.fg-help)").style.minHeight = `${{height}}px`;
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        }}""",
        height,
    )


def test_where_a_link_leads_stays_in_sight_while_cells_above_it_are_drawn(opened: Page) -> None:
    settled(opened)
    heading = follow_link(opened)
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    for height in (3000, 0):
        grow(opened, height)
        expect(heading).to_be_in_viewport()


def test_a_reader_who_goes_on_from_there_is_not_taken_back(opened: Page) -> None:
    expect(follow_link(opened)).to_be_in_viewport()
    opened.evaluate(
        f"""() => {{
            const start = {SCROLLER}.scrollTop;
            window.hasScrolled = false;
            {SCROLLER}.addEventListener("scrollend", () => (hasScrolled ||= {SCROLLER}.scrollTop < start));
        }}"""
    )
    opened.mouse.move(600, 450)
    opened.mouse.wheel(0, -300)
    opened.wait_for_function("hasScrolled")
    settled(opened)
    before = opened.evaluate(f"{SCROLLER}.scrollTop")
    grow(opened, 3000)
    assert opened.evaluate(f"{SCROLLER}.scrollTop") == before
    grow(opened, 0)


def test_a_link_is_followed_as_soon_as_there_is_what_it_leads_to(opened: Page) -> None:
    opened.evaluate(
        """(link) => {
            const { hash } = document.querySelector(link);
            const cell = document.querySelector(`[data-jupyter-id="${hash.slice(1)}"]`).closest(".jp-Cell");
            const { parentNode, nextSibling } = cell;
            cell.remove();
            window.putBack = () => parentNode.insertBefore(cell, nextSibling);
        }""",
        LINK.removesuffix(" >> nth=0"),
    )
    heading = follow_link(opened)
    opened.evaluate("void putBack()")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()


def test_a_link_leads_on_in_its_own_notebook_when_another_has_such_a_heading(school: Class) -> None:
    for name in ("one", "other"):
        school.put(f"read-{name}/{NOTEBOOK}", RELEASE)
    page = school.open("lab", f"read-one/{NOTEBOOK}")
    wait_for_cards(page, CARDS)
    beside = {"path": f"read-other/{NOTEBOOK}", "options": {"mode": "split-right"}}
    page.evaluate("async (args) => { await jupyterapp.commands.execute('docmanager:open', args) }", beside)
    wait_for_cards(page, 2 * CARDS)
    one, other = (page.locator(".jp-NotebookPanel").nth(n) for n in (0, 1))
    link = other.locator(LINK)
    link.focus()
    page.keyboard.press("Enter")
    heading = f'[data-jupyter-id="{str(link.get_attribute("href")).removeprefix("#")}"]'
    expect(other.locator(heading)).to_be_focused()
    expect(other.locator(heading)).to_be_in_viewport()
    expect(one.locator(heading)).not_to_be_in_viewport()
    page.context.close()


@pytest.mark.parametrize("app", APPS)
def test_an_instructors_edition_is_edited_as_ever(school: Class, app: str) -> None:
    path = f"source-{app}/{NOTEBOOK}"
    file = school.put(path, PROJECT / "source" / MODULE / NOTEBOOK)
    page = school.open(app, path)
    wait_for_cards(page, card_count(file))
    cells = page.locator(".jp-Notebook .jp-Cell")
    before = len(nbformat.read(file, as_version=4).cells)
    expect(cells).to_have_count(before)
    text = page.locator(TEXT)
    text.click()
    page.keyboard.press("b")
    expect(cells).to_have_count(before + 1)
    text.dblclick()
    expect(page.locator(".jp-MarkdownCell:not(.jp-mod-rendered)")).to_have_count(1)
    page.context.close()
