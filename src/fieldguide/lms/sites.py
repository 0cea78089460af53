"""The gradebook files of Canvas and Blackboard: where a person stands in a row, and a grade in a column."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from fieldguide.docs import page
from fieldguide.grading.course import CourseError
from fieldguide.grading.spreadsheets import unguarded
from fieldguide.items.numbers import read_number
from fieldguide.lms.people import Row
from fieldguide.lms.sheets import Line, Sheet, sheet_of


@dataclass(frozen=True, slots=True)
class Column:
    """A column that grades can be written into: its place, its title without what the site adds, and what it is worth
    in points, None where the file does not say."""

    place: int
    title: str
    points: float | None


class Site(ABC):
    """A course site, by the file that its gradebook downloads and takes back."""

    name: str
    encodings: tuple[str, ...]
    separators: tuple[str, ...]

    @abstractmethod
    def is_its(self, headings: list[str]) -> bool:
        """Whether these are the headings of its file."""

    @abstractmethod
    def columns(self, sheet: Sheet) -> list[Column]:
        """The columns that the site takes grades from."""

    @abstractmethod
    def people(self, sheet: Sheet) -> list[tuple[Row, Line]]:
        """The rows that are about a person."""

    @abstractmethod
    def identity(self, sheet: Sheet) -> list[int]:
        """The places of the cells by which the site knows whose row it is, in the order in which it asks them."""

    def unfillable(self, cell: str) -> str | None:
        """Why a grade must not go where this stands already, in words that follow the student; None where it may."""
        return None


class Canvas(Site):
    """A person is known by ID, then SIS User ID, then SIS Login ID, then name. Columns end in the assignment's id."""

    name = "Canvas"
    encodings = ("utf-8",)
    separators = (",", ";")

    _TITLE = re.compile(r"(.+?)\s*\((\d+)\)")
    _SIS = ("SIS User ID", "SIS Login ID")

    def is_its(self, headings: list[str]) -> bool:
        named = "Student" in headings[0] or headings[:2] == ["LastName", "FirstName"]
        return named and len(headings) > 3 and "ID" in headings[:3] and "Section" in headings

    def columns(self, sheet: Sheet) -> list[Column]:
        worth = self._points_possible(sheet)
        found = []
        for place, heading in enumerate(sheet.headings):
            title = self._TITLE.fullmatch(unguarded(heading))
            points = worth.cells[place].text.strip() if worth else ""
            if title and place > sheet.headings.index("Section") and "read only" not in points:
                found.append(Column(place, title[1], read_points(points)))
        return found

    def people(self, sheet: Sheet) -> list[tuple[Row, Line]]:
        headings = sheet.headings
        found = []
        for line in sheet.lines[1:]:
            if line.is_empty or line is self._points_possible(sheet) or self._tells_posting(line):
                continue
            if headings[0] == "LastName":
                last, first = line.cells[0].text, line.cells[1].text
            else:
                last, _, first = line.cells[0].text.partition(",")
            cells = dict(zip(headings, (cell.text.strip() for cell in line.cells), strict=True))
            ids = (cells["ID"], cells.get("SIS User ID", ""))
            found.append((Row(line.number, ids, (cells.get("SIS Login ID", ""),), last.strip(), first.strip()), line))
        return found

    def identity(self, sheet: Sheet) -> list[int]:
        return [sheet.headings.index(name) for name in ("ID", *self._SIS) if name in sheet.headings]

    def unfillable(self, cell: str) -> str | None:
        if cell.strip().upper() == "EX":
            return "is excused in Canvas"
        return "is not assigned this in Canvas" if cell.strip().upper() == "N/A" else None

    @staticmethod
    def _points_possible(sheet: Sheet) -> Line | None:
        return next((line for line in sheet.lines[1:4] if "Points Possible" in line.cells[0].text), None)

    @staticmethod
    def _tells_posting(line: Line) -> bool:
        return all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell.text, re.IGNORECASE) for cell in line.cells)


class Blackboard(Site):
    """A person is known by Username. Columns end in what they are worth and the column's id."""

    name = "Blackboard"
    encodings = ("utf-8", "utf-16")
    separators = (",", "\t")

    _TITLE = re.compile(r"(.+?)\s*\[Total Pts: (up to )?([\d.,]+) ([^\]]*)\]\s*\|(\d+)")

    def is_its(self, headings: list[str]) -> bool:
        return {"Last Name", "First Name", "Username"} <= set(headings)

    def columns(self, sheet: Sheet) -> list[Column]:
        found = []
        for place, heading in enumerate(sheet.headings):
            title = self._TITLE.fullmatch(unguarded(heading))
            if title and not title[2]:  # "up to" is said of totals, which Blackboard works out itself
                found.append(Column(place, title[1], read_points(title[3])))
        return found

    def people(self, sheet: Sheet) -> list[tuple[Row, Line]]:
        found = []
        for line in sheet.lines[1:]:
            if not line.is_empty:
                cells = dict(zip(sheet.headings, (cell.text.strip() for cell in line.cells), strict=True))
                ids = (cells.get("Student ID", ""),)
                found.append(
                    (Row(line.number, ids, (cells["Username"],), cells["Last Name"], cells["First Name"]), line)
                )
        return found

    def identity(self, sheet: Sheet) -> list[int]:
        return [sheet.headings.index("Username")]


SITES: dict[str, Site] = {"canvas": Canvas(), "blackboard": Blackboard()}

#: Other files that people give, by headings that only they have.
_OTHERS = (
    ({"student_id", "raw_score", "max_score"}, "the grades that nbgrader export writes"),
    ({"student", "item", "points"}, "a sheet for scoring essays"),
    ({"ID number", "Email address"}, "a file from Moodle, which needs none to be filled in"),
)


def refuse_another(site: Site, sheet: Sheet) -> None:
    """Raise CourseError, saying what it is, where a file is not from the site's gradebook."""
    if not site.is_its(sheet.headings):
        raise CourseError(_is_another(sheet, site.name))


def site_of(path: Path, content: bytes) -> str:
    """Which site made a file, by its name in SITES. Raises CourseError, saying what it is, where none of them did."""
    sheet = sheet_of(path, content, ("utf-8", "utf-16"), (",", ";", "\t"))
    found = [name for name, site in SITES.items() if site.is_its(sheet.headings)]
    if not found:
        raise CourseError(_is_another(sheet, " or ".join(site.name for site in SITES.values())))
    return found[0]


def _is_another(sheet: Sheet, expected: str) -> str:
    headings = sheet.headings
    kinds = [f"a file from {other.name}" for other in SITES.values() if other.is_its(headings)]
    kinds += [kind for names, kind in _OTHERS if names <= set(headings)]
    found = f"is {kinds[0]}" if kinds else f"begins with the columns {', '.join(headings[:5])[:200]}"
    return (
        f"{sheet.path} {found}. Expected the gradebook's file from {expected}. "
        f"{page('lms.md')} says how to download it."
    )


def read_points(text: str) -> float | None:
    """A number of points as a course site writes it, with a point or a comma; None where it is none."""
    number = read_number(text)
    return None if number is None else float(number)
