"""``fieldguide print | enter``: a module on paper, and what was written on one."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any


def add_commands(commands: Any) -> None:
    """Add them to the commands of ``fieldguide``, as argparse has them."""
    printed = commands.add_parser("print", help="print a module as a worksheet with an answer sheet (docs/printing.md)")
    printed.add_argument("module", metavar="MODULE", help="the module's id, or its beginning, such as 05")
    printed.add_argument(
        "--student", action="append", default=[], metavar="ID", help="one for this student (can be given again)"
    )
    printed.add_argument("--large", action="store_true", help="in large print")
    sheets = printed.add_mutually_exclusive_group()
    sheets.add_argument("--practice", action="store_true", help="what practice explains, for students, afterward")
    sheets.add_argument("--key", action="store_true", help="the answer key, for instructors alone")
    printed.add_argument("--to", type=Path, metavar="FOLDER", help="where (default: print/ in the course folder)")
    printed.add_argument("--no-pdf", action="store_true", help="the page alone, without a PDF")
    printed.set_defaults(command=_print, needs_modules=False)

    entered = commands.add_parser("enter", help="enter a student's answer sheet, to be graded like any submission")
    entered.add_argument("module", metavar="MODULE", help="the module's id, or its beginning, such as 05")
    entered.add_argument("student", metavar="STUDENT", help="the student's id")
    entered.add_argument("sheet", type=Path, metavar="SHEET", help="the CSV file")
    entered.add_argument("--new", action="store_true", help="write the sheet, to type the answers into")
    entered.add_argument("--by", metavar="NAME", help="who typed them in (default: this account's name)")
    entered.add_argument(
        "--at", metavar="TIME", help="when it was handed in, such as '2026-11-30 17:00' (default: now)"
    )
    entered.set_defaults(command=_enter, needs_modules=False)


def _print(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.grading.course import Course
    from fieldguide.paper.printing import Wish, print_module

    course = Course(project)
    module = course.find_module(options.module)
    wish = Wish(options.student, options.practice, options.key, options.large, not options.no_pdf)
    written = print_module(course, module, wish, options.to)
    for path in written:
        print(path)
    if wish.pdf and not any(path.suffix == ".pdf" for path in written):
        print("No Chromium, Chrome or Edge was found, so there is no PDF. Open the page in one, and print it to a PDF.")
    if wish.key:
        print("This holds the answers to graded questions: give it to nobody but instructors.")
    return 0


def _enter(project: Path, options: argparse.Namespace) -> int:
    from getpass import getuser

    from fieldguide.desk.notes import alone
    from fieldguide.grading.course import Course
    from fieldguide.grading.names import show
    from fieldguide.paper.entering import enter_sheet, write_entry_sheet

    course = Course(project)
    module = course.find_module(options.module)
    if options.new:
        places = write_entry_sheet(course, module, options.student, options.sheet)
        print(f"{options.sheet}: {places} places to fill in. Leave empty what is empty; then give it without --new.")
        return 0
    by = options.by or os.environ.get("JUPYTERHUB_USER") or getuser()
    with alone(course.root):  # else collecting could bring what is then replaced
        entered = enter_sheet(course, module, options.student, options.sheet, by, options.at)
    of = f"{entered.written} of {entered.places} places"
    print(
        f"{module}, {show(options.student)}: {of} entered by {show(by)}, handed in {entered.time:%Y-%m-%d %H:%M} UTC."
    )
    print(f"Grade it like any other: fieldguide grade {module[:2]}")
    return 0
