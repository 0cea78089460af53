"""A module's page as its reader meets it: contents, words, places, and every width and color."""

from __future__ import annotations

import io
import json
import re
import shutil
from base64 import b64encode
from collections.abc import Iterator

import pytest
from barriers import found_by_axe
from browser import JupyterServer
from conftest import MODULE, PROJECT
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Route, expect

MODULES = sorted(folder.name for folder in (PROJECT / "release").iterdir())
#: Adds up how far what is in sight moves by itself.
MOVES = """window.moved = 0;
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.moved += shift.value;
    }).observe({ type: "layout-shift", buffered: true });"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    folder = tmp_path_factory.mktemp("reading")
    shutil.copytree(PROJECT / "release", folder / "root")
    server = JupyterServer(folder / "root", folder / "home")
    yield server
    server.stop()


def open_module(server: JupyterServer, page: Page, module: str = MODULE, place: str = "") -> None:
    page.goto(f"{server.url}/fieldguide/module/{module}/{module}.ipynb{place}")
    expect(page.locator("main")).not_to_have_attribute("data-drawing", "")
    expect(page.locator("[data-cell]:empty")).to_have_count(0)


def wide(browser: Browser) -> Page:
    return browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce").new_page()


def in_sight(target: Locator) -> None:
    """Until a place is in sight and not below the bar: a cell that is drawn above it moves it for a moment."""
    expect(target).to_be_in_viewport()
    target.page.wait_for_function(
        """node => node.getBoundingClientRect().top
            >= document.querySelector(".bar").getBoundingClientRect().bottom - 1""",
        arg=target.element_handle(),
    )


#: How many characters the lines of long paragraphs hold, whatever serif face this machine has.
PER_LINE = """paragraphs => {
  const high = parseFloat(getComputedStyle(paragraphs[0]).lineHeight);
  const whole = [...paragraphs].map((one) => ({ length: one.innerText.length, lines: one.offsetHeight / high }));
  const long = whole.filter(({ lines }) => lines > 3.5);
  const sum = (of) => long.reduce((all, one) => all + of(one), 0);
  return sum(({ length }) => length) / sum(({ lines }) => lines - 0.5); // the last line is half full
}"""


def test_contents_stand_beside_the_text_and_say_where_one_is(server: JupyterServer, browser: Browser) -> None:
    page = wide(browser)
    open_module(server, page)
    assert 60 <= page.locator(".prose > p").evaluate_all(PER_LINE) <= 75
    contents = page.get_by_role("navigation", name="Contents")
    contents.get_by_role("link", name="Writing in public").click()
    in_sight(page.get_by_role("heading", name="Writing in public"))
    expect(contents.locator("[aria-current]")).to_have_text("Writing in public")


def test_who_chooses_dark_has_it_on_every_page_from_its_first_moment_and_prints_light(
    server: JupyterServer, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    page = context.new_page()
    scheme = "nodes => nodes.map((node) => getComputedStyle(node).colorScheme)"
    page.goto(f"{server.url}/fieldguide/")
    page.get_by_label("Colors").select_option("Dark")
    # No script has come: who waits for it sees the dark page already.
    page.route("**/*.js", lambda route: None)
    page.goto(f"{server.url}/fieldguide/module/{MODULE}/{MODULE}.ipynb", wait_until="commit")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    # The page is still on its way, so that its parts may not have their styles yet.
    page.wait_for_function(f"!({scheme})([...document.querySelectorAll('html, .fg-root')]).includes('normal')")
    assert set(page.locator("html, .fg-root").evaluate_all(scheme)) == {"dark"}
    page.unroute_all()
    open_module(server, page)
    assert set(page.locator("html, .fg-root").evaluate_all(scheme)) == {"dark"}
    page.emulate_media(media="print")
    assert set(page.locator("html, .fg-root").evaluate_all(scheme)) == {"light"}
    page.emulate_media(media="screen")
    page.get_by_label("Colors").select_option("As this device has them")
    assert set(page.locator("html").evaluate_all(scheme)) == {"light dark"}


def test_on_a_telephone_contents_open_by_their_button_and_close(server: JupyterServer, browser: Browser) -> None:
    telephone = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    page = telephone.new_page()
    open_module(server, page)
    contents = page.locator("#contents")
    expect(contents).to_be_hidden()
    page.get_by_role("button", name="Contents").tap()
    contents.get_by_role("link", name="Writing in public").tap()
    expect(contents).to_be_hidden()
    in_sight(page.get_by_role("heading", name="Writing in public"))
    small = """nodes => nodes.filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < 44)"""
    assert page.locator(".bar :is(a, button), .onward a").evaluate_all(f"nodes => ({small})(nodes).length") == 0


def test_a_word_opens_where_it_is_read_and_escape_goes_back_to_it(server: JupyterServer, browser: Browser) -> None:
    page = wide(browser)
    open_module(server, page, "02-safe-social-networking")
    word = page.get_by_role("link", name="field instructor").first
    word.focus()
    before = page.evaluate("scrollY")
    page.keyboard.press("Enter")
    meaning = page.get_by_role("dialog", name="Field instructor")
    expect(meaning).to_be_visible()
    expect(meaning).to_be_focused()
    expect(meaning).not_to_contain_text("Back to")
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    expect(word).to_be_focused()
    assert page.evaluate("scrollY") == before
    page.keyboard.press("Enter")
    meaning.get_by_role("link", name="All words used here").click()
    in_sight(page.locator("#Field-instructor"))


def test_a_question_that_an_address_names_is_in_sight_with_the_focus(server: JupyterServer, browser: Browser) -> None:
    page = wide(browser)
    open_module(server, page, place="#fg-both-texts-allow-it")
    card = page.locator("#fg-both-texts-allow-it")
    expect(card.get_by_role("heading").first).to_be_focused()
    in_sight(card)
    # Each card ends with its own link. With the keyboard it is copied, and nobody is moved.
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for place in page.locator(".fg-card[id]").all():
        name = place.get_attribute("id")
        expect(place.locator(".own-link a")).to_have_attribute("href", f"?at={name}#{name}")
    case = page.locator("#fg-thursday-940")
    link = case.get_by_role("link", name="Link to Case: Thursday, 9:40 p.m.", exact=True)
    expect(link).to_have_text("Link to Case: Thursday, 9:40 p.m.")
    link.focus()
    link.press("Enter")
    expect(case.locator(".own-link span")).to_have_text("Copied.")
    expect(link).to_be_focused()
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    expect(page).to_have_url(copied)
    assert copied.endswith(".ipynb?at=fg-thursday-940#fg-thursday-940")
    page.goto("about:blank")
    page.goto(copied)
    expect(case.get_by_role("heading").first).to_be_focused()


def test_where_one_stopped_is_offered_and_nobody_is_moved_there(server: JupyterServer, browser: Browser) -> None:
    page = wide(browser)
    open_module(server, page)
    expect(page.locator("#offer")).to_be_hidden()
    page.get_by_role("navigation", name="Contents").get_by_role("link", name="Who answers").click()
    expect(page.locator("[aria-current]")).to_have_text("Who answers, and what you do first")
    home = page.url.partition("module/")[0]
    page.goto(home)
    open_module(server, page)
    offer = page.locator("#offer")
    expect(offer).to_contain_text("You stopped at “Who answers, and what you do first”.")
    assert page.evaluate("scrollY") == 0
    offer.get_by_role("button", name="Close").press("Enter")
    expect(offer).to_be_hidden()
    expect(page.get_by_role("main")).to_be_focused()
    page.goto(home)
    open_module(server, page)
    offer.get_by_role("link", name="Go there").click()
    in_sight(page.get_by_role("heading", name="Who answers, and what you do first"))
    expect(offer).to_be_hidden()


def test_how_many_are_answered_is_in_the_bar_and_the_next_one_can_be_skipped_to(
    server: JupyterServer, browser: Browser
) -> None:
    page = wide(browser)
    module = "06-resources"
    open_module(server, page, module)
    bar = page.locator("#progress")
    expect(bar).to_have_text("0 of 6 answered")
    next_one = page.locator("#skip-next")
    first = str(next_one.get_attribute("href"))
    page.locator(first).get_by_role("radio").first.check()
    expect(bar).to_have_text("1 of 6 answered")
    expect(bar.locator(".is-done")).to_have_count(1)
    expect(next_one).not_to_have_attribute("href", first)


def test_contents_say_how_long_each_section_takes_and_what_is_open(server: JupyterServer, browser: Browser) -> None:
    page = wide(browser)
    module = "03-code-of-ethics"
    open_module(server, page, module)
    contents = page.get_by_role("navigation", name="Contents")
    told = contents.locator(".takes").all_inner_texts()
    assert all(re.fullmatch(r"[1-9]\d* min", one) for one in told)
    core = contents.locator(".is-level-2:not(:has-text('Optional')) .takes").all_inner_texts()
    stated = int(page.locator(".fg-facts li").first.inner_text().split()[0])
    assert abs(sum(int(one.split()[0]) for one in core) - stated) <= len(core) / 2, "they add up to what the head says"
    section = contents.get_by_role("listitem").filter(has=page.locator("[data-questions]")).first
    ids = str(section.locator("[data-questions]").get_attribute("data-questions")).split()
    expect(section).to_contain_text(f"0 of {len(ids)} answered")
    page.locator(f"#fg-{ids[0]} :is(input, select)").first.press("Space")
    expect(section).to_contain_text(f"1 of {len(ids)} answered")
    page.reload()
    expect(section).to_contain_text(f"1 of {len(ids)} answered")
    expect(page.locator(".fg-module").get_by_text(re.compile("^Answered"))).to_be_hidden()  # the bar says it


@pytest.mark.parametrize("module", ["00-start-here", "03-code-of-ethics"])
def test_on_a_telephone_the_bar_says_where_one_is_and_leads_back(
    server: JupyterServer, browser: Browser, module: str
) -> None:
    page = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce").new_page()
    open_module(server, page, module)
    bar = page.locator(".bar")
    expect(bar.get_by_text("All saved", exact=True)).to_be_visible()
    expect(bar).to_contain_text(page.get_by_role("heading", level=1).inner_text())
    for shown in (bar.locator(".where"), bar.get_by_role("link", name="Ethics and Social Media")):
        expect(shown).to_be_visible()
    if page.get_by_role("link", name="Hand in", exact=True).count():
        expect(page.get_by_role("link", name="Hand in", exact=True)).to_be_visible()
    two_lines = 2 * 44
    assert bar.evaluate("bar => bar.offsetHeight") <= two_lines
    # Backward by keyboard, the page scrolls up to each control: none stays below the bar.
    page.get_by_role("link", name="Open as notebook").focus()
    covered = """() => {
        const node = document.activeElement, { top, bottom } = node.getBoundingClientRect();
        const below = document.querySelector(".bar").getBoundingClientRect().bottom;
        return node.closest("main") && top < below - 1 && bottom > 0 ? node.outerHTML.slice(0, 100) : null;
    }"""
    for _ in range(25):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate(covered) is None


def test_handing_in_does_not_call_out_where_nothing_is_answered(server: JupyterServer, browser: Browser) -> None:
    page = wide(browser)
    for module in ("00-start-here", MODULE):
        open_module(server, page, module)
        expect(page.get_by_role("link", name="Hand in", exact=True)).to_contain_class("is-quiet")


def test_one_goes_on_to_the_module_before_and_after(server: JupyterServer, browser: Browser) -> None:
    page = wide(browser)
    open_module(server, page, MODULES[0])
    onward = page.get_by_role("navigation", name="End of this module")
    expect(onward.get_by_role("link", name="Previous module")).to_have_count(0)
    onward.get_by_role("link", name=re.compile("^Next module ?: ?.*[a-z]$")).click()
    expect(page).to_have_url(f"{server.url}/fieldguide/module/{MODULES[1]}/{MODULES[1]}.ipynb")
    expect(page.get_by_role("link", name="Open as notebook")).to_have_attribute(
        "href", f"/lab/tree/{MODULES[1]}/{MODULES[1]}.ipynb"
    )


def test_nothing_moves_while_cells_are_drawn(server: JupyterServer, browser: Browser) -> None:
    page = wide(browser)
    page.add_init_script(MOVES)
    open_module(server, page)
    assert page.evaluate("moved") < 0.01


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("module", MODULES)
def test_on_a_slow_line_all_can_be_read_at_once_and_stays_where_it_is(
    server: JupyterServer, browser: Browser, module: str, width: int
) -> None:
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    page.add_init_script(MOVES)
    held: list[Route] = []
    arrived = False
    page.route("**/*.js", lambda route: route.continue_() if arrived else held.append(route))
    page.goto(f"{server.url}/fieldguide/module/{module}/{module}.ipynb", wait_until="commit")
    # Nothing that draws a card has come.
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".prose p").first).to_be_visible()
    asked = page.locator("main .is-item .fg-question").first
    expect(asked).to_be_visible()
    question = asked.inner_text()
    arrived = True
    for route in held:
        route.continue_()
    expect(page.locator("main")).not_to_have_attribute("data-drawing", "")
    expect(page.locator(".is-still")).to_have_count(0)
    expect(page.locator("[data-cell] .fg-question").first).to_have_text(question)
    assert page.evaluate("moved") < 0.1


@pytest.mark.parametrize("module", MODULES)
def test_no_module_scrolls_sideways_on_a_narrow_screen(server: JupyterServer, browser: Browser, module: str) -> None:
    page = browser.new_context(viewport={"width": 320, "height": 640}).new_page()
    open_module(server, page, module)
    wider = """nodes => nodes.filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
        .map((node) => node.outerHTML.slice(0, 100))"""
    assert page.locator("main > *, main .prose *").evaluate_all(wider) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_picture_of_a_schools_own_fits_every_width_with_what_it_shows(
    server: JupyterServer, browser: Browser
) -> None:
    own = server.root / "pictured" / f"{MODULE}.ipynb"
    shutil.copytree(PROJECT / "release" / MODULE, own.parent)
    Image.new("RGBA", (2400, 900)).save(own.parent / "who calls whom.png")  # nothing is painted: it is seen through
    attached = io.BytesIO()
    Image.new("RGB", (120, 80), "teal").save(attached, "JPEG")
    notebook = json.loads(own.read_text("utf-8"))
    pictures = (
        "![Who calls whom](<who calls whom.png>)",
        "![The desk](attachment:desk.jpg)",
        "![Far](https://e.example/x)",
    )
    text = "\n\n".join(pictures)
    files = {"desk.jpg": {"image/jpeg": b64encode(attached.getvalue()).decode()}}
    cell = {"cell_type": "markdown", "id": "own", "metadata": {}, "source": text, "attachments": files}
    notebook["cells"].insert(3, cell)
    own.write_text(json.dumps(notebook), encoding="utf-8")
    page = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme="dark").new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: asked.append(said.text) if said.type == "error" else None)
    page.goto(f"{server.url}/fieldguide/module/pictured/{MODULE}.ipynb")
    wide_one, small = page.get_by_role("img", name="Who calls whom"), page.get_by_role("img", name="The desk")
    expect(page.get_by_text("[Far]")).to_be_visible()
    shape = "node => node.complete && [node.naturalWidth, node.width, Math.round(node.width / node.height * 10)]"
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 640})
        expect(wide_one).to_be_visible()
        natural, shown, ratio = wide_one.evaluate(shape)
        room = wide_one.evaluate("node => node.parentElement.clientWidth")
        assert natural == 2400 and 0 < shown <= room and ratio == 27, (width, shown, room)
        assert small.evaluate(shape) == [120, 120, 15]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # What is drawn in dark on nothing can be seen on a dark page.
    assert wide_one.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(255, 255, 255)"
    assert [one for one in asked if not one.startswith((server.url, "data:"))] == []
    page.emulate_media(media="print")
    expect(wide_one).to_be_visible()
    # A table's columns are named on paper too, where nothing can be pressed.
    expect(page.get_by_role("columnheader", name="cares_for").first).to_be_visible()
    expect(page.locator("th button").first).to_be_visible()
    expect(page.get_by_label("Search", exact=True).first).to_be_hidden()
    page.set_viewport_size({"width": 720, "height": 1000})  # as wide as paper
    hidden = (
        "nodes => nodes.filter(n => n.scrollHeight > n.clientHeight + 1 || n.scrollWidth > n.clientWidth + 1).length"
    )
    assert page.locator(".fg-scroll").count() and page.locator(".fg-scroll").evaluate_all(hidden) == 0
    assert found_by_axe(page) == []


def test_a_wide_table_scrolls_by_itself_and_by_keyboard(server: JupyterServer, browser: Browser) -> None:
    module = "06-resources"
    own = server.root / "wide" / f"{module}.ipynb"
    shutil.copytree(PROJECT / "release" / module, own.parent)
    notebook = json.loads(own.read_text("utf-8"))
    heads = "".join(f"| Confidentiality-{n} " for n in range(3))
    table = f"## Who sees what\n\n{heads}|\n{'|---' * 3}|\n{heads}|"
    notebook["cells"].insert(3, {"cell_type": "markdown", "id": "wide", "metadata": {}, "source": table})
    own.write_text(json.dumps(notebook), encoding="utf-8")
    page = browser.new_context(viewport={"width": 320, "height": 640}, reduced_motion="reduce").new_page()
    page.goto(f"{server.url}/fieldguide/module/wide/{module}.ipynb")
    scroller = page.get_by_role("region", name="Table below “Who sees what”")
    expect(scroller).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    scroller.focus()
    page.keyboard.press("ArrowRight")
    expect(scroller).not_to_have_js_property("scrollLeft", 0)
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator(".prose [tabindex='0']")).to_have_count(0)  # one stop less where nothing scrolls


def test_no_word_of_a_table_is_broken_on_a_narrow_screen(server: JupyterServer, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 320, "height": 640}).new_page()
    broken = """cells => cells.flatMap((cell) => {
        const found = [];
        const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            for (const word of texts.currentNode.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
                const range = document.createRange();
                range.setStart(texts.currentNode, word.index);
                range.setEnd(texts.currentNode, word.index + word[0].length);
                const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
                if (lines.size > 1) found.push(word[0]);
            }
        }
        return found;
    })"""
    for module in MODULES:
        page.goto(f"{server.url}/fieldguide/module/{module}/{module}.ipynb")
        assert page.locator(".prose :is(th, td)").evaluate_all(broken) == [], module


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_on_a_modules_page(server: JupyterServer, browser: Browser, theme: str, width: int) -> None:
    page = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    ).new_page()
    open_module(server, page, "02-safe-social-networking")

    assert found_by_axe(page) == []
    page.get_by_role("link", name="field instructor").first.click()
    expect(page.get_by_role("dialog", name="Field instructor")).to_be_visible()
    assert found_by_axe(page) == []
