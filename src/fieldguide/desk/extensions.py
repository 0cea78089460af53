"""More time for one student: who has it in a module, until when, and a form to give it, change it or take it back."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from jupyter_server.auth.decorator import authorized
from markupsafe import Markup
from tornado import web

from fieldguide.coursepage.handlers import RefusedError
from fieldguide.coursepage.moments import timed
from fieldguide.desk.asking import ask
from fieldguide.desk.duedate import NoDueDateError, due_in_zone, read_due
from fieldguide.desk.notes import take_lock
from fieldguide.desk.page import DeskPage, Stand, iso, may_extend
from fieldguide.desk.state import Module
from fieldguide.grading.course import CourseError
from fieldguide.grading.extensions import Way, way_of
from fieldguide.words import Words, speaking

_WORDS = Words("extensions")
say, count = _WORDS.say, _WORDS.count


@dataclass(frozen=True, slots=True)
class Given:
    """What the form was sent with; None where it is shown for the first time."""

    student: str
    due: str
    zone: str


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a form: until when a student has time (UTC, ISO 8601; None: as everybody), and why they are not
    told. ``called`` is what the student is called. ``graded``: their work is, so what is taken off for being late has
    to follow."""

    called: str
    due: str | None
    untold: bool
    why: str
    graded: bool


class Extensions(DeskPage):
    """``GET desk/extensions/<module>``: who has more time, and the form. ``POST``: give it, or take it back."""

    @web.authenticated
    @authorized
    async def get(self, module: str) -> None:
        stand = await self.stand()
        done = self.desk.held.get(self.get_query_argument("done", ""))
        self._show(stand, self._one(stand, module), done=done if isinstance(done, Done) else None)

    @web.authenticated
    @authorized
    async def post(self, module: str) -> None:
        stand = await self.stand()
        one = self._one(stand, module)
        taken_back = self.get_body_argument("take_back", "")
        given = Given(*(self.get_body_argument(name, "").strip() for name in ("student", "due", "zone")))
        student = taken_back or stand.found.people.find(given.student) or ""
        with speaking(self.language):
            try:
                due = None if taken_back else iso(_later_date(one, given, student))
            except NoDueDateError as error:
                told: dict[str, Any] = {"trouble": str(error)}
            else:
                told = await self._extend(stand, one, student, due)
        if "trouble" in told:
            self.set_status(422)
            self._show(stand, one, given=given, problem=told["trouble"])
            return
        done = Done(stand.found.people.called(student), due, told["untold"], told["why"], student in one.found.graded)
        self.redirect(f"{self.address('desk', 'extensions', module)}?done={self.desk.held.keep(done)}", status=303)

    def _one(self, stand: Stand, module: str) -> Module:
        one = self.module_of(stand, module)
        if not may_extend(one):
            with speaking(self.language):
                raise RefusedError(404, say("no_due_date", title=one.found.title))
        return one

    async def _extend(self, stand: Stand, one: Module, student: str, due: str | None) -> dict[str, Any]:
        lock = take_lock(stand.course.root)  # a release writes the same notes
        if lock is None:
            return {"trouble": Words("desk").say("other_work")}
        try:
            asked = {"module": one.found.module, "student": student, "due": due, "by": self.account}
            return await self.elsewhere(lambda: ask(self.desk.start, "extension", **asked))
        except CourseError as error:
            return {"trouble": str(error)}
        finally:
            os.close(lock)

    def _show(
        self,
        stand: Stand,
        one: Module,
        given: Given | None = None,
        problem: str | None = None,
        done: Done | None = None,
    ) -> None:
        assert one.found.due is not None
        zone = given.zone if given else stand.notes.zone or stand.course.timezone
        changed = self.get_query_argument("student", "")
        if given is None:
            by = one.found.extended.get(changed)
            called = changed and stand.found.people.called(changed)
            given = Given(called, due_in_zone(one.found.due + by, zone) if by else "", zone)
        with speaking(self.language):
            way = way_of(stand.course)
            self.show(
                "extensions.html",
                one=one,
                due=timed(_WORDS, "due", iso(one.found.due)),
                extended=[
                    (student, timed(_WORDS, "until", iso(one.found.due + by)))
                    for student, by in sorted(
                        one.found.extended.items(), key=lambda one: stand.found.people.called(one[0]).casefold()
                    )
                ],
                given=given,
                guess=stand.notes.zone is None and not given.due,
                problem=problem,
                done=done and _said(done),
                students=stand.found.people.choices(stand.found.students),
                stand=stand,
                zones=sorted(available_timezones()),
                way=say(f"way_{way.value}"),
                is_told=way in (Way.NOTE, Way.SERVICE),
                working=stand.working,
                words=say,
                counted=count,
            )


def _later_date(one: Module, given: Given, student: str) -> datetime:
    """The date that the form gives to a student. Raises NoDueDateError where the form cannot be meant."""
    if not student:
        raise NoDueDateError(say("no_student", student=given.student) if given.student else say("which_student"))
    by = one.found.extended.get(student)
    moment = read_due(given.due, given.zone, one.found.due + by if one.found.due and by else None)
    if one.found.due is None or moment <= one.found.due:
        raise NoDueDateError(say("not_later"))
    return moment


def _said(done: Done) -> Markup:
    """What became of the form, in sentences."""
    said: list[str | Markup] = [
        timed(_WORDS, "given", done.due, student=done.called) if done.due else say("taken_back", student=done.called)
    ]
    if done.untold:
        said += [say("untold", student=done.called), done.why]
    if done.graded:
        said.append(say("graded_already"))
    return Markup(" ").join(part for part in said if part)
