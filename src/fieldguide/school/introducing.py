"""Tells the gradebooks of the courses who their students are and who works at their desks, by name: a gradebook is read
by a course's account, and who is who of all courses by root alone. Nobody learns anything here but a course's own
account, of its own people."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fieldguide.school import SchoolError
from fieldguide.school.classlist import Student, into_gradebook, staff_into_gradebook
from fieldguide.school.planning import Places
from fieldguide.school.reading import Course

#: So long who comes is gathered before a gradebook is told, in seconds: a class comes at once.
_GATHER = 5


class Introducing:
    """Who is to be told of, and to which course. One gradebook is told at a time."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._turns = ThreadPoolExecutor(1, thread_name_prefix="gradebook")
        self._waiting: list[tuple[Course, Student, bool]] = []
        self._known: set[tuple[str, Student]] = set()
        self._later: asyncio.Task[None] | None = None

    def tell(self, course: Course, student: Student, log: Any) -> None:
        """Have a course's gradebook told of a student, soon."""
        self._tell(course, student, log, works=False)

    def tell_of_staff(self, course: Course, person: Student, log: Any) -> None:
        """The same of somebody who works at the course's desk, once as long as the hub runs."""
        if (course.id, person) not in self._known and (course, person, True) not in self._waiting:
            self._tell(course, person, log, works=True)

    def _tell(self, course: Course, person: Student, log: Any, *, works: bool) -> None:
        self._waiting.append((course, person, works))
        if self._later is None or self._later.done():
            self._later = asyncio.create_task(self._tell_all(log))

    async def _tell_all(self, log: Any) -> None:
        """Tell a course at a time."""
        await asyncio.sleep(_GATHER)
        while self._waiting:
            course, _, works = self._waiting[0]
            people = [one for where, one, too in self._waiting if (where, too) == (course, works)]
            self._waiting = [one for one in self._waiting if (one[0], one[2]) != (course, works)]
            loop = asyncio.get_running_loop()
            into = staff_into_gradebook if works else into_gradebook
            try:
                await loop.run_in_executor(self._turns, into, course, self._places, people)
            except (SchoolError, OSError) as error:
                # Students' names come with the next class list, the others' when they next come.
                log.error("The gradebook of %s could not be told who came: %s", course.id, error)
            else:
                self._known |= {(course.id, one) for one in people if works}
