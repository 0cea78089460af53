"""The files that a module is made of, and one digest of them all."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from fieldguide.plainfiles import read_own

#: What Jupyter, Python or a desktop leave in a module's folder is no part of the module.
LITTER = shutil.ignore_patterns(".*", "__pycache__")
_LARGEST = 64 << 20


def files_in(folder: Path) -> dict[str, bytes]:
    """The plain files below a folder by their paths in it, in order. Raises OSError where one cannot be read."""
    found = {}
    for parent, folders, names in os.walk(folder):
        left_out = LITTER(parent, [*folders, *names])
        folders[:] = sorted(set(folders) - left_out)
        for path in (Path(parent, name) for name in sorted(set(names) - left_out)):
            if path.is_file() and not path.is_symlink():
                found[path.relative_to(folder).as_posix()] = read_own(path, _LARGEST)
    return found


def digest(files: Mapping[str, bytes]) -> str:
    """One SHA-256 digest, in hexadecimal, of all names and contents."""
    total = hashlib.sha256()
    for name, content in sorted(files.items()):
        total.update(f"{name}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def digest_in(folder: Path) -> str:
    """The same of the files below a folder."""
    return digest(files_in(folder))


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder, which is made in one that is there, for their owner alone."""
    places = {folder, *(folder / parent for name in files for parent in Path(name).parents)}
    for place in sorted(places, key=lambda place: len(place.parts)):
        place.mkdir(mode=0o700, exist_ok=True)
    for name, content in files.items():
        target = folder / name
        target.write_bytes(content)
        target.chmod(0o600)
