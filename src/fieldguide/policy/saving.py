"""Saving the documents of a policy beside the notebook."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

from fieldguide.plainfiles import read_plain, write_whole
from fieldguide.policy import docxfile, htmlfile
from fieldguide.policy.documents import NAME
from fieldguide.policy.words import say

_AS_MADE: dict[str, Callable[[bytes], bool]] = {".docx": docxfile.is_as_made, ".html": htmlfile.is_as_made}
_LARGEST = 4 * 1024 * 1024
_MOST_NAMES = 99


def save_documents(folder: Path, files: dict[str, bytes]) -> list[str]:
    """Write the files, by their endings, and return their names: one name for all, with a number where it is taken.

    A file of that name is replaced only if it is one of ours that nobody worked on since. Raises OSError.
    """
    for number in range(1, _MOST_NAMES + 1):
        name = NAME if number == 1 else f"{NAME}-{number}"
        paths = {folder / f"{name}{ending}": content for ending, content in files.items()}
        if all(_is_free(path) for path in paths):
            for path, content in paths.items():
                write_whole(path, content)
            return [path.name for path in paths]
    raise OSError(errno.EEXIST, say("no_free_name"))


def _is_free(path: Path) -> bool:
    try:
        return _AS_MADE[path.suffix](read_plain(path, _LARGEST))
    except FileNotFoundError:
        return True
    except OSError:  # a link, a folder, a large file: not of our making
        return False
