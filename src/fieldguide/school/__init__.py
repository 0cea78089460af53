"""The course on a school's own server: one JupyterHub, an account of the system for each person, several courses.

A school edits one file, `courses.toml`. `reading` reads it, `planning` says what the machine should be like, `machine`
looks at what it is like and changes what is not so. ``fieldguide-admin`` is the way in.
"""

from __future__ import annotations

__all__ = [
    "INSTRUCTORS",
    "LTI_COOKIE",
    "LTI_SECRET",
    "LTI_SECRET_HEADER",
    "OVER_HTTPS",
    "SOCKET",
    "SchoolError",
]

#: Tells a server whether people come by HTTPS, so that its cookies go to no other machine. JupyterHub's own name.
OVER_HTTPS = "JUPYTERHUB_COOKIE_HOST_PREFIX_ENABLED"
#: Tells a server the number of the socket that it is given (listening.py).
SOCKET = "FIELDGUIDE_SOCKET"
#: The cookie of a browser in which somebody comes from a course site.
LTI_COOKIE = "fieldguide-lti"
#: Tells the service of course sites the word by which the hub and it know each other.
LTI_SECRET = "FIELDGUIDE_LTI_SECRET"  # noqa: S105  (a name)
#: The header in which it tells the hub that word.
LTI_SECRET_HEADER = "X-Fieldguide-Lti"  # noqa: S105  (a name)
#: Tells a course's server the system's group of its instructors (gate.py).
INSTRUCTORS = "FIELDGUIDE_INSTRUCTORS"


class SchoolError(RuntimeError):
    """Why a school's server cannot be set up as wanted: sentences for people, with file and line where there is one."""
