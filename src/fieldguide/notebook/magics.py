"""The cell magics of a notebook, one for each kind of cell: ``%%module`` for its head, ``%%item`` for a question."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display

from fieldguide.cells.kind import Kind, named
from fieldguide.cells.kinds import HEAD, ITEM, KINDS, TABLE
from fieldguide.items import Essay, Item, ReadingError, score
from fieldguide.notebook.widget import Views
from fieldguide.player.head import Head
from fieldguide.player.openmodule import OpenModule
from fieldguide.player.session import CannotShowError
from fieldguide.responses import ResponseRecord
from fieldguide.words import Words, speak

say = Words("notebook").say

#: What stands in a cell whose item is the other half's; the styles take such a cell from the page.
_NOT_ASKED = {"text/html": '<div class="fg-not-asked"></div>', "text/plain": ""}


class Notebook:
    """One notebook in a kernel: which module it holds, and the views of its cells."""

    def __init__(self) -> None:
        self._head: Head | None = None
        self._module: OpenModule | None = None
        self._views: Views | None = None

    def run(self, kind: Kind[Any], _line: str, text: str) -> float | None:
        """Show a cell; or, where nbgrader executes the notebook, return the score of an item's response on record.

        Raises UsageError, IPython's way of telling a person something without a traceback.
        """
        try:
            return self._run(kind, text)
        except (ReadingError, CannotShowError) as error:
            raise UsageError(str(error)) from None

    def _run(self, kind: Kind[Any], text: str) -> float | None:
        asked = kind.read_edition(text, "this notebook's head" if kind is HEAD else "this cell", 2)
        if kind is HEAD:
            self._head = asked
            speak(asked.lang)
        if mode := by_nbgrader():
            return self._score(asked) if kind is ITEM and mode == "autograde" else None
        if self._module is None and kind not in (HEAD, TABLE):
            raise CannotShowError(say("start_at_top"))
        session = named(kind.session).open(asked, self._module)
        if kind is HEAD:
            self._module = session
        # Another page of this kernel may lack what the first got: so everything is sent anew with the head.
        if kind is HEAD or self._views is None:
            self._views = Views()
        if session is None:
            display(_NOT_ASKED, raw=True)
        else:
            display(self._views.show(kind.name, session))
        return None

    def _score(self, item: Item) -> float | None:
        if self._head is None or item.use != "graded" or isinstance(item, Essay):
            return None
        return score(item, ResponseRecord(Path.cwd(), self._head.id).of(item.id).saved).score


def by_nbgrader() -> str | None:
    """``autograde`` or ``validate`` while nbgrader runs the notebook: then nothing is shown and nothing written."""
    return os.environ.get("NBGRADER_EXECUTION")


def register(shell: InteractiveShell) -> None:
    """Give a shell the magics of all kinds of cell."""
    notebook = Notebook()
    for kind in KINDS:
        shell.register_magic_function(partial(notebook.run, kind), "cell", kind.name)
