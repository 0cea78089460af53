"""Where a class stands with each module, and the one next step. Pure: on data alone.

All times are in UTC and without a zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum


class State(Enum):
    """What a module waits for."""

    UNMADE = "unmade"  # there is no students' edition
    KEPT = "kept"  # it is not released
    OUT = "out"  # it is with the students
    TO_COLLECT = "to_collect"  # somebody handed in what is not graded
    TO_SCORE = "to_score"  # essays wait for a person
    TO_RETURN = "to_return"  # it is graded, and not everybody has feedback
    RETURNED = "returned"


class Step(Enum):
    """What an instructor does with a module. Each is the end of its page's address."""

    MAKE = "make"  # the students' edition, without releasing it
    RELEASE = "release"
    WITHDRAW = "withdraw"
    COLLECT = "collect"
    SCORE = "score"
    FEEDBACK = "feedback"
    SEND = "send"  # grades to the course site, where they are not there yet


@dataclass(frozen=True, slots=True)
class Found:
    """What the course folder, the exchange and the gradebook hold of a module.

    ``handed_in`` is each student's last time in the exchange, ``entered`` that of work which lies in the course folder
    and did not come through the exchange, such as an answer sheet that somebody entered, and ``anew`` who had a sheet
    entered on the desk since it was graded; ``graded`` is the time of what the gradebook has of a student, and
    ``extended`` by how much a student's due date was put off. ``released`` and ``collected``: since when it is out, and
    up to when was collected on the desk. ``waiting`` counts essays, ``returned`` the graded students who can fetch
    feedback. ``changed``: scores have, since. ``asked`` counts students' requests that nobody has answered.
    ``previewed``: there is a students' edition to look at, which may have come with the project and not be ``made`` for
    the gradebook. ``begun`` are those who have; None where that is not seen.
    """

    module: str
    title: str = ""
    made: bool = True
    previewed: bool = False
    released: datetime | None = None
    due: datetime | None = None
    handed_in: Mapping[str, datetime] = field(default_factory=dict)
    entered: Mapping[str, datetime] = field(default_factory=dict)
    anew: frozenset[str] = frozenset()
    graded: Mapping[str, datetime | None] = field(default_factory=dict)
    extended: Mapping[str, timedelta] = field(default_factory=dict)
    begun: frozenset[str] | None = None
    collected: datetime | None = None
    waiting: int = 0
    returned: int = 0
    changed: bool = False
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Module:
    """A module as the desk shows it.

    ``late`` and ``new`` count students who handed in after it was due, and since it was graded. ``step`` is None where
    nothing is to do; ``early`` says that it can be done already, and that it is better to wait until all is in.
    ``missing`` are the students of whom there is nothing, in order, and ``unbegun`` those of them who have not begun,
    where that is seen. ``running`` are the due dates of single students that are still to come, in order.
    """

    found: Found
    state: State
    step: Step | None
    number: int | None
    early: bool
    handed_in: int
    late: int
    new: int
    of: int
    missing: tuple[str, ...]
    unbegun: tuple[str, ...]
    overdue: bool
    running: tuple[datetime, ...]


def modules(course: Iterable[Found], students: Iterable[str], now: datetime) -> tuple[Module, ...]:
    """The modules of the course in order, for a class of these students."""
    everybody = frozenset(students)
    return tuple(_module(found, everybody, now) for found in sorted(course, key=lambda one: one.module))


def next_of(course: Iterable[Module]) -> Module | None:
    """The module whose step comes first: what students wait for, what was due first before it, then what to release.

    None where nothing is to do.
    """
    waiting = [one for one in course if one.step is not None and not one.early]
    return min(waiting, key=_rank, default=None)


def _rank(one: Module) -> tuple[bool, datetime, str]:
    return one.step is Step.RELEASE, one.found.due or datetime.max, one.found.module


def _module(found: Found, students: frozenset[str], now: datetime) -> Module:
    new = [student for student, time in found.handed_in.items() if _is_new(found, student, time)]
    new += [
        student
        for student, time in found.entered.items()
        if student in found.anew or _is_ungraded(found, student, time)
    ]
    known = students | found.graded.keys()
    times = {**found.graded, **found.entered, **found.handed_in}
    late = sum(is_late(found, student, time) for student, time in times.items())
    there = len(times)
    missing = tuple(sorted(students - times.keys()))
    overdue = found.due is not None and found.due < now
    state = _state(found, new)
    step = _STEPS[state]
    early = state is State.TO_COLLECT and found.due is not None and not overdue and bool(missing)
    number = re.match(r"\d\d(?=-)", found.module)
    return Module(
        found,
        state,
        step,
        int(number[0]) if number else None,
        early,
        there,
        late,
        len(new),
        len(known | times.keys()),
        missing,
        () if found.begun is None else tuple(student for student in missing if student not in found.begun),
        overdue,
        tuple(sorted(found.due + by for by in found.extended.values() if found.due + by > now)) if found.due else (),
    )


def is_late(found: Found, student: str, time: datetime | None) -> bool:
    """Whether what a student handed in at a time came after their own due date."""
    if found.due is None or time is None:
        return False
    return time > found.due + found.extended.get(student, timedelta())


def _is_new(found: Found, student: str, time: datetime) -> bool:
    if found.collected is not None and time <= found.collected:
        return False
    return _is_ungraded(found, student, time)


def _is_ungraded(found: Found, student: str, time: datetime) -> bool:
    if student not in found.graded:
        return True
    graded = found.graded[student]
    # The time in the exchange may have parts of a second that the gradebook's lacks.
    return graded is not None and (time - graded).total_seconds() >= 1


def _state(found: Found, new: list[str]) -> State:
    if new:
        return State.TO_COLLECT
    if found.waiting:
        return State.TO_SCORE
    if found.graded:
        return State.TO_RETURN if found.returned < len(found.graded) or found.changed else State.RETURNED
    if found.released is not None:
        return State.OUT
    return State.KEPT if found.made else State.UNMADE


_STEPS = {
    State.UNMADE: Step.RELEASE,
    State.KEPT: Step.RELEASE,
    State.OUT: None,
    State.TO_COLLECT: Step.COLLECT,
    State.TO_SCORE: Step.SCORE,
    State.TO_RETURN: Step.FEEDBACK,
    State.RETURNED: None,
}
