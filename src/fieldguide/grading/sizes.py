"""How large a folder would be once copied. A sparse file takes no room on the disk, but its copy can fill one."""

from __future__ import annotations

import os
from pathlib import Path

from fieldguide.grading.names import show
from fieldguide.words import Words

_WORDS = Words("submission")
_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")
_BLOCK = 512  # the unit of st_blocks on every file system


def why_too_large(folder: Path, most: int) -> str | None:
    """Why a folder is too large to be copied, as words that follow "it"; None where it has at most ``most`` bytes.

    Links are not followed, and what cannot be examined is not counted.
    """
    total, largest, on_disk, name = 0, -1, 0, ""
    for place, _, names in os.walk(folder):
        for found in names:
            path = os.path.join(place, found)  # noqa: PTH118 (a class has many files, and paths are slow to make)
            try:
                about = os.lstat(path)
            except OSError:
                continue
            total += about.st_size
            if about.st_size > largest:
                largest, on_disk, name = about.st_size, about.st_blocks * _BLOCK, os.path.relpath(path, folder)
    if total <= most:
        return None
    size = in_words(largest)
    if on_disk < largest:
        size = _WORDS.say("on_disk", size=size, part=in_words(on_disk))
    return _WORDS.say("holds", size=in_words(total), most=in_words(most), name=show(name), largest=size)


def in_words(size: int) -> str:
    """A number of bytes in the largest unit that fits."""
    value, unit = float(size), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.3g} {_UNITS[unit]}" if value < 999.5 else f"{value:.0f} {_UNITS[unit]}"
