"""What a page of ours writes into the browser's console: nothing wrong, but for what is wrong without us too."""

from __future__ import annotations

import re

import pytest
from conftest import MODULE, PROJECT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import ConsoleMessage, Page, expect
from saved import SAVED
from school import APPS, NOTEBOOK, Class, card_count, until, wait_for_cards

pytestmark = pytest.mark.browser

RELEASE = PROJECT / "release" / MODULE / NOTEBOOK
CARDS = card_count(RELEASE)

#: What a page without anything of ours says as well, and why it does no harm. The test below looks for each of them
#: there, so that a line whose cause is gone goes too.
UPSTREAM = {
    "notebook7": [
        # The shortcuts' settings are asked for before they are read, and asked for again once they are.
        r"TypeError: Cannot read properties of undefined \(reading 'schema'\)",
        # Notebook 7's page of one notebook has the file browser's way back to a folder, and no file browser.
        r"Error: Command 'filebrowser:open-path' not registered",
        # Each cell is put on the list of what can be undone before it is part of its notebook. It is, right after.
        r"\[yjs#509\] Not same Y.Doc",
        # A menu that two of its plugins add the same entry to.
        r"Menu entry for command '[\w:-]+' is duplicated",
    ],
    "lab": [],
}
#: What a slow machine makes any page say.
SLOW = [
    r"Plugin \S+ (\(with \d+ dependants\) took \S+ to activate|is taking too long to activate)",
    # anywidget gives a widget two seconds. One that stays deaf for it is asked for again.
    r"\[anywidget\] Failed to initialize model",
]


class Console:
    """What pages say of what is wrong or may be."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def listen(self, page: Page) -> None:
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.said.append(f"{error.name}: {error.message}"))

    def has(self, form: str) -> bool:
        return any(re.search(form, text) for text in self.said)

    def unknown(self, app: str) -> list[str]:
        return [text for text in self.said if not any(re.search(form, text) for form in [*UPSTREAM[app], *SLOW])]

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.said.append(message.text)


@pytest.mark.parametrize("app", APPS)
def test_a_module_says_nothing_wrong_in_one_page_or_in_two(school: Class, app: str) -> None:
    path = f"console-{app}/{NOTEBOOK}"
    school.put(path, RELEASE)
    console = Console()
    page = school.open(app, path, console.listen)
    wait_for_cards(page, CARDS)
    card = page.locator(".fg-graded:has(input[type=radio])").first
    card.locator("input[type=radio]").first.check()
    expect(card.locator("[role=status]")).to_contain_text(SAVED)
    other = school.open(app, path, console.listen, page.context)
    wait_for_cards(other, CARDS)
    page.bring_to_front()
    card.locator("input[type=radio]").last.check()
    expect(card.locator("[role=status]")).to_contain_text(SAVED)
    page.reload()
    wait_for_cards(page, CARDS)
    assert console.unknown(app) == []
    page.context.close()


@pytest.mark.parametrize("app", APPS)
def test_what_is_wrong_without_us_is_all_that_is_let_pass(school: Class, app: str) -> None:
    notebook = new_notebook(cells=[new_markdown_cell("Hello"), new_code_cell("1")])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    school.put(f"plain-{app}.ipynb", notebook)
    console = Console()

    def without_us(page: Page) -> None:
        page.route("**/lab/extensions/fieldguide/**", lambda route: route.abort())
        console.listen(page)

    page = school.open(app, f"plain-{app}.ipynb", without_us)
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', state="attached")
    for form in UPSTREAM[app]:
        until(page, lambda form=form: console.has(form))  # type: ignore[misc]
    page.context.close()
