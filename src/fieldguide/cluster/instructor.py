"""An instructor's server on a cluster: ``python -P -m fieldguide.cluster.instructor``.

It stands in the course folder, a disk that the instructors of a course share, and its gradebook is a database.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from fieldguide.hub.environment import CONFIG
from fieldguide.hub.singleuser import main as serve


def begin(folder: Path, address: str, course: str) -> None:
    """Give a course folder its settings file, where it has none, and its gradebook's database the tables."""
    settings = folder / "nbgrader_config.py"
    if not settings.exists():
        shutil.copyfile(CONFIG / "course" / settings.name, settings)
    from nbgrader.api import Gradebook  # imported only where it is needed: it takes seconds

    Gradebook(address, course).close()


def enter_course() -> None:
    """Have this process, which becomes a server, stand in the course folder, and begin that where it is new."""
    os.umask(0o077)
    folder = Path(os.environ["FIELDGUIDE_COURSE"])
    begin(folder, os.environ["FIELDGUIDE_GRADEBOOK"], os.environ["FIELDGUIDE_COURSE_ID"])
    os.chdir(folder)


def main() -> None:
    """Prepare the folder, and become the server."""
    enter_course()
    serve()


if __name__ == "__main__":
    main()
