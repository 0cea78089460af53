"""What students are called wherever the desk names one: by name, and by what the school calls them.

All of it is the gradebook's, which hears of names from class lists, the course site and the sign-in service. An account
whose name tells nothing of its person is named by it only where nothing else is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from fieldguide.grading import schema as t
from fieldguide.grading.course import Course
from fieldguide.grading.names import FROM_ELSEWHERE, OF_ELSEWHERE
from fieldguide.grading.schema import gradebook_at


class People:
    """The students of a course, each a row of the gradebook's table or whatever has its columns."""

    def __init__(self, students: Iterable[Any] = ()) -> None:
        self._called: dict[str, str] = {}
        self._keys: dict[str, set[str]] = {}
        whose: dict[str, list[str]] = {}
        for one in students:
            first, last, email, number = (
                _line(text) for text in (one.first_name, one.last_name, one.email, one.lms_user_id)
            )
            name = f"{first} {last}".strip()
            id_ = (email or number or one.id) if FROM_ELSEWHERE.fullmatch(one.id) else one.id
            whose.setdefault(f"{name} ({id_})" if name else id_, []).append(one.id)
            for key in (email, number, name, f"{last}, {first}" if first and last else ""):
                if key:
                    self._keys.setdefault(key.casefold(), set()).add(one.id)
        for called, ids in whose.items():
            for id_ in ids:
                self._called[id_] = called if len(ids) == 1 else f"{called}, {id_}"
        for id_, called in self._called.items():
            self._keys.setdefault(called.casefold(), set()).add(id_)

    def called(self, student: str) -> str:
        """A student by name and by what the school calls them: the account, or else address or number. By what of that
        there is; by id where the gradebook does not know them."""
        return self._called.get(student, student)

    def find(self, text: str) -> str | None:
        """The id of the one student whom somebody means by a text: an id, a name, an address or a number. None where
        it is nobody's, or that of more than one."""
        if text in self._called:
            return text
        found = self._keys.get(_line(text).casefold(), set())
        return next(iter(found)) if len(found) == 1 else None

    def choices(self, students: Iterable[str]) -> list[str]:
        """What these students are called, in the order of the alphabet."""
        return sorted(map(self.called, students), key=str.casefold)

    def told(self, text: str) -> str:
        """A text that others wrote, with what people are called in place of accounts' names that tell nothing."""
        return OF_ELSEWHERE.sub(lambda found: self.called(found[0]), text)


def read_people(connection: Connection) -> People:
    """Everybody in a gradebook."""
    student = t.student.c
    query = select(student.id, student.first_name, student.last_name, student.email, student.lms_user_id)
    return People(connection.execute(query))


def people_of(course: Course) -> People:
    """The students of a course. Raises CourseError where its gradebook cannot be read."""
    with gradebook_at(course.db_url) as engine, engine.connect() as connection:
        return read_people(connection)


def _line(text: str | None) -> str:
    """A text as one line of signs that can be seen."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text or "").split())
