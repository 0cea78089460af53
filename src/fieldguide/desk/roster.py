"""The class list on the desk: a file is uploaded, what would become of each row is shown, and then it is done."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from fieldguide.coursepage.handlers import RefusedError
from fieldguide.desk.asking import ask
from fieldguide.desk.page import DeskPage, Uploaded
from fieldguide.grading.course import CourseError
from fieldguide.words import Words, speaking

_WORDS = Words("classlist")
say, count = _WORDS.say, _WORDS.count


class _List(DeskPage):
    """What the pages of a class list share."""

    async def look(self, file: Uploaded, *, write: bool) -> dict[str, Any]:
        """What becomes of each row; with ``write`` it is done. ``trouble`` says why nothing can be."""
        content = b64encode(file.content).decode("ascii")
        try:
            return await self.elsewhere(
                lambda: ask(self.desk.start, "roster", name=file.name, content=content, write=write)
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
        file = self.uploaded()
        told = await self.look(file, write=False) if file else {"trouble": ""}
        if file is None or "trouble" in told:
            self.set_status(422)
            self._show(told["trouble"] or None)
            return
        self.redirect(self.address("desk", "roster", self.desk.held.keep(file)), status=303)

    def _show(self, problem: str | None) -> None:
        with speaking(self.language):
            self.show(
                "roster.html",
                problem=say("no_file") if problem is None else problem,
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
                name=file.name,
                words=say,
                counted=count,
            )
