"""Whose row is it? A student of the gradebook for each row of a course site's file, and nobody guessed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fieldguide.grading.names import show
from fieldguide.grading.spreadsheets import unguarded
from fieldguide.items.plaintext import plain

#: What is said of a row that nobody's anything fits.
NOBODY = "nobody in the gradebook has this id, login or name"


@dataclass(frozen=True, slots=True)
class Row:
    """What a file says of a person: ``ids`` and ``logins`` as the course site has them, and the name, empty where it
    has none."""

    number: int
    ids: tuple[str, ...]
    logins: tuple[str, ...]
    last_name: str
    first_name: str

    def __str__(self) -> str:
        name = ", ".join(show(unguarded(part)) for part in (self.last_name, self.first_name) if part)
        return f"line {self.number}, {name or show(next(iter(self.logins or self.ids), '')) or 'nobody'}"


@dataclass(slots=True)
class Found:
    """The student's id of each row that is somebody's, by its number, and why the others are nobody's."""

    students: dict[int, str]
    unknown: dict[Row, str]


def find_people(rows: Iterable[Row], students: Iterable[Any]) -> Found:
    """Match rows with the gradebook's ``students``: by id, then by login, then by name.

    Nobody is matched with a row whose id and login are two people's or whose name is another than the id's, with a name
    that two people have, or with a student whom two rows could be.
    """
    by_id: dict[str, set[str]] = {}
    by_login: dict[str, set[str]] = {}
    by_name: dict[str, set[str]] = {}
    called: dict[str, str] = {}
    for student in students:
        called[student.id] = _name(student.last_name, student.first_name)
        for known, keys in (
            (by_id, (student.lms_user_id, student.id)),
            (by_login, (student.id, student.email, student.lms_user_id)),
            (by_name, (called[student.id],)),
        ):
            for key in keys:
                if key:
                    known.setdefault(_plain(key), set()).add(student.id)
    rows = list(rows)
    names = [_name(row.last_name, row.first_name) for row in rows]
    found = Found({}, {})
    for row, name in zip(rows, names, strict=True):
        sure = _of(row.ids, by_id) | _of(row.logins, by_login)
        likely = by_name.get(name, set()) if name else set()
        if len(sure) > 1:
            found.unknown[row] = f"its id and its login are those of different people: {_listed(sure)}"
        elif sure and _are_strangers(name, called[next(iter(sure))]):
            found.unknown[row] = f"it has the id or login of {_listed(sure)}, whose name is another"
        elif sure:
            found.students[row.number] = next(iter(sure))
        elif len(likely) > 1:
            found.unknown[row] = f"more than one student has this name: {_listed(likely)}"
        elif likely and names.count(name) > 1:
            found.unknown[row] = f"more than one row has this name, and one student: {_listed(likely)}"
        elif likely:
            found.students[row.number] = next(iter(likely))
        else:
            found.unknown[row] = NOBODY
    _drop_doubles(found, rows)
    return found


def _drop_doubles(found: Found, rows: Iterable[Row]) -> None:
    """Take back what is said of rows that would be one and the same student's."""
    whose: dict[str, list[Row]] = {}
    for row in rows:
        if row.number in found.students:
            whose.setdefault(found.students[row.number], []).append(row)
    for student, claimed in whose.items():
        if len(claimed) > 1:
            lines = " and ".join(str(row.number) for row in claimed)
            for row in claimed:
                del found.students[row.number]
                found.unknown[row] = f"lines {lines} could both be {show(student)}"


def _of(keys: tuple[str, ...], known: dict[str, set[str]]) -> set[str]:
    return set().union(*(known.get(_plain(key), set()) for key in keys if key.strip()))


def _plain(key: str) -> str:
    return unguarded(key).strip().casefold()


def _name(last: str | None, first: str | None) -> str:
    return f"{plain(unguarded(last))}, {plain(unguarded(first))}" if last and first else ""


def _are_strangers(one: str, other: str) -> bool:
    """Whether two names have no word in common: an id can be the same by chance."""
    return bool(one and other) and not set(one.replace(",", "").split()) & set(other.replace(",", "").split())


def _listed(students: set[str]) -> str:
    return ", ".join(show(student) for student in sorted(students))
