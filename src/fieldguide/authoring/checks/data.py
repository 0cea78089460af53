"""The data files that the checks use: the guide's statements, the crosswalk, the Code's edition."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from fieldguide.authoring.standards import read_listed
from fieldguide.items import Problem, ReadingError
from fieldguide.plainfiles import read_own_text

FOLDER = Path("modules", "data")
STATEMENTS = FOLDER / "statements.csv"
CROSSWALK = FOLDER / "crosswalk.csv"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the guide. ``section`` is the number of its module ("05"); ``gist`` is in our words."""

    id: str
    section: str
    gist: str
    graded: bool
    line: int


@dataclass(frozen=True, slots=True)
class CrosswalkRow:
    """The standards that one statement of the guide relates to, by the crosswalk."""

    statement: str
    standards: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Standards:
    """The standards that the course may cite, each with the verdict of the person who looked it up, or None."""

    verdicts: dict[str, str | None]

    def known(self, cited: str) -> bool:
        """Whether a standard is known, by its full name ("1.07(r)", "Tech 3.09")."""
        return cited in self.verdicts

    def known_as_a_whole(self, number: str) -> bool:
        """Whether a number without a letter ("1.07") is known, by itself or by any of its letters."""
        return any(name == number or name.startswith(f"{number}(") for name in self.verdicts)

    def confirmed(self, cited: str) -> bool:
        """Whether a standard may decide a graded item."""
        return self.verdicts.get(cited) == "confirmed"


def read_statements(project: Path) -> dict[str, Statement]:
    """The guide's statements by id, in the guide's order. Raises ReadingError when the file has another form."""
    statements: dict[str, Statement] = {}
    for line, row in _rows(project, STATEMENTS, ("id", "section", "gist", "graded")):
        if not re.fullmatch(r"[0-9]{2}", row["section"]) or row["graded"] not in ("yes", "no"):
            what = f"the statement '{row['id']}' has section '{row['section']}' and graded '{row['graded']}'."
            raise _wrong(STATEMENTS, line, what, "Expected a section such as 05, and yes or no.")
        if row["id"] in statements:
            raise _wrong(STATEMENTS, line, f"the statement '{row['id']}' is given twice.", "Keep one of the two.")
        statements[row["id"]] = Statement(row["id"], row["section"], row["gist"], row["graded"] == "yes", line)
    return statements


def read_crosswalk(project: Path) -> tuple[CrosswalkRow, ...]:
    """The rows of the crosswalk. Raises ReadingError when the file has another form."""
    return tuple(
        CrosswalkRow(
            row["statement"], tuple(part.strip() for part in row["standards"].split(";") if part.strip()), line
        )
        for line, row in _rows(project, CROSSWALK, ("statement", "standards"))
    )


def read_standards(project: Path, crosswalk: tuple[CrosswalkRow, ...]) -> Standards:
    """The standards of the crosswalk and of the Code's edition. Raises ReadingError where the edition has none."""
    listed = {name: entry.get("verdict") for name, entry in read_listed(project).items()}
    verdicts: dict[str, str | None] = {name: None for row in crosswalk for name in row.standards}
    return Standards(verdicts | listed)


def _rows(project: Path, path: Path, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(_text(project, path).splitlines())
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise _wrong(path, 1, f"there is no column '{missing[0]}'.", f"Expected the columns {', '.join(columns)}.")
    return [(reader.line_num, {name: value or "" for name, value in row.items() if name}) for row in reader]


def _text(project: Path, path: Path) -> str:
    try:
        return read_own_text(project / path)
    except FileNotFoundError:
        raise _wrong(path, 1, "the file is missing.", "The checks rest on it: see docs/authoring.md.") from None


def _wrong(path: Path, line: int, what: str, expected: str) -> ReadingError:
    return ReadingError([Problem(path.as_posix(), line, what, expected)])
