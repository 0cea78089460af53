"""Where the files of a classroom are, below its one folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fieldguide.hub.accounts import COURSE_ID, INSTRUCTOR


@dataclass(frozen=True)
class Places:
    """The project that is taught, and the folder for everything that a classroom writes; both are absolute paths."""

    project: Path
    folder: Path
    course_id: str = COURSE_ID

    @property
    def state(self) -> Path:
        """JupyterHub's own files, its log, and the record of what was set up."""
        return self.folder / "hub"

    @property
    def log(self) -> Path:
        """The log of JupyterHub, the proxy and the servers."""
        return self.state / "hub.log"

    @property
    def settings(self) -> Path:
        """The file that `jupyterhub_config.py` reads."""
        return self.state / "settings.json"

    @property
    def passwords(self) -> Path:
        """The file of names and passwords."""
        return self.folder / "passwords.json"

    @property
    def exchange(self) -> Path:
        """nbgrader's exchange: released modules, submissions, feedback."""
        return self.folder / "exchange"

    @property
    def homes(self) -> Path:
        """One home folder for each account."""
        return self.folder / "home"

    @property
    def course(self) -> Path:
        """The instructor's course folder, which nbgrader calls the course directory."""
        return self.homes / INSTRUCTOR / self.course_id
