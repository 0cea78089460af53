"""Points that a person gave and that wait again, on the desk: let them stand, or let the question's own count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from fieldguide.coursepage.handlers import RefusedError
from fieldguide.desk.page import DeskPage, Stand, why_not
from fieldguide.grading.classgrader import instructor_notebook
from fieldguide.grading.course import CourseError
from fieldguide.grading.overruled import Overruled, decide, overruled_of
from fieldguide.grading.requested import response_lines
from fieldguide.grading.told import points_text
from fieldguide.words import Words, speaking

_WORDS = Words("scoring")
say, count = _WORDS.say, _WORDS.count
_CHOICES = {"keep": True, "own": False}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One of them with whose it is, as people are called, and its question: the number, the points it can have, and the
    response, a line for each part."""

    one: Overruled
    student: str
    number: int
    most: float
    response: list[str]


class Decide(DeskPage):
    """``GET desk/score/<module>/again``: what waits so. ``POST``: what of it is to count."""

    @web.authenticated
    @authorized
    async def get(self, module: str) -> None:
        await self._show(await self.stand(), module)

    @web.authenticated
    @authorized
    async def post(self, module: str) -> None:
        stand = await self.stand()
        self.module_of(stand, module)
        grade_id, choice, given, own = (self.get_body_argument(name, "") for name in ("grade", "count", "given", "own"))

        def work() -> str | None:
            found = overruled_of(stand.course, module)
            one = next(
                (one for one in found if (one.grade_id, str(one.given), str(one.own)) == (grade_id, given, own)), None
            )
            if one is None or choice not in _CHOICES:
                return say("again_changed")
            decide(stand.course, module, one, keep=_CHOICES[choice], by=self.account)
            return None

        with speaking(self.language):
            try:
                problem = await self.elsewhere(work)
            except (CourseError, OSError) as error:
                problem = why_not(error)
        if problem:
            self.set_status(422)
            await self._show(stand, module, problem)
            return
        self.redirect(f"{self.address('desk', 'score', module, 'again')}?done={choice}#done", status=303)

    async def _show(self, stand: Stand, module: str, problem: str | None = None) -> None:
        one = self.module_of(stand, module)

        def read() -> list[Waiting]:
            graded = {one.item.id: one for one in instructor_notebook(stand.course, module).graded}
            return [
                Waiting(
                    found,
                    stand.found.people.called(found.student),
                    graded[found.item].number,
                    graded[found.item].item.maximum,
                    response_lines(stand.course, module, found.student, graded[found.item]),
                )
                for found in overruled_of(stand.course, module)
                if found.item in graded
            ]

        with speaking(self.language):
            try:
                waiting = await self.elsewhere(read)
            except (CourseError, OSError, ValueError) as error:
                raise RefusedError(503, why_not(error)) from error
            done: Any = self.get_query_argument("done", "")
            self.show(
                "again.html",
                one=one,
                waiting=waiting,
                problem=problem,
                done=done if done in _CHOICES else "",
                back=self.address("desk", "score", module),
                points=points_text,
                words=say,
                counted=count,
            )
