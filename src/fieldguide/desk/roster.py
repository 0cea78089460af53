"""The class list on the desk: a file is uploaded, what would become of each row is shown, and then it is done."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from fieldguide.coursepage.handlers import RefusedError
from fieldguide.desk.asking import ask
from fieldguide.desk.page import DeskPage, Uploaded
from fieldguide.desk.sitewords import say as say_of_site
from fieldguide.desk.sitewords import why_refused
from fieldguide.grading.course import CourseError
from fieldguide.grading.roster import DETAILS
from fieldguide.grading.spreadsheets import csv_file
from fieldguide.lti.client import ServiceError
from fieldguide.words import Words, speaking

_WORDS = Words("classlist")
say, count = _WORDS.say, _WORDS.count


@dataclass(frozen=True, slots=True)
class Brought(Uploaded):
    """The class list of the course site, as the file that it would be: whose line each is, by number, and the names of
    whoever is not active there, and has not opened the course from there yet."""

    names: Mapping[int, str]
    inactive: tuple[str, ...]
    unopened: tuple[str, ...]


class _List(DeskPage):
    """What the pages of a class list share."""

    @property
    def for_known(self) -> str:
        """Where a file changes students whom the course has already and adds none, as an account follows from who
        somebody is elsewhere: what tells it in the words. Else empty."""
        return "sign_in" if self.desk.signs_in else "site" if self.desk.has_site else ""

    async def look(self, file: Uploaded, *, write: bool) -> dict[str, Any]:
        """What becomes of each row; with ``write`` it is done. ``trouble`` says why nothing can be."""
        content = b64encode(file.content).decode("ascii")
        known = bool(self.for_known) and not isinstance(file, Brought)
        try:
            return await self.elsewhere(
                lambda: ask(self.desk.start, "roster", name=file.name, content=content, write=write, known=known)
            )
        except CourseError as error:
            return {"trouble": str(error)}


class Roster(_List):
    """``GET desk/roster``: which file is taken. ``POST``: hold the file, and show what would become of it."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        await self.stand()
        self._show("")

    @web.authenticated
    @authorized
    async def post(self) -> None:
        await self.stand()
        if self.get_body_argument("kind", "") == "site":
            await self._bring()
            return
        file = self.uploaded()
        told = await self.look(file, write=False) if file else {"trouble": ""}
        if file is None or "trouble" in told:
            self.set_status(422)
            self._show(told["trouble"] or None)
            return
        self.redirect(self.address("desk", "roster", self.desk.held.keep(file)), status=303)

    async def _bring(self) -> None:
        """Hold the course site's own list, and show what would become of it."""
        site = self.desk.site()
        with speaking(self.language):
            if site is None:
                raise RefusedError(404, say_of_site("no_site"))
            try:
                brought = brought_of(await self.elsewhere(site.members))
            except ServiceError as error:
                problem = why_refused(error.why, error.said)
            else:
                problem = "" if brought.names else say("nobody_there")
        if problem:
            self.set_status(422)
            self._show(problem, of_site=True)
            return
        self.redirect(self.address("desk", "roster", self.desk.held.keep(brought)), status=303)

    def _show(self, problem: str | None, *, of_site: bool = False) -> None:
        with speaking(self.language):
            self.show(
                "roster.html",
                problem=say("no_file") if problem is None else problem,
                of_site=of_site,
                has_site=self.desk.has_site,
                for_known=self.for_known,
                words=say,
            )


class TakeRoster(_List):
    """``GET desk/roster/<name>``: what would become of each row. ``POST``: do it, and tell what became of it."""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        await self._show(name, write=False)

    @web.authenticated
    @authorized
    async def post(self, name: str) -> None:
        await self._show(name, write=True)

    async def _show(self, name: str, *, write: bool) -> None:
        await self.stand()
        file = self.desk.held.get(name)
        with speaking(self.language):
            if not isinstance(file, Uploaded):
                raise RefusedError(404, say("gone"))
            told = await self.look(file, write=write)
            if "trouble" in told:
                raise RefusedError(422, told["trouble"])
            self.show(
                "roster_rows.html",
                told=told,
                done=write,
                for_known=self.for_known,
                name=file.name,
                label=lambda number: _label(file, number),
                inactive=file.inactive if isinstance(file, Brought) else (),
                unopened=file.unopened if isinstance(file, Brought) else (),
                words=say,
                counted=count,
            )


def brought_of(members: Iterable[Mapping[str, Any]]) -> Brought:
    """The class list that a course site tells (``lti.client``), in the language that is spoken."""
    students = [one for one in members if one["is_student"]]
    active = sorted((one for one in students if one["is_active"]), key=_called)
    rows = [[one["account"], *(one[name] for name in _TOLD)] for one in active]
    return Brought(
        say("site_name"),
        csv_file(("id", *DETAILS), rows),
        {number: _called(one) for number, one in enumerate(active, 2)},
        tuple(sorted(_called(one) for one in students if not one["is_active"])),
        tuple(_called(one) for one in active if not one["has_come"]),
    )


#: What the course site's list calls what a class list has of a student.
_TOLD = ("last_name", "first_name", "email", "number")


def _called(member: Mapping[str, Any]) -> str:
    """A person as a list has them: by name, or by account where the course site tells none."""
    return ", ".join(part for part in (member["last_name"], member["first_name"]) if part) or str(member["account"])


def _label(file: Uploaded, number: int) -> str:
    """Whose row it is: by name where the course site told it, else by its line."""
    return f"{file.names[number]}:" if isinstance(file, Brought) else say("line", number=number)
