"""Grading inside nbgrader's own pipeline: scores come from the response record, and nothing is executed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import Execute, NbGraderPreprocessor

from fieldguide.grading.notebooks import KEPT_TAGS, item_of
from fieldguide.grading.rendering import For, render_item
from fieldguide.items import Essay, Item, Outcome, score
from fieldguide.responses import ResponseRecord

Resources = dict[str, Any]


class ExecuteOthers(Execute):  # type: ignore[misc]
    """Executes ordinary nbgrader notebooks, as nbgrader does, and never one of ours."""

    def preprocess(self, nb: NotebookNode, resources: Resources, **kw: Any) -> tuple[NotebookNode, Resources]:
        if self.parent.ours:
            return nb, resources
        return super().preprocess(nb, resources, **kw)  # type: ignore[no-any-return]


class _OfOurs(NbGraderPreprocessor):  # type: ignore[misc]
    """A step for our notebooks only, with the student's response record at hand."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        if self.parent.ours:
            about = resources["nbgrader"]
            coursedir = self.parent.parent.coursedir
            folder = coursedir.format_path(coursedir.submitted_directory, about["student"], about["assignment"])
            # The submitted folder, not autograded/: there nbgrader lays the files of source/ over the student's.
            self.step(nb, about, ResponseRecord(Path(coursedir.root, folder), about["notebook"]))
        return nb, resources

    def step(self, nb: NotebookNode, about: dict[str, str], record: ResponseRecord) -> None:
        raise NotImplementedError


class ScoreItems(_OfOurs):
    """Leaves each graded item's score where nbgrader looks for it: as the result of its cell."""

    def step(self, nb: NotebookNode, about: dict[str, str], record: ResponseRecord) -> None:
        for cell in nb.cells:
            item = item_of(cell)
            if item is None or item.use != "graded" or isinstance(item, Essay):
                continue
            outcome = outcome_of(item, record)
            # repr of a float: nbgrader reads the result as text, and a NumPy number or "2 of 3" as full marks.
            cell.outputs = [new_output("execute_result", {"text/plain": repr(outcome.score)}, execution_count=None)]
        for problem in record.problems:
            self.log.warning("%s: %s", about["student"], problem)


class SaveEssays(_OfOurs):
    """An essay waits for a person; one without a response gets 0 and "No response."."""

    def step(self, nb: NotebookNode, about: dict[str, str], record: ResponseRecord) -> None:
        where = (about["notebook"], about["assignment"], about["student"])
        with Gradebook(about["db_url"]) as gradebook:
            for cell in nb.cells:
                item = item_of(cell)
                if not isinstance(item, Essay):
                    continue
                grade = gradebook.find_grade(item.id, *where)
                comment = gradebook.find_comment(item.id, *where)
                waits = outcome_of(item, record).state == "for_a_person"
                grade.auto_score = None if waits else 0.0
                grade.needs_manual_grade = waits or grade.manual_score is not None
                comment.auto_comment = None if waits else "No response."
            gradebook.db.commit()


class RenderItems(_OfOurs):
    """Turns the notebook into what a scorer reads: each graded question, the response, and the points, in words."""

    def step(self, nb: NotebookNode, about: dict[str, str], record: ResponseRecord) -> None:
        rendered: list[NotebookNode] = []
        essays: dict[str, tuple[Essay, Outcome, str]] = {}
        number = 0
        for cell in nb.cells:
            item = item_of(cell)
            if item is not None and item.use == "graded":
                number += 1
                outcome = outcome_of(item, record)
                if isinstance(item, Essay):  # its task cell follows, and carries the points
                    essays[item.id] = (item, outcome, cell.source)
                    continue
                rendered.append(_page_cell(cell, item, outcome, number, cell.source))
            elif cell.metadata.get("nbgrader", {}).get("grade_id") in essays:
                essay, outcome, source = essays[cell.metadata["nbgrader"]["grade_id"]]
                rendered.append(_page_cell(cell, essay, outcome, number, source))
            elif item is None and set(cell.metadata.get("tags", ())) & set(KEPT_TAGS):
                rendered.append(cell)
        nb.cells = rendered


def outcome_of(item: Item, record: ResponseRecord) -> Outcome:
    """What the response on record earns."""
    raw = record.essay(item.id)[0] if isinstance(item, Essay) else record.of(item.id).saved
    return score(item, raw)


def _page_cell(cell: NotebookNode, item: Item, outcome: Outcome, number: int, source: str) -> NotebookNode:
    metadata = dict(cell.metadata) | {
        # What feedback needs to say it again, as much as its settings let it say.
        "fieldguide": {"item": source, "number": number, "response": outcome.response, "remark": outcome.remark}
    }
    text = render_item(item, outcome, number, For.SCORER, score=outcome.score)
    return new_markdown_cell(text, id=cell.id, metadata=metadata)
