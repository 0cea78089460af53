"""The log of changed scores: one line for each, kept for the day a student asks why.

``grading-log.jsonl`` in the course folder is only ever added to. A line is on the disk before the gradebook
changes, so no change is without its line; where a run is stopped between the two, the next run says it again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fieldguide.grading.gradebook import Mended
from fieldguide.grading.levels import Given
from fieldguide.grading.saving import Standing

LOG_NAME = "grading-log.jsonl"


def log_changes(root: Path, module: str, mended: list[Mended], standings: Iterable[Standing]) -> None:
    """Add the items that changed, and every student whose total is another one than before."""
    head = _head(module)
    entries: list[dict[str, Any]] = [
        head | {"event": "item", "item": item.item, "points_before": item.points_before, "points": item.points}
        for item in mended
    ]
    entries += [
        head
        | {"event": "score", "student": standing.student, "before": standing.before, "after": standing.total}
        | {"penalty": standing.penalty, "items": _items(standing)}
        for standing in standings
        if is_changed(standing)
    ]
    _add(root, entries)


def log_scored(root: Path, module: str, scored: Iterable[tuple[Given, float | None]]) -> None:
    """Add what a person gave by criterion, where it is another sum than before."""
    head = _head(module)
    entries = [
        head
        | {"event": "levels", "student": given.student, "item": given.item}
        | {"before": before, "after": given.points, "levels": given.levels}
        for given, before in scored
        if before != given.points
    ]
    _add(root, entries)


def _head(module: str) -> dict[str, Any]:
    return {"v": 1, "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "module": module}


def _add(root: Path, entries: list[dict[str, Any]]) -> None:
    if not entries:
        return
    lines = "".join(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n" for entry in entries)
    with (root / LOG_NAME).open("ab", buffering=0) as file:
        file.write(lines.encode())
        os.fsync(file.fileno())


def is_changed(standing: Standing) -> bool:
    """Whether a student who had a total now has another."""
    return standing.before is not None and abs(standing.before - standing.total) > 1e-9


def _items(standing: Standing) -> list[dict[str, Any]]:
    return [
        {"item": name, "before": before, "after": after, "because": "response" if other else "question"}
        for name, (before, after, other) in standing.changed.items()
    ]
