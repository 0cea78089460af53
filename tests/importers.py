"""What the gradebooks of course sites take from a file, each as strict as the site: written anew from their rules.

Canvas: its GradebookImporter (lib/gradebook_importer.rb). Moodle: gradeimport_csv_load_data
(grade/import/csv/classes/load_data.php). Blackboard publishes no source; its rules are those of its help on working
offline with grade data. None of their code is here.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field


class RefusedError(Exception):
    """The site takes nothing of the file."""


@dataclass
class Site:
    """A course on a site: its people by each thing they are known by, and its columns by id or name."""

    people: list[dict[str, str]]
    columns: dict[str, str]
    maximum: float = 100.0
    #: Grades as the site has them afterwards: person and column → grade.
    grades: dict[tuple[str, str], str] = field(default_factory=dict)
    feedback: dict[tuple[str, str], str] = field(default_factory=dict)

    def _find(self, by: str, value: str) -> dict[str, str] | None:
        return next((person for person in self.people if value and person.get(by) == value), None)


class CanvasSite(Site):
    _TOTALS = re.compile("(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")

    def take(self, content: bytes) -> None:
        text = content.decode("utf-8")
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=self._separator(text), strict=True))
        rows = [[self._number(cell) for cell in row] for row in rows if any(cell.strip() for cell in row)]
        header = rows[0]
        if len(header) <= 3 or "Student" not in header[0] or "ID" not in header[1]:
            raise RefusedError("no heading")
        info = 3
        if re.search(r"SIS\s+Login\s+ID", header[2]):
            info = 4
        elif re.search(r"SIS\s+User\s+ID", header[2]) and re.search(r"SIS\s+Login\s+ID", header[3]):
            info = 5 + ("Integration ID" in header[4])
        if "Section" not in header[info - 1]:
            raise RefusedError("the last column about the student is no section")
        places = {}
        for place, title in enumerate(header[info:], info):
            if not self._TOTALS.search(title):
                number = re.search(r"\((\d+)\)$", title)
                if number is None or number[1] not in self.columns:
                    raise RefusedError(f"'{title}' would become a new assignment")
                places[number[1]] = place
        worth: list[str] = []
        for row in rows[1:]:
            if "Points Possible" in row[0]:
                worth = row
            elif not all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.IGNORECASE) for cell in row):
                person = self._person(header, row)
                for column, place in places.items():
                    if "read only" not in worth[place]:
                        self.grades[person, column] = row[place].strip()

    def _person(self, header: list[str], row: list[str]) -> str:
        for heading, by in (("ID", "id"), ("SIS User ID", "sis"), ("SIS Login ID", "login")):
            if heading in header and (person := self._find(by, row[header.index(heading)])):
                return person["id"]
        if (person := self._find("name", row[0])) is None:
            raise RefusedError(f"'{row[0]}' would become a new student")
        return person["id"]

    @staticmethod
    def _separator(text: str) -> str:
        first = text.splitlines()[:3]
        widths = {one: {len(row) for row in csv.reader(first, delimiter=one)} for one in ";,"}
        fit = {one: next(iter(found)) for one, found in widths.items() if len(found) == 1}
        return ";" if fit.get(";", 0) > fit.get(",", 0) else ","

    @staticmethod
    def _number(cell: str) -> str:
        if not re.fullmatch(r"-?[0-9.,]+%?", cell):
            return cell
        *whole, last = re.split("[,.]", cell)
        return f"{''.join(whole)}.{last}" if whole else last


class BlackboardSite(Site):
    def take(self, content: bytes) -> None:
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = content.decode("utf-16" if wide else "utf-8-sig")
        separator = "\t" if text.partition("\n")[0].count("\t") else ","
        header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        if "Username" not in header:
            raise RefusedError("no Username")
        for row in rows:
            person = self._find("username", row[header.index("Username")])
            if person is None:
                raise RefusedError(f"nobody is {row}")
            for heading, cell in zip(header, row, strict=True):
                column = re.fullmatch(r".*\[Total Pts: ([\d.]+) \w+\] \|(\d+)", heading)
                if column and column[2] in self.columns and cell:
                    if float(cell) > float(column[1]):
                        raise RefusedError("more than the column is worth")
                    self.grades[person["username"], column[2]] = cell


class MoodleSite(Site):
    def take(self, content: bytes, key: tuple[str, str], grade: str, feedback: str) -> None:
        """``key`` is the heading of the column that the teacher maps, and what it is mapped to."""
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        person: dict[str, str] | None = None
        for row in reader:
            if row[key[0]].strip():  # else the row is taken for the person of the row before
                person = self._find(key[1], row[key[0]].strip())
            if person is None:
                raise RefusedError(f"nobody is {row[key[0]]}")
            given = row[grade].strip()
            if given in ("", "-"):
                self.grades.pop((person["id"], grade), None)
            elif not re.fullmatch(r"-?\d+([.,]\d+)?", given) or float(given.replace(",", ".")) > self.maximum:
                raise RefusedError(f"{given} is no grade")
            else:
                self.grades[person["id"], grade] = given
            self.feedback[person["id"], grade] = row[feedback].strip()
