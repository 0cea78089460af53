"""Script, styles and words of the player, which cross to the browser once a notebook, not once an item."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ipywidgets
import traitlets

from fieldguide.player.words import STATIC, words

#: The parts of the script, in the order in which they are put together.
PARTS = ("page.js", "channel.js", "controls.js", "feedback.js", "compare.js", "item.js", "module.js")


class Assets(ipywidgets.Widget):  # type: ignore[misc]
    """A widget without a view, which every view of the notebook asks for what it needs."""

    script = traitlets.Unicode().tag(sync=True)
    styles = traitlets.Unicode().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(self) -> None:
        super().__init__(script=script(), styles=styles(), words=words())
        #: One for all views: each would bring its own, and with it a second message to the page.
        self.layout = ipywidgets.Layout()


def script() -> str:
    """The player's script, one module."""
    return "".join(built(STATIC / part) for part in PARTS)


def styles() -> str:
    """The player's styles."""
    return built(STATIC / "player.css")


def loader() -> str:
    """The few lines that each view brings along, and that fetch the rest."""
    return built(STATIC / "loader.js")


def built(source: Path) -> str:
    """A script or styles as they cross to a page: small, as ``./run scripts`` makes them of their source."""
    return (source.parent / "built" / source.name).read_text(encoding="utf-8")


def part(message: object) -> dict[str, Any] | None:
    """What answers a view that asks for a part which a page gets only when it is used: so far, what reviews a text."""
    if not isinstance(message, dict) or (message.get("kind"), message.get("name")) != ("part", "review"):
        return None
    from fieldguide.pause import assets as pause  # read when used, as in the page

    return {
        "kind": "part",
        "name": "review",
        "script": "".join((built(STATIC / "page.js"), pause.script(), pause.door())),
        "styles": pause.styles(),
        "words": pause.words(),
    }
