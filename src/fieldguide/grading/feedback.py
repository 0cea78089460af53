"""The feedback page: one HTML file that reads like a page, with nothing fetched from anywhere."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from fieldguide.cells.kind import Kind
from fieldguide.cells.kinds import ITEM, KINDS
from fieldguide.grading.instructor import Cell
from fieldguide.grading.pages import notes_html
from fieldguide.grading.parts import rendering_of
from fieldguide.grading.rendering import For, authored_paragraphs, points_text, render_item, section
from fieldguide.items import score


@dataclass(frozen=True, slots=True)
class CellMark:
    """What the gradebook holds of one graded cell. ``score`` None waits for a person.

    ``levels`` are the points that a person gave by criterion, empty where they gave only a sum.
    """

    score: float | None
    comment: str | None
    levels: dict[str, float] = field(default_factory=dict)


def feedback_page(
    module: str, metadata: dict[str, Any], cells: list[Cell], given: dict[str, CellMark], penalty: float, reader: For
) -> str:
    """The page for one student: a graded notebook as the grader left it, with the gradebook's scores.

    ``given`` goes from the ids of items to what they earned; ``penalty`` was taken off for handing in late.
    """
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
    total = f"{'So far ' if waits else ''}{points_text(earned)} of {points_text(maximum)} points"
    if penalty:
        total += f", after {points_text(penalty)} points taken off for handing in late"
    if waits:
        total += ". A question below waits to be scored"
    if reader is not For.STUDENT_WITHOUT_ANSWER:
        sections.extend(_explained(metadata["fieldguide"].get("explained", [])))
    told = f"Your score: <strong>{total}.</strong>" if maximum else "Nothing here counts toward a score."
    style = _STYLE.read_text(encoding="utf-8")
    return _PAGE.format(title=title, told=told, sections="\n".join(sections), style=style)


@lru_cache(maxsize=64)
def _read(kind: Kind[Any], source: str) -> Any:
    """What a cell asks, read once for a whole class."""
    return kind.read(kind.below(source), "the graded notebook", 1)


def _explained(questions: list[dict[str, str]]) -> list[str]:
    """The check questions with their answers, for everybody alike: nothing of what a student answered is in it."""
    if not questions:
        return []
    sections = ["<h2>The check questions, and why</h2>"]
    for number, question in enumerate(questions, 1):
        parts = [f"<h3>Question {number}</h3>", *authored_paragraphs(question["question"])]
        parts += ['<p class="fg-label"><strong>The answer</strong></p>', *authored_paragraphs(question["answer"])]
        parts += ['<p class="fg-label"><strong>Why</strong></p>', *authored_paragraphs(question["why"])]
        sections.append(f'<section class="fg-item">{"".join(parts)}</section>')
    return sections


_STYLE = Path(__file__).parent / "static" / "feedback.css"

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Feedback: {title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>Feedback: {title}</h1>
<p>{told}</p>
{sections}
</main>
</body>
</html>
"""
