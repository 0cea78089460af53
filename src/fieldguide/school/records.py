"""Files for root alone with a line of JSON for each thing that was done. A line that is torn costs no other."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def add(path: Path, entry: Mapping[str, object]) -> None:
    """Add a line to a file, which is made where it is not there. Raises OSError."""
    line = json.dumps(entry).encode() + b"\n"
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as stream:
        size = os.fstat(descriptor).st_size
        # After a torn line, which would take this one with it.
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            line = b"\n" + line
        stream.write(line)
        os.fsync(descriptor)


def read(path: Path, *keys: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The entries of a file that have these keys; and of each line that is no such entry a sentence that says so.

    Both are empty where there is no file. Raises OSError where it cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return [], []
    return parse(content, str(path), *keys)


def parse(content: bytes, name: str, *keys: str) -> tuple[list[dict[str, Any]], list[str]]:
    """What ``read`` does, of a file's content; ``name`` is how sentences name the file."""
    entries, torn = [], []
    for number, line in enumerate(content.splitlines(), 1):
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            entry = None
        if isinstance(entry, dict) and {*keys} <= {*entry}:
            entries.append(entry)
        else:
            torn.append(
                f"{name}, line {number}, cannot be read: it is torn, as when the machine stopped or its disk was full. "
                "What it said is lost; look whether you know it, then delete the line."
            )
    return entries, torn
