"""nbgrader's data for Formgrader's lists, with submission times read as grading reads them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI

from fieldguide.grading.course import Course
from fieldguide.grading.times import time_in


class TimesOurWay(NbGraderAPI):  # type: ignore[misc]
    """nbgrader's API, in which one unreadable time does not break the list of a whole class."""

    def get_submitted_timestamp(self, assignment_id: str, student_id: str) -> datetime | None:
        """When a student handed in, in UTC and without a zone; None where the time cannot be read."""
        directory = self.coursedir.submitted_directory
        folder = Path(self.coursedir.format_path(directory, student_id, assignment_id))
        return time_in(folder, Course.of(self.coursedir).timezone)
