"""Voting in class: the page of a vote, and what tells other pages that there is one.

The service of the hub holds the votes (``live``); the student's own choice goes on their own record as any other.
"""

from __future__ import annotations

from typing import Any, NoReturn

from jupyter_server.auth.decorator import authorized
from tornado import web

from fieldguide.coursepage.handlers import DataHandler, InCourse, PageHandler, RefusedError
from fieldguide.coursepage.hosting import OpenNotebook
from fieldguide.coursepage.own import notebooks_of
from fieldguide.coursepage.reading import NoModuleError
from fieldguide.coursepage.votes import Vote, say
from fieldguide.items import ReadingError
from fieldguide.live.client import LiveError, LiveVotes
from fieldguide.words import ENGLISH, Words, speaking

#: The status that answers each trouble.
_STATUS = {
    "no_room": 404,
    "not_allowed": 403,
    "vote_closed": 409,
    "no_option": 409,
    "replaced": 409,
    "unreachable": 503,
}


#: What the script of the page says.
SCRIPT = ("choose_first", "sending", "away", "away_looking", "login")


class AtVote(InCourse):
    """What the handlers of votes share."""

    @property
    def votes(self) -> LiveVotes:
        """The service. Raises 404 where this server has none."""
        if self.course.live is None:
            self.refuse("no_live")
        return self.course.live

    def refuse(self, why: str) -> NoReturn:
        """Raise what tells why something is not done."""
        with speaking(self.language):
            raise RefusedError(_STATUS.get(why, 404), say(why))

    async def vote_at(self, code: str) -> Vote:
        """How a vote stands. Raises as ``refuse`` does."""
        try:
            return Vote(await self.votes.room(code))
        except LiveError as error:
            self.refuse(error.why)

    async def take(self, code: str, round_number: int, option: str, number: int) -> tuple[Vote, str | None]:
        """Have a choice counted, and put it on the student's own record; with a problem of the latter, in words."""
        vote = Vote(await self.votes.vote(code, round_number, option, number))
        page = f"live-{vote.code}-{round_number}"
        problem = await self.elsewhere(lambda: self._keep(vote.question, option, page, number))
        return vote, problem

    def _keep(self, question: dict[str, Any], option: str, page: str, number: int) -> str | None:
        """Put a choice on record where the student has the module, as its page would."""
        for path in notebooks_of(self.root, question["module"]):
            try:
                if self.course.policy.refusal(path) is None:
                    self.course.policy.remember(path)
                    return keep_choice(self.course.hosts.of(path), question, option, page, number)
            except (OSError, NoModuleError, ReadingError):  # the module's own page tells what is wrong with it
                continue
        return None

    def told_of(self, vote: Vote) -> dict[str, Any]:
        """What the page is made with, in the language that is spoken."""
        return {"vote": vote, "words": say, "counted": Words("live").count, "figured": True}


def keep_choice(opened: OpenNotebook, question: dict[str, Any], option: str, page: str, number: int) -> str | None:
    """Put a choice on the record of a module, as a view of its cell would; returns a problem, in words.

    A practice question has one more try. Of a case a choice is on record where the student has come to this scene, or
    has just gone on from it; elsewhere the vote is no part of their own path. The same ``number`` is kept once.
    """
    cell = opened.cell_of(question["cell"])
    if cell is None:
        return None
    if not question["scene"]:
        return _told(opened.say(page, cell, {"kind": "check", "response": [option], "n": number})).get("problem")
    steps = _told(opened.say(page, cell, {"kind": "open"})).get("steps", [])
    chosen = {"kind": "choose", "scene": question["scene"], "option": option, "n": number}
    if steps and steps[-1]["scene"] == question["scene"] and steps[-1]["choice"] != question["options"][option]:
        opened.say(page, cell, {"kind": "back", "to": len(steps) - 1})
    return _told(opened.say(page, cell, chosen)).get("problem")


def _told(told: list[dict[str, Any]]) -> dict[str, Any]:
    return (told[0]["message"] or {}) if told else {}


class VotingNow(AtVote, DataHandler):
    """``GET voting``: the votes that this student can join now, in HTML; empty where there is none. A class that has
    voted twice, or was shown how, may leave its room open for long. ``besides`` is the code of one that is not told."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        besides = self.get_query_argument("besides", "")
        try:
            there = [Vote(one) for one in await self.votes.rooms() if one["votes"] and one["code"] != besides]
            rooms = [one for one in there if one.is_open or (one.round == 1 and not one.told["figures"])]
        except LiveError:  # a vote that cannot be reached is none that could be joined
            rooms = []
        with speaking(rooms[0].language if rooms else ENGLISH):
            self.finish({"html": self.rendered("voting_now.html", rooms=rooms, words=say) if rooms else ""})


class EnterCode(AtVote, PageHandler):
    """``GET live``: asks for the code of a vote, and names those that are open."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        code = "".join(self.get_query_argument("code", "").split())
        if code:
            self.redirect(self.address("live", code.upper()))
            return
        try:
            rooms = [Vote(one) for one in await self.votes.rooms() if one["votes"]]
        except LiveError as error:
            self.refuse(error.why)
        with speaking(await self.elsewhere(lambda: self.language)):
            self.show("enter_code.html", rooms=rooms, words=say)


class VotePage(AtVote, PageHandler):
    """``GET live/<code>``: the page of a vote. ``POST``: vote, for a browser that runs no scripts."""

    @web.authenticated
    @authorized
    async def get(self, code: str) -> None:
        vote = await self.vote_at(code)
        with speaking(vote.language):
            self.show("vote.html", **self.told_of(vote), script={name: say(name) for name in SCRIPT})

    @web.authenticated
    @authorized
    async def post(self, code: str) -> None:
        option, round_number = self.get_body_argument("option", ""), self.get_body_argument("round", "")
        if option:
            try:
                number = (await self.vote_at(code)).told["number"] + 1
                await self.take(code, int(round_number), option, number)
            except ValueError:
                self.refuse("no_option")
            except LiveError as error:
                self.refuse(error.why)
        self.redirect(self.address("live", code), status=303)


class LookAtVote(AtVote, DataHandler):
    """``GET live/<code>/look``: how a vote stands."""

    @web.authenticated
    @authorized
    async def get(self, code: str) -> None:
        vote = await self.vote_at(code)
        with speaking(vote.language):
            self.finish(self.drawn(vote))

    def drawn(self, vote: Vote, said: str | None = None, problem: str | None = None) -> dict[str, Any]:
        """What the script of the page is told; ``said`` is read out in place of how the vote stands."""
        return {
            "stamp": vote.stamp,
            "html": self.rendered("vote_room.html", **self.told_of(vote)),
            "said": said or vote.state,
            "problem": problem,
        }


class SendVote(LookAtVote):
    """``POST live/<code>/vote``: a choice, which is answered once it is counted."""

    @web.authenticated
    @authorized
    async def post(self, code: str) -> None:
        match self.get_json_body():
            case {"round": int(round_number), "option": str(option), "n": int(number)}:
                pass
            case _:
                self.refuse("no_option")
        try:
            vote, problem = await self.take(code, round_number, option, number)
        except LiveError as error:
            if error.why not in ("vote_closed", "replaced"):
                self.refuse(error.why)
            vote = await self.vote_at(code)
            with speaking(vote.language):
                problem = say(error.why)
        with speaking(vote.language):
            self.finish(self.drawn(vote, None if problem else say("counted"), problem))
