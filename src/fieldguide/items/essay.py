"""Write a text (QTI extendedTextInteraction)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

from fieldguide.items.competencies import read_competencies
from fieldguide.items.fields import FieldReader
from fieldguide.items.item import MOST_POINTS, Item, Response, Row
from fieldguide.items.passing import BY_ID, Passing
from fieldguide.items.words import say

if TYPE_CHECKING:
    from random import Random

_WORDS_A_MINUTE = 15
#: What an essay has that a person scores, and a task for practice has not.
_SCORED = ("rubric", "levels", "profiles", "anchors")
_OF_CRITERION: Passing = dict.fromkeys(("criterion", "points", "competencies"))


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of an essay's rubric.

    ``levels`` describes what each number of points looks like, from 0 to ``points``; it is empty where
    the private part of the item is absent. ``competencies`` are those of EPAS that it shows.
    """

    text: str
    points: int
    levels: dict[int, str] = field(default_factory=dict)
    competencies: tuple[str, ...] = ()


_OF_PROFILE: Passing = dict.fromkeys(("text", "scores", "reasons"))


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

    Scorers hold others against ``profiles``, whole answers that are good in one way and not in another, by name.
    ``exemplar`` is a model answer: the one of them with most points.
    A task has no points and no rubric: its writer compares it with the exemplar, and ``look_for`` says by what.
    """

    TYPE: ClassVar[str] = "essay"
    PUBLIC: ClassVar[Passing] = {"words": None, "rubric": {"*": _OF_CRITERION}}
    EXPLAINED: ClassVar[Passing] = {"exemplar": None, "look_for": None}
    WITHHELD: ClassVar[Passing] = {"levels": None, "profiles": {"*": _OF_PROFILE}, "anchors": None}
    TEXTS: ClassVar[Passing] = {
        **dict.fromkeys(("exemplar", "look_for")),
        "rubric": {"*": {"criterion": None}},
        "levels": {"*": BY_ID},
        "profiles": {"*": {"text": None, "reasons": BY_ID}},
    }
    BY_PERSON: ClassVar[bool] = True

    rubric: dict[str, Criterion] = field(default_factory=dict)
    words: int | None = None
    exemplar: str | None = None
    profiles: dict[str, Profile] = field(default_factory=dict)
    look_for: tuple[str, ...] = ()

    @property
    def task(self) -> bool:
        """Whether nobody scores it: it is for practice."""
        return self.use == "practice"

    @classmethod
    def read(cls, reader: FieldReader, common: dict[str, Any]) -> Self:
        words = reader.whole("words", least=1, most=5000)
        own = _read_task(reader) if common["use"] == "practice" else _read_scored(reader, common)
        return cls(**common | {"words": words} | own)

    def parse(self, raw: object) -> tuple[Response | None, str | None]:
        if not isinstance(raw, str):
            raise ValueError(say("no_text"))
        return (raw if raw.strip() else None), None

    def fraction(self, response: Response) -> None:
        """A person says."""

    def rows(self, response: Response | None) -> list[Row]:
        """None: it is one text, and a person reads it by the rubric."""
        return []

    def guess(self, chance: Random) -> object:
        """Nothing: it is written."""

    def shown(self) -> dict[str, Any]:
        rubric = [{"id": name, "criterion": line.text, "points": line.points} for name, line in self.rubric.items()]
        return {"rubric": rubric, "words": self.words}

    def parts(self) -> Iterator[str]:
        yield from (criterion.text for criterion in self.rubric.values())
        if self.task:
            yield from (self.exemplar or "", *self.look_for)

    def thinking(self) -> float:
        return (1.0 if self.task else 5.0) + (self.words or 0) / _WORDS_A_MINUTE


def _read_task(reader: FieldReader) -> dict[str, Any]:
    for name in (*_SCORED, "hint"):
        if reader.has(name):
            what = f"it is written for practice and has '{name}'."
            reader.wrong(name, what, "Nobody scores it, and it is never wrong: leave it out.")
    exemplar, look_for = reader.text("exemplar", required=True), reader.texts("look_for")
    if not look_for and not reader.has("look_for"):
        expected = "Expected what to look for in both texts: 'look_for: [one, two]', or a list of lines below it."
        reader.wrong("look_for", "'look_for' is missing.", expected)
    return {"exemplar": exemplar, "look_for": look_for}


def _read_scored(reader: FieldReader, common: dict[str, Any]) -> dict[str, Any]:
    complete = common["complete"]
    if reader.has("look_for"):
        what = "it is scored and has 'look_for'."
        reader.wrong("look_for", what, "Only what is written for practice has it: leave it out.")
    anchored = _best_anchor(reader)
    exemplar = reader.text("exemplar", required=complete and not reader.has("profiles") and anchored is None)
    rubric: dict[str, Criterion] = {}
    group = reader.group("rubric", required=True)
    levels = reader.group("levels", required=complete)
    for name, criterion in group.groups() if group else ():
        reader.check_id(name, group.line(name) if group else reader.line("rubric"))
        criterion.refuse_unknown(tuple(_OF_CRITERION))
        text = criterion.text("criterion", required=True)
        points = criterion.whole("points", least=1, most=MOST_POINTS, required=True)
        if text is None or points is None:
            continue
        described = _read_levels(levels, name, points) if levels else {}
        rubric[name] = Criterion(text, points, described, read_competencies(criterion))
    for name in levels.fields.values if levels else ():
        if levels and group and name not in group.fields.values:
            levels.wrong(name, f"'levels' names '{name}'.", f"Expected a criterion: {', '.join(rubric)}.")
    total = sum(criterion.points for criterion in rubric.values())
    points = common["points"]
    if points is not None and rubric and points != total:
        reader.wrong(
            "points", f"'points' is {points:g}; the rubric adds up to {total}.", "Leave points out, or mend one."
        )
    profiles = _read_profiles(reader, rubric)
    return {
        "points": float(total),
        "rubric": rubric,
        "exemplar": exemplar or _best(profiles) or anchored,
        "profiles": profiles,
    }


def _read_profiles(reader: FieldReader, rubric: dict[str, Criterion]) -> dict[str, Profile]:
    if not reader.has("profiles"):
        return {}
    if reader.has("exemplar"):
        what = "there are 'profiles' and 'exemplar'."
        reader.wrong("exemplar", what, "Keep the profiles: the best is the exemplar.")
    group = reader.group("profiles", required=True)
    return read_profiles(group, rubric) if group else {}


def read_profiles(group: FieldReader, rubric: dict[str, Criterion]) -> dict[str, Profile]:
    """Answers by name, each with points and a reason for every criterion of a rubric."""
    profiles = {}
    for name, profile in group.groups():
        group.check_id(name, group.line(name))
        profile.refuse_unknown(tuple(_OF_PROFILE))
        text, scores = profile.text("text", required=True), {}
        given = profile.group("scores", required=True)
        for criterion, told in rubric.items():
            points = given.whole(criterion, least=0, most=told.points, required=True) if given else None
            scores[criterion] = points or 0
        reasons = profile.mapping("reasons", required=True)
        criteria = {criterion: told.text for criterion, told in rubric.items()}
        for criterion in given.fields.values if given else ():
            profile.known("scores", criterion, criteria, "criterion")
        profile.one_each("reasons", reasons, criteria, "criterion")
        profiles[name] = Profile(text or "", scores, reasons)
    return profiles


def _best(profiles: dict[str, Profile]) -> str | None:
    return max(profiles.values(), key=lambda profile: profile.points).text if profiles else None


def _best_anchor(reader: FieldReader) -> str | None:
    """The answer at the highest level, in an edition from before there were profiles: classes go on with those."""
    if not reader.has("anchors"):
        return None
    anchors = reader.mapping("anchors", required=True)
    return anchors[max(anchors)] if anchors else None


def _read_levels(levels: FieldReader, name: str, points: int) -> dict[int, str]:
    described: dict[int, str] = {}
    inner = levels.group(name, required=True)
    if inner is None:
        return described
    for level in range(points + 1):
        text = inner.text(str(level), required=True)
        if text is not None:
            described[level] = text
    inner.refuse_unknown(tuple(str(level) for level in range(points + 1)))
    return described
