"""What an exchange holds that is no folder, as nbgrader's own classes list it: asked now and then, and kept in between.

It is kept in the course folder, so that the desk can be drawn without the exchange. nbgrader is imported only where the
exchange is asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from fieldguide.desk.notes import now
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.exchange import is_our_service
from fieldguide.grading.files import replace_file
from fieldguide.grading.times import read_time
from fieldguide.plainfiles import PRIVATE, read_plain

LISTED = ".fieldguide-desk-exchange.json"
_LARGEST = 16 << 20
_TIME = "%Y-%m-%dT%H:%M:%S.%f"


@dataclass(slots=True)
class Listed:
    """What was in the exchange at ``time`` (UTC): since when each released module was seen there, and when each student
    handed in each module, with whether there is feedback on it. ``begun``: who has begun each module; None where that
    is not seen."""

    time: str
    released: dict[str, str] = field(default_factory=dict)
    handed_in: dict[str, dict[str, dict[str, bool]]] = field(default_factory=dict)
    begun: dict[str, list[str]] | None = None

    def since(self) -> dict[str, datetime]:
        """Since when each module was seen there."""
        return {module: datetime.fromisoformat(time) for module, time in self.released.items()}

    def last(self, module: str) -> dict[str, datetime]:
        """When each student handed in a module last."""
        told = self.handed_in.get(module, {}).items()
        return {student: max(map(datetime.fromisoformat, times)) for student, times in told if times}

    def returned(self, module: str, graded: Mapping[str, datetime | None]) -> int:
        """How many students can fetch the feedback on what was graded, by the time of that."""
        return sum(
            any(given and _is(datetime.fromisoformat(handed_in), time) for handed_in, given in times.items())
            for student, time in graded.items()
            for times in [self.handed_in.get(module, {}).get(student, {})]
        )


def _is(handed_in: datetime, graded: datetime | None) -> bool:
    # The gradebook may lack the parts of a second, or the time.
    return graded is None or abs((handed_in - graded).total_seconds()) < 1


def read_listed(root: Path) -> Listed | None:
    """What is kept in a course folder; None where the file is missing or damaged."""
    try:
        told = json.loads(read_plain(root / LISTED, _LARGEST))
        begun = {str(module): list(map(str, students)) for module, students in (told.get("begun") or {}).items()}
        listed = Listed(
            told["time"],
            dict(told["released"]),
            dict(told["handed_in"]),
            None if told.get("begun") is None else begun,
        )
        listed.since(), datetime.fromisoformat(listed.time)
        for module in listed.handed_in:
            listed.last(module), listed.returned(module, dict.fromkeys(listed.handed_in[module]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return listed


def list_exchange(course: Course) -> Listed:
    """Ask the exchange, by the settings of the course, and keep what it holds. Raises CourseError where it cannot be
    asked."""
    before = read_listed(course.root)
    listed = Listed(now().strftime(_TIME))
    try:
        for one in _listed(course, inbound=False):
            seen = before.released.get(one["assignment_id"]) if before else None
            listed.released[one["assignment_id"]] = seen or listed.time
        for one in _listed(course, inbound=True):
            times = listed.handed_in.setdefault(one["assignment_id"], {}).setdefault(one["student_id"], {})
            for each in one["submissions"]:
                time = read_time(str(each["timestamp"]), course.timezone)
                if time is not None:
                    times[time.strftime(_TIME)] = bool(each.get("has_exchange_feedback"))
        if is_our_service(course.config):
            listed.begun = _lister(course).begun()
    except Exception as error:  # an exchange may be any program, and raise anything
        raise CourseError(str(error)) from error
    content = json.dumps(asdict(listed)).encode()
    replace_file(str(course.root), LISTED, content, 0o660 if course.settings["groupshared"] else PRIVATE)
    return listed


def see_begun(course: Course, *, seen: bool) -> None:
    """Have the service of the exchange see from now on who begins, or forget it. Raises ExchangeError."""
    _lister(course).see_begun(seen=seen)


def _listed(course: Course, inbound: bool) -> list[dict[str, Any]]:
    lister = _lister(course)
    lister.inbound = inbound
    return list(lister.start())


def _lister(course: Course) -> Any:
    from nbgrader.auth import Authenticator
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeFactory

    config = course.config
    coursedir = CourseDirectory(config=config)
    return ExchangeFactory(config=config).List(
        coursedir=coursedir, authenticator=Authenticator(config=config), config=config
    )
