"""Forgets a student of a course in the service's database, as the service's account, whose file it is.

    python -m fieldguide.lti.forgetting DATABASE COURSE STUDENT look|delete

Prints how many entries there are, or were.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fieldguide.lti.store import Store


def main(file: str, course: str, student: str, step: str) -> None:
    """Look, or delete. What was never there stays so: no file is made."""
    path = Path(file)
    print(Store(path).forget(course, student, really=step == "delete") if path.exists() else 0)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
