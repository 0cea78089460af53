"""The routes through the course: which modules a class takes that has too little time for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fieldguide.items.fields import FieldReader, Finder, read_fields
from fieldguide.plainfiles import read_own_text

ROUTES = Path("modules", "data", "routes.yaml")
WHOLE, FIRST_PART = "all", "first part"
_FIELDS = ("title", "about", "within", "takes")
_MOST_MINUTES = 6000


@dataclass(frozen=True, slots=True)
class Route:
    """One way through the course.

    ``takes`` maps a module's number ("05") to whether all of it is taken or its first part. ``within`` is the time for
    it in minutes; None where it is not limited. ``lines`` has the line of each module in the file.
    """

    id: str
    title: str
    about: str
    takes: dict[str, str]
    within: int | None
    line: int
    lines: dict[str, int]


def read_routes(project: Path) -> tuple[Route, ...]:
    """The routes in order; none where a course has no such file. Raises ReadingError."""
    path = project / ROUTES
    if not path.exists():
        return ()
    finder = Finder(ROUTES.as_posix())
    file = FieldReader(read_fields(read_own_text(path), finder), finder, "the routes")
    routes = []
    for name, group in file.groups():
        file.check_id(name, file.line(name))
        routes.append(_read_route(name, FieldReader(group.fields, finder, f"route '{name}'"), file.line(name)))
    finder.stop_if_any()
    return tuple(routes)


def _read_route(name: str, reader: FieldReader, line: int) -> Route:
    reader.refuse_unknown(_FIELDS)
    takes = reader.mapping("takes", required=True)
    for module, how in takes.items():
        if how not in (WHOLE, FIRST_PART):
            reader.wrong("takes", f"of module {module} it takes '{how}'.", f"Expected {WHOLE} or {FIRST_PART}.", module)
    return Route(
        id=name,
        title=reader.text("title", required=True) or "",
        about=reader.text("about", required=True) or "",
        takes=takes,
        within=reader.whole("within", least=1, most=_MOST_MINUTES),
        line=line,
        lines={module: reader.line("takes", module) for module in takes},
    )
