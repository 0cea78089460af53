"""``fieldguide translate …``: the commands for who brings the course into another language."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_commands(commands: Any) -> None:
    """Add them to the commands of ``fieldguide``, as argparse has them."""
    translate = commands.add_parser("translate", help="bring the course into another language (docs/translating.md)")
    steps = translate.add_subparsers(required=True, metavar="WHAT")
    extracting = steps.add_parser("extract", help="write or update the catalogues of a language, for translators")
    extracting.add_argument("language", metavar="LANG", help="the language's code, such as es")
    extracting.add_argument("modules", metavar="MODULE", nargs="*", help="only these, by id or its beginning")
    extracting.set_defaults(command=_translate_extract, needs_modules=True)
    translated = steps.add_parser("build", help="make courses/LANG from the catalogues")
    translated.add_argument("language", metavar="LANG", help="the language's code, such as es")
    translated.set_defaults(command=_translate_build, needs_modules=True)
    marked = steps.add_parser("pseudo", help="make a course in which every text is marked and longer, to look at")
    marked.set_defaults(command=_translate_pseudo, needs_modules=True)


def _translate_extract(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.translate.building import extract

    for path, (texts, translated, changed) in extract(project, options.language, options.modules).items():
        print(f"{path}: {translated} of {texts} texts are translated{'' if changed else '; nothing has changed'}.")
    return 0


def _translate_build(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.translate.building import build_language, summary

    print(summary(build_language(project, options.language)))
    return 0


def _translate_pseudo(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.translate.building import build_pseudo, summary

    print(summary(build_pseudo(project)))
    return 0
