"""Regrade requests: what a student asks to be looked at again, in a file that is handed in with the notebook.

``<module>.requests.jsonl`` is only ever added to, a JSON object a line. Each has ``v`` (1), ``time`` (UTC, ISO 8601),
``item`` (id), ``reason`` (the student's own words), ``wording`` (the digest of the item's wording that the feedback
tells), ``points`` and ``of`` (what the student saw that it earned, null where it waits for a person).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from fieldguide.plainfiles import open_plain, read_plain
from fieldguide.responses.lines import LONGEST_LINE, line_of, lines_in, mended, parse
from fieldguide.words import Words

_WORDS = Words("requests")
say, count = _WORDS.say, _WORDS.count

#: The longest reason, in characters. Two pages; what is longer is better said in the office hour.
LONGEST_REASON = 5000
#: The largest file that is read or written, in bytes, and the most requests in it.
LARGEST_REQUESTS = 1 << 20
MOST_REQUESTS = 200
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Request:
    """One request. ``time`` is UTC, ISO 8601; ``points`` of ``of`` are those that the student saw."""

    time: str
    item: str
    reason: str
    wording: str
    points: float | None
    of: float


def requests_name(module: str) -> str:
    """The name of the file with the requests about a module."""
    return f"{module}.requests.jsonl"


def add_request(
    folder: Path, module: str, item: str, reason: str, *, wording: str, points: float | None, of: float
) -> None:
    """Add a request; it is on the disk when this returns.

    Raises ValueError, with words for the student, where it cannot be kept, and OSError where the disk refuses.
    """
    text = mended(reason).replace("\r\n", "\n").strip()
    if not text:
        raise ValueError(say("no_reason"))
    if len(text) > LONGEST_REASON:
        raise ValueError(count("too_long", LONGEST_REASON))
    line = line_of({"item": item, "reason": text, "wording": wording, "points": points, "of": of})
    with open(open_plain(folder / requests_name(module), os.O_RDWR | os.O_APPEND | os.O_CREAT), "a+b") as file:  # noqa: PTH123
        size = os.fstat(file.fileno()).st_size
        if size + len(line) > LARGEST_REQUESTS:
            raise ValueError(say("too_many"))
        if size:
            file.seek(size - 1)
            line = line if file.read(1) == b"\n" else b"\n" + line  # after one that a crash tore
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def read_requests(folder: Path, module: str) -> tuple[list[Request], list[str]]:
    """The requests in a folder in the order in which they were made, and what cannot be read, in words. Never fails."""
    name = requests_name(module)
    try:
        content = read_plain(folder / name, LARGEST_REQUESTS)
    except FileNotFoundError:
        return [], []
    except OSError as error:
        return [], [say("not_read", name=name, reason=error.strerror or error)]
    found: list[Request] = []
    damaged = 0
    for line, length in lines_in(BytesIO(content)):
        if not line.strip():
            continue
        request = _request(line) if length <= LONGEST_LINE else None
        if request is None or len(found) == MOST_REQUESTS:
            damaged += 1
        else:
            found.append(request)
    return found, [count("damaged", damaged, name=name)] if damaged else []


def _request(line: bytes) -> Request | None:
    try:
        told = parse(line)
    except (ValueError, RecursionError):
        return None
    match told:
        case {"v": 1, "time": str(time), "item": str(item), "reason": str(reason), "wording": str(wording), "of": of}:
            points = told.get("points")
            short = max(len(time), len(item), len(wording)) <= _LONGEST_NAME and len(reason) <= LONGEST_REASON
            if short and _is_number(of) and (points is None or _is_number(points)):
                return Request(time, item, reason, wording, points, of)
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6
