"""The log of changed scores: one line for each change, kept for the day a student asks why.

``grading-log.jsonl`` in the course folder only grows, and holds nothing that the gradebook does not. Its lines are
written to the gradebook in the transaction that changes the scores, and from there to the file once that is committed.
A run that is stopped in between leaves them in the gradebook for the next one to write.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from fieldguide.grading import schema as t
from fieldguide.grading.gradebook import ItemChange, in_chunks
from fieldguide.grading.levels import RubricScore
from fieldguide.grading.saving import Standing

if TYPE_CHECKING:
    from fieldguide.grading.amending import Amended
    from fieldguide.grading.answers import Answer
    from fieldguide.grading.overruled import Overruled

LOG_NAME = "grading-log.jsonl"
_CHUNK = 500
_TIME = "%Y-%m-%dT%H:%M:%SZ"


def keep_changes(connection: Connection, module: str, changes: list[ItemChange], standings: Iterable[Standing]) -> None:
    """Keep, in the same transaction, the items that changed and every student whose total changed."""
    head = _head(module)
    entries: list[dict[str, Any]] = [
        head | {"event": "item", "item": item.item, "points_before": item.points_before, "points": item.points}
        for item in changes
    ]
    entries += [
        head
        | {"event": "score", "student": standing.student, "before": standing.before, "after": standing.total}
        | {"penalty": standing.penalty, "items": _items(standing)}
        for standing in standings
        if is_changed(standing)
    ]
    _keep(connection, entries)


def keep_scored(
    connection: Connection,
    module: str,
    scored: Iterable[tuple[RubricScore, float | None]],
    by: str | None = None,
    settles: Iterable[str] = (),
) -> None:
    """Keep, in the same transaction, the points that a person gave by criterion, where their sum changed.

    ``by`` is who gave them, where that is known, and ``settles`` whose scores those take the place of.
    """
    names = sorted(settles)
    head = _head(module, by) | ({"settles": names} if names else {})
    entries = [
        head
        | {"event": "levels", "student": given.student, "item": given.item}
        | {"before": before, "after": given.points, "levels": given.levels}
        for given, before in scored
        if before != given.points
    ]
    _keep(connection, entries)


def keep_answered(
    connection: Connection, module: str, given: Answer, before: float | None, by: str | None = None
) -> None:
    """Keep, in the same transaction, that a request was answered; ``before`` are the points that the question had."""
    entry = {"event": "answer", "student": given.student, "item": given.item, "asked": given.asked, "said": given.said}
    scores = {} if given.points is None else {"before": before, "after": given.points}
    _keep(connection, [_head(module, by) | entry | scores])


def keep_decided(connection: Connection, module: str, one: Overruled, by: str | None = None) -> None:
    """Keep, in the same transaction, that the points of a person gave way to the question's own."""
    entry = {"event": "own", "student": one.student, "item": one.item, "before": one.given, "after": one.own}
    _keep(connection, [_head(module, by) | entry])


def keep_amended(connection: Connection, module: str, amended: Amended, by: str | None = None) -> None:
    """Keep, in the same transaction, that a question was changed for everybody."""
    how: dict[str, Any] = {"withdrawn": not amended.restored}
    if amended.accepted is not None:
        how = {"accepted": amended.accepted} | ({} if amended.prompt is None else {"prompt": amended.prompt})
    _keep(connection, [_head(module, by) | {"event": "question", "item": amended.item, "why": amended.why} | how])


def keep_extended(
    connection: Connection, module: str, student: str, before: datetime | None, due: datetime | None, by: str | None
) -> None:
    """Keep, in the same transaction, that a student has another due date, and which they had before; None is the
    module's."""
    times = {name: when and f"{when:{_TIME}}" for name, when in (("before", before), ("after", due))}
    _keep(connection, [_head(module, by) | {"event": "extension", "student": student} | times])


def keep_looked(connection: Connection, module: str, student: str, by: str) -> None:
    """Keep, in the same transaction, that somebody looked at what a student handed in."""
    _keep(connection, [_head(module, by) | {"event": "looked", "student": student}])


def _head(module: str, by: str | None = None) -> dict[str, Any]:
    head = {"v": 1, "time": datetime.now(UTC).strftime(_TIME), "module": module}
    return head | ({"by": by} if by else {})


def _keep(connection: Connection, entries: list[dict[str, Any]]) -> None:
    if entries:
        lines = [json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in entries]
        connection.execute(insert(t.unlogged), [{"line": line} for line in lines])


def write_log(engine: Engine, root: Path) -> str | None:
    """Write to the log all lines that are committed and not yet written, those of earlier runs included.

    Returns None, or a sentence that says why the log could not be written; then the lines stay in the gradebook for the
    next time.
    """
    try:
        with engine.connect() as connection:
            if connection.scalar(select(t.unlogged.c.id).limit(1)) is None:
                return None
        with t.for_writing(engine).begin() as connection:
            rows = connection.execute(select(t.unlogged).order_by(t.unlogged.c.id).with_for_update()).all()
            if rows:
                _add(root / LOG_NAME, "".join(f"{row.line}\n" for row in rows).encode())
            for chunk in in_chunks((row.id for row in rows), _CHUNK):
                connection.execute(delete(t.unlogged).where(t.unlogged.c.id.in_(chunk)))
    except (OSError, SQLAlchemyError) as error:
        why = error.strerror if isinstance(error, OSError) else getattr(error, "orig", None) or error
        return (
            f"{root / LOG_NAME} could not be written ({why}). The lines for it are in the gradebook with the scores; "
            "the next grading writes them."
        )
    return None


def _add(path: Path, lines: bytes) -> None:
    """Add lines to the log, all or none, without those that a run that was stopped has added already."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK, 0o660)
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise OSError(errno.EINVAL, "it is no plain file")
        end = os.pread(handle, len(lines), max(0, about.st_size - len(lines)))
        there = next(length for length in range(len(lines), -1, -1) if end.endswith(lines[:length]))
        torn = b"\n" if end and not there and not end.endswith(b"\n") else b""
        os.lseek(handle, 0, os.SEEK_END)
        try:
            rest = memoryview(torn + lines[there:])
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, about.st_size)
            raise
    finally:
        os.close(handle)


def is_changed(standing: Standing) -> bool:
    """Whether a student who had a total before now has another."""
    return standing.before is not None and abs(standing.before - standing.total) > 1e-9


def _items(standing: Standing) -> list[dict[str, Any]]:
    return [
        {"item": name, "before": before, "after": after, "because": "response" if other else "question"}
        for name, (before, after, other) in standing.changed.items()
    ]
