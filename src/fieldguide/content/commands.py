"""``fieldguide course pack | new | update``: the commands for a course's content."""

from __future__ import annotations

import argparse
import stat
import sys
from pathlib import Path
from typing import Any

from fieldguide.failing import LEFT


def add_commands(commands: Any) -> None:
    """Add them to the commands of ``fieldguide``, as argparse has them."""
    course = commands.add_parser("course", help="begin a course folder, or bring it a newer text (docs/newer-text.md)")
    steps = course.add_subparsers(required=True, metavar="WHAT")
    packing = steps.add_parser("pack", help="write the content of a project, with keys, into one file")
    packing.add_argument("--to", type=Path, metavar="FILE", help="where (default: in this folder, by its version)")
    packing.set_defaults(command=_pack, needs_modules=False)
    beginning = steps.add_parser("new", help="make a course folder from a content")
    beginning.add_argument("folder", type=Path, metavar="FOLDER", help="the folder, which is not there yet")
    beginning.set_defaults(command=_new, needs_modules=False)
    updating = steps.add_parser("update", help="bring a newer text into a course folder, where it is safe")
    updating.add_argument("--plan", action="store_true", help="change nothing; tell what would be done, and why")
    updating.add_argument(
        "--replace",
        action="append",
        default=[],
        metavar="MODULE",
        help="take the newer text of this module although it was changed by hand here (can be given again)",
    )
    updating.set_defaults(command=_update, needs_modules=False)
    for step in (beginning, updating):
        step.add_argument(
            "--content", required=True, metavar="FILE", help="the file that holds it; - reads what is piped"
        )


def _pack(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.content.archive import gather, pack
    from fieldguide.grading.files import refuse_existing, write_export

    content = gather(project)
    packed = pack(content)
    target = options.to or Path(f"fieldguide-content-{content.version}.tar")
    refuse_existing(target)
    write_export(target, packed)
    print(f"{target}: {len(content.modules)} modules, version {content.version}.")
    print("It holds the answers to all graded questions: give it to nobody but instructors.")
    return 0


def _new(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.content.beginning import begin_course

    content = _read(options.content)
    begin_course(options.folder.absolute(), content)
    print(f"{options.folder}: a course folder with {len(content.modules)} modules, version {content.version}.")
    print("Open it on a server of Jupyter: the desk makes the students' edition of a module when you release it.")
    return 0


def _update(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.content.telling import tell_done, tell_plan
    from fieldguide.content.updating import look, update
    from fieldguide.grading.course import Course

    content, course = _read(options.content), Course(project)
    replacing = frozenset(course.find_module(module) for module in options.replace)
    if options.plan:
        found = look(course, content, replacing)
        print("\n".join([*tell_plan(found), "Nothing was changed: this is the plan."]))
    else:
        updated = update(course, content, replacing)
        found = updated.plan
        print("\n".join([*tell_plan(found), *tell_done(course, updated)]))
    return LEFT if found.left else 0


def _read(given: str) -> Any:
    """The content that is named, or piped."""
    from fieldguide.content.archive import read_content, unpack

    if given == "-":
        return unpack(sys.stdin.buffer.read(), "What was piped")
    path = Path(given)
    content = read_content(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        print(f"Others on this machine may read {path}, with its keys. To close it: chmod 600 {path}", file=sys.stderr)
    return content
