"""Entering answer sheets on the desk: what a student wrote on paper is typed in, looked at, and handed in for them.

Nothing is held between the pages: what was typed travels in the form until it is entered.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

from jupyter_server.auth.decorator import authorized
from markupsafe import Markup
from tornado import web

from fieldguide.coursepage.handlers import RefusedError
from fieldguide.coursepage.moments import timed
from fieldguide.desk.asking import ask
from fieldguide.desk.notes import read_notes, take_lock, write_notes
from fieldguide.desk.page import DeskPage, Stand, iso
from fieldguide.desk.state import Module, is_late
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.times import is_zone
from fieldguide.words import Words, speaking

_WORDS = Words("sheets")
say, count = _WORDS.say, _WORDS.count

#: What the names of places begin with in the form.
_PLACE = "at."
_LONGEST_NAME = 60


class ChooseSheet(DeskPage):
    """``GET desk/sheets``: whose sheet, and of which module. ``POST``: go to it."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        stand = await self.stand()
        self._show(stand, self.get_query_argument("module", ""), "", None, self.get_query_argument("entered", ""))

    @web.authenticated
    @authorized
    async def post(self) -> None:
        stand = await self.stand()
        module, given = self.get_body_argument("module", ""), self.get_body_argument("student", "").strip()
        student = stand.found.people.find(given)
        with speaking(self.language):
            one = self.module_of(stand, module)
            if student is None:
                self.set_status(422)
                problem = say("no_such_student", student=given) if given else say("no_student")
                self._show(stand, module, given, problem, "")
                return
        self.redirect(self.address("desk", "sheets", one.found.module, student), status=303)

    def _show(self, stand: Stand, module: str, student: str, problem: str | None, entered: str) -> None:
        with speaking(self.language):
            self.show(
                "sheets.html",
                modules=[one for one in stand.modules if one.found.made],
                students=stand.found.people.choices(stand.found.students),
                chosen=next((one for one in stand.modules if one.found.module == module), None),
                student=student,
                problem=problem,
                entered=stand.found.people.called(entered) if entered in stand.found.students else None,
                words=say,
            )


class EnterSheet(DeskPage):
    """``GET desk/sheets/<module>/<student>``: the sheet. ``POST``: look at what was typed, go back, or enter it."""

    @web.authenticated
    @authorized
    async def get(self, module: str, student: str) -> None:
        one, sheet = await self._sheet(module, student)
        self._show_sheet(one, sheet)

    @web.authenticated
    @authorized
    async def post(self, module: str, student: str) -> None:
        kind = self.get_body_argument("kind", "")
        if kind == "enter":
            one, sheet, answer = await self._enter(module, student)
        else:
            one, sheet = await self._sheet(module, student, anyway=True)
            answer = await self._ask(module, student, kind) if kind == "look" and may_enter(sheet) else {}
        if answer.get("trouble") or answer.get("problems"):
            self.set_status(422)
            self._show_sheet(one, sheet, self._typed(), answer)
        elif not may_enter(sheet) or kind not in ("look", "enter"):
            self._show_sheet(one, sheet, self._typed())
        elif kind == "enter":
            self.redirect(self.address("desk", "sheets") + f"?module={one.found.module}&entered={student}", status=303)
        else:
            self._show_look(one, sheet, answer)

    async def _enter(self, module: str, student: str) -> tuple[Module, dict[str, Any], dict[str, Any]]:
        """Enter the sheet where that can still be done; the module and the sheet as they are then, and what was
        answered. Collecting waits meanwhile, so that what a student handed in is not replaced."""
        stand = await self.stand()
        lock = take_lock(stand.course.root)
        try:
            answer = await self._list_anew(stand, lock)
            one, sheet = await self._sheet(module, student, anyway=True)
            if not answer and may_enter(sheet):
                answer = await self._ask(module, student, "enter")
                if "told" in answer:
                    self._note(stand.course, module, student)
        finally:
            if lock is not None:
                os.close(lock)
        return one, sheet, answer

    def _note(self, course: Course, module: str, student: str) -> None:
        """Keep that a sheet waits to be graded, which its time does not tell where it was entered before."""
        notes = read_notes(course.root)
        notes.entered[module] = sorted({*notes.entered.get(module, ()), student})
        try:
            write_notes(course.root, notes, shared=bool(course.settings["groupshared"]))
        except OSError as error:  # the sheet itself is entered
            self.log.warning("It could not be kept that a sheet of %s was entered: %s", student, error)

    async def _list_anew(self, stand: Stand, lock: int | None) -> dict[str, Any]:
        """Have it known what was handed in, of which an exchange that is no folder has to be asked; an answer with
        trouble where it does not tell, or other work has the lock."""
        with speaking(self.language):
            if lock is None:
                return {"trouble": Words("desk").say("other_work")}
            told = {} if stand.found.in_files else await self._answer("exchange")
            return {"trouble": Words("desk").say("exchange_silent", why=told["trouble"])} if told else {}

    async def _sheet(self, module: str, student: str, *, anyway: bool = False) -> tuple[Module, dict[str, Any]]:
        """The module, and the sheet of a student. Raises 404 where there is none of either, 422 with why not,
        and 503 while other work goes on, but ``anyway``: then nothing that was typed is lost."""
        stand = await self.stand()
        with speaking(self.language):
            one = self.module_of(stand, module)
            if student not in stand.found.students:
                raise RefusedError(404, say("no_such_student", student=student))
            sheet = await self._answer("sheet", module=module, student=student)
            if "trouble" in sheet:
                raise RefusedError(422, sheet["trouble"])
            if stand.working and not anyway:
                raise RefusedError(503, Words("desk").say("other_work"))
            waits = not sheet["own"] and student in one.found.handed_in
            own = sheet["own"] or waits
            # Whose sheet took the place of another person's would overrule them.
            taken = not self.teaches and not own and sheet["by"] not in (None, self.account)
            zone = {"zone": stand.notes.zone or stand.course.timezone, "guess": stand.notes.zone is None}
            people = stand.found.people
            told = {"student": student, "called": people.called(student), "own": own, "waits": waits, "taken": taken}
            told["by_whom"] = people.scorer
            return one, sheet | told | zone

    async def _ask(self, module: str, student: str, kind: str) -> dict[str, Any]:
        typed = self._typed()
        with speaking(self.language):
            if not typed["by"]:
                return {"problems": {}, "trouble": say("no_name")}
            places = {name.removeprefix(_PLACE): text for name, text in typed.items() if name.startswith(_PLACE)}
            # What was looked at is entered: "now" was then.
            at = (kind == "enter" and self.get_body_argument("moment", "")) or typed["at"].replace("T", " ") or None
            if not is_zone(typed["zone"]):
                return {"problems": {}, "trouble": Words("desk").say("no_zone", zone=typed["zone"])}
            about = {"by": typed["by"], "at": at, "zone": typed["zone"], "write": kind == "enter"}
            return await self._answer("enter", module=module, student=student, written=places, **about)

    async def _answer(self, question: str, **asked: Any) -> dict[str, Any]:
        try:
            return await self.elsewhere(lambda: ask(self.desk.start, question, **asked))
        except CourseError as error:
            return {"trouble": str(error)}

    def _typed(self) -> dict[str, str]:
        """What stands in the form."""
        names = [name for name in self.request.body_arguments if name.startswith(_PLACE)]
        typed = {name: self.get_body_argument(name, "", strip=False).replace("\r\n", "\n") for name in names}
        # An assistant enters sheets under the name of their account, and so in nobody else's.
        by = self.account if not self.teaches else " ".join(self.get_body_argument("by", "").split())[:_LONGEST_NAME]
        return typed | {"by": by, "at": self.get_body_argument("at", ""), "zone": self.get_body_argument("zone", "")}

    def _show_sheet(
        self,
        one: Module,
        sheet: dict[str, Any],
        typed: dict[str, str] | None = None,
        answer: dict[str, Any] | None = None,
    ) -> None:
        with speaking(self.language):
            self.show(
                "sheet.html",
                one=one,
                sheet=sheet,
                before=self._before(sheet),
                typed=typed or {"by": self.account, "at": "", "zone": sheet["zone"]},
                guess=typed is None and sheet["guess"],
                zones=sorted(available_timezones()),
                problems=(answer or {}).get("problems") or {},
                trouble=(answer or {}).get("trouble") or "",
                place=_PLACE,
                may_enter=may_enter(sheet),
                words=say,
                counted=count,
            )

    def _show_look(self, one: Module, sheet: dict[str, Any], answer: dict[str, Any]) -> None:
        typed, time = self._typed(), datetime.fromisoformat(answer["time"])
        at = typed["at"].replace("T", " ")
        with speaking(self.language):
            self.show(
                "sheet_look.html",
                one=one,
                sheet=sheet,
                before=self._before(sheet),
                told=answer["told"],
                empty=sum(not lines for _, lines in answer["told"]),
                time=(
                    timed(_WORDS, "handed_in_at", answer["time"], at=at, zone=typed["zone"])
                    if at
                    else timed(_WORDS, "handed_in", answer["time"])
                ),
                moment=f"{time} UTC",
                late=_late(one, sheet, time),
                typed=typed,
                words=say,
                counted=count,
            )

    def _before(self, sheet: dict[str, Any]) -> str | Markup:
        """What there is of this student already, in words; empty where it is nothing."""
        if sheet["waits"]:
            return say("own_waits", student=sheet["called"])
        if sheet["own"]:
            return say("own", student=sheet["called"])
        if sheet["by"] is None:
            return ""
        by = sheet["by_whom"](sheet["by"])
        if sheet["taken"]:
            return f"{say('taken', by=by)} {self.instructors}".strip()
        if sheet["time"] is None:
            return say("entered_once", by=by)
        return timed(_WORDS, "entered_before", sheet["time"], by=by)


def may_enter(sheet: dict[str, Any]) -> bool:
    """Whether what is typed into a sheet can be entered by who is here."""
    return not sheet["own"] and not sheet["taken"]


def _late(one: Module, sheet: dict[str, Any], time: datetime) -> str | Markup:
    """That a sheet came after the student's own due date, in words; empty where it did not."""
    student = sheet["student"]
    if one.found.due is None or not is_late(one.found, student, time):
        return ""
    due = one.found.due + one.found.extended.get(student, timedelta())
    return timed(_WORDS, "late", iso(due), student=sheet["called"])
