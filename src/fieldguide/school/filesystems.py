"""On which kind of file system a path lies. A gradebook in SQLite may be on no network's."""

from __future__ import annotations

import os
import re
from pathlib import Path

from sqlalchemy import make_url

_MOUNTS = Path("/proc/self/mountinfo")
#: Where a lock of one machine does not hold on another, or may not hold at all.
_NETWORK = re.compile(
    r"nfs4?|cifs|smb3?|smbfs|9p|afs|ceph|glusterfs|lustre|gpfs|beegfs|ncpfs|fuse\.(?!lxcfs$).+|fuseblk"
)
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


def why_no_gradebook(address: str, mounts: str | None = None) -> str | None:
    """Why a gradebook at an SQLAlchemy URL would lose scores, and what to do, in words; None where it is well."""
    url = make_url(address)
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    kind = kind_of(Path(url.database), mounts)
    if not _NETWORK.fullmatch(kind):
        return None
    return (
        f"The gradebook {url.database} is in SQLite on a file system of the network ({kind}), where two writers can "
        "damage it: SQLite's locks do not hold there. Put the course's folder on a disk of this machine, or the "
        "gradebook into PostgreSQL (CourseDirectory.db_url in nbgrader_config.py, docs/grading.md)."
    )
