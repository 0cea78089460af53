"""Names of agencies and programs: proper names before or after what such places are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from fieldguide.pause.detector import Span, by_words
from fieldguide.pause.lists import listed, phrases
from fieldguide.pause.propernames import ProperNames, Words
from fieldguide.pause.reading import Reading
from fieldguide.pause.wordlists import (
    AGENCY_CUES,
    AGENCY_HEADS,
    DOUBTFUL_NAMES,
    FIRST_NAMES,
    GENERIC,
    NOT_NAMES,
    PUBLIC_BODIES,
    STATES,
    WEAK_HEADS,
)

_PLACED = re.compile(
    r"\b(?:placements?|internships?|intern(?:ing|ed)?|practicum|agency|fieldwork|field (?:site|work|placement)|placed"
    r"|rehab|inpatient|detox|outpatient|sober living|group home|halfway house|residential|nonprofit"
    r"|volunteer(?:ed|ing|s)?"
    r"|shelter|residence|clinic|charity|admitted|committed|discharged|released|evicted|kicked out|referred|transferred"
    r"|referral|residents?|staying|stays|stayed|staff|counselors?|caseworkers?|case manager|supervisor|detention"
    r"|therapist|program|treatment|site|bed|beds|interviewed|colleague|team|works|worked|ran away)"
    r" (?:at|with|to|from|by|in|over at|here at|for|through|of|out of)"
    r" (?:a place called |a (?:\w+ ){0,3}called |the )?[\"“]?$"
    r"|\b(?:my|our|her|his|the|their|an?) (?:field |old |new |first |current |local )?(?:agency|placement|internship"
    r"|shelter|clinic|program|practicum|site|group home|rehab|hospital|charity|nonprofit|hospice|nursing home|food bank"
    r"|food pantry|halfway house|drop-in|mission|organization|pantry|field site),?"
    r" (?:is |was |will be |at |with |called |named |,){0,4}(?:the )?[\"“]?$",
    re.IGNORECASE,
)
#: An office that every county has, with the name of the county.
_COUNTY_OFFICE = re.compile(
    r"\b(?P<place>[A-Z][\w'’-]{1,20}(?: [A-Z][\w'’-]{1,20})?) (?:County|Parish|City|Township)"
    r" (?:CPS|APS|DSS|DCFS|DHS|DCF|CYS|DJFS|OCS|ACS|Jail|Sheriff|Probation|Courthouse|(?:Family|Juvenile"
    r"|Drug|Probate) Court"
    r"|(?:Public )?(?:Children|Child|Human|Adult|Social|Family|Youth|Health|Mental Health|Probation|Welfare)"
    r"[\w'’ &]{0,40}?(?:Services|Department|Center|Bureau|Agency|Office|Authority))(?!\w)"
)
_ABOUT_A_CLIENT = re.compile(
    r"\b(?:client|intern|placement|placed|staff|worker|admitted|discharged|she|he|her|his)\b", re.IGNORECASE
)
#: Heads that are sure in pairs: "Stonebridge Group Home". The last two words of a name.
_PAIRS = phrases("""
    group home, nursing home, care home, halfway house, food bank, soup kitchen, sober living, assisted living,
    senior living, family health, community health, mental health, behavioral health, family support,
    health network, medical group, recovery house, foster care, community house, settlement house,
    youth program, respite care, child care, boys home, girls home, transitional housing, head start,
    youth project, police department, fire department, health department, probation department,
    sheriff's office, sheriff's department
""")
_OFFICES = listed("department office")
_HEADS = AGENCY_HEADS | WEAK_HEADS | _OFFICES
_TAIL = AGENCY_HEADS | WEAK_HEADS | GENERIC
#: What begins so is a body that everybody cites.
_PUBLIC_FIRST = listed("""
    national american federal us international world global canadian british royal uk european supreme united university
""")
_NOT_THE_FIRST = listed("at in on i for by to a and my our")
_NOT_PLACED = (NOT_NAMES - GENERIC - listed("new first second")) | STATES | listed("mr mrs ms dr professor miss mx")
_GIVEN_NAMES = FIRST_NAMES | DOUBTFUL_NAMES


def _agencies(reading: Reading, known: Set[str]) -> Iterator[Span]:
    """Where names of agencies and programs stand. Those whose words are all in ``known`` are left alone, and so are
    bodies that everybody cites and offices that every place has."""
    for found in _COUNTY_OFFICE.finditer(reading.text):
        if not all(word in known for word in found["place"].lower().split()):
            yield found.span()
    finder = _Agencies(reading)
    yield from finder.proper.unknown(finder.found(), known)


class _Agencies:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._words = reading.words
        self.proper = ProperNames(reading)

    def found(self) -> Iterator[Words]:
        for place, word in enumerate(self._words):
            if word.capital:
                run = (self._called(place) if word.plain in _HEADS else None) or self._placed(place)
                if run is not None:
                    yield run

    def _called(self, place: int) -> Words | None:
        """By what it is called: "Harbor Light Shelter", "Boys & Girls Club of Ashford"."""
        first, last = self.proper.start(place), self._tail(place)
        plain = self._reading.plain
        proper = any(self.proper.proper(at) for at in range(first, place))
        several = place - first > 1
        cued = self._cued(first, last)
        named_after = None
        if proper or several or cued or plain(place) in AGENCY_HEADS:
            named_after = self._of(last)
        if named_after is None and not proper:
            return None
        while first < place and plain(first) in _NOT_THE_FIRST:
            first += 1
        pair = f"{plain(last - 1)} {plain(last)}" in _PAIRS
        heads = {plain(at) for at in range(place, last + 1)}
        if plain(place) in _OFFICES and not pair:
            return None
        if not (heads & AGENCY_HEADS or pair or cued or (named_after is not None and several)):
            return None
        run = first, last if named_after is None else named_after
        return None if self._public(run) else run

    def _tail(self, place: int) -> int:
        """How far what it is called goes: "Shelter", "Community Health Center"."""
        words = self._words
        last = place
        while last + 1 < len(words) and last - place < 5 and not words[last].possessive:
            following = words[last + 1]
            if not following.capital or following.gap not in (" ", "-") or following.plain not in _TAIL:
                break
            last += 1
        return last

    def _of(self, last: int) -> int | None:
        """The last word of what follows "of", where that is a name."""
        words = self._words
        name = last + 2
        if self._reading.plain(last + 1) != "of" or words[last + 1].gap != " " or name >= len(words):
            return None
        if words[name].plain == "the" and name + 1 < len(words):
            name += 1
        word = words[name]
        if not word.capital or word.plain in GENERIC or (word.plain in NOT_NAMES and word.plain not in STATES):
            return None
        end = name
        while end + 1 < len(words) and end - name < 2 and words[end + 1].gap == " " and words[end + 1].capital:
            if words[end + 1].plain in NOT_NAMES:
                break
            end += 1
        return end

    def _cued(self, first: int, last: int) -> bool:
        """Whether the words around a name such as "Hope House" say that it is a place of help."""
        around = [*range(max(0, first - 7), first), *range(last + 1, last + 6)]
        return any(self._reading.plain(at) in AGENCY_CUES for at in around)

    def _public(self, run: Words) -> bool:
        """Whether it is a body that everybody cites, or cited here."""
        first = self._reading.plain(run[0])
        name = self.proper.plain(run)
        if any(name.startswith(body) or name.endswith(body) for body in PUBLIC_BODIES):
            return True
        if first in _PUBLIC_FIRST and not (first == "royal" and ("hospital" in name or "infirmary" in name)):
            return True
        return self.proper.is_source(run[0]) and not _ABOUT_A_CLIENT.search(self.proper.sentence_before(run[0]))

    def _placed(self, place: int) -> Words | None:
        """By what is done there: "my placement at Bridgeway"."""
        word = self._words[place]
        if word.first or word.possessive or not place or any(character.isdigit() for character in word.text):
            return None
        if word.plain in _NOT_PLACED or (word.acronym and len(word.text) > 5):
            return None
        if not _PLACED.search(self.proper.sentence_before(place)):
            return None
        last = self.proper.last(place, (" ", ". ", "-", " & "), 5)
        if word.plain in _GIVEN_NAMES and not any(
            self._reading.plain(at) in GENERIC for at in range(place + 1, last + 1)
        ):
            return None
        if not any(self.proper.proper(at) for at in range(place, last + 1)):
            return None
        if word.plain in ("new", "first", "old") and last == place:
            return None
        return None if self.proper.plain((place, last)) in PUBLIC_BODIES else (place, last)


AGENCIES = by_words("agency", _agencies)
