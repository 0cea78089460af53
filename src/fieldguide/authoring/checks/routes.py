"""The routes through the course: their modules exist and fit their time."""

from __future__ import annotations

from collections.abc import Iterator

from fieldguide.authoring.checks.course_text import CourseText
from fieldguide.authoring.checks.findings import Finding, error
from fieldguide.authoring.checks.minutes import parts_of
from fieldguide.authoring.routes import FIRST_PART, ROUTES, Route


def minutes_of(course: CourseText, route: Route) -> float:
    """The minutes that a route takes a student; missing modules take none."""
    total = 0.0
    for module in course.modules:
        how = route.takes.get(module.number)
        parts = parts_of(module) if how else []
        total += sum(part.minutes for part in parts[: 1 if how == FIRST_PART else None])
    return total


def check(course: CourseText) -> Iterator[Finding]:
    """Find routes with missing modules, and routes that take longer than their time."""
    file = ROUTES.as_posix()
    numbers = [module.number for module in course.modules]
    for route in course.routes:
        for module, line in route.lines.items():
            if module not in numbers:
                what = f"route '{route.id}' takes module {module}, which is not there."
                yield error(file, line, what, f"Expected of: {', '.join(numbers)}.")
        taken = minutes_of(course, route)
        if route.within is not None and taken > route.within:
            what = f"route '{route.id}' is to take {route.within} minutes, and takes {taken:.1f}."
            yield error(file, route.line, what, "Shorten what it takes, or allow more.")
