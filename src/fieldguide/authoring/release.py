"""The student's edition: nbgrader's own generate_assignment, on a gradebook that is thrown away afterwards.

An instructor runs the same on the gradebook of the class; this one only makes the file to look at.
"""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from traitlets.config import Config, PyFileConfigLoader


def student_edition(module: str, source: str, config_file: Path) -> str:
    """The text of the student's notebook for an instructor's notebook (``source``).

    ``config_file`` is the nbgrader_config.py whose key stripper is used. Raises RuntimeError when nbgrader
    does not make the assignment; its message holds what nbgrader said.
    """
    # nbgrader takes seconds to import, and only this function of the builder needs it.
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory

    with tempfile.TemporaryDirectory(prefix="fieldguide-") as folder:
        root = Path(folder)
        notebook = root / "source" / module / f"{module}.ipynb"
        notebook.parent.mkdir(parents=True)
        notebook.write_text(source, encoding="utf-8")
        config = Config(PyFileConfigLoader(config_file.name, path=str(config_file.parent)).load_config())
        config.CourseDirectory.root = folder
        config.CourseDirectory.db_url = f"sqlite:///{root / 'gradebook.db'}"
        config.CourseDirectory.assignment_id = module
        said: list[str] = []
        log = logging.getLogger("fieldguide.release")
        log.handlers, log.propagate = [_Keep(said)], False
        log.setLevel(logging.WARNING)
        converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config, log=log)
        try:
            converter.start()
        except NbGraderException as error:
            raise RuntimeError(f"nbgrader did not make the assignment {module}: {error}\n" + "\n".join(said)) from None
        return (root / "release" / module / f"{module}.ipynb").read_text(encoding="utf-8").rstrip("\n") + "\n"


class _Keep(logging.Handler):
    """Keeps what nbgrader says, for the error message."""

    def __init__(self, said: list[str]) -> None:
        super().__init__()
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        self._said.append(record.getMessage())
