"""Makes docs/accessibility.md of docs/accessibility.yaml: ``python tools/accessibility.py [--check]``.

A conformance report in the form of VPAT 2.5, WCAG edition. It says what tests show, and fails where it names a test
that is not there.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).parent.parent
DATA, PAGE = Path("docs", "accessibility.yaml"), Path("docs", "accessibility.md")
#: What a level is called, and whether a test has to show it.
LEVELS = {
    "Supports": True,
    "Partially supports": False,
    "Does not support": False,
    "Not applicable": True,
    "Not evaluated": False,
}
_ABOUT = """# Accessibility conformance report

<!-- Made by ./run accessibility of docs/accessibility.yaml. -->

In the form of the Voluntary Product Accessibility Template (VPAT®), version 2.5, WCAG edition.

- **Product:** Field Guide {version}, the course page: what a student reads and works on
- **Date:** {date}
- **Questions:** see [SECURITY.md](../SECURITY.md) for what is private; else an issue of the repository
- **How it was looked at:** axe-core ({axe}) and IBM's accessibility-checker ({ibm}), and tests of our own that
  walk each page by keyboard, measure it and read it. They run with all other tests; each row gives the numbers
  of those it rests on.

What was looked at: {looked_at}.

Not part of this report:

{not_looked_at}

## What no person has tried

{nobody_has_tried}

## Terms

**Supports**: tests show it, with no known defect. **Partially supports**: some of it does not, or tests show some of it
only. **Does not support**: most of it does not. **Not applicable**: there is nothing that it is about, and a test shows
that. **Not evaluated**: nobody has looked. (The form keeps that word for level AAA; we would rather use it than guess.)

{summary}
"""


class ReportError(Exception):
    """What keeps the report from being made, in words."""


def page(project: Path) -> str:
    """The report of a project. Raises ReportError where it claims what no test shows."""
    data = yaml.safe_load((project / DATA).read_text(encoding="utf-8"))
    known = set(_tests(project / "tests"))
    faults = list(_faults(data, known))
    if faults:
        raise ReportError("\n".join(f"{DATA.as_posix()}: {fault}" for fault in faults))
    orca = data["orca"]
    hears = orca["there" if orca["test"] in known else "not_there"]
    levels = [row[4] for row in data["criteria"]]
    count = ", ".join(f"{level.lower()}: {levels.count(level)}" for level in LEVELS if level in levels)
    about = _ABOUT.format(
        version=_version(project),
        date=data["date"],
        axe=_pinned(project, "axe-playwright-python"),
        ibm=json.loads((project / "package.json").read_text("utf-8"))["devDependencies"][
            "accessibility-checker-engine"
        ],
        looked_at="; ".join(data["looked_at"]),
        not_looked_at=_listed(data["not_looked_at"]),
        nobody_has_tried=_listed(line.format(orca=hears) for line in data["nobody_has_tried"]),
        summary=f"Of {len(levels)} criteria: {count}.",
    )
    named = [data["tests"].get(test, test) for row in data["criteria"] for test in row[5]]
    numbers = {test: number for number, test in enumerate(dict.fromkeys(named), 1)}
    tables = [_table(data, version, level, numbers) for level in ("A", "AA") for version in ("2.0", "2.1", "2.2")]
    shown = [f"{number}. {_in_words(test)}" for test, number in numbers.items()]
    return "\n".join([about, *tables, "## The tests, by their numbers above", "", *shown, ""])


def _faults(data: dict[str, Any], known: set[str]) -> Iterator[str]:
    for number, name, _, _, conformance, tests, remark in data["criteria"]:
        where = f"{number} {name}"
        if conformance not in LEVELS:
            yield f"{where}: '{conformance}' is none of {', '.join(LEVELS)}."
        elif LEVELS[conformance] and not tests:
            yield f"{where}: '{conformance}' without a test that shows it. Name one, or say 'Not evaluated'."
        elif not LEVELS[conformance] and not remark:
            yield f"{where}: '{conformance}' without a reason."
        for test in tests:
            if data["tests"].get(test, test) not in known:
                yield f"{where}: there is no test {data['tests'].get(test, test)}. Name one that is in tests/."
    used = {test for row in data["criteria"] for test in row[5]}
    yield from (f"tests: no criterion rests on '{name}'." for name in data["tests"] if name not in used)


def _tests(folder: Path) -> Iterator[str]:
    for file in sorted(folder.glob("test_*.py")):
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE):
            yield f"{file.name}::{name}"


def _in_words(test: str) -> str:
    file, _, name = test.partition("::")
    return f"{name.removeprefix('test_').replace('_', ' ')} (`{file}`)"


def _table(data: dict[str, Any], version: str, level: str, numbers: dict[str, int]) -> str:
    lines = [
        f"## WCAG {version}, level {level}",
        "",
        "| criterion | conformance | remarks | tests |",
        "|---|---|---|---|",
    ]
    for number, name, at, since, conformance, tests, remark in data["criteria"]:
        if (str(since), at) == (version, level):
            shown = ", ".join(str(numbers[data["tests"].get(test, test)]) for test in tests)
            lines.append(f"| {number} {name} | {conformance} | {remark} | {shown} |")
    return "\n".join([*lines, ""])


def _listed(lines: Any) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _version(project: Path) -> str:
    text = (project / "src" / "fieldguide" / "__init__.py").read_text(encoding="utf-8")
    return text.partition('__version__ = "')[2].partition('"')[0]


def _pinned(project: Path, name: str) -> str:
    lock = (project / "requirements.lock").read_text(encoding="utf-8")
    return f"{name} {lock.partition(f'{name}==')[2].split(maxsplit=1)[0]}"


def main(arguments: list[str], project: Path = PROJECT) -> int:
    """Write the page, or with ``--check`` say whether it is up to date; 0 where all is well."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("Say: python tools/accessibility.py [--check]\n")
        return 2
    try:
        text = page(project)
    except ReportError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    target = project / PAGE
    if target.exists() and target.read_text(encoding="utf-8") == text:
        return 0
    if arguments:
        sys.stderr.write(f"{PAGE.as_posix()} is out of date. Run: ./run accessibility\n")
        return 1
    target.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{PAGE.as_posix()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
