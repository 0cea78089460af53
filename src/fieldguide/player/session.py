"""What a student can do with a cell, apart from how it is shown.

A session hears what a view says and answers it. Two hosts can show it: the widget of a cell in a kernel, and a server's
page without one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from fieldguide.player.printed import Printed
from fieldguide.player.words import say
from fieldguide.responses import ResponseRecord, Snapshot

#: The version of what views and sessions say to each other (``types/protocol.d.ts``): a page may be an older one.
VERSION = 1
#: What views of another cell are told: the id of the cell, and the message.
News = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a session says to the view that asked, with the bytes that go along; ``news`` is for views of other cells.

    The host delivers all of it: the answer with the ``view`` and ``n`` of what it answers, and then the news.
    """

    message: dict[str, Any]
    buffers: tuple[bytes, ...] = ()
    news: tuple[News, ...] = ()


def addressed(answer: Answer, message: object) -> dict[str, Any]:
    """The answer to a message, with what it answers: several views hear it, and each takes the answers to its own."""
    asked = message if isinstance(message, dict) else {}
    return answer.message | {"v": VERSION, "view": asked.get("view"), "n": asked.get("n")}


def of_another_version(message: object) -> Answer | None:
    """What answers a page of another version: nothing is done of what it says, and the page keeps it."""
    if not isinstance(message, dict) or message.get("v", VERSION) == VERSION:
        return None
    return another_version()


def another_version() -> Answer:
    """What a page is told that asks what this version does not know."""
    return Answer({"kind": "version", "problem": say("other_version")})


class Session(Protocol):
    """What a student can do with one cell. Every answer about what is on record is the whole state, so that a view can
    be rebuilt from any single answer. Without a record (the instructor's preview) everything stays in memory."""

    @property
    def cell(self) -> str:
        """The id of the cell, by which its views hear news."""

    @property
    def page(self) -> str:
        """What its view is made with: a name in ``parts.PARTS_OF``."""

    def handle(self, message: object) -> Answer | None:
        """The answer to a message of a view; None for one that is not of its making."""

    def public(self) -> dict[str, Any]:
        """What the page is told first, in JSON's types: nothing of what a student did, and nothing that comes later."""

    def printed(self) -> Printed:
        """What stands where no script runs, as of now."""


class CannotShowError(Exception):
    """Why a cell cannot be shown, in words for people."""


class OnRecord:
    """What all sessions on a record do alike. ``known`` are texts whose names a student may write; they may become more
    while the cell is open."""

    def __init__(self, record: ResponseRecord | None, known: Sequence[str] = ()) -> None:
        self.record = record
        #: What was on record when it was last looked: once for each message.
        self.now = Snapshot()
        self._known = known

    def look(self) -> None:
        """Look at what is on record now."""
        if self.record is not None:
            self.now = self.record.snapshot()

    def review(self, message: object, *own: str) -> Answer | None:
        """What in the text of a message may identify somebody; ``own`` are the cell's texts."""
        from fieldguide.pause import answer  # its patterns and lists are read when a text is reviewed

        told = answer(message, [*own, *self._known])
        return None if told is None else Answer(told)


def why_not_kept(error: ValueError | OSError) -> str:
    """Why something was not kept, in words for people: the disk refuses it, or it is of another form."""
    if isinstance(error, OSError):
        return say("problem_disk", reason=error.strerror or error)
    return say("problem_form", reason=error)


def is_written(text: object) -> bool:
    """Whether a text that a view sent holds anything."""
    return isinstance(text, str) and bool(text.strip())
