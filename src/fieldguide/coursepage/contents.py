"""The contents of a module's page: its sections, how long each takes, and which graded questions stand in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from fieldguide.cells.minutes import WORDS_A_MINUTE
from fieldguide.coursepage.prose import Heading
from fieldguide.coursepage.reading import Live, ModuleNotebook, Prose

#: The levels of headings that contents show; what a section takes is told at the first.
_TOP, _BELOW = 2, 3
#: What an author's tags say of a text: a place to stop for today, and what is beyond the time that the head states.
_STOP, _OPTIONAL = "stop", "optional"
#: How the id of the cell begins that says what words mean: it is looked up, and not read through.
WORDS = "closing-"
_MARKUP = re.compile(r"<[^>]*>")


@dataclass(slots=True)
class Section:
    """A line of the contents.

    ``stop`` is set at a place to stop for today, and ``optional`` where it is beyond the time that the head states.
    ``minutes`` is None where nothing is told of them; ``questions`` are the ids of the graded ones.
    """

    heading: Heading
    stop: bool
    optional: bool
    minutes: int | None = None
    questions: list[str] = field(default_factory=list)


def contents_of(notebook: ModuleNotebook) -> list[Section]:
    """The sections of a module in order.

    The minutes are shares of those that the head states: a student's notebook does not hold all that is counted there.
    """
    sections: list[Section] = []
    taken: list[float] = []
    for part in notebook.parts:
        if isinstance(part, Prose):
            tags = part.tags
            for heading in part.headings:
                if heading.level in (_TOP, _BELOW):
                    sections.append(Section(heading, _STOP in tags, _OPTIONAL in tags))
                    taken.append(0.0)
        if not sections:
            continue
        taken[-1] += _minutes(part)
        if isinstance(part, Live):
            ids = part.kind.record_ids(part.asked) if part.kind.record_ids else ()
            sections[-1].questions += [name for name in ids if name in notebook.head.graded]
    _tell_minutes(sections, taken, notebook.head.minutes)
    return sections


def _minutes(part: Prose | Live) -> float:
    if isinstance(part, Live):
        return part.kind.minutes(part.asked)
    return 0.0 if part.id.startswith(WORDS) else len(_MARKUP.sub(" ", part.html).split()) / WORDS_A_MINUTE


def _tell_minutes(sections: list[Section], taken: list[float], stated: int) -> None:
    """Round what each top section takes with all that stands below it."""
    tops = [at for at, section in enumerate(sections) if section.heading.level == _TOP]
    counted = sum(minutes for section, minutes in zip(sections, taken, strict=True) if not section.optional)
    for at, end in zip(tops, [*tops[1:], len(sections)], strict=True):
        if not sections[at].stop and counted:
            sections[at].minutes = max(1, round(sum(taken[at:end]) * stated / counted))
