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
    counted = None if outcome.response is None else item.counted(outcome.response)
    # What is said of a place in an order tells which it is, so it waits until all is in order. So does the rationale of
    # what was not right, where it tells what would be.
    notes = [
        _note(row, row.label, row.right, row.why if row.right else row.miss or say("look_again"))
        for row in rows
        if row.given is not None and (not row.place or outcome.state == "right")
    ]
    return {
        "verdict": verdict,
        "title": say(f"verdict_{verdict}"),
        "score_text": counted or (_other_keys(item, rows) if outcome.state == "right" else None),
        "notes": notes,
    }


def reveal(item: Item) -> dict[str, Any]:
    """The answer, with every rationale."""
    rows = item.rows(None)
    notes = [_note(row, _answer(row), row.right or not row.option, row.why) for row in rows]
    score_text = _other_keys(item, rows)
    return {"verdict": "revealed", "title": say("verdict_revealed"), "score_text": score_text, "notes": notes}


def _answer(row: Row) -> str:
    if row.option or row.place:
        return row.label
    return f"{row.text} — {_any_of(row.best)}" if row.text else _any_of(row.best)


def _note(row: Row, label: str, right: bool, text: str) -> dict[str, Any]:
    part = "prompt" if row.prompts else "place" if row.place else "option"
    return {"is": part, "option": row.id, "label": label or None, "right": right, "text": text}


def _other_keys(item: Item, rows: list[Row]) -> str | None:
    """That another option would have been as right, where one was to choose."""
    keys = sum(row.right for row in rows)
    return say("counts_any", n=keys) if item.any_option and keys > 1 else None


def _any_of(answers: Sequence[str]) -> str:
    first, *others = answers
    return say("any_of", first=first, others="; ".join(others)) if others else first
