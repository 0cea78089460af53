"""A student's server on a cluster: ``python -P -m fieldguide.cluster.student``."""

from __future__ import annotations

import os
from pathlib import Path

from fieldguide.hub.homes import enter_course
from fieldguide.hub.singleuser import main as serve


def main() -> None:
    """Prepare the folder, and become the server."""
    enter_course(Path.home(), os.environ["FIELDGUIDE_COURSE_ID"])
    serve()


if __name__ == "__main__":
    main()
