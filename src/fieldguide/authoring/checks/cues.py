"""What gives a key away without the question: cues on the surface of the options, each alone and all together.

An item that can be answered from its options alone measures test-taking skill. So every cue here is a rule that a
reader could follow without the stem, and a small model learns to combine them from the other modules.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fieldguide.authoring.checks.course_text import CourseText, Question
from fieldguide.authoring.checks.cue_model import picked_without_a_stem
from fieldguide.authoring.checks.findings import Finding, error
from fieldguide.authoring.checks.keys import one_best
from fieldguide.authoring.checks.surface import Surface, surface_of

#: A cue that picks the key more often than the first gives it away; one below the second rules an option out.
TOO_OFTEN, TOO_SELDOM = 0.50, 0.18
#: Below this many items the figures are noise.
ENOUGH = 40
#: A key to which the model gives this probability has been given away.
GIVEN_AWAY = 0.60

#: How a cue ranks the options of an item: the highest is picked.
Rank = Callable[[Surface], Sequence[float]]
_COUNTED = (
    *("reasons", "hedges", "absolutes", "negations", "persons", "clauses"),
    *("ahead", "back", "talk", "from_stem", "like_others"),
)


def _most(name: str) -> Rank:
    return lambda item: [float(getattr(option, name)) for option in item.options]


def _least(name: str) -> Rank:
    return lambda item: [-float(getattr(option, name)) for option in item.options]


def _at(place: int) -> Rank:
    return lambda item: [float(option.place == place % len(item.options)) for option in item.options]


def _inside(item: Surface) -> Sequence[float]:
    return [float(0 < option.place < len(item.options) - 1) for option in item.options]


def _in_between(item: Surface) -> Sequence[float]:
    lengths = [option.letters for option in item.options]
    return [float(min(lengths) < length < max(lengths)) for length in lengths]


#: Each cue, named after the option that it picks.
CUES: dict[str, Rank] = {
    "stands first": _at(0),
    "stands in the middle": _inside,
    "stands last": _at(-1),
    "is the longest": _most("letters"),
    "is the shortest": _least("letters"),
    "is neither longest nor shortest": _in_between,
    "gives most reasons (since, as, so)": _most("reasons"),
    "gives fewest reasons": _least("reasons"),
    "has most hedges (may, if, some)": _most("hedges"),
    "has fewest hedges": _least("hedges"),
    "has most absolutes (all, never, only)": _most("absolutes"),
    "has fewest absolutes": _least("absolutes"),
    "has most negations": _most("negations"),
    "has fewest negations": _least("negations"),
    "opens by going ahead (post, accept, search)": _most("ahead"),
    "does not open by going ahead": _least("ahead"),
    "opens by holding back (leave, wait, stop)": _most("back"),
    "does not open by holding back": _least("back"),
    "opens by talking (ask, tell, bring)": _most("talk"),
    "does not open by talking": _least("talk"),
    "talks most to a person": _most("persons"),
    "talks least to a person": _least("persons"),
    "shares most words with the stem": _most("from_stem"),
    "shares fewest words with the stem": _least("from_stem"),
    "is most like the others": _most("like_others"),
    "is least like the others": _least("like_others"),
    "has most clauses": _most("clauses"),
    "has fewest clauses": _least("clauses"),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """The measurements, as shares of items from 0 to 1.

    ``model`` holds for each item the probability that the model, fitted on the other modules, gives to its key, and
    whether the key is its first choice.
    """

    items: tuple[Surface, ...]
    model: tuple[tuple[float, bool], ...]

    def of(self, use: str | None = None, module: str | None = None) -> list[int]:
        """The indexes of the items of a use, or of a module."""
        return [
            place for place, item in enumerate(self.items) if use in (None, item.use) and module in (None, item.module)
        ]

    def chance(self, places: list[int]) -> float:
        """How often a random guess is right."""
        return _mean([1 / len(self.items[place].options) for place in places])

    def cue(self, name: str, places: list[int]) -> float:
        """How often a cue picks the key; where it does not decide between options, it guesses among them."""
        return _mean([hit(CUES[name](self.items[place]), self.items[place].key) for place in places])

    def by_model(self, places: list[int]) -> float:
        """How often the model's first choice is the key."""
        return _mean([float(self.model[place][1]) for place in places])

    def given_away(self, places: list[int]) -> list[Question]:
        """The items whose key the model finds without the stem, the most obvious first."""
        found = [place for place in places if self.model[place][1] and self.model[place][0] >= GIVEN_AWAY]
        return [self.items[place].question for place in sorted(found, key=lambda place: -self.model[place][0])]


def hit(ranks: Sequence[float], key: int) -> float:
    """1 where the key alone ranks highest, a fraction of 1 where it shares that rank, else 0."""
    best = [place for place, rank in enumerate(ranks) if rank == max(ranks)]
    return 1 / len(best) if key in best else 0.0


def figures_of(course: CourseText) -> Figures:
    """Measure the one-best items that every student meets."""
    items = tuple(
        surface_of(question, module.number)
        for module in course.modules
        for question in one_best(module)
        if not question.optional
    )
    return Figures(items, tuple(picked_without_a_stem([(_features(item), item.key, item.module) for item in items])))


def check(course: CourseText) -> Iterator[Finding]:
    """Find cues that give keys away or rule options out, and name the items that do."""
    figures = figures_of(course)
    everything = figures.of()
    if len(everything) < ENOUGH:
        return
    for name in CUES:
        share = figures.cue(name, everything)
        measured = f"of {len(everything)} one-best items, the option that {name} is the key in {share:.2f}"
        if share >= TOO_OFTEN:
            yield error("modules", 1, f"{measured}.", f"Expected below {TOO_OFTEN:.2f}: see docs/items.md.")
        elif share < TOO_SELDOM:
            expected = f"Expected {TOO_SELDOM:.2f} or more, or it can be struck out: see docs/items.md."
            yield error("modules", 1, f"{measured} alone.", expected)
    share = figures.by_model(everything)
    if share >= TOO_OFTEN:
        what = f"without a stem, a small model picks the key in {share:.2f} of {len(everything)} one-best items."
        yield error("modules", 1, what, f"Expected below {TOO_OFTEN:.2f}: see docs/items.md.")
        for module in course.modules:
            given = figures.given_away(figures.of(module=module.number))
            if given:
                what = f"these options give their key away: {', '.join(question.item.id for question in given)}."
                expected = "Expected options of one kind, one tone and one length."
                yield error(module.file, module.head_line("title"), what, expected)


def _features(item: Surface) -> list[list[float]]:
    """The features of an item for the model: a row for each option."""
    lengths = [option.letters for option in item.options]
    return [
        [
            *(float(option.place == place) for place in range(3)),
            float(option.letters == max(lengths)),
            float(option.letters == min(lengths)),
            float(min(lengths) < option.letters < max(lengths)),
            option.letters / (sum(lengths) / len(lengths)),
            *(float(getattr(option, name)) for name in _COUNTED),
        ]
        for option in item.options
    ]


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else 0.0
