"""A notebook in the pseudo language, walked in Chromium: every sentence of the interface has its marks."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from ipywidgets.widgets.widget import _instances
from player_page import PlayerPage
from playwright.sync_api import Browser
from translated import SMALL, small_course
from unmarked import unmarked

from fieldguide import cli
from fieldguide.authoring.module import read_module
from fieldguide.responses import ResponseRecord
from fieldguide.translate.building import build_pseudo
from fieldguide.words import ENGLISH, speak
from fieldguide.words.pseudo import LANGUAGE, pseudo

pytestmark = pytest.mark.browser

#: The letters of the ETHIC model, which are its name.
NAMES = set("ETHIC")
#: All that is read of a page: the text of each view, code aside, and what is told of its parts.
READ = """() => [...document.querySelectorAll("main > div")].flatMap((view) => [
  ((copy) => (copy.querySelectorAll("code").forEach((code) => code.remove()), copy.textContent))(view.cloneNode(true)),
  ...[...view.querySelectorAll("*")].flatMap((node) =>
    ["aria-label", "title", "alt", "placeholder", "aria-description", "aria-valuetext"]
      .map((name) => node.getAttribute(name)).filter(Boolean)),
])"""
#: How many pixels of a page are beside what is seen.
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class NotebookPage(PlayerPage):
    """A page with every view of a notebook, whose cells ran in a shell."""

    def __init__(self, browser: Browser, notebook: Path, shell: InteractiveShell, **context: Any) -> None:
        self._notebook, self._shell = notebook, shell
        self.printed: list[str] = []
        super().__init__(browser, notebook.parent, direction="rtl", **context)

    def run_again(self) -> None:
        for cell in nbformat.read(self._notebook, as_version=4).cells:
            if cell.cell_type != "code" or not cell.source.startswith("%%"):
                continue
            kind, _, text = cell.source.removeprefix("%%").partition("\n")
            with capture_output() as captured:
                self._shell.run_cell_magic(kind, "", text)
            for shown in captured.outputs:
                view = _instances[shown.data["application/vnd.jupyter.widget-view+json"]["model_id"]]
                self.printed += [shown.data["text/plain"], shown.data["text/html"]]
                self._show(cell.id, view)
        self.wait()

    def read(self) -> None:
        """Read all that there is, and name what has no marks."""
        found = [word for text in self.page.evaluate(READ) for word in unmarked(text)]
        # Times are told as Arabic tells them.
        assert [word for word in found if word.isascii() and word not in NAMES] == []


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    project = small_course(tmp_path / "project")
    build_pseudo(project)
    return project / "courses" / LANGUAGE / "release" / SMALL / f"{SMALL}.ipynb"


@pytest.fixture
def speaking_here(notebook: Path, shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(notebook.parent)
    yield shell
    speak(ENGLISH)


@pytest.mark.parametrize("width", [800, 390])
def test_a_notebook_in_another_language_says_nothing_in_english(
    browser: Browser, notebook: Path, speaking_here: InteractiveShell, width: int
) -> None:
    with NotebookPage(browser, notebook, speaking_here, viewport={"width": width, "height": 900}) as view:
        view.read()
        page = view.page
        assert page.locator("main > div").count() == len(view.printed) // 2 > 8
        pressed = set()
        for _ in range(60):
            for box in page.locator("main textarea:visible").all():
                if not box.input_value():
                    box.fill(pseudo("What I write."))
            for group in page.locator("main fieldset:visible:not(:has(fieldset)):not(:has(input:checked))").all():
                if group.locator("input").count():
                    group.locator("input").first.check(force=True)
            view.wait(500)
            view.read()
            buttons = [
                one
                for one in page.locator("main button:visible:enabled:not([aria-disabled=true])").all()
                if one.inner_text() not in pressed
            ]
            if not buttons:
                break
            pressed.add(buttons[0].inner_text())
            buttons[0].click()
            view.wait(500)
            view.read()
        assert len(pressed) > 12
        assert page.evaluate(SIDEWAYS) <= 0
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=f"{folder}/words-{width}.png", full_page=True)


@pytest.mark.parametrize("width", [800, 390])
def test_feedback_in_another_language_says_nothing_in_english(browser: Browser, tmp_path: Path, width: int) -> None:
    course = graded_course(tmp_path)
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        page.goto((course / "feedback" / "ana" / SMALL / f"{SMALL}.html").as_uri())
        assert page.locator("html").get_attribute("dir") == "rtl"
        page.evaluate("document.querySelectorAll('details').forEach((part) => (part.open = true))")
        text = page.locator("body").inner_text()
        assert text.count(pseudo("Because I asked.")) == 1
        # A phrase stands there without its sentence, and so without marks around it; its letters have some.
        assert [word for word in unmarked(text) if word.isascii()] == []
        assert page.evaluate(SIDEWAYS) <= 0
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=f"{folder}/feedback-{width}.png", full_page=True)


def graded_course(folder: Path) -> Path:
    """The pseudo course with one student's submission, graded, and their feedback."""
    project = small_course(folder / "project")
    build_pseudo(project)
    course = project / "courses" / LANGUAGE
    shutil.rmtree(course / "release")
    nbgrader = str(Path(sys.executable).with_name("nbgrader"))
    subprocess.run([nbgrader, "generate_assignment", SMALL], cwd=course, check=True, capture_output=True)
    module = read_module(project / "modules" / f"{SMALL}.md")
    handed_in = course / "submitted" / "ana" / SMALL
    shutil.copytree(course / "release" / SMALL, handed_in)
    record, dice = ResponseRecord(handed_in, SMALL), random.Random(3)
    for item in module.items("graded"):
        if item.BY_PERSON:
            record.save_essay(item.id, pseudo("Because I asked."))
        else:
            record.save(item.id, item.guess(dice))
    (handed_in / "timestamp.txt").write_text("2026-10-12 20:00:00 UTC", encoding="utf-8")
    for command in ("grade", "feedback"):
        assert cli.main(["--project", str(course), command, SMALL]) in (0, 3)  # ana is in no roster
    return course
