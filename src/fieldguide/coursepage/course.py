"""What state each module of the course is in for a student, and the one next step. Pure: on data alone.

It goes by three things: what the exchange was last seen to hold, what lies in the student's folders, and the feedback
that was fetched. Each may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from fieldguide.coursepage.listing import NO_CHANGES, Changes, Listed, Listing
from fieldguide.coursepage.own import Own


class State(Enum):
    """Where a student stands with a module."""

    LATER = "later"  # it is planned, and not released
    TO_DO = "to_do"
    BEGUN = "begun"
    ANSWERED = "answered"  # all of it, and not handed in
    HANDED_IN = "handed_in"
    CHANGED = "changed"  # since it was handed in
    RETURNED = "returned"  # there is feedback


class Step(Enum):
    """What to do next in a module."""

    START = "start"
    CONTINUE = "continue"
    HAND_IN = "hand_in"
    HAND_IN_AGAIN = "hand_in_again"
    FEEDBACK = "feedback"
    OPEN = "open"  # there is nothing to do, and all to read


@dataclass(frozen=True, slots=True)
class Score:
    """What fetched feedback tells: points of the most there are. ``waits``: a part is not scored yet."""

    points: float
    of: float
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Module:
    """One module as a student finds it. Times are UTC, ISO 8601.

    ``step`` is None where nothing can be done. ``late``: it is past due and was not handed in in time. ``withdrawn``:
    the exchange does not hold it any more. ``changes`` are those of a newer release. ``unread``: there is feedback that
    was not fetched. ``changed``: an answer is another one than was handed in; and where there is feedback, ``again`` is
    when it was handed in after what the feedback is on. With ``for_you`` the date is this student's alone, and
    ``looked`` is as in a listing. ``notebook`` is None where nothing was fetched, and ``ours`` says whether it opens as
    a page.
    """

    module: str
    course: str
    number: int | None
    title: str
    minutes: int | None
    state: State
    step: Step | None
    due: str | None = None
    for_you: bool = False
    looked: str | None = None
    late: bool = False
    withdrawn: bool = False
    answered: int = 0
    asked: int = 0
    handed_in: str | None = None
    changed: bool = False
    again: str | None = None
    changes: Changes = NO_CHANGES
    score: Score | None = None
    unread: bool = False
    folder: str = ""
    notebook: str | None = None
    ours: bool = True


def modules(
    listing: Listing | None, own: Mapping[str, Own], scores: Mapping[str, Score], now: datetime
) -> tuple[Module, ...]:
    """The modules of the course in order.

    ``own`` are the copies by their folders, ``scores`` those of the fetched feedback by the folders they lie in, and
    ``now`` is in UTC and without a zone. ``listing`` is None where the exchange was never seen: then nothing is said to
    be withdrawn.
    """
    listed = {one.folder: one for one in listing.modules} if listing else {}
    folders = {*listed, *own}
    found = [
        _module(folder, listed.get(folder), own.get(folder), listing is not None, scores, now) for folder in folders
    ]
    # By folder: the course of what was taken back is not known any more.
    return tuple(sorted(found, key=lambda one: one.folder))


def next_of(course: tuple[Module, ...], now: datetime) -> Module | None:
    """The module whose step comes first: new feedback, then what is due soonest, then what was begun, then in order.

    What is late comes after what can still be in time. None where nothing is to be done.
    """
    waiting = [one for one in course if one.unread or one.step not in (None, Step.FEEDBACK, Step.OPEN)]
    return min(waiting, key=lambda one: _rank(one, now), default=None)


def _rank(one: Module, now: datetime) -> tuple[bool, bool, str, bool, str]:
    overdue = one.due is not None and read_time(one.due) < now
    return not one.unread, overdue, one.due or "9", one.state is State.TO_DO, one.module


def read_time(text: str) -> datetime:
    """A time of a listing or record, in UTC and without a zone."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=None)


def _module(
    folder: str, listed: Listed | None, own: Own | None, seen: bool, scores: Mapping[str, Score], now: datetime
) -> Module:
    name = folder.rpartition("/")[2]
    number = re.match(r"\d\d(?=-)", name)
    released = listed.released if listed else not seen
    handed_in = _handed_in(listed, own)
    submissions = listed.submissions if listed else ()
    fetched = next((one.feedback for one in reversed(submissions) if one.feedback), None)
    unread = any(one.waiting for one in submissions)
    returned = next((one.time for one in reversed(submissions) if one.feedback or one.waiting), None)
    state = _state(released, own, listed, handed_in, returned=returned is not None)
    due = listed.due if listed else None
    return Module(
        module=name,
        course=listed.course if listed else "",
        number=int(number[0]) if number else None,
        title=own.head.title if own else (listed.title if listed else None) or name,
        minutes=own.head.minutes if own else listed.minutes if listed else None,
        state=state,
        step=_step(state, released, own),
        due=due,
        for_you=listed is not None and listed.for_you,
        looked=listed.looked if listed else None,
        late=due is not None and _is_late(read_time(due), handed_in, now) and (own is None or own.asked > 0),
        withdrawn=not released and state is not State.LATER,
        answered=own.answered if own else 0,
        asked=own.asked if own else 0,
        handed_in=handed_in,
        changed=handed_in is not None and own is not None and own.changed,
        again=handed_in if returned and handed_in and _is_another(handed_in, returned) else None,
        changes=listed.changes if listed else NO_CHANGES,
        score=scores.get(fetched) if fetched else None,
        unread=unread,
        folder=folder,
        notebook=own.notebook if own else None,
        ours=own is not None or listed is None or not listed.fetched or f"{name}.ipynb" in listed.missing,
    )


def _handed_in(listed: Listed | None, own: Own | None) -> str | None:
    """When it was handed in last. The exchange's time counts for grading, and the record's is written a moment later.

    So the record's is taken only where it is of a submission that was made after the exchange was seen.
    """
    last = listed.submissions[-1].time if listed and listed.submissions else None
    mine = own.handed_in if own else None
    if last is None or mine is None:
        return last or mine
    return mine if _is_another(mine, last) else last


def _is_another(later: str, time: str) -> bool:
    return read_time(later) - read_time(time) > timedelta(minutes=1)


def _is_late(due: datetime, handed_in: str | None, now: datetime) -> bool:
    return (now if handed_in is None else read_time(handed_in)) > due


def _state(released: bool, own: Own | None, listed: Listed | None, handed_in: str | None, returned: bool) -> State:
    if returned:
        return State.RETURNED
    if handed_in is not None:
        return State.CHANGED if own and own.changed else State.HANDED_IN
    if own is None:
        there = released or (listed is not None and listed.fetched)
        return State.TO_DO if there else State.LATER
    if own.asked and own.answered >= own.asked:
        return State.ANSWERED
    return State.BEGUN if own.begun else State.TO_DO


def _step(state: State, released: bool, own: Own | None) -> Step | None:
    if state is State.LATER:
        return None
    if state is State.RETURNED:
        return Step.FEEDBACK
    if not released:  # nothing can be handed in, and all can be read
        return Step.OPEN if own else None
    if state is State.TO_DO:
        return Step.START
    return {
        State.BEGUN: Step.CONTINUE,
        State.ANSWERED: Step.HAND_IN,
        State.HANDED_IN: Step.OPEN,
        State.CHANGED: Step.HAND_IN_AGAIN,
    }[state]
