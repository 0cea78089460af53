"""The command line: ``fieldguide build`` and ``fieldguide classroom``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from fieldguide.items import ReadingError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code. What is wrong is told in words, not in a traceback."""
    options = _parser().parse_args(arguments)
    # nbgrader calls other programs of its environment (alembic) by name.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    project = options.project.resolve()
    if not (project / "modules").is_dir():
        return _fail(f"{project} has no folder 'modules'. Run this in the project's folder, or name it with --project.")
    try:
        code: int = options.command(project, options)
    except ReadingError as error:
        return _fail(str(error))
    except RuntimeError as error:
        return _fail(str(error))
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fieldguide", description="A Jupyter classroom course, from text to gradebook."
    )
    parser.add_argument("--project", type=Path, default=Path(), help="the project's folder (default: this one)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    build = commands.add_parser("build", help="make notebooks/, source/ and release/ from modules/")
    build.add_argument("--check", action="store_true", help="write nothing; say with a diff what is not as built")
    build.set_defaults(command=_build)

    classroom = commands.add_parser("classroom", help="start a class on this machine, to try everything out")
    classroom.add_argument("--port", type=int, default=8000, help="the port to listen on (default: 8000)")
    classroom.add_argument("--folder", type=Path, help="where the class is kept (default: .classroom in the project)")
    classroom.set_defaults(command=_classroom)
    return parser


def _build(project: Path, options: argparse.Namespace) -> int:
    # Imported here, as in every command: nbgrader and JupyterHub take seconds that no other command should wait.
    from fieldguide.authoring.building import build, differences, write

    files = build(project)
    if options.check:
        diff = differences(project, files)
        if diff:
            print(diff, end="")
            return _fail("What is committed is not what modules/ builds (see above). Run: ./run build")
        print(f"{len(files)} notebooks are as modules/ builds them.")
        return 0
    touched = write(project, files)
    for path in touched:
        print(path)
    print(f"{len(touched)} of {len(files)} notebooks changed.")
    return 0


def _classroom(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.hub import ClassroomError
    from fieldguide.hub.classroom import start

    try:
        return start(project, (options.folder or project / ".classroom").resolve(), options.port)
    except ClassroomError as error:
        return _fail(str(error))


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
