"""The course folder and its settings, resolved as nbgrader resolves them and without importing nbgrader.

Importing any part of nbgrader takes about two seconds, which is longer than grading a class. A test holds what
is found here to what nbgrader finds.
"""

from __future__ import annotations

import contextlib
import glob
import json
import os
import re
import sys
import traceback
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_config_path
from traitlets.config import Config, JSONFileConfigLoader, PyFileConfigLoader
from traitlets.config.loader import LazyConfigValue

from fieldguide.grading.times import is_zone
from fieldguide.plainfiles import read_own

_CONFIG_NAMES = ("jupyter_config", "nbgrader_config")
_LARGEST_CONFIG = 1 << 20


class CourseError(RuntimeError):
    """An error that stops a whole command; its text is for the person who gave the command."""


#: nbgrader's own defaults of the CourseDirectory settings that are used here; the root is where a command is given.
DEFAULTS = {
    "directory_structure": str(Path("{nbgrader_step}", "{student_id}", "{assignment_id}")),
    "source_directory": "source",
    "release_directory": "release",
    "submitted_directory": "submitted",
    "autograded_directory": "autograded",
    "feedback_directory": "feedback",
    "student_id_exclude": "",
    "groupshared": False,
    "max_dir_size": 100_000,
    "ignore": [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback"],
}


class Course:
    """One course folder. ``start`` is where the command was given; the configuration may name another root.

    ``timezone`` is the zone of submission times that name none. Raises CourseError where the configuration cannot be
    read or names something that does not exist.
    """

    def __init__(self, start: Path, config: Config | None = None) -> None:
        start = start.resolve()
        self.config = read_config(start) if config is None else config
        self.root = Path(start, _setting(self.config, "root", "", "CourseDirectory"))
        self.db_url: str = _setting(self.config, "db_url", "", "CourseDirectory")
        if not self.db_url:
            self.db_url = gradebook_address(self.root)
        self.course_id: str = _setting(self.config, "course_id", "", "CourseDirectory")
        self.timezone: str = _setting(self.config, "timezone", "UTC", "Exchange")
        if self.timezone != "UTC" and not is_zone(self.timezone):
            raise CourseError(
                f"Exchange.timezone in nbgrader_config.py is '{self.timezone}', and there is no such time zone. Name "
                "one as the time zone database does, such as America/New_York."
            )
        self.exchange = Path(_setting(self.config, "root", "/usr/local/share/nbgrader/exchange", "Exchange"))
        self._given: dict[str, frozenset[str]] = {}
        self.settings = {
            name: _setting(self.config, name, default, "CourseDirectory") for name, default in DEFAULTS.items()
        }

    @classmethod
    def of(cls, coursedir: Any) -> Course:
        """The course folder that one of nbgrader's converters works in, by its CourseDirectory."""
        course = cls(Path(coursedir.root), coursedir.config)
        course.root = Path(coursedir.root)
        course.db_url = coursedir.db_url
        course.settings = {name: getattr(coursedir, name) for name in DEFAULTS}
        return course

    def folder(self, step: str, student: str, module: str) -> Path:
        """The folder of a step (source, release, submitted, autograded, feedback) for a student's assignment."""
        structure: str = self.settings["directory_structure"]
        name = self.settings[f"{step}_directory"]
        return Path(self.root, structure.format(nbgrader_step=name, student_id=student, assignment_id=module))

    def given_files(self, module: str) -> frozenset[str]:
        """The files that every student of a module gets from the course, by their paths in the module's folder."""
        if module not in self._given:
            folders = [self.folder(step, ".", module) for step in ("source", "release")]
            self._given[module] = frozenset(
                os.path.relpath(os.path.join(place, name), folder).replace(os.sep, "/")  # noqa: PTH118
                for folder in folders
                for place, _, names in os.walk(folder)
                for name in names
            )
        return self._given[module]

    def is_left_out(self, path: str) -> bool:
        """Whether nbgrader's exchange leaves a file out of a submission, such as those that Jupyter and Python make."""
        return any(fnmatch(part, pattern) for part in path.split("/") for pattern in self.settings["ignore"])

    def source(self, module: str) -> Path:
        """The instructor's notebook of a module."""
        return self.folder("source", ".", module) / f"{module}.ipynb"

    def find_module(self, wanted: str) -> str:
        """The module that ``said`` identifies: its id, or a beginning that only one module has.

        Raises CourseError when no module fits, or more than one.
        """
        source = self.folder("source", ".", "x").parent
        known = sorted(path.name for path in source.glob("[!.]*") if path.is_dir())
        matching = [module for module in known if module == wanted] or [
            name for name in known if name.startswith(wanted)
        ]
        if len(matching) == 1:
            return matching[0]
        if matching:
            raise CourseError(f"'{wanted}' could be any of: {', '.join(matching)}. Name one of them.")
        there = ", ".join(known) or "none"
        raise CourseError(f"There is no module '{wanted}' in {source}. Modules there: {there}.")

    def with_folder(self, step: str, module: str) -> dict[str, Path]:
        """The folder of every student who has one for this step of a module, ordered by student id.

        Raises CourseError where the step's folder is not a folder or cannot be read.
        """
        base = Path(self.root, self.settings[f"{step}_directory"])
        if os.path.lexists(base) and not (base.is_dir() and os.access(base, os.R_OK | os.X_OK)):
            raise CourseError(f"{base} holds the folders of students, and cannot be read: it has to be a folder.")
        folder = str(self.folder(step, "\0", module))
        pattern = glob.escape(folder).replace("\0", "*")
        whole = re.compile(re.escape(folder).replace("\0", "(?P<student>[^/]+)"))
        excluded = self.settings["student_id_exclude"].split(",")
        found: dict[str, Path] = {}
        # The folders come in any order. Hidden ones belong to no student; they are listed so that they can be reported.
        for path in sorted(glob.glob(pattern, include_hidden=True)):  # noqa: PTH207
            match = whole.fullmatch(path)
            if match and match["student"] not in excluded:
                found[match["student"]] = Path(path)
        return found

    def is_in_place(self, folder: Path, step: str) -> bool:
        """Whether a student's folder really is in the step's folder, with no symbolic link on the way to it."""
        base = Path(self.root, self.settings[f"{step}_directory"])
        if not folder.is_relative_to(base):
            return not folder.is_symlink()
        place = str(base)
        for name in folder.relative_to(base).parts:
            place = f"{place}{os.sep}{name}"
            if os.path.islink(place):  # noqa: PTH114 (a class has many, and paths are slow to make)
                return False
        return True

    @property
    def most_bytes(self) -> int:
        """The largest size of a submission's folder, in bytes."""
        return 1000 * int(self.settings["max_dir_size"])

    @property
    def graded_permissions(self) -> int:
        """The permissions of files in autograded/."""
        usual = 664 if self.settings["groupshared"] else 444
        return int(str(_setting(self.config, "permissions", usual, "BaseConverter", "Autograde")), 8)

    @property
    def feedback_permissions(self) -> int:
        """The permissions of files in feedback/."""
        usual = 664 if self.settings["groupshared"] else 644
        return int(str(_setting(self.config, "permissions", usual, "BaseConverter", "GenerateFeedback")), 8)

    @property
    def creates_students(self) -> bool:
        """Whether a student who is not in the gradebook is added to it."""
        return bool(_setting(self.config, "create_student", True, "Autograde"))

    @property
    def shows_best_answer(self) -> bool:
        """Whether feedback shows each question's best answer and why it is the best."""
        return bool(_setting(self.config, "show_best_answer", True, "FeedbackExporter"))


def gradebook_address(root: Path) -> str:
    """The SQLAlchemy URL of the gradebook in a course folder; ``?`` and ``%`` in the path are quoted."""
    path = str(root / "gradebook.db").replace("%", "%25").replace("?", "%3F")
    return f"sqlite:///{path}"


def _setting(config: Config, name: str, default: Any, *sections: str) -> Any:
    """A setting as traitlets would resolve it for a class whose bases, and the class itself last, are in
    ``sections``."""
    value = default
    for section in sections:
        if section in config and name in config[section]:
            configured = config[section][name]
            value = configured.get_value(value) if isinstance(configured, LazyConfigValue) else configured
    return value


def read_config(start: Path) -> Config:
    """nbgrader's settings where a command is given: from Jupyter's folders, then that folder, then the course's root.

    Raises CourseError where a settings file cannot be read.
    """
    config = Config()
    with _standing_in(start):
        for name in _CONFIG_NAMES:
            for folder in reversed(jupyter_config_path()):
                config.merge(_read_config_in(Path(folder), name))
        config.merge(_read_config_in(start, "nbgrader_config"))
        root = Path(start, _setting(config, "root", "", "CourseDirectory"))
        if root != start:
            config.merge(_read_config_in(root, "nbgrader_config"))
    return config


def _read_config_in(folder: Path, name: str) -> Config:
    config = Config()
    for loader, suffix in ((PyFileConfigLoader, "py"), (JSONFileConfigLoader, "json")):
        path = folder / f"{name}.{suffix}"
        if not os.path.lexists(path):
            continue
        try:
            content = read_own(path, _LARGEST_CONFIG)
            if suffix == "json" and not isinstance(json.loads(content), dict):
                raise ValueError("it is no object, in braces")
            config.merge(loader(path.name, path=str(folder)).load_config())
        except (Exception, SystemExit) as error:  # a settings file is a program and can raise anything
            why = error.strerror if isinstance(error, OSError) and error.strerror else error
            raise CourseError(f"{path} could not be read: {why}{_line_in(path, error)}") from error
    return config


def _line_in(path: Path, error: BaseException) -> str:
    """The line of a settings file where an error was raised, as an addition to its text; a SyntaxError names it
    itself."""
    if isinstance(error, SyntaxError):
        return ""
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == str(path)]
    return f" (line {lines[-1]})" if lines else ""


@contextlib.contextmanager
def _standing_in(folder: Path) -> Iterator[None]:
    """Run the configuration in its own folder, as nbgrader does, so that it can import and read the files there."""
    sys.path.insert(0, str(folder))
    try:
        with contextlib.chdir(folder):
            yield
    finally:
        sys.path.remove(str(folder))
