"""What a student submitted for a case and on a worksheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fieldguide.cases.model import Case
from fieldguide.cases.paths import CaseResponse, parse_case_response
from fieldguide.cases.worksheet.model import DANGER, Worksheet
from fieldguide.grading.submission import Submission
from fieldguide.grading.told import say
from fieldguide.items.words import say as say_of_item


@dataclass(frozen=True, slots=True)
class SubmittedCase:
    """What a student submitted for a case; ``reason`` is the short text of a case whose reason is not a graded
    essay."""

    response: CaseResponse
    reason: str | None

    @classmethod
    def read(cls, case: Case, submission: Submission) -> SubmittedCase:
        """What is on record for a case."""
        try:
            response = parse_case_response(case, submission.saved(case.id))
        except ValueError as error:
            response = CaseResponse(remark=say_of_item("unfit", reason=error))
        return cls(response, None if case.graded else submission.essays.get(case.id))

    def kept(self) -> dict[str, Any]:
        """What the graded notebook keeps of it for the page of feedback."""
        given = self.response
        response = {"paths": given.paths, "option": given.option, "certainty": given.certainty, "share": given.share}
        return {"response": {**response, "remark": given.remark}, "reason": self.reason}

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> SubmittedCase:
        """What a graded notebook kept."""
        response = dict(kept["response"])
        response["paths"] = tuple(tuple(path) for path in response["paths"])
        return cls(CaseResponse(**response), kept["reason"])


@dataclass(frozen=True, slots=True)
class SubmittedWorksheet:
    """What a student submitted on a worksheet: the answer about danger, the standards picked, a text for each step."""

    danger: str | None
    standards: tuple[str, ...]
    texts: dict[str, str]
    remark: str | None = None

    @classmethod
    def read(cls, worksheet: Worksheet, submission: Submission) -> SubmittedWorksheet:
        """What is on record for a worksheet. Standards that it no longer offers are left out."""
        ids = {step.name: f"{worksheet.id}.{step.name}" for step in worksheet.written()}
        texts = {step: submission.essays[text_id] for step, text_id in ids.items() if text_id in submission.essays}
        raw = submission.saved(worksheet.id)
        if not isinstance(raw, dict):
            remark = None if raw is None else say("worksheet_unfit")
            return cls(None, (), texts, remark)
        given, danger = raw.get("standards"), raw.get("danger")
        picked = {name for name in given if isinstance(name, str)} if isinstance(given, list) else set()
        offered = [name for step in worksheet.written() for name in step.offered]
        ticked = danger if isinstance(danger, str) and danger in DANGER else None
        return cls(ticked, tuple(name for name in offered if name in picked), texts)
