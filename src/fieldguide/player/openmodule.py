"""A module that is open in a kernel: its record, the questions in play, and how far the student is."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from fieldguide.items import Item
from fieldguide.player.assets import Assets
from fieldguide.player.certainty import Certainty, tally
from fieldguide.player.half import HALF, half_of
from fieldguide.player.head import Head
from fieldguide.player.ownrecord import OwnRecord, Submitted, submitted, told_of
from fieldguide.player.playing import Playing
from fieldguide.player.views import ItemView, ModuleView
from fieldguide.player.words import say
from fieldguide.responses import Snapshot


class OpenModule:
    """Makes the views of one notebook, and keeps its head up to date.

    The instructor's edition stands in source/, whose files overwrite every student's: there is no record for it.
    """

    def __init__(self, head: Head, folder: Path) -> None:
        self.head = head
        self.record = None if head.edition == "instructor" else OwnRecord(folder, head.id)
        if self.record is not None:
            self.record.remove_drafts()
            with contextlib.suppress(OSError):  # told when an answer is to be saved
                self.record.make_room()
        #: Texts of this notebook whose names a student may write, such as those of its cases.
        self.known: list[str] = []
        self._certainty = Certainty(self.record)
        self._in_play: dict[str, Playing] = {}
        self._views: dict[str, ItemView] = {}
        # What the views were last told of what was handed in.
        self._submitted: Submitted | None = None
        #: What its views are made with.
        self.assets = Assets()
        #: Looked up where it is needed: the half of the class that this student belongs to.
        self._half = half_of(self.record) if head.odd and self.record is not None else None
        self.header = ModuleView(head, self.assets, self.handle)

    def asks(self, item: Item) -> bool:
        """Whether this student is asked an item: of a check in two forms only one. A preview shows both."""
        return self._half is None or self.head.half(item.id) in (None, self._half)

    def show(self, item: Item) -> ItemView:
        """A view of an item; the latest of it is the one that is told what changes elsewhere."""
        playing = self._in_play[item.id] = Playing(item, self.record, self._certainty, self.known)

        def show_progress() -> None:
            if item.use == "check":
                self._keep_half(playing.now)
            self.header.send(self.progress(playing.now) | {"problem": None})

        half = self.head.half(item.id) if self.record is None else None
        view = ItemView(playing, self.assets, self.head.number(item.id), show_progress, half)
        self._views[item.id] = view
        return view

    def _keep_half(self, now: Snapshot) -> None:
        """Put the half on record with the first answer to a check: another account later does not change it."""
        if self.record is not None and self._half is not None and HALF not in now.settings:
            with contextlib.suppress(OSError):  # a next answer tries again
                self.record.set(HALF, self._half)

    def handle(self, message: object) -> dict[str, Any]:
        """What the head's view shows now, after doing what its message asks for."""
        now = self.record.snapshot() if self.record is not None else Snapshot()
        problem = None
        if isinstance(message, dict) and message.get("kind") == "certainty":
            try:
                now = self._certainty.turn(message.get("on") is True)
            except OSError as error:
                problem = say("problem_disk", reason=error.strerror or error)
            for view in self._views.values():
                view.send({"kind": "certainty", "on": self._certainty.on(now)})
        return self.progress(now) | {"problem": problem}

    def progress(self, now: Snapshot) -> dict[str, Any]:
        """How many graded questions are answered and which are not, what was handed in, and what was found wrong with
        the record."""
        total = len(self.head.graded)
        ids = [item_id for item_id in self.head.graded if not self._answered(item_id, now)]
        last = submitted(now)
        if last != self._submitted:
            self._submitted = last
            for item_id, view in self._views.items():
                view.send({"kind": "handed_in", "handed_in": told_of(now, item_id)})
        attempts = [attempt for playing in self._in_play.values() for attempt in playing.said_and_right(now)]
        return {
            "kind": "progress",
            "graded": {
                "total": total,
                "answered": total - len(ids),
                "unanswered": self._numbered(ids),
            },
            "handed_in": last
            and {
                "time": last.time,
                "changed": self._numbered([one for one in self.head.graded if not last.holds(now, one)]),
            },
            "certainty": {"on": self._certainty.on(now), "tally": tally(attempts)},
            "set_aside": list(self.record.problems) if self.record is not None else [],
        }

    def _numbered(self, ids: list[str]) -> list[dict[str, Any]]:
        return [{"id": item_id, "number": self.head.number(item_id)} for item_id in ids]

    def _answered(self, item_id: str, now: Snapshot) -> bool:
        playing = self._in_play.get(item_id)
        if playing is not None:
            return playing.response(now) is not None
        # Its cell has not run yet, so whether what is on record fits it is not known.
        return bool(now.of(item_id).saved or now.essay(item_id)[0])
