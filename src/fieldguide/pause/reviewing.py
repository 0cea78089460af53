"""Reading a text for what could identify a client or an agency."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fieldguide.pause.finding import Find
from fieldguide.pause.reading import Reading

_BLANKS = re.compile(r"\s+")


def review(text: str, known: Iterable[str] = ()) -> list[Find]:
    """What in the text could identify a client or an agency, in the order of the text.

    ``known`` holds texts whose names may be written, such as the case that the text is about: their names, schools,
    agencies and towns are left alone, and so is anything that they contain word for word.
    """
    from fieldguide.pause.detectors import DETECTORS  # patterns and lists are made when the first text is reviewed

    case = _Known(known)
    finds: list[Find] = []
    taken = bytearray(len(text))
    reading = Reading(text)
    for detector in DETECTORS:
        for kind, start, end in detector.find(reading, case.names):
            if not detector.overlaps:
                if 1 in taken[start:end]:
                    continue
                taken[start:end] = b"\1" * (end - start)
            if kind and not case.holds(text[start:end]):
                finds.append(Find(start, end, kind, text[start:end]))
    return sorted(finds)


class _Known:
    """The texts whose names may be written."""

    def __init__(self, texts: Iterable[str]) -> None:
        whole = "\n".join(texts)
        self._text = _BLANKS.sub(" ", whole.lower())
        #: Their words with a capital letter, in small letters and without possessive endings.
        self.names = frozenset(word.plain for word in Reading(whole).words if word.capital)

    def holds(self, words: str) -> bool:
        """Whether the texts contain these words, in this order."""
        plain = _BLANKS.sub(" ", words.lower())
        return bool(self._text) and re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", self._text) is not None
