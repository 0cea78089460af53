"""What a detector is, and how one is made of patterns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from typing import NamedTuple

from fieldguide.pause.reading import Reading

#: Where something stands in a text: from its first character to before its last.
Span = tuple[int, int]
#: Whether something is so of a match and the text around it; what is returned counts as true or false.
Condition = Callable[[re.Match[str]], object]


class Candidate(NamedTuple):
    """A place that a detector names. An empty ``kind`` is for what is left alone: nothing is found inside it."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Detector:
    """Finds one kind of place in a text, or several kinds that only the words around them tell apart.

    ``find`` takes the text and the words of names that may be written, in small letters.
    """

    kinds: tuple[str, ...]
    find: Callable[[Reading, Set[str]], Iterator[Candidate]]
    #: Whether its kinds are known by their form; others are known by the words around them.
    formal: bool = False
    #: Whether what it finds may overlap other finds.
    overlaps: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a kind: a pattern, a cue that must be there, and an exception that must not.

    The find is the pattern's named group, or the whole match where it has none.
    """

    pattern: re.Pattern[str]
    cue: Condition | None = None
    exception: Condition | None = None

    def spans(self, text: str) -> Iterator[Span]:
        """Where it stands in a text."""
        for match in self.pattern.finditer(text):
            if (self.cue is None or self.cue(match)) and not (self.exception and self.exception(match)):
                yield match.span(match.lastgroup or 0)


def found(match: re.Match[str]) -> str:
    """The words that a form finds."""
    return match[match.lastgroup or 0]


def by_form(kind: str, *forms: Form) -> Detector:
    """A detector of a kind that has these forms; where two overlap, the first of them stands."""

    def find(reading: Reading, known: Set[str]) -> Iterator[Candidate]:
        for form in forms:
            for start, end in form.spans(reading.text):
                yield Candidate(kind, start, end)

    return Detector((kind,), find, formal=True)


def by_words(kind: str, spans: Callable[[Reading, Set[str]], Iterator[Span]], *, overlaps: bool = False) -> Detector:
    """A detector of a kind that is known by the words around it; ``spans`` says where it stands."""

    def find(reading: Reading, known: Set[str]) -> Iterator[Candidate]:
        for start, end in spans(reading, known):
            yield Candidate(kind, start, end)

    return Detector((kind,), find, overlaps=overlaps)
