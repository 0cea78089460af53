"""Setting up live votes: what JupyterHub is told of the service."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from fieldguide.hubservice import add_service

if TYPE_CHECKING:
    from traitlets.config import Config

NAME = "live"


@dataclass(frozen=True, slots=True)
class CourseGroups:
    """A course, and the groups of the hub in which its people are. ``desk`` is the service of the hub that is its desk,
    where it has one of its own: it asks as an instructor. ``assistants`` lead votes too, where they have servers."""

    id: str
    instructors: str
    students: str
    desk: str = ""
    assistants: str = ""


def add_live(config: Config, courses: Iterable[CourseGroups], port: int, account: str = "") -> str:
    """Have JupyterHub run the service of live votes at a port of this machine; returns its address, for the servers'
    ``FIELDGUIDE_LIVE_URL``. ``account`` is the system's account that it runs as, or else the hub's own."""
    courses = tuple(courses)
    return add_service(
        config,
        NAME,
        port,
        ("fieldguide.live.service", "--courses", json.dumps([asdict(course) for course in courses])),
        [group for course in courses for group in (course.instructors, course.assistants, course.students) if group],
        services=[course.desk for course in courses if course.desk],
        account=account,
    )
