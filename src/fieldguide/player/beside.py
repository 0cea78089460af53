"""The files of a course's other modules: beside this notebook, and in the folders beside its folder.

It is looked nowhere else: that is where the other modules of a course lie. Links are not followed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

#: A course has eight modules. What is beyond this is no course folder, and is not searched to its end.
_MOST = 200


def modules_beside(here: Path, ending: str) -> Iterator[tuple[Path, str]]:
    """Folders, this one first, and the modules of which a file with this ending lies in them."""
    beside = (here.parent / name for name in _names(here.parent) if name != here.name)
    for folder in (here, *beside):
        for name in _names(folder, ending):
            if not name.startswith("."):
                yield folder, name.removesuffix(ending)


def _names(folder: Path, ending: str | None = None) -> list[str]:
    """The names of the folders, or of the plain files with an ending, in a folder that may not be readable."""
    try:
        with os.scandir(folder) as entries:
            kinds = (
                entry.name
                for entry in entries
                if (
                    entry.is_dir(follow_symlinks=False)
                    if ending is None
                    else entry.is_file(follow_symlinks=False) and entry.name.endswith(ending)
                )
            )
            return sorted(islice(kinds, _MOST))
    except OSError:
        return []
