"""Names of schools. Those of universities and colleges only where somebody goes there who is not the writer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from fieldguide.pause.detector import Span, by_words
from fieldguide.pause.lists import listed
from fieldguide.pause.propernames import ProperNames, Words
from fieldguide.pause.reading import Reading
from fieldguide.pause.wordlists import AGENCY_HEADS, GENERIC, NOT_NAMES, PUBLIC_BODIES, SCHOOL_HEADS, STATES, WEAK_HEADS

#: P.S. 118, and the like in New York and elsewhere.
_NUMBERED = re.compile(
    r"(?<![\w.])(?:P\.? ?S\.?(?:/[IM]\.? ?S\.?)?|[IMJ]\.? ?S\.?|J\.? ?H\.? ?S\.?|H\.S\.) ?#?\d{1,3}(?![\w.]\w)"
    r"|\b(?:Public|Middle|Elementary|Intermediate|Junior High|High|Primary) School (?:No\.? ?|#)?\d{1,3}\b"
)
_ATTENDING = re.compile(
    r"\b(?:attends?|attended|attending|enroll?s?(?:ed|ing)? (?:at|in)|transfer(?:s|red|ring)? (?:to|from|out of|into)"
    r"|expelled from|suspended from|dropped out of|graduat(?:es?|ed|ing) from|kicked out of"
    r"|(?:freshman|sophomore|junior|senior|student|pupil|grader|year|undergrad|undergraduate|athlete|cheerleader"
    r"|kindergartner|kindergartener|football|dorms?|classes|teacher|teaches|principal|counselor|class|grade|bullied"
    r"|fight|kids|teachers) at"
    r"|goes to (?:school|college|class|preschool|daycare) at|in school at|(?:his|her|their) (?:school|college"
    r"|university),|(?:school|college) (?:is|called|named)|(?:got|get|gets|getting) into|accepted (?:to|at"
    r"|into)|commutes to"
    r"|(?:plays|played|runs|ran|swims|wrestles) for|scholarship (?:to|at|from)|recruited by|starts at|started at"
    r"|zoned for) (?:the )?$",
    re.IGNORECASE,
)
_GOING = re.compile(
    r"\b(?:goes|went|going|go|gone|walks|bused|sent|switched|back|over|return(?:ed|s|ing)?|moved)"
    r" (?:back )?to (?:the )?$"
    r"|\b(?:at|from|to|outside|near) (?:the )?$",
    re.IGNORECASE,
)
_GOING_SMALL = re.compile(
    r"\b(?:goes to|went to|attends|(?:student|freshman|sophomore|junior|senior|grade) at|transferred to) $",
    re.IGNORECASE,
)
#: The student's own: "I am a student at…", "my program at…".
_OWN = re.compile(
    r"\b(?:I|I'm|I’m|I am|we|we're|we’re|I've|my|our|MSW|BSW|MSSW|DSW|PhD|master'?s|master’s"
    r"|social work (?:student|program|school|department)|alum(?:na|nus|ni)?)\b[^.!?\n]{0,45}$"
)
_THEIRS = re.compile(
    r"\b(?:client|she|he|her|his|their|patient|brother|sister|son|daughter|mother|mom|father|dad|teen|kid"
    r"|child|they|girl"
    r"|boy|cousin|nephew|niece|friend|roommate|boyfriend|girlfriend|resident|youth|husband|wife|partner|who)\b",
    re.IGNORECASE,
)
_UNIVERSITIES = listed("university universities college institute conservatory")
#: "Ohio State", "Cass Tech"
_SHORT_HEADS = listed("state tech prep")
#: What is attended and is no school.
_MEETINGS = listed("aa na al-anon iop php dbt cbt cps nasw iep pta zoom er")
_NO_SCHOOL_AFTER = listed("""
    meetings sessions groups services appointments church therapy group mass conference webinar training baptist temple
""")
_NO_SCHOOL = AGENCY_HEADS | (WEAK_HEADS - listed("hall trust general place village court"))
_NOT_ATTENDED = NOT_NAMES - STATES - {"saint"}
_NOT_BEFORE_SMALL = GENERIC | NOT_NAMES | listed("junior senior local public")
_AFTER_HEAD = SCHOOL_HEADS | listed("district campus")


def _schools(reading: Reading, known: Set[str]) -> Iterator[Span]:
    """Where names of schools stand. Those whose words are all in ``known`` (in small letters) are left alone."""
    for found in _NUMBERED.finditer(reading.text):
        yield found.span()
    finder = _Schools(reading)
    yield from finder.proper.unknown(finder.found(), known)


class _Schools:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._words = reading.words
        self.proper = ProperNames(reading)

    def found(self) -> Iterator[Words]:
        for place, word in enumerate(self._words):
            if not word.capital:
                run = self._small(place) if word.plain in ("high", "elementary", "middle") else None
            elif word.plain in SCHOOL_HEADS and not word.possessive:
                run = self._school(place)
            elif word.plain in _UNIVERSITIES:
                run = self._university(place)
            elif word.plain in _SHORT_HEADS and not word.possessive:
                run = self.proper.before(place)
                run = run if run and self._theirs(run[0]) else None
            else:
                run = self._attended(place)
            if run is not None:
                yield run

    def _school(self, place: int) -> Words | None:
        """ "St. Mary's Elementary", "Lincoln High School"."""
        words = self._words
        last = place
        while last + 1 < len(words) and words[last + 1].gap == " " and words[last + 1].capital:
            if words[last + 1].plain not in _AFTER_HEAD:
                break
            last += 1
        if self._reading.plain(last + 1) == "of" and words[last + 1].gap == " ":
            return None  # "School of Social Work"
        run = self.proper.before(place)
        if run is None:
            return None
        name = self.proper.plain((run[0], last))
        if "social work" in name or name.removeprefix("the ") in PUBLIC_BODIES:
            return None
        # "Lincoln High" inside a sentence, or where somebody goes there; "charter" there alone
        loose = words[place].plain == "charter" or (words[place].plain == "high" and words[run[0]].first)
        if last == place and loose and not self._goes_there(run[0]):
            return None
        return run[0], last

    def _university(self, place: int) -> Words | None:
        """ "Tulane University", "University of Michigan": somebody else's."""
        words = self._words
        if self._reading.plain(place + 1) == "of" and place + 2 < len(words) and words[place + 2].capital:
            last = place + 2
            while last + 1 < len(words) and words[last + 1].capital and words[last + 1].gap in (" ", "-", ", ", "–"):
                if words[last].gap == ", " or words[last + 1].plain in _NOT_ATTENDED:
                    break
                last += 1
            run: Words | None = (place, last)
        else:
            run = self.proper.before(place)
        return run if run and self._theirs(run[0]) else None

    def _attended(self, place: int) -> Words | None:
        """A school by what is done there: "a sophomore at Westview"."""
        words = self._words
        word = words[place]
        if word.first or word.possessive or not place or word.plain in _NOT_ATTENDED:
            return None
        if word.acronym and word.plain in _MEETINGS:
            return None
        before = words[place - 1]
        if before.capital and word.gap == " " and before.plain != "the":
            return None
        sentence = self.proper.sentence_before(place)
        if not _ATTENDING.search(sentence) or (_OWN.search(sentence) and not _THEIRS.search(sentence)):
            return None
        last = self.proper.last(place, (" ", ". ", "-"), 4)
        plain = {self._reading.plain(at) for at in range(place, last + 1)}
        if plain & _NO_SCHOOL or plain & _NO_SCHOOL_AFTER or self._reading.plain(last + 1) in _NO_SCHOOL_AFTER:
            return None
        return place, last

    def _small(self, place: int) -> Words | None:
        """ "she goes to lincoln high": in small letters, after words that say so."""
        if not place or self._words[place].gap != " " or self._reading.plain(place - 1) in _NOT_BEFORE_SMALL:
            return None
        return (place - 1, place) if _GOING_SMALL.search(self.proper.sentence_before(place - 1)) else None

    def _goes_there(self, place: int) -> bool:
        sentence = self.proper.sentence_before(place)
        return bool(_ATTENDING.search(sentence) or _GOING.search(sentence))

    def _theirs(self, place: int) -> bool:
        """Whether it is a client's school that is spoken of, and not the student's own or a source."""
        first = place
        while first and place - first < 6 and self._words[first - 1].capital and self._words[first].gap == " ":
            first -= 1
        if self.proper.is_source(first):
            return False
        sentence = self.proper.sentence_before(first)
        theirs = bool(_THEIRS.search(sentence))
        if _OWN.search(sentence) and not theirs:
            return False
        return bool(_ATTENDING.search(sentence)) or (theirs and bool(_GOING.search(sentence)))


SCHOOLS = by_words("school", _schools)
