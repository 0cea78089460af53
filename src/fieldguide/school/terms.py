"""From one term to the next: the old course is saved and closed, and a new one begins with the same content.

Nobody is in the new course, its gradebook is empty, and so nothing in it has a due date yet.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from fieldguide.school import SchoolError
from fieldguide.school.acting import run_as
from fieldguide.school.backup import back_up
from fieldguide.school.classlist import find_course
from fieldguide.school.editing import closed, table_of, with_course
from fieldguide.school.machine import apply
from fieldguide.school.planning import Places, grader, plan
from fieldguide.school.reading import Course, School, parse_school

#: What a course's content is: the instructor's edition, and the settings for grading it.
_CONTENT = ("source", "nbgrader_config.py")


def new_term(
    old: str, new: str, title: str | None, archive: Path, places: Places, settings: Path, tell: Callable[[str], None]
) -> None:
    """Save and close a course with its sections, and begin a new one from it. Raises SchoolError."""
    text = settings.read_text(encoding="utf-8-sig")
    table = {key: value for key, value in table_of(text, old).items() if key != "closed"}
    changed = with_course(closed(text, old), new, table | ({"title": title} if title else {}))
    before, after = parse_school(text), parse_school(changed)
    ending = _sections(before, old, table)
    back_up(ending, places, archive, homes=False, tell=tell)
    archive.chmod(0o400)
    write_settings(settings, text, changed)
    apply(plan(after, places, sys.executable), tell)
    for course in ending:
        beginning = find_course(after, f"{new}{course.id.removeprefix(old)}")
        _bring_content(course, beginning, places)
        tell(f"{beginning.id}: has what {course.id} has in source/, no students, no grades and no due dates.")
    tell(f"{old} is closed: nothing more is handed in or released there; what was is read as before.")


def write_settings(path: Path, before: str, text: str) -> None:
    """Write courses.toml anew, as a whole; raises SchoolError where somebody changed it meanwhile."""
    if path.read_text(encoding="utf-8-sig") != before:
        raise SchoolError(f"{path} was changed meanwhile, and stays as it is. Run this again.")
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.chmod(path.stat().st_mode & 0o777)
    draft.replace(path)


def _sections(school: School, id_: str, table: dict[str, object]) -> tuple[Course, ...]:
    sections = table.get("sections") or {}
    assert isinstance(sections, dict)
    return tuple(find_course(school, f"{id_}-{section}") for section in sections) or (find_course(school, id_),)


def _bring_content(old: Course, new: Course, places: Places) -> None:
    """Each side by its own account, so that neither can bring the other's files, nor root's, into its own."""
    there = run_as(grader(old), ["ls", "-A"], places.folder(old)).decode().splitlines()
    names = [name for name in _CONTENT if name in there]
    packed = run_as(grader(old), ["tar", "-c", "--hard-dereference", *names], places.folder(old))
    run_as(grader(new), ["tar", "-x", "--no-same-permissions", "--keep-old-files"], places.folder(new), packed)
