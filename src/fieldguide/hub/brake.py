"""A limit on guessing passwords: after several wrong ones, further attempts are refused for a while."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

#: For how many seconds a wrong password counts.
WINDOW = 300.0
#: How many wrong passwords within that time stop further attempts: for one name, and for all names together.
FOR_A_NAME = 5
FOR_ALL = 30


class Brake:
    """The recent wrong passwords, by name. A restart of the hub forgets them."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._wrong: list[tuple[float, str]] = []  # the time and the name typed, oldest first

    def seconds_to_wait(self, name: str) -> float:
        """How long every log-in under this name is refused, whatever the password; 0 where one may be tried now."""
        now = self._clock()
        self._wrong = [(when, typed) for when, typed in self._wrong if now < when + WINDOW]
        of_all = [when for when, _ in self._wrong]
        of_name = [when for when, typed in self._wrong if typed == name]
        waits = [
            times[-limit] + WINDOW - now
            for times, limit in ((of_name, FOR_A_NAME), (of_all, FOR_ALL))
            if len(times) >= limit
        ]
        return max(waits, default=0.0)

    def was_wrong(self, name: str) -> None:
        """Count a wrong password."""
        self._wrong.append((self._clock(), name))

    def was_right(self, name: str) -> None:
        """Forget the wrong passwords of a person who then typed the right one."""
        self._wrong = [(when, typed) for when, typed in self._wrong if typed != name]
