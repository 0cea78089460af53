"""What students ask to be looked at again, on the desk: by question, with three answers.

To explain, to change this score, or to change the question for everybody. What is said stands in the gradebook, and the
student reads it with the feedback that is given next.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from fieldguide.coursepage.handlers import RefusedError
from fieldguide.desk.asking import ask
from fieldguide.desk.notes import read_notes, take_lock, write_notes
from fieldguide.desk.page import DeskPage, Stand, why_not
from fieldguide.desk.state import Module
from fieldguide.grading.amending import Amended, acceptable, is_right
from fieldguide.grading.answers import Answer, answer_request, answers_of, change_question
from fieldguide.grading.classgrader import instructor_notebook
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.instructor import GradedItem
from fieldguide.grading.requested import Asked, requests_of, response_lines, somebody_asks
from fieldguide.grading.told import For, points_text, told_item
from fieldguide.items import Item, score
from fieldguide.items.entry import Entry as EntryItem
from fieldguide.items.numbers import read_number
from fieldguide.items.selection import Selection
from fieldguide.words import Words, speaking

_WORDS, _DESK = Words("answering"), Words("desk")
say, count = _WORDS.say, _WORDS.count

#: As long as a request may be, in characters.
LONGEST = 5000
#: The fields of the forms.
_SENT = ("kind", "student", "asked", "said", "points", "option")
#: What can be done with a request, and with its question.
_KINDS = ("answer", "accept", "withdraw", "restore")


class NotDoneError(Exception):
    """Why nothing was changed, in words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A request, what was said to it already, and the points that its question has now, None where it waits."""

    asked: Asked
    said: str | None
    points: float | None

    def state(self, item: Item, response: list[str]) -> str:
        """What tells this request, with all that an answer rests on, from the same one later."""
        known = [self.said, self.points, item.withdrawn, response]
        return blake2b(json.dumps(known).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Question:
    """The requests about one question. ``number`` is None where the module has no such question now."""

    item: str
    number: int | None
    entries: tuple[Entry, ...]

    @property
    def open(self) -> int:
        """How many are not answered."""
        return sum(entry.said is None for entry in self.entries)


def questions_of(course: Course, module: str) -> tuple[list[Question], dict[str, list[str]]]:
    """The questions of a module that somebody asks about, in its order, and what could not be read of whom, in words.

    Raises CourseError.
    """
    instructor_notebook(course, module)  # which says in words why it cannot be read
    found, troubles = requests_of(course, module)
    said, points = answers_of(course, module) if found else ({}, {})
    by_item: dict[str, list[Entry]] = {}
    for one in found:
        place = (one.student, one.request.item)
        by_item.setdefault(one.request.item, []).append(
            Entry(one, said.get((*place, one.request.time)), points.get(place))
        )
    questions = [Question(item, entries[0].asked.number, tuple(entries)) for item, entries in by_item.items()]
    questions.sort(key=lambda one: (one.number is None, one.number or 0, one.item))
    return questions, troubles


class Requests(DeskPage):
    """``GET desk/requests``: all of them, by module and question."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        stand = await self.stand()

        def questions(one: Module) -> tuple[Module, list[Question], list[str]]:
            try:
                found, troubles = questions_of(stand.course, one.found.module)
                people = stand.found.people
                return one, found, [f"{people.called(who)}: {why}" for who, told in troubles.items() for why in told]
            except CourseError as error:  # what is wrong with one module hides no other
                return one, [], [str(error)]

        def read() -> list[tuple[Module, list[Question], list[str]]]:
            return [questions(one) for one in stand.modules if somebody_asks(stand.course, one.found.module)]

        with speaking(self.language):
            try:
                found = await self.elsewhere(read)
            except (CourseError, OSError, ValueError) as error:
                raise RefusedError(503, why_not(error)) from error
            self.show("requests.html", found=found, words=say, counted=count)


class Request(DeskPage):
    """``GET desk/requests/<module>/<item>``: the question, how it works, and who asks what. ``POST``: answer."""

    @web.authenticated
    @authorized
    async def get(self, module: str, item: str) -> None:
        await self._show(await self.stand(), module, item)

    @web.authenticated
    @authorized
    async def post(self, module: str, item: str) -> None:
        stand = await self.stand()
        self.module_of(stand, module)
        kind = self.get_body_argument("kind", "")
        with speaking(self.language):
            try:
                remarks = await self.elsewhere(lambda: self._do(stand, module, item, kind))
            except (NotDoneError, CourseError, OSError) as error:
                self.set_status(422)
                await self._show(stand, module, item, why_not(error))
                return
        kept = f"&told={self.desk.held.keep(remarks)}" if remarks else ""
        self.redirect(f"{self.address('desk', 'requests', module, item)}?done={kind}{kept}#done", status=303)

    def _do(self, stand: Stand, module: str, item: str, kind: str) -> tuple[str, ...]:
        """Do what was chosen; returns what could not be kept of it, in words.

        Raises NotDoneError, CourseError and OSError where nothing was changed.
        """
        course = stand.course
        said = self.get_body_argument("said", "", strip=False).replace("\r\n", "\n").strip()[:LONGEST]
        if kind not in _KINDS:
            raise NotDoneError(say("no_such_answer"))
        if not said:
            raise NotDoneError(say("nothing_said"))
        lock = take_lock(course.root)
        if lock is None:
            raise NotDoneError(_DESK.say("other_work"))
        try:
            with speaking(self.language):
                if kind != "answer":
                    trouble = self._change(course, module, item, kind, said)
                    return (trouble,) if trouble else ()
                trouble = self._answer(course, module, item, said)
                try:
                    notes = read_notes(course.root)
                    notes.given[module] = []  # what is told has changed, even where no score has
                    write_notes(course.root, notes, shared=bool(course.settings["groupshared"]))
                except OSError as error:
                    return *((trouble,) if trouble else ()), say("not_noted", why=error.strerror)
                return (trouble,) if trouble else ()
        finally:
            os.close(lock)

    def _change(self, course: Course, module: str, item: str, kind: str, why: str) -> str | None:
        """Change the question for everybody, where that is not done already."""
        asked = next((one.item for one in instructor_notebook(course, module).graded if one.item.id == item), None)
        if asked is None:
            raise NotDoneError(say("no_request"))
        amended = Amended(item, why, restored=kind == "restore")
        if kind == "accept":
            amended = self._accepted(asked, amended)
        if _is_done(asked, amended):
            return None
        if (asked.withdrawn is not None) != (kind == "restore"):
            raise NotDoneError(say("question_changed"))
        return change_question(course, module, amended, self.account)

    def _accepted(self, asked: Item, amended: Amended) -> Amended:
        """With the answer that is to be right too. Raises NotDoneError where it can be none."""
        given = " ".join(self.get_body_argument("option", "").split())
        if isinstance(asked, EntryItem):
            try:
                answer, _ = asked.parse(given)
            except ValueError as error:
                raise NotDoneError(say("not_accepted", entered=given[:40], why=error)) from error
            if answer is None:
                raise NotDoneError(say("nothing_entered"))
            return replace(amended, accepted=given)
        prompt, slash, option = given.rpartition("/")
        found = replace(amended, accepted=option, prompt=prompt if slash else None)
        if option not in acceptable(asked).get(found.prompt, {}) and not is_right(asked, option, found.prompt):
            raise NotDoneError(say("question_changed"))
        return found

    def _answer(self, course: Course, module: str, item: str, said: str) -> str | None:
        written = self.get_body_argument("points", "").strip()
        number = read_number(written) if written else None
        if written and number is None:
            raise NotDoneError(say("no_points", points=written[:40]))
        points = None if number is None else float(number)
        student, asked, state = (self.get_body_argument(name, "") for name in ("student", "asked", "state"))
        questions, _ = questions_of(course, module)
        entries = [entry for one in questions if one.item == item for entry in one.entries]
        entry = next((one for one in entries if (one.asked.student, one.asked.request.time) == (student, asked)), None)
        graded = {one.item.id: one for one in instructor_notebook(course, module).graded}.get(item)
        if entry is None or graded is None:
            raise NotDoneError(say("no_request"))
        if entry.said == said and points in (None, entry.points):  # it was kept, and sent twice
            return None
        if state != entry.state(graded.item, response_lines(course, module, student, graded)):
            raise NotDoneError(say("changed"))
        return answer_request(course, module, Answer(student, item, asked, said, points), self.account)

    async def _show(self, stand: Stand, module: str, item: str, problem: str | None = None) -> None:
        one = self.module_of(stand, module)

        wanted = self.get_query_argument("figures", None) is not None

        def read() -> tuple[Question | None, GradedItem | None, dict[str, list[str]], Mapping[str, Any] | None]:
            questions, _ = questions_of(stand.course, module)
            question = next((one for one in questions if one.item == item), None)
            graded = {one.item.id: one for one in instructor_notebook(stand.course, module).graded}.get(item)
            responses = {}
            if question and graded:
                for student in {entry.asked.student for entry in question.entries}:
                    responses[student] = response_lines(stand.course, module, student, graded)
            figures = self._figures(module, item) if wanted and question and graded else None
            return question, graded, responses, figures

        with speaking(self.language):
            try:
                question, graded, responses, figures = await self.elsewhere(read)
            except (CourseError, OSError, ValueError) as error:
                raise RefusedError(503, why_not(error)) from error
            if question is None:
                raise RefusedError(404, say("no_request"))
            done = self.get_query_argument("done", "")
            remarks = self.desk.held.get(self.get_query_argument("told", ""))
            self.show(
                "request.html",
                one=one,
                question=question,
                people=stand.found.people,
                graded=graded,
                told=told_item(graded.item, score(graded.item, None), graded.number, For.SCORER, score=0.0)
                if graded
                else None,
                responses=responses,
                states=[entry.state(graded.item, responses[entry.asked.student]) for entry in question.entries]
                if graded
                else [],
                figures=figures,
                accepting=acceptable(graded.item) if graded else {},
                each_by_itself=graded is not None and isinstance(graded.item, Selection),
                is_entered=graded is not None and isinstance(graded.item, EntryItem),
                problem=problem,
                done=done if done in _KINDS else "",
                remarks=remarks if isinstance(remarks, tuple) else (),
                sent={name: self.get_body_argument(name, "") for name in _SENT} if problem else {},
                most=LONGEST,
                points=points_text,
                words=say,
                counted=count,
            )

    def _figures(self, module: str, item: str) -> dict[str, Any]:
        """How the question works in this class; ``trouble`` says why that cannot be told."""
        try:
            return ask(self.desk.start, "figures", module=module, item=item)
        except CourseError as error:
            return {"trouble": str(error)}


def _is_done(item: Item, amended: Amended) -> bool:
    """Whether a question is already as it is to be, as where a button was pressed twice."""
    if amended.accepted is not None:
        return is_right(item, amended.accepted, amended.prompt)
    return not amended.restored and item.withdrawn == " ".join(amended.why.split())
