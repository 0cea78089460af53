"""A worksheet in play: what the student chose and wrote, and what there is to compare with."""

from __future__ import annotations

from typing import Any

from fieldguide.cases.worksheet.model import DANGER, THINK, Step, Worksheet
from fieldguide.cases.worksheet.printed import printed_worksheet
from fieldguide.forms.form import Form
from fieldguide.player.openmodule import OpenModule
from fieldguide.player.printed import Printed
from fieldguide.player.session import Answer, is_written
from fieldguide.responses import ResponseRecord


class WorksheetSession(Form):
    """The form of one worksheet. Its choices: whether anyone is in danger, and the standards that apply."""

    page = "worksheet"

    def __init__(self, worksheet: Worksheet, record: ResponseRecord | None, known: list[str]) -> None:
        names = tuple(step.name for step in worksheet.written())
        super().__init__(worksheet.id, names, record, known, worksheet.texts())
        self.worksheet = worksheet

    @classmethod
    def open(cls, worksheet: Worksheet, module: OpenModule) -> WorksheetSession:
        """The session of a worksheet in a module."""
        return cls(worksheet, module.record, module.known)

    def public(self) -> dict[str, Any]:
        """What the page is told first: not yet the texts to compare with."""
        return {
            "id": self.id,
            "preview": self.record is None,
            "title": self.worksheet.title,
            "intro": self.worksheet.intro,
            "danger": DANGER,
            "steps": [_public(step) for step in self.worksheet.steps],
        }

    def printed(self) -> Printed:
        """The worksheet with the choices marked."""
        self.look()
        written = {name for name in self.names if self.essay(name)[0]}
        return printed_worksheet(self.worksheet, self.choices(), written)

    def read_choices(self, raw: object) -> dict[str, Any]:
        """The choices in what is on record or was sent; what the worksheet does not offer is set aside."""
        given = raw if isinstance(raw, dict) else {}
        danger, standards = given.get("danger"), given.get("standards")
        offered = self.worksheet.step(THINK).offered
        chosen = [one for one in standards if isinstance(one, str)] if isinstance(standards, list) else []
        return {
            "danger": danger if isinstance(danger, str) and danger in DANGER else None,
            "standards": [standard for standard in offered if standard in chosen],
        }

    def answer(self, kind: object, message: dict[str, Any]) -> Answer | None:
        """The text to compare with crosses to the page only when something was written to compare."""
        if kind != "compare":
            return super().answer(kind, message)
        name = message.get("step")
        if not isinstance(name, str) or name not in self.names:
            return None
        text = self.worksheet.step(name).compare if is_written(message.get("text")) else None
        return Answer({"kind": "compared", "text": text})


def _public(step: Step) -> dict[str, object]:
    return {
        "name": step.name,
        "worked": step.worked,
        "blank": step.blank,
        "offered": _pairs(step.offered),
        "standards": _pairs(step.standards),
        "compare": step.compare is not None,
    }


def _pairs(standards: dict[str, str]) -> list[dict[str, str]]:
    return [{"id": name, "gist": gist} for name, gist in standards.items()]
