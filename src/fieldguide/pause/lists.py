"""Lists of words: the files in ``lists/``, and short ones that stand beside the pattern which needs them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "lists"


def read_list(file: str, name: str) -> frozenset[str]:
    """A list of ``lists/<file>.txt`` by its name. Each file is read once. Raises KeyError for a list that it lacks."""
    return _read(file)[name]


@cache
def _read(file: str) -> dict[str, frozenset[str]]:
    lines = (_FOLDER / f"{file}.txt").read_text(encoding="utf-8").splitlines()
    _, *sections = "\n".join(line for line in lines if not line.startswith("#")).split("[")
    return {name: phrases(entries) for name, _, entries in (section.partition("]") for section in sections)}


def listed(words: str) -> frozenset[str]:
    """Words, from one text that has them with blanks between."""
    return frozenset(words.split())


def phrases(entries: str) -> frozenset[str]:
    """Words and phrases, from one text that has them with commas between."""
    return frozenset(" ".join(entry.split()) for entry in entries.split(","))


def one_of(patterns: str) -> str:
    """A group that matches one of these patterns, longer ones first; one text has them, with commas between."""
    return f"(?:{'|'.join(sorted(phrases(patterns), key=lambda one: (-len(one), one)))})"
