"""Reading a text for what could identify a client or an agency."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from fieldguide.pause.combination import combinations
from fieldguide.pause.dates import dates
from fieldguide.pause.finding import Find
from fieldguide.pause.formal import addresses, emails, handles, links, numbers, postcodes, records, streets
from fieldguide.pause.names import names
from fieldguide.pause.organizations import agencies, schools
from fieldguide.pause.reading import Reading
from fieldguide.pause.telephones import telephones

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_BLANKS = re.compile(r"\s+")


def review(text: str, known: Iterable[str] = ()) -> list[Find]:
    """What in the text could identify a client or an agency, in the order of the text.

    ``known`` holds texts whose names may be written, such as the case that the text is about: names, schools, agencies
    and towns of theirs are left alone, and whatever stands there word for word.
    """
    reading = Reading(text)
    case = _Known(known)
    finds: list[Find] = []
    taken = bytearray(len(text))
    for kind, start, end in _candidates(reading, case):
        if kind != "combination":
            if 1 in taken[start:end]:
                continue
            taken[start:end] = b"\1" * (end - start)
        if kind and not case.holds(text[start:end]):
            finds.append(Find(start, end, kind, text[start:end]))
    return sorted(finds)


class _Known:
    """What the case itself says."""

    def __init__(self, texts: Iterable[str]) -> None:
        whole = "\n".join(texts)
        self._text = _BLANKS.sub(" ", whole.lower())
        #: Words that stand there with a capital letter, in small letters, without possessive endings.
        self.names = frozenset(word.plain for word in Reading(whole).words if word.capital)

    def holds(self, words: str) -> bool:
        """Whether these words stand there as they are."""
        plain = _BLANKS.sub(" ", words.lower())
        return bool(self._text) and re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", self._text) is not None


def _candidates(reading: Reading, case: _Known) -> Iterator[tuple[str, int, int]]:
    """Kind and place of everything found, the surest kinds first: where two overlap, the first of them stands.

    A kind without a name is for what is read and left alone, so that nothing is found inside it.
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
    for kind, find in (("telephone", telephones), ("record", numbers), ("address", addresses), ("postcode", postcodes)):
        for start, end in find(text):
            yield kind, start, end
    for start, end in schools(reading, case.names):
        yield "school", start, end
    for start, end in agencies(reading, case.names):
        yield "agency", start, end
    for start, end in streets(text):
        yield "address", start, end
    for start, end in names(reading, case.names):
        yield "name", start, end
    for start, end in combinations(reading, case.names):
        yield "combination", start, end
