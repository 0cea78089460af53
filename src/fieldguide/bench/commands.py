"""``fieldguide bench …``: the commands that measure."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any


def add_commands(commands: Any) -> None:
    """Add them to the commands of ``fieldguide``, as argparse has them."""
    bench = commands.add_parser("bench", help="measure how long something takes, or how well it works")
    what = bench.add_subparsers(required=True, metavar="WHAT")
    player = what.add_parser("player", help="open a notebook of 40 questions, and weigh the player")
    player.add_argument("--rounds", type=int, default=5, help="how often each is opened (default: 5)")
    player.set_defaults(command=_player, needs_modules=False)
    page = what.add_parser("page", help="open a module's page and the same notebook in JupyterLab, and weigh it")
    page.add_argument("--rounds", type=int, default=5, help="how often each is opened (default: 5)")
    page.set_defaults(command=_page, needs_modules=False)
    deidentify = what.add_parser("deidentify", help="count what a review of texts finds, misses and gets wrong")
    deidentify.add_argument(
        "--set", choices=("developed", "kept", "both"), default="both", help="which sentences (default: both)"
    )
    deidentify.set_defaults(command=_deidentify, needs_modules=False)
    desk = what.add_parser("desk", help="draw the desk and make the class report of very large classes")
    desk.add_argument("--rounds", type=int, default=3, help="how often each is measured (default: 3)")
    desk.set_defaults(command=_desk, needs_modules=False)
    live = what.add_parser("live", help="have 200 students vote in class at once, some with a broken connection")
    live.add_argument("--rounds", type=int, default=3, help="how many classes vote, each twice (default: 3)")
    live.set_defaults(command=_live, needs_modules=False)
    deadline = what.add_parser("deadline", help="the last minutes before a deadline, with a real hub and its exchange")
    deadline.add_argument("--students", type=int, default=200, help="how many hand in (default: 200)")
    deadline.add_argument("--seconds", type=float, default=60, help="how long the last minutes are (default: 60)")
    deadline.set_defaults(command=_deadline, needs_modules=False)
    logins = what.add_parser("logins", help="a class that logs in on a school's server, with real accounts; needs root")
    logins.add_argument("--students", type=int, default=30, help="how many log in (default: 30)")
    logins.add_argument("--seconds", type=float, default=60, help="within which they come; 0: at once (default: 60)")
    logins.set_defaults(command=_logins, needs_modules=False)
    measured = what.add_parser("grade", help="grade a class, four ways")
    measured.set_defaults(command=_grade, needs_modules=True)
    measured.add_argument("--module", help="the module to grade (default: the largest)")
    measured.add_argument("--submissions", type=int, default=200, help="how many students handed in (default: 200)")
    measured.add_argument("--rounds", type=int, default=3, help="how often each is measured (default: 3)")
    measured.add_argument("--executed", type=int, default=4, help="how many nbgrader grades, to estimate (default: 4)")
    measured.add_argument("--full", action="store_true", help="let nbgrader grade all of them, which takes long")
    measured.add_argument("--no-growth", action="store_true", help="leave out classes of 20, 200 and 2,000")


def _deidentify(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.bench.deidentify import bench_deidentify

    bench_deidentify(project, options.set, lambda line: print(line, flush=True))
    return 0


def _player(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.bench.player import bench_player

    bench_player(max(options.rounds, 1), lambda line: print(line, flush=True))
    return 0


def _page(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.bench.coursepage import bench_page

    bench_page(project, max(options.rounds, 1), lambda line: print(line, flush=True))
    return 0


def _desk(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.bench.desk import bench_desk

    bench_desk(project, max(options.rounds, 1), lambda line: print(line, flush=True))
    return 0


def _live(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.bench.live import bench_live

    bench_live(max(options.rounds, 1), lambda line: print(line, flush=True))
    return 0


def _deadline(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.bench.deadline import bench_deadline

    bench_deadline(project, options.students, options.seconds, lambda line: print(line, flush=True))
    return 0


def _logins(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.bench.logins import bench_logins
    from fieldguide.school import SchoolError

    try:
        bench_logins(max(options.students, 2), max(options.seconds, 0.0), lambda line: print(line, flush=True))
    except SchoolError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _grade(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.bench.grading import Plan, bench_grading, largest_module

    plan = Plan(
        module=options.module or largest_module(project),
        submissions=max(options.submissions, 1),
        rounds=max(options.rounds, 1),
        executed=max(options.executed, 2),
        full=options.full,
        growth=not options.no_growth,
    )
    bench_grading(project, plan, lambda line: print(line, flush=True))
    return 0
