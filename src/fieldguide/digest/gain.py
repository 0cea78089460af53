"""How much a class gained from the check before a course to the check after it.

The check has two forms, and half of the class meets form A first. If form B is easier, that adds to the gain of one
half and reduces the gain of the other by as much: so the mean of the two halves is free of it, and half of their
difference estimates it. docs/digest.md says what may be shown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import fmean, variance

from fieldguide.digest.figures import LEAST, LEAST_FOR_ALL
from fieldguide.digest.quantiles import t_quantile
from fieldguide.grading.classgrader import instructor_notebook
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.instructor import InstructorNotebook
from fieldguide.grading.names import show, why_no_id
from fieldguide.grading.submission import Submission, read_answers

#: A student who answered a smaller share of a check's questions did not take it.
_ENOUGH = 0.5
_CONFIDENCE = 0.95


@dataclass(slots=True)
class Scores:
    """The totals of students who met the forms in one order: a pair of before and after for each, without names."""

    pairs: list[tuple[float, float]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.pairs)

    @property
    def before(self) -> float:
        return fmean(before for before, _ in self.pairs)

    @property
    def gains(self) -> list[float]:
        return [after - before for before, after in self.pairs]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and half the width of its 95 % interval, in points of the check's total."""

    mean: float
    margin: float

    @property
    def low(self) -> float:
        return self.mean - self.margin

    @property
    def high(self) -> float:
        return self.mean + self.margin


def estimates(even: Scores, odd: Scores) -> tuple[Estimate, Estimate]:
    """The gain, corrected for the difference between the forms, and how many points form B is easier than form A.

    Each half has two students or more. The interval is Welch's (Biometrika 34, 1947), as the variances of the halves
    may differ.
    """
    parts = [variance(half.gains) / len(half) for half in (even, odd)]
    error = math.sqrt(sum(parts)) / 2
    margin = 0.0
    if error:
        freedom = sum(parts) ** 2 / sum(
            part**2 / (len(half) - 1) for part, half in zip(parts, (even, odd), strict=True)
        )
        margin = error * t_quantile((1 + _CONFIDENCE) / 2, freedom)
    first, second = fmean(even.gains), fmean(odd.gains)
    return Estimate((first + second) / 2, margin), Estimate((first - second) / 2, margin)


@dataclass(frozen=True, slots=True)
class ClassGain:
    """What a class gained from one check to the other, in points of its total (one a question).

    ``students`` did both checks; ``halves`` of them met form A first, and form B. ``start`` is the mean before, and
    ``easier`` how many points form B is easier than form A; these and ``gain`` are None where too few did both.
    ``notes`` are sentences about who was not counted.
    """

    before: str
    after: str
    questions: int
    halves: tuple[int, int]
    start: float | None
    gain: Estimate | None
    easier: Estimate | None
    notes: tuple[str, ...]

    @property
    def students(self) -> int:
        return sum(self.halves)


def class_gain(course: Course, before: InstructorNotebook, after: InstructorNotebook) -> ClassGain:
    """The gain of a class between the checks of two modules.

    Raises CourseError where one of the modules has no check in two forms, or they are not two forms of one check.
    """
    checks = [_Check(notebook) for notebook in (before, after)]
    first, last = ([{item.id for item in form} for form in check.forms] for check in checks)
    if first != last[::-1]:
        raise CourseError(f"The checks of {checks[0].module} and {checks[1].module} are not two forms of one check.")
    halves, notes = _collect(course, checks)
    start = gain = easier = None
    if sum(map(len, halves)) >= LEAST_FOR_ALL and min(map(len, halves)) >= LEAST:
        gain, easier = estimates(*halves)
        start = (halves[0].before + halves[1].before) / 2
    sizes = (len(halves[0]), len(halves[1]))
    return ClassGain(
        checks[0].module, checks[1].module, len(checks[0].forms[0]), sizes, start, gain, easier, tuple(notes)
    )


def gain_command(course: Course, before: str, after: str) -> str:
    """The lines about a class's gain, for the instructor. ``before`` and ``after`` are ids of modules, or their
    beginnings.

    Raises CourseError where one of the modules has no check in two forms.
    """
    found = class_gain(course, *(instructor_notebook(course, course.find_module(name)) for name in (before, after)))
    which = f"{found.before} and {found.after}, {found.questions} questions each"
    report = [*found.notes, f"{found.students} students did both checks ({which})."]
    if found.start is None or found.gain is None or found.easier is None:
        least = f"{LEAST_FOR_ALL} students on, {LEAST} of each half"
        report.append(f"A gain is told from {least}: of fewer it says next to nothing.")
        return "\n".join(report)
    start, gain, easier, questions = found.start, found.gain, found.easier, found.questions
    report += [
        f"Before: {start:.1f} of {questions}. After: {start + gain.mean:.1f} of {questions}.",
        f"Gain: {gain.mean:.1f} points, 95 % interval {gain.low:.1f} to {gain.high:.1f}.",
        f"What the forms differ by is no part of it. For these students form B is {abs(easier.mean):.1f} points "
        f"{'easier' if easier.mean >= 0 else 'harder'} than form A (interval {easier.low:.1f} to {easier.high:.1f}).",
        "Without a class that took the checks and not the course, call it a gain, and not an effect.",
    ]
    return "\n".join(report)


class _Check:
    """The check of one module: its two forms, as the even and the odd half of the class meet them there."""

    def __init__(self, notebook: InstructorNotebook) -> None:
        self.notebook = notebook
        self.module = notebook.module
        self.forms = notebook.checks
        if self.forms[0] == self.forms[1]:
            raise CourseError(f"{self.module} has no check in two forms.")

    def done(self, submission: Submission) -> tuple[int, float] | None:
        """The half in which a student took the check (0 or 1), and the total; None for a student who did not take
        it."""
        outcomes = [[submission.outcome(item) for item in form] for form in self.forms]
        answered = [sum(one.response is not None for one in given) for given in outcomes]
        half = answered.index(max(answered))
        if answered[half] < _ENOUGH * len(self.forms[half]):
            return None
        return half, sum(outcome.score or 0.0 for outcome in outcomes[half])


def _collect(course: Course, checks: list[_Check]) -> tuple[tuple[Scores, Scores], list[str]]:
    """The totals of students who took both checks, each in another form; and the lines about the other students."""
    halves: tuple[Scores, Scores] = (Scores(), Scores())
    report = []
    folders = [course.with_folder("submitted", check.module) for check in checks]
    twice = 0
    for student in sorted(folders[0].keys() & folders[1].keys()):
        try:
            if why_no_id(student):
                raise ValueError("the folder's name is no student's id")
            found = [
                check.done(read_answers(course, folder[student], check.module))
                for check, folder in zip(checks, folders, strict=True)
            ]
        except Exception:  # no student's files may stop the class
            report.append(f"Not counted, because it could not be read: {show(student)}.")
            continue
        before, after = found
        if before and after and before[0] == after[0]:
            halves[before[0]].pairs.append((before[1], after[1]))
        elif before and after:
            twice += 1
    if twice:
        report.append(f"Not counted, because they met the same form twice: {twice} students.")
    return halves, report
