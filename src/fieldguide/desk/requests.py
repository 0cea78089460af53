"""What students ask to be looked at again, on the desk: by question, with three answers.

To explain, to change this score, or to change the question for everybody. What is said stands in the gradebook, and the
student reads it with the feedback that is given next.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from fieldguide.coursepage.handlers import RefusedError
from fieldguide.desk.asking import ask
from fieldguide.desk.notes import read_notes, take_lock, write_notes
from fieldguide.desk.page import DeskPage, Stand
from fieldguide.desk.state import Module
from fieldguide.grading.amending import Amended, acceptable, amend
from fieldguide.grading.answers import Answer, answer_request, answers_of, log_amended
from fieldguide.grading.classgrader import instructor_notebook
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.instructor import GradedItem
from fieldguide.grading.requested import Asked, requests_of, response_lines, somebody_asks
from fieldguide.grading.told import For, points_text, told_item
from fieldguide.items import score
from fieldguide.items.numbers import read_number
from fieldguide.words import Words, speaking

_WORDS, _DESK = Words("answering"), Words("desk")
say, count = _WORDS.say, _WORDS.count

#: As long as a request may be, in characters.
LONGEST = 5000


@dataclass(frozen=True, slots=True)
class Entry:
    """A request, what was said to it already, and the points that its question has now, None where it waits."""

    asked: Asked
    said: str | None
    points: float | None


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


def questions_of(course: Course, module: str) -> tuple[list[Question], list[str]]:
    """The questions of a module that somebody asks about, in its order, and what could not be read, in words.

    Raises CourseError.
    """
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
    return questions, [f"{student}: {trouble}" for student, told in troubles.items() for trouble in told]


class Requests(DeskPage):
    """``GET desk/requests``: all of them, by module and question."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        stand = await self.stand()

        def read() -> list[tuple[Module, list[Question], list[str]]]:
            asked = [one for one in stand.modules if somebody_asks(stand.course, one.found.module)]
            return [(one, *questions_of(stand.course, one.found.module)) for one in asked]

        with speaking(self.language):
            try:
                found = await self.elsewhere(read)
            except (CourseError, OSError, ValueError) as error:
                raise RefusedError(503, str(error)) from error
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
            problem = await self.elsewhere(lambda: self._do(stand, module, item, kind))
        if problem:
            self.set_status(422)
            await self._show(stand, module, item, problem)
            return
        self.redirect(f"{self.address('desk', 'requests', module, item)}?done={kind}", status=303)

    def _do(self, stand: Stand, module: str, item: str, kind: str) -> str | None:
        """Do what was chosen; returns what is wrong, in words, where nothing was done."""
        course = stand.course
        said = self.get_body_argument("said", "", strip=False).replace("\r\n", "\n").strip()[:LONGEST]
        if not said:
            return say("nothing_said")
        lock = take_lock(course.root)
        if lock is None:
            return _DESK.say("other_work")
        try:
            with speaking(self.language):
                if kind == "answer":
                    trouble = self._answer(course, module, item, said)
                else:
                    option = self.get_body_argument("option", "") if kind == "accept" else None
                    amended = Amended(item, said, option)
                    amend(course, module, amended)
                    trouble = log_amended(course, module, amended)
            if trouble is None and kind == "answer":
                notes = read_notes(course.root)
                notes.given[module] = []  # what is told has changed, even where no score has
                write_notes(course.root, notes, shared=bool(course.settings["groupshared"]))
            return trouble
        except (CourseError, OSError) as error:
            return str(error)
        finally:
            os.close(lock)

    def _answer(self, course: Course, module: str, item: str, said: str) -> str | None:
        written = self.get_body_argument("points", "").strip()
        points = read_number(written) if written else None
        if written and points is None:
            return say("no_points", points=written[:40])
        student, asked = (self.get_body_argument(name, "") for name in ("student", "asked"))
        questions, _ = questions_of(course, module)
        known = {(entry.asked.student, entry.asked.request.time) for one in questions for entry in one.entries}
        if (student, asked) not in known:
            return say("no_request")
        return answer_request(
            course, module, Answer(student, item, asked, said, None if points is None else float(points))
        )

    async def _show(self, stand: Stand, module: str, item: str, problem: str | None = None) -> None:
        one = self.module_of(stand, module)

        def read() -> tuple[Question | None, GradedItem | None, dict[str, list[str]], dict[str, Any]]:
            questions, _ = questions_of(stand.course, module)
            question = next((one for one in questions if one.item == item), None)
            graded = {one.item.id: one for one in instructor_notebook(stand.course, module).graded}.get(item)
            responses = {}
            if question and graded:
                for student in {entry.asked.student for entry in question.entries}:
                    responses[student] = response_lines(stand.course, module, student, graded)
            figures = ask(self.desk.start, "figures", module=module, item=item) if graded else {}
            return question, graded, responses, figures

        with speaking(self.language):
            try:
                question, graded, responses, figures = await self.elsewhere(read)
            except (CourseError, OSError, ValueError) as error:
                raise RefusedError(503, str(error)) from error
            if question is None:
                raise RefusedError(404, say("no_request"))
            done = self.get_query_argument("done", "")
            self.show(
                "request.html",
                one=one,
                question=question,
                graded=graded,
                told=told_item(graded.item, score(graded.item, None), graded.number, For.SCORER, score=0.0)
                if graded
                else None,
                responses=responses,
                figures=figures,
                accepting=acceptable(graded.item) if graded else {},
                problem=problem,
                done=done if f"done_{done}" in _WORDS.words() else "",
                sent={name: self.get_body_argument(name, "") for name in ("kind", "student", "asked", "said", "points")}
                if problem
                else {},
                most=LONGEST,
                points=points_text,
                words=say,
                counted=count,
            )
