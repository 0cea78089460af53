"""Feedback inside nbgrader's own generate_feedback."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat.notebooknode import NotebookNode
from traitlets import Bool

from fieldguide.grading.feedback import feedback_page
from fieldguide.grading.gradebook import find_book
from fieldguide.grading.instructor import is_ours
from fieldguide.grading.marks import read_marks
from fieldguide.grading.notebooks import leave_out, read_times_our_way, refuse_unreadable_settings
from fieldguide.grading.schema import gradebook_at
from fieldguide.grading.told import For


class FeedbackExporter(HTMLExporter):  # type: ignore[misc]
    """Writes the feedback of our notebooks; leaves all others to nbgrader's own page."""

    show_best_answer = Bool(True, help="Whether feedback tells the best answer and why, and an essay's exemplar.").tag(
        config=True
    )

    def __init__(self, config: Any = None, **kw: Any) -> None:
        super().__init__(config=config, **kw)
        # As in InstructorNotebookExporter: a graded folder may be older than the rule for ids.
        if getattr(self.parent, "assignments", None):
            refuse_unreadable_settings(self.parent)
            read_times_our_way(self.parent)
            leave_out(self.parent, "autograded")

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        # The grader wrote the autograded notebook from the instructor's, so its metadata can be trusted.
        if not is_ours(nb.metadata):
            return super().from_notebook_node(nb, resources, **kw)  # type: ignore[no-any-return]
        resources = self._init_resources(resources)
        about = resources["nbgrader"]
        with gradebook_at(about["db_url"]) as engine, engine.connect() as connection:
            book = find_book(connection, about["assignment"], about["notebook"])
            marks = read_marks(connection, book, [about["student"]])
        mark = marks[about["student"]]
        reader = For.STUDENT if self.show_best_answer else For.STUDENT_WITHOUT_ANSWER
        page = feedback_page(about["notebook"], nb.metadata, nb.cells, mark.given, mark.penalty, reader)
        return page, resources
