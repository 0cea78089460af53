"""Names of schools and agencies: proper names before or after what such places are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from fieldguide.pause.reading import Reading
from fieldguide.pause.wordlists import (
    AGENCY_CUES,
    AGENCY_HEADS,
    DOUBTFUL_NAMES,
    FAITHS,
    FIRST_NAMES,
    GENERIC,
    NOT_NAMES,
    PUBLIC_BODIES,
    SCHOOL_HEADS,
    STATES,
    WEAK_HEADS,
)

Span = tuple[int, int]

_CONNECTING = frozenset("of for and the & at in de la on".split())
_BACK_OVER = frozenset("of and & for de la".split())
#: P.S. 118, and the like in New York and elsewhere.
_NUMBERED_SCHOOL = re.compile(
    r"(?<![\w.])(?:P\.? ?S\.?(?:/[IM]\.? ?S\.?)?|[IMJ]\.? ?S\.?|J\.? ?H\.? ?S\.?|H\.S\.) ?#?\d{1,3}(?![\w.]\w)"
    r"|\b(?:Public|Middle|Elementary|Intermediate|Junior High|High|Primary) School (?:No\.? ?|#)?\d{1,3}\b"
)
_ATTENDING = re.compile(
    r"\b(?:attends?|attended|attending|enroll?s?(?:ed|ing)? (?:at|in)|transfer(?:s|red|ring)? (?:to|from|out of|into)|expelled from|suspended from|dropped out of|graduat(?:es?|ed|ing) from"
    r"|kicked out of|(?:freshman|sophomore|junior|senior|student|pupil|grader|year|undergrad|undergraduate|athlete|cheerleader|kindergartner|kindergartener|football|dorms?|classes|teacher|teaches|principal|counselor|class|grade|bullied|fight|kids|teachers) at"
    r"|goes to (?:school|college|class|preschool|daycare) at|in school at|(?:his|her|their) (?:school|college|university),|(?:school|college) (?:is|called|named)|(?:got|get|gets|getting) into|accepted (?:to|at|into)|commutes to|(?:plays|played|runs|ran|swims|wrestles) for|scholarship (?:to|at|from)|recruited by|starts at|started at|zoned for)"
    r" (?:the )?$",
    re.IGNORECASE,
)
_GOING = re.compile(r"\b(?:goes|went|going|go|gone|walks|bused|sent|switched|back|over|return(?:ed|s|ing)?|moved) (?:back )?to (?:the )?$|\b(?:at|from|to|outside|near) (?:the )?$", re.IGNORECASE)
#: The student's own: "I am a student at…", "my program at…".
_OWN = re.compile(
    r"\b(?:I|I'm|I’m|I am|we|we're|we’re|I've|my|our|MSW|BSW|MSSW|DSW|PhD|master'?s|master’s|social work (?:student|program|school|department)|alum(?:na|nus|ni)?)\b[^.!?\n]{0,45}$"
)
_THEIRS = re.compile(
    r"\b(?:client|she|he|her|his|their|patient|brother|sister|son|daughter|mother|mom|father|dad|teen|kid|child|they|girl|boy|cousin|nephew|niece|friend|roommate|boyfriend|girlfriend|resident|youth|husband|wife|partner|who)\b",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"\b(?:according to|study|studies|researchers?|research|survey|published|publishes|report(?:ed)?|article|guide|guidelines?|by the|press|website|authors?|scholars?|professors?|data|findings|written by|from the)\b[^.!?\n]{0,40}$",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"\b(?:placements?|internships?|intern(?:ing|ed)?|practicum|agency|fieldwork|field (?:site|work|placement)|placed|rehab|inpatient|detox|outpatient|sober living"
    r"|group home|halfway house|residential|nonprofit|volunteer(?:ed|ing|s)?|shelter|residence|clinic|charity|admitted|committed|discharged|released|evicted|kicked out"
    r"|referred|transferred|referral|residents?|staying|stays|stayed|staff|counselors?|caseworkers?|case manager|supervisor|detention|therapist|program|treatment|site|bed|beds|interviewed|colleague|team|works|worked|ran away)"
    r" (?:at|with|to|from|by|in|over at|here at|for|through|of|out of) (?:a place called |a (?:\w+ ){0,3}called |the )?[\"“]?$"
    r"|\b(?:my|our|her|his|the|their|an?) (?:field |old |new |first |current |local )?(?:agency|placement|internship|shelter|clinic|program|practicum|site|group home|rehab|hospital|charity|nonprofit|hospice|nursing home"
    r"|food bank|food pantry|halfway house|drop-in|mission|organization|pantry|field site),? (?:is |was |will be |at |with |called |named |,)*(?:the )?[\"“]?$",
    re.IGNORECASE,
)
#: An office that every county has, with the name of the county.
_COUNTY_OFFICE = re.compile(
    r"\b(?P<place>[A-Z][\w'’-]{1,20}(?: [A-Z][\w'’-]{1,20})?) (?:County|Parish|City|Township) (?:CPS|APS|DSS|DCFS|DHS|DCF|CYS|DJFS|OCS|ACS|Jail|Sheriff|Probation|Courthouse|(?:Family|Juvenile|Drug|Probate) Court"
    r"|(?:Public )?(?:Children|Child|Human|Adult|Social|Family|Youth|Health|Mental Health|Probation|Welfare)[\w'’ &]{0,40}?(?:Services|Department|Center|Bureau|Agency|Office|Authority))(?!\w)"
)
#: Heads that are sure in pairs: "Stonebridge Group Home".
_PAIRS = frozenset(
    "group home, nursing home, care home, halfway house, food bank, soup kitchen, sober living, assisted living, senior living, family health, "
    "community health, mental health, behavioral health, family support, health network, medical group, recovery house, foster care, "
    "community house, settlement house, youth program, respite care, child care, boys home, girls home, transitional housing, head start, youth project, police department, fire department, health department, probation department, sheriff's office, sheriff's department".split(", ")
)


def schools(reading: Reading, known: Set[str]) -> Iterator[Span]:
    """Names of schools; of universities, colleges and schools of social work only as somebody else's."""
    for found in _NUMBERED_SCHOOL.finditer(reading.text):
        if found[0].lower() not in known:
            yield found.start(), found.end()
    for place, word in enumerate(reading.words):
        if word.plain in SCHOOL_HEADS and word.capital and not word.possessive:
            run = _school(reading, place)
        elif word.plain in ("university", "universities", "college", "institute", "conservatory") and word.capital:
            run = _university(reading, place)
        elif word.plain in ("state", "tech", "prep") and word.capital and not word.possessive:
            run = _back(reading, place) if _theirs(reading, place) else None
        elif not word.capital and word.plain in ("high", "elementary", "middle") and place:
            run = _small(reading, place)
        else:
            run = _attended(reading, place)
        if run is not None:
            start, end = _span(reading, *run)
            if not _known(reading, run, known):
                yield start, end


def agencies(reading: Reading, known: Set[str]) -> Iterator[Span]:
    """Names of agencies and programs. Bodies that everybody cites and offices that every county has are left alone."""
    for found in _COUNTY_OFFICE.finditer(reading.text):
        if not all(word in known for word in found["place"].lower().split()):
            yield found.start(), found.end()
    for place, word in enumerate(reading.words):
        run = None
        if word.capital and word.plain in AGENCY_HEADS | WEAK_HEADS | {"department", "office"}:
            run = _agency(reading, place)
        if run is None and word.capital:
            run = _placed(reading, place)
        if run is not None and not _known(reading, run, known):
            yield _span(reading, *run)


# -- schools ----------------------------------------------------------------------------------------


def _school(reading: Reading, place: int) -> tuple[int, int] | None:
    words = reading.words
    last = place
    while last + 1 < len(words) and words[last + 1].gap == " " and words[last + 1].capital and words[last + 1].plain in SCHOOL_HEADS | {"district", "campus"}:
        last += 1
    if last + 1 < len(words) and words[last + 1].plain == "of" and words[last + 1].gap == " ":
        return None  # "School of Social Work"
    run = _back(reading, place)
    if run is None:
        return None
    lone = words[place].plain in ("high", "school", "academy", "prep", "day", "country", "charter", "central") and last == place
    text = reading.text[words[run[0]].start : words[last].end].lower()
    if "social work" in text or text.removeprefix("the ") in PUBLIC_BODIES:
        return None
    if lone and words[place].plain in ("high", "day", "central", "charter", "country") and not _near_school(reading, run[0]):
        # "Lincoln High" after somebody who goes there, or standing for itself inside a sentence
        if words[place].plain != "high" or words[run[0]].first:
            return None
    return run[0], last


def _near_school(reading: Reading, place: int) -> bool:
    before = reading.text[max(0, reading.words[place].start - 40) : reading.words[place].start]
    return bool(_ATTENDING.search(before) or _GOING.search(before))


def _university(reading: Reading, place: int) -> tuple[int, int] | None:
    words = reading.words
    last = place
    if reading.plain(place + 1) == "of" and place + 2 < len(words) and words[place + 2].capital:
        last = place + 2
        while last + 1 < len(words) and words[last + 1].gap in (" ", "-", ", ", "–") and words[last + 1].capital and words[last].gap != ", " and words[last + 1].plain not in NOT_NAMES - STATES:
            last += 1
        first = place
    else:
        run = _back(reading, place)
        if run is None:
            return None
        first = run[0]
    return (first, last) if _theirs(reading, first) else None


def _theirs(reading: Reading, place: int) -> bool:
    """Whether it is a client's school that is spoken of, and not the student's own or a source."""
    first = place
    while first and place - first < 6 and reading.words[first - 1].capital and reading.words[first].gap == " ":
        first -= 1
    start = reading.words[first].start
    before = reading.text[max(0, start - 90) : start]
    sentence = re.split(r"[.!?\n]", before)[-1]
    if _SOURCE.search(sentence):
        return False
    attending = _ATTENDING.search(sentence)
    going = _GOING.search(sentence)
    own = _OWN.search(sentence)
    theirs = _THEIRS.search(sentence)
    if own and not theirs:
        return False
    return bool(attending or (going and theirs))


def _small(reading: Reading, place: int) -> tuple[int, int] | None:
    """ "she goes to lincoln high": in small letters, after words that say so."""
    word = reading.words[place]
    before = reading.words[place - 1]
    if word.gap != " " or before.plain in GENERIC | NOT_NAMES or before.plain in ("junior", "senior", "local", "public"):
        return None
    start = before.start
    text = reading.text[max(0, start - 30) : start]
    if re.search(r"\b(?:goes to|went to|attends|student at|freshman at|sophomore at|junior at|senior at|transferred to|grade at) $", text, re.IGNORECASE):
        return place - 1, place
    return None


def _attended(reading: Reading, place: int) -> tuple[int, int] | None:
    """A school by what is done there: "a sophomore at Westview"."""
    words = reading.words
    word = words[place]
    if not word.capital or word.first or word.possessive or word.plain in NOT_NAMES - STATES - {"saint"} or (word.acronym and word.plain in _MEETINGS):
        return None
    if not place or words[place - 1].capital and word.gap == " " and words[place - 1].plain not in ("the",):
        return None
    before = reading.text[max(0, word.start - 90) : word.start]
    sentence = re.split(r"[.!?\n]", before)[-1]
    if not _ATTENDING.search(sentence) or (_OWN.search(sentence) and not _THEIRS.search(sentence)):
        return None
    last = place
    while last + 1 < len(words) and words[last + 1].gap in (" ", ". ", "-") and words[last + 1].capital and last - place < 4:
        if words[last + 1].gap == ". " and words[last].plain not in ("st", "mt"):
            break
        if words[last + 1].plain in ("church", "meetings", "sessions", "services", "baptist", "temple"):
            return None
        last += 1
    following = reading.plain(last + 1)
    if following in ("meetings", "sessions", "groups", "services", "appointments", "church", "therapy", "group", "mass", "conference", "webinar", "training"):
        return None
    heads = {words[at].plain for at in range(place, last + 1)}
    if heads & (AGENCY_HEADS | WEAK_HEADS - {"hall", "trust", "general", "place", "village", "court"}):
        return None
    return place, last


_MEETINGS = frozenset("aa na al-anon iop php dbt cbt cps nasw iep pta zoom er".split())


# -- agencies ---------------------------------------------------------------------------------------


def _agency(reading: Reading, place: int) -> tuple[int, int] | None:
    words = reading.words
    word = words[place]
    last = place
    while last + 1 < len(words) and words[last + 1].gap in (" ", "-") and words[last + 1].capital and words[last + 1].plain in AGENCY_HEADS | WEAK_HEADS | GENERIC and not words[last].possessive and last - place < 5:
        last += 1
    if words[last].possessive and words[last].plain in ("children", "women", "men"):
        return None
    first = _start(reading, place)
    proper = [at for at in range(first, place) if _proper(reading, at)]
    sure = False
    # "Boys & Girls Club of Ashford", "Children's Hospital of Philadelphia"
    following = last + 1
    if following + 1 < len(words) and words[following].plain in ("of", "for", "at", "in") and words[following].gap == " ":
        name = following + 1
        if words[name].plain == "the" and name + 1 < len(words):
            name += 1
        if words[name].capital and words[name].plain not in GENERIC and (words[name].plain not in NOT_NAMES or words[name].plain in STATES):
            if words[following].plain == "of" and (word.plain in AGENCY_HEADS or proper or place - first > 1 or _cued(reading, first, last)):
                last = name
                while last + 1 < len(words) and words[last + 1].gap == " " and words[last + 1].capital and last - name < 2 and words[last + 1].plain not in NOT_NAMES:
                    last += 1
                proper.append(name)
                sure = place - first > 1
    if not proper:
        return None
    name_text = " ".join(words[at].plain for at in range(first, last + 1))
    if any(name_text.startswith(body) or name_text.endswith(body) for body in PUBLIC_BODIES):
        return None
    if words[first].plain in _PUBLIC_FIRST and not ({words[at].plain for at in range(first, last + 1)} & {"hospital", "infirmary"} and words[first].plain == "royal"):
        return None
    while first < place and words[first].plain in ("at", "in", "on", "i", "for", "by", "to", "a", "and", "my", "our") :
        first += 1
    heads = {words[at].plain for at in range(place, last + 1)}
    pair = f"{reading.plain(last - 1)} {reading.plain(last)}" in _PAIRS
    if word.plain in ("department", "office") and not pair:
        return None
    if not (heads & AGENCY_HEADS or pair or sure or _cued(reading, first, last)):
        return None
    before = reading.text[max(0, words[first].start - 60) : words[first].start]
    sentence = re.split(r"[.!?\n]", before)[-1]
    if _SOURCE.search(sentence) and not re.search(r"\b(?:client|intern|placement|placed|staff|worker|admitted|discharged|she|he|her|his)\b", sentence, re.IGNORECASE):
        return None
    return first, last


_PUBLIC_FIRST = frozenset("national american federal u.s us international world global canadian british royal uk european supreme united university".split())


def _cued(reading: Reading, first: int, last: int) -> bool:
    """Whether the words around a name such as "Hope House" say that it is a place of help."""
    nearby = {reading.plain(at) for at in range(max(0, first - 7), first)} | {reading.plain(at) for at in range(last + 1, last + 6)}
    return bool(nearby & AGENCY_CUES)


def _placed(reading: Reading, place: int) -> tuple[int, int] | None:
    """An agency by what is done there: "my placement at Bridgeway"."""
    words = reading.words
    word = words[place]
    if word.first or word.possessive or not place or any(character.isdigit() for character in word.text):
        return None
    if word.plain in NOT_NAMES - GENERIC - {"new", "first", "second"} or word.plain in STATES:
        return None
    if word.acronym and len(word.text) > 5:
        return None
    before = reading.text[max(0, word.start - 80) : word.start]
    sentence = re.split(r"[.!?\n]", before)[-1]
    if not _PLACED.search(sentence):
        return None
    last = place
    while last + 1 < len(words) and words[last + 1].gap in (" ", ". ", "-", " & ") and words[last + 1].capital and last - place < 5:
        if words[last + 1].gap == ". " and words[last].plain not in ("st", "mt"):
            break
        last += 1
    if word.plain in FIRST_NAMES | DOUBTFUL_NAMES and not any(words[at].plain in GENERIC for at in range(place + 1, last + 1)):
        return None
    if not any(_proper(reading, at) for at in range(place, last + 1)) or (word.plain in ("new", "first", "old") and last == place):
        return None
    if " ".join(words[at].plain for at in range(place, last + 1)) in PUBLIC_BODIES:
        return None
    following = reading.plain(last + 1)
    if following in ("county", "and") and words[last].plain in ("mr", "mrs", "ms", "dr"):
        return None
    if words[place].plain in ("mr", "mrs", "ms", "dr", "professor", "miss", "mx"):
        return None
    return place, last


# -- what both need ---------------------------------------------------------------------------------


def _start(reading: Reading, place: int) -> int:
    """Where the capital letters before a word begin."""
    words = reading.words
    first = place
    while first and place - first < 7:
        gap = words[first].gap
        before = words[first - 1]
        if gap not in (" ", "-", " & ") and not (gap in (". ", ".") and before.plain in ("st", "mt", "ft", "dr")) and gap not in ("' ", "’ "):
            break
        if before.capital and not (before.first and before.plain in NOT_NAMES - STATES - FAITHS and before.plain not in GENERIC):
            if before.plain in NOT_NAMES - STATES - FAITHS - GENERIC - {"new", "first", "second", "head", "old", "safe"}:
                break
            first -= 1
        elif before.plain in _BACK_OVER and first >= 2 and words[first - 2].capital and before.gap == " " and words[first - 2].plain not in NOT_NAMES - GENERIC:
            first -= 2
        else:
            break
    return first


def _back(reading: Reading, place: int) -> tuple[int, int] | None:
    """From the proper name before a word to the word; None where nothing proper stands before it."""
    first = _start(reading, place)
    if any(_proper(reading, at) for at in range(first, place)):
        return first, place
    return None


def _proper(reading: Reading, place: int) -> bool:
    word = reading.words[place]
    if not word.capital or word.plain in GENERIC:
        return False
    if word.plain in FAITHS or word.plain in STATES:
        return True
    return word.plain not in NOT_NAMES or word.plain in ("new", "first", "old")


def _span(reading: Reading, first: int, last: int) -> Span:
    return reading.words[first].start, reading.words[last].bare_end


def _known(reading: Reading, run: tuple[int, int], known: Set[str]) -> bool:
    return all(
        reading.words[at].plain in known or reading.words[at].plain in _CONNECTING
        for at in range(run[0], run[1] + 1)
    )
