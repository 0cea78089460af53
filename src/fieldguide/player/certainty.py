"""Certainty: how sure a student is of a practice answer. Asked only where they like to be asked, and never graded."""

from __future__ import annotations

from collections.abc import Iterable

from fieldguide.player.words import say
from fieldguide.responses import ResponseRecord, Snapshot

LEVELS = ("sure", "fairly", "guess")
_SETTING = "certainty"


class Certainty:
    """Whether the student likes to be asked in this notebook. Kept in the record, where there is one."""

    def __init__(self, record: ResponseRecord | None) -> None:
        self._record = record
        self._preview = False

    def on(self, now: Snapshot) -> bool:
        """Whether they like to be asked, by what is on record."""
        return self._preview if self._record is None else now.settings.get(_SETTING) is True

    def turn(self, on: bool) -> Snapshot:
        """Ask from now on, or ask no more; returns what is on record then. Raises OSError when the disk refuses."""
        if self._record is not None:
            return self._record.set(_SETTING, on)
        self._preview = on
        return Snapshot()


def calibration(level: str | None, verdict: str) -> str | None:
    """What the student is told of one attempt: how sure they were, and how it came out."""
    return say(f"calibration_{level}_{verdict}") if level in LEVELS else None


def tally(attempts: Iterable[tuple[str | None, bool]]) -> list[str]:
    """How often each level was followed by a right answer; nothing for a level that was never said.

    ``attempts`` holds what was said and whether the answer was right.
    """
    results: dict[str, list[bool]] = {level: [] for level in LEVELS}
    for level, right in attempts:
        if level in results:
            results[level].append(right)
    return [say(f"tally_{level}", right=sum(these), n=len(these)) for level, these in results.items() if these]
