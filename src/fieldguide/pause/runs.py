"""What a name is made of: words with capital letters that belong together."""

from __future__ import annotations

from dataclasses import dataclass

from fieldguide.pause.nameclues import LISTED_NAMES, NO_INITIALS, PARTICLES, SURE_NAMES
from fieldguide.pause.reading import Reading
from fieldguide.pause.wordlists import AUTHORS, DOUBTFUL_NAMES, NOT_NAMES, PEOPLE

_LONGEST = 4
_NO_PART = PEOPLE | AUTHORS


@dataclass(frozen=True, slots=True)
class Run:
    """Words that make one name, from the first to the last, and where they stand in the text."""

    first: int
    last: int
    start: int
    end: int
    plain: tuple[str, ...]

    @property
    def listed(self) -> bool:
        """Whether it begins with a first name of the lists."""
        return self.plain[0] in LISTED_NAMES


class Runs:
    """Finds the runs of words in a text that can make a name."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._words = reading.words

    def namelike(self, place: int, *, doubtful: bool = False) -> bool:
        """Whether a word is written as a name is. ``doubtful`` also takes names that are everyday words."""
        if not 0 <= place < len(self._words):
            return False
        word = self._words[place]
        if not word.capital or any(character.isdigit() for character in word.text):
            return False
        if word.plain in NOT_NAMES and not (doubtful and word.plain in DOUBTFUL_NAMES and not word.first):
            return False
        if word.acronym and word.plain not in SURE_NAMES:
            return len(word.text) <= 2
        return not (len(word.text) == 1 and word.text in "IAX")

    def at(self, place: int, *, small: bool = False, doubtful: bool = False) -> Run | None:
        """The name that begins at a place; with ``small``, also one word without a capital letter."""
        if place >= len(self._words):
            return None
        first = self._words[place]
        if first.plain in PEOPLE and first.plain not in LISTED_NAMES:
            return None
        if small and not first.capital:
            fits = first.plain.isalpha() and first.plain not in NOT_NAMES | PEOPLE and len(first.plain) > 1
            return self.make(place, place) if fits else None
        # "my client April", but not "saw my client April 3"
        doubtful = doubtful or (first.plain in DOUBTFUL_NAMES and not self._reading.plain(place + 1)[:1].isdigit())
        if not self.namelike(place, doubtful=doubtful):
            return None
        last = place
        while last - place < _LONGEST - 1 and not self._words[last].possessive:
            following = self._next(last)
            if following is None:
                break
            last = following
        return self.make(place, last)

    def before(self, place: int) -> Run:
        """The name that ends at a place."""
        first = place
        while place - first < 2 and self._words[first].gap == " " and self.namelike(first - 1):
            if self._words[first - 1].possessive:
                break
            first -= 1
        return self.make(first, place)

    def make(self, first: int, last: int) -> Run:
        """The name from one word to another. The full stop of an initial belongs to it."""
        word = self._words[last]
        end = word.bare_end
        if len(word.text) == 1 and self._reading.text[end : end + 1] == ".":
            end += 1
        plain = tuple(one.plain for one in self._words[first : last + 1])
        return Run(first, last, self._words[first].start, end, plain)

    def is_abbreviation(self, run: Run) -> bool:
        """Whether it is a word of capital letters that stand for something else, such as "ID"."""
        word = self._words[run.first]
        return run.first == run.last and word.acronym and word.text[: word.bare_end - word.start] in NO_INITIALS

    def _next(self, last: int) -> int | None:
        """The word with which a name goes on after another of its words."""
        following = last + 1
        if following >= len(self._words):
            return None
        word = self._words[following]
        initial = len(self._words[last].text) == 1
        if word.gap not in (" ", "-") and not (initial and word.gap in (". ", ".") and not word.first):
            return None
        if word.plain in PARTICLES and not word.capital:
            beyond = following + 1
            return beyond if self.namelike(beyond) and self._words[beyond].gap == " " else None
        if not self.namelike(following) or word.plain in _NO_PART or (word.acronym and len(word.text) > 1):
            return None
        return following
