"""The students' editions that were given to students: source/ may have changed since, and so may release/."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from fieldguide.cells.kinds import KINDS
from fieldguide.grading.course import Course
from fieldguide.grading.instructor import InstructorNotebook
from fieldguide.grading.notebook_diff import cell_texts
from fieldguide.items import ReadingError
from fieldguide.plainfiles import read_own

#: Where a course folder keeps what it needs to know of its content.
CONTENT_FOLDER = ".fieldguide-content"
_EARLIER = Path(CONTENT_FOLDER, "handed-out")
_LARGEST = 64 << 20


def earlier_editions(course: Course, module: str) -> Path:
    """The folder of the students' notebooks that were in release/ before a newer text came: copies of them go on."""
    return course.root / _EARLIER / module


def with_released(course: Course, module: str, notebook: InstructorNotebook) -> InstructorNotebook:
    """The instructor's notebook of a module with what students were given of it: the editions, and what they ask."""
    released = course.folder("release", ".", module) / f"{module}.ipynb"
    paths = (released, *sorted(earlier_editions(course, module).glob("*.ipynb")))
    editions = tuple(texts for path in paths if (texts := _texts(path)))
    asked = {name for edition in editions for name in _asked(edition, notebook.handed_out)}
    return replace(notebook, released=editions, known_ids=notebook.known_ids | asked)


def _texts(path: Path) -> dict[str, str]:
    """The text of each cell, by cell id; empty where no notebook can be read."""
    try:
        texts = cell_texts(json.loads(read_own(path, _LARGEST)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    return {cell: text for cell, text in texts if isinstance(cell, str)}


def _asked(edition: Mapping[str, str], today: Mapping[str, str]) -> Iterator[str]:
    """The ids under which answers to an edition go on record, of the cells that are others today."""
    for cell, text in edition.items():
        if today.get(cell) == text:
            continue
        for kind in KINDS:
            if kind.record_ids is not None and text.startswith(f"{kind.magic}\n"):
                with contextlib.suppress(ReadingError):  # written by an earlier version of this package
                    yield from kind.record_ids(kind.read_edition(kind.below(text), "an earlier edition", 1))
