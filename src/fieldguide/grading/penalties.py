"""Points off for handing in late, as nbgrader's plugin has it."""

from __future__ import annotations

from traitlets.config import Config

from fieldguide.grading.saving import LatePenalty


def late_penalty(config: Config) -> LatePenalty:
    """What the course's settings take off; nbgrader's default takes off nothing."""
    if "AssignLatePenalties" not in config and "LateSubmissionPlugin" not in config:
        return lambda student, score, seconds: None
    plugins: list[LatePenalty] = []

    def ask(student: str, score: float, seconds: float) -> float | None:
        # Only now, when somebody is late and there is something to ask: nbgrader takes seconds to import.
        if not plugins:
            from nbgrader.preprocessors import AssignLatePenalties

            step = AssignLatePenalties(config=config)
            step.init_plugin()
            plugins.append(step.plugin_inst.late_submission_penalty)
        return plugins[0](student, score, seconds)

    return ask
