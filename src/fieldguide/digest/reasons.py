"""The reasons of students who agreed, in a file for the instructor, who decides for each whether the class sees it.

Each line has ``show`` (yes or no, by the instructor; empty is undecided), ``reason`` (which the instructor may
shorten), ``look_at`` (what "Review my text" finds in it) and ``fingerprint``, which identifies the line. The
fingerprint is made from the student's words, and lines are sorted by it: neither shows who wrote a reason.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from fieldguide.grading.course import CourseError
from fieldguide.grading.spreadsheets import csv_file, read_csv, unguarded
from fieldguide.pause import described, review

COLUMNS = ("show", "reason", "look_at", "fingerprint")
#: Much longer than any reason; a spreadsheet's cell could hold little more.
_LONGEST = 8000
_MOST_FOUND = 12
#: Characters that change the direction of the text around them, and so of other students' reasons.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Line:
    """A reason, and the instructor's decision about it."""

    show: str
    reason: str
    fingerprint: str

    @property
    def shown(self) -> bool:
        """Whether the class sees it."""
        return self.show.casefold() == "yes" and bool(self.reason)

    @property
    def waits(self) -> bool:
        """Whether the instructor has not decided yet."""
        return self.show.casefold() not in ("yes", "no")


def plain(text: str) -> str:
    """A text as a class reads it: paragraphs and words, without invisible characters, and of limited length."""
    kept = "".join(sign if _is_seen(sign) else " " for sign in re.sub(r"\r\n?", "\n", text[: 2 * _LONGEST]))
    paragraphs = [" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", kept)]
    joined = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return joined if len(joined) <= _LONGEST else f"{joined[:_LONGEST]}…"


def _is_seen(sign: str) -> bool:
    return sign == "\n" or (sign not in _TURNING and unicodedata.category(sign) not in ("Cc", "Cs"))


def fingerprint(text: str) -> str:
    """A short digest of a text, the same for the same text: letters only, which no spreadsheet takes for a number."""
    digits = blake2b(text.encode(), digest_size=8).hexdigest()
    return digits.translate(_LETTERS)


_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_FINGERPRINT = re.compile("[a-p]{16}")


def up_to_date(lines: Iterable[Line], reasons: Iterable[str]) -> list[Line]:
    """The lines for the current reasons. The decision about a reason is kept as long as the reason is unchanged."""
    there: dict[str, Line] = {}
    for line in lines:
        if line.fingerprint not in there or there[line.fingerprint].waits:
            there[line.fingerprint] = line
    now = {fingerprint(reason): reason for reason in map(plain, reasons) if reason}
    return [there.get(name) or Line("", now[name], name) for name in sorted(now)]


def read_lines(path: Path) -> list[Line]:
    """The lines of a file as the instructor saved it; none where there is no file yet.

    Raises CourseError where it cannot be read, since it may hold the instructor's decisions.
    """
    try:
        rows = read_csv(path, [column for column in COLUMNS if column != "look_at"])
        return [_line(f"{path}, line {number}", row) for number, row in rows]
    except FileNotFoundError:
        return []
    except CourseError as error:
        raise CourseError(f"{error} Mend it, or move it away for a new one; nothing was written.") from error


def _line(where: str, row: dict[str, str]) -> Line:
    show, reason, name = (unguarded(row[column]) for column in ("show", "reason", "fingerprint"))
    if not _FINGERPRINT.fullmatch(name.strip()):
        raise CourseError(f"{where}: '{name[:40]}' is no fingerprint. The file was cut short, or the cell was changed.")
    return Line(show.strip(), plain(reason), name.strip())


def file_of(lines: Iterable[Line], known: Iterable[str]) -> bytes:
    """The file for these lines. Names in ``known``, the texts of the case, are not reported."""
    known = list(known)
    rows = ((line.show, line.reason, "; ".join(look_at(line.reason, known)), line.fingerprint) for line in lines)
    return csv_file(COLUMNS, rows)


def look_at(reason: str, known: Iterable[str]) -> list[str]:
    """What in a reason could identify somebody, in words for the instructor."""
    found = dict.fromkeys(f"{find['label']}: {find['text']}" for find in described(review(reason, known)))
    more = [f"and {len(found) - _MOST_FOUND} more"] if len(found) > _MOST_FOUND else []
    return [*list(found)[:_MOST_FOUND], *more]
