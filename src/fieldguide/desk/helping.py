"""A student asks for help: what they handed in, as their page shows it, for reading alone; and they are told.

Only what was collected is shown, which whoever grades reads anyway. It is opened as a copy in a folder of its own,
which goes with the page. Nobody's work is opened here who cannot be told that it was.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from fieldguide.coursepage.handlers import RefusedError, Told
from fieldguide.coursepage.hosting import OpenNotebook
from fieldguide.coursepage.modulepage import Addresses, hear, module_values, not_own, tell_news
from fieldguide.coursepage.reading import NoModuleError
from fieldguide.desk.asking import ask
from fieldguide.desk.page import AtDesk, DeskPage, Stand
from fieldguide.desk.preview import edition_of
from fieldguide.desk.state import Module
from fieldguide.grading.copying import copy_answers
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.extensions import Way, way_of
from fieldguide.items import ReadingError
from fieldguide.words import Words, speaking

say = Words("help").say


@dataclass(frozen=True, slots=True)
class Look:
    """A student's work that is open, with what they are called: ``place`` holds the copy, and removes it with this."""

    called: str
    place: TemporaryDirectory[str]
    opened: OpenNotebook


def open_copy(course: Course, module: str, student: str, called: str) -> Look:
    """Open a copy of what was collected of a student, in the students' edition. Raises RefusedError where there is
    nothing that can be shown."""
    edition, handed_in = edition_of(course, module), course.folder("submitted", student, module)
    if edition is None or not handed_in.is_dir():
        raise RefusedError(404, say("nothing", student=called))
    place = TemporaryDirectory(prefix="fieldguide-look-")
    copy = Path(place.name, module)
    shutil.copytree(edition.parent, copy)
    try:
        copy_answers(handed_in, module, copy)
        return Look(called, place, OpenNotebook(copy / edition.name, frozen=True))
    except (NoModuleError, ReadingError, OSError) as error:
        raise RefusedError(422, str(error)) from error


class Help(DeskPage):
    """``GET desk/help/<module>``: who asked for help, and what looking means. ``POST``: look, and tell the student."""

    @web.authenticated
    @authorized
    async def get(self, module: str) -> None:
        stand = await self.stand()
        self._show(stand, self.module_of(stand, module))

    @web.authenticated
    @authorized
    async def post(self, module: str) -> None:
        stand = await self.stand()
        one = self.module_of(stand, module)
        given, asked = self.get_body_argument("student", "").strip(), self.get_body_argument("asked", "") == "yes"
        people = stand.found.people
        student = people.find(given)
        with speaking(self.language):
            if student is None or not asked:
                self._show(stand, one, given, say("which_student") if student is None else say("did_ask"))
                return
            look = await self.elsewhere(lambda: open_copy(stand.course, module, student, people.called(student)))
            try:
                about = {"module": module, "student": student, "by": self.account}
                told: dict[str, Any] = await self.elsewhere(lambda: ask(self.desk.start, "look", **about))
            except CourseError as error:
                told = {"trouble": str(error)}
            if "trouble" in told or told["untold"]:
                untold = told.get("trouble") or say("untold", student=people.called(student))
                self._show(stand, one, given, untold)
                return
        self.redirect(self.address("desk", "looking", self.desk.held.keep(look)), status=303)

    def _show(self, stand: Stand, one: Module, student: str = "", problem: str | None = None) -> None:
        if problem is not None:
            self.set_status(422)
        with speaking(self.language):
            self.show(
                "help.html",
                one=one,
                can_be=way_of(stand.course) in (Way.NOTE, Way.SERVICE),
                students=stand.found.people.choices(one.found.graded),
                student=student,
                problem=problem,
                words=say,
            )


class _Looking(AtDesk):
    """What the handlers of a student's work that is open share."""

    async def look_at(self, name: str) -> Look:
        """The work that is open under a name. Raises 404 where it is none any more."""
        await self.stand()
        look = self.desk.held.get(name)
        if not isinstance(look, Look):
            with speaking(self.language):
                raise RefusedError(404, say("gone"))
        return look


class Looking(_Looking, DeskPage):
    """``GET desk/looking/<name>``: the student's page."""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        look = await self.look_at(name)
        first = await self.elsewhere(look.opened.first)
        with speaking(look.opened.lang):
            say_to, news = (self.address("desk", "looking", name, end) for end in ("say", "news"))
            values = module_values(self, look.opened, first, Addresses(f"desk/looking/{name}", say_to, news))
            self.show("looking.html", **values, **not_own(self.address("desk")), student=look.called, words=say)


class LookingSay(_Looking, Told):
    """``POST desk/looking/<name>/say``: what stands there. Nothing can be changed."""

    @web.authenticated
    @authorized
    async def post(self, name: str) -> None:
        look = await self.look_at(name)
        await hear(self, lambda: look.opened)


class LookingNews(_Looking, Told):
    """``GET desk/looking/<name>/news``: nothing changes, and the page asks all the same."""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        look = await self.look_at(name)
        await tell_news(self, lambda: look.opened)
