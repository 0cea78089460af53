"""On which kind of file system a path lies, and whether other machines may write there at the same time."""

from __future__ import annotations

import os
import re
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
#: Where a lock of one machine does not hold on another, or may not hold at all.
_NETWORK = re.compile(r"nfs4?|cifs|smb3?|smbfs|9p|afs|ceph|glusterfs|lustre|gpfs|beegfs|ncpfs|fuse|fuse\.(?!lxcfs$).+")
_ESCAPED = re.compile(r"\\([0-7]{3})")


def kind_of(path: Path, mounts: str | None = None) -> str:
    """The kind of file system that a path lies on, as the kernel names it; empty where it does not tell.

    ``mounts`` is the text of /proc/self/mountinfo, else this process's own.
    """
    try:
        text = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape") if mounts is None else mounts
    except OSError:
        return ""
    place, best, kind = Path(os.path.realpath(path)), -1, ""
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        mounted = Path(_ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[4]))
        # Of two at one place the later one is seen.
        if place.is_relative_to(mounted) and len(mounted.parts) >= best:
            best, kind = len(mounted.parts), after.split(" ")[0]
    return kind


def is_of_network(kind: str) -> bool:
    """Whether other machines may write to a file system of this kind, so that a lock of this one says little."""
    return _NETWORK.fullmatch(kind) is not None
