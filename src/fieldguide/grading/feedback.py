"""The feedback page: one HTML file to read, which fetches nothing."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from fieldguide.cells.kind import Kind
from fieldguide.cells.kinds import ITEM, KINDS
from fieldguide.grading.instructor import Cell, language_of
from fieldguide.grading.pages import notes_html
from fieldguide.grading.parts import rendering_of
from fieldguide.grading.rendering import For, authored_paragraphs, points_text, render_item, section
from fieldguide.grading.rendering import say as say_of_item
from fieldguide.items import score
from fieldguide.words import Words, in_html, speaking

_WORDS = Words("feedback")
say, count = _WORDS.say, _WORDS.count


@dataclass(frozen=True, slots=True)
class CellMark:
    """The gradebook's mark of one graded cell; a ``score`` of None waits for a person.

    ``levels`` are the points that a person gave by criterion, empty where they gave only a sum.
    """

    score: float | None
    comment: str | None
    levels: dict[str, float] = field(default_factory=dict)


def feedback_page(
    module: str, metadata: dict[str, Any], cells: list[Cell], given: dict[str, CellMark], penalty: float, reader: For
) -> str:
    """The page for one student: the graded notebook with the gradebook's scores.

    ``given`` maps the ids of items to their marks; ``penalty`` was taken off for late submission.
    """
    with speaking(language_of(metadata)):
        return _page(module, metadata, cells, given, penalty, reader)


def _page(
    module: str, metadata: dict[str, Any], cells: list[Cell], given: dict[str, CellMark], penalty: float, reader: For
) -> str:
    sections = []
    maximum = 0.0
    for cell in cells:
        kept = cell["metadata"].get("fieldguide")
        if kept is None:
            continue
        if "notes" in kept:
            if kept["notes"]:
                sections.append(notes_html(kept["notes"]))
            continue
        kind = next((kind for kind in KINDS if kind.rendering and kind.name in kept), None)
        if kind:
            asked = _read(kind, kept[kind.name])
            shown = rendering_of(kind).for_student(asked, kept["answer"], kept["number"], reader)
            sections.append(section(shown))
            continue
        item = ITEM.read(ITEM.below(kept["item"]), "the graded notebook", 1)
        mark = given[item.id]
        outcome = score(item, kept["response"])
        maximum += item.maximum
        sections.append(
            render_item(
                item,
                outcome,
                kept["number"],
                reader,
                score=mark.score,
                comment=mark.comment,
                levels=mark.levels,
            )
        )
    title = html.escape(metadata["fieldguide"].get("title") or module)
    waits = any(mark.score is None for mark in given.values())
    earned = sum(mark.score or 0.0 for mark in given.values()) - penalty
    most = points_text(maximum)
    total = count("total_so_far" if waits else "total", maximum, points=points_text(earned), n=most)
    if penalty:
        total = count("late", penalty, total=total, n=points_text(penalty))
    total = f"<strong>{say('waits' if waits else 'whole', total=total)}</strong>"
    if reader is not For.STUDENT_WITHOUT_ANSWER:
        sections.extend(_explained(metadata["fieldguide"].get("explained", [])))
    told = say("score", total=total) if maximum else say("no_score")
    style = _STYLE.read_text(encoding="utf-8")
    named = say("title", title=title)
    return _PAGE.format(language=in_html(), title=named, told=told, sections="\n".join(sections), style=style)


@lru_cache(maxsize=64)
def _read(kind: Kind[Any], source: str) -> Any:
    """What a cell asks, read once for a whole class."""
    return kind.read(kind.below(source), "the graded notebook", 1)


def _explained(questions: list[dict[str, str]]) -> list[str]:
    """The check questions with their answers, the same for all students, without anything of their responses."""
    if not questions:
        return []
    sections = [f"<h2>{say('checks')}</h2>"]
    for number, question in enumerate(questions, 1):
        parts = [f"<h3>{say_of_item('question', number=number)}</h3>", *authored_paragraphs(question["question"])]
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
</body>
</html>
"""
