"""Who is let in at a course's own server, and to what: ``python -P -m fieldguide.school.gate``.

The server runs as the course's account; who is an instructor and who an assistant is what the hub's scopes say, and
`desk.gate` refuses.
"""

from __future__ import annotations

import grp
import os
from typing import Any

from fieldguide.desk.gate import BehindGate, Gate, Grader
from fieldguide.grading.names import BEGINS
from fieldguide.school import INSTRUCTORS
from fieldguide.school.listening import GivenServerApp, serve
from fieldguide.school.reading import GRADER
from fieldguide.school.scopes import score, teach

#: How long a server goes by what the hub told it of somebody, in seconds. The hub itself looks as often.
_REMEMBERED = 25


class CourseGate(Gate):
    """Knows who asks by the hub's scopes."""

    def grader_of(self, person: dict[str, Any]) -> Grader | None:
        """Somebody as the hub tells of them; None where what they logged in with is older than their role."""
        course, group = os.environ["JUPYTERHUB_SERVICE_NAME"], os.environ[INSTRUCTORS]
        held = set(person["scopes"])
        teaches = teach(course) in held
        # A scope that somebody got after they logged in is not in their token, and their groups tell that it should be.
        if not teaches and (score(course) not in held or group in person.get("groups", ())):
            return None
        return Grader(person, teaches=teaches, instructors=named_in(group))


def named_in(group: str) -> tuple[str, ...]:
    """The people in a group of the system whose account's name tells who they are, by name."""
    try:
        names = grp.getgrnam(group).gr_mem
    except KeyError:
        return ()
    return tuple(sorted(name for name in names if not name.startswith((GRADER, BEGINS))))


class CourseServerApp(BehindGate, GivenServerApp):
    """Jupyter's server behind the gate."""

    gate = CourseGate

    def init_configurables(self) -> None:
        """As any, and it asks the hub again soon."""
        self.config.HubOAuth.cache_max_age = _REMEMBERED
        super().init_configurables()


if __name__ == "__main__":
    serve(CourseServerApp)
