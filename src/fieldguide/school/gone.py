"""Courses that `courses.toml` no longer has and whose folders are still there, with all that was handed in."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from fieldguide.school.machine import MissingError, inside
from fieldguide.school.planning import Places, grader
from fieldguide.school.reading import Course, School


def courses_gone(school: School, places: Places) -> tuple[tuple[Course, ...], tuple[Path, ...]]:
    """The courses whose folder and account are still there; and the other folders that lie beside courses' own.

    Raises SchoolError where a link is on the way to them.
    """
    gone: list[Course] = []
    unknown: list[Path] = []
    known = {course.id for course in school.courses}
    try:
        with inside(places.courses) as folder, os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except MissingError:
        return (), ()
    for name in names:
        course = Course(name, name, ())
        if name in known:
            continue
        if _has_account(course, places):
            gone.append(course)
        else:
            unknown.append(places.course(course))
    return tuple(gone), tuple(unknown)


def _has_account(course: Course, places: Places) -> bool:
    try:
        return Path(pwd.getpwnam(grader(course)).pw_dir) == places.grader(course) and places.folder(course).is_dir()
    except (KeyError, ValueError):
        return False
