"""What Formgrader asks nbgrader for its lists, with times of handing in read as grading reads them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI

from fieldguide.grading.course import Course
from fieldguide.grading.times import time_in


class TimesOurWay(NbGraderAPI):  # type: ignore[misc]
    """nbgrader's answers, which one time that cannot be read does not keep from a whole class."""

    def get_submitted_timestamp(self, assignment_id: str, student_id: str) -> datetime | None:
        """When a student handed in, in UTC and without a zone; None where that cannot be told."""
        directory = self.coursedir.submitted_directory
        folder = Path(self.coursedir.format_path(directory, student_id, assignment_id))
        return time_in(folder, Course.of(self.coursedir).timezone)
