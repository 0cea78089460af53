"""A worksheet in play: what the student chose and wrote, and what there is to compare with."""

from __future__ import annotations

from typing import Any

from fieldguide.cases.worksheet import DANGER, THINK, Worksheet
from fieldguide.forms.form import Answer, Form
from fieldguide.responses import ResponseRecord


class WorksheetForm(Form):
    """The form of one worksheet. Its choices: whether anyone is in danger, and the standards that apply."""

    def __init__(self, worksheet: Worksheet, record: ResponseRecord | None, known: list[str]) -> None:
        names = tuple(step.name for step in worksheet.written())
        super().__init__(worksheet.id, names, record, known, worksheet.texts())
        self.worksheet = worksheet

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
        name, text = message.get("step"), message.get("text")
        if not isinstance(name, str) or name not in self.names:
            return None
        written = isinstance(text, str) and bool(text.strip())
        return Answer({"kind": "compared", "text": self.worksheet.step(name).compare if written else None})
