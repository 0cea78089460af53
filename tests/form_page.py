"""Forms in a plain page, with the real Python behind them: for tests and pictures that need no Jupyter."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any, Self

import drawing
from playwright.sync_api import Browser, Locator, Page, Route
from settling import SCRIPT, settle

from fieldguide.notebook.widget import CellView

ADDRESS = "http://form.test/"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A form</title>
<meta name="viewport" content="width=device-width">
<style>body { margin: 0; padding: 1rem; background: light-dark(#fff, #111); color: light-dark(#000, #fff) }
[data-jp-theme-light="true"] { color-scheme: light } [data-jp-theme-light="false"] { color-scheme: dark }</style></head>
<body><main><h1>Module</h1><h2>Part</h2></main><script>SETTLING</script><script type="module">
DRAWING
const listeners = new Set();
const hear = (window.hear = (content, buffers) => [...listeners].forEach((act) => act(content, buffers)));
const model = (window.model = {
  sent: [],
  mode: "ok",
  delay: 0,
  get: (trait) => window.traits[trait],
  on: (_, act) => listeners.add(act),
  off: (_, act) => listeners.delete(act),
  send(message) {
    if (this.mode === "closed") throw new Error("There is no kernel.");
    this.sent.push(message);
    if (this.mode === "dead") return;
    setTimeout(carry, this.delay, async () => {
      for (const [content, bytes] of await window.kernel(message)) {
        const buffers = bytes.map((text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer));
        hear(content, buffers);
      }
    });
  },
});
const place = document.querySelector("main").appendChild(document.createElement("div"));
window.show = async (traits) => {
  window.end?.();
  place.replaceChildren();
  window.traits = traits;
  window.end = await draw(model, place);
};
window.ready = true;
</script></body></html>""".replace("SETTLING", SCRIPT).replace("DRAWING", drawing.SCRIPT)


class FormPage:
    """One page with one form in it; ``make`` gives the widget, anew for each kernel."""

    def __init__(
        self,
        browser: Browser,
        make: Callable[[], CellView],
        *,
        theme: str = "light",
        direction: str = "ltr",
        **context: Any,
    ) -> None:
        self._make = make
        self.errors: list[str] = []
        self.requests: list[str] = []
        self._context = browser.new_context(**{"viewport": {"width": 800, "height": 900}} | context)
        self.page: Page = self._context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.view = make()
        self.page.route("**/*", self._serve)
        self.page.expose_function("kernel", self._kernel)
        drawing.let_draw(self.page, direction)
        self.page.goto(ADDRESS)
        self.page.wait_for_function("window.ready")
        self.page.evaluate(f"document.body.dataset.jpThemeLight = {json.dumps(str(theme == 'light').lower())}")
        self.page.evaluate(f"document.documentElement.dir = {json.dumps(direction)}")
        self._show()
        self.wait()

    def run_again(self, *, wait: bool = True) -> None:
        """Run the cell in a new kernel."""
        self.view = self._make()
        self._show()
        if wait:
            self.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._context.close()
        assert self.errors == []

    @property
    def card(self) -> Locator:
        """The form."""
        return self.page.locator(".fg-form")

    def says(self) -> str:
        """What the form's line is read out as."""
        return self.card.locator(".fg-body > .fg-foot [role=status]").inner_text()

    def sent(self, kind: str) -> list[dict[str, Any]]:
        """The messages of one kind that the page has sent."""
        return list(self.page.evaluate("(kind) => model.sent.filter((one) => one.kind === kind)", kind))

    def kernel_is(self, mode: str, delay: int = 0) -> None:
        """Let the kernel be ``ok``, ``dead`` (it never answers) or ``closed`` (nothing can be sent)."""
        self.page.evaluate("([mode, delay]) => Object.assign(model, { mode, delay })", [mode, delay])

    def focused(self) -> str:
        """What has the focus: its value, or its text where it is a button."""
        script = "(({ value, textContent, type }) => (type === 'submit' || type === 'button' ? textContent : value))"
        return str(self.page.evaluate(f"{script}(document.activeElement)"))

    def wait(self, ms: int = 60) -> None:
        """Let messages go and come, and happen what is due within ``ms`` milliseconds."""
        settle(self.page, ms)

    def _show(self) -> None:
        self.page.evaluate("(traits) => show(traits)", drawing.traits(self.view))

    def _kernel(self, message: object) -> list[Any]:
        sent: list[Any] = []
        self.view.send = lambda content, buffers=(): sent.append(
            [content, [base64.b64encode(one).decode() for one in buffers]]
        )
        self.view._handle_custom_msg(message, [])
        return sent

    def _serve(self, route: Route) -> None:
        self.requests.append(route.request.url)
        if drawing.serves_entry(route):
            return
        if route.request.url == ADDRESS:
            route.fulfill(body=PAGE, content_type="text/html")
        else:
            route.abort()
