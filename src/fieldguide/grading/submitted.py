"""What a student left for a case and on a worksheet, besides the answers to questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fieldguide.cases.paths import CaseResponse
from fieldguide.cases.worksheet import DANGER, Worksheet


@dataclass(frozen=True, slots=True)
class SubmittedCase:
    """What a student left for a case. ``reason`` is the short text of a case whose reason is no graded essay."""

    response: CaseResponse
    reason: str | None

    def kept(self) -> dict[str, Any]:
        """What the graded notebook keeps of it, so that feedback can say it again."""
        given = self.response
        response = {"paths": given.paths, "option": given.option, "certainty": given.certainty, "share": given.share}
        return {"response": {**response, "remark": given.remark}, "reason": self.reason}

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> SubmittedCase:
        """The answer that a graded notebook kept."""
        response = dict(kept["response"])
        response["paths"] = tuple(tuple(path) for path in response["paths"])
        return cls(CaseResponse(**response), kept["reason"])


@dataclass(frozen=True, slots=True)
class SubmittedWorksheet:
    """What a student left on a worksheet: what they said of danger, which standards they picked, a text for a step."""

    danger: str | None
    standards: tuple[str, ...]
    texts: dict[str, str]
    remark: str | None = None


def parse_worksheet(worksheet: Worksheet, raw: object, texts: dict[str, str]) -> SubmittedWorksheet:
    """The answer to a worksheet, out of what a record holds (any JSON value) and its texts by step.

    Standards that the worksheet no longer offers are left out.
    """
    if not isinstance(raw, dict):
        remark = None if raw is None else "Could not be read: what was ticked on the worksheet."
        return SubmittedWorksheet(None, (), texts, remark)
    given, danger = raw.get("standards"), raw.get("danger")
    picked = {name for name in given if isinstance(name, str)} if isinstance(given, list) else set()
    offered = [name for step in worksheet.written() for name in step.offered]
    said = danger if isinstance(danger, str) and danger in DANGER else None
    return SubmittedWorksheet(said, tuple(name for name in offered if name in picked), texts)
