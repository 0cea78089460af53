"""Brings a content into a course's folder: as the course's own account, and never readable to another on the way."""

from __future__ import annotations

import json
import pwd
import sys
from collections.abc import Sequence
from pathlib import Path

from fieldguide.content.archive import gather, pack, read_content
from fieldguide.grading.course import CourseError
from fieldguide.school import SchoolError
from fieldguide.school.acting import run_command_as
from fieldguide.school.planning import Places, grader
from fieldguide.school.reading import Course
from fieldguide.school.server import environment


def bring_content(course: Course, places: Places, given: Path, options: Sequence[str]) -> tuple[str, bool]:
    """Have the course's account run ``fieldguide course update`` with a content, or that of a project's folder.

    ``options`` are further words for that command. Returns what it says, and whether something stays as it is. Raises
    SchoolError where the content cannot be taken, and where the command fails: then nothing was changed.
    """
    try:
        packed = pack(gather(given) if given.is_dir() else read_content(given))
    except CourseError as error:
        raise SchoolError(str(error)) from error
    account = pwd.getpwnam(grader(course))
    settings = json.loads(places.server(course).read_text(encoding="utf-8"))
    said, left = run_command_as(
        account.pw_name,
        [sys.executable, "-P", "-m", "fieldguide.cli", "course", "update", "--content", "-", *options],
        places.folder(course),
        packed,
        environment=environment(settings, "", account.pw_name, account.pw_dir),
    )
    return said.decode("utf-8").rstrip("\n"), left
