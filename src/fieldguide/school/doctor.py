"""Looks a school's server over, changes nothing, and says of each find in a sentence what to do.

What `apply` could mend is found by the same looks; the rest is what courses.toml does not say: what else is on the
machine, and what people do with it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from fieldguide.openid.code import CodeSignIn
from fieldguide.openid.tokens import RefusedError
from fieldguide.school import SchoolError, frontdoor, running
from fieldguide.school.apart import both
from fieldguide.school.backup import as_course, backups_made
from fieldguide.school.begun import unfinished
from fieldguide.school.deletions import torn_deletions
from fieldguide.school.machine import check, differing, need_ports_of_roots, need_python_for_everybody
from fieldguide.school.naming import client_secret
from fieldguide.school.planning import Places, Plan
from fieldguide.school.reading import Course, School
from fieldguide.school.units import HUB, SERVER
from fieldguide.words import Words

#: The least that has to be free where answers are written, in bytes and as a part.
_LEAST_FREE, _LEAST_PART = 2 << 30, 0.05
#: A password that is still in a file after so long was handed out, in days; a term is lost without a backup since.
_OLD_PASSWORDS, _OLD_BACKUP = 14, 8
_DAY = 86_400
_APPLY = "Run: fieldguide-admin apply"


@dataclass
class Finds:
    """What is to mend, each a sentence or two; and what could not be looked at here, with the reason."""

    wrong: list[str] = field(default_factory=list)
    not_looked_at: list[str] = field(default_factory=list)


def examine(school: School, places: Places, plan: Plan) -> Finds:
    """Look everything over. Nothing is changed, and nothing raises: what cannot be looked at is a find too."""
    finds = Finds([f"{wrong}. {_APPLY}" for wrong in check(plan)])
    for look in (partial(need_python_for_everybody, sys.executable), need_ports_of_roots):
        try:
            look()
        except SchoolError as error:
            finds.wrong.append(str(error))
    finds.wrong += versions()
    finds.wrong += private_files(places)
    finds.wrong += disk(places)
    finds.wrong += clock(places)
    finds.wrong += sign_in(school, places)
    finds.wrong += torn_records(places)
    finds.wrong += stopped_restore(places)
    for course in school.courses:
        finds.wrong += gradebook(course, places)
        finds.wrong += backups(course, places)
    finds.wrong += overruled_units(places)
    finds.wrong += (f"{wrong}. {_APPLY}" for wrong in differing(running.looks(school, places)))
    finds.wrong += running.left(school, places)
    finds.wrong += both(school.courses)
    if why := running.why_not(places):
        finds.not_looked_at.append(f"whether the units run, and what is really served ({why})")
        return finds
    finds.wrong += frontdoor.sent(school) if frontdoor.served(school) else ()
    finds.wrong += time_from_network()
    return finds


def versions() -> Iterator[str]:
    """Packages that are missing or too old for this version of Field Guide."""
    mend = "Install again: pip install --require-hashes --no-deps -r requirements-runtime.lock"
    for text in metadata.requires("fieldguide") or ():
        wanted = Requirement(text)
        if wanted.marker and not wanted.marker.evaluate({"extra": "classroom"}):
            continue
        try:
            found = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            yield f"{wanted.name} is not installed. {mend}"
            continue
        if not wanted.specifier.contains(found, prereleases=True):
            yield f"{wanted.name} is of version {found}, and {wanted.specifier} is needed. {mend}"


def private_files(places: Places) -> Iterator[str]:
    """Files with secrets that others can read, and passwords that are still lying there."""
    first = sorted(places.settings.glob("first-passwords-*.csv"))
    for path in (*first, *sorted(one for one in places.state.glob("*") if one.suffix in (".jsonl", ".key"))):
        about = path.lstat()
        if about.st_mode & 0o077 or about.st_uid != 0:
            yield f"{path} can be read by others than root. Run: chown root:root {path} && chmod 0600 {path}"
    for path in first:
        days = (time.time() - path.stat().st_mtime) / _DAY
        if days > _OLD_PASSWORDS:
            yield f"{path} holds passwords and is {days:.0f} days old. Hand them out, and delete it."


def disk(places: Places) -> Iterator[str]:
    """Disks that are nearly full: a full one loses answers."""
    seen = set()
    for folder in (places.courses, places.homes, places.state):
        if not folder.is_dir() or folder.stat().st_dev in seen:
            continue
        seen.add(folder.stat().st_dev)
        usage, files = shutil.disk_usage(folder), os.statvfs(folder)
        least = min(_LEAST_FREE, usage.total // 4)
        if usage.free < max(least, usage.total * _LEAST_PART):
            part = usage.free / usage.total
            yield (
                f"Only {usage.free / 1e9:.1f} GB ({part:.0%}) are free on the disk of {folder}. Make room before the "
                "next deadline: answers are lost on a full disk."
            )
        if files.f_files and files.f_favail < files.f_files * _LEAST_PART:
            yield f"The disk of {folder} has room for {files.f_favail} more files only. Delete what nobody needs."


def clock(places: Places) -> Iterator[str]:
    """A clock that is behind: due dates and log-ins rest on it."""
    try:
        newest = max(path.stat().st_mtime for path in (places.hub, Path(__file__)) if path.exists())
    except ValueError:
        return
    ahead = newest - time.time()
    if ahead > 60:
        yield (
            f"This clock is {ahead / 60:.0f} minutes behind the newest of its own files. Have it set from "
            "the network: timedatectl set-ntp true"
        )


def sign_in(school: School, places: Places) -> Iterator[str]:
    """The school's sign-in service: whether this server has its word for it, and whether it is what it is taken for."""
    service = school.sign_in
    if service is None:
        return
    try:
        client_secret(places)
    except SchoolError as error:
        yield str(error)
    try:
        asyncio.run(CodeSignIn(service.title, service.issuer, service.client_id, "", str).look())
    except RefusedError as refused:
        why = Words("sign_in").say(refused.why, title=service.title)
        detail = f" ({refused.values['detail']})" if "detail" in refused.values else ""
        yield f"[sign_in] in courses.toml: {why}{detail} Until that is mended nobody can sign in."


def gradebook(course: Course, places: Places) -> Iterator[str]:
    """A gradebook that cannot be trusted where it lies, or cannot be read at all."""
    if not places.folder(course).is_dir() or not places.server(course).exists():
        return
    try:
        as_course(course, places, "gradebookfile", "check")
    except (SchoolError, OSError, KeyError) as error:
        yield f"{course.id}: {str(error).partition(': ')[2] or error}"


def backups(course: Course, places: Places) -> Iterator[str]:
    """A course with work in it and no backup of late."""
    folder = places.folder(course)
    if not (folder / "submitted").is_dir():
        return
    whole = (one for one in backups_made(places)[0] if not one.get("unread"))
    made = [Path(one["file"]) for one in whole if course.id in one["courses"]]
    there = [path.stat().st_mtime for path in made if path.exists()]
    days = (time.time() - max(there)) / _DAY if there else None
    if days is None or days > _OLD_BACKUP:
        last = (
            "no whole backup that is still where it was made"
            if days is None
            else f"its last backup {days:.0f} days ago"
        )
        yield f"{course.id} has work handed in and {last}. Run: fieldguide-admin backup {course.id} FILE"


def torn_records(places: Places) -> Iterator[str]:
    """Lines that cannot be read, of the records of backups and deletions."""
    yield from backups_made(places)[1]
    yield from torn_deletions(places)


def stopped_restore(places: Places) -> Iterator[str]:
    """A restore that is not done: the servers of its courses do not start."""
    try:
        begun = unfinished(places.state)
    except SchoolError as error:
        yield str(error)
        return
    if begun:
        yield f"A restore was stopped, and is not done. Run: {begun.command}"


def overruled_units(places: Places) -> Iterator[str]:
    """Files by which somebody changes our units without changing them."""
    for name in (HUB, SERVER):
        for path in sorted((places.services / f"{name}.d").glob("*.conf")):
            yield f"{path} changes the unit {name}. Look into it; what a school sets is in courses.toml."


def time_from_network() -> Iterator[str]:
    """A clock that nobody sets."""
    if "NTPSynchronized=no" in _said("timedatectl", "show", "--property=NTPSynchronized"):
        yield (
            "The clock is not set from the network, and due dates rest on it. Run: timedatectl set-ntp true. Where "
            "that says 'NTP not supported': apt-get install systemd-timesyncd"
        )


def _said(*command: str) -> set[str]:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  (the system's own)
    except FileNotFoundError:
        return set()
    return set(done.stdout.splitlines())
