"""The plan of a course: its modules in order, each with title, minutes and due date. A file that every release brings.

nbgrader's exchanges carry no due date and no module that is not released yet. As a file beside the notebook the plan
goes through any of them; of several plans, the one that was written last counts. Who has more time finds their own
dates in a note that nobody else can read, where the exchange has a way for one (``grading/extensions.py``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fieldguide.plainfiles import read_plain

#: The name of the file in a module's folder.
PLAN_FILE = "course.json"
#: The folder of a course's exchange that holds a note for each student, by the student's id.
NOTES = "extensions"
#: The name of a file that says, in the folder of a course's exchange, that instructors see who has begun.
BEGUN_SEEN = "begun-is-seen"
_LARGEST = 1 << 20
_TIME = "%Y-%m-%dT%H:%M:%SZ"
#: Longer than the dates of any course, so that a note's length does not tell whether there are some.
_NOTE = 4095


@dataclass(frozen=True, slots=True)
class Planned:
    """One module. ``due`` is in UTC and without a zone, as nbgrader keeps times."""

    module: str
    title: str
    minutes: int
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """All modules of a course, and when this was written, in UTC and without a zone."""

    written: datetime
    modules: tuple[Planned, ...] = ()

    def of(self, module: str) -> Planned | None:
        """What is planned of one module."""
        return next((one for one in self.modules if one.module == module), None)

    def text(self) -> str:
        """The plan as its file has it."""
        modules = [
            {"id": one.module, "title": one.title, "minutes": one.minutes, "due": one.due and f"{one.due:{_TIME}}"}
            for one in self.modules
        ]
        return json.dumps({"v": 1, "written": f"{self.written:{_TIME}}", "modules": modules}, indent=1) + "\n"


def now() -> datetime:
    """The time to write into a plan."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def read_plan(folder: Path) -> Plan | None:
    """The plan in a module's folder; None where there is none that can be read. What is odd in it is left out."""
    try:
        told = json.loads(read_plain(folder / PLAN_FILE, _LARGEST))
        if not isinstance(told, dict) or told.get("v") != 1:
            return None
        return Plan(_time(told["written"]), tuple(_modules(told["modules"])))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def newest(plans: Iterable[Plan | None]) -> Plan | None:
    """Of several plans the one that was written last."""
    return max((plan for plan in plans if plan is not None), key=lambda plan: plan.written, default=None)


@dataclass(frozen=True, slots=True)
class Note:
    """What is told to one student alone, by module: their own due dates, and when somebody last looked at what they
    handed in, as they had asked for help. In UTC and without a zone."""

    due: Mapping[str, datetime] = field(default_factory=dict)
    looked: Mapping[str, datetime] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.due or self.looked)

    def text(self) -> str:
        """The note as its file has it. All notes are of one length."""
        told: dict[str, Any] = {"v": 1}
        for name in ("due", "looked"):
            times: Mapping[str, datetime] = getattr(self, name)
            told[name] = {module: f"{moment:{_TIME}}" for module, moment in sorted(times.items())}
        return json.dumps(told).ljust(_NOTE) + "\n"


def read_note(folder: Path, student: str) -> Note:
    """A student's note in a folder of notes; an empty one where there is none that can be read."""
    try:
        told = json.loads(read_plain(folder / f"{student}.json", _LARGEST))
        if told["v"] != 1:
            return Note()
        due, looked = (
            {str(module): _time(time) for module, time in told.get(name, {}).items()} for name in ("due", "looked")
        )
        return Note(due, looked)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Note()


def _modules(told: list[Any]) -> Iterable[Planned]:
    for one in told:
        match one:
            case {"id": str(module), "title": str(title), "minutes": int(minutes), "due": None}:
                yield Planned(module, title, minutes)
            case {"id": str(module), "title": str(title), "minutes": int(minutes), "due": str(due)}:
                yield Planned(module, title, minutes, _time(due))


def _time(text: str) -> datetime:
    return datetime.strptime(text, _TIME)
