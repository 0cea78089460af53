"""The course on a school's own server: one JupyterHub, an account of the system for each person, several courses.

A school edits one file, `courses.toml`. `reading` reads it, `planning` says what the machine should be like, `machine`
looks at what it is like and changes what is not so. ``fieldguide-admin`` is the way in.
"""

from __future__ import annotations

__all__ = ["SOCKET", "SchoolError"]

#: Tells a server the number of the socket that it is given (listening.py).
SOCKET = "FIELDGUIDE_SOCKET"


class SchoolError(RuntimeError):
    """Why a school's server cannot be set up as wanted: sentences for people, with file and line where there is one."""
