"""How long tests wait for a state that has to come; a wait ends as soon as the state is there.

On a machine that is slow or busy, FIELDGUIDE_PATIENCE=4 makes every such wait four times as long.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TypeVar

State = TypeVar("State")

PATIENCE = float(os.environ.get("FIELDGUIDE_PATIENCE", "1"))


def seconds(usual: float) -> float:
    """The longest wait, in seconds, where ``usual`` seconds are ample on a machine that does nothing else."""
    return usual * PATIENCE


def milliseconds(usual: float) -> float:
    """The same in milliseconds, as Playwright counts; ``usual`` is in seconds."""
    return seconds(usual) * 1000


#: What an expectation of Playwright's waits for, and what an action or a page that loads may take, in seconds.
EXPECTED_WITHIN = 30
DONE_WITHIN = 120


def until(state: Callable[[], State], within: float = DONE_WITHIN) -> State:
    """Wait for something to be true, for ``within`` seconds at the most; returns it."""
    end = time.monotonic() + seconds(within)
    while not (found := state()):
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.1)
    return found
