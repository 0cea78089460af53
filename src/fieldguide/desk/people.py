"""What people are called wherever the desk names one: by name, and by what the school calls them.

All of it is the gradebook's, which hears of names from class lists, the course site and the sign-in service. An account
whose name tells nothing of its person is named by it only where nothing else is known. Who works at the desk is called
so by what the desk shows, and in nothing that a student gets.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, inspect, select

from fieldguide.grading import schema as t
from fieldguide.grading.course import Course
from fieldguide.grading.names import FROM_ELSEWHERE, OF_ELSEWHERE
from fieldguide.grading.schema import gradebook_at


class People:
    """The students of a course, and the staff: who works at its desk by an account that tells nothing of them. Each is
    a row of the gradebook's table or whatever has its columns."""

    def __init__(self, students: Iterable[Any] = (), staff: Iterable[Any] = ()) -> None:
        students = list(students)
        self._called, self._staff = _called(students), _called(staff)
        self._keys: dict[str, set[str]] = {}
        for one in students:
            name, first, last = _name(one), _line(one.first_name), _line(one.last_name)
            others = (_line(one.email), _line(one.lms_user_id), f"{last}, {first}" if first and last else "")
            for key in (self._called[one.id], name, *others):
                if key:
                    self._keys.setdefault(key.casefold(), set()).add(one.id)

    def called(self, student: str) -> str:
        """A student by name and by what the school calls them: the account, or else address or number. By what of that
        there is; by id where the gradebook does not know them."""
        return self._called.get(student, student)

    def scorer(self, name: str) -> str:
        """Who works at the desk, by name where the account tells nothing; else by what they are known as there."""
        return self._staff.get(name, name)

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
        return OF_ELSEWHERE.sub(lambda found: self._called.get(found[0]) or self.scorer(found[0]), text)


def read_people(connection: Connection) -> People:
    """Everybody in a gradebook."""
    student = t.student.c
    query = select(student.id, student.first_name, student.last_name, student.email, student.lms_user_id)
    has_staff = inspect(connection).has_table(t.staff.name)
    return People(connection.execute(query), connection.execute(select(t.staff)) if has_staff else ())


def people_of(course: Course) -> People:
    """The people of a course. Raises CourseError where its gradebook cannot be read."""
    with gradebook_at(course.db_url) as engine, engine.connect() as connection:
        return read_people(connection)


def _called(people: Iterable[Any]) -> dict[str, str]:
    """What each is called, by id: those who would be called the same are told apart by their ids."""
    whose: dict[str, list[str]] = {}
    for one in people:
        id_, name = one.id, _name(one)
        if FROM_ELSEWHERE.fullmatch(id_):
            id_ = _line(one.email) or _line(one.lms_user_id) or id_
        whose.setdefault(f"{name} ({id_})" if name else id_, []).append(one.id)
    return {id_: called if len(ids) == 1 else f"{called}, {id_}" for called, ids in whose.items() for id_ in ids}


def _name(one: Any) -> str:
    return f"{_line(one.first_name)} {_line(one.last_name)}".strip()


def _line(text: str | None) -> str:
    """A text as one line of signs that can be seen."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text or "").split())
