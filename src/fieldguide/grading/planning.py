"""The plan of the course that students get with each module: written when a module is made, and when it is released.

It names the modules that are made already, with the due dates of the gradebook, and nothing else of them.
"""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from logging import Logger, LoggerAdapter
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from fieldguide.cells.kinds import HEAD
from fieldguide.courseplan import PLAN_FILE, Plan, Planned, now
from fieldguide.grading.course import Course
from fieldguide.grading.files import replace_file
from fieldguide.grading.instructor import is_ours
from fieldguide.grading.notebook_diff import cell_texts
from fieldguide.items import ReadingError
from fieldguide.plainfiles import read_own

_LARGEST_NOTEBOOK = 64 << 20


class AddPlan(NbGraderPreprocessor):  # type: ignore[misc]
    """Puts the plan beside a student's notebook that is made, so that it goes with it through any exchange."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        module = _of_notebook(nb) if is_ours(nb.metadata) else None
        if module is not None:
            plan = plan_of(Course(Path.cwd(), self.config), self.log, module)
            resources.setdefault("outputs", {})[PLAN_FILE] = plan.text().encode()
        return nb, resources


def plan_of(course: Course, log: Logger | LoggerAdapter[Any], made_now: Planned | None = None) -> Plan:
    """The plan of a course whose modules are in release/, and one that is being made just now."""
    modules = {module.module: module for path in _released(course) if (module := _in_file(path)) is not None}
    if made_now is not None:
        modules[made_now.module] = made_now
    due = _due_dates(course, log)
    return Plan(now(), tuple(replace(module, due=due.get(name)) for name, module in sorted(modules.items())))


def write_plan(course: Course, folders: list[Path], log: Logger | LoggerAdapter[Any]) -> None:
    """Write the plan into the folders of modules, and into those of release/. What cannot be written is logged."""
    plan = plan_of(course, log).text().encode()
    for notebook in [*_released(course), *(folder / f"{folder.name}.ipynb" for folder in folders)]:
        if _in_file(notebook) is None:
            continue
        try:
            replace_file(str(notebook.parent), PLAN_FILE, plan, stat.S_IMODE(notebook.stat().st_mode))
        except OSError as error:
            log.warning("Students of %s are not told the due dates that hold now: %s", notebook.parent.name, error)


def _released(course: Course) -> list[Path]:
    """The students' notebooks in release/."""
    folder = course.folder("release", ".", "x").parent
    return [path / f"{path.name}.ipynb" for path in sorted(folder.glob("[!.]*")) if path.is_dir()]


def _in_file(path: Path) -> Planned | None:
    """What a student's notebook says of itself; None where it is none of ours, or cannot be read."""
    try:
        return _of_notebook(json.loads(read_own(path, _LARGEST_NOTEBOOK)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _of_notebook(notebook: Any) -> Planned | None:
    for _, text in cell_texts(notebook):
        if text.startswith(f"{HEAD.magic}\n"):
            try:
                head = HEAD.read_edition(HEAD.below(text), "the head", 1)
            except ReadingError:
                return None
            return Planned(head.id, head.title, head.minutes)
    return None


def _due_dates(course: Course, log: Logger | LoggerAdapter[Any]) -> dict[str, Any]:
    try:
        with Gradebook(course.db_url) as gradebook:
            return {assignment.name: assignment.duedate for assignment in gradebook.assignments}
    except Exception as error:  # of any database
        log.warning("Students are told no due dates, as the gradebook cannot be read: %s", error)
        return {}
