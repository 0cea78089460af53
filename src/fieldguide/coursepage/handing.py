"""Handing in from the page: what is not answered yet, one button, and a receipt."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jupyter_server.auth.decorator import authorized
from tornado import web

from fieldguide.cells.kinds import ITEM
from fieldguide.coursepage.course import read_time
from fieldguide.coursepage.exchange import ExchangeTroubleError
from fieldguide.coursepage.handlers import PageHandler, RefusedError
from fieldguide.coursepage.hosting import OpenNotebook
from fieldguide.coursepage.reading import Live, NoModuleError
from fieldguide.items import ReadingError
from fieldguide.player.ownrecord import OwnRecord, submitted
from fieldguide.player.receipt import Receipt, receipt, receipts_in
from fieldguide.player.words import say as say_of_player
from fieldguide.words import Words, speaking

_WORDS = Words("handing")
say, count = _WORDS.say, _WORDS.count


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the module by its id, and what it is called on the module's page."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a module stands before it is handed in, or after."""

    unanswered: tuple[Question, ...]
    changed: tuple[Question, ...]
    asked: int
    receipt: Receipt | None
    receipts: tuple[str, ...]


def standing(opened: OpenNotebook) -> Standing:
    """What of a module is not answered, what changed since it was handed in, and its receipts.

    Only questions for which somebody waits: those that are graded, and those of a check.
    """
    head, folder = opened.notebook.head, opened.path.parent
    asked = [part for part in opened.notebook.parts if isinstance(part, Live) and _waits(opened, part)]
    cells = opened.first()["cells"]
    now = OwnRecord(folder, head.id).snapshot()
    last, paper = submitted(now), receipt(now)
    if paper is not None:
        with contextlib.suppress(OSError):  # it is on record, and the page shows it
            paper.write(folder, head.title, head.id)
    return Standing(
        tuple(_question(opened, part) for part in asked if cells[part.id]["opened"]["response"] is None),
        tuple(_question(opened, part) for part in asked if last and not last.holds(now, part.asked.id)),
        len(asked),
        paper,
        tuple(receipts_in(folder)),
    )


def _waits(opened: OpenNotebook, part: Live) -> bool:
    return part.kind is ITEM and part.asked.use != "practice" and opened.shows(part.id)


def _question(opened: OpenNotebook, part: Live) -> Question:
    item = part.asked
    name = say_of_player("heading", use=say_of_player(item.use), number=opened.notebook.head.number(item.id))
    return Question(item.id, name)


class HandIn(PageHandler):
    """``GET hand-in/<path>``: the page. ``POST``: hand in, and then the page with the receipt."""

    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:
        file = self.own_module(path)
        if file is not None:
            await self._show(path, file)

    @web.authenticated
    @authorized
    async def post(self, path: str) -> None:
        file = self.own_module(path)
        if file is None:
            return
        listed = self.listed(file)
        # What handing in puts on record is the student's own, also where the module was never opened.
        self.course.policy.remember(file)
        try:
            await self.course.exchange.submit(file.parent.name, listed.course if listed else "")
        except ExchangeTroubleError as trouble:
            self.set_status(503)
            await self._show(path, file, trouble)
            return
        self.redirect(f"{self.address('hand-in', path)}?handed-in", status=303)

    async def _show(self, path: str, file: Path, trouble: ExchangeTroubleError | None = None) -> None:
        def look() -> tuple[OpenNotebook, Standing]:
            opened = self.course.hosts.of(file)
            with speaking(opened.lang):
                return opened, standing(opened)

        try:
            opened, stands = await self.elsewhere(look)
        except (NoModuleError, ReadingError) as error:
            with speaking(self.language):
                raise RefusedError(422, str(error)) from None
        listed = self.listed(file)
        due = listed.due if listed else None
        with speaking(opened.lang):
            self.show(
                "handing.html",
                path=path,
                card=lambda name: self.card(path, name),
                head=opened.notebook.head,
                stands=stands,
                done=self.get_query_argument("handed-in", None) is not None and stands.receipt is not None,
                due=due,
                # Said before anybody tries; the button stays, as what was seen last may be old.
                withdrawn=Words("exchange").say("withdrawn") if listed and not listed.released else None,
                for_you=listed is not None and listed.for_you,
                late=due is not None and read_time(due) < datetime.now(UTC).replace(tzinfo=None),
                was_late=due is not None
                and stands.receipt is not None
                and read_time(stands.receipt.time) > read_time(due),
                problem=trouble and trouble.sentence,
                files=self.files_of(file.parent),
                told=say,
                counted=count,
            )
