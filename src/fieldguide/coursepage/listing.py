"""What a student's exchange holds, as data: what is released, what was handed in, and what feedback there is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One submission, as the student's side knows it: when, in UTC (ISO 8601).

    ``feedback`` is the folder with the feedback that was fetched, below the server's root; None where none was.
    ``waiting``: the exchange has feedback that is not fetched, or that changed since.
    """

    time: str
    feedback: str | None = None
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """How a released module differs from the student's copy: ids of questions, and whether other text does."""

    questions: tuple[str, ...] = ()
    text: bool = False

    def __bool__(self) -> bool:
        return bool(self.questions) or self.text


NO_CHANGES = Changes()


@dataclass(frozen=True, slots=True)
class Listed:
    """One module of the course. ``folder`` is where it is on the student's side, or will be, below the root.

    One that is not released, not fetched and not handed in is only planned. ``missing`` are files of the release that
    the student's folder lacks; none where nothing was fetched. ``submissions`` are in the order of their times. The
    course's plan tells ``title``, ``minutes`` and when it is ``due`` (UTC, ISO 8601); None where it does not. With
    ``for_you`` that date is this student's alone. ``looked``: when somebody last looked at what was handed in, as the
    student had asked for help.
    """

    course: str
    module: str
    folder: str
    released: bool
    fetched: bool
    missing: tuple[str, ...] = ()
    changes: Changes = NO_CHANGES
    submissions: tuple[HandedIn, ...] = ()
    title: str | None = None
    minutes: int | None = None
    due: str | None = None
    for_you: bool = False
    looked: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """All modules of the exchange at one time, in UTC (ISO 8601). ``in_files``: nbgrader's own exchange holds them.
    ``begun_seen``: instructors see who has begun.
    """

    time: str
    modules: tuple[Listed, ...] = ()
    in_files: bool = False
    begun_seen: bool = False

    def of(self, module: str, course: str = "") -> Listed | None:
        """One module; of any course where none is named."""
        return next((one for one in self.modules if one.module == module and course in ("", one.course)), None)

    def as_json(self) -> dict[str, Any]:
        """The listing as JSON has it."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: Any) -> Listing:
        """The listing that ``as_json`` gave. Raises ValueError for anything else."""
        try:
            modules = tuple(_listed(one) for one in told["modules"])
            return cls(told["time"], modules, told.get("in_files") is True, told.get("begun_seen") is True)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("this is no listing of an exchange") from error


def _listed(told: dict[str, Any]) -> Listed:
    changes = told["changes"]
    return Listed(
        **told
        | {
            "missing": tuple(told["missing"]),
            "changes": Changes(tuple(changes["questions"]), changes["text"]),
            "submissions": tuple(HandedIn(**one) for one in told["submissions"]),
        }
    )
