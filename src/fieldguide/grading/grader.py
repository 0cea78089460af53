"""Grading inside nbgrader's own pipeline: scores come from the response record, and nothing is executed."""

from __future__ import annotations

from typing import Any

from nbformat import from_dict
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import Execute, NbGraderPreprocessor, SaveAutoGrades

from fieldguide.grading.course import Course
from fieldguide.grading.gradebook import find_book, refuse_other_items
from fieldguide.grading.instructor import InstructorNotebook, arrange, language_of
from fieldguide.grading.names import show
from fieldguide.grading.pages import graded_cells
from fieldguide.grading.released import with_released
from fieldguide.grading.saving import Scored, digest, save_scores
from fieldguide.grading.schema import for_writing, gradebook_at
from fieldguide.grading.score_log import keep_changes, write_log
from fieldguide.grading.submission import Submission, read_submission
from fieldguide.words import speaking

Resources = dict[str, Any]


class ExecuteOthers(Execute):  # type: ignore[misc]
    """Executes ordinary nbgrader notebooks, as nbgrader does, and never one of ours."""

    def preprocess(self, nb: NotebookNode, resources: Resources, **kw: Any) -> tuple[NotebookNode, Resources]:
        if self.parent.ours:
            return nb, resources
        return super().preprocess(nb, resources, **kw)  # type: ignore[no-any-return]


class SaveScores(SaveAutoGrades):  # type: ignore[misc]
    """Saves the scores of the recorded responses; for other notebooks, those that nbgrader found by executing them."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        if not self.parent.ours:
            return super().preprocess(nb, resources)  # type: ignore[no-any-return]
        course, notebook, submission = _at_hand(self, nb, resources)
        student = resources["nbgrader"]["student"]
        result = Scored(student, submission.timestamp, submission.untold, withdrawn=notebook.withdrawn)
        for graded in notebook.graded:
            outcome = submission.outcome(graded.item)
            result.scores[graded.item.id] = outcome.score
            result.digests[graded.item.id] = digest(outcome)
            if outcome.remark and graded.item.withdrawn is None:
                self.log.warning(
                    "%s: the answer to %s does not fit the question. %s",
                    result.student,
                    graded.item.id,
                    show(outcome.remark, 200),
                )
        with gradebook_at(resources["nbgrader"]["db_url"]) as engine:
            with for_writing(engine).begin() as connection:
                book = find_book(connection, resources["nbgrader"]["assignment"], notebook.module)
                refuse_other_items(book, notebook)
                # nbgrader's own next step computes penalties.
                standings = save_scores(connection, book, [result], None)
                keep_changes(connection, notebook.module, [], standings)
            trouble = write_log(engine, course.root)
        if trouble:
            self.log.error(trouble)
        for note in submission.notes:
            self.log.warning("%s: %s", result.student, note.text)
        return nb, resources


class RenderItems(NbGraderPreprocessor):  # type: ignore[misc]
    """Turns the notebook into the scorer's page: each graded question, the response, and the points, in words."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        if self.parent.ours:
            with speaking(language_of(nb.metadata)):
                _, notebook, submission = _at_hand(self, nb, resources)
                cells = graded_cells(notebook, submission)
            nb.cells = [from_dict(cell) for cell in cells]
        return nb, resources


def _at_hand(
    step: NbGraderPreprocessor, nb: NotebookNode, resources: Resources
) -> tuple[Course, InstructorNotebook, Submission]:
    """The course, the instructor's notebook, and the submission."""
    about, coursedir = resources["nbgrader"], step.parent.parent.coursedir
    course = Course.of(coursedir)
    # The submitted folder, not autograded/, where nbgrader copies the files of source/ over the student's.
    folder = course.folder("submitted", about["student"], about["assignment"])
    notebook = with_released(course, about["assignment"], arrange(about["notebook"], nb.metadata, nb.cells))
    return course, notebook, read_submission(course, folder, notebook)
