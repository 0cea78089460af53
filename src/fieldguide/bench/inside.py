"""Grading a class, timed after imports: seconds on standard output. Run in a course folder, with the module's id."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import sqlalchemy.dialects.sqlite  # noqa: F401 (an import too, which SQLAlchemy puts off until it meets a database)

from fieldguide.grading.classgrader import grade_class
from fieldguide.grading.course import Course

if __name__ == "__main__":
    started = time.perf_counter()
    grade_class(Course(Path()), sys.argv[1])
    sys.stdout.write(f"{time.perf_counter() - started}\n")
