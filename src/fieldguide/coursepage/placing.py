"""Putting what was fetched into a student's folder, in which nothing of theirs is ever written over.

What a student made are the files that no release brings, and those that keep answers, whatever brings them. A notebook
that gives way to a newer one is put by first.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from fieldguide.coursepage.listing import Changes
from fieldguide.plainfiles import read_plain, write_whole
from fieldguide.responses.names import ESSAYS, RECORD

_LARGEST_NOTEBOOK = 16 << 20
_LARGEST_FILE = 256 << 20
#: The beginnings of the ids of cells that hold a question.
_QUESTIONS = ("item-", "task-")


class OwnWorkError(Exception):
    """The notebook is one that students write in, so no other may take its place."""


def is_ours(notebook: dict[str, Any]) -> bool:
    """Whether a notebook is a student's edition, whose answers are kept beside it."""
    match notebook:
        case {"metadata": {"fieldguide": {"edition": "student"}}}:
            return True
    return False


def files_in(folder: Path, ignore: tuple[str, ...] = ()) -> Iterator[str]:
    """The plain files below a folder by their paths in it, in order; without what any of the patterns names."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not any(fnmatch(name, one) for one in ignore))
        for name in sorted(names):
            path = Path(place, name)
            if not any(fnmatch(name, one) for one in ignore) and path.is_file() and not path.is_symlink():
                yield path.relative_to(folder).as_posix()


def missing(released: Path, own: Path, ignore: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The files of a release that a student's folder lacks."""
    return tuple(name for name in files_in(released, ignore) if not os.path.lexists(own / name))


def changes(released: Path, own: Path) -> Changes:
    """How a released notebook differs from the student's copy; nothing where either is none of ours.

    Cells that the student has added are no difference.
    """
    try:
        new, old = (read_plain(path, _LARGEST_NOTEBOOK) for path in (released, own))
        if new == old:
            return Changes()
        there, here = json.loads(new), json.loads(old)
        if not (is_ours(there) and is_ours(here)):
            return Changes()
        texts, own_texts = _texts(there), _texts(here)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Changes()
    gone = {cell for cell, (_, handed_out) in own_texts.items() if handed_out and cell not in texts}
    differing = gone | {cell for cell, (text, _) in texts.items() if own_texts.get(cell, (None,))[0] != text}
    questions = {cell.partition("-")[2] for cell in differing if cell.startswith(_QUESTIONS)}
    return Changes(tuple(sorted(questions)), any(not cell.startswith(_QUESTIONS) for cell in differing))


def _texts(notebook: dict[str, Any]) -> dict[str, tuple[str, bool]]:
    """Of each cell by its id the text, and whether it was handed out rather than added by the student."""
    found = {}
    for cell in notebook["cells"]:
        source = cell["source"]
        text = source if isinstance(source, str) else "".join(source)
        found[str(cell.get("id"))] = (text, cell["metadata"].get("deletable") is False)
    return found


def add_missing(fetched: Path, own: Path) -> tuple[str, ...]:
    """Copy into a student's folder the files that it lacks; returns their names. Raises OSError."""
    added = missing(fetched, own)
    for name in added:
        _copy(fetched / name, own / name)
    return added


def replace_with(fetched: Path, own: Path, module: str, aside: Path) -> None:
    """Have the files of a release take the place of a student's copies; the notebook is first copied to ``aside``.

    Raises OwnWorkError where answers are written in the notebook itself, and OSError.
    """
    notebook = own / f"{module}.ipynb"
    if notebook.exists():
        content = read_plain(notebook, _LARGEST_NOTEBOOK)
        if not _reads_as_ours(content):
            raise OwnWorkError
        if content != read_plain(fetched / notebook.name, _LARGEST_NOTEBOOK):
            aside.parent.mkdir(parents=True, exist_ok=True)
            write_whole(aside, content)
    # The notebook last: until it is there, the difference is still seen.
    for name in sorted(files_in(fetched), key=lambda name: (name == notebook.name, name)):
        if not name.lower().endswith((RECORD, ESSAYS)):
            _copy(fetched / name, own / name)


def _reads_as_ours(content: bytes) -> bool:
    try:
        return is_ours(json.loads(content))
    except (ValueError, RecursionError):
        return False


def _copy(source: Path, target: Path) -> None:
    content = read_plain(source, _LARGEST_FILE)
    try:
        if read_plain(target, _LARGEST_FILE) == content:
            return
    except OSError:
        pass
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, content)
