"""Points taken off for late submission, as nbgrader's plugin computes them."""

from __future__ import annotations

from traitlets.config import Config

from fieldguide.grading.course import CourseError
from fieldguide.grading.saving import LatePenalty


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
