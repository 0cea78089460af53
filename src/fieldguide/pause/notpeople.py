"""Reasons against a name: institutions, sources, public people, classmates, and the writer's own name."""

from __future__ import annotations

import re

from fieldguide.pause.nameclues import (
    ACADEMIC,
    CLASS_SAID,
    CLASS_TALK,
    INSTITUTIONS,
    PART_OF_A_TITLE,
    SIGN_OFFS,
)
from fieldguide.pause.reading import Reading
from fieldguide.pause.runs import Run
from fieldguide.pause.wordlists import AUTHORS, DEEDS, PUBLIC_PEOPLE

_AGREEING = re.compile(
    r"\b(?:agree(?:d|s|ing)? with|thanks?(?: you)?(?: so much)?,?|(?:great|good|excellent|nice) (?:point|post|question"
    r"|thoughts|response|job|work),?|reply to|replying to|building on|shout-?out to|echo(?:ing)?|partner(?:ed)? with"
    r"|respon[ds]e? to|piggyback(?:ing)? (?:on|off)|group with"
    r"|your (?:post|point|comment|response|thread|question|answer|reply),) $",
    re.IGNORECASE,
)
_CITED_AFTER = re.compile(
    r"^(?: (?:and|&) [A-Z][\w’'-]{1,30}|,? et al\.?|, [A-Z]\.(?: ?[A-Z]\.)?)?,? \(?(?:19|20)\d\d[a-z]?\b"
    r"|^ et al\b|^(?:['’]s)? \((?:19|20)\d\d|^, [A-Z]\.(?: ?[A-Z]\.){0,3},? (?:&|\()"
)
#: "the book … by"
_WORK_BY = re.compile(
    r"\b(?:books?|articles?|novel|memoir|poem|song|film|study|chapter|essay|talk|blog|podcast|lecture|paper|theory"
    r"|reading|text|model|documentary|play|written|edited|coined|developed)\b[^.!?\n]{0,40} by $",
    re.IGNORECASE,
)


class NotPeople:
    """Decides from the words around a name whether it is left alone."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._words = reading.words

    def institution(self, run: Run) -> bool:
        """Whether the name continues as that of a place, an institution or a law."""
        following = run.last + 1
        plain = self._reading.plain(following)
        capital = following < len(self._words) and self._words[following].capital
        if self._words[run.last].possessive:
            return capital and plain in ("law", "place", "house")
        if capital and self._words[following].gap == " " and plain in INSTITUTIONS:
            return True
        return plain == "county" or any(part in INSTITUTIONS for part in run.plain[1:])

    def public(self, run: Run) -> bool:
        """Whether it is the name of a source or of another person whom everybody knows."""
        following = run.last + 1
        if self._reading.plain(following) in AUTHORS:
            word = self._words[following]
            if word.capital and word.gap in (" ", ". "):
                return True
        if " ".join(run.plain[:2]) in PUBLIC_PEOPLE or " ".join(run.plain[-2:]) in PUBLIC_PEOPLE:
            return True
        return len(run.plain) > 1 and run.plain[-1] in AUTHORS

    def cited(self, run: Run) -> bool:
        """Whether the person is cited: with a year, "et al." or as the author of a work."""
        text = self._reading.text
        return (
            self._reading.plain(run.last + 1) in ACADEMIC
            or text[max(0, run.start - 2) : run.start] == "& "
            or bool(_CITED_AFTER.match(text[run.end : run.end + 60]))
            or bool(_WORK_BY.search(text[max(0, run.start - 60) : run.start]))
        )

    def classmate(self, run: Run) -> bool:
        """Whether it is a classmate in class talk: "I agree with Jordan", "Maya's post made me think"."""
        following = self._reading.plain(run.last + 1)
        if self._words[run.last].possessive and following in CLASS_TALK:
            return True
        if self._reading.plain(run.first - 1) == "as" and self._words[run.first].gap == " ":
            return following in CLASS_SAID
        before = self._reading.text[max(0, run.start - 32) : run.start]
        return bool(_AGREEING.search(before)) and following not in DEEDS

    def signed(self, run: Run) -> bool:
        """Whether it is the writer's own name under a message."""
        gap = self._words[run.first].gap
        if ("\n" not in gap and gap != ", ") or self._reading.plain(run.first - 1) not in SIGN_OFFS:
            return False
        return not self._reading.text[run.end : run.end + 40].strip(" .\n!")

    def inside_a_title(self, place: int) -> bool:
        """Whether the word before makes this one part of a title or a place, as in "Code Dana"."""
        word = self._words[place]
        if not place or word.first or word.gap != " ":
            return False
        before = self._words[place - 1]
        return before.capital and not before.first and before.plain in PART_OF_A_TITLE
