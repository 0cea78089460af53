"""A gradebook in SQLite may be on no file system of the network."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url

from fieldguide.docs import page
from fieldguide.filesystems import is_of_network, kind_of


def why_no_gradebook(address: str, mounts: str | None = None) -> str | None:
    """Why a gradebook at an SQLAlchemy URL would lose scores, and what to do, in words; None where it is well.

    ``mounts`` is the text of /proc/self/mountinfo, else this process's own.
    """
    url = make_url(address)
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    kind = kind_of(Path(url.database), mounts)
    if not is_of_network(kind):
        return None
    return (
        f"The gradebook {url.database} is in SQLite on a file system of the network ({kind}), where two writers can "
        "damage it: SQLite's locks do not hold there. Put the course's folder on a disk of this machine, or the "
        "gradebook alone, or into PostgreSQL (CourseDirectory.db_url in nbgrader_config.py, "
        f"{page('grading.md')})."
    )
