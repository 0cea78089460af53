"""Taking keys, rationale and everything else that is the instructor's out of the student's edition."""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from fieldguide.grading.notebooks import ITEM_MAGIC, is_ours, item_of
from fieldguide.items import public_text

_HEAD_MAGIC = "%%module\n"


class StripKeys(NbGraderPreprocessor):  # type: ignore[misc]
    """Makes the student's notebook of the instructor's. Runs after SaveCells, so the gradebook keeps it all."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        if not is_ours(nb):
            return nb, resources
        nb.cells = [cell for cell in nb.cells if "instructor" not in cell.metadata.get("tags", ())]
        nb.metadata["fieldguide"]["edition"] = "student"
        for cell in nb.cells:
            if cell.cell_type == "code" and cell.source.startswith(_HEAD_MAGIC):
                cell.source = cell.source.replace("\nedition: instructor\n", "\nedition: student\n", 1)
            item = item_of(cell)
            if item is not None and item.use != "practice":
                public = public_text(cell.source.removeprefix(ITEM_MAGIC))
                cell.source = ITEM_MAGIC + public.rstrip("\n")
        return nb, resources
