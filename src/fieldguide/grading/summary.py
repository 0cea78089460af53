"""What a person reads in the terminal during and after the grading of a class."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from fieldguide.failing import LEFT
from fieldguide.grading.classgrader import ClassReport
from fieldguide.grading.names import show
from fieldguide.grading.saving import Standing
from fieldguide.grading.score_log import LOG_NAME, is_changed
from fieldguide.grading.submission import Note
from fieldguide.grading.told import points_text

_BAR = 30
_MOST_TWINS = 3
_MOST_NAMED = 5


def exit_code(report: ClassReport) -> int:
    """0 when all is well, 1 when a submission could not be graded, LEFT when some need attention."""
    if report.failed:
        return 1
    troubled = any(note.trouble for notes in report.notes.values() for note in notes)
    return LEFT if troubled or report.added or report.misfits or report.log_trouble else 0


def summary(report: ClassReport) -> str:
    """A table with a line for each student, what needs attention, and the counts."""
    rows = [("student", "points", "")]
    rows += [(show(each.student), _points(each, report), _status(each, report)) for each in report.standings]
    rows += [(show(student), "", "missing: nothing was handed in") for student in report.missing]
    rows += [(show(student), "", "left out: was removed from the gradebook") for student in report.removed]
    rows += [(show(student), "", "not graded") for student in sorted(report.failed)]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [f"{name:<{widths[0]}}  {points:>{widths[1]}}  {note}".rstrip() for name, points, note in rows]
    lines += _trouble(report)
    lines += _changes(report)
    return "\n".join([*lines, "", _counts(report)])


def _points(standing: Standing, report: ClassReport) -> str:
    return f"{points_text(standing.total)} of {points_text(report.maximum)}"


def _status(standing: Standing, report: ClassReport) -> str:
    notes = ["new in the gradebook"] if standing.student in report.added else []
    if standing.seconds_late > 0:
        late = f"late by {_duration(standing.seconds_late)}"
        notes.append(f"{late}, {points_text(standing.penalty)} points off" if standing.penalty else late)
    if standing.undated:
        notes.append("no time of handing in")
    if standing.waits:
        notes.append("waits to be scored" if standing.waits == 1 else f"{standing.waits} answers wait to be scored")
    return "; ".join(notes)


def _duration(seconds: float) -> str:
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {word}{'s' if count > 1 else ''}"
    return "less than a minute"


def to_look_into(report: ClassReport) -> list[str]:
    """What an instructor has to look into, a line each."""
    lines = [f"{show(student)}: {show(why, 300)}" for student, why in sorted(report.failed.items())]
    lines += _added(report)
    lines += [_misfit(item, students) for item, students in report.misfits.items()]
    lines += [report.log_trouble] if report.log_trouble else []
    return lines + [f"{show(student)}: {note.text}" for student, note in _notes(report) if note.trouble]


def _notes(report: ClassReport) -> list[tuple[str, Note]]:
    return [(student, note) for student, notes in report.notes.items() for note in notes]


def _trouble(report: ClassReport) -> list[str]:
    lines = [f"  {line}" for line in to_look_into(report)]
    noted = [
        f"  {show(student)} was removed from the gradebook, and is not brought back. If that is wanted: {how}"
        for student, how in report.removed.items()
    ]
    noted += [f"  {show(student)}: {note.text}" for student, note in _notes(report) if not note.trouble]
    return [
        *(["", "To look into:", *lines] if lines else []),
        *(["", "To know (no score depends on it):", *noted] if noted else []),
    ]


def _added(report: ClassReport) -> list[str]:
    """The students whom the gradebook has only because of a submitted folder with that name."""
    if not report.had_students and len(report.added) > 1:
        return [f"The gradebook had no students: all {len(report.added)} were added, by the names of their folders."]
    lines = []
    for student, twins in report.added.items():
        meant = " or ".join(map(show, twins[:_MOST_TWINS]))
        likely = f" It may be {meant}, of whom there is nothing." if twins else ""
        lines.append(f"{show(student)} was in no roster, and was added to the gradebook.{likely}")
    return lines


def _misfit(item: str, students: list[str]) -> str:
    more = f" and {len(students) - _MOST_NAMED} more" if len(students) > _MOST_NAMED else ""
    whose = ", ".join(map(show, students[:_MOST_NAMED]))
    fit = "answers do" if len(students) > 1 else "answer does"
    return f"{len(students)} {fit} not fit question {item}; what it has no part for was set aside ({whose}{more})."


def _changes(report: ClassReport) -> list[str]:
    changed = [standing for standing in report.standings if is_changed(standing)]
    lines = []
    if report.item_changes:
        lines += ["", f"Questions changed since the last grading: {', '.join(map(str, report.item_changes))}."]
    if changed:
        kept = "not yet" if report.log_trouble else "kept"
        lines += ["", f"Totals changed ({kept} in {LOG_NAME}):"]
        for standing in changed:
            assert standing.before is not None
            step = f"{points_text(standing.before)} → {points_text(standing.total)}"
            lines.append(f"  {show(standing.student)}: {step} ({', '.join(standing.changed) or 'late penalty'})")
    elif report.item_changes and any(standing.before is not None for standing in report.standings):
        lines.append("Nobody's total changed.")
    return lines


def _counts(report: ClassReport) -> str:
    standings = report.standings
    trouble = {student for student, notes in report.notes.items() if any(note.trouble for note in notes)}
    counts = [
        (len(standings), "graded"),
        (sum(standing.seconds_late > 0 for standing in standings), "late"),
        (len(report.missing), "missing"),
        (len(trouble | set(report.failed)), "to look into"),
        (len(report.failed), "not graded"),
        (sum(standing.waits > 0 for standing in standings), "waiting for a person"),
        (len(report.added), "new in the gradebook"),
        (len(report.removed), "left out"),
    ]
    texts = ", ".join(f"{count} {what}" for count, what in counts if count or what == "graded")
    return f"{report.module}: {texts}."


def progress_bar(what: str) -> Callable[[int, int], None]:
    """A progress bar in a terminal; nothing where the output is not a terminal."""
    if not sys.stderr.isatty():
        return lambda done, of: None
    drawn = [0.0]

    def draw(done: int, of: int) -> None:
        now = time.monotonic()
        if done < of and now - drawn[0] < 0.1:
            return
        drawn[0] = now
        full = _BAR * done // max(of, 1)
        sys.stderr.write(f"\r{what} [{'#' * full}{'.' * (_BAR - full)}] {done} of {of}")
        sys.stderr.write("\n" if done == of else "")
        sys.stderr.flush()

    return draw
