"""Tables in a plain page, with the real Python behind them: for tests and pictures that need no Jupyter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Self

import drawing
from playwright.sync_api import Browser, Locator, Page, Route
from sessions import view_of

from fieldguide.notebook.widget import CellView
from fieldguide.tables.cells import TableCell
from fieldguide.tables.data import read_description
from fieldguide.tables.session import TableSession
from fieldguide.tables.table import Table

ADDRESS = "http://table.test/"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tables</title>
<meta name="viewport" content="width=device-width">
<style>body { margin: 0; padding: 1rem; background: light-dark(#fff, #111); color: light-dark(#000, #fff) }
[data-jp-theme-light="true"] { color-scheme: light } [data-jp-theme-light="false"] { color-scheme: dark }</style></head>
<body><main><h1>Module</h1><h2>Tables</h2></main><script type="module">
DRAWING
window.dead = false;
window.show = (name, traits) => {
  const listeners = new Set();
  const model = {
    get: (trait) => traits[trait],
    on: (_, act) => listeners.add(act),
    off: (_, act) => listeners.delete(act),
    send: async (message) => {
      if (window.dead) return;
      for (const answer of await window.kernel(name, message)) for (const act of listeners) act(answer);
    },
  };
  return draw(model, document.querySelector("main").appendChild(document.createElement("div")));
};
window.ready = true;
</script></body></html>""".replace("DRAWING", drawing.SCRIPT)


def table_view(folder: Path, name: str, **fields: Any) -> CellView:
    """The widget of a table."""
    description = read_description((folder / f"{name}.yaml").read_text("utf-8"), name)
    caption = fields.pop("caption", "One sentence that says what the table shows.")
    return view_of("table", TableSession(Table(TableCell(name, caption, **fields), description, folder)))


class TablePage:
    """One page with some tables in it."""

    def __init__(self, browser: Browser, views: list[CellView], *, theme: str = "light", **context: Any) -> None:
        self._views = views
        self.errors: list[str] = []
        self.requests: list[str] = []
        self._context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | context)
        self.page: Page = self._context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.route("**/*", self._serve)
        self.page.expose_function("kernel", self._kernel)
        drawing.let_draw(self.page)
        self.page.goto(ADDRESS)
        self.page.wait_for_function("window.ready")
        self.page.evaluate(f"document.body.dataset.jpThemeLight = {json.dumps(str(theme == 'light').lower())}")
        for number, view in enumerate(views):
            self.page.evaluate(
                "async ([name, traits]) => void (await show(name, traits))", [number, drawing.traits(view)]
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._context.close()
        assert self.errors == []

    def card(self, number: int = 0) -> Locator:
        """One table with its controls."""
        return self.page.locator(".fg-table").nth(number)

    def _kernel(self, number: int, message: object) -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []
        view = self._views[number]
        view.send = lambda content, buffers=(): sent.append(content)
        view._handle_custom_msg(message, [])
        return sent

    def _serve(self, route: Route) -> None:
        self.requests.append(route.request.url)
        if drawing.serves_entry(route):
            return
        if route.request.url == ADDRESS:
            route.fulfill(body=PAGE, content_type="text/html")
        else:
            route.fulfill(status=404)
