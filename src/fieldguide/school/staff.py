"""Tells a course's gradebook who works at its desk, by name: ``python -P -m fieldguide.school.staff``, in its folder.

The hub has the course's account run it, and gives it people as JSON: a list of rows, each by the gradebook's columns.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.staff import keep_staff


def main() -> int:
    """Keep whom the hub tells of."""
    try:
        keep_staff(Course(Path.cwd()), json.load(sys.stdin))
    except (CourseError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
