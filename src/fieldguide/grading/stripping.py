"""Removing keys, rationale and everything else that is the instructor's from the student's edition."""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from fieldguide.grading.instructor import is_ours, student_text
from fieldguide.items import Problem, ReadingError

#: The metadata that marks a student's edition.
_PUBLIC_METADATA = ("module", "edition", "title", "lang")


class StripKeys(NbGraderPreprocessor):  # type: ignore[misc]
    """Makes the student's notebook from the instructor's. It runs after SaveCells, so that the gradebook keeps
    everything."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        if not is_ours(nb.metadata):
            return nb, resources
        nb.cells = [cell for cell in nb.cells if "instructor" not in cell.metadata.get("tags", ())]
        about = nb.metadata["fieldguide"] | {"edition": "student"}
        nb.metadata["fieldguide"] = {name: about[name] for name in _PUBLIC_METADATA if name in about}
        problems: list[Problem] = []
        for cell in nb.cells:
            try:
                cell.source = student_text(cell)
            except ReadingError as error:
                problems += error.problems
        if problems:
            raise ReadingError(problems)  # nbgrader reports it and releases nothing
        return nb, resources
