"""Servers start in turn: whose turn it is, who is before whom, and how long it takes.

On two cores thirty servers that start together are all there at the end. In turn, half of them are there after half the
time, nobody is there later, and each can be told how long it takes.
"""

from __future__ import annotations

import asyncio
import math
import os
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median
from time import monotonic

#: What a start takes before one was measured, in seconds; of how many it is measured.
_USUAL, _LAST = 5.0, 10
#: What people are told goes up by so many seconds, as nobody knows it better.
_STEP = 5


@dataclass(frozen=True, slots=True)
class Stand:
    """How many servers start before somebody's, how long they have waited, and about how long they still will; in
    seconds, the second rounded up, and 0 where it takes longer than it usually does."""

    before: int
    waited: float
    left: int


@dataclass(slots=True)
class _Start:
    asked: float
    began: float | None = None


class Turns:
    """Those whose server starts now or next on this machine, in the order in which they asked."""

    def __init__(self, at_once: int = 0, clock: Callable[[], float] = monotonic) -> None:
        """``at_once`` servers start together: one more than there are processors, unless it is named."""
        self._at_once = at_once or (os.cpu_count() or 1) + 1
        self._places = asyncio.Semaphore(self._at_once)
        self._clock = clock
        self._starts: dict[str, _Start] = {}
        self._took: deque[float] = deque(maxlen=_LAST)

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Wait for somebody's turn, and keep their place until the server is there, or has failed."""
        start = self._starts[name] = _Start(self._clock())
        try:
            async with self._places:
                start.began = self._clock()
                yield
                self._took.append(self._clock() - start.began)
        finally:
            del self._starts[name]

    def stand(self, name: str) -> Stand | None:
        """How it stands with somebody's start; None where none is under way."""
        start = self._starts.get(name)
        if start is None:
            return None
        earlier = list(self._starts.values())[: list(self._starts).index(name)]
        takes, now = median(self._took) if self._took else _USUAL, self._clock()
        if start.began is None:
            queued = sum(one.began is None for one in earlier)
            left = takes * (queued // self._at_once + 1.5)  # those that start now are halfway, as a rule
        else:
            left = takes - (now - start.began)
        return Stand(len(earlier), now - start.asked, max(0, _STEP * math.ceil(left / _STEP)))
