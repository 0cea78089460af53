"""A module on paper, made on the desk: the worksheet, what explains practice, and the key.

What was made is held by the server for a time, as a report is; a browser of the server makes the PDF, where it has one.
"""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from fieldguide.desk.asking import ask
from fieldguide.desk.page import DeskPage, Stand
from fieldguide.desk.reports import MadePages
from fieldguide.desk.state import Module
from fieldguide.grading.course import CourseError
from fieldguide.words import Words, speaking

_WORDS = Words("printing")
say = _WORDS.say

#: What can be printed; only the key is made of the instructor's edition.
_KINDS = ("worksheet", "practice", "key")


class Print(DeskPage):
    """``GET desk/print/<module>``: what can be printed. ``POST``: make it."""

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
        kind, given = self.get_body_argument("kind", ""), self.get_body_argument("student", "").strip()
        student = stand.found.people.find(given) or ""
        with speaking(self.language):
            problem = self._why_not(one, kind, given, student)
            answer: dict[str, Any] = {"trouble": problem} if problem else await self._made(one, kind, student)
            if "trouble" in answer:
                self.set_status(422)
                self._show(stand, one, answer["trouble"])
                return
            files = {name: b64decode(content) for name, content in answer["files"].items()}
            told = [say("key_for_you")] if kind == "key" else []
            if not any(name.endswith(".pdf") for name in files):
                told.append(say("no_pdf"))
            title = say("of", title=one.found.title)
            made = MadePages(one.found.module, title, files, tuple(told), say("look"), say("files_how"))
        self.redirect(self.address("desk", "reported", self.desk.held.keep(made)), status=303)

    def _why_not(self, one: Module, kind: str, given: str, student: str) -> str:
        if kind not in _KINDS:
            return say("no_kind")
        if kind != "key" and not one.found.previewed:
            return Words("desk").say("no_preview")
        if kind == "worksheet" and given and not student:
            return Words("sheets").say("no_such_student", student=given)
        return ""

    async def _made(self, one: Module, kind: str, student: str) -> dict[str, Any]:
        large = self.get_body_argument("large", "") == "yes"
        asked = {"module": one.found.module, "kind": kind, "student": student, "large": large}
        try:
            return await self.elsewhere(lambda: ask(self.desk.start, "print", **asked))
        except CourseError as error:
            return {"trouble": str(error)}

    def _show(self, stand: Stand, one: Module, problem: str = "") -> None:
        with speaking(self.language):
            kinds = _KINDS if one.found.previewed else ("key",)
            self.show(
                "print.html",
                one=one,
                students=stand.found.people.choices(stand.found.students),
                kinds=kinds,
                kind=self.get_body_argument("kind", kinds[0]),
                student=self.get_body_argument("student", ""),
                large=self.get_body_argument("large", "") == "yes",
                problem=problem,
                words=say,
            )
