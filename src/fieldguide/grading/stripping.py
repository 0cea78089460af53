"""Taking keys, rationale and everything else that is the instructor's out of the student's edition."""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from fieldguide.grading.instructor import is_ours, student_text
from fieldguide.items import Problem, ReadingError

#: What a student's edition says of itself.
_PUBLIC_METADATA = ("module", "edition", "title", "lang")


class StripKeys(NbGraderPreprocessor):  # type: ignore[misc]
    """Makes the student's notebook of the instructor's. Runs after SaveCells, so the gradebook keeps it all."""

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
            raise ReadingError(problems)  # nbgrader says so, and hands nothing out
        return nb, resources
