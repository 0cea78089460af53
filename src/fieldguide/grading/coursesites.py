"""Submissions exported from a course site as a zip: each file's student and original name, read from its name in the
zip.

nbgrader's ``zip_collect`` unpacks the zip and asks about each file. By itself it collects notebooks alone, although the
responses are in other files, and it needs a pattern for the names, which an instructor would have to write.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from nbgrader.plugins import FileNameCollectorPlugin
from traitlets import List

from fieldguide.docs import page
from fieldguide.grading.course import Course
from fieldguide.grading.names import show, why_no_id
from fieldguide.responses.names import ESSAYS, RECORD

_SITES = (
    # Moodle: Ana Lee_4711_assignsubmission_file_/name, and without folders Ana Lee_4711_assignsubmission_file_name
    r"(?P<student>[^/]+)_(?P<person>\d+)_assignsubmission_file(?:_/|_|/)(?P<file>.+)",
    # Blackboard: Module five_lee42_attempt_2026-11-20-21-30-00_name
    r"[^/]*_(?P<student>[^/_]+)_attempt_(?P<time>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)_(?P<file>.+)",
    # Canvas: leeana_4711_90210_name, and leeana_LATE_4711_90210_name
    r"[^/_]+_(?:LATE_)?(?P<student>\d+)_\d+_(?P<file>.+)",
)
# What Canvas, browsers and JupyterLab insert before the ending of a name that already exists.
_AGAIN = re.compile(r"(?:-\d+|-Copy\d*| ?\(\d+\))(?=\.[a-z]+$)")


class CourseSiteFiles(FileNameCollectorPlugin):  # type: ignore[misc]
    """Recognizes files from Canvas, Moodle and Blackboard. A course's own ``named_regexp`` is tried first."""

    valid_ext = List(
        [".ipynb", ".jsonl", ".json", ".txt"],
        help="Endings of the files to collect. A record that a browser has saved as .txt is collected to be named.",
    ).tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._people: dict[str, str] = {}
        self._taken: dict[tuple[str, str], str] = {}

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """The student and the name of a file; None where it is not collected."""
        app = self.parent
        inside = Path(submitted_file).relative_to(app._format_collect_path(app.extracted_directory)).as_posix()
        if Path(inside).suffix not in self.valid_ext or _is_no_file_of_theirs(inside, Course.of(app.coursedir)):
            return None
        found: dict[str, str] | None = self._match(submitted_file) if self.named_regexp else self._by_site(inside)
        if found is None:
            return None
        student, name = found["student_id"], show(inside, 300)
        no_id = why_no_id(student)
        if no_id:
            self.log.error("%s is left out: %s can be no student's id, it %s.", name, show(student), no_id)
            return None
        found["file_id"] = self._called(found["file_id"])
        other = self._taken.setdefault((student, found["file_id"]), inside)
        if other != inside and "timestamp" not in found:
            message = "%s is left out: %s of %s was taken from %s already."
            self.log.error(message, name, found["file_id"], student, show(other, 300))
            return None
        return found

    def _by_site(self, inside: str) -> dict[str, str] | None:
        match = next(filter(None, (re.search(f"(?:^|/){site}$", inside) for site in _SITES)), None)
        if match is None:
            message = "%s is left out: no name that Canvas, Moodle or Blackboard gives. See %s for others."
            self.log.error(message, show(inside, 300), page("grading.md"))
            return None
        parts = match.groupdict()
        found = {"student_id": match["student"], "file_id": Path(match["file"]).name}
        person = parts.get("person", "")
        if self._people.setdefault(match["student"], person) != person:
            message = "%s is left out: two people on the course site are called %s. Give one another name in the zip."
            self.log.error(message, show(inside, 300), show(match["student"]))
            return None
        if "time" in parts:
            year, month, day, *clock = match["time"].split("-")
            found["timestamp"] = f"{year}-{month}-{day} {':'.join(clock)}"
        return found

    def _called(self, name: str) -> str:
        """The name of a file in the course, without the number that a course site adds to a second submission."""
        module = self.parent.coursedir.assignment_id
        once = _AGAIN.sub("", name)
        ours = (f"{module}.ipynb", f"{module}{RECORD}", f"{module}{ESSAYS}")
        return once if once in ours else name


def _is_no_file_of_theirs(inside: str, course: Course) -> bool:
    """Whether Jupyter or macOS added a file to the folder that was zipped."""
    return course.is_left_out(inside) or "__MACOSX" in inside.split("/") or Path(inside).name.startswith("._")
