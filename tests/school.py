"""Servers with course notebooks, to open in JupyterLab and Notebook 7 as a student would. All tests have them."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from browser import JupyterServer
from conftest import MODULE, PROJECT
from patience import DONE_WITHIN, seconds
from playwright.sync_api import Browser, BrowserContext, Page
from settling import SCRIPT, settle

from fieldguide.hub.environment import role_environment

NOTEBOOK = f"{MODULE}.ipynb"
#: What a page's notebook says and of what kind its cells are.
SOURCES = """JSON.stringify([...jupyterapp.shell.widgets("main")].find(one => one.content?.rendermime)
    .content.model.toJSON().cells.map(({ id, cell_type, source, metadata }) => [id, cell_type, source, metadata]))"""
APPS = ("lab", "notebook7")


class Class:
    """A server with a folder to put notebooks in, and a browser to open them with."""

    def __init__(self, server: JupyterServer, browser: Browser) -> None:
        self.server = server
        #: How many cells each page has asked its kernel to run.
        self.asked: Counter[Page] = Counter()
        self._browser = browser

    def open(
        self,
        app: str,
        path: str,
        prepare: Callable[[Page], None] = lambda page: None,
        context: BrowserContext | None = None,
    ) -> Page:
        """A page with a notebook, in a browser of its own unless there is a ``context``; ``prepare`` gets it empty."""
        context = context or self._browser.new_context(viewport={"width": 1200, "height": 900})
        page = context.new_page()
        page.add_init_script(SCRIPT)
        prepare(page)

        def count(frame: str | bytes) -> None:
            self.asked[page] += b"execute_request" in (frame if isinstance(frame, bytes) else frame.encode())

        page.on("websocket", lambda socket: socket.on("framesent", count))
        page.goto(self.server.lab(path) if app == "lab" else self.server.notebook7(path))
        page.wait_for_selector(".jp-NotebookPanel:not(.fg-wait) .jp-Cell", state="attached")
        return page

    def put(self, path: str, source: Path | nbformat.NotebookNode) -> Path:
        target = self.server.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(source, Path):
            shutil.copy(source, target)
            if (source.parent / "data").is_dir():
                shutil.copytree(source.parent / "data", target.parent / "data", dirs_exist_ok=True)
        else:
            nbformat.write(source, target)
        return target


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Class]:
    # The empty entry, a common slip, would put every notebook's folder on its kernel's import path.
    folder = tmp_path_factory.mktemp("school")
    (folder / "root").mkdir()
    (folder / "home" / "config").mkdir(parents=True)
    expose = {app: {"expose_app_in_browser": True} for app in ("LabApp", "JupyterNotebookApp")}
    settings = folder / "home" / "config" / "jupyter_server_config.json"
    settings.write_text(json.dumps(expose), encoding="utf-8")
    server = JupyterServer(folder / "root", folder / "home", PYTHONPATH=os.pathsep)
    yield Class(server, browser)
    server.stop()


@pytest.fixture(scope="session")
def student(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """A server with the settings of a student's."""
    folder = tmp_path_factory.mktemp("student")
    for name in ("root", "exchange"):
        (folder / name).mkdir()
    told = role_environment("student", course_id="sw101", exchange=str(folder / "exchange"))
    server = JupyterServer(folder / "root", folder / "home", JUPYTERHUB_USER="ana", **told)
    yield server
    server.stop()


def card_count(path: Path) -> int:
    """How many cells are shown as a card."""
    magics = ("%%item\n", "%%table\n", "%%case\n", "%%worksheet\n", "%%policy\n")
    return sum(cell.source.startswith(magics) for cell in nbformat.read(path, as_version=4).cells)


def code_count(path: Path) -> int:
    return sum(cell.cell_type == "code" for cell in nbformat.read(path, as_version=4).cells)


CARDS = card_count(PROJECT / "notebooks" / NOTEBOOK)
CODE_CELLS = code_count(PROJECT / "notebooks" / NOTEBOOK)


def wait_for_cards(page: Page, count: int) -> None:
    """Until this many cards can be used, and not one that an earlier kernel made is left."""
    page.wait_for_function(
        "count => document.querySelectorAll('.fg-card:not([data-old])').length === count"
        " && !document.querySelector('.fg-card[data-old]')",
        arg=count,
    )


def mark_cards_as_old(page: Page) -> None:
    page.evaluate("document.querySelectorAll('.fg-card').forEach(card => { card.dataset.old = 'yes' })")


def wait_for_idle_kernel(page: Page) -> None:
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', state="attached")
    settled(page)


def settled(page: Page) -> None:
    """Until whatever the page wants to do in the next second has happened."""
    settle(page, 1000)


def until(page: Page, condition: Callable[[], bool]) -> None:
    """Wait for what is not seen in the page, such as a file."""
    for _ in range(int(seconds(DONE_WITHIN) * 10)):
        if condition():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came to be")
