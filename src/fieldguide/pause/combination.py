"""Rare combinations: an age, a town and an event in one sentence, or in two that stand next to one another."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Set

from fieldguide.pause.detector import Span, by_words
from fieldguide.pause.lists import listed, one_of
from fieldguide.pause.reading import Reading
from fieldguide.pause.wordlists import DOUBTFUL_NAMES, FIRST_NAMES, NOT_NAMES, PEOPLE, STATES

_I = re.IGNORECASE

_NUMBER = one_of(r"""
    \d\d?, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve,
    (?:thir|four|fif|six|seven|eigh|nine)teen,
    (?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-(?:one|two|three|four|five|six|seven|eight|nine))?
""")
_PERSON = one_of(", ".join(sorted(PEOPLE)))
_COUNTED = one_of("""
    months, weeks, days, hours, miles, minutes, times, percent, dollars, of, others, people
""")
_AGES = (
    # "16-year-old", "nine months old", "34 y.o.", "aged 16", "34f"
    re.compile(rf"\b(?:\d{{3}}|{_NUMBER})[- ](?:years?|yrs?|months?|weeks?)[- ]olds?\b", _I),
    re.compile(
        rf"\b\d{{1,3}} ?(?:yo|y/o|y\.o\.)(?!\w)|\bage[ds]? (?:of )?(?:\d{{3}}|{_NUMBER})\b|\b\d\d[mf]\b"
        r"|\(\d\d\)",
        _I,
    ),
    # "she is 16", "just turned fifty", "he's 24"
    re.compile(
        rf"\b(?:turn(?:s|ed|ing)?|(?:who|he|she|and|they|{_PERSON}) (?:is|was|are|turned|just turned)"
        r"|(?:she|he|who|they|client|it)['’]s|i'm) (?:only |just |about |now |barely |almost |nearly )?"
        rf"{_NUMBER}(?=[ ,.;:)!?—–-]|$)(?! {_COUNTED})",
        _I,
    ),
    # "my client, 28, from", "a man of 52", "in her sixties"
    re.compile(rf"\b(?:[A-Z]\w{{1,20}}|{_PERSON})(?:(?:,| \() ?(?:age )?\d{{1,2}}(?=[,)])| of {_NUMBER}(?!\w))", _I),
    re.compile(
        r"\bin (?:his|her|their) (?:early |mid-?|late )?"
        r"(?:teens|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties|[2-9]0s)\b",
        _I,
    ),
)
#: Events that a newspaper would tell of, or that people in a town remember.
_EVENTS = one_of(r"""
    fires?, burn(?:ed|t|ing)?(?: down| to the ground)?, house ?fire, explo(?:ded|sion), flood(?:ed|s|ing)?,
    tornado(?:es)?, hurricane, earthquake, landslide, mudslide, avalanche, collapse[ds]?, wildfire,
    shoot(?:ing|out|er)?, shot, gunned, stabb(?:ed|ing), murder(?:ed|s)?, homicide, killed, killing,
    manslaughter, drown(?:ed|ing)?, crash(?:ed|es)?, wreck, accident, derail(?:ed|ment), hit-and-run, hit by,
    run over, struck by, overdos(?:e|ed|es|ing), suicide, kidnap(?:ped|ping)?, abduct(?:ed|ion), went missing,
    missing since, disappear(?:ed|ance), amber alert, arrest(?:ed|s)?, convicted, sentenced, indicted,
    raid(?:ed|s)?, charged with, lawsuit, sued, trial, verdict, robb(?:ed|ery), burglar(?:y|ized),
    carjack(?:ed|ing), assault(?:ed)?, attack(?:ed)?, mauled, raped, beaten, lynch(?:ed|ing), hate crime,
    bomb(?:ing|ed)?, hostage, standoff, stand-off, riot, protest, deport(?:ed|ation), detained by, ice raid,
    expelled, lottery, jackpot, championship, medal, valedictorian, viral, on the news, in the news, the news,
    news story, newspaper, headlines?, in the paper, the paper, local paper, on tv, documentary, reporter,
    quintuplets, quadruplets, triplets, transplant, amputat(?:ed|ion),
    lost (?:her|his|their|both|an?) (?:legs?|arms?|hand|sight|house|home|twin|eye),
    lost (?:her|his|their|both|an?) (?:mother|father|parents|brother|sister|son|daughter|baby), outbreak,
    poison(?:ed|ing), electrocut(?:ed|ion), layoffs, mill clos(?:ed|ing), plant clos(?:ed|ing),
    factory clos(?:ed|ing), plant (?:explosion|closure), bridge, mine collapse, mining accident,
    bus (?:crash|accident), plane crash, fell (?:from|off|into|through), trampled, rescued?,
    found (?:dead|alive|in), died (?:in|when|after|of|from|on|at), death of, jumped (?:from|off), arson,
    meth lab, drug bust, cult, scandal, embezzl(?:ed|ement|ing), ran for, elected, school board, mayor, evicted,
    foreclos(?:ed|ure), bitten by, won, missing, found an?, found the, broke, burst, stung, saved, front page,
    famous, awards?, prize, made history, the only, the first, struck, snake, bear, shark, lightning, sinkhole,
    gas leak, carbon monoxide, boat(?:ing)?, capsized, sank, sinking, collapsed, crushed, frozen,
    froze to death, hit an?, hit the, blew up, swept away, washed away, trapped, pulled from, crowned,
    on strike, jailed, prison, gave birth, pregnant, ran away, passed away, died, death, diagnosed,
    hospitalized, laid off, fired, extradited, exonerated, pardoned, stalked, outed, held up, ambushed,
    acquitted, paralyzed, blinded, survivor of, survived
""")
_EVENT = re.compile(rf"\b{_EVENTS}\b", _I)

_BEFORE_TOWN = listed("from in near outside")
#: "the town of Merrow", "moved to Ashford"
_BEFORE_OF = listed("town city village outside north south east west out suburb part county borough hamlet side")
_BEFORE_TO = listed("moved moving came back relocated bused returned close next went drove")
_MESSAGES = listed("heard message text email call note")
_TOWN_ENDS = listed("""
    county township village heights falls springs city valley creek beach hills island lake park point harbor
    ridge grove rapids bluffs bay town
""")
#: "an Ashford teenager"
_OF_A_TOWN = listed("""
    teen teenager boy girl man woman mother father mom dad family couple resident house home fire flood shooting
    crash high firefighter teacher nurse student native youth neighborhood area apartment police paper newspaper
    news tornado bridge mill plant bus grandmother grandfather veteran widow farm church school trailer
""")
_BEFORE_OF_A_TOWN = listed("a an the in old local former small")
_NO_TOWN = listed("""
    court school church class care jail prison therapy custody session sessions chapter module standard section
    figure table
""")
#: Towns too, though states or presidents have the name.
_TOWNS_TOO = listed("washington york mexico dallas austin houston phoenix madison lincoln jackson georgia")
_NO_PART = NOT_NAMES - STATES - _TOWN_ENDS
_SURE_NAMES = FIRST_NAMES - DOUBTFUL_NAMES
_STATE_AFTER = re.compile(r", (?:[A-Z]{2}\b|[A-Z][a-z]+(?=[,.; ]))")


def _combinations(reading: Reading, known: Set[str]) -> Iterator[Span]:
    """Where an age, a town and an event stand together. A town that the case itself names is left alone."""
    text = reading.text
    towns = list(_towns(reading, known))
    ages = sorted(found.span() for pattern in _AGES for found in pattern.finditer(text)) if towns else []
    if not ages:
        return
    events = [found.span() for found in _EVENT.finditer(text)]
    sentences = [(reading.words[first].start, reading.words[last - 1].end) for first, last in reading.sentences]
    taken = -1
    for index, (start, end) in enumerate(sentences):
        for stop in (end, *(stop for _, stop in sentences[index + 1 : index + 2])):
            if start <= taken:
                break
            together = _closest(*(_within(spans, start, stop + 1) for spans in (ages, towns, events)))
            if together is not None:
                yield together
                taken = stop


def _within(spans: list[Span], start: int, end: int) -> list[Span]:
    """Those of some spans, in order, that lie between two places."""
    found = []
    for place in range(bisect_left(spans, (start, 0)), len(spans)):
        if spans[place][0] >= end:
            break
        if spans[place][1] <= end:
            found.append(spans[place])
    return found


def _closest(ages: list[Span], towns: list[Span], events: list[Span]) -> Span | None:
    """From the first to the last of an age, the town nearest to it and an event, none of them inside another."""
    if not (ages and towns):
        return None
    age = ages[0]
    town = min(towns, key=lambda span: abs(span[0] - age[0]))
    apart = [event for event in events if _apart(event, town) and _apart(event, age)]
    if not apart:
        return None
    event = min(apart, key=lambda span: abs(span[0] - town[0]))
    return min(age[0], town[0], event[0]), max(age[1], town[1], event[1])


def _apart(one: Span, other: Span) -> bool:
    return one[1] <= other[0] or one[0] >= other[1]


def _towns(reading: Reading, known: Set[str]) -> Iterator[Span]:
    """Where names of towns stand, as far as the words around say so."""
    words = reading.words
    for place, word in enumerate(words):
        if not word.capital or word.first or word.gap != " " or word.plain in known:
            continue
        if (word.acronym and word.plain not in ("nyc", "la")) or any(map(str.isdigit, word.text)):
            continue
        last = place
        while last + 1 < len(words) and last - place < 2 and not words[last].possessive:
            following = words[last + 1]
            if following.gap != " " or not following.capital or following.plain in _NO_PART:
                break
            last += 1
        alone = last == place and word.plain not in _TOWNS_TOO
        if (alone and (word.plain in STATES or word.plain in NOT_NAMES)) or words[last].plain in _NO_TOWN:
            continue
        if _is_town(reading, place, last):
            yield word.start, words[last].bare_end


def _is_town(reading: Reading, place: int, last: int) -> bool:
    word, before, two = reading.plain(place), reading.plain(place - 1), reading.plain(place - 2)
    if last > place and reading.plain(last) in _TOWN_ENDS:
        return True
    if before in _BEFORE_TOWN or (before == "of" and two in _BEFORE_OF) or (before == "to" and two in _BEFORE_TO):
        person = last == place and word in _SURE_NAMES and (before != "from" or two in _MESSAGES)
        if not person or before in ("in", "near", "outside"):
            return True
    if before in _BEFORE_TOWN and _STATE_AFTER.match(reading.text, reading.words[last].end):
        return True
    of_a_town = before in _BEFORE_OF_A_TOWN or before.endswith("year-old")
    return of_a_town and reading.plain(last + 1) in _OF_A_TOWN and word not in NOT_NAMES and word not in FIRST_NAMES


COMBINATIONS = by_words("combination", _combinations, overlaps=True)
