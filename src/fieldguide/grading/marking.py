"""Scoring and showing one answer. In a class many answers are alike, and each is worked out once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from fieldguide.grading.caserendering import case_for_scorer, worksheet_for_scorer
from fieldguide.grading.instructor import CasePart, Cell, GradedItem, WorksheetPart
from fieldguide.grading.pages import case_cell, cell_text, item_cell, worksheet_cell
from fieldguide.grading.rendering import inner_paragraphs
from fieldguide.grading.saving import digest
from fieldguide.grading.submission import Submission
from fieldguide.items import Essay, Outcome, score

#: Answers kept, and how long one may be written down: what students choose is short, what they write is not kept.
_KEPT = 1024
_LONGEST_KEPT = 300
#: Stands for what a student wrote or did. Words only, so that it is written the same in JSON and in HTML.
_HOLE = "what the student answered goes here 5f1d9c"


@dataclass(frozen=True, slots=True)
class Marked:
    """An answer: its score (None waits for a person), a digest of the response, and its cell of the graded notebook.

    ``fits`` is False where part of it, or all, had to be set aside because the question has no such part.
    """

    score: float | None
    digest: str
    cell: str
    fits: bool = True


class Marker:
    """Marks the answers of a class to the graded items of one notebook."""

    def __init__(self) -> None:
        self._kept = lru_cache(maxsize=_KEPT)(_mark_key)
        #: What is the same for everybody of the cells that differ for each, by the id of the cell.
        self._frames: dict[str, list[str]] = {}

    def mark(self, graded: GradedItem, submission: Submission) -> Marked:
        """The student's answer to an item, marked."""
        if isinstance(graded.item, Essay):
            outcome = submission.outcome(graded.item)
            return Marked(outcome.score, digest(outcome), self._essay_cell(graded, outcome))
        responses = submission.responses.get(graded.item.id)
        key = _Key(graded, responses.saved if responses else None)
        return self._kept(key) if len(key.written) <= _LONGEST_KEPT else _mark_key(key)

    def _essay_cell(self, graded: GradedItem, outcome: Outcome) -> str:
        """The cell of an essay. All but the student's text is the same for everybody, and far longer: made once."""
        if not isinstance(outcome.response, str) or outcome.remark:
            return cell_text(item_cell(graded, outcome))
        frame = self._frames.get(graded.cell["id"])
        if frame is None:
            hollow = Outcome(outcome.state, outcome.score, outcome.maximum, _HOLE)
            frame = self._frame(item_cell(graded, hollow))
        if len(frame) != 3:
            return cell_text(item_cell(graded, outcome))
        before, between, after = frame  # the text stands in the metadata, and then as paragraphs of the page
        written = _json(outcome.response)[1:-1]
        return f"{before}{written}{between}{inner_paragraphs(outcome.response)}{after}"

    def cell_of(self, part: CasePart | WorksheetPart, submission: Submission) -> str:
        """The cell of a case or a worksheet. The case itself is the same for everybody: it is written once."""
        frame = self._frames.get(part.cell["id"])
        if isinstance(part, WorksheetPart):
            told = worksheet_for_scorer(part.worksheet, submission.worksheet_answer(part.worksheet))
            before, after = frame or self._frame(worksheet_cell(part, _HOLE))
            return f"{before}{_json(told)[1:-1]}{after}"
        answer = submission.case_answer(part.case)
        told = case_for_scorer(part.case, answer, part.number)
        before, between, after = frame or self._frame(case_cell(part, _HOLE, _HOLE))
        # Where the answer goes into the metadata, the hole stands in quotation marks, as a text.
        return f"{before[:-1]}{_json(answer.kept())}{between[1:]}{_json(told)[1:-1]}{after}"

    def _frame(self, hollow: Cell) -> list[str]:
        """What stands around the holes of a cell."""
        frame = self._frames[hollow["id"]] = cell_text(hollow).split(_HOLE)
        return frame


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class _Key:
    """An item and a raw response, equal where both are written the same."""

    __slots__ = ("graded", "raw", "written")

    def __init__(self, graded: GradedItem, raw: Any) -> None:
        self.graded = graded
        self.raw = raw
        self.written = repr(raw)

    def __hash__(self) -> int:
        return hash((self.graded.number, self.written))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and (self.graded.number, self.written) == (other.graded.number, other.written)


def _mark_key(key: _Key) -> Marked:
    return _marked(key.graded, score(key.graded.item, key.raw))


def _marked(graded: GradedItem, outcome: Outcome) -> Marked:
    fits = outcome.remark is None or graded.item.withdrawn is not None
    return Marked(outcome.score, digest(outcome), cell_text(item_cell(graded, outcome)), fits)
