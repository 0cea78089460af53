"""Rare combinations: an age, a town and an event in one sentence, or in two that stand next to one another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from fieldguide.pause.reading import Reading
from fieldguide.pause.wordlists import DOUBTFUL_NAMES, FIRST_NAMES, NOT_NAMES, PEOPLE, STATES

Span = tuple[int, int]

_NUMBER = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    r"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-(?:one|two|three|four|five|six|seven|eight|nine))?)"
)
_PERSON = f"(?:{'|'.join(sorted(PEOPLE, key=len, reverse=True))})"
_AGE = re.compile(
    rf"\b(?:(?:\d{{1,3}}|{_NUMBER})[- ](?:years?|yrs?|months?|weeks?)[- ](?:old|olds)\b|\d{{1,3}} ?(?:yo|y/o|y\.o\.)(?!\w)|age[ds]? (?:of )?(?:\d{{1,3}}|{_NUMBER})\b"
    rf"|(?:turn(?:s|ed|ing)?|(?:who|he|she|and|they|{_PERSON}) (?:is|was|just turned|are|turned)|(?:she|he|who|they|client|it)['’]s|i'm) (?:only |just |about |now |barely |almost |nearly )?(?:\d{{1,2}}|{_NUMBER})(?=[ ,.;:)!?—–-]|$)(?! (?:months|weeks|days|hours|miles|minutes|times|percent|dollars|of|others|people))"
    rf"|(?:[A-Z]\w{{1,20}}|{_PERSON})(?:(?:,| \() ?(?:age )?(?:\d{{1,2}})(?=[,)])| of (?:\d{{2}}|{_NUMBER})(?!\w))"
    rf"|(?:in (?:his|her|their) (?:early |mid-?|late )?(?:teens|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties|[2-9]0s))|\d{{2}}[mf]\b|\(\d{{2}}\))",
    re.IGNORECASE,
)
_TEEN = re.compile(r"\b(?:teen(?:ager)?|toddler|newborn)\b", re.IGNORECASE)
#: Events that a newspaper would tell of, or that people in a town remember.
_EVENT = re.compile(
    r"\b(?:fires?|burn(?:ed|t|ing)?(?: down| to the ground)?|house ?fire|explo(?:ded|sion)|flood(?:ed|s|ing)?|tornado(?:es)?|hurricane|earthquake|landslide|mudslide|avalanche|collapse[ds]?|wildfire"
    r"|shoot(?:ing|out|er)?|shot|gunned|stabb(?:ed|ing)|murder(?:ed|s)?|homicide|killed|killing|manslaughter|drown(?:ed|ing)?|crash(?:ed|es)?|wreck|accident|derail(?:ed|ment)|hit-and-run|hit by|run over|struck by"
    r"|overdos(?:e|ed|es|ing)|suicide|kidnap(?:ped|ping)?|abduct(?:ed|ion)|went missing|missing since|disappear(?:ed|ance)|amber alert|arrest(?:ed|s)?|convicted|sentenced|indicted|raid(?:ed|s)?|charged with|lawsuit|sued|trial|verdict"
    r"|robb(?:ed|ery)|burglar(?:y|ized)|carjack(?:ed|ing)|assault(?:ed)?|attack(?:ed)?|mauled|raped|beaten|lynch(?:ed|ing)|hate crime|bomb(?:ing|ed)?|hostage|standoff|stand-off|riot|protest|deport(?:ed|ation)|detained by|ice raid"
    r"|expelled|lottery|jackpot|championship|medal|valedictorian|viral|on the news|in the news|the news|news story|newspaper|headlines?|in the paper|the paper|local paper|on tv|documentary|reporter"
    r"|quintuplets|quadruplets|triplets|transplant|amputat(?:ed|ion)|lost (?:her|his|their|both|a|an) (?:leg|legs|arm|arms|hand|sight|house|home|twin|eye|mother|father|parents|brother|sister|son|daughter|baby)|outbreak|poison(?:ed|ing)|electrocut(?:ed|ion)"
    r"|layoffs|mill clos(?:ed|ing)|plant clos(?:ed|ing)|factory clos(?:ed|ing)|plant (?:explosion|closure)|bridge|mine collapse|mining accident|bus (?:crash|accident)|plane crash|fell (?:from|off|into|through)|trampled|rescued?|found (?:dead|alive|in)|died (?:in|when|after|of|from|on|at)|death of"
    r"|jumped (?:from|off)|set (?:her|his|their|the) [\w ]{2,20} on fire|arson|meth lab|drug bust|cult|scandal|embezzl(?:ed|ement|ing)|recall|won the|ran for|elected|school board|mayor|evicted|foreclos(?:ed|ure)|bitten by|snake|bear|shark|lightning|sinkhole|gas leak|carbon monoxide|boat(?:ing)?|capsized|sank|sinking|collapsed|crushed|frozen|froze to death|hit an?|hit the|blew up|swept away|washed away|trapped|pulled from|crowned|on strike|jailed|prison|gave birth|pregnant|ran away|passed away|died|death|diagnosed|hospitalized|laid off|fired|extradited|exonerated|pardoned|stalked|outed|held up|ambushed|acquitted|paralyzed|blinded|survivor of|survived)\b",
    re.IGNORECASE,
)
_BEFORE_TOWN = frozenset("from in near outside of at around to leaving left".split())
_TOWN_ENDS = frozenset("county township village heights falls springs city valley creek beach hills island lake park point harbor ridge grove rapids bluffs bay".split())
_TOWN_PEOPLE = frozenset("""
    teen teenager boy girl man woman mother father mom dad family couple resident house home fire flood shooting crash high firefighter
    teacher nurse student native youth neighborhood area apartment police paper newspaper news tornado bridge mill plant bus
    grandmother grandfather veteran widow farm church school trailer
""".split())
_NO_TOWN = frozenset("court school church class care jail prison therapy custody session sessions chapter module standard section figure table".split())
_TOWNS_THAT_ARE_WORDS = frozenset({"washington", "york", "mexico", "dallas", "austin", "houston", "phoenix", "madison", "lincoln", "jackson", "georgia"})


def combinations(reading: Reading, known: Set[str]) -> Iterator[Span]:
    """Where an age, a town and an event stand together. A town that the case itself names is left alone."""
    text = reading.text
    towns = list(_towns(reading, known))
    if not towns:
        return
    ages = [found.span() for found in _AGE.finditer(text)]
    if not ages:
        return
    events = [found.span() for found in _EVENT.finditer(text)]
    spans = [(reading.words[first].start, reading.words[last - 1].end) for first, last in reading.sentences]
    taken = -1
    for index, (start, end) in enumerate(spans):
        for stop in (end, spans[index + 1][1] if index + 1 < len(spans) else end):
            if start <= taken or stop <= taken:
                continue
            inside = [[span for span in one if start <= span[0] and span[1] <= stop + 1] for one in (ages, towns, events)]
            triple = _closest(inside)
            if triple is not None:
                yield min(span[0] for span in triple), max(span[1] for span in triple)
                taken = stop
                break


def _closest(kinds: list[list[Span]]) -> list[Span] | None:
    """The first age with the town and the event next to it, none of them inside another."""
    ages, towns, events = kinds
    if not (ages and towns and events):
        return None
    age = ages[0]
    town = min(towns, key=lambda span: abs(span[0] - age[0]))
    others = [span for span in events if span[1] <= town[0] or span[0] >= town[1]]
    others = [span for span in others if span[1] <= age[0] or span[0] >= age[1]]
    if not others:
        return None
    return [age, town, min(others, key=lambda span: abs(span[0] - town[0]))]


def _towns(reading: Reading, known: Set[str]) -> Iterator[Span]:
    words = reading.words
    for place, word in enumerate(words):
        if not word.capital or word.first or not place or word.plain in known or any(character.isdigit() for character in word.text):
            continue
        if word.acronym and word.plain not in ("nyc", "la"):
            continue
        before = words[place - 1]
        last = place
        while last + 1 < len(words) and words[last + 1].gap == " " and words[last + 1].capital and last - place < 2 and not words[last].possessive:
            if words[last + 1].plain in NOT_NAMES - STATES and words[last + 1].plain not in _TOWN_ENDS | {"city", "county", "town"}:
                break
            last += 1
        big = word.plain in STATES and last == place
        if big and word.plain not in _TOWNS_THAT_ARE_WORDS:
            continue
        if word.plain in NOT_NAMES and last == place and word.plain not in _TOWNS_THAT_ARE_WORDS:
            continue
        if word.gap not in (" ",) or words[last].plain in _NO_TOWN:
            continue
        placed = before.plain in _BEFORE_TOWN and not before.possessive
        if placed and before.plain in ("of", "to", "at", "around", "leaving", "left"):
            two = reading.plain(place - 2)
            placed = (before.plain == "of" and two in ("town", "city", "village", "outside", "north", "south", "east", "west", "out", "suburb", "part", "county", "borough", "hamlet", "side")) or (
                before.plain == "to" and two in ("moved", "moving", "came", "back", "relocated", "bused", "returned", "close", "next", "went", "drove")
            )
        if placed and last == place and word.plain in FIRST_NAMES - DOUBTFUL_NAMES and before.plain in ("from", "of", "to"):
            placed = before.plain == "from" and reading.plain(place - 2) not in ("heard", "message", "text", "email", "call", "note")
        attributive = reading.plain(last + 1) in _TOWN_PEOPLE and (before.plain in ("a", "an", "the", "in", "old", "local", "former", "small") or before.plain.endswith("year-old")) and word.plain not in NOT_NAMES and word.plain not in FIRST_NAMES
        ends = words[last].plain in _TOWN_ENDS and last > place
        state = reading.plain(last + 1) in STATES or bool(re.match(r", (?:[A-Z]{2}\b|[A-Z][a-z]+(?=[,.; ]))", reading.text[words[last].end : words[last].end + 20]))
        if placed or attributive or ends or (state and before.plain in _BEFORE_TOWN):
            yield word.start, words[last].bare_end
