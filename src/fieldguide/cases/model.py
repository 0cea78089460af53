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

    @property
    def ways(self) -> dict[str, str]:
        """Where one can go on to from here: from what is chosen to the id of a scene or ending."""
        return {name: option.to for name, option in self.options.items()}

    def chosen(self, way: str) -> str:
        """What was chosen, in words."""
        return self.options[way].text

    def told(self) -> Iterator[str]:
        """What is told here, in sentences."""
        yield from (self.text or "", self.question)

    def texts(self) -> Iterator[str]:
        """Every text that a student reads here."""
        yield from (*self.told(), *(option.text for option in self.options.values()))


@dataclass(frozen=True, slots=True)
class Ending:
    """Where a path comes to: what happens, what this path did well and what it cost, and what to do now."""

    id: str
    title: str
    text: str
    feedback: str
    now: str

    @property
    def ways(self) -> dict[str, str]:
        """None: here a path ends."""
        return {}

    def told(self) -> Iterator[str]:
        """What is told here, in sentences."""
        yield from (self.text, self.feedback, self.now)

    def texts(self) -> Iterator[str]:
        """Every text that a student reads here."""
        yield from (self.title, *self.told())


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
    """A case. Of ``scenes`` the first is where it starts; every path through them comes to an ending.

    ``competencies`` are those of EPAS that it practices.
    """

    id: str
    title: str
    vignette: str
    scenes: dict[str, Scene]
    endings: dict[str, Ending]
    decision: Decision
    covers: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    note: str | None = None
    competencies: tuple[str, ...] = ()

    @property
    def start(self) -> Scene:
        """The scene that comes first."""
        return next(iter(self.scenes.values()))

    def place(self, name: str) -> Scene | Ending:
        """The scene or ending of an id."""
        return self.scenes.get(name) or self.endings[name]

    @property
    def places(self) -> tuple[Scene | Ending, ...]:
        """Every scene and every ending."""
        return (*self.scenes.values(), *self.endings.values())

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
        for place in self.places:
            yield from place.texts()
        yield from (self.decision.question, *self.decision.options.values())
