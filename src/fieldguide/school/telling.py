"""Tells each student of a course anew what is for them alone, as who has more time: ``python -P -m
fieldguide.school.telling`` in the course folder, as the course's account.

A file's access list is in no backup, so after a restore nobody could read their note.
"""

from __future__ import annotations

import sys
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError, ExchangeFactory

from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.releasing import ReleaseAssignment


def main() -> int:
    """Write everybody's note; prints who cannot be told, a line for each."""
    try:
        course = Course(Path.cwd())
        coursedir = CourseDirectory(config=course.config)
        step = ExchangeFactory(config=course.config).ReleaseAssignment(coursedir=coursedir, config=course.config)
        untold = step.tell_notes() if isinstance(step, ReleaseAssignment) else []
    except (CourseError, ExchangeError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("".join(f"{student}\n" for student in untold))
    return 0


if __name__ == "__main__":
    sys.exit(main())
