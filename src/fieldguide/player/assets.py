"""Script, styles and words of the player, which cross to the browser once a notebook, not once an item."""

from __future__ import annotations

import re

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
    source = (STATIC / "player.css").read_text(encoding="utf-8")
    bare = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    tight = re.sub(r"\s*([{};,]|(?<=\S):(?=\s))\s*", r"\1", bare).replace(";}", "}")
    return re.sub(r"(?<=[ :,(])0\.", ".", tight).strip()


def loader() -> str:
    """The few lines that each view brings along, and that fetch the rest."""
    return _lean((STATIC / "loader.js").read_text(encoding="utf-8"))


def _lean(source: str) -> str:
    """A script without its comments, indentation and most line breaks: those are for readers here.

    A comment stands in a line of its own, or behind a blank; so does nothing else that has two slashes.
    """
    bare = re.sub(r"(^|[ \t])//( .*)?$", "", source, flags=re.MULTILINE)
    return re.sub(r"([;{,(])\n", r"\1", re.sub(r"\n\s*", "\n", bare)).strip() + "\n"
