"""The cell magics of a notebook: ``%%module`` for its head and ``%%item`` for each question."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, magics_class
from IPython.display import display

from fieldguide.items import Essay, Item, ReadingError, read_item, score
from fieldguide.player.head import Head, read_head
from fieldguide.player.playing import Playing
from fieldguide.player.views import Assets, ItemView, ModuleView
from fieldguide.responses import ResponseRecord


@magics_class
class PlayerMagics(Magics):  # type: ignore[misc]
    """The notebook's side of the player: which module is open, where its record is, what is in play."""

    _head: Head | None = None
    _record: ResponseRecord | None = None
    _assets: Assets | None = None
    _header: ModuleView | None = None

    @cell_magic  # type: ignore[untyped-decorator]
    def module(self, line: str, cell: str) -> None:
        """Open the module of this notebook, and show its head."""
        head = _read(lambda: read_head(cell, "this notebook's head"))
        self._head = head
        self._record = ResponseRecord(Path.cwd(), head.id)
        if _by_nbgrader():
            return
        if head.edition != "instructor":
            self._record.remove_drafts()
        self._assets = Assets()
        self._header = ModuleView(head, self._assets, self._unanswered)
        display(self._header)

    @cell_magic  # type: ignore[untyped-decorator]
    def item(self, line: str, cell: str) -> float | None:
        """Show an item; or, where nbgrader executes the notebook, return the score of the response on record."""
        item = _read(lambda: read_item(cell, "this cell", first_line=2, stripped=True))
        if self._head is None or self._record is None:
            raise UsageError("Start at the top of this notebook: choose Run, then Run All Cells.")
        mode = _by_nbgrader()
        if mode == "autograde":
            return self._score(item)
        if mode or self._assets is None:
            return None
        # The instructor's edition stands in source/, whose files overwrite every student's: nothing is written there.
        record = None if self._head.edition == "instructor" else self._record
        display(ItemView(Playing(item, record), self._assets, self._head.number(item.id), self._show_progress))
        return None

    def _score(self, item: Item) -> float | None:
        if item.use != "graded" or isinstance(item, Essay):
            return None
        assert self._record is not None
        return score(item, self._record.of(item.id).saved).score

    def _unanswered(self) -> list[str]:
        assert self._head is not None and self._record is not None
        if self._head.edition == "instructor":
            return list(self._head.graded)
        return [
            item_id
            for item_id in self._head.graded
            if not self._record.of(item_id).saved and not self._record.essay(item_id)[0]
        ]

    def _show_progress(self) -> None:
        if self._header is not None:
            self._header.show_progress()


def _by_nbgrader() -> str | None:
    """``autograde`` or ``validate`` while nbgrader runs the notebook: then nothing is shown and nothing written."""
    return os.environ.get("NBGRADER_EXECUTION")


T = TypeVar("T")


def _read(reading: Callable[[], T]) -> T:
    """Read, and turn what is wrong into IPython's way of telling a person: a message without a traceback."""
    try:
        return reading()
    except ReadingError as error:
        raise UsageError(str(error)) from None
