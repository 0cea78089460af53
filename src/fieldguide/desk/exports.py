"""The desk's export of grades: a file of a course site is uploaded and comes back filled, or a new file is made.

Nothing is written to disk: what was made is held by the server until it is fetched, for the one who can see the desk.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from jupyter_server.auth.decorator import authorized
from tornado import web

from fieldguide.coursepage.handlers import RefusedError
from fieldguide.desk.asking import ask
from fieldguide.desk.page import DeskPage, Stand
from fieldguide.desk.state import Module
from fieldguide.grading.course import CourseError
from fieldguide.words import Words, speaking

_WORDS = Words("exports")
say, count = _WORDS.say, _WORDS.count


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made, and what is told of it."""

    module: str
    name: str
    content: bytes
    done: tuple[str, ...]
    doubts: tuple[str, ...]


class _Exporting(DeskPage):
    """What the pages of an export share."""

    def made(self, name: str) -> Made:
        """A file that is held. Raises 404, with words, where it is not."""
        made = self.desk.held.get(name)
        if not isinstance(made, Made):
            with speaking(self.language):
                raise RefusedError(404, say("gone"))
        return made


class Export(_Exporting):
    """``GET desk/export/<module>``: which files there are. ``POST``: make one."""

    @web.authenticated
    @authorized
    async def get(self, module: str) -> None:
        stand = await self.stand()
        self._show(self.module_of(stand, module), {})

    @web.authenticated
    @authorized
    async def post(self, module: str) -> None:
        stand = await self.stand()
        one = self.module_of(stand, module)
        with speaking(self.language):
            problem, remedy, made = await self._make(stand, one)
        if made is not None:
            self.redirect(self.address("desk", "exported", self.desk.held.keep(made)), status=303)
            return
        self.set_status(422)
        self._show(one, {"problem": problem, "remedy": remedy})

    async def _make(self, stand: Stand, one: Module) -> tuple[str, str, Made | None]:
        """What is wrong and what helps, or the file."""
        kind, module = self.get_body_argument("kind", ""), one.found.module
        asked: dict[str, Any] = {"kind": kind, "module": None if kind == "all" else module}
        if kind == "site":
            file = self.uploaded()
            if file is None:
                return say("no_file"), "file", None
            asked["name"] = file.name
            asked["content"] = b64encode(file.content).decode("ascii")
            asked["column"] = self.get_body_argument("column", "").strip()
            asked["scale"] = self.get_body_argument("scale", "") == "yes"
        elif kind == "all":
            asked["kind"] = "table"
        try:
            answer = await self.elsewhere(lambda: ask(self.desk.start, "export", **asked))
        except CourseError as error:
            return str(error), "", None
        if "trouble" in answer:
            remedy = answer.get("remedy", "file" if kind == "site" else "")
            help_for = f"{remedy}_helps"
            told = (answer["trouble"], say(help_for) if help_for in _WORDS.words() else "")
            return " ".join(part for part in told if part), remedy, None
        content = b64decode(answer["content"])
        return "", "", Made(module, answer["name"], content, tuple(answer["done"]), tuple(answer["doubts"]))

    def _show(self, one: Module, values: dict[str, Any]) -> None:
        with speaking(self.language):
            self.show(
                "export.html",
                one=one,
                words=say,
                counted=count,
                column=self.get_body_argument("column", ""),
                scale=self.get_body_argument("scale", "") == "yes",
                **{"problem": "", "remedy": "", **values},
            )


class Exported(_Exporting):
    """``GET desk/exported/<name>``: what was done, whose grade is not in the file and why, and the file to fetch."""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        stand = await self.stand()
        made = self.made(name)
        one = self.module_of(stand, made.module)
        with speaking(self.language):
            self.show(
                "exported.html",
                one=one,
                made=made,
                file=self.address("desk", "exported", name, "file"),
                words=say,
                counted=count,
            )


class ExportedFile(_Exporting):
    """``GET desk/exported/<name>/file``: the file."""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        await self.stand()
        made = self.made(name)
        self.set_header(
            "Content-Type", "text/csv; charset=utf-8" if made.name.endswith(".csv") else "application/octet-stream"
        )
        self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(made.name)}")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "no-store")
        self.finish(made.content)
