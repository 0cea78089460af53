"""An item, the response to it and its outcome as HTML: for the person who scores, and for the student.

The HTML has no line breaks, because it stands in Markdown cells, where a blank line would end it; and
every sign of a student's text that means something to HTML, Markdown or a formula is written as a
character reference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import lru_cache

from fieldguide.items import Essay, Item, Outcome, Row


class For(Enum):
    """Who reads: a scorer, a student, or a student who is not shown the best answer."""

    SCORER = "scorer"
    STUDENT = "student"
    STUDENT_WITHOUT_ANSWER = "student without answer"


_STATES = {
    "right": "Right",
    "partly": "Partly right",
    "wrong": "Not right",
    "unanswered": "No response",
    "malformed": "No readable response",
    "withdrawn": "Withdrawn, full credit for everybody",
    "for_a_person": "Scored by a person",
}


class _Signs(dict[int, str]):
    """What each sign is written as, worked out once: letters, digits and plain punctuation as they are."""

    def __missing__(self, sign: int) -> str:
        plain = re.match(r"[\w .,;:?’“”–—-]", chr(sign))
        written = chr(sign) if plain else "<br>" if sign == ord("\n") else f"&#{sign};"
        if sign < 0x3000:  # not all that there are, or one text could fill the memory
            self[sign] = written
        return written


_SIGNS = _Signs()


def escape(text: str) -> str:
    """Text that shows as it stands wherever HTML, Markdown or TeX is read."""
    return text.translate(_SIGNS)


#: What authors wrote, escaped: the same for every student of a class.
authored = lru_cache(maxsize=4096)(escape)


def points_text(value: float) -> str:
    """Points as people write them: at most two decimals, no trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def render_item(
    item: Item,
    outcome: Outcome,
    number: int,
    reader: For,
    *,
    score: float | None,
    comment: str | None = None,
    levels: Mapping[str, float] | None = None,
) -> str:
    """HTML of one item with its response.

    ``score`` is what to say that it earned, None while a person has yet to score it. ``comment`` is what a
    person wrote to the student, and ``levels`` the points they gave an essay by criterion.
    """
    heading = f"Question {number}"
    parts = [
        f'<h2 class="fg-heading">{heading}</h2>',
        *authored_paragraphs(item.stem),
        _response(item, outcome, reader, levels or {}),
        f'<p class="fg-verdict"><strong>{_verdict(item, outcome, score)}</strong></p>',
    ]
    if outcome.remark:
        parts.append(f"<p>{escape(outcome.remark)}</p>")
    if comment:
        parts.append(f"<p><strong>Comment:</strong> {escape(comment)}</p>")
    return section("".join(parts))


def section(inner: str) -> str:
    """One question or case. Nothing in it is mathematics, which the classes say."""
    return f'<div class="fg-item mathjax_ignore tex2jax_ignore">{inner}</div>'


def _verdict(item: Item, outcome: Outcome, score: float | None) -> str:
    state = _STATES[outcome.state]
    if score is None:
        return f"{state}: not scored yet, up to {points_text(item.maximum)} points."
    return f"{state}: {points_text(score)} of {points_text(item.maximum)} points."


def written_paragraphs(text: str) -> str:
    """What a student wrote, as paragraphs."""
    return "".join(f"<p>{escape(paragraph.strip())}</p>" for paragraph in text.split("\n\n"))


def authored_paragraphs(text: str) -> list[str]:
    """What an author wrote, as paragraphs."""
    return [f"<p>{authored(paragraph.strip())}</p>" for paragraph in text.split("\n\n")]


def folded(summary: str, inner: str) -> str:
    """What is at hand and takes one line until somebody opens it."""
    return f'<details class="fg-folded"><summary>{summary}</summary>{inner}</details>'


def folded_on_screen(summary: str, inner: str) -> str:
    """The same, and unfolded in print. It needs our style: a browser prints what is folded as its summary alone."""
    return f'{folded(summary, inner)}<div class="fg-printed"><p class="fg-label">{summary}</p>{inner}</div>'


def _response(item: Item, outcome: Outcome, reader: For, levels: Mapping[str, float]) -> str:
    if isinstance(item, Essay):
        return _essay(item, outcome, reader, levels)
    rows = item.rows(outcome.response)
    if item.form in ("one", "several"):
        return _selection(item, rows, reader)
    if item.form == "pairs":
        return _pairs(rows, reader)
    return _order(rows, reader) if item.form == "order" else _blank(item, rows, reader)


def _selection(item: Item, rows: list[Row], reader: For) -> str:
    shown = item.shown()
    passage = ""
    if "passage" in shown:
        pieces = [
            f"<u>{escape(piece['text'])}</u>" if piece["id"] else escape(piece["text"]) for piece in shown["passage"]
        ]
        passage = f"<blockquote>{''.join(pieces)}</blockquote>"
    tells = reader is not For.STUDENT_WITHOUT_ANSWER
    belongs = _belonging(item, rows)
    lines = []
    for row in rows:
        marks = []
        if row.given is not None:
            marks.append("chosen" if reader is For.SCORER else "your answer")
        if tells and row.right:
            marks.append(belongs)
        mark = f" <strong>[{', '.join(marks)}]</strong>" if marks else ""
        # A student reads why for what they chose and for the answer; a scorer reads every rationale.
        why = tells and (reader is For.SCORER or row.given is not None or row.right)
        rationale = f'<br><span class="fg-why">{escape(row.why)}</span>' if why else ""
        lines.append(f"<li>{escape(row.text)}{mark}{rationale}</li>")
    return f'{passage}<ul class="fg-options">{"".join(lines)}</ul>'


def _belonging(item: Item, rows: list[Row]) -> str:
    """What is said of an option of the key."""
    if item.form == "several":
        return "belongs to the answer"
    keys = sum(row.right for row in rows)
    return "best answer" if keys == 1 else f"one of {keys} best answers, each counts fully"


def _pairs(rows: list[Row], reader: For) -> str:
    tells = reader is not For.STUDENT_WITHOUT_ANSWER
    lines = []
    for row in rows:
        said = f"Chosen: {escape(row.given)}." if row.given is not None else "No choice."
        if tells:
            best = "" if row.right else f" Best answer: {_any_of(row.best)}."
            wrong = " <strong>[not right]</strong>" if row.given is not None else ""
            verdict = " <strong>[right]</strong>" if row.right else wrong
            said += f'{verdict}{best}<br><span class="fg-why">{escape(row.why)}</span>'
        lines.append(f"<li>{escape(row.text)}<br>{said}</li>")
    return f'<ul class="fg-options">{"".join(lines)}</ul>'


def _any_of(answers: Sequence[str]) -> str:
    """The best answer, and what counts as well."""
    first, *others = (escape(answer) for answer in answers)
    return f"{first} (counts too: {'; '.join(others)})" if others else first


def _order(rows: list[Row], reader: For) -> str:
    given = [escape(row.given) for row in rows if row.given is not None]
    parts = [_list("The response:", given)] if given else []
    if reader is not For.STUDENT_WITHOUT_ANSWER:
        lines = [f'{escape(row.text)}<br><span class="fg-why">{escape(row.why)}</span>' for row in rows]
        parts.append(_list("The best order:", lines))
    return "".join(parts)


def _list(label: str, lines: list[str]) -> str:
    entries = "".join(f"<li>{line}</li>" for line in lines)
    return f'<p class="fg-label">{label}</p><ol class="fg-options">{entries}</ol>'


def _blank(item: Item, rows: list[Row], reader: For) -> str:
    unit = item.shown().get("unit")
    after = f" {escape(unit)}" if unit else ""
    parts = []
    for row in rows:
        given = f"{escape(row.given)}{after}" if row.given is not None else "none"
        parts.append(f"<p>The response: {given}.</p>")
        if reader is not For.STUDENT_WITHOUT_ANSWER:
            parts.append(f"<p>The answer: {_any_of(row.best)}{after}. {escape(row.why)}</p>")
    return "".join(parts)


def _essay(item: Essay, outcome: Outcome, reader: For, given: Mapping[str, float]) -> str:
    text = outcome.response if isinstance(outcome.response, str) else None
    parts = ['<p class="fg-label">The answer:</p>' if text else ""]
    parts.append(f"<blockquote>{written_paragraphs(text)}</blockquote>" if text else "<p>No response.</p>")
    lines = []
    for name, criterion in item.rubric.items():
        levels = ""
        if reader is For.SCORER:
            steps = "".join(
                f"<li>{points}: {authored(level)}</li>" for points, level in sorted(criterion.levels.items())
            )
            levels = f"<ul>{steps}</ul>"
        said = f"{points_text(given[name])} of" if name in given else "up to"
        lines.append(f"<li>{authored(criterion.text)} ({said} {criterion.points} points){levels}</li>")
    parts.append(f'<p class="fg-label">Scored by:</p><ul class="fg-rubric">{"".join(lines)}</ul>')
    if item.profiles and reader is For.SCORER:
        parts.append(_profiles(item))
    elif item.exemplar and reader is not For.STUDENT_WITHOUT_ANSWER:
        exemplar = "".join(authored_paragraphs(item.exemplar))
        parts.append(f'<p class="fg-label">One good answer, among others:</p><blockquote>{exemplar}</blockquote>')
    return "".join(parts)


def _profiles(item: Essay) -> str:
    """Answers to hold the student's against, with what each earns and why. Students see the best alone, as exemplar."""
    parts = []
    for name, profile in sorted(item.profiles.items(), key=lambda part: -part[1].points):
        lines = "".join(
            f"<li>{authored(criterion.text)} ({profile.scores[key]} of {criterion.points} points)<br>"
            f'<span class="fg-why">{authored(profile.reasons[key])}</span></li>'
            for key, criterion in item.rubric.items()
        )
        told = f"{name.replace('-', ' ').capitalize()} ({profile.points} of {points_text(item.maximum)} points):"
        text = "".join(authored_paragraphs(profile.text))
        parts.append(
            f'<p class="fg-label">{escape(told)}</p><blockquote>{text}</blockquote><ul class="fg-rubric">{lines}</ul>'
        )
    return folded("To compare: whole answers, with what each earns", "".join(parts))
