"""One line of the record: how it is written, and how it is read whatever became of it on its way."""

from __future__ import annotations

import codecs
import json
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from io import TextIOWrapper
from typing import IO, Any

SAVE = "save"
CHECK = "check"
SETTING = "setting"
ESSAY = "essay"
#: No response of ours comes near this; a longer line is not of our making.
LONGEST_LINE = 64 * 1024
#: How many attempts at one item are carried over when a record that grew too large is begun anew.
_MOST_ATTEMPTS = 100


def line_of(what: dict[str, object]) -> bytes:
    """One line of the record."""
    text = json.dumps({"v": 1, "time": now_told(), **what}, ensure_ascii=False, separators=(",", ":"))
    return mended(text).encode() + b"\n"


def lines_in(file: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Each line with its length, whatever ends it; of a line longer than any answer, only the end.

    Nothing ends the last one where it was cut off, is still being written, or was dropped its end on the way.
    """
    # In Latin-1 each byte is one character, so that lengths are those in the file.
    text = TextIOWrapper(file, encoding="latin-1", newline="")
    try:
        while line := text.readline(LONGEST_LINE + 1):
            length = len(line)
            while not line.endswith(("\n", "\r")) and (rest := text.readline(LONGEST_LINE)):
                length += len(rest)
                line = rest
            yield line.encode("latin-1"), length
    finally:
        text.detach()


def is_whole(line: bytes) -> bool:
    """Whether a line that nothing ends is an entry all the same: cut off anywhere, it could not be read."""
    try:
        return isinstance(parse(line), dict)
    except (ValueError, RecursionError):
        return False


def what_counts(file: IO[bytes]) -> list[bytes]:
    """Of a record's lines, those that a new one begins with: the last of each kind, and the last attempts."""
    kept: dict[tuple[object, ...], deque[bytes]] = {}
    for line, length in lines_in(file):
        if length > LONGEST_LINE:
            continue
        try:
            entry = parse(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(entry, dict):
            event = entry.get("event")
            whose = (str(event), str(entry.get("item")), str(entry.get("name")))
            entries = kept.setdefault(whose, deque(maxlen=_MOST_ATTEMPTS if event == CHECK else 1))
            entries.append(line.removeprefix(codecs.BOM_UTF8).strip() + b"\n")
    return [line for lines in kept.values() for line in lines]


def parse(text: bytes) -> Any:
    """The JSON value of UTF-8 text, halves of character pairs mended."""
    value = json.loads(text.removeprefix(codecs.BOM_UTF8).decode())
    if b"\\u" in text and (b"\\ud" in text or b"\\uD" in text):
        value = json.loads(mended(json.dumps(value, ensure_ascii=False)))
    return value


def mended(text: str) -> str:
    """A text in which half a character pair, which no file can hold, became U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def now_told() -> str:
    """The time as the record tells it: UTC, ISO 8601, whole seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
