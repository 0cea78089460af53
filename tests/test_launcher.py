"""What JupyterLab and Notebook 7 offer to make anew; and the kernel that they do not offer."""

from __future__ import annotations

import shutil
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import JupyterServer
from conftest import MODULE, PROJECT
from jupyter_client.manager import start_new_kernel
from patience import DONE_WITHIN, milliseconds, seconds
from playwright.sync_api import Browser, Page, expect


@pytest.fixture(scope="module")
def anybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """The server of somebody who has installed the package."""
    folder = tmp_path_factory.mktemp("anybody")
    (folder / "root").mkdir()
    server = JupyterServer(folder / "root", folder / "home")
    yield server
    server.stop()


def open_page(browser: Browser, address: str) -> Page:
    page = browser.new_context().new_page()
    page.goto(address)
    return page


@pytest.mark.browser
def test_the_launcher_makes_no_empty_field_guide_notebook(browser: Browser, anybody: JupyterServer) -> None:
    page = open_page(browser, f"{anybody.url}/lab?reset")
    tiles = page.locator(".jp-LauncherCard")
    notebook_and_console = tiles.filter(has_text="Python 3")
    expect(notebook_and_console).to_have_count(2, timeout=milliseconds(DONE_WITHIN))
    assert not [text for text in tiles.all_inner_texts() if "Field Guide" in text]
    assert "fieldguide" in anybody.ask("api/kernelspecs")["kernelspecs"]


@pytest.mark.browser
def test_notebook_7_makes_none_either(browser: Browser, anybody: JupyterServer) -> None:
    page = open_page(browser, f"{anybody.url}/tree")
    page.get_by_text("New", exact=True).click()
    made = page.locator(".lm-Menu-item:visible")
    expect(made.filter(has_text="Python 3")).to_have_count(1, timeout=milliseconds(DONE_WITHIN))
    assert not [text for text in made.all_inner_texts() if "Field Guide" in text]


@pytest.mark.browser
def test_a_students_launcher_leads_to_the_assignments_and_nowhere_else(
    browser: Browser, student: JupyterServer
) -> None:
    page = open_page(browser, f"{student.url}/lab?reset")
    tiles = page.locator(".jp-LauncherCard")
    expect(tiles).to_have_text(["Assignments"], timeout=milliseconds(DONE_WITHIN))
    tiles.click()
    expect(page.locator("#nbgrader-assignment-list")).to_be_visible(timeout=milliseconds(DONE_WITHIN))


@pytest.mark.browser
def test_a_students_notebook_has_nothing_for_programmers(browser: Browser, student: JupyterServer) -> None:
    shutil.copytree(PROJECT / "release" / MODULE, student.root / MODULE, dirs_exist_ok=True)
    page = open_page(browser, student.lab(f"{MODULE}/{MODULE}.ipynb"))
    card = page.locator(".fg-card").first
    card.wait_for(timeout=milliseconds(DONE_WITHIN))
    page.locator(".jp-Cell").nth(3).click()
    tools = page.locator(".jp-NotebookPanel-toolbar")
    expect(tools).to_be_visible()
    expect(page.locator(".jp-cell-toolbar, #jp-main-statusbar, .jp-DebuggerBugButton, .validate-button")).to_have_count(
        0
    )


@pytest.mark.slow
def test_a_students_server_has_no_terminals(student: JupyterServer, anybody: JupyterServer) -> None:
    assert anybody.ask("api/terminals") == []
    with pytest.raises(urllib.error.HTTPError, match="404"):
        student.ask("api/terminals")


@pytest.mark.slow
def test_our_kernel_keeps_no_history_of_what_was_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    for name, kept in (("python3", True), ("fieldguide", False)):
        manager, client = start_new_kernel(kernel_name=name, startup_timeout=seconds(DONE_WITHIN))
        try:
            reply = client.execute_interactive("x = 1", store_history=True, timeout=seconds(DONE_WITHIN))
            assert reply["content"]["status"] == "ok"
        finally:
            client.stop_channels()
            manager.shutdown_kernel()
        found = list(tmp_path.rglob("history.sqlite"))
        assert bool(found) is kept, name
        for file in found:
            file.unlink()
