"""A case in a plain page, with the real Python behind it: for tests and pictures that need no Jupyter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Self

import drawing
from playwright.sync_api import Browser, Locator, Page, Route
from sessions import view_of
from settling import SCRIPT, settle

from fieldguide.cases.reading import read_case
from fieldguide.cases.session import CaseSession
from fieldguide.player.ownrecord import OwnRecord

ADDRESS = "http://case.test/"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Case</title>
<meta name="viewport" content="width=device-width">
<style>body { margin: 0; padding: 1rem; background: light-dark(#fff, #111); color: light-dark(#000, #fff) }
[data-jp-theme-light="true"] { color-scheme: light } [data-jp-theme-light="false"] { color-scheme: dark }</style></head>
<body><main><h1>Module</h1><h2>Case</h2></main><script>SETTLING</script><script type="module">
DRAWING
const sent = (window.sent = []);
let end = null;
let place = null;
window.mode = "ok";
window.delay = 0;
window.show = async (traits) => {
  const listeners = new Set();
  const el = document.createElement("div");
  const model = {
    get: (trait) => traits[trait],
    on: (_, act) => listeners.add(act),
    off: (_, act) => listeners.delete(act),
    send: (message) => {
      if (window.mode === "closed") throw new Error("There is no kernel.");
      sent.push(message);
      if (window.mode === "dead") return;
      setTimeout(carry, window.delay, async () => {
        for (const answer of await window.kernel(message)) for (const act of [...listeners]) act(answer);
      });
    },
  };
  window.hear = (answer) => listeners.forEach((act) => act(answer));
  end?.();
  place?.remove();
  place = document.querySelector("main").appendChild(el);
  end = await draw(model, el);
};
window.ready = true;
</script></body></html>""".replace("SETTLING", SCRIPT).replace("DRAWING", drawing.SCRIPT)


class CasePage:
    """One page with one case in it. ``folder`` holds the record; without one it is the instructor's preview.

    ``edition`` is that of the notebook.
    """

    def __init__(
        self,
        browser: Browser,
        folder: Path | None,
        text: str,
        *,
        theme: str = "light",
        direction: str = "ltr",
        edition: str = "student",
        module: str = "02-m",
        **context: Any,
    ) -> None:
        case = read_case(text, "sample", stripped=True)
        self._case = case.by_itself() if edition == "open" else case
        self._folder = folder
        self._module = module
        self.errors: list[str] = []
        self._context = browser.new_context(**{"viewport": {"width": 800, "height": 900}} | context)
        self.page: Page = self._context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.route("**/*", self._serve)
        self.page.expose_function("kernel", self._kernel)
        drawing.let_draw(self.page, direction)
        self._theme, self._direction = theme, direction
        self.load()

    def load(self) -> None:
        """Load the page anew, with a new kernel behind it."""
        self.page.goto(ADDRESS)
        self.page.wait_for_function("window.ready")
        self.page.evaluate(f"document.documentElement.dir = {json.dumps(self._direction)}")
        self.page.evaluate(f"document.body.dataset.jpThemeLight = {json.dumps(str(self._theme == 'light').lower())}")
        self.run_again()

    def run_again(self, *, wait: bool = True) -> None:
        """Run the cell in a new kernel, in the same page."""
        record = OwnRecord(self._folder, self._module) if self._folder is not None else None
        self.playing = CaseSession(self._case, record, list(self._case.texts()))
        self.view = view_of("case", self.playing)
        self.page.evaluate("(traits) => show(traits)", drawing.traits(self.view))
        if wait:
            self.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._context.close()
        assert self.errors == []

    @property
    def card(self) -> Locator:
        """The whole case."""
        return self.page.locator(".fg-case")

    @property
    def decision(self) -> Locator:
        """The part in which one decides."""
        return self.page.locator(".fg-decision")

    def button(self, name: str) -> Locator:
        """The buttons of this name."""
        return self.card.get_by_role("button", name=name)

    def kernel_is(self, mode: str, delay: int = 0) -> None:
        """Let the kernel be ``ok``, ``dead`` (it never answers) or ``closed`` (nothing can be sent)."""
        self.page.evaluate("([mode, delay]) => Object.assign(window, { mode, delay })", [mode, delay])

    def sent(self, *kinds: str) -> list[dict[str, Any]]:
        """The messages of these kinds that the page has sent, without what numbers them."""
        found: list[dict[str, Any]] = self.page.evaluate("sent")
        return [{k: v for k, v in one.items() if k not in ("n", "v", "view")} for one in found if one["kind"] in kinds]

    def focused(self) -> str:
        """The text of what has the focus, or the value of an input."""
        script = "(({ value, textContent, type }) => (type === 'button' ? textContent : value || textContent))"
        return str(self.page.evaluate(f"{script}(document.activeElement)"))

    def wait(self, ms: int = 60) -> None:
        """Let messages go and come, and happen what is due within ``ms`` milliseconds."""
        settle(self.page, ms)

    def _kernel(self, message: object) -> list[dict[str, Any]]:
        answers: list[dict[str, Any]] = []
        self.view.send = lambda content, buffers=(): answers.append(content)
        self.view._handle_custom_msg(message, [])
        return answers

    def _serve(self, route: Route) -> None:
        if drawing.serves_entry(route):
            return
        if route.request.url == ADDRESS:
            route.fulfill(body=PAGE, content_type="text/html")
        else:
            route.abort()
