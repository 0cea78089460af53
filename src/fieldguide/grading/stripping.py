"""Taking keys, rationale and everything else that is the instructor's out of the student's edition."""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from fieldguide.grading.instructor import asked_in, is_ours, student_text


class StripKeys(NbGraderPreprocessor):  # type: ignore[misc]
    """Makes the student's notebook of the instructor's. Runs after SaveCells, so the gradebook keeps it all."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        if not is_ours(nb.metadata):
            return nb, resources
        nb.cells = [cell for cell in nb.cells if "instructor" not in cell.metadata.get("tags", ())]
        nb.metadata["fieldguide"]["edition"] = "student"
        nb.metadata["fieldguide"].pop("explained", None)
        for cell in nb.cells:
            cell.source = student_text(cell, asked_in(cell))
        return nb, resources
