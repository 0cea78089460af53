"""The player in a plain page, with the real Python behind it: for tests and pictures that need no Jupyter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Self

import drawing
from playwright.sync_api import Browser, Locator, Page, Route
from settling import SCRIPT, settle

from fieldguide.items import read_item
from fieldguide.notebook.widget import CellView, Views
from fieldguide.player.head import Head
from fieldguide.player.openmodule import OpenModule

ADDRESS = "http://player.test/"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Player</title>
<meta name="viewport" content="width=device-width">
<style>body { margin: 0; padding: 1rem; background: light-dark(#fff, #111) }
[data-jp-theme-light="true"] { color-scheme: light } [data-jp-theme-light="false"] { color-scheme: dark }</style></head>
<body><main></main><script>SETTLING</script><script type="module">
DRAWING
const models = (window.models = {});
class Model {
  constructor(id, traits) {
    Object.assign(this, { id, traits, sent: [], mode: "ok", delay: 0, listeners: new Set() });
  }
  get(name) { return this.traits[name]; }
  on(_, act) { this.listeners.add(act); }
  off(_, act) { this.listeners.delete(act); }
  emit(content) { for (const act of [...this.listeners]) act(content); }
  send(message) {
    if (this.mode === "closed") throw new Error("There is no kernel.");
    this.sent.push(message);
    if (this.mode === "dead") return;
    setTimeout(carry, this.delay, async () => {
      for (const { to, content } of await window.kernel(this.id, message)) models[to].emit(content);
    });
  }
}
window.show = async (id, traits) => {
  const el = document.createElement("div");
  const old = models[id];
  if (old) old.end();
  if (old) old.el.replaceWith(el);
  else document.querySelector("main").append(el);
  const model = (models[id] = new Model(id, traits));
  model.el = el;
  model.end = await draw(model, el);
};
window.ready = true;
</script></body></html>""".replace("SETTLING", SCRIPT).replace("DRAWING", drawing.SCRIPT)

HEAD: dict[str, Any] = {
    "id": "05-m",
    "edition": "student",
    "title": "Questions for the classroom",
    "minutes": 45,
    "objectives": ("Say which facts point to one person.", "Ask a question that your field instructor can answer."),
}


class PlayerPage:
    """One page with one module in it, and the kernel's side of that module in this process."""

    def __init__(
        self,
        browser: Browser,
        folder: Path,
        *,
        theme: str = "light",
        direction: str = "ltr",
        edition: str = "student",
        items: tuple[str, ...] = (),
        **context: Any,
    ) -> None:
        self._items = [read_item(text, "sample", stripped=True) for text in items]
        uses = ("practice", "graded", "check")
        ids = {use: tuple(item.id for item in self._items if item.use == use) for use in uses}
        self._head, self._folder = Head(**HEAD | {"edition": edition}, **ids), folder
        self._views: dict[str, CellView] = {}
        self._outbox: list[dict[str, Any]] = []
        self.errors: list[str] = []
        self._context = browser.new_context(**{"viewport": {"width": 800, "height": 900}} | context)
        self.page: Page = self._context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.route("**/*", _serve)
        self.page.expose_function("kernel", self._kernel)
        drawing.let_draw(self.page, direction)
        self.page.goto(ADDRESS)
        self.page.wait_for_function("window.ready")
        self.page.evaluate(f"document.body.dataset.jpThemeLight = {json.dumps(str(theme == 'light').lower())}")
        self.page.evaluate(f"document.documentElement.dir = {json.dumps(direction)}")
        self.run_again()

    def run_again(self) -> None:
        """Run all cells, in a new kernel."""
        module, views = OpenModule(self._head, self._folder), Views()
        self._show("head", views.show("module", module))
        for item in self._items:
            self._show(item.id, views.show("item", module.session_of(item)))
        self.wait()

    def come_back(self) -> None:
        """Come back to the page from another."""
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._context.close()
        assert self.errors == []

    def card(self, item_id: str) -> Locator:
        """The card of an item."""
        return self.page.locator(f"#fg-{item_id}")

    def head(self) -> Locator:
        """The head of the module."""
        return self.page.locator(".fg-module")

    def says(self, item_id: str) -> str:
        """What the status of an item says, in one line."""
        return " ".join(
            self.card(item_id).locator(".fg-body > [role=status], .fg-state [role=status]").inner_text().split()
        )

    def sent(self, item_id: str, kind: str) -> list[Any]:
        """The responses that an item's view has sent with messages of one kind."""
        script = "([id, kind]) => models[id].sent.filter((one) => one.kind === kind).map((one) => one.response ?? null)"
        return list(self.page.evaluate(script, [item_id, kind]))

    def kernel_is(self, mode: str, delay: int = 0) -> None:
        """Let the kernel be ``ok``, ``dead`` (it never answers) or ``closed`` (nothing can be sent)."""
        script = "([mode, delay]) => Object.values(models).forEach((model) => Object.assign(model, { mode, delay }))"
        self.page.evaluate(script, [mode, delay])

    def focused(self) -> str:
        """The accessible text of what has the focus."""
        script = "(({ value, ariaLabel, textContent, type }) => ariaLabel ?? (type === 'button' ? textContent : value))"
        return str(self.page.evaluate(f"{script}(document.activeElement)"))

    def wait(self, ms: int = 60) -> None:
        """Let messages go and come, and happen what is due within ``ms`` milliseconds."""
        settle(self.page, ms)

    def _show(self, name: str, view: CellView) -> None:
        view.send = lambda content, buffers=(): self._outbox.append({"to": name, "content": content})
        self._views[name] = view
        self.page.evaluate("([id, traits]) => show(id, traits)", [name, drawing.traits(view)])

    def _kernel(self, name: str, message: object) -> list[dict[str, Any]]:
        self._outbox.clear()
        self._views[name]._handle_custom_msg(message, [])
        return list(self._outbox)


def _serve(route: Route) -> None:
    if drawing.serves_entry(route):
        return
    if route.request.url == ADDRESS:
        route.fulfill(body=PAGE, content_type="text/html")
    else:
        route.abort()
