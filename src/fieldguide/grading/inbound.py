"""What is in the exchange: folders that anybody could have put there, named after a student and a time."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fieldguide.grading.names import why_no_id
from fieldguide.grading.times import TIME_FILE, read_time, time_in
from fieldguide.plainfiles import read_plain

try:
    import pwd
except ImportError:  # Windows, where there is no exchange
    pwd = None  # type: ignore[assignment]

SECRET = "submission_secret.txt"  # noqa: S105 (a file's name)
#: How much the clocks of a student's server and of the file system may differ, with the time of copying the files.
CLOCKS_APART = timedelta(minutes=10)
#: A folder with more files and folders in it stays in the exchange, and so does one with folders deeper in one another.
MOST_FILES, DEEPEST = 10_000, 50
TOO_DEEP = f"its folders lie more than {DEEPEST} deep in one another"
_LONGEST_SECRET = 1000


class RefusedError(ValueError):
    """Why something in the exchange is not accepted as a submission, in words for the instructor."""


class NoAccountError(RefusedError):
    """The student has no account on this machine, so no file can be shown to be theirs."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A submission in the exchange: the student and the time in its name, and when it was last changed (both in UTC).

    ``torn`` says what is missing from it; None where it is complete.
    """

    path: Path
    student: str
    stated: datetime
    changed: datetime
    torn: str | None

    @property
    def time(self) -> datetime:
        """When it was handed in: the time in its name, but no later than its last change."""
        return self.changed if self.stated > self.changed + CLOCKS_APART else self.stated


def find(inbound: Path, assignment: str) -> list[Path]:
    """Everything in the inbound folder that is named like a submission of an assignment, hidden folders included."""
    return sorted(Path(entry.path) for entry in os.scandir(inbound) if f"+{assignment}+" in entry.name)


def look_at(path: Path, assignment: str, zone: str = "UTC") -> HandedIn:
    """Read one folder of the exchange. Raises RefusedError where it is no submission, OSError where it has disappeared.

    ``zone`` is the zone of times that name none.
    """
    if not stat.S_ISDIR(path.lstat().st_mode):
        raise RefusedError("it is a link" if path.is_symlink() else "it is no folder")
    student, stated = named(path.name, assignment, zone)
    return HandedIn(path, student, stated, _last_changed(path), _torn(path, stated, zone))


def named(name: str, assignment: str, zone: str = "UTC") -> tuple[str, datetime]:
    """The student and the time (UTC) that the name of a submission's folder tells. Raises RefusedError where it does
    not."""
    student, _, rest = name.rpartition(f"+{assignment}+")
    no_id = why_no_id(student)
    if no_id:
        raise RefusedError(f"its name has no student's id: that {no_id}")
    stated = _time_in_name(rest, zone)
    if stated is None:
        raise RefusedError("its name does not tell a time")
    return student, stated


def feedback_name(secret: str, module: str) -> str:
    """The name under which nbgrader's exchange keeps a student's feedback page on a module."""
    named = f"{secret}{module}".encode("utf-8", "surrogateescape")  # a file's name may be no text
    return f"{hashlib.md5(named, usedforsecurity=False).hexdigest()}.html"


def refuse_other_owner(path: Path, student: str, account: str) -> None:
    """Raise RefusedError where ``path`` is not owned by the student; ``account`` is the student's account name."""
    owner = path.lstat().st_uid
    number = number_of(account)
    if number is None:
        raise NoAccountError(f"there is no account {account} that could have made it; it belongs to {_name_of(owner)}")
    if owner != number:
        raise RefusedError(f"it was handed in for {student}, and belongs to {_name_of(owner)}")


def owner_name(path: Path) -> str:
    """The account that owns a file or folder."""
    return _name_of(path.lstat().st_uid)


def read_secret(folder: Path) -> str | None:
    """The secret under which feedback is returned; None where there is none that can be read."""
    return _read(folder / SECRET, _LONGEST_SECRET) or None


def _read(path: Path, longest: int) -> str | None:
    """The text of a plain file of at most ``longest`` bytes; None for anything else."""
    try:
        return read_plain(path, longest).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _torn(folder: Path, stated: datetime, zone: str) -> str | None:
    """Which of the files that submitting writes last is missing; None where all are there."""
    in_file = time_in(folder, zone)
    if in_file is None:
        return f"its {TIME_FILE} is missing or tells no time"
    if in_file != stated:
        return f"its {TIME_FILE} tells another time than its name"
    return None if read_secret(folder) else f"its {SECRET} is missing or not readable"


def _time_in_name(rest: str, zone: str) -> datetime | None:
    """The time at the end of a folder's name, which a random word may follow; an offset contains a plus sign too."""
    times = (read_time(text, zone) for text in (rest, rest.rpartition("+")[0]))
    return next((time for time in times if time is not None), None)


def _last_changed(folder: Path) -> datetime:
    """When the file system last recorded a change in a folder, which no student can set back. Raises RefusedError."""
    latest = folder.lstat().st_ctime
    waiting = [(folder, 0)]
    found = 0
    while waiting and found <= MOST_FILES:  # one with more is refused when it is copied
        place, deep = waiting.pop()
        if deep > DEEPEST:
            raise RefusedError(TOO_DEEP)
        try:
            entries = os.scandir(place)
        except OSError:  # what cannot be read is told when it is copied
            continue
        with entries:
            for entry in entries:
                found += 1
                if found > MOST_FILES:
                    break
                latest = max(latest, entry.stat(follow_symlinks=False).st_ctime)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((Path(entry.path), deep + 1))
    return datetime.fromtimestamp(latest, UTC).replace(tzinfo=None)


def number_of(account: str) -> int | None:
    """The number of an account of the system; None where there is none."""
    try:
        return pwd.getpwnam(account).pw_uid
    except (KeyError, ValueError):
        return None


def _name_of(number: int) -> str:
    try:
        return f"the account {pwd.getpwuid(number).pw_name}"
    except KeyError:
        return f"account number {number}"
