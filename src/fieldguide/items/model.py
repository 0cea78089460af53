"""The model of an item: one class for each interaction type, named as in QTI."""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldguide.items.passing import BY_ID, Passing

USES = ("practice", "graded", "check")
BASES = ("guide", "code", "techstandard", "law", "judgement")
CHOOSE = ("one", "several")
EXPECT = ("number", "text")

#: The fields a student's edition holds of an item that is not for practice. Everything else is the
#: author's or the instructor's. A list of what may pass, not of what must not: a new field is private
#: until somebody decides otherwise.
PUBLIC_FIELDS: Passing = {
    **dict.fromkeys(("id", "type", "use", "points", "stem", "choose", "passage", "expect", "unit", "words")),
    **dict.fromkeys(("options", "prompts"), BY_ID),
    "rubric": {"*": {"criterion": None, "points": None}},
}
#: What it holds of a practice item, which explains itself.
PRACTICE_FIELDS: Passing = {
    **PUBLIC_FIELDS,
    **dict.fromkeys(("hint", "covers", "basis", "standards", "tolerance", "exemplar", "look_for")),
    **dict.fromkeys(("key", "rationale", "misconceptions"), BY_ID),
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of an essay's rubric.

    ``levels`` describes what each number of points looks like, from 0 to ``points``; it is empty where
    the private part of the item is absent.
    """

    text: str
    points: int
    levels: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What every interaction type has.

    ``points`` is ``None`` for items that never count (practice and check). ``complete`` tells whether
    the private part (key, rationale, exemplar, levels) is there: a student's edition of a graded item
    lacks it, and such an item can be shown but not scored. ``withdrawn`` says why an item no longer counts:
    everybody gets its points. ``turns_on`` is a note for authors: what somebody who has read the module knows here that
    others do not. ``again`` is the id of an earlier practice item that asks for the same skill in another setting.
    """

    id: str
    use: str
    stem: str
    points: float | None = None
    hint: str | None = None
    covers: tuple[str, ...] = ()
    basis: str | None = None
    standards: tuple[str, ...] = ()
    complete: bool = True
    withdrawn: str | None = None
    turns_on: str | None = None
    again: str | None = None

    @property
    def maximum(self) -> float:
        """Points that a perfect response earns; 1 where the item carries none."""
        return 1.0 if self.points is None else self.points


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection(Item):
    """What choice and hottext share: options to select from. Mappings go from option id to text."""

    options: dict[str, str]
    key: tuple[str, ...] = ()
    rationale: dict[str, str] = field(default_factory=dict)
    misconceptions: dict[str, str] = field(default_factory=dict)

    @property
    def several(self) -> bool:
        """Whether more than one option may be selected."""
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Selection):
    """Choose one option, or several (QTI choiceInteraction). Where one is chosen, any option of the key is right."""

    choose: str = "one"

    @property
    def several(self) -> bool:
        return self.choose == "several"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hottext(Selection):
    """Select phrases of a passage (QTI hottextInteraction).

    ``passage`` is the text in its pieces: plain ones, and option ids for the phrases that can be selected.
    """

    passage: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match(Item):
    """Give each prompt one of the options (QTI matchInteraction).

    ``key`` goes from prompt to option id, and ``also`` from prompt to the other options that are right for it.
    """

    prompts: dict[str, str]
    options: dict[str, str]
    key: dict[str, str] = field(default_factory=dict)
    also: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rationale: dict[str, str] = field(default_factory=dict)

    def right(self, prompt: str) -> tuple[str, ...]:
        """The options that are right for a prompt, the key first."""
        return (self.key[prompt], *self.also.get(prompt, ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Item):
    """Put options in order (QTI orderInteraction). ``options`` in the order they are shown at first."""

    options: dict[str, str]
    key: tuple[str, ...] = ()
    rationale: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Item):
    """Enter a number or a short exact text (QTI textEntryInteraction).

    ``key`` holds the accepted forms of a text, or the accepted numbers; ``tolerance`` is how far a number may be
    off, in the unit of the number. ``rationale`` has two texts: for ``right`` and for ``other`` responses.
    """

    expect: str
    unit: str | None = None
    key: tuple[str, ...] = ()
    tolerance: str = "0"
    rationale: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """A whole answer, strong in one criterion and weak in another: points and a reason for each of them."""

    text: str
    scores: dict[str, int]
    reasons: dict[str, str]

    @property
    def points(self) -> int:
        return sum(self.scores.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Essay(Item):
    """Write a text (QTI extendedTextInteraction): one that a person scores by a rubric, or a task for practice.

    Scorers hold others against ``anchors``, a whole answer at each level, or against ``profiles``, answers that are
    good in one way and not in another, by name. ``exemplar`` is a model answer: the one of them with most points.
    A task has no points and no rubric: its writer compares it with the exemplar, and ``look_for`` says by what.
    """

    rubric: dict[str, Criterion] = field(default_factory=dict)
    words: int | None = None
    exemplar: str | None = None
    anchors: dict[int, str] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)
    look_for: tuple[str, ...] = ()

    @property
    def task(self) -> bool:
        """Whether nobody scores it: it is for practice."""
        return self.use == "practice"


#: The interaction types by the name that ``type:`` gives them.
TYPES: dict[str, type[Item]] = {
    "choice": Choice,
    "match": Match,
    "order": Order,
    "hottext": Hottext,
    "entry": Entry,
    "essay": Essay,
}
