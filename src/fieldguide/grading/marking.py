"""Scoring and rendering one response. Many responses of a class are alike; each is worked out once."""

from __future__ import annotations

from dataclasses import dataclass

from fieldguide.grading.instructor import GradedItem
from fieldguide.grading.pages import cell_text, item_cell
from fieldguide.grading.saving import digest
from fieldguide.grading.submission import Submission
from fieldguide.items import Outcome, score

#: How many responses are kept, and how long one may be: choices are short, and texts are not kept.
_KEPT = 1024
_LONGEST_KEPT = 300


@dataclass(frozen=True, slots=True)
class Marked:
    """A response with its score (None waits for a person), its digest, and its cell of the graded notebook as JSON.

    ``fits`` is False where part of it, or all, was set aside because the question does not have it.
    """

    score: float | None
    digest: str
    cell: str
    fits: bool = True


class Marker:
    """Marks the responses of a class to the graded items of one notebook."""

    def __init__(self) -> None:
        #: By the item's number and the repr() of the raw response, which distinguishes 1 from True.
        self._kept: dict[tuple[int, str], Marked] = {}

    def mark(self, graded: GradedItem, submission: Submission) -> Marked:
        """The response of a student to an item, marked."""
        if graded.item.BY_PERSON:
            return _marked(graded, submission.outcome(graded.item))
        responses = submission.responses.get(graded.item.id)
        raw = responses.saved if responses else None
        written = repr(raw)
        marked = self._kept.get((graded.number, written))
        if marked is None:
            marked = _marked(graded, score(graded.item, raw))
            if len(written) <= _LONGEST_KEPT and len(self._kept) < _KEPT:
                self._kept[graded.number, written] = marked
        return marked


def _marked(graded: GradedItem, outcome: Outcome) -> Marked:
    fits = outcome.remark is None or graded.item.withdrawn is not None
    return Marked(outcome.score, digest(outcome), cell_text(item_cell(graded, outcome)), fits)
