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
#: A gradebook that could not be told is told again after so long, in seconds, and each time after twice as long, up to
#: an hour: it may be in use, or not made yet.
_AGAIN, _AT_MOST = 60, 3600

#: A course, somebody of it, and whether they work at its desk.
_News = tuple[Course, Student, bool]


class Introducing:
    """Who is to be told of, and to which course. One gradebook is told at a time."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._turns = ThreadPoolExecutor(1, thread_name_prefix="gradebook")
        self._waiting: list[_News] = []
        self._untold: set[_News] = set()
        self._known: set[_News] = set()
        self._delays: dict[str, int] = {}
        self._later: asyncio.Task[None] | None = None

    def tell(self, course: Course, student: Student, log: Any) -> None:
        """Have a course's gradebook told of a student, soon."""
        self._wait([(course, student, False)], log)

    def tell_of_staff(self, course: Course, person: Student, log: Any) -> None:
        """The same of somebody who works at the course's desk, once as long as the hub runs."""
        if (course, person, True) not in self._known:
            self._wait([(course, person, True)], log)

    def _wait(self, news: list[_News], log: Any) -> None:
        self._untold.update(news)
        self._waiting += [one for one in news if one not in self._waiting]
        if self._later is None or self._later.done():
            self._later = asyncio.create_task(self._tell_all(log))

    async def _tell_all(self, log: Any) -> None:
        """Tell a course at a time."""
        await asyncio.sleep(_GATHER)
        loop = asyncio.get_running_loop()
        while self._waiting:
            course, _, works = self._waiting[0]
            news = [one for one in self._waiting if (one[0], one[2]) == (course, works)]
            self._waiting = [one for one in self._waiting if one not in news]
            into = staff_into_gradebook if works else into_gradebook
            try:
                await loop.run_in_executor(self._turns, into, course, self._places, [one[1] for one in news])
            except (SchoolError, OSError) as error:
                delay = self._delays.get(course.id, _AGAIN)
                self._delays[course.id] = min(2 * delay, _AT_MOST)
                loop.call_later(delay, self._tell_again, news, log)
                log.error(
                    "The gradebook of %s could not be told who came, and is told in %d s: %s", course.id, delay, error
                )
            else:
                self._delays.pop(course.id, None)
                self._untold.difference_update(news)
                self._known.update(one for one in news if works)

    def _tell_again(self, news: list[_News], log: Any) -> None:
        """Tell those who were not told of meanwhile."""
        self._wait([one for one in news if one in self._untold], log)
