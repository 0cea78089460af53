"""``fieldguide roster | grade | feedback | requests | score``: the commands for who grades a class."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldguide.failing import LEFT, fail

if TYPE_CHECKING:
    from fieldguide.grading.course import Course


def add_commands(commands: Any) -> None:
    """Add them to the commands of ``fieldguide``, as argparse has them."""
    roster = commands.add_parser("roster", help="bring the gradebook's students up to a class list (CSV)")
    roster.add_argument("list", type=Path, metavar="LIST", help="the CSV file, with a column id")
    roster.set_defaults(command=_roster, needs_modules=False)

    grade = commands.add_parser("grade", help="grade what a class handed in for a module; executes nothing")
    grade.add_argument(
        "--set-aside",
        action="store_true",
        help="go on where answers no longer fit a question that was changed: they count as no response",
    )
    grade.set_defaults(command=_grade, needs_modules=False)
    feedback = commands.add_parser("feedback", help="make the feedback pages of a class for a module")
    feedback.set_defaults(command=_feedback, needs_modules=False)
    for command in (grade, feedback):
        command.add_argument("module", metavar="MODULE", help="the module's id, or its beginning, such as 05")
        command.add_argument(
            "--student", action="append", default=[], metavar="ID", help="only this student (can be given again)"
        )

    requests = commands.add_parser("requests", help="tell what students ask to be looked at again")
    requests.add_argument("module", metavar="MODULE", help="the module's id, or its beginning, such as 05")
    requests.set_defaults(command=_requests, needs_modules=False)

    score = commands.add_parser(
        "score", help="score essays by criterion, from a sheet (CSV); see how far scorers agree"
    )
    score.add_argument("module", metavar="MODULE", help="the module's id, or its beginning, such as 05")
    score.add_argument("sheet", type=Path, metavar="SHEET", help="the CSV file")
    score.add_argument(
        "--new", action="store_true", help="write the sheet, with every essay that waits, to be filled in"
    )
    score.add_argument("other", type=Path, nargs="?", metavar="OTHER", help="with --norm: another person's sheet")
    score.add_argument(
        "--norm",
        action="store_true",
        help="save nothing: hold the sheet against the key of the norming set, and against another person's sheet",
    )
    score.set_defaults(command=_score, needs_modules=False)


def _roster(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.grading.course import Course
    from fieldguide.grading.roster import summary, take_roster

    report = take_roster(Course(project), options.list)
    print(summary(report))
    return LEFT if report.twins else 0


def _grade(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.grading.classgrader import grade_class
    from fieldguide.grading.course import Course
    from fieldguide.grading.summary import exit_code, progress_bar, summary

    course = Course(project)
    module = course.find_module(options.module)
    try:
        bar = progress_bar("Grading")
        report = grade_class(course, module, options.student, bar, set_aside=options.set_aside)
    except KeyboardInterrupt:
        return fail("Stopped. The gradebook has all of this run or nothing of it; grade again when you like.", 130)
    print(summary(report))
    return exit_code(report)


def _feedback(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.grading.classfeedback import feedback_for_class
    from fieldguide.grading.course import Course
    from fieldguide.grading.names import show
    from fieldguide.grading.penalties import settle
    from fieldguide.grading.summary import progress_bar

    course = Course(project)
    module = course.find_module(options.module)
    settle(course, module)
    written, without = feedback_for_class(course, module, options.student, progress_bar("Writing feedback"))
    for student, why in without.items():
        print(f"{show(student)} {why}.")
    print(f"{module}: feedback for {len(written)} students, in {course.folder('feedback', '*', module)}.")
    return 1 if without else 0


def _requests(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.grading.course import Course
    from fieldguide.grading.requested import tell_requests

    course = Course(project)
    module = course.find_module(options.module)
    lines, troubles = tell_requests(course, module)
    print("\n".join(lines or [f"{module}: nobody whose submission was collected asks for another look."]))
    return fail("\n".join(troubles)) if troubles else 0


def _score(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.grading.course import Course
    from fieldguide.grading.sheet import take_sheet, write_sheet

    course = Course(project)
    module = course.find_module(options.module)
    if options.norm:
        return _norm(course, module, options)
    if options.other:
        return fail("Two sheets are for --norm, which tells how far they agree. To save scores, name one.")
    if options.new:
        count = write_sheet(course, module, options.sheet)
        print(f"{options.sheet}: {count} essays to be scored. Fill in the points, then give the sheet without --new.")
        return 0
    taken, trouble = take_sheet(course, module, options.sheet)
    for given, before in taken:
        if before != given.points:
            said = "" if before is None else f"{before:g} → "
            print(f"{given.student}, {given.item}: {said}{given.points:g} points")
    print(f"{module}: {len(taken)} essays have their levels.")
    return fail(trouble, LEFT) if trouble else 0


def _norm(course: Course, module: str, options: argparse.Namespace) -> int:
    from fieldguide.grading.norming import tell_agreement, write_norming_sheet

    if options.new:
        count = write_norming_sheet(course, module, options.sheet)
        print(f"{options.sheet}: {count} samples to be scored. Fill in the points, then give the sheet without --new.")
        return 0
    print("\n".join(tell_agreement(course, module, [options.sheet, *([options.other] if options.other else [])])))
    return 0
