"""An item, the response to it and its outcome as HTML, for scorers and for students.

The HTML has no line breaks, because it is in Markdown cells, where a blank line would end it; every character of a
student's text that means something to HTML, Markdown or a formula is written as a character reference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import lru_cache

from fieldguide.items import Criterion, Essay, Item, Outcome, Row
from fieldguide.words import ENGLISH, Words, in_figures, in_html, spoken

_WORDS = Words("rendering")
say, count = _WORDS.say, _WORDS.count


class For(Enum):
    """The reader: a scorer, a student, or a student who is not shown the best answer."""

    SCORER = "scorer"
    STUDENT = "student"
    STUDENT_WITHOUT_ANSWER = "student without answer"


class _Signs(dict[int, str]):
    """The escaped form of each character, computed once; letters, digits and plain punctuation stay as they are."""

    def __missing__(self, sign: int) -> str:
        plain = re.match(r"[\w .,;:?’“”–—-]", chr(sign))
        written = chr(sign) if plain else "<br>" if sign == ord("\n") else f"&#{sign};"
        if sign < 0x3000:  # a limited number, or one text could fill the memory
            self[sign] = written
        return written


_SIGNS = _Signs()


def escape(text: str) -> str:
    """A text that shows unchanged wherever HTML, Markdown or TeX is read."""
    return text.translate(_SIGNS)


#: What authors wrote, escaped: the same for every student of a class.
authored = lru_cache(maxsize=4096)(escape)


def points_text(value: float) -> str:
    """Points as people write them: at most two decimals, no trailing zeros."""
    return in_figures(f"{value:.2f}".rstrip("0").rstrip("."))


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

    ``score`` is what it earned, None while it waits for a person. ``comment`` is a person's comment for the student,
    and ``levels`` the points they gave an essay by criterion.
    """
    parts = [
        f'<h2 class="fg-heading">{say("question", number=number)}</h2>',
        *authored_paragraphs(item.stem),
        _response(item, outcome, reader, levels or {}),
        f'<p class="fg-verdict"><strong>{_verdict(item, outcome, score)}</strong></p>',
    ]
    if outcome.remark:
        parts.append(f"<p>{escape(outcome.remark)}</p>")
    if comment:
        parts.append(f"<p><strong>{say('comment')}</strong> {escape(comment)}</p>")
    return section("".join(parts))


def section(inner: str) -> str:
    """One question or case, marked so that nothing in it is rendered as mathematics."""
    return f'<div class="fg-item mathjax_ignore tex2jax_ignore"{language()}>{inner}</div>'


def language() -> str:
    """The language of a part as an attribute: nbgrader's pages around it are in English."""
    return "" if spoken() == ENGLISH else f" {in_html()}"


def _verdict(item: Item, outcome: Outcome, score: float | None) -> str:
    state, most = say(f"state_{outcome.state}"), points_text(item.maximum)
    if score is None:
        return count("waits", item.maximum, state=state, n=most)
    return count("earned", item.maximum, state=state, points=points_text(score), n=most)


def written_paragraphs(text: str) -> str:
    """A student's text, as paragraphs."""
    return "".join(f"<p>{escape(paragraph.strip())}</p>" for paragraph in text.split("\n\n"))


def authored_paragraphs(text: str) -> list[str]:
    """An author's text, as paragraphs."""
    return [f"<p>{authored(paragraph.strip())}</p>" for paragraph in text.split("\n\n")]


def folded(summary: str, inner: str) -> str:
    """A text that is folded to one line until somebody opens it."""
    return f'<details class="fg-folded"><summary>{summary}</summary>{inner}</details>'


def folded_on_screen(summary: str, inner: str) -> str:
    """The same, but unfolded in print, by our style: a browser prints only the summary of folded text."""
    return f'{folded(summary, inner)}<div class="fg-printed"><p class="fg-label">{summary}</p>{inner}</div>'


def _response(item: Item, outcome: Outcome, reader: For, levels: Mapping[str, float]) -> str:
    if isinstance(item, Essay):
        return _essay(item, outcome, reader, levels)
    rows = item.rows(outcome.response)
    if item.form in ("one", "several"):
        return _selection(item, rows, reader)
    if item.form == "pairs":
        return _pairs(rows, reader)
    return _order(rows, reader) if item.form == "order" else _blank(rows, reader)


def _selection(item: Item, rows: list[Row], reader: For) -> str:
    passage = "".join(f"<u>{escape(text)}</u>" if phrase else escape(text) for text, phrase in item.pieces())
    passage = passage and f"<blockquote>{passage}</blockquote>"
    tells = reader is not For.STUDENT_WITHOUT_ANSWER
    belongs = _belonging(item, rows)
    lines = []
    for row in rows:
        marks = []
        if row.given is not None:
            marks.append(say("chosen" if reader is For.SCORER else "your_answer"))
        if tells and row.right:
            marks.append(belongs)
        mark = f" <strong>[{', '.join(marks)}]</strong>" if marks else ""
        # A student reads the rationale of the chosen option and of the answer; a scorer reads all of them.
        why = tells and (reader is For.SCORER or row.given is not None or row.right)
        rationale = f'<br><span class="fg-why">{escape(row.why)}</span>' if why else ""
        lines.append(f"<li>{escape(row.text)}{mark}{rationale}</li>")
    return f'{passage}<ul class="fg-options">{"".join(lines)}</ul>'


def _belonging(item: Item, rows: list[Row]) -> str:
    """The words for an option of the key."""
    if item.form == "several":
        return say("belongs")
    keys = sum(row.right for row in rows)
    return say("best") if keys == 1 else count("one_of_best", keys)


def _pairs(rows: list[Row], reader: For) -> str:
    tells = reader is not For.STUDENT_WITHOUT_ANSWER
    lines = []
    for row in rows:
        said = say("chosen_is", text=escape(row.given)) if row.given is not None else say("no_choice")
        if tells:
            best = "" if row.right else f" {say('best_is', text=_any_of(row.best))}"
            wrong = f" <strong>[{say('not_right')}]</strong>" if row.given is not None else ""
            verdict = f" <strong>[{say('right')}]</strong>" if row.right else wrong
            said += f'{verdict}{best}<br><span class="fg-why">{escape(row.why)}</span>'
        lines.append(f"<li>{escape(row.text)}<br>{said}</li>")
    return f'<ul class="fg-options">{"".join(lines)}</ul>'


def _any_of(answers: Sequence[str]) -> str:
    """The best answer, and the others that count fully."""
    first, *others = (escape(answer) for answer in answers)
    return say("any_of", first=first, others="; ".join(others)) if others else first


def _order(rows: list[Row], reader: For) -> str:
    given = [escape(row.given) for row in rows if row.given is not None]
    parts = [_list(say("the_response"), given)] if given else []
    if reader is not For.STUDENT_WITHOUT_ANSWER:
        lines = [f'{escape(row.text)}<br><span class="fg-why">{escape(row.why)}</span>' for row in rows]
        parts.append(_list(say("best_order"), lines))
    return "".join(parts)


def _list(label: str, lines: list[str]) -> str:
    entries = "".join(f"<li>{line}</li>" for line in lines)
    return f'<p class="fg-label">{label}</p><ol class="fg-options">{entries}</ol>'


def _blank(rows: list[Row], reader: For) -> str:
    parts = []
    for row in rows:
        after = f" {escape(row.unit)}" if row.unit else ""
        given = f"{escape(row.given)}{after}" if row.given is not None else say("none")
        parts.append(f"<p>{say('response_is', text=given)}</p>")
        if reader is not For.STUDENT_WITHOUT_ANSWER:
            answer = say("answer_is", text=f"{_any_of(row.best)}{after}")
            parts.append(f"<p>{answer} {escape(row.why)}</p>")
    return "".join(parts)


def _essay(item: Essay, outcome: Outcome, reader: For, given: Mapping[str, float]) -> str:
    text = outcome.response if isinstance(outcome.response, str) else None
    parts = [f'<p class="fg-label">{say("the_answer")}</p>' if text else ""]
    parts.append(f"<blockquote>{written_paragraphs(text)}</blockquote>" if text else f"<p>{say('no_response')}</p>")
    lines = []
    for name, criterion in item.rubric.items():
        levels = ""
        if reader is For.SCORER:
            steps = "".join(
                f"<li>{points}: {authored(level)}</li>" for points, level in sorted(criterion.levels.items())
            )
            levels = f"<ul>{steps}</ul>"
        lines.append(f"<li>{_scored(criterion, given.get(name))}{levels}</li>")
    parts.append(f'<p class="fg-label">{say("scored_by")}</p><ul class="fg-rubric">{"".join(lines)}</ul>')
    if item.profiles and reader is For.SCORER:
        parts.append(_profiles(item))
    elif item.exemplar and reader is not For.STUDENT_WITHOUT_ANSWER:
        exemplar = "".join(authored_paragraphs(item.exemplar))
        parts.append(f'<p class="fg-label">{say("exemplar")}</p><blockquote>{exemplar}</blockquote>')
    return "".join(parts)


def _scored(criterion: Criterion, points: float | None) -> str:
    """A criterion with the points it earned, or those it can earn."""
    text, most = authored(criterion.text), criterion.points
    if points is None:
        return count("criterion_open", most, text=text, n=most)
    return count("criterion_given", most, text=text, points=points_text(points), n=most)


def _profiles(item: Essay) -> str:
    """Sample answers to compare with, what each earns and why. Students see only the best one, as exemplar."""
    parts = []
    for name, profile in sorted(item.profiles.items(), key=lambda part: -part[1].points):
        lines = "".join(
            f"<li>{_scored(criterion, profile.scores[key])}<br>"
            f'<span class="fg-why">{authored(profile.reasons[key])}</span></li>'
            for key, criterion in item.rubric.items()
        )
        title, most = name.replace("-", " ").capitalize(), points_text(item.maximum)
        told = count("profile", item.maximum, name=title, points=profile.points, n=most)
        text = "".join(authored_paragraphs(profile.text))
        parts.append(
            f'<p class="fg-label">{escape(told)}</p><blockquote>{text}</blockquote><ul class="fg-rubric">{lines}</ul>'
        )
    return folded(say("profiles"), "".join(parts))
