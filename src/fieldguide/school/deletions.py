"""The record of which students' data were deleted.

It says when, by whom, in which course, how many rows and which paths. Instead of the student's account it has a
keyed hash, and no path names the account: a list of who asked to be deleted would be what they asked to be rid of.
Whoever has the account's name and the server can still show that its data were deleted, as the key is root's alone.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fieldguide.plainfiles import write_whole
from fieldguide.school import records
from fieldguide.school.planning import Places

RECORD, KEY = "deletions.jsonl", "deletions.key"
#: The record is no longer than that, in bytes.
LARGEST = 64 << 20
_KEYS = ("time", "by", "course", "student")


def note(student: str, course: str, counts: Mapping[str, int], paths: Iterable[Path], places: Places) -> Path:
    """Note that a student's data were deleted; returns the file of the record. Raises OSError."""
    path = places.state / RECORD
    entry = {
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "by": os.environ.get("SUDO_USER", "root"),
        "course": course,
        "student": _hidden(student, _key(places)),
        "counts": dict(counts),
        "paths": [_without_name(path, student) for path in paths],
    }
    records.add(path, entry)
    return path


def deleted_before(student: str, places: Places, courses: Iterable[str] | None = None) -> Iterator[str]:
    """What the record says of this student, a sentence for each time; in these courses, or all."""
    path = places.state / RECORD
    entries, _ = records.read(path, *_KEYS)
    if entries:
        yield from _said(entries, _key(places), student, str(path), courses)


def torn_deletions(places: Places) -> list[str]:
    """Of each line of the record that cannot be read a sentence that says so."""
    return records.read(places.state / RECORD, *_KEYS)[1]


def deleted_by(record: bytes, key: bytes, student: str, name: str, courses: Iterable[str]) -> Iterator[str]:
    """What another machine's record, with its key, says of a student in these courses; ``name`` names its file."""
    yield from _said(records.parse(record, name, *_KEYS)[0], key, student, name, courses)


def bring_record(record: bytes, key: bytes, places: Places) -> bool:
    """Write another machine's record where there is none here; returns whether that was done. Run again, it goes on."""
    if os.path.lexists(places.state / RECORD):
        return False
    if os.path.lexists(places.state / KEY) and (places.state / KEY).read_bytes() != key:
        return False
    write_whole(places.state / KEY, key)
    write_whole(places.state / RECORD, record)
    return True


def _said(
    entries: Iterable[Mapping[str, Any]], key: bytes, student: str, name: str, courses: Iterable[str] | None
) -> Iterator[str]:
    wanted, among = _hidden(student, key), None if courses is None else {*courses}
    for entry in entries:
        if entry["student"] == wanted and (among is None or entry["course"] in among):
            yield f"Deleted in {entry['course']} on {str(entry['time'])[:10]}, by {entry['by']} ({name})."


def _key(places: Places) -> bytes:
    path = places.state / KEY
    if not path.exists():
        _write(path, secrets.token_hex(32).encode())
    return path.read_bytes()


def _hidden(student: str, key: bytes) -> str:
    return hmac.new(key, student.encode(), "sha256").hexdigest()


def _write(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags, 0o600), "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _without_name(path: Path, student: str) -> str:
    def clean(part: str) -> str:
        named = part in (student, f"{student}.json") or part.startswith(f"{student}+")
        return f"STUDENT{part.removeprefix(student)}" if named else part

    return str(Path(*map(clean, path.parts)))
