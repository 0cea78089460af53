"""``fieldguide digest | gain``: what a class may see of itself."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_commands(commands: Any) -> None:
    """Add them to the commands of ``fieldguide``, as argparse has them."""
    digest = commands.add_parser("digest", help="make a page of a case for class, without names")
    digest.add_argument("module", metavar="MODULE", help="the module's id, or its beginning, such as 05")
    digest.add_argument("case", metavar="CASE", help="the case's id, or its beginning, such as thursday")
    digest.set_defaults(command=_digest, needs_modules=False)

    gain = commands.add_parser("gain", help="tell how much a class gained between two checks, without names")
    gain.add_argument("before", metavar="BEFORE", help="the module with the first check, such as 00")
    gain.add_argument("after", metavar="AFTER", help="the module with the second check, such as 07")
    gain.set_defaults(command=_gain, needs_modules=False)


def _digest(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.digest.making import digest_command
    from fieldguide.grading.course import Course

    print(digest_command(Course(project), options.module, options.case))
    return 0


def _gain(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.digest.gain import gain_command
    from fieldguide.grading.course import Course

    print(gain_command(Course(project), options.before, options.after))
    return 0
