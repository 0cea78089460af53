"""Points taken off for late submission, as nbgrader's plugin computes them."""

from __future__ import annotations

from sqlalchemy import select
from traitlets.config import Config

from fieldguide.grading import schema as t
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.gradebook import find_book
from fieldguide.grading.saving import LatePenalty, settle_penalties


def settle(course: Course, *modules: str) -> None:
    """Bring what is taken off for lateness up to date, as scores and due dates change after grading too.

    ``modules`` are those wanted, with none all of them. Raises CourseError where the gradebook cannot be used, or the
    course's plugin fails; nothing is changed then.
    """
    penalty = late_penalty(course.config)
    query = select(t.assignment.c.name, t.notebook.c.name).join(
        t.notebook, t.notebook.c.assignment_id == t.assignment.c.id
    )
    if modules:
        query = query.where(t.assignment.c.name.in_(modules))
    with t.gradebook_at(course.db_url) as engine, t.for_writing(engine).begin() as connection:
        for module, notebook in connection.execute(query.order_by(t.assignment.c.name)).all():
            settle_penalties(connection, find_book(connection, module, notebook), penalty)


def late_penalty(config: Config) -> LatePenalty:
    """The function that takes points off by the course's settings; nbgrader's default takes off nothing.

    The function raises CourseError, with the student's name, where the course's plugin fails.
    """
    if "AssignLatePenalties" not in config and "LateSubmissionPlugin" not in config:
        return lambda student, score, seconds: None
    plugins: list[LatePenalty] = []

    def ask(student: str, score: float, seconds: float) -> float | None:
        # Imported only when a submission is late: nbgrader takes seconds to import.
        if not plugins:
            from nbgrader.preprocessors import AssignLatePenalties

            step = AssignLatePenalties(config=config)
            step.init_plugin()
            plugins.append(step.plugin_inst.late_submission_penalty)
        try:
            return plugins[0](student, score, seconds)
        except Exception as error:  # the plugin is not ours and may raise anything
            raise CourseError(
                f"The late penalty of {student}, {seconds:.0f} seconds late, could not be worked out by the plugin "
                f"that AssignLatePenalties.plugin_class names: {type(error).__name__}: {error}. No grade was changed."
            ) from error

    return ask
