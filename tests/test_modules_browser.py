"""All notebooks of the course, opened in JupyterLab: every question is there, no error, no code in sight."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from browser import JupyterServer
from conftest import PROJECT
from playwright.sync_api import Browser, expect

from fieldguide.authoring.building import read_modules
from fieldguide.authoring.module import Module
from fieldguide.cells.kinds import TABLE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# What shows of any code cell's input, scrolled to a place.
CODE_IN_SIGHT = """async (top) => {
    document.querySelector(".jp-WindowedPanel-outer").scrollTo(0, top);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const parts = document.querySelectorAll(".jp-CodeCell :is(.jp-InputArea, .jp-InputPlaceholder, .jp-InputPrompt)");
    return [...parts].filter((part) => {
        const { width, height } = part.getBoundingClientRect();
        return width && height && part.checkVisibility({ visibilityProperty: true });
    }).map((part) => part.textContent);
}"""

MODULES = read_modules(PROJECT)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    root = tmp_path_factory.mktemp("course")
    for module in MODULES:
        shutil.copytree(PROJECT / "release" / module.id, root / module.id)
    server = JupyterServer(root, tmp_path_factory.mktemp("home"))
    yield server
    server.stop()


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.id)
def test_a_student_opens_the_module(module: Module, server: JupyterServer, browser: Browser, tmp_path: Path) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(server.lab(f"{module.id}/{module.id}.ipynb"))
    pairs = {cell.parallel_to: cell.asked.id for cell in module.cells if cell.parallel_to}
    in_pairs = {*pairs, *pairs.values()}
    for name in [*(item.id for item in module.items()), *(cell.id for cell in module.cells if cell.id)]:
        if name not in in_pairs:
            expect(page.locator(f"#fg-{name}")).to_be_attached()
    for one, other in pairs.items():  # a student meets one of two parallel items, and no cell is left of the other
        expect(page.locator(f"#fg-{one}, #fg-{other}")).to_have_count(1)
    expect(page.locator(".fg-not-asked")).to_have_count(len(pairs))
    expect(page.locator(".jp-Cell:visible:has(.fg-not-asked)")).to_have_count(0)
    expect(page.get_by_role("heading", level=1, name=module.title)).to_be_visible()
    if tables := len(module.asked(TABLE)):
        expect(page.locator(".fg-table, table").nth(tables - 1)).to_be_attached()
    # Nothing failed, and nothing that looks like code can be seen, above or below the fold.
    assert (
        page.locator(
            ".jp-OutputArea-output[data-mime-type*='stderr'], .jp-RenderedText[data-mime-type*='error']"
        ).count()
        == 0
    )
    assert page.get_by_text("Error displaying widget").count() == 0
    height = page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollHeight")
    for top in range(0, int(height), 800):
        assert page.evaluate(CODE_IN_SIGHT, top) == []
    page.context.close()


@pytest.mark.parametrize("app", ["lab", "notebook7"])
def test_a_word_leads_to_its_meaning_and_back_by_keyboard(server: JupyterServer, browser: Browser, app: str) -> None:
    module = next(module for module in MODULES if module.id.startswith("04"))
    file = f"{module.id}/{module.id}.ipynb"
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(server.lab(file) if app == "lab" else server.notebook7(file))
    for name in [*(item.id for item in module.items()), *(cell.id for cell in module.cells if cell.id)]:
        page.locator(f"#fg-{name}").wait_for(state="attached")
    expect(page.locator(".fg-says")).to_be_empty()  # what is still to be drawn would move the page
    cells = len(nbformat.read(server.root / file, as_version=4).cells)
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(cells)
    page.get_by_role("link", name="encryption", exact=True).focus()
    page.keyboard.press("Enter")
    meaning = page.get_by_role("heading", level=4, name="Encryption")
    expect(meaning).to_be_focused()
    expect(meaning).to_be_in_viewport()
    page.keyboard.press("Tab")
    section = "6. What should I consider before I text, email or message?"
    expect(page.locator(":focus")).to_have_text(section)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=3, name=section)).to_be_focused()
    expect(page.get_by_role("heading", level=3, name=section)).to_be_in_viewport()
    page.context.close()
