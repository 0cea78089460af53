"""A module that is open: its record, its items' sessions, and how far the student is. It is its head's session."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from fieldguide.items import Item
from fieldguide.player.certainty import Certainty, tally
from fieldguide.player.half import HALF, half_of
from fieldguide.player.head import Head
from fieldguide.player.itemsession import ItemSession
from fieldguide.player.ownrecord import OwnRecord, Submitted, submitted, told_of
from fieldguide.player.printed import Printed, printed_module
from fieldguide.player.session import Answer, News, why_not_kept
from fieldguide.responses import Snapshot


class OpenModule:
    """One module in use. ``cell`` is the id of its head.

    The instructor's edition stands in source/, whose files overwrite every student's: there is no record for it. Nor is
    there in a ``preview`` of the student's.
    """

    cell = page = "module"

    def __init__(self, head: Head, folder: Path, *, preview: bool = False) -> None:
        self.head = head
        self.record = None if preview or head.edition == "instructor" else OwnRecord(folder, head.id)
        if self.record is not None:
            self.record.remove_drafts()
            with contextlib.suppress(OSError):  # told when an answer is to be saved
                self.record.make_room()
        #: Texts of this notebook whose names a student may write, such as those of its cases.
        self.known: list[str] = []
        self._certainty = Certainty(self.record)
        self._sessions: dict[str, ItemSession] = {}
        # What views were last told of what was handed in.
        self._submitted: Submitted | None = None
        #: Looked up where it is needed: the half of the class that this student belongs to.
        self._half = half_of(self.record) if head.odd and self.record is not None else None

    @classmethod
    def open(cls, head: Head, _module: object = None) -> OpenModule:
        """The module of a head, with the record in the folder that is worked in."""
        return cls(head, Path.cwd())

    def asks(self, item: Item) -> bool:
        """Whether this student is asked an item: of a check in two forms only one. A preview shows both."""
        return self._half is None or self.head.half(item.id) in (None, self._half)

    def session_of(self, item: Item) -> ItemSession:
        """The session of an item, anew each time; the latest is the one that counts in the head."""

        def news(now: Snapshot) -> tuple[News, ...]:
            if item.use == "check":
                self._keep_half(now)
            return ((self.cell, self._progress(now) | {"problem": None}), *self._handed_in(now))

        session = self._sessions[item.id] = ItemSession(
            item,
            self.record,
            self._certainty,
            self.known,
            number=self.head.number(item.id),
            half=self.head.half(item.id) if self.record is None else None,
            news=news,
        )
        return session

    def public(self) -> dict[str, Any]:
        """What the page is told first of the head."""
        head = self.head
        return {
            "title": head.title,
            "number": int(head.id[:2]) if head.id[:2].isdigit() else None,
            "minutes": head.minutes,
            "objectives": list(head.objectives),
            "preview": self.record is None,
            "counts": {"practice": len(head.practice), "graded": len(head.graded), "check": len(head.check)},
        }

    def printed(self) -> Printed:
        """The head with how far the student is."""
        return printed_module(self.public(), self._progress(self._look())["graded"])

    def _look(self) -> Snapshot:
        """What is on record now."""
        return self.record.snapshot() if self.record is not None else Snapshot()

    def _keep_half(self, now: Snapshot) -> None:
        """Put the half on record with the first answer to a check: another account later does not change it."""
        if self.record is not None and self._half is not None and HALF not in now.settings:
            with contextlib.suppress(OSError):  # a next answer tries again
                self.record.set(HALF, self._half)

    def handle(self, message: object) -> Answer | None:
        """How far the student is, after doing what a message asks for."""
        now = self._look()
        problem = None
        news: tuple[News, ...] = ()
        if isinstance(message, dict) and message.get("kind") == "certainty":
            try:
                now = self._certainty.turn(message.get("on") is True)
            except OSError as error:
                problem = why_not_kept(error)
            told = {"kind": "certainty", "on": self._certainty.on(now)}
            news = tuple((item_id, told) for item_id in self._sessions)
        return Answer(self._progress(now) | {"problem": problem}, news=(*news, *self._handed_in(now)))

    def _handed_in(self, now: Snapshot) -> tuple[News, ...]:
        """What items are told of a submission, once, when it is new."""
        last = submitted(now)
        if last == self._submitted:
            return ()
        self._submitted = last
        return tuple((one, {"kind": "handed_in", "handed_in": told_of(now, one)}) for one in self._sessions)

    def _progress(self, now: Snapshot) -> dict[str, Any]:
        """How many graded questions are answered and which are not, what was handed in, and what was found wrong with
        the record."""
        total = len(self.head.graded)
        ids = [item_id for item_id in self.head.graded if not self._answered(item_id, now)]
        last = submitted(now)
        waited_for = self.head.graded or (*self.head.check, *self.head.odd)  # by somebody, in a submission
        attempts = [attempt for session in self._sessions.values() for attempt in session.said_and_right(now)]
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
                "changed": self._numbered([one for one in waited_for if not last.holds(now, one)]),
            },
            "certainty": {"on": self._certainty.on(now), "tally": tally(attempts)},
            "set_aside": list(self.record.problems) if self.record is not None else [],
        }

    def _numbered(self, ids: list[str]) -> list[dict[str, Any]]:
        head = self.head
        return [
            {"id": one, "number": head.number(one), "use": "graded" if one in head.graded else "check"} for one in ids
        ]

    def _answered(self, item_id: str, now: Snapshot) -> bool:
        session = self._sessions.get(item_id)
        if session is not None:
            return session.response(now) is not None
        # Its cell has not run yet, so whether what is on record fits it is not known.
        return bool(now.of(item_id).saved or now.essay(item_id)[0])
