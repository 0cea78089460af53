"""What a reader is told of a question, the response to it and its outcome, in JSON's types and plain text.

What a reader may not know yet is left out here, and nowhere else: pages and data are made of what is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from fieldguide.items import Criterion, Essay, Item, Outcome, Row
from fieldguide.words import Words, in_figures

_WORDS = Words("rendering")
say, count = _WORDS.say, _WORDS.count


class For(Enum):
    """The reader: a scorer, a student, or a student who is not shown the best answer."""

    SCORER = "scorer"
    STUDENT = "student"
    STUDENT_WITHOUT_ANSWER = "student without answer"


def points_text(value: float) -> str:
    """Points as people write them: at most two decimals, no trailing zeros."""
    return in_figures(f"{value:.2f}".rstrip("0").rstrip("."))


def told_item(
    item: Item,
    outcome: Outcome,
    number: int,
    reader: For,
    *,
    score: float | None,
    comment: str | None = None,
    levels: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """What ``reader`` is told of one item with its response.

    ``score`` is what it earned, None while it waits for a person. ``comment`` is a person's comment for the student,
    and ``levels`` the points they gave an essay by criterion.
    """
    return {
        "is": "question",
        "id": item.id,
        "number": number,
        "title": say("question", number=number),
        "asked": item.stem,
        "form": "text" if isinstance(item, Essay) else "parts",
        "state": outcome.state,
        "points": score,
        "of": item.maximum,
        "verdict": _verdict(item, outcome, score),
        "remark": outcome.remark,
        "comment": comment or None,
        **_response(item, outcome, reader, levels or {}),
    }


def _verdict(item: Item, outcome: Outcome, score: float | None) -> str:
    state, most = say(f"state_{outcome.state}"), points_text(item.maximum)
    if score is None:
        return count("waits", item.maximum, state=state, n=most)
    return count("earned", item.maximum, state=state, points=points_text(score), n=most)


def _response(item: Item, outcome: Outcome, reader: For, levels: Mapping[str, float]) -> dict[str, Any]:
    if isinstance(item, Essay):
        return _essay(item, outcome, reader, levels)
    rows = item.rows(outcome.response)
    told: dict[str, Any] = {"passage": [{"text": text, "phrase": bool(phrase)} for text, phrase in item.pieces()]}
    places = [row for row in rows if row.place]
    if places:
        told |= {"label": say("the_response"), "given": [row.given for row in places if row.given is not None]}
    if reader is not For.STUDENT_WITHOUT_ANSWER:
        told |= {"best_label": say("best_order")} if places else {}
    else:
        rows = [row for row in rows if not row.place]  # which place is whose is the answer
    belongs = _belonging(item, rows)
    return told | {"parts": [_option(row, reader, belongs) if row.option else _filled(row, reader) for row in rows]}


def _option(row: Row, reader: For, belongs: str) -> dict[str, Any]:
    chosen = row.given is not None
    part: dict[str, Any] = {"text": row.text, "chosen": chosen, "marks": []}
    if chosen:
        part["marks"].append(say("chosen" if reader is For.SCORER else "your_answer"))
    if reader is not For.STUDENT_WITHOUT_ANSWER:
        part["right"] = row.right
        if row.right:
            part["marks"].append(belongs)
        # A student reads the rationale of the chosen option and of the answer; a scorer reads all of them.
        if reader is For.SCORER or chosen or row.right:
            part["why"] = row.why
    return part


def _belonging(item: Item, rows: list[Row]) -> str:
    """The words for an option of the key."""
    if not item.any_option:
        return say("belongs")
    keys = sum(row.right for row in rows)
    return say("best") if keys == 1 else count("one_of_best", keys)


def _filled(row: Row, reader: For) -> dict[str, Any]:
    """A part that is filled in, or a place in an order: what was given for those is told above them."""
    part: dict[str, Any] = {"text": row.text, "marks": []}
    after = f" {row.unit}" if row.unit else ""
    given = None if row.given is None else f"{row.given}{after}"
    if row.prompts:
        part |= {"given": given, "said": say("no_choice") if given is None else say("chosen_is", text=given)}
    elif not row.place:
        part |= {"given": given, "said": say("response_is", text=say("none") if given is None else given)}
    if reader is For.STUDENT_WITHOUT_ANSWER:
        return part
    part["why"] = row.why
    if row.place:
        return part
    part["right"] = row.right
    best = f"{_any_of(row.best)}{after}"
    if not row.prompts:
        part["best"] = say("answer_is", text=best)
    elif row.right:
        part["marks"].append(say("right"))
    else:
        part["marks"] += [say("not_right")] if given is not None else []
        part["best"] = say("best_is", text=best)
    return part


def _any_of(answers: Sequence[str]) -> str:
    """The best answer, and the others that count fully."""
    first, *others = answers
    return say("any_of", first=first, others="; ".join(others)) if others else first


def _essay(item: Essay, outcome: Outcome, reader: For, given: Mapping[str, float]) -> dict[str, Any]:
    text = outcome.response if isinstance(outcome.response, str) else None
    told: dict[str, Any] = {
        "label": say("the_answer") if text else say("no_response"),
        "given": text or None,
        "rubric_label": say("scored_by"),
        "rubric": [_criterion(criterion, given.get(name), reader) for name, criterion in item.rubric.items()],
    }
    if item.profiles and reader is For.SCORER:
        told |= {"profiles_label": say("profiles"), "profiles": _profiles(item)}
    elif item.exemplar and reader is not For.STUDENT_WITHOUT_ANSWER:
        told |= {"exemplar_label": say("exemplar"), "exemplar": item.exemplar}
    return told


def _criterion(criterion: Criterion, points: float | None, reader: For) -> dict[str, Any]:
    told: dict[str, Any] = {"points": points, "of": criterion.points, "said": _scored(criterion, points)}
    if reader is For.SCORER:
        told["levels"] = [f"{earned}: {level}" for earned, level in sorted(criterion.levels.items())]
    return told


def _scored(criterion: Criterion, points: float | None) -> str:
    """A criterion with the points it earned, or those it can earn."""
    most = criterion.points
    if points is None:
        return count("criterion_open", most, text=criterion.text, n=most)
    return count("criterion_given", most, text=criterion.text, points=points_text(points), n=most)


def _profiles(item: Essay) -> list[dict[str, Any]]:
    """Sample answers to compare with, what each earns and why. Students see only the best one, as exemplar."""
    told = []
    for name, profile in sorted(item.profiles.items(), key=lambda part: -part[1].points):
        named, most = name.replace("-", " ").capitalize(), points_text(item.maximum)
        told.append(
            {
                "label": count("profile", item.maximum, name=named, points=profile.points, n=most),
                "text": profile.text,
                "rubric": [
                    {"said": _scored(criterion, profile.scores[key]), "why": profile.reasons[key]}
                    for key, criterion in item.rubric.items()
                ],
            }
        )
    return told
