"""Home: the course as a path of modules, each with its state in words and one button for the next step.

It is drawn from what is on disk. What the exchange holds now comes afterwards, as its script asks for it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.utils import url_path_join
from markupsafe import Markup
from tornado import web
from tornado.httputil import url_concat

from fieldguide.coursepage.course import Module, Score, State, Step, modules, next_of
from fieldguide.coursepage.exchange import ExchangeTroubleError
from fieldguide.coursepage.glossary import terms_of
from fieldguide.coursepage.handlers import DataHandler, InCourse, PageHandler, RefusedError
from fieldguide.coursepage.moments import timed
from fieldguide.coursepage.own import Own, Practice, find_own
from fieldguide.coursepage.returned import read_returned
from fieldguide.player.certainty import tally
from fieldguide.words import Words, speaking

_HOME, _PLAYER = Words("home"), Words("player")
say, count = _HOME.say, _HOME.count


@dataclass(frozen=True, slots=True)
class Button:
    """The one button of a module: a link, or a form that is posted where something has to be fetched first."""

    label: str
    address: str
    posts: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A module as Home shows it. ``renew`` says how a newer release differs; None where there is none.

    ``address`` is its page's, and ``again`` where it is handed in again while its button leads to feedback.
    """

    module: Module
    about: tuple[str | Markup, ...]
    told: tuple[str | Markup, ...]
    button: Button | None
    is_next: bool
    renew: str | None
    address: str | None
    again: str | None


class AtHome(InCourse):
    """What the handlers of Home share."""

    async def here(self) -> tuple[tuple[Module, ...], dict[str, Own]]:
        """The modules of the course, and the student's own copies, by what is on disk."""
        listing = self.course.exchange.last()

        def read() -> tuple[tuple[Module, ...], dict[str, Own]]:
            own = find_own(self.root)
            return modules(listing, own, _scores(self.root, own), now()), own

        return await self.elsewhere(read)

    def rows(self, course: tuple[Module, ...]) -> tuple[Row, ...]:
        """What is shown of the modules, in the language that is spoken."""
        following = next_of(course, now())
        return tuple(
            Row(
                one,
                _about(one),
                tuple(_told(one)),
                self._button(one),
                one is following,
                _newer(one),
                self.address("module", one.notebook) if one.notebook else None,
                self.address("hand-in", one.notebook) if one.notebook and _waits(one) else None,
            )
            for one in course
        )

    def _button(self, one: Module) -> Button | None:
        if one.step is None:
            return None
        label = say(f"step_{one.step.value}")
        if not one.ours:
            return Button(say("step_notebook"), url_path_join(self.base_url, "lab/tree", one.folder))
        if one.step is Step.FEEDBACK:
            here = one.notebook is not None and not one.unread
            return Button(label, self.address(*(("feedback", one.folder) if here else ("fetch-feedback",))), not here)
        if one.notebook is None:
            return Button(label, self.address("start"), posts=True)
        if one.step in (Step.HAND_IN, Step.HAND_IN_AGAIN):
            return Button(label, self.address("hand-in", one.notebook))
        return Button(label, self.address("module", one.notebook))

    def list_of(self, course: tuple[Module, ...]) -> dict[str, Any]:
        """What the list of modules is made with."""
        rows = self.rows(course)
        return {"rows": rows, "words": say, "digest": hashlib.sha256(repr(rows).encode()).hexdigest()[:16]}


class Home(AtHome, PageHandler):
    """``GET``: the page."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        course, own = await self.here()
        with speaking(await self.elsewhere(lambda: self.language)):
            policy = _policy(own)
            self.show(
                "home.html",
                **self.list_of(course),
                seen=self.course.exchange.last() is not None,
                begun_seen=(last := self.course.exchange.last()) is not None and last.begun_seen,
                told=self._told(course),
                practice=(practice := _practice(own)),
                practiced=count("practiced", practice.questions, tried=practice.tried, right=practice.right_first),
                tally=tally(practice.said),
                live=self.course.live is not None,
                policy=policy and self.card(policy.notebook, policy.policy or ""),
                whole=policy is not None and policy.whole,
                glossary=self.address("glossary") if own else None,
                lab=url_path_join(self.base_url, "lab"),
                script=_HOME.words(),
            )

    def _told(self, course: tuple[Module, ...]) -> str | None:
        """What came of what was done before this page: a trouble of a step, or a module that is a newer one now."""
        trouble, module = self.get_query_argument("trouble", ""), self.get_query_argument("module", "")
        title = next((one.title for one in course if one.module == module), module)
        if trouble:
            name, _, step = trouble.partition(".")
            return ExchangeTroubleError(name if name in Words("exchange").words() else "failed", step).sentence
        sentence = {"renewed": "was_renewed", "not_yet": "not_there_yet"}.get(self.get_query_argument("told", ""))
        return say(sentence, title=title) if sentence else None


class Look(AtHome, DataHandler):
    """``POST look``: what the exchange holds now, as the list of modules and a sentence where there is trouble."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        trouble: ExchangeTroubleError | None = None
        try:
            await self.course.exchange.look()
        except ExchangeTroubleError as error:
            trouble = error
        course, _ = await self.here()
        with speaking(await self.elsewhere(lambda: self.language)):
            shown = self.list_of(course)
            self.finish(
                {
                    "digest": shown["digest"],
                    "html": self.rendered("modules.html", **shown),
                    "trouble": trouble and trouble.sentence,
                }
            )


class Act(AtHome, PageHandler):
    """A form of Home: something is fetched, and then the browser is sent on."""

    async def one(self) -> Module:
        """The module that the form names. Raises 404 where there is none."""
        name, course = self.get_body_argument("module", ""), self.get_body_argument("course", "")
        found = (one for one in (await self.here())[0] if one.module == name and one.course == course)
        there = next(found, None)
        if there is None:
            with speaking(await self.elsewhere(lambda: self.language)):
                raise RefusedError(404, Words("coursepage").say("no_such_module"))
        return there

    def back(self, **query: str) -> None:
        """Send the browser Home, which says what came of it."""
        self.redirect(url_concat(self.address(), query), status=303)

    def open(self, one: Module) -> None:
        """Send the browser to a module that is here."""
        if one.notebook is None:
            self.redirect(url_path_join(self.base_url, "lab/tree", one.folder), status=303)
        else:
            self.redirect(self.address("module", one.notebook), status=303)


class LookAgain(Act):
    """``POST look-again``: looks for what is new, for a browser that runs no scripts."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        try:
            await self.course.exchange.look()
        except ExchangeTroubleError as trouble:
            self.back(trouble=f"{trouble.name}.look")
        else:
            self.redirect(self.address(), status=303)


class Start(Act):
    """``POST start``: fetches a module, or what is missing of it, and opens it."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        one = await self.one()
        try:
            await self.course.exchange.fetch(one.module, one.course)
        except ExchangeTroubleError as trouble:
            self.back(trouble=f"{trouble.name}.fetch", module=one.module)
            return
        course, _ = await self.here()
        self.open(next(other for other in course if other.folder == one.folder))


class Open(Act):
    """``GET open/<module>``: opens a module that a course site links, and fetches it first where it is not here."""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        there = await self._named(name)
        try:
            if there is None or there.notebook is None:
                await self.course.exchange.look()
                there = await self._named(name)
                if there is not None and there.step is not None:
                    await self.course.exchange.fetch(there.module, there.course)
                    there = await self._named(name)
        except ExchangeTroubleError as trouble:
            self.back(trouble=f"{trouble.name}.fetch", module=name)
            return
        if there is None or (there.notebook is None and there.step is None):
            self.back(told="not_yet", module=name)
        else:
            self.open(there)

    async def _named(self, name: str) -> Module | None:
        return next((one for one in (await self.here())[0] if one.module == name), None)


class FetchFeedback(Act):
    """``POST fetch-feedback``: fetches a module's feedback, and the module where it is not here, and shows it."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        one = await self.one()
        try:
            if one.notebook is None:
                await self.course.exchange.fetch(one.module, one.course)
            await self.course.exchange.fetch_feedback(one.module, one.course)
        except ExchangeTroubleError as trouble:
            self.back(trouble=f"{trouble.name}.feedback", module=one.module)
            return
        self.redirect(self.address("feedback", one.folder), status=303)


class Renew(Act):
    """``POST renew``: takes a module as it is released now."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        one = await self.one()
        try:
            await self.course.exchange.renew(one.module, one.course)
        except ExchangeTroubleError as trouble:
            self.back(trouble=f"{trouble.name}.renew", module=one.module)
            return
        self.back(told="renewed", module=one.module)


class Glossary(AtHome, PageHandler):
    """``GET glossary``: the terms of all modules that the student has."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        def read() -> dict[str, str]:
            return terms_of([self.root / one.notebook for one in find_own(self.root).values()])

        terms = await self.elsewhere(read)
        with speaking(await self.elsewhere(lambda: self.language)):
            self.show("glossary.html", words=say, terms=terms)


# -- in words --------------------------------------------------------------------------------------


def now() -> datetime:
    """This moment, in UTC and without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def _about(one: Module) -> tuple[str | Markup, ...]:
    about: list[str | Markup] = []
    if one.number is not None:
        about.append(_PLAYER.say("module", number=one.number))
    if one.minutes is not None:
        about.append(_PLAYER.count("minutes", one.minutes))
    if one.due is not None and not one.late:
        about.append(timed(_HOME, "due_for_you" if one.for_you else "due", one.due))
    return tuple(about)


def _told(one: Module) -> list[str | Markup]:
    """The state of a module in sentences."""
    told: list[str | Markup] = [] if one.withdrawn and one.state is State.TO_DO else [_state(one)]
    if one.late and one.due is not None:
        late = "late_handed_in" if one.handed_in else "was_due" if one.withdrawn else "late"
        told.append(timed(_HOME, late, one.due))
    if one.again is not None:
        told.append(timed(_HOME, "handed_in_again", one.again))
    if one.state is State.RETURNED and one.changed:
        told.append(say("changed_after"))
    if one.withdrawn:
        told.append(say("withdrawn"))
    if one.looked is not None:
        told.append(timed(_HOME, "looked", one.looked))
    return told


def _waits(one: Module) -> bool:
    """Whether something that changed could be handed in again, and the module's button says another thing."""
    return one.state is State.RETURNED and one.changed and not one.withdrawn


def _state(one: Module) -> str | Markup:
    if one.state is State.RETURNED:
        if one.unread or one.score is None:
            return say("new_feedback" if one.unread else "feedback")
        score = {"points": f"{one.score.points:g}", "of": f"{one.score.of:g}"}
        return say("score_so_far" if one.score.waits else "score", **score)
    if one.state in (State.HANDED_IN, State.CHANGED) and one.handed_in is not None:
        return timed(_HOME, one.state.value, one.handed_in)
    if one.state is State.BEGUN and one.answered:
        return count("answered_of", one.asked, answered=one.answered)
    return say(one.state.value)


def _newer(one: Module) -> str | None:
    if not one.changes or not one.ours or one.withdrawn:
        return None
    number = len(one.changes.questions)
    if not number:
        return say("newer_text")
    return count("newer_both" if one.changes.text else "newer", number)


def _policy(own: dict[str, Own]) -> Own | None:
    """The module with the student's policy: the whole of it, or the latest part."""
    parts = [one for one in reversed(own.values()) if one.policy]
    return next((one for one in parts if one.whole), parts[0] if parts else None)


def _practice(own: dict[str, Own]) -> Practice:
    """What was practiced in all modules together."""
    each = [one.practice for one in own.values()]
    return Practice(
        sum(one.questions for one in each),
        sum(one.tried for one in each),
        sum(one.right_first for one in each),
        tuple(said for one in each for said in one.said),
    )


def _scores(root: Path, own: dict[str, Own]) -> dict[str, Score]:
    """What the newest feedback on each module tells, by the folder that it lies in."""
    found = {}
    for one in own.values():
        returned = read_returned(root / one.folder, one.head.id)
        total = returned.told["total"] if returned and returned.told else None
        if returned and total:
            place = returned.page.parent.relative_to(root).as_posix()
            found[place] = Score(total["points"], total["of"], total["waits"])
    return found
