"""A student's server, started by the hub as the student: ``python -P -m fieldguide.school.student``.

It stands in a folder of the course, so that a student of two courses has the files of each apart.
"""

from __future__ import annotations

import os
from pathlib import Path

from fieldguide.hub.homes import give_start_page
from fieldguide.school.listening import serve


def main() -> None:
    """Prepare the folder, and become the server."""
    os.umask(0o077)
    home = Path.home()
    folder = home / os.environ["FIELDGUIDE_COURSE_ID"]
    folder.mkdir(mode=0o700, exist_ok=True)
    give_start_page(home)
    os.chdir(folder)
    os.environ["JUPYTERHUB_ROOT_DIR"] = str(folder)
    serve()


if __name__ == "__main__":
    main()
