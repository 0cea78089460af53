"""``fieldguide build | check | review``: the commands for who writes the course."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fieldguide.failing import fail


def add_commands(commands: Any) -> None:
    """Add them to the commands of ``fieldguide``, as argparse has them."""
    build = commands.add_parser("build", help="make notebooks/, source/ and release/ from modules/")
    build.add_argument("--check", action="store_true", help="write nothing; say with a diff what is not as built")
    build.set_defaults(command=_build, needs_modules=True)

    check = commands.add_parser("check", help="check the content: coverage, minutes, keys, standards and more")
    check.add_argument(
        "--guide", type=Path, metavar="PATH", help="the file with the guide's text, to find copied words"
    )
    check.add_argument("--write", action="store_true", help="write docs/coverage.md and docs/items.md first")
    check.set_defaults(command=_check, needs_modules=True)

    review = commands.add_parser("review", help="have the keys read by a licensed social worker, by a form (.docx)")
    review.add_argument("module", metavar="MODULE", help="the module's id, or its beginning, such as 05; or all")
    review.add_argument("form", type=Path, nargs="?", metavar="FORM", help="the form (default: in docs/review)")
    review.add_argument("--new", action="store_true", help="write the form, to be filled in")
    review.set_defaults(command=_review, needs_modules=True)


def _build(project: Path, options: argparse.Namespace) -> int:
    # Imported here, as in every command: nbgrader and JupyterHub take seconds that no other command should wait.
    from fieldguide.authoring.building import build, differences, write

    files = build(project)
    if options.check:
        diff = differences(project, files)
        if diff:
            print(diff, end="")
            return fail("What is committed is not what modules/ builds (see above). Run: ./run build")
        print(f"{len(files)} notebooks are as modules/ builds them.")
        return 0
    touched = write(project, files)
    for path in touched:
        print(path)
    print(f"{len(touched)} of {len(files)} notebooks changed.")
    return 0


def _check(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.authoring.checks import run

    if options.guide and not options.guide.is_file():
        return fail(f"{options.guide} is no file. Name the one that holds the guide's text.")
    report = run(project, options.guide, write=options.write)
    for finding in report.findings:
        print(finding)
    print(f"{report.coverage}. {len(report.errors)} errors, {len(report.remarks)} remarks.")
    return 1 if report.errors else 0


def _review(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.authoring.review.taking import find_modules, form_path, take_form, write_form
    from fieldguide.authoring.review.verdicts import FormError

    modules = find_modules(project, options.module)
    if options.form and len(modules) > 1:
        return fail(f"One form is for one module, and '{options.module}' names {len(modules)}. Name one of them.")
    for module in modules:
        path = options.form or form_path(project, module)
        try:
            if options.new:
                print(f"{path}: {write_form(project, module, path)} keys and commentaries to be read.")
                continue
            taken = take_form(project, module, path)
        except FileExistsError:
            return fail(f"{path} is there already, and may have been filled in. Name another, or move it away.")
        except FileNotFoundError:
            return fail(f"{path} is not there. Write it with --new, or name the form that came back.")
        except FormError as error:
            return fail(f"{path}: nothing was taken.\n" + "\n".join(f"- {problem}" for problem in error.problems))
        print(f"{module.id}: {taken.readers_line}")
        for name in taken.changed:
            print(f"{name} has changed since it was read: have it read again.")
    return 0
