"""What a stranger's notebook has saved: none of it is drawn or fetched when the notebook is opened by itself."""

from __future__ import annotations

import pytest
from nbformat.sign import NotebookNotary
from playwright.sync_api import Page, Request, expect
from school import APPS, Class, settled, until, wait_for_idle_kernel
from strangers import DATA, ELSEWHERE, strange_notebook

pytestmark = pytest.mark.browser

# The types that this page's renderers draw, in the order in which they are chosen.
TYPES = "[...jupyterapp.shell.widgets('main')].find(one => one.content?.rendermime).content.rendermime.mimeTypes"


def open_and_listen(school: Class, app: str, path: str) -> tuple[Page, list[str]]:
    """The page once all is drawn, and every address that it has asked for and that is not the server's."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((school.server.url, "data:", "blob:")):
            asked.append(request.url)

    page = school.open(app, path, lambda page: page.on("request", note))
    wait_for_idle_kernel(page)
    page.evaluate(
        """async () => {
            for (const cell of document.querySelectorAll(".jp-Notebook .jp-Cell")) {
                cell.scrollIntoView();
                await new Promise(requestAnimationFrame);
            }
        }"""
    )
    settled(page)
    return page, asked


@pytest.mark.parametrize("app", APPS)
def test_nothing_that_a_stranger_has_saved_is_drawn_or_fetched(school: Class, app: str) -> None:
    path = f"strange-{app}.ipynb"
    school.put(path, strange_notebook(course=True))
    page, asked = open_and_listen(school, app, path)
    assert set(page.evaluate(TYPES)) <= set(DATA), "a renderer that nothing here is written for"
    assert asked == []
    assert page.locator(".jp-OutputArea-output").count() == 0
    expect(page.locator(".jp-MarkdownCell.jp-mod-rendered")).to_have_count(2)
    page.context.close()


@pytest.mark.parametrize("app", APPS)
def test_the_same_is_drawn_and_fetched_where_a_person_trusts_it(school: Class, app: str) -> None:
    # Shows that what the test above looks for would be seen.
    path = f"trusted-{app}.ipynb"
    notebook = strange_notebook(course=False)
    school.put(path, notebook)
    NotebookNotary(data_dir=str(school.server.home / "data")).sign(notebook)
    page, asked = open_and_listen(school, app, path)
    for name in ("html", "markdown", "vega", "vegalite5", "text", "text-md"):
        until(page, lambda name=name: any(address.startswith(f"{ELSEWHERE}/{name}") for address in asked))  # type: ignore[misc]
    page.context.close()
