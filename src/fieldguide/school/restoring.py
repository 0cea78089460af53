"""Restoring a backup: onto an empty machine, or a course of it that has no data yet. Nothing is ever written over.

The whole archive is looked through before anything is changed. What it holds is then laid out where root alone can
enter, given to its accounts there, and moved to its place.
"""

from __future__ import annotations

import io
import os
import pwd
import shutil
import stat
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

from fieldguide.school import SchoolError
from fieldguide.school.accounts import MADE
from fieldguide.school.acting import run_as
from fieldguide.school.archive import Archive, Kept
from fieldguide.school.backup import as_course, while_nobody_grades
from fieldguide.school.classlist import ANOTHERS, enroll, find_course, why_refused
from fieldguide.school.deletions import KEY, RECORD, bring_record, deleted_before, deleted_by, torn_deletions
from fieldguide.school.machine import apply, inside, members_of
from fieldguide.school.planning import Places, grader, plan, student_group
from fieldguide.school.reading import Course, parse_school

_STAGED = ".restoring"


def restore(path: Path, places: Places, tell: Callable[[str], None], *, existing: bool = False) -> None:
    """Restore a backup. Where the machine has no courses.toml, the backup's is taken; else its own counts.

    With ``existing`` students may have accounts that Field Guide has not made. Raises SchoolError.
    """
    archive = Archive(path)
    assert archive.about is not None
    settings = places.settings / "courses.toml"
    text = archive.content("courses.toml")
    if text is None:
        raise SchoolError(f"{path} is not restored: it has no courses.toml in it.")
    new = not settings.exists()
    given = text if new else settings.read_bytes()
    school = parse_school(given.decode("utf-8-sig"), f"{path}: courses.toml" if new else str(settings))
    courses = [find_course(school, name) for name in archive.about["courses"]]
    _need_students(archive, courses, places, existing=existing)
    for course in courses:
        _need_empty(course, places)
    if new:
        settings.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        settings.write_bytes(text)
        tell(f"{settings}: as in the backup")
    elif text != given:
        tell(f"{settings} is not as in the backup, and stays as it is.")
    apply(plan(school, places, sys.executable), tell)
    for course in courses:
        _restore(archive, course, places, tell)
    _tell_deleted(archive, courses, places, tell)


def _need_students(archive: Archive, courses: list[Course], places: Places, *, existing: bool) -> None:
    assert archive.about is not None
    made = members_of(MADE)
    problems: dict[str, None] = {}
    for course in courses:
        present = members_of(student_group(course)) - {grader(course)}
        for name in archive.about["courses"][course.id]["students"]:
            why = why_refused(name, places, present, made, existing=existing)
            if why:
                problems[why] = None
    if not problems:
        return
    told = [f"{archive.path} is not restored:", *problems]
    if any(why.endswith(ANOTHERS) for why in problems):
        told.append("Where such an account is the student's own, run it again with --existing.")
    raise SchoolError("\n".join([*told, "Nothing was changed."]))


def _tell_deleted(archive: Archive, courses: list[Course], places: Places, tell: Callable[[str], None]) -> None:
    """Bring the record of deletions where there is none, and name who was deleted and is back."""
    record, key = (archive.content(name) if name in archive.kept else None for name in (RECORD, KEY))
    if record is not None and key is not None and bring_record(record, key, places):
        tell(f"{places.state / RECORD}: as in the backup")
    ids = [course.id for course in courses]
    for student in sorted({name for course in courses for name in _people(archive, course)}):
        said = list(deleted_before(student, places, ids))
        if record is not None and key is not None and not said:  # this machine has a record of its own
            said = list(deleted_by(record, key, student, f"{archive.path}: {RECORD}", ids))
        if said:
            tell(f"{student} was deleted, and is back with this backup. {' '.join(said)}")
            tell(f"  Where they have not come back themselves, run: fieldguide-admin forget {student}")
    for line in torn_deletions(places):
        tell(line)


def _people(archive: Archive, course: Course) -> set[str]:
    """Whose work an archive holds in a course, who left it included."""
    assert archive.about is not None
    beginning = f"{course.id}/course/submitted/"
    handed_in = {name for name, _ in archive.folders(beginning) if "/" not in name}
    return {*archive.about["courses"][course.id]["students"], *handed_in}


def _need_empty(course: Course, places: Places) -> None:
    for folder in (places.folder(course), places.exchange(course)):
        for place, _, names in os.walk(folder):
            if names:
                raise SchoolError(
                    f"{course.id} has data here already, such as {Path(place, names[0])}. Nothing was changed. Stop "
                    f"its server (systemctl stop fieldguide-server@{course.id}), move that away, and restore again."
                )


def _restore(archive: Archive, course: Course, places: Places, tell: Callable[[str], None]) -> None:
    assert archive.about is not None
    students: list[str] = archive.about["courses"][course.id]["students"]
    enroll(course, places, tuple(students), tell)
    staged = places.course(course) / _STAGED
    shutil.rmtree(staged, ignore_errors=True)  # of one that was stopped; the folder around it is root's
    staged.mkdir(mode=0o700)
    try:
        strangers: set[str] = set()
        for part, target in (("course", places.folder(course)), ("exchange", places.exchange(course))):
            strangers |= _lay_out(archive, f"{course.id}/{part}/", staged / part, _owners(course, students))
            with while_nobody_grades(places.folder(course)), inside(staged / part) as there, inside(target) as here:
                _move(there, here, target)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    gradebook = archive.content(f"{course.id}/gradebook")
    if gradebook:
        as_course(course, places, "gradebookfile", "load", given=gradebook)
    for student in students:
        _restore_home(archive, course, student, tell)
    for name in sorted(strangers - {"root"}):
        tell(f"{course.id}: {name} is none of its students; files of theirs belong to {grader(course)} now.")
    tell(f"{course.id}: restored, with {len(students)} students and {'its' if gradebook else 'no'} gradebook.")


def _owners(course: Course, students: list[str]) -> dict[str, int]:
    """Whose files there may be: any other name in a manifest is not taken."""
    return {name: pwd.getpwnam(name).pw_uid for name in (grader(course), *students)}


def _lay_out(archive: Archive, beginning: str, folder: Path, owners: dict[str, int]) -> set[str]:
    """Write a part of the archive below a folder, each file to its owner; returns the owners who were not taken."""
    strangers: set[str] = set()
    grading = next(iter(owners))
    folder.mkdir(mode=0o700)
    folders = list(archive.folders(beginning))
    for name, _ in folders:
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, kept, content in archive.files(beginning):
        path = folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("xb") as stream:
            stream.write(content)
            os.fsync(stream.fileno())
        strangers |= _own(path, kept, 0o777, owners, grading)
    # The inner ones first: one that is its owner's is no longer written to.
    for name, kept in reversed(folders):
        strangers |= _own(folder / name, kept, 0o3777, owners, grading)
    return strangers


def _own(path: Path, kept: Kept, most: int, owners: dict[str, int], grading: str) -> set[str]:
    owner = kept.owner if kept.owner in owners else grading
    group = kept.group if kept.group in owners else grading
    # An account's own group has its name.
    os.chown(path, owners[owner], pwd.getpwnam(group).pw_gid)
    path.chmod(kept.mode & most)
    return {kept.owner} - {owner}


def _move(there: int, here: int, target: Path) -> None:
    """Move what one folder holds into another; a folder that is there already gets what is in it."""
    for name in sorted(os.listdir(there)):
        try:
            found = os.stat(name, dir_fd=here, follow_symlinks=False)
        except FileNotFoundError:
            os.rename(name, name, src_dir_fd=there, dst_dir_fd=here)
            continue
        if not stat.S_ISDIR(found.st_mode):
            raise SchoolError(f"{target / name} came to be meanwhile, and stays as it is. Move it away; restore again.")
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
        inner = os.open(name, flags, dir_fd=there)
        try:
            outer = os.open(name, flags, dir_fd=here)
            try:
                _move(inner, outer, target / name)
            finally:
                os.close(outer)
        finally:
            os.close(inner)


def _restore_home(archive: Archive, course: Course, student: str, tell: Callable[[str], None]) -> None:
    """A student's own folder of the course, made by the student's account."""
    beginning = f"{course.id}/homes/{student}/"
    packed, found = io.BytesIO(), False
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, kept in archive.folders(beginning):
            member = tarfile.TarInfo(name)
            member.type, member.mode, found = tarfile.DIRTYPE, kept.mode & 0o777, True
            tar.addfile(member)
        for name, kept, content in archive.files(beginning):
            member = tarfile.TarInfo(name)
            member.size, member.mode, found = len(content), kept.mode & 0o777, True
            tar.addfile(member, io.BytesIO(content))
    if not found:
        return
    home, draft = Path(pwd.getpwnam(student).pw_dir), f".{course.id}.restoring"
    if os.path.lexists(home / course.id):
        tell(f"{home / course.id} is there already, and stays as it is.")
        return
    run_as(student, ["rm", "-rf", draft], home)
    run_as(student, ["mkdir", "-m", "0700", draft], home)
    # With the modes as they were, whatever the account's umask.
    run_as(student, ["tar", "-x", "--same-permissions", "--no-overwrite-dir", "-C", draft], home, packed.getvalue())
    run_as(student, ["mv", "-T", draft, course.id], home)
