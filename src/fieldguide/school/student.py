"""A student's server, started by the hub as the student: ``python -P -m fieldguide.school.student``."""

from __future__ import annotations

import os
from pathlib import Path

from fieldguide.hub.homes import enter_course
from fieldguide.school.listening import serve


def main() -> None:
    """Prepare the folder, and become the server."""
    enter_course(Path.home(), os.environ["FIELDGUIDE_COURSE_ID"])
    serve()


if __name__ == "__main__":
    main()
