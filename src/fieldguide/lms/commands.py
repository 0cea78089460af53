"""``fieldguide export``: grades and questions for a course site."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldguide.failing import LEFT, fail

if TYPE_CHECKING:
    from fieldguide.grading.course import Course


def add_commands(commands: Any) -> None:
    """Add them to the commands of ``fieldguide``, as argparse has them."""
    export = commands.add_parser(
        "export", help="bring grades, or questions with their keys, into Canvas, Moodle or Blackboard (docs/lms.md)"
    )
    export.add_argument("module", metavar="MODULE", nargs="+", help="modules, by id or its beginning, such as 05")
    sites = ("canvas", "moodle", "blackboard")
    exported = export.add_mutually_exclusive_group(required=True)
    exported.add_argument("--lms", choices=sites, help="grades, for this course site")
    exported.add_argument("--items", choices=sites, help="the questions of a module, with keys, for this course site")
    export.add_argument("--into", type=Path, metavar="FILE", help="the file from its gradebook, to be filled in")
    export.add_argument("--to", type=Path, metavar="FILE", help="the file to write (default: beside the other)")
    export.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="MODULE=TITLE",
        help="the title of a module's column there, where it is another than the module's (can be given again)",
    )
    export.add_argument("--scale", action="store_true", help="bring the points to what the column there is worth")
    export.set_defaults(command=_export, needs_modules=False)


def _export(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.grading.course import Course

    course = Course(project)
    modules = tuple(course.find_module(module) for module in options.module)
    if options.items:
        return _export_items(course, modules, options)
    columns = {}
    for given in options.column:
        module, equals, title = given.partition("=")
        if not equals or not title.strip():
            return fail(f"--column {given}: expected a module and its column's title, such as 05=Essay.")
        columns[course.find_module(module.strip())] = title.strip()
    from nbgrader.api import Gradebook

    from fieldguide.grading.penalties import settle
    from fieldguide.grading.schema import gradebook_at
    from fieldguide.lms.exporting import Wanted, export_grades

    wanted = Wanted(options.lms, modules, options.into, options.to, columns, options.scale)
    settle(course, *modules)
    with gradebook_at(course.db_url), Gradebook(course.db_url, course.course_id) as gradebook:
        target, told = export_grades(course, gradebook, wanted)
    print("\n".join([*told.done, f"{target}: written."]))
    return fail("\n".join(["To look into:", *(f"  {line}" for line in told.doubts)]), LEFT) if told.doubts else 0


def _export_items(course: Course, modules: tuple[str, ...], options: argparse.Namespace) -> int:
    from fieldguide.itemfiles.exporting import export_items

    if len(modules) > 1:
        return fail("A file holds the questions of one module. Name one.")
    if options.into or options.column or options.scale:
        return fail("--into, --column and --scale are for grades: leave them out.")
    target, told = export_items(course, modules[0], options.items, options.to)
    print("\n".join([f"{target}: {told[0]}", *told[1:]]))
    return 0
