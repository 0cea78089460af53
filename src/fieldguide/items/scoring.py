"""Scoring: a pure function from an item and a response to an outcome.

How much of its points a response earns, each interaction type says itself (``fraction``), and nobody else does.

No response is unanswered, not wrong. A response of a form that the item cannot take is malformed: it
earns nothing, and the outcome says so. Essays are scored by people. An item that was withdrawn earns everybody
its points.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from fieldguide.items.item import Item, Response
from fieldguide.items.words import say


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a response earns.

    ``state`` is one of ``right``, ``partly``, ``wrong``, ``unanswered``, ``malformed``, ``withdrawn`` and
    ``for_a_person``; ``score`` is ``None`` only for the last. ``remark`` says in words what was set aside, if anything.
    """

    state: str
    score: float | None
    maximum: float
    response: Response | None = None
    remark: str | None = None


def parse_response(item: Item, raw: object) -> tuple[Response | None, str | None]:
    """Turn what a record holds (any JSON value) into a response to ``item``, and a remark if part was set aside.

    Options and prompts that the item no longer has are set aside. ``None`` and empty responses are no
    response. Raises ValueError, with words for a person, when the form is not one the item can take.
    """
    return (None, None) if raw is None else item.parse(raw)


def score(item: Item, raw: object) -> Outcome:
    """The outcome of a raw response (a JSON value, or None) to a complete item.

    Raises ValueError when the item has no key: a student's edition cannot be scored.
    """
    if not item.complete:
        raise ValueError(f"item '{item.id}' has no key here, so it cannot be scored")
    try:
        response, remark = parse_response(item, raw)
    except ValueError as error:
        response, remark = None, say("unfit", reason=error)
        if item.withdrawn is None:
            return Outcome("malformed", 0.0, item.maximum, None, remark)
    if item.withdrawn is not None:
        return Outcome("withdrawn", item.maximum, item.maximum, response, say("withdrawn", reason=item.withdrawn))
    if response is None:
        return Outcome("unanswered", 0.0, item.maximum, None, remark)
    fraction = item.fraction(response)
    if fraction is None:
        return Outcome("for_a_person", None, item.maximum, response, remark)
    state = "right" if fraction == 1 else "wrong" if fraction == 0 else "partly"
    return Outcome(state, float(Fraction(item.maximum) * fraction), item.maximum, response, remark)
