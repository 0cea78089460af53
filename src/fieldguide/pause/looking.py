"""Everything that is looked for in a text, kind by kind. What this imports is large, so it is imported on use."""

from __future__ import annotations

from collections.abc import Iterator, Set

from fieldguide.pause.agencies import agencies
from fieldguide.pause.combination import combinations
from fieldguide.pause.dates import dates
from fieldguide.pause.names import names
from fieldguide.pause.online import emails, links
from fieldguide.pause.places import addresses, postcodes, streets
from fieldguide.pause.reading import Reading
from fieldguide.pause.records import numbers, records
from fieldguide.pause.schools import schools
from fieldguide.pause.telephones import telephones
from fieldguide.pause.usernames import handles


def candidates(reading: Reading, known: Set[str]) -> Iterator[tuple[str, int, int]]:
    """Kind and place of everything found, the surest kinds first: where two overlap, the first of them stands.

    ``known`` are the words of names that may be written, in small letters. A kind without a name is for what is read
    and left alone, so that nothing is found inside it.
    """
    text = reading.text
    for start, end in emails(text):
        yield "email", start, end
    for start, end, telling in links(text):
        yield "link" if telling else "", start, end
    for kind, find in (("handle", handles), ("record", records)):
        for start, end in find(text):
            yield kind, start, end
    yield from dates(text)
    formal = (("telephone", telephones), ("record", numbers), ("address", addresses), ("postcode", postcodes))
    for kind, find in formal:
        for start, end in find(text):
            yield kind, start, end
    for start, end in schools(reading, known):
        yield "school", start, end
    for start, end in agencies(reading, known):
        yield "agency", start, end
    for start, end in streets(text):
        yield "address", start, end
    for start, end in names(reading, known):
        yield "name", start, end
    for start, end in combinations(reading, known):
        yield "combination", start, end
