"""The graded notebook: the instructor's, with one student's answers rendered in, for a scorer to read.

nbgrader's pipeline and the class grader make it with the same functions.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from fieldguide.grading.instructor import Cell, GradedItem, InstructorNotebook
from fieldguide.grading.rendering import For, escape, render_item
from fieldguide.grading.submission import Note
from fieldguide.items import Outcome

NOTES_CELL = "fieldguide-notes"


def graded_cells(
    notebook: InstructorNotebook, outcome_of: Callable[[GradedItem], Outcome], notes: list[Note]
) -> list[Cell]:
    """The cells of the graded notebook of one submission."""
    cells = [notes_cell(notes)] if notes else []
    for part in notebook.layout:
        cells.append(item_cell(part, outcome_of(part)) if isinstance(part, GradedItem) else part)
    return cells


def item_cell(graded: GradedItem, outcome: Outcome) -> Cell:
    """The cell that shows a question, the response and the points. It keeps nbgrader's metadata, for Formgrader."""
    response = list(outcome.response) if isinstance(outcome.response, tuple) else outcome.response
    kept = {
        # What feedback needs to say it again, as much as its settings let it say.
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


def notes_cell(notes: list[Note]) -> Cell:
    """The cell at the top that says what was found about a submission."""
    texts = [note.text for note in notes]
    return {
        "cell_type": "markdown",
        "id": NOTES_CELL,
        "metadata": {"deletable": False, "editable": False, "fieldguide": {"notes": texts}},
        "source": notes_html(texts),
    }


def notes_html(texts: list[str]) -> str:
    """Notes as HTML that means nothing to Markdown."""
    lines = "".join(f"<li>{escape(text)}</li>" for text in texts)
    label = '<p class="fg-label">About this submission:</p>'
    return f'<div class="fg-notes mathjax_ignore tex2jax_ignore">{label}<ul>{lines}</ul></div>'


def cell_text(cell: Cell) -> str:
    """A cell as JSON."""
    return json.dumps(cell, ensure_ascii=False, separators=(",", ":"))


def notebook_text(metadata: dict[str, object], cells: Iterable[str]) -> str:
    """The file of a notebook whose cells are JSON already."""
    about = json.dumps(metadata, ensure_ascii=False, separators=(",", ":"))
    joined = ",\n".join(cells)
    return f'{{"cells":[\n{joined}\n],\n"metadata":{about},\n"nbformat":4,"nbformat_minor":5}}\n'
