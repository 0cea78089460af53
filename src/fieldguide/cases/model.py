"""The model of a case: scenes that lead on to one another, endings, and the decision at last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Option:
    """A choice in a scene; ``to`` is the id of the scene or ending that it leads to."""

    text: str
    to: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What happens, and what the student is asked then. Options by their id, in the order they are shown."""

    id: str
    text: str | None
    question: str
    options: dict[str, Option]


@dataclass(frozen=True, slots=True)
class Ending:
    """Where a path comes to: what happens, what this path did well and what it cost, and what to do now."""

    id: str
    title: str
    text: str
    feedback: str
    now: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the student commits to, all in all, before they compare.

    ``essay`` is the id of the graded item that holds the reason; where there is none, the reason is a short text of the
    case itself. ``commentary`` is ``None`` only where the private part of a graded case is absent.
    """

    question: str
    options: dict[str, str]
    essay: str | None = None
    commentary: str | None = None
    positions: dict[str, str] = field(default_factory=dict)
    prompts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A case. Of ``scenes`` the first is where it starts; every path through them comes to an ending."""

    id: str
    title: str
    vignette: str
    scenes: dict[str, Scene]
    endings: dict[str, Ending]
    decision: Decision
    covers: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    note: str | None = None

    @property
    def start(self) -> Scene:
        """The scene that comes first."""
        return next(iter(self.scenes.values()))

    @property
    def graded(self) -> bool:
        """Whether the reason is a graded essay, so that commentary and positions are not the student's yet."""
        return self.decision.essay is not None

    @property
    def complete(self) -> bool:
        """Whether the private part is there: a student's edition of a graded case lacks it."""
        return self.decision.commentary is not None

    def by_itself(self) -> Case:
        """The case where its graded essay is not: it asks for the reason itself, and has nothing to compare with."""
        return replace(self, decision=replace(self.decision, essay=None))

    def texts(self) -> Iterator[str]:
        """Every text of the case that a student reads before deciding: whoever is named in them is known."""
        yield from (self.title, self.vignette)
        for scene in self.scenes.values():
            yield from (scene.text or "", scene.question, *(option.text for option in scene.options.values()))
        for ending in self.endings.values():
            yield from (ending.title, ending.text, ending.feedback, ending.now)
        yield from (self.decision.question, *self.decision.options.values())
