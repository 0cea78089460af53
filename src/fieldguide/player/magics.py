"""The cell magics of a notebook: ``%%module`` for its head and ``%%item`` for each question."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, cell_magic, magics_class
from IPython.display import display

from fieldguide.items import Essay, Item, ReadingError, read_item, score
from fieldguide.player.assets import Assets
from fieldguide.player.head import Head, read_head
from fieldguide.player.openmodule import OpenModule
from fieldguide.player.words import say
from fieldguide.responses import ResponseRecord
from fieldguide.words import speak

#: What stands in a cell whose item is the other half's; the styles take such a cell from the page.
_NOT_ASKED = {"text/html": '<div class="fg-not-asked"></div>', "text/plain": ""}


@magics_class
class PlayerMagics(Magics):  # type: ignore[misc]
    """The notebook's side of the player: which module it holds, and what is open of it."""

    _head: Head | None = None
    _open: OpenModule | None = None

    @cell_magic  # type: ignore[untyped-decorator]
    def module(self, line: str, cell: str) -> None:
        """Open the module of this notebook, and show its head."""
        self._head = read_cell(lambda: read_head(cell, "this notebook's head"))
        speak(self._head.lang)
        if by_nbgrader():
            return
        self._open = OpenModule(self._head, Path.cwd())
        display(self._open.header)

    @cell_magic  # type: ignore[untyped-decorator]
    def item(self, line: str, cell: str) -> float | None:
        """Show an item; or, where nbgrader executes the notebook, return the score of the response on record."""
        item = read_cell(lambda: read_item(cell, "this cell", first_line=2, stripped=True))
        mode = by_nbgrader()
        if mode:
            return _score(item, self._head) if mode == "autograde" and self._head is not None else None
        module = self.open_module()
        if module.asks(item):
            display(module.show(item))
        else:
            display(_NOT_ASKED, raw=True)
        return None

    def open_module(self) -> OpenModule:
        """The module that this notebook has open. Raises UsageError, with what to do, where none is."""
        if self._open is None:
            raise UsageError(say("start_at_top"))
        return self._open

    def assets(self) -> Assets:
        """What the views of this notebook are made with; what needs no module may stand before any is open."""
        return self._open.assets if self._open is not None else Assets()


class ModuleMagics(Magics):  # type: ignore[misc]
    """Magics of other cells of the notebook, which show them in the module that the player has open."""

    def __init__(self, shell: InteractiveShell, player: PlayerMagics) -> None:
        super().__init__(shell)
        self._player = player


def _score(item: Item, head: Head) -> float | None:
    if item.use != "graded" or isinstance(item, Essay):
        return None
    return score(item, ResponseRecord(Path.cwd(), head.id).of(item.id).saved).score


def by_nbgrader() -> str | None:
    """``autograde`` or ``validate`` while nbgrader runs the notebook: then nothing is shown and nothing written."""
    return os.environ.get("NBGRADER_EXECUTION")


T = TypeVar("T")


def read_cell(reading: Callable[[], T]) -> T:
    """Read, and turn what is wrong into IPython's way of telling a person: a message without a traceback."""
    try:
        return reading()
    except ReadingError as error:
        raise UsageError(str(error)) from None
