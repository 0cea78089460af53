"""Which figures about a class's decisions may be shown to the class: pure functions from counts to figures.

The rule, in full, is in ``docs/digest.md``. In short: every number on a page counts at least five people, or nobody;
and nobody who knows the page, the size of the class and this rule can work out a number from one to four.

This holds because a page shows people in *parts* that do not overlap and make up the whole: only sums of parts can be
worked out. Which options make up a part depends on how many chose each, and never on the order in which they are
listed; and the options of one part were not all chosen equally often, so any of them may be the small one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

#: The fewest people that a number may count, and the fewest for whom there is a page.
LEAST = 5
#: With fewer people, the page shows only how many they are and what most of them chose.
LEAST_FOR_ALL = 10
#: The entry of a path that goes no further: a step back, or to the beginning.
STOPPED = ""


@dataclass(frozen=True, slots=True)
class Part:
    """People counted together: they chose one option, or one of several that are not shown separately.

    ``parts`` are the same people divided further, where that is allowed.
    """

    options: tuple[str, ...]
    count: int
    parts: tuple[Part, ...] = ()


def apart(counts: Mapping[str, int]) -> tuple[Part, ...]:
    """The parts in which people may be shown by what they chose, in the order of ``counts``.

    Options that one to four people chose are merged. If the merged options have fewer than five people, are only one
    option, or were all chosen equally often, the next larger options are merged with them. Their part comes last.
    """
    together = [option for option, count in counts.items() if 0 < count < LEAST]
    if together and not _hide_each_other([counts[option] for option in together]):
        larger = [count for count in counts.values() if count >= LEAST]
        together += [option for option, count in counts.items() if larger and count == min(larger)]
    shown = [Part((option,), count) for option, count in counts.items() if option not in together]
    if together:
        inside = tuple(option for option in counts if option in together)
        shown.append(Part(inside, sum(counts[option] for option in inside)))
    return tuple(shown)


def _hide_each_other(counts: Sequence[int]) -> bool:
    return sum(counts) >= LEAST and len(set(counts)) > 1


def apart_in_order(counts: Mapping[str, int]) -> tuple[Part, ...]:
    """The parts for options that have an order, such as how sure people are: only neighbors are merged.

    The finest division that is allowed: each alone, the first and the others, the last and the others, or all in one.
    """
    names = tuple(counts)
    for parts in ([(name,) for name in names], [names[:1], names[1:]], [names[:-1], names[-1:]]):
        shown = tuple(Part(part, sum(counts[name] for name in part)) for part in parts)
        if all(part.count == 0 or part.count >= LEAST for part in shown):
            return shown
    return (Part(names, sum(counts.values())),)


def leaning(counts: Mapping[str, int]) -> tuple[str, ...] | None:
    """Of options that are all in one part: the one that more than half chose, or none; None where nothing may be said.

    Nothing is said of two options and a small even number of people, as the absence of a majority would reveal an even
    split.
    """
    total = sum(counts.values())
    if len(counts) == 2 and total % 2 == 0 and total < LEAST_FOR_ALL:
        return None
    return tuple(option for option, count in counts.items() if 2 * count > total)


def branching(
    paths: Sequence[Sequence[str]], offered: Callable[[Sequence[str]], Iterable[str]], so_far: tuple[str, ...] = ()
) -> tuple[Part, ...]:
    """The paths of people who all came ``so_far``, divided choice by choice as far as is allowed.

    ``offered`` returns the options after some choices, none at an ending. ``STOPPED`` counts the people who went no
    further.
    """
    options = list(offered(so_far))
    if not options:
        return ()
    chosen = Counter(path[len(so_far)] if len(path) > len(so_far) else STOPPED for path in paths)
    if chosen[STOPPED]:
        options.append(STOPPED)
    parts = []
    for part in apart({option: chosen[option] for option in options}):
        if len(part.options) == 1 and part.count and part.options[0] != STOPPED:
            further = (*so_far, *part.options)
            those = [path for path in paths if tuple(path[: len(further)]) == further]
            part = Part(part.options, part.count, branching(those, offered, further))
        parts.append(part)
    tells = any(part.count and len(part.options) == 1 for part in parts)
    return tuple(parts) if tells else ()
