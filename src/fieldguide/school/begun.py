"""What is on record of a restore as long as it is not done: written before anything else, and removed last.

A restore that was stopped, by whatever, is run again with the same file and goes on. Until then no course's server
starts, which would begin an empty gradebook.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from fieldguide.plainfiles import write_whole
from fieldguide.school import SchoolError

#: The record's file, among the hub's own.
NAME = "restoring.json"


@dataclass(frozen=True, slots=True)
class Begun:
    """A restore: of which file, by its manifest's checksum too, and for each course what was done of it."""

    file: str
    digest: str
    courses: dict[str, list[str]]

    @property
    def command(self) -> str:
        """What goes on with it."""
        only = "".join(f" --course {name}" for name in self.courses)
        return f"fieldguide-admin restore {shlex.quote(self.file)}{only}"

    def has(self, course: str, what: str) -> bool:
        """Whether something of a course was done."""
        return what in self.courses[course]

    def note(self, state: Path, course: str, what: str) -> None:
        """Keep that something of a course was done. Raises OSError."""
        if not self.has(course, what):
            self.courses[course].append(what)
            _write(state, self)


def unfinished(state: Path) -> Begun | None:
    """The restore that was begun on this machine and is not done. Raises SchoolError where its record is damaged."""
    path = state / NAME
    try:
        return Begun(**json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise SchoolError(f"{path}, the record of a restore that was stopped, cannot be read: {error}.") from error


def begin(state: Path, file: Path, digest: str, courses: Iterable[str]) -> Begun:
    """Keep that a restore begins. Raises OSError."""
    begun = Begun(str(file), digest, {course: [] for course in courses})
    state.mkdir(mode=0o755, parents=True, exist_ok=True)
    _write(state, begun)
    return begun


def end(state: Path) -> None:
    """The restore is done. Raises OSError."""
    (state / NAME).unlink()


def _write(state: Path, begun: Begun) -> None:
    write_whole(state / NAME, json.dumps(asdict(begun)).encode())
