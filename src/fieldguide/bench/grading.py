"""``fieldguide bench grade``: how long grading a class takes, in four ways, on the same submissions.

The four take turns, each on a fresh copy of the course, and the table shows medians. The time of a process is from its
start to its end. Executing notebooks is slow, so stock nbgrader, and our steps inside it, grade a few submissions, and
the time of the whole class is extrapolated: the cost of one more submission is the difference between a run on one and
a run on all of the few. ``--full`` measures it instead.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from fieldguide.bench.courses import fresh_copy, make_course
from fieldguide.failing import LEFT

_GROWTH = (20, 200, 2000)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure: the number of submissions, of runs, of submissions graded by executing, and whether to go up to
    2,000."""

    module: str
    submissions: int
    rounds: int
    executed: int
    full: bool
    growth: bool


@dataclass(frozen=True, slots=True)
class Run:
    """One process: its wall time, its peak memory, and what it printed."""

    seconds: float
    megabytes: float
    output: str


def largest_module(project: Path) -> str:
    """The module with the largest instructor's notebook."""
    sizes = {path.parent.name: path.stat().st_size for path in (project / "source").glob("*/*.ipynb")}
    if not sizes:
        raise RuntimeError(f"{project / 'source'} has no module to measure. Run ./run build first.")
    return max(sizes, key=lambda module: sizes[module])


def bench_grading(project: Path, plan: Plan, say: Say) -> None:
    """Measure, and print the figures."""
    with tempfile.TemporaryDirectory(prefix="fieldguide-bench-") as folder:
        most = max(plan.submissions, _GROWTH[-1]) if plan.growth else plan.submissions
        say(f"Module {plan.module}; making {most} submissions …")
        course = Path(folder) / "course"
        make_course(course, project, plan.module, most)
        say(f"Measuring, {plan.rounds} rounds, taking turns …")
        compare(course, Path(folder), plan, say)
        if plan.growth:
            grow(course, Path(folder), plan, say)


def compare(course: Path, folder: Path, plan: Plan, say: Say) -> None:
    """The four ways to grade the same class."""
    few = plan.submissions if plan.full else min(plan.executed, plan.submissions)
    times: dict[str, list[float]] = {}
    memory: dict[str, float] = {}
    for number in range(plan.rounds):
        for name, seconds, megabytes in _one_round(course, folder, plan, few):
            times.setdefault(name, []).append(seconds)
            memory[name] = max(memory.get(name, 0.0), megabytes)
        say(f"  round {number + 1} of {plan.rounds} done")
    medians = {name: median(values) for name, values in times.items()}
    stock, ours, whole, inside, floor = (medians[name] for name in _NAMES)
    worked_out = "measured" if plan.full else f"worked out from {few}"
    say(f"\n{plan.submissions} submissions, medians of {plan.rounds}:")
    rows = [
        (_NAMES[0], stock, f"{worked_out}; executes every notebook"),
        (_NAMES[1], ours, f"{worked_out}; executes nothing"),
        (_NAMES[2], whole, f"measured; peak memory {memory[_NAMES[2]]:.0f} MB"),
        (_NAMES[3], inside, "measured"),
        (_NAMES[4], floor, "measured; reads and writes the same, and nothing else"),
    ]
    for name, seconds, remark in rows:
        say(f"  {name:<38} {seconds:9.2f} s   {stock / seconds:7.0f} x   {remark}")
    say(f"\nfieldguide grade is {stock / whole:.0f} times faster than stock nbgrader (to reach: 200).")
    say(f"After imports it takes {inside / floor:.1f} times what the floor takes (to reach: at most 5).")


_NAMES = (
    "nbgrader autograde, stock",
    "nbgrader autograde, with our settings",
    "fieldguide grade",
    "fieldguide grade, after imports",
    "the floor, after imports",
)


def _one_round(course: Path, folder: Path, plan: Plan, few: int) -> Iterator[tuple[str, float, float]]:
    nbgrader = [str(Path(sys.executable).with_name("nbgrader")), "autograde", plan.module]
    place, graded = folder / "turn", folder / "graded"
    for name, stock in ((_NAMES[0], True), (_NAMES[1], False)):
        found = {}
        for count in {1, few}:
            fresh_copy(course, place, count)
            if stock:
                (place / "nbgrader_config.py").unlink()
            found[count] = run(nbgrader, place)
        marginal = (found[few].seconds - found[1].seconds) / max(few - 1, 1)
        seconds = found[few].seconds + marginal * (plan.submissions - few)
        yield name, seconds, found[few].megabytes
    grader = [sys.executable, "-m", "fieldguide.cli", "grade", plan.module]
    whole = run(grader, fresh_copy(course, graded, plan.submissions))
    yield _NAMES[2], whole.seconds, whole.megabytes
    inner = [sys.executable, "-m", "fieldguide.bench.inside", plan.module]
    inside = run(inner, fresh_copy(course, place, plan.submissions))
    yield _NAMES[3], float(inside.output), inside.megabytes
    fresh_copy(course, place, plan.submissions)
    least = [sys.executable, "-m", "fieldguide.bench.floor", str(place), str(graded), plan.module]
    floor = run(least, folder)
    yield _NAMES[4], float(floor.output), floor.megabytes


def grow(course: Path, folder: Path, plan: Plan, say: Say) -> None:
    """The cost of one more submission in a small class and in a very large one."""
    times: dict[int, list[float]] = {count: [] for count in _GROWTH}
    memory: dict[int, float] = dict.fromkeys(_GROWTH, 0.0)
    inner = [sys.executable, "-m", "fieldguide.bench.inside", plan.module]
    for _ in range(plan.rounds):
        for count in _GROWTH:
            inside = run(inner, fresh_copy(course, folder / "turn", count))
            times[count].append(float(inside.output))
            memory[count] = max(memory[count], inside.megabytes)
    say("\nGrowth, fieldguide grade after imports:")
    for count in _GROWTH:
        say(f"  {count:>5} submissions   {median(times[count]):7.3f} s   peak memory {memory[count]:4.0f} MB")
    small, middle, large = (median(times[count]) for count in _GROWTH)
    first = (middle - small) / (_GROWTH[1] - _GROWTH[0])
    second = (large - middle) / (_GROWTH[2] - _GROWTH[1])
    say(
        f"One more submission: {first * 1000:.2f} ms from 20 to 200, {second * 1000:.2f} ms from 200 to 2,000: "
        f"{second / first:.2f} times (to reach: at most 1.1)."
    )


def run(command: list[str], folder: Path) -> Run:
    """Run one process in a folder to its end; its peak memory is without its children's."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=errors, env=environment)  # noqa: S603
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode not in (0, LEFT):  # grading reports that the class is new to the gradebook
            raise RuntimeError(f"{' '.join(command)} failed:\n{errors.read().decode(errors='replace')[-2000:]}")
        return Run(seconds, _megabytes(usage), output.read().decode())


def _megabytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
