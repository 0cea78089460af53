"""Which steps of nbgrader's exchange are ours: those named here, and none where the settings name another exchange.

A school may keep its exchange in a service rather than in files, and name it in Jupyter's own folders, which nbgrader
reads before a course's settings. One of our steps among that service's would look for files that do not exist.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traitlets.config import Config

_STEPS = {
    "collect": "fieldguide.grading.collecting.Collect",
    "list": "fieldguide.grading.listing.List",
    "release_assignment": "fieldguide.grading.releasing.ReleaseAssignment",
    "release_feedback": "fieldguide.grading.releasing.ReleaseFeedback",
    "submit": "fieldguide.grading.submitting.Submit",
}
#: The modules with the classes of the exchange in files: nbgrader's, and ours that extend them.
_IN_FILES = ("nbgrader.exchange.", "fieldguide.grading.")
_looking = False


def use_our_steps(config: Config) -> None:
    """Name our steps in ``config``, unless the settings name another exchange for any step."""
    global _looking
    # The settings call this function too; here they are read as they are without it.
    if _looking or names_another(config):
        return
    from fieldguide.grading.course import CourseError, read_config

    _looking = True
    try:
        if names_another(read_config(Path.cwd())):
            return
    except CourseError:  # nbgrader reads the same files and reports the error
        pass
    finally:
        _looking = False
    config.ExchangeFactory.update(_STEPS)


def names_another(config: Config) -> bool:
    """Whether settings name another exchange than nbgrader's own, of folders."""
    steps = config.ExchangeFactory if "ExchangeFactory" in config else {}
    return any(not _full_name(step).startswith(_IN_FILES) for step in steps.values())


def is_our_service(config: Config) -> bool:
    """Whether settings name the exchange that is a service of ours (``sharing/``)."""
    return any(_full_name(step).startswith("fieldguide.sharing.") for step in config.ExchangeFactory.values())


def _full_name(step: object) -> str:
    return f"{step.__module__}.{step.__qualname__}" if isinstance(step, type) else str(step)
