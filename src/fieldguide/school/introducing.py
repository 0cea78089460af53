"""Tells the gradebooks of the courses who their students are, by name: a gradebook is read by a course's account, and
who is who of all courses by root alone. Nobody learns anything here but a course's own account, of its own students."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fieldguide.school import SchoolError
from fieldguide.school.classlist import Student, into_gradebook
from fieldguide.school.planning import Places
from fieldguide.school.reading import Course

#: So long who comes is gathered before a gradebook is told, in seconds: a class comes at once.
_GATHER = 5


class Introducing:
    """Who is to be told of, and to which course. One gradebook is told at a time."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._turns = ThreadPoolExecutor(1, thread_name_prefix="gradebook")
        self._waiting: list[tuple[Course, Student]] = []
        self._later: asyncio.Task[None] | None = None

    def tell(self, course: Course, student: Student, log: Any) -> None:
        """Have a course's gradebook told of a student, soon."""
        self._waiting.append((course, student))
        if self._later is None or self._later.done():
            self._later = asyncio.create_task(self._tell_all(log))

    async def _tell_all(self, log: Any) -> None:
        """Tell a course at a time."""
        await asyncio.sleep(_GATHER)
        while self._waiting:
            course = self._waiting[0][0]
            students = [student for where, student in self._waiting if where == course]
            self._waiting = [one for one in self._waiting if one[0] != course]
            loop = asyncio.get_running_loop()
            try:
                await loop.run_in_executor(self._turns, into_gradebook, course, self._places, students)
            except (SchoolError, OSError) as error:
                # Their names come with the next class list; nothing else needs them there.
                log.error("The gradebook of %s could not be told who came: %s", course.id, error)
