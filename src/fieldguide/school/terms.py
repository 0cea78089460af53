"""From one term to the next: the old course is closed and saved, and a new one begins with the same content.

Nobody is in the new course, its gradebook is empty, and so nothing in it has a due date yet.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fieldguide.content.brought import NOTE
from fieldguide.school import SchoolError
from fieldguide.school.acting import run_as
from fieldguide.school.archive import need_new
from fieldguide.school.backup import back_up
from fieldguide.school.classlist import find_course
from fieldguide.school.editing import closed, table_of, with_course, write_settings
from fieldguide.school.machine import apply
from fieldguide.school.naming import with_accounts
from fieldguide.school.planning import Places, grader, plan
from fieldguide.school.reading import Course, School, parse_school

#: What a course's content is: the instructor's edition, what is beside it, and the settings for grading it.
_CONTENT = ("nbgrader_config.py", NOTE, "modules", "source")
_DRAFT = ".beginning"


def new_term(
    old: str, new: str, title: str | None, archive: Path, places: Places, settings: Path, tell: Callable[[str], None]
) -> int:
    """Close and save a course with its sections, and begin a new one from it; returns how many things were left out of
    what was saved. Raises SchoolError; rerun, it goes on.

    It is closed before it is saved, so that nothing comes in that the archive does not hold.
    """
    text = settings.read_text(encoding="utf-8-sig")
    table, left_out = table_of(text, old), 0
    if new not in _ids(text):
        begun = _begun(table) | ({"title": title} if title else {})
        shut = closed(text, old)
        changed = with_course(shut, new, begun)  # before anything is changed it tells what cannot be
        need_new(archive)
        if shut != text:
            write_settings(settings, text, shut)
        apply(plan(with_accounts(parse_school(shut), places), places, sys.executable), tell)
        left_out = back_up(_sections(parse_school(shut), old, table), places, archive, homes=False, tell=tell)
        archive.chmod(0o400)
        write_settings(settings, shut, changed)
    elif not table.get("closed"):
        raise SchoolError(f"courses.toml has a course '{new}' already, and {old} is not closed. Nothing was changed.")
    after = with_accounts(parse_school(settings.read_text(encoding="utf-8-sig")), places)
    apply(plan(after, places, sys.executable), tell)
    pairs = [(one, find_course(after, f"{new}{one.id.removeprefix(old)}")) for one in _sections(after, old, table)]
    empty = [(one, other) for one, other in pairs if not _has_content(other, places)]
    if not empty:
        raise SchoolError(f"courses.toml has a course '{new}' already, with content in it. Nothing was changed.")
    for course, beginning in empty:
        _bring_content(course, beginning, places)
        tell(f"{beginning.id}: has what {course.id} has in source/, no students, no grades and no due dates.")
    tell(f"{old} is closed: nothing more is handed in or released there; what was is read as before.")
    return left_out


def _begun(table: dict[str, Any]) -> dict[str, Any]:
    """What a new course takes over of an old one's section: all but that it is closed, and which course of a course
    site it was."""
    kept = {key: value for key, value in table.items() if key not in ("closed", "lms_context")}
    if "sections" in kept:
        kept["sections"] = {name: _begun(section) for name, section in kept["sections"].items()}
    return kept


def _sections(school: School, id_: str, table: dict[str, object]) -> tuple[Course, ...]:
    sections = table.get("sections") or {}
    assert isinstance(sections, dict)
    return tuple(find_course(school, f"{id_}-{section}") for section in sections) or (find_course(school, id_),)


def _ids(text: str) -> set[str]:
    return {*tomllib.loads(text)["courses"]}


def _has_content(course: Course, places: Places) -> bool:
    return bool(run_as(grader(course), ["ls", "-A", "source"], places.folder(course)))


def _bring_content(old: Course, new: Course, places: Places) -> None:
    """Each side by its own account, so that neither can bring the other's files, nor root's, into its own.

    What is brought is in its place once it is whole, `source` last: a run that was stopped goes on.
    """
    there = run_as(grader(old), ["ls", "-A"], places.folder(old)).decode().splitlines()
    names = [name for name in _CONTENT if name in there]
    packed = run_as(grader(old), ["tar", "-c", "--hard-dereference", *names], places.folder(old))
    own, folder = grader(new), places.folder(new)
    run_as(own, ["rm", "-rf", _DRAFT], folder)
    run_as(own, ["mkdir", _DRAFT], folder)
    run_as(own, ["tar", "-x", "--no-same-permissions", "-C", _DRAFT], folder, packed)
    already = run_as(own, ["ls", "-A"], folder).decode().splitlines()
    for name in names:
        if name != "modules" or name not in already:  # no folder takes the place of one that holds something
            run_as(own, ["mv", "-T", f"{_DRAFT}/{name}", name], folder)
    run_as(own, ["rm", "-rf", _DRAFT], folder)
