"""``fieldguide classroom``: a class on this machine, to try everything out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from fieldguide.failing import fail


def add_commands(commands: Any) -> None:
    """Add them to the commands of ``fieldguide``, as argparse has them."""
    classroom = commands.add_parser("classroom", help="start a class on this machine, to try everything out")
    classroom.add_argument("--port", type=int, default=8000, help="the port to listen on (default: 8000)")
    classroom.add_argument("--folder", type=Path, help="where the class is kept (default: .classroom in the project)")
    classroom.add_argument(
        "--exchange-service", action="store_true", help="have the exchange be a service of the hub (docs/exchange.md)"
    )
    classroom.add_argument(
        "--with-class", type=int, default=0, metavar="N", help="fill a new class with N made-up students"
    )
    classroom.add_argument("--reset", action="store_true", help="ask, and delete the class that is kept there first")
    classroom.add_argument("--no-browser", action="store_true", help="do not open the log-in page")
    classroom.set_defaults(command=_classroom, needs_modules=False)


def _classroom(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.hub import ClassroomError
    from fieldguide.hub.classroom import start
    from fieldguide.hub.resetting import reset

    folder = (options.folder or project / ".classroom").resolve()
    try:
        if options.reset and not reset(project, folder, _asked):
            return fail("Nothing was deleted, and the classroom was not started.")
        return start(
            project,
            folder,
            options.port,
            service=options.exchange_service,
            made_up=options.with_class,
            browser=sys.stdout.isatty() and not options.no_browser,
        )
    except ClassroomError as error:
        return fail(str(error))


def _asked(question: str) -> str:
    """What somebody types; nothing where nobody can."""
    try:
        return input(question)
    except EOFError:
        return ""
