"""The command line: ``fieldguide`` with the commands of each part, and what all of them have in common."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from pathlib import Path

from fieldguide import __version__
from fieldguide.authoring.commands import add_commands as add_authoring_commands
from fieldguide.bench.commands import add_commands as add_bench_commands
from fieldguide.content.commands import add_commands as add_content_commands
from fieldguide.digest.commands import add_commands as add_digest_commands
from fieldguide.docs import where_pages_are
from fieldguide.failing import fail
from fieldguide.grading.commands import add_commands as add_grading_commands
from fieldguide.hub.commands import add_commands as add_hub_commands
from fieldguide.items import ReadingError
from fieldguide.lms.commands import add_commands as add_lms_commands
from fieldguide.paper.commands import add_commands as add_paper_commands
from fieldguide.report.commands import add_commands as add_report_commands
from fieldguide.translate.commands import add_commands as add_translate_commands
from fieldguide.unheard import go_on_unheard

_CIRCLE = "its links lead in a circle"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code. What is wrong is told in words, not in a traceback."""
    go_on_unheard()
    options = _parser().parse_args(arguments)
    # nbgrader calls other programs of its environment (alembic) by name.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    try:
        project = _entered(options.project)
    except OSError as error:
        return fail(str(error))
    if options.needs_modules and not (project / "modules").is_dir():
        return fail(f"{project} has no folder 'modules'. Run this in the project's folder, or name it with --project.")
    try:
        code: int = options.command(project, options)
    except ReadingError as error:
        return fail(str(error))
    except RuntimeError as error:
        return fail(str(error))
    except OSError as error:
        where = error.filename2 or error.filename
        return fail(f"{where}: {error.strerror}." if where else str(error))
    except KeyboardInterrupt:
        return fail("Stopped.", 130)
    return code


def _entered(given: Path) -> Path:
    """The project's folder as a whole path. Raises OSError, in words, where it cannot be entered."""
    try:
        path = Path(os.path.abspath(given))  # noqa: PTH100 (a link stays as it was named)
    except FileNotFoundError:
        raise OSError(
            "The folder in which this was called is no longer there. Change to one that is, or name the project's with "
            "--project, by its whole path."
        ) from None
    try:
        folder = path.resolve(strict=True)
        folder.joinpath(".").stat()
        os.scandir(folder).close()
    except FileNotFoundError:
        raise OSError(f"There is no folder {path}.") from None
    except (OSError, RuntimeError) as error:
        if os.path.isfile(path):  # noqa: PTH113 (what cannot be looked at is none)
            raise OSError(f"{path} is no folder. Name the project's folder with --project.") from None
        # Python itself says of a circle what no person can read, and in two ways.
        why = error.strerror if isinstance(error, OSError) and error.errno != errno.ELOOP else _CIRCLE
        raise OSError(f"{path} cannot be entered: {why}.") from None
    return folder


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fieldguide", description="A Jupyter classroom course, from text to gradebook.", epilog=where_pages_are()
    )
    parser.add_argument("--project", type=Path, default=Path(), help="the project's folder (default: this one)")
    parser.add_argument("--version", action="version", version=f"Field Guide {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in (
        add_authoring_commands,
        add_paper_commands,
        add_translate_commands,
        add_grading_commands,
        add_lms_commands,
        add_digest_commands,
        add_report_commands,
        add_bench_commands,
        add_content_commands,
        add_hub_commands,
    ):
        add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
