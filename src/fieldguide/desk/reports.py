"""The desk's class report: made when it is asked for, looked at as a page, and fetched with its tables. So is what is
printed.

Nothing is written to disk: what was made is held by the server for a time, for the one who can see the desk.
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from urllib.parse import quote

from jupyter_server.auth.decorator import authorized
from tornado import web

from fieldguide.coursepage.handlers import RefusedError
from fieldguide.desk.asking import ask
from fieldguide.desk.page import DeskPage
from fieldguide.desk.state import Module
from fieldguide.grading.course import CourseError
from fieldguide.words import Words, speaking

_WORDS = Words("reports")
say = _WORDS.say

#: The report is a page of its own: it may show its own styles, and run, load and send nothing.
_REPORT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "sandbox",
    )
)
_TYPES = {
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
#: What a program expects, as the form names it, in the order of the report's own levels.
_LEVELS = ("threshold", "rubric", "expected")
_USUAL = ("70", "66", "80")


@dataclass(frozen=True, slots=True)
class MadePages:
    """Pages that were made of a module, or of all: a report, or what is printed. Their files by name, what is told of
    them, what the button says that opens one, and what the files are for."""

    module: str | None
    title: str
    files: dict[str, bytes]
    told: tuple[str, ...]
    look: str
    files_how: str

    @property
    def pages(self) -> list[str]:
        """The names of the pages."""
        return [name for name in self.files if is_page(name)]


class _Reporting(DeskPage):
    """What the pages of a report share."""

    def made(self, name: str) -> MadePages:
        """Pages that are held. Raises 404, with words, where it is not."""
        made = self.desk.held.get(name)
        if not isinstance(made, MadePages):
            with speaking(self.language):
                raise RefusedError(404, say("gone"))
        return made


class Report(_Reporting):
    """``GET desk/report`` and ``desk/report/<module>``: what a report is. ``POST``: make one."""

    @web.authenticated
    @authorized
    async def get(self, module: str | None) -> None:
        stand = await self.stand()
        self._show(self.module_of(stand, module) if module else None)

    @web.authenticated
    @authorized
    async def post(self, module: str | None) -> None:
        stand = await self.stand()
        one = self.module_of(stand, module) if module else None
        epas = self.get_body_argument("kind", "") == "epas"
        levels = [self.get_body_argument(name, usual).strip() for name, usual in zip(_LEVELS, _USUAL, strict=True)]
        numbers = [_percent(level) for level in levels] if epas else []
        if None in numbers:
            self._refuse(one, "no_percent", levels)
            return
        with speaking(self.language):
            try:
                asked = {"module": one.found.module if one else None, "levels": numbers}
                answer = await self.elsewhere(lambda: ask(self.desk.start, "report", **asked))
            except CourseError as error:
                answer = {"trouble": str(error)}
        if "trouble" in answer:
            self._refuse(one, answer["trouble"], levels)
            return
        files = {name: b64decode(content) for name, content in answer["files"].items()}
        with speaking(self.language):
            title = title_of("epas_of" if epas else "of", one)
            made = MadePages(module, title, files, tuple(answer["told"]), say("look"), say("files_how"))
        kept = self.desk.held.keep(made)
        self.redirect(self.address("desk", "reported", kept), status=303)

    def _refuse(self, one: Module | None, why: str, levels: list[str]) -> None:
        self.set_status(422)
        with speaking(self.language):
            self._show(one, say(why) if why in _WORDS.words() else why, levels)

    def _show(self, one: Module | None, problem: str = "", levels: list[str] | None = None) -> None:
        with speaking(self.language):
            given = dict(zip(_LEVELS, levels or _USUAL, strict=True))
            self.show("report.html", report_title=title_of("of", one), problem=problem, levels=given, words=say)


class Reported(_Reporting):
    """``GET desk/reported/<name>``: of whom the report is, the page to look at, and the files to fetch."""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        stand = await self.stand()
        made = self.made(name)
        if made.module:
            self.module_of(stand, made.module)
        with speaking(self.language):
            self.show("reported.html", made=made, at=self.address("desk", "reported", name), words=say)


class ReportedFile(_Reporting):
    """``GET desk/reported/<name>/<file>``: a file of it, the page to look at and the others to keep."""

    @property
    def content_security_policy(self) -> str:
        return _REPORT_POLICY

    @web.authenticated
    @authorized
    async def get(self, name: str, file: str) -> None:
        await self.stand()
        made = self.made(name)
        if file not in made.files:
            with speaking(self.language):
                raise RefusedError(404, say("gone"))
        kind = file.rpartition(".")[2]
        self.set_header("Content-Type", _TYPES.get(kind, "application/octet-stream"))
        if not is_page(file) or self.get_query_argument("save", None) is not None:
            self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(file)}")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "same-origin")
        self.finish(made.files[file])


def is_page(name: str) -> bool:
    """Whether a file is looked at in the browser."""
    return name.endswith(".html")


def title_of(report: str, one: Module | None) -> str:
    """What a report of a module, or of all, is called."""
    return say(report, title=one.found.title) if one else say(f"{report}_all")


def _percent(text: str) -> float | None:
    """A percentage as it was typed, with a point or a comma; None where it is none."""
    try:
        value = float(text.replace(",", ".").removesuffix("%"))
    except ValueError:
        return None
    return value if 0 < value <= 100 else None
