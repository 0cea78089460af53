"""``fieldguide report``: what a class understood, and how well its questions work."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fieldguide.failing import fail


def add_commands(commands: Any) -> None:
    """Add them to the commands of ``fieldguide``, as argparse has them."""
    report = commands.add_parser("report", help="write what a class understood, and how well its questions work")
    report.add_argument("modules", metavar="MODULE", nargs="*", help="only these, by id or its beginning")
    report.add_argument("--epas", action="store_true", help="tell what students reached of EPAS competencies instead")
    for name, usual, of in (
        ("--threshold", 70, "the questions' points that a student should earn"),
        ("--rubric", 66, "the essay criteria's points that a student should earn"),
        ("--expected", 80, "the students who should reach it"),
    ):
        told = f"with --epas: the percentage of {of} (default: {usual})"
        report.add_argument(name, type=float, default=usual, metavar="PERCENT", help=told)
    report.add_argument(
        "--sheets",
        type=Path,
        nargs=2,
        metavar=("FIRST", "OTHER"),
        default=[],
        help="with --epas: two people's scoring sheets, to tell how far they agree (default: those of the desk)",
    )
    report.set_defaults(command=_report, needs_modules=False)


def _report(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.grading.course import Course
    from fieldguide.report.epas import Levels
    from fieldguide.report.making import epas_command, report_command

    if options.epas:
        levels = Levels(options.threshold, options.rubric, options.expected)
        if not all(0 < level <= 100 for level in (levels.questions, levels.rubric, levels.expected)):
            return fail("A threshold is a percentage above 0, and 100 at most.")
        print(epas_command(Course(project), options.modules, levels, options.sheets))
        return 0
    if options.sheets:
        return fail("Two sheets are for --epas, which tells how far their scorers agree.")
    print(report_command(Course(project), options.modules))
    return 0
