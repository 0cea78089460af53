"""The feedback page: one HTML file that reads like a page, with nothing fetched from anywhere."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import GetGrades
from traitlets import Bool

from fieldguide.grading.notebooks import ITEM_MAGIC, is_ours
from fieldguide.grading.rendering import For, points_text, render_item
from fieldguide.items import read_item, score


class FeedbackExporter(HTMLExporter):  # type: ignore[misc]
    """Writes the feedback of our notebooks; leaves all others to nbgrader's own page."""

    show_best_answer = Bool(True, help="Whether feedback tells the best answer and why, and an essay's exemplar.").tag(
        config=True
    )

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        # The autograded notebook was written by the grader, from the instructor's: its word on this can be trusted.
        if not is_ours(nb):
            return super().from_notebook_node(nb, resources, **kw)  # type: ignore[no-any-return]
        resources = self._init_resources(resources)
        nb, resources = GetGrades(parent=self)(nb, resources)
        _forget_scores_that_wait(nb, resources["nbgrader"])
        reader = For.STUDENT if self.show_best_answer else For.STUDENT_WITHOUT_ANSWER
        return feedback_page(nb, resources["nbgrader"], reader), resources


def feedback_page(nb: NotebookNode, about: dict[str, Any], reader: For) -> str:
    """The page for one student: ``nb`` as the grader left it, with GetGrades' scores in its metadata.

    ``about`` holds nbgrader's ``notebook``, ``score``, ``max_score`` and ``late_penalty``.
    """
    sections = []
    for cell in nb.cells:
        kept = cell.metadata.get("fieldguide")
        if kept is None:
            continue
        item = read_item(kept["item"].removeprefix(ITEM_MAGIC), "the graded notebook")
        outcome = score(item, kept["response"])
        graded = cell.metadata["nbgrader"]
        sections.append(
            render_item(item, outcome, kept["number"], reader, score=graded["score"], comment=graded.get("comment"))
        )
    title = html.escape(nb.metadata["fieldguide"].get("title") or about["notebook"])
    waits = any(cell.metadata.get("nbgrader", {}).get("score", 0) is None for cell in nb.cells)
    total = f"{'So far ' if waits else ''}{points_text(about['score'])} of {points_text(about['max_score'])} points"
    if about["late_penalty"]:
        total += f", after {points_text(about['late_penalty'])} points taken off for handing in late"
    if waits:
        total += ". A question below waits to be scored"
    style = _STYLE.read_text(encoding="utf-8")
    return _PAGE.format(title=title, total=total, sections="\n".join(sections), style=style)


def _forget_scores_that_wait(nb: NotebookNode, about: dict[str, Any]) -> None:
    """nbgrader gives 0 for what nobody has scored yet; a student should not read that as a verdict."""
    with Gradebook(about["db_url"]) as gradebook:
        submission = gradebook.find_submission_notebook(about["notebook"], about["assignment"], about["student"])
        waiting = {
            grade.name
            for grade in submission.grades
            if grade.needs_manual_grade and grade.manual_score is None and grade.auto_score is None
        }
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in waiting:
            cell.metadata["nbgrader"]["score"] = None


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
<p>Your score: <strong>{total}.</strong></p>
{sections}
</main>
</body>
</html>
"""
