"""Who is let in at a course's own server, and to what: ``python -P -m fieldguide.school.gate``.

The server runs as the course's account; who is an instructor and who an assistant is what the hub's scopes say, and
`desk.gate` refuses.
"""

from __future__ import annotations

import asyncio
import contextlib
import grp
import math
import os
import time
from pathlib import Path
from typing import Any

from fieldguide.desk.gate import BehindGate, Gate, Grader
from fieldguide.desk.people import People, people_of
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.names import FROM_ELSEWHERE
from fieldguide.school import INSTRUCTORS
from fieldguide.school.listening import GivenServerApp, serve
from fieldguide.school.reading import GRADER
from fieldguide.school.scopes import score, teach


class CourseGate(Gate):
    """Knows who asks by the hub's scopes."""

    _instructors: tuple[str, ...] = ()
    _asked = -math.inf

    async def grader_of(self, person: dict[str, Any]) -> Grader | None:
        """Somebody as the hub tells of them; None where what they logged in with is older than their role."""
        course, group = os.environ["JUPYTERHUB_SERVICE_NAME"], os.environ[INSTRUCTORS]
        held = set(person["scopes"])
        teaches = teach(course) in held
        # A scope that somebody got after they logged in is not in their token, and their groups tell that it should be.
        if not teaches and (score(course) not in held or group in person.get("groups", ())):
            return None
        return Grader(person, teaches=teaches, instructors=() if teaches else await self._named_in(group))

    async def _named_in(self, group: str) -> tuple[str, ...]:
        """The people in a group, asked of the gradebook as seldom as the hub is asked of people."""
        if time.monotonic() - self._asked > self.hub_auth.cache_max_age:
            self._asked = time.monotonic()
            try:
                course = Course(Path.cwd())  # reading settings changes the working folder, so it is not done elsewhere
            except (CourseError, OSError):  # a page of the desk says what is wrong with them
                course = None
            loop = asyncio.get_running_loop()
            self._instructors = await loop.run_in_executor(None, named_in, group, course)
        return self._instructors


def named_in(group: str, course: Course | None) -> tuple[str, ...]:
    """The people in a group of the system, by name: their account's where that tells who they are, or else what the
    course's gradebook was told. Who has neither is left out, and so they are where the gradebook cannot be read."""
    try:
        accounts = [name for name in grp.getgrnam(group).gr_mem if not name.startswith(GRADER)]
    except KeyError:
        return ()
    people = People()
    if course is not None and any(map(FROM_ELSEWHERE.fullmatch, accounts)):
        with contextlib.suppress(CourseError, OSError):
            people = people_of(course)
    called = map(people.scorer, accounts)
    return tuple(sorted(name for name in called if not FROM_ELSEWHERE.fullmatch(name)))


class CourseServerApp(BehindGate, GivenServerApp):
    """Jupyter's server behind the gate."""

    gate = CourseGate


if __name__ == "__main__":
    serve(CourseServerApp)
