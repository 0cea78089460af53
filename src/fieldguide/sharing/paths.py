"""Which files the exchange takes: those that every system can write into a folder, wherever they are collected."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

from fieldguide.grading.inbound import DEEPEST

_LONGEST_NAME, _LONGEST_PATH = 255, 1000  # in bytes: what every file system takes, with room for the folder
_NEVER = ("Cc", "Cs")  # control characters, NUL among them, and halves of characters, which UTF-8 cannot have


def can_be_written(path: str) -> bool:
    """Whether ``path`` names a file within a folder, not too deep in it, by a name that no system refuses."""
    if len(path) > _LONGEST_PATH or path.startswith("/") or any(unicodedata.category(sign) in _NEVER for sign in path):
        return False
    parts = PurePosixPath(path).parts
    if not 0 < len(parts) <= DEEPEST + 1 or ".." in parts:
        return False
    return len(path.encode()) <= _LONGEST_PATH and all(len(part.encode()) <= _LONGEST_NAME for part in parts)
