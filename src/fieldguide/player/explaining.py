"""Feedback on an attempt at a practice item: which rationale is shown, and when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fieldguide.items import Entry, Item, Match, Order, Outcome, Selection
from fieldguide.player.words import say

_VERDICTS = {"right": "right", "partly": "partly", "wrong": "not_yet"}


def explain(item: Item, outcome: Outcome) -> dict[str, Any]:
    """Feedback on an attempt: the rationale of what was chosen, and nothing of what was not."""
    verdict = _VERDICTS[outcome.state]
    notes: list[dict[str, Any]] = []
    if isinstance(item, Selection) and isinstance(outcome.response, tuple):
        notes = [
            _note(option, item.options[option], option in item.key, item.rationale[option])
            for option in outcome.response
        ]
    elif isinstance(item, Match) and isinstance(outcome.response, dict):
        for prompt, option in outcome.response.items():
            right = option in item.right(prompt)
            # The rationale of a prompt tells where it belongs, so it waits until that was found.
            text = item.rationale[prompt] if right else say("look_again")
            notes.append(_note(prompt, item.prompts[prompt], right, text))
    elif isinstance(item, Order) and outcome.state == "right":
        # What is said of a place tells which it is, so it waits until all is in order.
        notes = _in_order(item)
    elif isinstance(item, Entry):
        right = outcome.state == "right"
        notes = [_note(None, None, right, item.rationale["right" if right else "other"])]
    return {
        "verdict": verdict,
        "title": say(f"verdict_{verdict}"),
        "score_text": _counts(item, outcome),
        "notes": notes,
    }


def reveal(item: Item) -> dict[str, Any]:
    """The answer, with every rationale."""
    notes: list[dict[str, Any]] = []
    if isinstance(item, Selection):
        notes = [
            _note(option, text, option in item.key, item.rationale[option]) for option, text in item.options.items()
        ]
    elif isinstance(item, Match):
        notes = [
            _note(prompt, f"{text} — {_any_of(_right_texts(item, prompt))}", True, item.rationale[prompt])
            for prompt, text in item.prompts.items()
        ]
    elif isinstance(item, Order):
        notes = _in_order(item)
    elif isinstance(item, Entry):
        accepted = _any_of(item.key) if item.expect == "number" else item.key[0]  # others are ways to write the same
        notes = [_note(None, accepted, True, item.rationale["right"])]
    return {"verdict": "revealed", "title": say("verdict_revealed"), "score_text": _any_counts(item), "notes": notes}


def _in_order(item: Order) -> list[dict[str, Any]]:
    return [
        _note(option, f"{place}. {item.options[option]}", True, item.rationale[option])
        for place, option in enumerate(item.key, 1)
    ]


def _note(part: str | None, label: str | None, right: bool, text: str) -> dict[str, Any]:
    return {"option": part, "label": label, "right": right, "text": text}


def _counts(item: Item, outcome: Outcome) -> str | None:
    if isinstance(item, Match) and isinstance(outcome.response, dict):
        right = sum(option in item.right(prompt) for prompt, option in outcome.response.items())
        return say("counts_match", right=right, total=len(item.prompts))
    if isinstance(item, Order) and isinstance(outcome.response, tuple):
        kept = item.neighbors(outcome.response)
        return say("counts_order", right=kept, total=len(item.key) - 1)
    if isinstance(item, Selection) and item.several and isinstance(outcome.response, tuple):
        right = sum(option in item.key for option in outcome.response)
        return say("counts_several", right=right, total=len(item.key), wrong=len(outcome.response) - right)
    return _any_counts(item) if outcome.state == "right" else None


def _any_counts(item: Item) -> str | None:
    """That another option would have been as right, where one was to choose."""
    if isinstance(item, Selection) and not item.several and len(item.key) > 1:
        return say("counts_any", n=len(item.key))
    return None


def _right_texts(item: Match, prompt: str) -> list[str]:
    return [item.options[option] for option in item.right(prompt)]


def _any_of(answers: Sequence[str]) -> str:
    first, *others = answers
    return say("any_of", first=first, others="; ".join(others)) if others else first
