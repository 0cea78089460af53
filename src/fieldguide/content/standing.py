"""How far a class is with each module, as far as a newer text has to know it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fieldguide.desk.notes import read_notes
from fieldguide.desk.reading import read_class
from fieldguide.grading.course import Course, gradebook_address


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a module has a students' edition and is with the students, and how many of them handed it in, are graded
    and have feedback. ``begun`` is None where that is not seen."""

    made: bool = False
    released: bool = False
    handed_in: int = 0
    graded: int = 0
    returned: int = 0
    begun: int | None = None

    @property
    def out(self) -> bool:
        """Whether students may have a copy of it."""
        return self.released or bool(self.handed_in) or bool(self.begun)

    def __str__(self) -> str:
        if not self.out:
            return "made, and not released" if self.made else "not released yet"
        said = "released" if self.released else "not released now"
        counts = (
            ("begun by", self.begun or 0),
            ("handed in by", self.handed_in),
            ("graded for", self.graded),
            ("with feedback for", self.returned),
        )
        return ", ".join([said, *(f"{what} {count}" for what, count in counts if count)])


def read_standings(course: Course, modules: Iterable[str]) -> dict[str, Standing]:
    """The same of each of these modules. Raises CourseError where the gradebook cannot be read."""
    if not _has_gradebook(course):
        return {name: Standing(handed_in=len(course.with_folder("submitted", name))) for name in modules}
    found = {one.module: one for one in read_class(course, read_notes(course.root)).modules}
    standings = {}
    for name in modules:
        one = found.get(name)
        if one is None:
            continue
        handed_in = {*one.handed_in, *one.entered, *one.graded, *course.with_folder("submitted", name)}
        standings[name] = Standing(
            one.made,
            one.released is not None,
            len(handed_in),
            len(one.graded),
            one.returned,
            None if one.begun is None else len(one.begun),
        )
    return standings


def _has_gradebook(course: Course) -> bool:
    """Whether there is one: a course that has just begun has none."""
    return course.db_url != gradebook_address(course.root) or (course.root / "gradebook.db").is_file()
