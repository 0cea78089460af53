"""How long a cell takes a student, worked out by rule. docs/coverage.md tells the rule."""

from __future__ import annotations

from fieldguide.cases.model import Case
from fieldguide.cases.worksheet.model import Worksheet
from fieldguide.items import Item
from fieldguide.policy.reading import Policy

WORDS_A_MINUTE = 200
_CHOOSING = 0.5
_SENDING = 1.0
_A_STEP = 1.5
_A_HEADING = 2.0


def item_minutes(item: Item) -> float:
    """What one item takes: reading it, thinking, writing, and of a practice item the reasons too."""
    reasons = item.reasons() if item.use == "practice" else ()
    return _reading(item.stem, *item.parts(), *reasons) + item.thinking()


def case_minutes(case: Case) -> float:
    """What a case takes on its longest path, sending the decision and comparing included."""
    decision = case.decision
    texts = [case.vignette, decision.question, *decision.options.values(), decision.commentary or ""]
    return _path_minutes(case, case.start.id) + _reading(*texts, *decision.positions.values()) + _SENDING


def _path_minutes(case: Case, name: str) -> float:
    place = case.place(name)
    onward = [_CHOOSING + _path_minutes(case, to) for to in place.ways.values()]
    return _reading(*place.texts()) + max(onward, default=0.0)


def worksheet_minutes(worksheet: Worksheet) -> float:
    """What a worksheet takes: reading it, and each step that is to be written."""
    return _reading(*worksheet.texts()) + len(worksheet.written()) * _A_STEP


def policy_minutes(policy: Policy) -> float:
    """What a policy, or a part of one, takes: each of its headings."""
    return len(policy.headings) * _A_HEADING


def _reading(*texts: str) -> float:
    return sum(len(text.split()) for text in texts) / WORDS_A_MINUTE
