"""The student's editions, made by nbgrader's own generate_assignment on a temporary gradebook.

An instructor runs the same on the gradebook of the class; this one only makes the files to look at.
"""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from traitlets.config import Config, PyFileConfigLoader

from fieldguide.plainfiles import read_own

_LARGEST_CONFIG = 1 << 20


def settings_in(config_file: Path) -> Config:
    """The settings of an nbgrader_config.py. Raises OSError when it cannot be read."""
    read_own(config_file, _LARGEST_CONFIG)
    return Config(PyFileConfigLoader(config_file.name, path=str(config_file.parent)).load_config())


def student_editions(sources: dict[str, str], settings: Config) -> dict[str, str]:
    """The texts of the students' notebooks, by module, from the instructor's notebooks (``sources``).

    The key stripper is that of nbgrader's ``settings``. Raises RuntimeError, with nbgrader's own messages, when
    nbgrader does not make an assignment.
    """
    with tempfile.TemporaryDirectory(prefix="fieldguide-") as folder:
        config = Config(settings)
        config.CourseDirectory.root = folder
        # One gradebook for all modules: creating one takes nbgrader seconds.
        config.CourseDirectory.db_url = f"sqlite:///{Path(folder, 'gradebook.db')}"
        return {module: _student_edition(module, source, Path(folder), config) for module, source in sources.items()}


def _student_edition(module: str, source: str, root: Path, config: Config) -> str:
    # nbgrader takes seconds to import, and only the builder needs it.
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory

    notebook = root / "source" / module / f"{module}.ipynb"
    notebook.parent.mkdir(parents=True)
    notebook.write_text(source, encoding="utf-8")
    config.CourseDirectory.assignment_id = module
    messages: list[str] = []
    log = logging.getLogger("fieldguide.release")
    log.handlers, log.propagate = [_Keep(messages)], False
    log.setLevel(logging.WARNING)
    converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config, log=log)
    try:
        converter.start()
    except NbGraderException as error:
        raise RuntimeError(f"nbgrader did not make the assignment {module}: {error}\n" + "\n".join(messages)) from None
    return (root / "release" / module / f"{module}.ipynb").read_text(encoding="utf-8").rstrip("\n") + "\n"


class _Keep(logging.Handler):
    """Keeps nbgrader's log messages for the error message."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__()
        self._said = messages

    def emit(self, record: logging.LogRecord) -> None:
        self._said.append(record.getMessage())
