"""``fieldguide bench desk``: how long the desk's list and the class report take for very large classes.

A class is made up as records, the same each time. Statistics are timed from data frames to data frames, the page from
the records to its text, each in a process of its own; a plain loop over the same records (bench/plainly.py) works out
the same figures. What reading a submission takes is measured on real files, a few hundred of them. Times are the
processor's, so that what else the machine does is no part of them.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from fieldguide.bench.grading import run
from fieldguide.bench.plainly import Record
from fieldguide.bench.plainly import statistics as plain_statistics

if TYPE_CHECKING:
    from fieldguide.report.frames import ClassFrames

_ITEMS = 20
_OPTIONS = ("a", "b", "c", "d")
_SEED = 12
_GROWTH = (2500, 5000, 10_000)
_READ = (200, 600)
_CLASSES = (125, 250, 500)
_FEW = 20
Say = Callable[[str], None]


def bench_desk(project: Path, rounds: int, say: Say) -> None:
    """Measure the report, and print the figures. ``project`` holds a built course."""
    times: dict[tuple[int, str], list[float]] = {}
    memory: dict[int, float] = {}
    for number in range(rounds):
        for count in _GROWTH:
            inner = [sys.executable, "-m", "fieldguide.bench.desk", str(count)]
            found = run(inner, project)
            for name, seconds in json.loads(found.output).items():
                times.setdefault((count, name), []).append(seconds)
            memory[count] = max(memory.get(count, 0.0), found.megabytes)
        say(f"  round {number + 1} of {rounds} done")
    medians = {place: median(values) for place, values in times.items()}
    say(f"\nThe report of a class, {_ITEMS} items, after imports, medians of {rounds}:")
    for count in _GROWTH:
        statistics, page, plain = (medians[count, name] for name in ("statistics", "page", "plain"))
        say(
            f"  {count:>6} submissions   statistics {statistics:6.3f} s   plain loop {plain:6.2f} s "
            f"({plain / statistics:4.0f} x)   whole page {page:6.2f} s   peak memory {memory[count]:4.0f} MB"
        )
    most = _GROWTH[-1]
    say("To reach for 10,000: statistics 3 s, page 10 s, 500 MB, 20 times a plain loop.")
    for name in ("statistics", "page"):
        first, second = ((medians[b, name] - medians[a, name]) / (b - a) for a, b in pairwise(_GROWTH))
        say(f"One more submission, {name}: {1e6 * first:.0f} µs up to 5,000, {1e6 * second:.0f} µs up to {most:,}.")
    _measure_list(project, rounds, say)
    few, many = (_reading(project, number) for number in _READ)
    each = (many - few) / (_READ[1] - _READ[0])
    say(
        f"Reading one more submission from its files: {1000 * each:.2f} ms; {most:,} of a module, with what comes "
        f"first: {few + (most - _READ[0]) * each:.0f} s."
    )


def _measure_list(project: Path, rounds: int, say: Say) -> None:
    """Measure the desk's list, for classes of several sizes, and what one more student costs."""
    times: dict[int, list[float]] = {students: [] for students in _CLASSES}
    for _ in range(rounds):
        for students, found in times.items():
            with tempfile.TemporaryDirectory(prefix="fieldguide-bench-") as folder:
                inner = [sys.executable, "-m", "fieldguide.bench.desklist", str(students), folder]
                found.append(json.loads(run(inner, project).output))
    medians = {students: median(found) for students, found in times.items()}
    say(f"The desk's list of eight modules that all have handed in, medians of {rounds} (to reach for 500: 1 s):")
    for students, seconds in medians.items():
        say(f"  {students:>6} students   {seconds:6.3f} s")
    first, second = ((medians[b] - medians[a]) / (b - a) for a, b in pairwise(_CLASSES))
    say(f"One more student: {1e6 * first:.0f} µs up to 250, {1e6 * second:.0f} µs up to 500.")


def _reading(project: Path, submissions: int) -> float:
    """Seconds to read a class from its files, after imports."""
    from fieldguide.bench.courses import make_course
    from fieldguide.bench.grading import largest_module
    from fieldguide.grading.course import Course
    from fieldguide.report.gathering import read_class

    with tempfile.TemporaryDirectory(prefix="fieldguide-bench-") as folder:
        course, module = Path(folder) / "course", largest_module(project)
        make_course(course, project, module, submissions)
        started = time.process_time()
        read_class(Course(course), [module])
        return time.process_time() - started


def records(students: int) -> Iterator[tuple[str, str, float, tuple[str, ...]]]:
    """A made-up class: for each student and item the points, 0 or 1, and the option chosen, of which "a" is right."""
    chance = random.Random(_SEED)  # noqa: S311 (the same class each time)
    names = [f"i{number:02}" for number in range(_ITEMS)]
    ease = {name: chance.random() for name in names}
    for number in range(students):
        student, skill = f"s{number:05}", chance.random()
        for name in names:
            option = "a" if chance.random() < (skill + ease[name]) / 2 else chance.choice(_OPTIONS[1:])
            yield student, name, float(option == "a"), (option,)


def _measure(students: int) -> dict[str, float]:
    from fieldguide.report import statistics
    from fieldguide.report.page import report_page
    from fieldguide.report.tables import tables

    class_records: list[Record] = list(records(students))
    report_page("Warm-up", [], tables(_frames(list(records(_FEW))), {}), [])
    started = time.process_time()
    frames = _frames(class_records)
    read = time.process_time()
    quizzes = statistics.quizzes(frames.scores)
    statistics.item_statistics(quizzes)
    statistics.reliability(quizzes)
    statistics.option_table(frames.choices, frames.scores, frames.options)
    told = time.process_time()
    report_page("Class report", [], tables(frames, {}), [])
    done = time.process_time()
    plain_statistics(class_records, dict.fromkeys(sorted({item for _, item, _, _ in class_records}), 1.0))
    looped = time.process_time()
    return {"statistics": told - read, "page": (read - started) + (done - told), "plain": looped - done}


def _frames(class_records: list[Record]) -> ClassFrames:
    """The records as a class's frames: each is a graded response, and a practice item tried once or twice."""
    from fieldguide.report.frames import ClassFrames, Rows

    rows, students = Rows(), {student for student, _, _, _ in class_records}
    for name in sorted({item for _, item, _, _ in class_records}):
        rows.add("items", "m", name, int(name[1:]) + 1, "graded", "choice", 1.0, "What follows?", 25.0, False)
        rows.add("items", "m", f"p{name}", None, "practice", "choice", 1.0, "What follows?", 25.0, False)
        rows.add("tags", "m", name, "", "statement", f"Q{int(name[1:]) % 5}")
        for option in _OPTIONS:
            rows.add("options", "m", name, "", option, "", f"Option {option}", option == "a", f"mistake {option}")
    for student, name, points, chosen in class_records:
        rows.add("scores", student, "m", name, "current", points, 1.0)
        rows.add("asked", student, "m", name)
        rows.add("choices", student, "m", name, "current", "", chosen[0])
        rows.add("attempts", student, "m", f"p{name}", 1, points, "sure")
        if points < 1:
            rows.add("attempts", student, "m", f"p{name}", 2, 1.0, "sure")
    rows.add("modules", "m", "A module", (), len(students), 0)
    return ClassFrames.of(rows)


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]))))  # noqa: T201 (what the measuring process reads)
