"""Restoring a backup: onto an empty machine, or a course of it that has no data yet. Nothing is ever written over.

The whole archive is looked through before anything is changed. A restore that was stopped is on record (`begun`), and
goes on when it is run again: what is in its place and as in the backup is skipped.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from fieldguide.plainfiles import write_whole
from fieldguide.school import SchoolError, begun
from fieldguide.school.accounts import MADE
from fieldguide.school.acting import run_as
from fieldguide.school.apart import both
from fieldguide.school.archive import Archive, named, why_no_name
from fieldguide.school.backup import as_course, while_nobody_grades
from fieldguide.school.begun import Begun
from fieldguide.school.classlist import ANOTHERS, enroll, find_course, why_refused
from fieldguide.school.deletions import KEY, RECORD, bring_record, deleted_before, deleted_by, torn_deletions
from fieldguide.school.deletions import LARGEST as LARGEST_RECORD
from fieldguide.school.identities import FILES as IDENTITIES
from fieldguide.school.identities import bring_identities
from fieldguide.school.layingout import Owners, is_there, lay_out, move
from fieldguide.school.machine import MissingError, apply, inside, members_of
from fieldguide.school.naming import note_named, with_accounts
from fieldguide.school.planning import Places, first_plan, grader, plan, student_group
from fieldguide.school.reading import LARGEST, Course, parse_school
from fieldguide.school.walking import walk

_STAGED = ".restoring"
#: What is noted of a course once it is done, in this order.
_FILES, _LOADING, _GRADEBOOK = "files", "loading the gradebook", "gradebook"


def restore(
    path: Path, places: Places, tell: Callable[[str], None], *, only: Sequence[str] = (), existing: bool = False
) -> int:
    """Restore a backup, or ``only`` some of its courses. Where the machine has no courses.toml, the backup's is taken;
    else its own counts. Returns how many things were named that did not come back, or that people have to look into.

    With ``existing`` students may have accounts that Field Guide has not made. Raises SchoolError; run again with the
    same file, it goes on.
    """
    archive = Archive(path)
    settings = places.settings / "courses.toml"
    text = archive.content("courses.toml", LARGEST)
    if text is None:
        raise SchoolError(f"{path} is not restored: it has no courses.toml in it.")
    wanted = _wanted(archive, only)
    going_on = _going_on(archive, wanted, places)
    new = not settings.exists()
    given = text if new else settings.read_bytes()
    school = parse_school(given.decode("utf-8-sig"), f"{path}: courses.toml" if new else str(settings))
    courses = [find_course(school, name) for name in wanted]
    _need_students(archive, courses, places, existing=existing)
    _need_way(places)
    if going_on is None:
        for course in courses:
            _need_empty(course, places)
        _need_room(archive, courses, places)
    record = going_on or begun.begin(places.state, path.absolute(), archive.digest, wanted)
    if new:
        settings.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        write_whole(settings, text)
        settings.chmod(0o644)
        tell(f"{settings}: as in the backup")
    elif text != given:
        tell(f"{settings} is not as in the backup, and stays as it is.")
    left = _bring_identities(archive, places, tell)
    apply(first_plan(places), tell)
    apply(plan(with_accounts(school, places), places, sys.executable), tell)
    note_named(school, places)
    left += sum([_restore(archive, course, places, record, tell) for course in courses])
    left += _tell_deleted(archive, courses, places, tell)
    begun.end(places.state)
    without = {name: why for name, why in (archive.unread | archive.left_out).items() if name.split("/")[0] in wanted}
    for line in named(without, path):
        tell(f"Left out when the backup was made: {line}")
    return left + len(without)


def _wanted(archive: Archive, only: Sequence[str]) -> list[str]:
    assert archive.about is not None
    there = archive.about["courses"]
    for name in only:
        if name not in there:
            raise SchoolError(f"{archive.path} has no course '{name}'. Courses in it: {', '.join(there)}.")
    return [name for name in there if not only or name in only]


def _going_on(archive: Archive, wanted: list[str], places: Places) -> Begun | None:
    """The record of this restore, where it was begun before. Raises SchoolError where another one was."""
    before = begun.unfinished(places.state)
    if before and (before.digest != archive.digest or [*before.courses] != wanted):
        raise SchoolError(
            f"Another restore was stopped, and has to be done first. Run: {before.command}\nTo give it up, move the "
            f"data of {', '.join(before.courses)} away, then delete {places.state / begun.NAME}. Nothing was changed."
        )
    return before


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


def _tell_deleted(archive: Archive, courses: list[Course], places: Places, tell: Callable[[str], None]) -> int:
    """Bring the record of deletions where there is none, and name who was deleted and is back; returns how many."""
    record, key = (archive.content(name, LARGEST_RECORD) for name in (RECORD, KEY))
    if record is not None and key is not None and bring_record(record, key, places):
        tell(f"{places.state / RECORD}: as in the backup")
    ids, back = [course.id for course in courses], 0
    for student in sorted({name for course in courses for name in _people(archive, course)}):
        said = list(deleted_before(student, places, ids))
        if record is not None and key is not None and not said:  # this machine has a record of its own
            said = list(deleted_by(record, key, student, f"{archive.path}: {RECORD}", ids))
        if said:
            back += 1
            tell(f"{student} was deleted, and is back with this backup. {' '.join(said)}")
            tell(f"  Where they have not come back themselves, run: fieldguide-admin forget {student}")
    torn = [*torn_deletions(places)]
    for line in torn:
        tell(line)
    return back + len(torn)


def _bring_identities(archive: Archive, places: Places, tell: Callable[[str], None]) -> int:
    """Who is who of those who sign in elsewhere, before a secret is made anew and they get passwords; 1 where they
    get other accounts."""
    content, secret = (archive.content(name, LARGEST_RECORD) for name in IDENTITIES)
    if content and secret and not bring_identities(content, secret, places):
        tell(
            "Who signs in through a course site gets another account here than in the backup: this machine has names "
            f"for others already, made with another secret ({places.names_secret})."
        )
        return 1
    return 0


def _people(archive: Archive, course: Course) -> set[str]:
    """Whose work an archive holds in a course, who left it included."""
    assert archive.about is not None
    beginning = f"{course.id}/course/submitted/"
    handed_in = {name for name, _ in archive.folders(beginning) if "/" not in name}
    return {*archive.about["courses"][course.id]["students"], *handed_in}


def _need_way(places: Places) -> None:
    """A course's files are brought in by its own account, which has to be able to go to them."""
    for folder in (places.root, *places.root.parents):
        if folder.exists() and not folder.stat().st_mode & stat.S_IXOTH:
            raise SchoolError(
                f"Nothing can be restored into {places.root}: no other account of this machine can enter {folder}, and "
                "each course's files belong to an account of its own. Choose another folder, such as /srv/rehearsal. "
                "Nothing was changed."
            )


def _need_empty(course: Course, places: Places) -> None:
    for folder in (places.folder(course), places.exchange(course)):
        try:
            with inside(folder) as top:
                found = (one.path for one in walk(top) if one.error or not one.is_folder or why_no_name(one.path))
                data = next(found, None)
        except MissingError:
            continue
        if data is not None:
            raise SchoolError(
                f"{course.id} has data here already, such as {folder / data}. Nothing was changed. Stop "
                f"its server (systemctl stop fieldguide-server@{course.id}), move that away, and restore again."
            )


def _need_room(archive: Archive, courses: list[Course], places: Places) -> None:
    names = {course.id for course in courses}
    needed = sum(kept.size or 0 for name, kept in archive.kept.items() if name.split("/")[0] in names)
    disk = next(place for place in (places.courses, *places.courses.parents) if place.exists())
    free = shutil.disk_usage(disk).free
    if needed > free:
        raise SchoolError(
            f"{archive.path} is not restored: it needs {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free on the "
            f"disk of {places.courses}. Nothing was changed."
        )


def _restore(archive: Archive, course: Course, places: Places, record: Begun, tell: Callable[[str], None]) -> int:
    """Restore one course; returns how many things of it did not come back."""
    assert archive.about is not None
    students: list[str] = archive.about["courses"][course.id]["students"]
    enroll(course, places, tuple(students), tell)
    owners = Owners({name: _numbers(name) for name in (grader(course), *students)})
    roots = Owners({"root": _numbers("root")})
    homes = {name for name in students if not record.has(course.id, f"home of {name}")}
    targets = {"course": places.folder(course), "exchange": places.exchange(course)}
    has_files = record.has(course.id, _FILES)

    def whose(name: str) -> Owners | None:
        part, _, rest = name.partition("/")
        kept = archive.kept[f"{course.id}/{name}"]
        if part == "homes":
            return roots if rest.split("/")[0] in homes else None
        if part == "gradebook":
            return roots
        skipped = has_files or (kept.size is not None and is_there(targets[part], rest, kept))
        return None if skipped else owners

    staged = places.course(course) / _STAGED
    shutil.rmtree(staged, ignore_errors=True)  # of one that was stopped; the folder around it is root's
    try:
        lay_out(archive, f"{course.id}/", staged, whose)
        for part, target in targets.items():
            if (staged / part).exists():
                with while_nobody_grades(places.folder(course)):
                    move(staged / part, target)
        record.note(places.state, course.id, _FILES)
        gradebook = staged / "gradebook"
        has_gradebook = gradebook.exists()
        if has_gradebook and not record.has(course.id, _GRADEBOOK):
            _load(gradebook, course, places, record)
        left = _restore_homes(staged / "homes", course, homes, places, record, tell)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    if has_gradebook:
        left += _tell_students(course, places, tell)
    for line in both([course]):
        tell(line)
        left += 1
    for name in sorted(owners.strangers - {"root"}):
        tell(f"{course.id}: {name} is none of its students; files of theirs belong to {grader(course)} now.")
    tell(f"{course.id}: restored, with {len(students)} students and {'its' if has_gradebook else 'no'} gradebook.")
    return left


def _numbers(name: str) -> tuple[int, int]:
    """The numbers of an account and its own group, which has its name."""
    entry = pwd.getpwnam(name)
    return entry.pw_uid, entry.pw_gid


def _load(gradebook: Path, course: Course, places: Places, record: Begun) -> None:
    step = "again" if record.has(course.id, _LOADING) else "load"
    if step == "load":
        as_course(course, places, "gradebookfile", "free")
        record.note(places.state, course.id, _LOADING)
    with gradebook.open("rb") as stream:
        as_course(course, places, "gradebookfile", step, given=stream)
    record.note(places.state, course.id, _GRADEBOOK)


def _tell_students(course: Course, places: Places, tell: Callable[[str], None]) -> int:
    """Tell students anew what is for them alone; returns how many could not be, or 1 where none could."""
    try:
        untold = as_course(course, places, "telling").decode().split()
    except SchoolError as error:
        tell(f"{course.id}: students are not told what is for them alone, as a later due date. {error}")
        return 1
    if untold:
        tell(f"{course.id}: cannot be told their later due date, having no account here: {', '.join(untold)}.")
    return len(untold)


def _restore_homes(
    there: Path, course: Course, homes: set[str], places: Places, record: Begun, tell: Callable[[str], None]
) -> int:
    """Bring students' own folders back; returns how many could not be, as in a full home: that keeps nobody else's."""
    stayed = 0
    for student in sorted(homes):
        if not (there / student).exists():
            continue
        try:
            stayed += _restore_home(there / student, course, student, tell)
        except SchoolError as error:
            tell(f"NOT restored: the folder {course.id} in the home of {student}. {error}")
            tell(f"  It is in the backup, as {course.id}/homes/{student}/")
            stayed += 1
        else:
            record.note(places.state, course.id, f"home of {student}")
    return stayed


def _restore_home(there: Path, course: Course, student: str, tell: Callable[[str], None]) -> int:
    """A student's own folder of the course, made by the student's account; 1 where there is one already."""
    home, draft = Path(pwd.getpwnam(student).pw_dir), f".{course.id}.restoring"
    if os.path.lexists(home / course.id):
        tell(f"{home / course.id} is there already, and stays as it is.")
        return 1
    run_as(student, ["rm", "-rf", draft], home)
    run_as(student, ["mkdir", "-m", "0700", draft], home)
    packing = subprocess.Popen(["tar", "-c", "-C", str(there), "."], stdout=subprocess.PIPE)  # noqa: S603, S607
    with packing:
        assert packing.stdout is not None
        # With the modes as they were, whatever the account's umask.
        run_as(student, ["tar", "-x", "--same-permissions", "--no-overwrite-dir", "-C", draft], home, packing.stdout)
    if packing.returncode:
        raise SchoolError(f"{there} could not be read by tar, which ended with {packing.returncode}.")
    run_as(student, ["mv", "-T", draft, course.id], home)
    return 0
