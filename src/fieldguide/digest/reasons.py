"""The reasons of those who agreed, in a file for the instructor, who decides of each whether the class sees it.

One line for each: ``show`` (yes or no, the instructor's; empty waits), ``reason`` (which the instructor may shorten),
``look_at`` (what "pause before you post" found in it) and ``fingerprint``, by which a line is known again. That is
made of the words that the student wrote, and lines stand in the order of theirs: neither says who wrote them.
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
from fieldguide.pause import review, told

COLUMNS = ("show", "reason", "look_at", "fingerprint")
#: Far beyond any reason; a spreadsheet's cell would not hold much more.
_LONGEST = 8000
_MOST_FOUND = 12
#: Signs that turn the direction of the text around them, on a page that is not their writer's alone.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Line:
    """A reason, and what the instructor said of it."""

    show: str
    reason: str
    fingerprint: str

    @property
    def shown(self) -> bool:
        """Whether the class sees it."""
        return self.show.casefold() == "yes" and bool(self.reason)

    @property
    def waits(self) -> bool:
        """Whether the instructor has yet to say."""
        return self.show.casefold() not in ("yes", "no")


def plain(text: str) -> str:
    """A text as a class can read it: paragraphs and words, no signs that cannot be seen, and not without end."""
    kept = "".join(sign if _is_seen(sign) else " " for sign in re.sub(r"\r\n?", "\n", text[: 2 * _LONGEST]))
    paragraphs = [" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", kept)]
    joined = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return joined if len(joined) <= _LONGEST else f"{joined[:_LONGEST]}…"


def _is_seen(sign: str) -> bool:
    return sign == "\n" or (sign not in _TURNING and unicodedata.category(sign) not in ("Cc", "Cs"))


def fingerprint(text: str) -> str:
    """A short name for a text, the same for the same text: letters alone, which no spreadsheet takes for a number."""
    digits = blake2b(text.encode(), digest_size=8).hexdigest()
    return digits.translate(_LETTERS)


_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_FINGERPRINT = re.compile("[a-p]{16}")


def up_to_date(lines: Iterable[Line], reasons: Iterable[str]) -> list[Line]:
    """The lines for the reasons there are now. What the instructor said of a reason stays as long as it does."""
    there: dict[str, Line] = {}
    for line in lines:
        if line.fingerprint not in there or there[line.fingerprint].waits:
            there[line.fingerprint] = line
    now = {fingerprint(reason): reason for reason in map(plain, reasons) if reason}
    return [there.get(name) or Line("", now[name], name) for name in sorted(now)]


def read_lines(path: Path) -> list[Line]:
    """The lines of a file as the instructor's spreadsheet left it; none where there is no file yet.

    Raises CourseError where it cannot be read: it may hold the instructor's decisions.
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
    """The file of the lines. Names in ``known``, the texts of the case, are nothing to look at."""
    known = list(known)
    rows = ((line.show, line.reason, "; ".join(look_at(line.reason, known)), line.fingerprint) for line in lines)
    return csv_file(COLUMNS, rows)


def look_at(reason: str, known: Iterable[str]) -> list[str]:
    """What in a reason could identify somebody, in words for the instructor."""
    found = dict.fromkeys(f"{find['label']}: {find['text']}" for find in told(review(reason, known)))
    more = [f"and {len(found) - _MOST_FOUND} more"] if len(found) > _MOST_FOUND else []
    return [*list(found)[:_MOST_FOUND], *more]
