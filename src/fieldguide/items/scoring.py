"""Scoring: a pure function from an item and a response to an outcome.

Partial credit, stated here and nowhere else:

- choice of one option: all or nothing; where the key names several, any of them is right;
- choice of several, and hottext: options chosen rightly minus options chosen wrongly, over the number of keys,
  never below 0;
- match: prompts matched rightly over all prompts; where the key names several options for one, any of them is right;
- order: neighbors of the key that are neighbors in the response too, in the same order, over all neighbors;
- entry: all or nothing, with any form or number of the key. A number may be off by the tolerance. Capitals and
  spaces do not matter, nor how signs are written (see plaintext).

No response is unanswered, not wrong. A response of a form that the item cannot take is malformed: it
earns nothing, and the outcome says so. Essays are scored by people. An item that was withdrawn earns everybody
its points.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from fieldguide.items.model import Entry, Essay, Item, Match, Order, Selection
from fieldguide.items.numbers import read_number
from fieldguide.items.plaintext import plain

#: No entry that is asked for comes near this many characters.
_LONGEST_ENTRY = 200

#: What a student gave: option ids (choice, hottext; in order: order), prompt id to option id (match), a text (entry,
#: essay).
Response = tuple[str, ...] | dict[str, str] | str


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
    if raw is None:
        return None, None
    if isinstance(item, Selection):
        return _parse_selection(item, raw)
    if isinstance(item, Order):
        return _parse_order(item, raw)
    if isinstance(item, Match):
        return _parse_match(item, raw)
    if not isinstance(raw, str):
        raise ValueError("the response is no text")
    if isinstance(item, Entry) and len(raw) > _LONGEST_ENTRY:
        raise ValueError("the response is too long")
    if isinstance(item, Entry) and item.expect == "number" and raw.strip() and read_number(raw) is None:
        raise ValueError("the response is no number")
    return (raw if raw.strip() else None), None


def _parse_selection(item: Selection, raw: object) -> tuple[Response | None, str | None]:
    given = _option_ids(raw)
    chosen = tuple(option for option in item.options if option in given)
    if not item.several and len(chosen) > 1:
        raise ValueError("the response names several options where one was asked for")
    return chosen or None, _set_aside(sorted(set(given) - set(item.options)))


def _parse_order(item: Order, raw: object) -> tuple[Response | None, str | None]:
    given = _option_ids(raw)
    if len(set(given)) != len(given):
        raise ValueError("the response names an option twice")
    known = tuple(option for option in given if option in item.options)
    return known or None, _set_aside(sorted(set(given) - set(item.options)))


def _option_ids(raw: object) -> tuple[str, ...]:
    if not isinstance(raw, list | tuple) or not all(isinstance(option, str) for option in raw):
        raise ValueError("the response is no list of options")
    return tuple(raw)


def _parse_match(item: Match, raw: object) -> tuple[Response | None, str | None]:
    if not isinstance(raw, dict) or not all(isinstance(part, str) for pair in raw.items() for part in pair):
        raise ValueError("the response is no list of pairs")
    known = {prompt: raw[prompt] for prompt in item.prompts if raw.get(prompt) in item.options}
    return known or None, _set_aside(sorted(set(raw) - set(known)))


def _set_aside(unknown: list[str]) -> str | None:
    if not unknown:
        return None
    shown = ", ".join(name[:40] for name in unknown[:5])
    return f"Set aside, because this question has no such part: {shown}."


def score(item: Item, raw: object) -> Outcome:
    """The outcome of a raw response (a JSON value, or None) to a complete item.

    Raises ValueError when the item has no key: a student's edition cannot be scored.
    """
    if not item.complete:
        raise ValueError(f"item '{item.id}' has no key here, so it cannot be scored")
    try:
        response, remark = parse_response(item, raw)
    except ValueError as error:
        response, remark = None, f"Could not be read: {error}."
        if item.withdrawn is None:
            return Outcome("malformed", 0.0, item.maximum, None, remark)
    if item.withdrawn is not None:
        return Outcome("withdrawn", item.maximum, item.maximum, response, f"Why it was withdrawn: {item.withdrawn}")
    if response is None:
        return Outcome("unanswered", 0.0, item.maximum, None, remark)
    if isinstance(item, Essay):
        return Outcome("for_a_person", None, item.maximum, response, remark)
    fraction = _fraction(item, response)
    state = "right" if fraction == 1 else "wrong" if fraction == 0 else "partly"
    return Outcome(state, float(Fraction(item.maximum) * fraction), item.maximum, response, remark)


def _fraction(item: Item, response: Response) -> Fraction:
    if isinstance(item, Selection):
        right = sum(option in item.key for option in response)
        if not item.several:
            return Fraction(right)
        return max(Fraction(0), Fraction(2 * right - len(response), len(item.key)))
    if isinstance(item, Order):
        kept = set(pairwise(item.key)) & set(pairwise(response))
        return Fraction(len(kept), len(item.key) - 1)
    if isinstance(item, Entry):
        return Fraction(_is_accepted(item, str(response)))
    assert isinstance(item, Match) and isinstance(response, dict)
    right = sum(response.get(prompt) in item.right(prompt) for prompt in item.prompts)
    return Fraction(right, len(item.prompts))


def _is_accepted(item: Entry, response: str) -> bool:
    if item.expect == "number":
        given, tolerance = read_number(response), read_number(item.tolerance)
        wanted = [number for number in map(read_number, item.key) if number is not None]
        return given is not None and any(abs(given - number) <= (tolerance or 0) for number in wanted)
    return plain(response) in {plain(form) for form in item.key}
