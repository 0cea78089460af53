"""The graded notebook: the instructor's, with one student's responses rendered in it, for a scorer to read.

nbgrader's pipeline and the class grader make it with the same functions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fieldguide.grading.instructor import Cell, GradedItem, InstructorNotebook, Part, ShownPart
from fieldguide.grading.parts import rendering_of
from fieldguide.grading.rendering import blocks_html, escape, language, render_item, section
from fieldguide.grading.submission import Note, Submission
from fieldguide.grading.told import For, say
from fieldguide.items import Outcome
from fieldguide.plainfiles import read_own

NOTES_CELL = "fieldguide-notes"
#: Far more than a graded notebook in which every essay has the greatest length.
_LARGEST = 64 << 20


def graded_cells(notebook: InstructorNotebook, submission: Submission) -> list[Cell]:
    """The cells of the graded notebook of one submission."""
    cells = [notes_cell(submission.notes)] if submission.notes else []
    return [*cells, *(part_cell(part, submission) for part in notebook.layout)]


def part_cell(part: Part, submission: Submission) -> Cell:
    """The cell of a part of the graded notebook."""
    if isinstance(part, GradedItem):
        return item_cell(part, submission.outcome(part.item))
    if isinstance(part, ShownPart):
        rendering = rendering_of(part.kind)
        submitted = rendering.read(part.asked, submission)
        about: dict[str, Any] = {}
        if (kept := rendering.kept(submitted)) is not None:
            # The page of feedback is made from it.
            about["fieldguide"] = {part.kind.name: part.source, "number": part.number, "answer": kept}
        return _markdown_cell(part.cell, about, blocks_html(rendering.for_scorer(part.asked, submitted, part.number)))
    return part


def item_cell(graded: GradedItem, outcome: Outcome) -> Cell:
    """The cell that shows a question, the response and the points, with nbgrader's metadata for Formgrader."""
    response = list(outcome.response) if isinstance(outcome.response, tuple) else outcome.response
    kept = {
        # The page of feedback is made from it, as far as its settings allow.
        "item": graded.source,
        "number": graded.number,
        "response": response,
        "remark": outcome.remark,
    }
    return {
        "cell_type": "markdown",
        "id": graded.cell["id"],
        "metadata": {**graded.cell["metadata"], "fieldguide": kept},
        "source": render_item(graded.item, outcome, graded.number, For.SCORER, score=outcome.score),
    }


def _markdown_cell(cell: Cell, about: dict[str, Any], inner: str) -> Cell:
    return {
        "cell_type": "markdown",
        "id": cell["id"],
        "metadata": {**cell["metadata"], **about},
        "source": section(inner),
    }


def notes_cell(notes: list[Note]) -> Cell:
    """The cell at the top with the notes about a submission."""
    kept = {
        "notes": [note.text for note in notes if note.for_student],
        "for_scorer": [note.text for note in notes if not note.for_student],
    }
    return {
        "cell_type": "markdown",
        "id": NOTES_CELL,
        "metadata": {"deletable": False, "editable": False, "fieldguide": kept},
        "source": notes_html([note.text for note in notes]),
    }


def notes_html(texts: list[str]) -> str:
    """Notes as HTML in which Markdown finds nothing to format."""
    lines = "".join(f"<li>{escape(text)}</li>" for text in texts)
    label = f'<p class="fg-label">{say("notes")}</p>'
    return f'<div class="fg-notes mathjax_ignore tex2jax_ignore"{language()}>{label}<ul>{lines}</ul></div>'


def cell_text(cell: Cell) -> str:
    """A cell as JSON."""
    return json.dumps(cell, ensure_ascii=False, separators=(",", ":"))


def read_graded_notebook(path: Path) -> dict[str, Any]:
    """A graded notebook from its file. Raises OSError where it cannot be read, ValueError where it is damaged."""
    try:
        notebook = json.loads(read_own(path, _LARGEST))
        for part in (notebook["metadata"], *(cell["metadata"] for cell in notebook["cells"])):
            if not isinstance(part, dict):
                raise ValueError("it is no notebook")
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("it is no notebook") from error
    return notebook  # type: ignore[no-any-return]


def responses_in(notebook: dict[str, Any]) -> dict[str, object]:
    """The responses that a graded notebook keeps, by the ids of the items."""
    return {name: kept["response"] for name, kept in kept_of(notebook).items()}


def kept_of(notebook: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What a graded notebook keeps of each item, by its id: ``response``, and ``item``, its source as it was graded."""
    cells = (cell["metadata"] for cell in notebook["cells"])
    return {about["nbgrader"]["grade_id"]: about["fieldguide"] for about in cells if _holds_response(about)}


def _holds_response(about: dict[str, Any]) -> bool:
    kept, graded = about.get("fieldguide"), about.get("nbgrader")
    return isinstance(kept, dict) and "response" in kept and isinstance(graded, dict) and "grade_id" in graded


def notebook_text(metadata: dict[str, object], cells: Iterable[str]) -> str:
    """The text of a notebook file, from cells that are JSON already."""
    about = json.dumps(metadata, ensure_ascii=False, separators=(",", ":"))
    joined = ",\n".join(cells)
    return f'{{"cells":[\n{joined}\n],\n"metadata":{about},\n"nbformat":4,"nbformat_minor":5}}\n'
