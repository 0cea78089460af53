"""The feedback page: one HTML file to read, which fetches nothing, and in it the same as data.

An exchange returns nothing but a page for each notebook. So what the page tells is in it a second time, for the course
page to read (``coursepage/returned.py``): the page is made of that data, and so holds nothing that the data lacks.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from fieldguide.cells.kind import Kind
from fieldguide.cells.kinds import ITEM, KINDS
from fieldguide.grading.embedded import VERSION, embedded
from fieldguide.grading.instructor import Cell, language_of
from fieldguide.grading.pages import notes_html
from fieldguide.grading.parts import rendering_of
from fieldguide.grading.rendering import authored_paragraphs, blocks_html, folded_on_screen, item_html, section
from fieldguide.grading.told import For, points_text, told_item
from fieldguide.grading.told import say as say_of_item
from fieldguide.items import score
from fieldguide.look import variables
from fieldguide.words import Words, in_html, speaking, spoken

_WORDS = Words("feedback")
say, count = _WORDS.say, _WORDS.count

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CellMark:
    """The gradebook's mark of one graded cell; a ``score`` of None waits for a person.

    ``levels`` are the points that a person gave by criterion, empty where they gave only a sum, and ``answers`` what
    they said to requests, by the time of the request.
    """

    score: float | None
    comment: str | None
    levels: dict[str, float] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)


def feedback_page(
    module: str, metadata: dict[str, Any], cells: list[Cell], given: dict[str, CellMark], penalty: float, reader: For
) -> str:
    """The page for one student: the graded notebook with the gradebook's scores.

    ``given`` maps the ids of items to their marks; ``penalty`` was taken off for late submission.
    """
    with speaking(language_of(metadata)):
        return _page(told_feedback(module, metadata, cells, given, penalty, reader))


def told_feedback(
    module: str, metadata: dict[str, Any], cells: list[Cell], given: dict[str, CellMark], penalty: float, reader: For
) -> Told:
    """What the page tells, in JSON's types and plain text, in the language that is spoken."""
    parts = [part for cell in cells if (part := _part(cell, given, reader)) is not None]
    maximum = sum(part["of"] for part in parts if part["is"] == "question")
    waits = any(mark.score is None for mark in given.values())
    earned = sum(mark.score or 0.0 for mark in given.values()) - penalty
    title = metadata["fieldguide"].get("title") or module
    # As on the page, the check questions come with their answers only where answers are shown at all.
    explained = metadata["fieldguide"].get("explained", []) if reader is not For.STUDENT_WITHOUT_ANSWER else []
    return {
        "v": VERSION,
        "module": module,
        "language": spoken(),
        "title": say("title", title=title),
        "total": told_total(earned, maximum, penalty, waits) if maximum else None,
        "parts": parts,
        "checks": [_check(number, question) for number, question in enumerate(explained, 1)],
    }


def _part(cell: Cell, given: Mapping[str, CellMark], reader: For) -> Told | None:
    """What is told of one cell of the graded notebook; None where that is nothing."""
    kept = cell["metadata"].get("fieldguide")
    if kept is None:
        return None
    if "notes" in kept:
        return {"is": "notes", "notes": kept["notes"]} if kept["notes"] else None
    kind = next((kind for kind in KINDS if kind.rendering and kind.name in kept), None)
    if kind:
        asked = _read(kind, kept[kind.name])
        blocks = rendering_of(kind).for_student(asked, kept["answer"], kept["number"], reader)
        return {"is": "shown", "kind": kind.name, "cell": cell["id"], "blocks": blocks}
    item = ITEM.read(ITEM.below(kept["item"]), "the graded notebook", 1)
    mark = given[item.id]
    outcome = score(item, kept["response"])
    told = told_item(item, outcome, kept["number"], reader, score=mark.score, comment=mark.comment, levels=mark.levels)
    answers = [{"asked": asked, "said": said} for asked, said in mark.answers.items()]
    return {**told, "answers": answers, "wording": wording(kept["item"])}


@lru_cache(maxsize=1024)
def wording(source: str) -> str:
    """What tells one wording of an item from another: of what students are handed, so that no key is in it.

    ``source`` is the source of the item's cell with everything private. Returns 16 hexadecimal digits.
    """
    public = ITEM.edition_text(ITEM.below(source), "the graded notebook", 1)
    return hashlib.sha256(public.strip().encode()).hexdigest()[:16]


@lru_cache(maxsize=64)
def _read(kind: Kind[Any], source: str) -> Any:
    """What a cell asks, read once for a whole class."""
    return kind.read(kind.below(source), "the graded notebook", 1)


def told_total(earned: float, maximum: float, penalty: float, waits: bool) -> Told:
    """The score of a module after ``penalty`` was taken off, in points, and the sentence that tells a student of it."""
    most = points_text(maximum)
    said = count("total_so_far" if waits else "total", maximum, points=points_text(earned), n=most)
    if penalty:
        said = count("late", penalty, total=said, n=points_text(penalty))
    said = say("waits" if waits else "whole", total=said)
    return {"points": earned, "of": maximum, "penalty": penalty, "waits": waits, "said": said}


def _check(number: int, question: dict[str, str]) -> Told:
    """A check question with its answer, the same for all students, without anything of their responses."""
    told = {name: question[name] for name in ("question", "answer", "why")}
    return {"title": say_of_item("question", number=number), **told}


# -- the page --------------------------------------------------------------------------------------


def _page(told: Told) -> str:
    total = told["total"]
    return _PAGE.format(
        language=in_html(),
        title=html.escape(told["title"]),
        told=say("score", total=f"<strong>{total['said']}</strong>") if total else say("no_score"),
        sections="\n".join([*(_section(part) for part in told["parts"]), *_checks(told["checks"])]),
        style=f"{variables()}\n{_STYLE.read_text(encoding='utf-8')}",
        data=embedded(told),
    )


def _section(part: Told) -> str:
    if part["is"] == "question":
        return item_html(part)
    if part["is"] == "notes":
        return notes_html(part["notes"])
    return section(blocks_html(part["blocks"], folded_on_screen))


def _checks(questions: list[Told]) -> list[str]:
    if not questions:
        return []
    sections = [f"<h2>{say('checks')}</h2>"]
    for question in questions:
        parts = [f"<h3>{question['title']}</h3>", *authored_paragraphs(question["question"])]
        parts += [f'<p class="fg-label"><strong>{say("answer")}</strong></p>', *authored_paragraphs(question["answer"])]
        parts += [f'<p class="fg-label"><strong>{say("why")}</strong></p>', *authored_paragraphs(question["why"])]
        sections.append(f'<section class="fg-item">{"".join(parts)}</section>')
    return sections


_STYLE = Path(__file__).parent / "static" / "feedback.css"

_PAGE = """<!DOCTYPE html>
<html {language}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{told}</p>
{sections}
</main>
{data}
</body>
</html>
"""
