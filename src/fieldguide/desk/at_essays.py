"""What the desk's pages for essays share: who scores, whose names they read, and how what they give is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, unquote

from fieldguide.coursepage.handlers import RefusedError
from fieldguide.desk.essays import Sheet, Task, is_module, read_sheet
from fieldguide.desk.page import AtDesk, why_not
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.names import why_no_id
from fieldguide.grading.scorers import SETTLED, Scoring, Written, keep_scoring
from fieldguide.grading.told import points_text
from fieldguide.words import Words, speaking

_WORDS = Words("scoring")
say, count = _WORDS.say, _WORDS.count
Result = TypeVar("Result")

#: Cookies: by which name somebody scores, and whether they read whose essays they are.
NAME_COOKIE, NAMES_COOKIE = "fieldguide-scorer", "fieldguide-names"
_LONGEST_NAME = 60
_DAYS = 365


class AtEssays(AtDesk):
    """What the handlers of essays share."""

    get_cookie: Any
    set_cookie: Any
    clear_cookie: Any

    @property
    def scorer(self) -> str:
        """By which name somebody scores: that of their account; where people share one, the one that they gave."""
        if self.shares:
            return self.account
        given = unquote(self.get_cookie(NAME_COOKIE, "") or "")
        return given if is_name(given) else self.account

    @property
    def names_wanted(self) -> bool:
        """Whether they chose to read whose essay each is, which an assistant cannot."""
        return self.teaches and bool(self.get_cookie(NAMES_COOKIE) == "yes")

    def remember(self, name: str, value: str) -> None:
        """Keep a choice in this browser; without a value it is forgotten."""
        if value:
            self.set_cookie(name, quote(value), expires_days=_DAYS, path=self.address(), samesite="lax", httponly=True)
        else:
            self.clear_cookie(name, path=self.address())

    async def of_course(self, module: str, work: Callable[[Course], Result]) -> Result:
        """What work gives that reads the course. Raises 403, 404 and 503 with what is wrong."""
        with speaking(self.language):
            try:
                course = self.desk.course()
                if course is None:
                    raise RefusedError(403, Words("desk").say("not_yours"))
                if not is_module(course, module):
                    raise RefusedError(404, Words("coursepage").say("no_such_module"))
                return await self.elsewhere(lambda: work(course))
            except (CourseError, OSError) as error:
                raise RefusedError(503, why_not(error)) from error

    async def sheet(self, module: str, item: str, grade_id: str, *, settle: bool, scorer: str | None = None) -> Sheet:
        """One essay. Raises 404 where nobody scores it."""
        scorer = scorer or self.scorer
        found = await self.of_course(
            module, lambda course: read_sheet(course, module, item, grade_id, scorer, settle=settle)
        )
        if found is None:
            with speaking(self.language):
                raise RefusedError(404, say("no_such_essay"))
        return found

    async def keep(self, module: str, sheet: Sheet, given: Scoring) -> Written:
        """Keep what was given. Raises OtherVersionError."""
        essay, grade_id = sheet.task.essay, sheet.written.grade.grade_id
        by = self.scorer if given.scorer == SETTLED else None
        return await self.of_course(module, lambda course: keep_scoring(course, module, essay, grade_id, given, by))

    def at(self, module: str, item: str = "", grade_id: str = "", **query: str) -> str:
        """The address of a module's essays, or of one."""
        asked = "&".join(f"{name}={value}" for name, value in query.items() if value)
        parts = [part for part in (module, item, grade_id) if part]
        return self.address("desk", "score", *parts) + (f"?{asked}" if asked else "")

    def clash(self, sheet: Sheet, there: Scoring, given: Scoring) -> Clash:
        """What is told where the same name's work was changed elsewhere."""
        essay = sheet.task.essay
        lines = tuple(
            say("gave", criterion=criterion.text, points=_points(there.points.get(name)))
            for name, criterion in essay.rubric.items()
            if there.points.get(name) != given.points.get(name)
        )
        comment = there.comment if there.comment != given.comment else ""
        other_name = f"{given.scorer} 2" if given.scorer and not self.shares else ""
        return Clash(there.version, lines, comment, other_name)


@dataclass(frozen=True, slots=True)
class Clash:
    """Work under the same name that was changed elsewhere meanwhile: its version, and what differs from what is here.

    ``other_name`` is by which both can be kept, where they can be two people's.
    """

    version: int
    lines: tuple[str, ...]
    comment: str
    other_name: str


def elsewhere_of(task: Task, one: Written) -> str:
    """What is said where the gradebook's points are not those that were given here."""
    points = one.grade.points
    if points is None or one.grade.waits:
        return ""
    counting = one.counting(task.essay)
    if counting is not None and abs(counting.total(task.essay) - points) < 1e-9:
        return ""
    return count("elsewhere", task.essay.maximum, points=points_text(points))


def _points(points: float | None) -> str:
    return say("none") if points is None else points_text(points)


def is_name(name: str) -> bool:
    """Whether somebody can score by this name."""
    return why_no_id(name) is None and len(name) <= _LONGEST_NAME
