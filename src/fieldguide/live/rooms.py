"""Rooms: a question that a class votes on, twice, and what of the votes may be told.

A room is in memory and ends after hours. A vote is kept under a digest of the voter's name with a secret of the room,
so that a second one takes the place of the first and no name is held. Nobody is told how the votes fall before they are
closed, and nobody ever how a few people voted: the figures are the digest's (docs/digest.md).
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldguide.digest.figures import LEAST, LEAST_FOR_ALL, apart, leaning

#: A question is voted on before and after the class talks about it.
ROUNDS = 2
#: After how many seconds a room ends by itself: no class is as long.
LASTS = 4 * 60 * 60
#: How many rooms a course may have at once. It has one for each section that meets now.
MOST_IN_COURSE = 20
#: Letters and digits that are not easily confused when read from a wall.
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_CODE_LENGTH = 5


class RefusedError(Exception):
    """What is not done; ``why`` is a name of a sentence in the words of ``live``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and whose it is: a practice item, or a scene of a case (``scene`` is its id, else empty).

    ``told`` are the paragraphs before the question and ``more`` those after it. ``options`` go from id to text.
    """

    module: str
    cell: str
    scene: str
    title: str
    told: tuple[str, ...]
    asked: str
    more: tuple[str, ...]
    options: dict[str, str]
    language: str


@dataclass(slots=True)
class Room:
    """A question and the votes on it. ``answer`` are the right options and why, once they are shown."""

    code: str
    course: str
    question: Question
    ends: float
    is_open: bool = True
    figures_shown: bool = False
    answer: dict[str, str] | None = None
    _rounds: list[dict[bytes, tuple[str, int]]] = field(default_factory=lambda: [{}])
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def round(self) -> int:
        """Which vote this is, from 1."""
        return len(self._rounds)

    @property
    def voted(self) -> int:
        """How many have voted in this round."""
        return len(self._rounds[-1])

    @property
    def cast(self) -> int:
        """How many votes the room holds, of both rounds."""
        return sum(len(votes) for votes in self._rounds)

    @property
    def is_untouched(self) -> bool:
        """Whether nothing has come of the room yet."""
        return self.is_open and self.round == 1 and self.voted == 0

    def lead(self, round_number: int) -> None:
        """Check that a step was chosen in this round, by who saw it. Raises RefusedError."""
        if round_number != self.round:
            raise RefusedError("moved_on")

    def vote(self, person: str, round_number: int, option: str, number: int) -> None:
        """Count a vote, in place of an earlier one of the same person in this round. Raises RefusedError.

        ``number`` rises with each choice of a person, as an older one may arrive after a newer.
        """
        if option not in self.question.options:
            raise RefusedError("no_option")
        if round_number != self.round or not self.is_open:
            # An answer to it was lost, and it comes again.
            if 1 <= round_number <= self.round and self.own(person, round_number) == option:
                return
            raise RefusedError("vote_closed")
        if number < self.number(person):
            raise RefusedError("replaced")
        self._rounds[-1][self._digest(person)] = option, number

    def own(self, person: str, round_number: int | None = None) -> str | None:
        """What somebody voted in a round, or in the last."""
        option, _ = self._rounds[(round_number or self.round) - 1].get(self._digest(person), (None, 0))
        return option

    def number(self, person: str) -> int:
        """Which number somebody's vote has in this round; 0 before they vote."""
        _, number = self._rounds[-1].get(self._digest(person), (None, 0))
        return number

    def close(self) -> None:
        """Take no more votes in this round."""
        self.is_open = False

    def reopen(self) -> None:
        """Take votes in this round again, which was closed too early. Raises RefusedError once anything was shown."""
        if self.figures_shown or self.answer is not None:
            raise RefusedError("already_shown")
        self.is_open = True

    def again(self) -> None:
        """Open the second vote. Raises RefusedError."""
        if self.is_open or self.round == ROUNDS:
            raise RefusedError("no_other_vote")
        self._rounds.append({})
        self.is_open, self.figures_shown, self.answer = True, False, None

    def show_figures(self) -> None:
        """Let everybody in the room see how the votes fell. Raises RefusedError."""
        if self.is_open:
            raise RefusedError("still_open")
        self.figures_shown = True

    def show_answer(self, answer: Mapping[str, str]) -> None:
        """Let everybody see which options are right, and why. Raises RefusedError."""
        if self.is_open:
            raise RefusedError("still_open")
        if not answer or not answer.keys() <= self.question.options.keys():
            raise RefusedError("no_option")
        self.answer = dict(answer)

    def figures(self) -> list[dict[str, Any]] | None:
        """How the votes fell, by round; None before they are shown."""
        if not self.figures_shown or self.is_open:
            return None
        options = self.question.options
        counted = [Counter(option for option, _ in votes.values()) for votes in self._rounds]
        return [figures_of({one: counts[one] for one in options}) for counts in counted]

    def _digest(self, person: str) -> bytes:
        return hashlib.blake2b(person.encode(), key=self._secret, digest_size=16).digest()


def figures_of(counts: Mapping[str, int]) -> dict[str, Any]:
    """What of a vote may be told: ``voted``, ``parts`` that do not overlap and ``lean``, what more than half chose.

    Of fewer than five people nothing but how many they are; of fewer than ten, besides, what more than half chose.
    None stands where nothing may be told; an empty ``lean`` tells that no option has more than half.
    """
    voted = sum(counts.values())
    if voted < LEAST:
        return {"voted": voted, "parts": None, "lean": None}
    if voted < LEAST_FOR_ALL:
        return {"voted": voted, "parts": None, "lean": _as_list(leaning(counts))}
    parts = apart(counts)
    people = [part for part in parts if part.count]
    all_in_one = len(people) == 1 and len(people[0].options) > 1
    return {
        "voted": voted,
        "parts": [{"options": list(part.options), "count": part.count} for part in parts],
        "lean": _as_list(leaning(counts)) if all_in_one else None,
    }


def _as_list(options: tuple[str, ...] | None) -> list[str] | None:
    return None if options is None else list(options)


class Rooms:
    """The rooms of a hub, by their codes. ``clock`` tells seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rooms: dict[str, Room] = {}

    def open(self, course: str, question: Question) -> Room:
        """Open a room for a first vote, or find the one where nobody has voted on this question yet: a button that is
        pressed twice opens one. Raises RefusedError where the course has too many."""
        there = self.of((course,))
        for room in there:
            if room.question == question and room.is_untouched:
                return room
        if len(there) >= MOST_IN_COURSE:
            raise RefusedError("too_many_rooms")
        code = self._new_code()
        room = self._rooms[code] = Room(code, course, question, self._clock() + LASTS)
        return room

    def at(self, code: str) -> Room | None:
        """The room of a code, in capitals or not; None where there is none, or it has ended."""
        self._sweep()
        return self._rooms.get(code.upper())

    def of(self, courses: tuple[str, ...]) -> list[Room]:
        """The rooms of some courses, the one that was opened last first."""
        self._sweep()
        return [room for room in reversed(self._rooms.values()) if room.course in courses]

    def end(self, room: Room) -> None:
        """Forget a room and its votes."""
        self._rooms.pop(room.code, None)

    def _sweep(self) -> None:
        now = self._clock()
        for room in [one for one in self._rooms.values() if one.ends <= now]:
            self.end(room)

    def _new_code(self) -> str:
        while (code := "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))) in self._rooms:
            pass
        return code
