"""A text as words, with the characters between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$", re.IGNORECASE)
_END = re.compile(r"[.!?…]|\n\s*\n")
#: Abbreviations whose full stop does not end a sentence.
_SHORT = frozenset(
    ("mr", "mrs", "ms", "dr", "prof", "rev", "st", "sgt", "lt", "capt", "e.g", "i.e", "etc", "vs", "ave", "apt")
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its place, its spelling, and the form under which lists have it."""

    start: int
    end: int
    text: str
    #: In small letters, without a possessive ending.
    plain: str
    possessive: bool
    #: The characters between the word before and this one.
    gap: str
    #: Whether a sentence begins with it.
    first: bool

    @property
    def bare_end(self) -> int:
        """Where the word ends without its possessive ending."""
        found = _POSSESSIVE.search(self.text)
        return self.start + found.start() if found and self.possessive else self.end

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def acronym(self) -> bool:
        """Whether it is written in capital letters alone."""
        letters = self.text[: self.bare_end - self.start]
        return len(letters) > 1 and letters.isupper()


class Reading:
    """A text as words in order, and the sentences that they make."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: list[Word] = []
        end = 0
        before = ""
        for found in _WORD.finditer(text):
            gap = text[end : found.start()]
            self.words.append(_word(found, gap, before))
            end, before = found.end(), found[0]

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """The first word of each sentence, and the word after its last."""
        starts = [place for place, word in enumerate(self.words) if word.first]
        return list(zip(starts, [*starts[1:], len(self.words)], strict=True))

    def gap_after(self, place: int) -> str:
        """The characters between a word and the next, or the end of the text."""
        if place + 1 < len(self.words):
            return self.words[place + 1].gap
        return self.text[self.words[place].end :] if self.words else self.text

    def plain(self, place: int) -> str:
        """The word at a place, as lists have it; empty where there is none."""
        return self.words[place].plain if 0 <= place < len(self.words) else ""


def _word(found: re.Match[str], gap: str, before: str) -> Word:
    text = found[0]
    ending = _POSSESSIVE.search(text)
    after_s = not ending and text[-1:].lower() == "s" and found.string[found.end() : found.end() + 1] in ("'", "’")
    short = before.lower() in _SHORT or (len(before) == 1 and before.isupper() and "\n" not in gap)
    return Word(
        start=found.start(),
        end=found.end(),
        text=text,
        plain=(text[: ending.start()] if ending else text).lower().replace("’", "'"),
        possessive=bool(ending or after_s),
        gap=gap,
        first=not before or (bool(_END.search(gap)) and not (short and gap.strip() == ".")) or "\n\n" in gap,
    )
