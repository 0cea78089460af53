"""Draws widgets in a plain page, with the script, styles and words that they bring along."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from ipywidgets.widgets.widget import _instances
from playwright.sync_api import Page, Route

from fieldguide.notebook.widget import CellView
from fieldguide.player.parts import content, entry

#: To stand in the page's module. ``draw(model, el)`` promises what ends the view.
SCRIPT = """
const entry = (await import("/entry.js")).default;
const brought = new Map();
const widget_manager = {
  async get_model(id) {
    if (!brought.has(id)) {
      const { content = "", ...traits } = await window.bring(id);
      const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
      brought.set(id, { get: (name) => (name === "content" ? new DataView(bytes.buffer) : traits[name]) });
    }
    return brought.get(id);
  },
};
window.draw = (model, el) => entry.render({ model: Object.assign(model, { widget_manager }), el });
"""


def let_draw(page: Page, direction: str = "ltr") -> None:
    """Let the page ask for the widgets that views are made with."""

    def bring(model_id: str) -> dict[str, Any]:
        widget = _instances[model_id]
        if hasattr(widget, "loader"):
            return {"loader": widget.loader}
        part = json.loads(zlib.decompress(widget.content))
        if part["words"]:
            part["words"]["dir"] = direction
        return {"content": base64.b64encode(zlib.compress(json.dumps(part).encode())).decode()}

    page.expose_function("bring", bring)


def traits(view: CellView) -> dict[str, Any]:
    """What a view's model holds of a widget."""
    return {name: getattr(view, name) for name in ("kind", "info", "assets", "parts")}


def serves_entry(route: Route) -> bool:
    """Answer the page that asks for what each view brings along; whether it did."""
    if not route.request.url.endswith("/entry.js"):
        return False
    route.fulfill(body=entry(), content_type="text/javascript")
    return True


def words_of(*parts: str) -> dict[str, str]:
    """The words of these parts."""
    words: dict[str, str] = {}
    for part in parts:
        words |= content(part)["words"]
    return words
