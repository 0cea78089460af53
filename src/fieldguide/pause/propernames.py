"""Proper names of several words, such as those of schools and agencies: where they begin, and whether they name one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from fieldguide.pause.detector import Span
from fieldguide.pause.lists import listed
from fieldguide.pause.reading import Reading
from fieldguide.pause.wordlists import FAITHS, GENERIC, NOT_NAMES, STATES

#: From the first to the last word of a name.
Words = tuple[int, int]

_LONGEST = 7
_CONNECTING = listed("of for and the & at in de la on")
_BACK_OVER = listed("of and & for de la")
_SAINTS = listed("st mt ft dr")
_BEGINNERS = listed("new first second head old safe")
#: Words with a capital letter that end a name where it is read backwards; those that may begin a sentence before it.
_NO_PART = NOT_NAMES - STATES - FAITHS - GENERIC - _BEGINNERS
_NOT_FIRST = NOT_NAMES - STATES - FAITHS - GENERIC
_NOT_OVER = NOT_NAMES - GENERIC
_NOT_PROPER = NOT_NAMES - FAITHS - STATES - listed("new first old")

#: What speaks for a source rather than a place that somebody goes to.
_SOURCE = re.compile(
    r"\b(?:according to|study|studies(?! at)|researchers?|research|survey|published|publishes|report(?:ed)?"
    r"|article|guide"
    r"|guidelines?|by the|press|website|authors?|scholars?|professors?|data|findings|written by|from the)\b"
    r"[^.!?\n]{0,40}$",
    re.IGNORECASE,
)


class ProperNames:
    """Reads the proper names of a text."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._words = reading.words

    def start(self, place: int) -> int:
        """Where the capital letters before a word begin."""
        first = place
        while first and place - first < _LONGEST:
            word, before = self._words[first], self._words[first - 1]
            saint = word.gap in (". ", ".") and before.plain in _SAINTS
            if not saint and word.gap not in (" ", "-", " & ", "' ", "’ "):
                break
            if before.capital:
                if before.plain in (_NOT_FIRST if before.first else _NO_PART):
                    break
                first -= 1
            elif before.plain in _BACK_OVER and before.gap == " " and self._goes_on_before(first - 1):
                first -= 2
            else:
                break
        return first

    def before(self, place: int) -> Words | None:
        """From the proper name before a word to the word; None where nothing proper stands before it."""
        first = self.start(place)
        return (first, place) if any(self.proper(at) for at in range(first, place)) else None

    def last(self, place: int, gaps: tuple[str, ...], most: int) -> int:
        """Where the capital letters behind a word end."""
        last = place
        while last + 1 < len(self._words) and last - place < most:
            following = self._words[last + 1]
            if not following.capital or following.gap not in gaps:
                break
            if following.gap == ". " and self._words[last].plain not in _SAINTS:
                break
            last += 1
        return last

    def proper(self, place: int) -> bool:
        """Whether a word is a name's own, and not one that such names have in common."""
        word = self._words[place]
        return word.capital and word.plain not in GENERIC and word.plain not in _NOT_PROPER

    def plain(self, run: Words) -> str:
        """The words of a name, as lists have them."""
        return " ".join(self._reading.plain(at) for at in range(run[0], run[1] + 1))

    def span(self, run: Words) -> Span:
        """Where a name stands in the text."""
        return self._words[run[0]].start, self._words[run[1]].bare_end

    def sentence_before(self, place: int, most: int = 90) -> str:
        """What the sentence has before a word, at most so many characters of it."""
        start = self._words[place].start
        return re.split(r"[.!?\n]", self._reading.text[max(0, start - most) : start])[-1]

    def is_source(self, place: int) -> bool:
        """Whether what begins with a word is cited."""
        return bool(_SOURCE.search(self.sentence_before(place)))

    def unknown(self, runs: Iterator[Words], known: Set[str]) -> Iterator[Span]:
        """The places of those names that have a word which is not among those of the case."""
        for run in runs:
            plain = [self._reading.plain(at) for at in range(run[0], run[1] + 1)]
            if not all(word in known or word in _CONNECTING for word in plain):
                yield self.span(run)

    def _goes_on_before(self, place: int) -> bool:
        """Whether a name goes on before "of" or "and": "Boys & Girls", "Hospital of Saint Mary"."""
        return place > 0 and self._words[place - 1].capital and self._words[place - 1].plain not in _NOT_OVER
