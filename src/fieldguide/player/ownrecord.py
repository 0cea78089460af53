"""The record in a student's own folder: it also learns what was handed in of it, and when.

Whoever submits, from JupyterLab's list or a terminal, and through whichever exchange, nbgrader lays a copy of what went
into a cache on the student's side, where its own list looks too. That copy is what is read here.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_data_dir

from fieldguide.plainfiles import read_plain
from fieldguide.responses import LARGEST_RECORD, ResponseRecord, Snapshot

#: The setting of the record under which it says what was handed in last.
SUBMITTED = "submitted"
#: Written into a copy when it is whole.
_RECEIPT = "timestamp.txt"
_LARGEST_FILE = 64 * 1024 * 1024
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True, slots=True)
class Submitted:
    """What was handed in last: when (UTC, ISO 8601, to the microsecond), and of each answer in it, by id, a digest."""

    time: str
    answers: dict[str, str]

    def holds(self, now: Snapshot, *ids: str) -> bool:
        """Whether it holds what these ids have on record now, and not something older."""
        return all(self.answers.get(one) == _digest(now, one) for one in ids)


def submitted(now: Snapshot) -> Submitted | None:
    """What was handed in last, as the record says; None where it says nothing that can be read."""
    match now.settings.get(SUBMITTED):
        case {"time": str(time), "answers": dict(answers)} if _is_time(time):
            return Submitted(time, {str(one): str(digest) for one, digest in answers.items()})
    return None


def told_of(now: Snapshot, *ids: str) -> dict[str, Any] | None:
    """What a view is told: when the module was handed in, and whether that holds what these ids have on record now."""
    last = submitted(now)
    return None if last is None else {"time": last.time, "inside": last.holds(now, *ids)}


def cache_of_submissions() -> Path:
    """The folder in which nbgrader keeps a copy of what the student handed in."""
    return Path(jupyter_data_dir()) / "nbgrader_cache"


class OwnRecord(ResponseRecord):
    """The record of the student whose kernel this is."""

    def __init__(self, folder: Path, module: str) -> None:
        super().__init__(folder, module)
        self._module = module
        self._folder = folder.resolve()
        self._cache = cache_of_submissions()
        # Courses of the cache, and when something was last added to each.
        self._seen: dict[str, int] = {}

    def snapshot(self) -> Snapshot:
        """What is on record now. A submission that the record does not know of yet is put on record."""
        now = super().snapshot()
        found = max(self._copies(), key=lambda copy: copy[0], default=None)
        if found is None or ((last := submitted(now)) and found[0] <= last.time):
            return now
        with contextlib.suppress(OSError):  # told when an answer is to be saved; a next look finds it again
            return self.set(SUBMITTED, self._receipt(*found))
        self._seen.clear()
        return now

    def _copies(self) -> Iterator[tuple[str, Path]]:
        """New copies of this record in the cache, each with the time of its submission."""
        for course in _folders(self._cache):
            changed = course.stat().st_mtime_ns
            if self._seen.get(course.name) == changed:
                continue
            self._seen[course.name] = changed
            for copy in _folders(course):
                if f"+{self._folder.name}+" not in copy.name:
                    continue
                try:
                    time = datetime.fromtimestamp((copy / _RECEIPT).stat().st_mtime, UTC).strftime(_TIME)
                except OSError:  # still being copied
                    self._seen.pop(course.name)
                    continue
                if self._is_of_this(copy):
                    yield time, copy

    def _is_of_this(self, copy: Path) -> bool:
        """Whether a copy was made of this record, which has only grown since: not in another course, or last year."""
        if not (copy / f"{self._module}.ipynb").is_file():
            return False
        then = _content(copy / self.path.name)
        return _content(self.path)[: len(then)] == then

    def _receipt(self, time: str, copy: Path) -> dict[str, object]:
        """What was handed in: when, a checksum of each file that was sent, and a digest of each answer."""
        then = ResponseRecord(copy, self._module).snapshot()
        return {
            "time": time,
            "files": {
                str(file.relative_to(copy)): checksum
                for file in sorted(copy.rglob("*"))
                if (checksum := _checksum(file)) is not None
            },
            "answers": {one: digest for one in _ids(then) if (digest := _digest(then, one)) is not None},
        }


def _ids(now: Snapshot) -> list[str]:
    return sorted({*now.responses, *now.essays})


def _digest(now: Snapshot, one: str) -> str | None:
    """What tells one answer from another; None where there is none. An essay's text cannot be read out of it."""
    answer = (now.of(one).saved, now.essay(one)[0])
    if answer == (None, None):
        return None
    return hashlib.sha256(json.dumps(answer, sort_keys=True).encode()).hexdigest()[:16]


def _checksum(file: Path) -> str | None:
    try:
        return hashlib.sha256(read_plain(file, _LARGEST_FILE)).hexdigest()
    except OSError:  # a folder, a link, or larger than anything of ours
        return None


def _content(record: Path) -> bytes:
    try:
        return read_plain(record, LARGEST_RECORD)
    except OSError:
        return b""


def _folders(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return [folder / entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []


def _is_time(text: str) -> bool:
    try:
        datetime.strptime(text, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return False
    return True
