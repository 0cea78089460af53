"""Feedback on an attempt at a practice item: which rationale is shown, and when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fieldguide.items import Item, Outcome, Row
from fieldguide.player.words import say

_VERDICTS = {"right": "right", "partly": "partly", "wrong": "not_yet"}


def explain(item: Item, outcome: Outcome) -> dict[str, Any]:
    """Feedback on an attempt: the rationale of what was given, and nothing of what was not."""
    verdict = _VERDICTS[outcome.state]
    rows = item.rows(outcome.response)
    if item.form == "order":
        # What is said of a place tells which it is, so it waits until all is in order.
        notes = _in_order(rows) if outcome.state == "right" else []
    else:
        # So does the rationale of what was not right, where it tells what would be.
        notes = [
            _note(row.id, row.text or None, row.right, row.why if row.right else row.miss or say("look_again"))
            for row in rows
            if row.given is not None
        ]
    return {
        "verdict": verdict,
        "title": say(f"verdict_{verdict}"),
        "score_text": _counts(item, rows, outcome),
        "notes": notes,
    }


def reveal(item: Item) -> dict[str, Any]:
    """The answer, with every rationale."""
    rows = item.rows(None)
    if item.form == "order":
        notes = _in_order(rows)
    elif item.form in ("one", "several"):
        notes = [_note(row.id, row.text, row.right, row.why) for row in rows]
    else:
        labels = [f"{row.text} — {_any_of(row.best)}" if row.text else _any_of(row.best) for row in rows]
        notes = [_note(row.id, label, True, row.why) for label, row in zip(labels, rows, strict=True)]
    score_text = _other_keys(item, rows)
    return {"verdict": "revealed", "title": say("verdict_revealed"), "score_text": score_text, "notes": notes}


def _in_order(rows: list[Row]) -> list[dict[str, Any]]:
    return [_note(row.id, f"{place}. {row.text}", True, row.why) for place, row in enumerate(rows, 1)]


def _note(part: str | None, label: str | None, right: bool, text: str) -> dict[str, Any]:
    return {"option": part, "label": label, "right": right, "text": text}


def _counts(item: Item, rows: list[Row], outcome: Outcome) -> str | None:
    """How much of a response was right, where there are parts to count."""
    given = [row for row in rows if row.given is not None]
    right = sum(row.right for row in given)
    if item.form == "pairs":
        return say("counts_match", right=right, total=len(rows))
    if item.form == "order" and outcome.response is not None:
        neighbors = len(rows) - 1
        return say("counts_order", right=int((item.fraction(outcome.response) or 0) * neighbors), total=neighbors)
    if item.form == "several":
        return say("counts_several", right=right, total=sum(row.right for row in rows), wrong=len(given) - right)
    return _other_keys(item, rows) if outcome.state == "right" else None


def _other_keys(item: Item, rows: list[Row]) -> str | None:
    """That another option would have been as right, where one was to choose."""
    keys = sum(row.right for row in rows)
    return say("counts_any", n=keys) if item.form == "one" and keys > 1 else None


def _any_of(answers: Sequence[str]) -> str:
    first, *others = answers
    return say("any_of", first=first, others="; ".join(others)) if others else first
