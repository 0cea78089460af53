"""Live in class: what can be put on the projector, and the page that is projected.

The service of the hub holds the votes (``live``); this server only asks it, and brings the key when it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from jupyter_server.auth.decorator import authorized
from jupyter_server.utils import url_path_join
from tornado import web

from fieldguide.cells.kinds import CASE
from fieldguide.coursepage.handlers import RefusedError, Told
from fieldguide.coursepage.votes import Vote
from fieldguide.desk.page import AtDesk, DeskPage, Stand
from fieldguide.grading.classgrader import instructor_notebook
from fieldguide.grading.course import CourseError
from fieldguide.grading.instructor import InstructorNotebook
from fieldguide.live.asked import answer_of, can_be_voted_on, of_item, of_scene
from fieldguide.live.client import LiveError, LiveVotes
from fieldguide.live.rooms import Question
from fieldguide.words import Words, speaking

_WORDS, _LIVE = Words("projector"), Words("live")
say, count = _WORDS.say, _WORDS.count
_STATUS = {"unreachable": 503, "not_allowed": 403, "still_open": 409, "no_other_vote": 409, "too_many_rooms": 409}
#: What takes a vote on, by its names in the service's addresses.
STEPS = ("close", "reopen", "again", "figures", "answer", "end")
#: Where a step was pressed twice, or by two at once, and the page as it stands tells enough: a class looks at it.
_OVERTAKEN = ("moved_on", "no_other_vote", "still_open", "already_shown")


@dataclass(frozen=True, slots=True)
class Offer:
    """A question that can be put on the projector, and what it is called in the list."""

    question: Question
    label: str

    @property
    def name(self) -> str:
        """By which the form names it."""
        return f"{self.question.cell}/{self.question.scene}"


@dataclass(frozen=True, slots=True)
class Offers:
    """What of a module can be put on the projector; ``trouble`` where it could not be read."""

    module: str
    title: str
    questions: tuple[Offer, ...] = ()
    scenes: tuple[Offer, ...] = ()
    trouble: str | None = None


def offers_of(stand: Stand, module: str, title: str) -> Offers:
    """What of a module can be put on the projector."""
    try:
        notebook = instructor_notebook(stand.course, module)
    except (CourseError, OSError, ValueError) as error:
        return Offers(module, title, trouble=str(error))
    return Offers(module, title, tuple(_questions(notebook, title)), tuple(_scenes(notebook)))


def _questions(notebook: InstructorNotebook, title: str) -> Iterator[Offer]:
    for number, item in enumerate(notebook.practice, 1):
        if can_be_voted_on(item):
            question = of_item(notebook.module, title, item, notebook.language)
            yield Offer(question, say("practice", number=number, question=question.asked))


def _scenes(notebook: InstructorNotebook) -> Iterator[Offer]:
    for case in notebook.asked(CASE):
        for number, scene in enumerate(case.scenes.values(), 1):
            question = of_scene(notebook.module, case, scene, notebook.language)
            yield Offer(question, say("scene", case=case.title, number=number, question=question.asked))


class AtProjector(AtDesk):
    """What the handlers of live votes share."""

    @property
    def votes(self) -> LiveVotes:
        """The service. Raises 404 where this server has none."""
        if self.desk.live is None:
            self.refuse("no_live")
        return self.desk.live

    def refuse(self, why: str) -> NoReturn:
        """Raise what tells why something is not done."""
        with speaking(self.language):
            raise RefusedError(_STATUS.get(why, 404), _LIVE.say(why))

    async def find(self, code: str) -> Vote:
        """How a vote of this account's courses stands, for a page that a class sees. Raises LiveError."""
        vote = Vote({**await self.votes.room(code), "own": None})  # whoever leads it may be among those who vote
        if not vote.told["runs"]:
            raise LiveError("not_allowed")
        return vote

    async def vote_at(self, code: str) -> Vote:
        """How a vote of this account's courses stands. Raises as ``refuse`` does."""
        try:
            return await self.find(code)
        except LiveError as error:
            self.refuse(error.why)

    def drawn(self, vote: Vote) -> dict[str, Any]:
        """What the projected page is made with, in the language that is spoken."""
        base = self.settings.get("base_url", "/")
        hub = base.split("/user/")[0].split("/services/")[0]
        return {
            "vote": vote,
            "steps": steps_of(vote),
            "words": _LIVE.say,
            "projector_words": say,
            "counted": count,
            "short": url_path_join(self.request.host, hub, "services", "live"),
        }


def steps_of(vote: Vote) -> tuple[str, ...]:
    """What can be done with a vote as it stands; the first is what comes next."""
    if vote.is_open:
        return ("close", "end")
    shown, has_answer = bool(vote.told["figures"]), not vote.question["scene"] and not vote.told["answer"]
    steps = ["again"] if vote.round == 1 else []
    steps += [] if shown else ["figures"]
    steps += ["answer"] if has_answer and shown else []
    steps += [] if shown or vote.told["answer"] else ["reopen"]
    return (*steps, "end")


class LiveList(AtProjector, DeskPage):
    """``GET desk/live``: what can be put on the projector. ``POST``: put something there."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        stand = await self.stand()
        try:
            rooms = [Vote(one) for one in await self.votes.rooms() if one["runs"]]
        except LiveError as error:
            self.refuse(error.why)

        def read() -> list[Offers]:
            return [offers_of(stand, one.found.module, one.found.title) for one in stand.modules]

        with speaking(self.language):
            self.show(
                "live.html",
                modules=await self.elsewhere(read),
                rooms=rooms,
                words=say,
                counted=count,
            )

    @web.authenticated
    @authorized
    async def post(self) -> None:
        stand = await self.stand()
        one = self.module_of(stand, self.get_body_argument("module", ""))
        wanted = self.get_body_argument("asked", "")
        with speaking(self.language):
            offers = await self.elsewhere(lambda: offers_of(stand, one.found.module, one.found.title))
        found = (offer.question for offer in (*offers.questions, *offers.scenes) if offer.name == wanted)
        question = next(found, None)
        if question is None:
            with speaking(self.language):
                raise RefusedError(404, say("not_offered"))
        try:
            vote = Vote(await self.votes.open(stand.course.course_id, question))
        except LiveError as error:
            self.refuse(error.why)
        self.redirect(self.address("desk", "live", vote.code), status=303)


class Projector(AtProjector, DeskPage):
    """``GET desk/live/<code>``: the page that is projected. ``POST``: take the vote on."""

    @web.authenticated
    @authorized
    async def get(self, code: str) -> None:
        vote = await self.vote_at(code)
        with speaking(vote.language):
            self.show("projector.html", **self.drawn(vote), script={"no_answer": say("no_answer")})

    @web.authenticated
    @authorized
    async def post(self, code: str) -> None:
        step, pressed_in = self.get_body_argument("step", ""), self.get_body_argument("round", "")
        ended = False
        try:
            vote = await self.find(code)
            if step == "end" and not vote.told["figures"] and not self.get_body_argument("sure", ""):
                self.ask_first(vote)
                return
            sent: dict[str, Any] = {}
            if step == "answer":
                stand = await self.stand()
                sent["answer"] = await self.elsewhere(lambda: self._answer(stand, vote))
            if step in STEPS and pressed_in.isdecimal():
                await self.votes.step(code, step, int(pressed_in), **sent)
                ended = step == "end"
        except LiveError as error:
            ended = step == "end" and error.why == "no_room"
            if error.why not in _OVERTAKEN and not ended:
                self.refuse(error.why)
        self.redirect(self.address("desk", "live", *(() if ended else (code,))), status=303)

    def ask_first(self, vote: Vote) -> None:
        """Ask whether a vote ends whose figures nobody has seen: they cannot be shown any more then."""
        with speaking(vote.language):
            self.show("end_vote.html", vote=vote, words=say, counted=count)

    def _answer(self, stand: Stand, vote: Vote) -> dict[str, str]:
        """The key of the question, from the instructor's notebook."""
        try:
            notebook = instructor_notebook(stand.course, vote.question["module"])
        except (CourseError, OSError, ValueError) as error:
            raise RefusedError(503, str(error)) from error
        found = (item for item in notebook.practice if item.id == vote.question["cell"])
        return {one: why for item in found for one, why in answer_of(item).items()}


class LookAtProjector(AtProjector, Told):
    """``GET desk/live/<code>/look``: how the vote stands, for the projected page."""

    @web.authenticated
    @authorized
    async def get(self, code: str) -> None:
        vote = await self.vote_at(code)
        with speaking(vote.language):
            self.finish(
                {
                    "stamp": vote.stamp,
                    "voted": count("voted", vote.told["voted"]),
                    "html": self.rendered("projector_room.html", **self.drawn(vote)),
                    "said": vote.state,
                }
            )
