"""Script, styles and words of the player, which cross to the browser once a notebook, not once an item."""

from __future__ import annotations

import re
from typing import Any

import ipywidgets
import traitlets

from fieldguide.player.words import STATIC, words

#: The parts of the script, in the order in which they are put together.
PARTS = ("page.js", "controls.js", "feedback.js", "item.js", "module.js")


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
    return _lean("\n".join((STATIC / part).read_text(encoding="utf-8") for part in PARTS))


def styles() -> str:
    """The player's styles."""
    return _tight((STATIC / "player.css").read_text(encoding="utf-8"))


def loader() -> str:
    """The few lines that each view brings along, and that fetch the rest."""
    return _lean((STATIC / "loader.js").read_text(encoding="utf-8"))


def part(message: object) -> dict[str, Any] | None:
    """What answers a view that asks for a part which a page gets only when it is used: so far, what reviews a text."""
    if message != {"kind": "part", "name": "review"}:
        return None
    from fieldguide.pause import assets as pause  # read when used, as in the page

    sources = ((STATIC / "page.js").read_text(encoding="utf-8"), pause.script(), pause.door())
    return {
        "kind": "part",
        "name": "review",
        "script": _lean("\n".join(sources)),
        "styles": _tight(pause.styles()),
        "words": pause.words(),
    }


def _tight(source: str) -> str:
    """Styles without what is there for readers."""
    bare = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    tight = re.sub(r"\s*([{};,]|(?<=\S):(?=\s))\s*", r"\1", bare).replace(";}", "}")
    return re.sub(r"(?<=[ :,(])0\.", ".", tight).strip()


def _lean(source: str) -> str:
    """A script without its comments, indentation, most line breaks and many blanks: those are for readers here.

    A comment stands in a line of its own, or behind a blank; so does nothing else that has two slashes. No string of
    ours has a blank beside an equals sign or inside a brace: texts are in the words files.
    """
    bare = re.sub(r"(^|[ \t])//( .*)?$", "", source, flags=re.MULTILINE)
    joined = re.sub(r"([;{,(])\n", r"\1", re.sub(r"\n\s*", "\n", bare))
    return re.sub(r" ?(\{|=+>?) ?| (?=\})", r"\1", joined).strip() + "\n"
