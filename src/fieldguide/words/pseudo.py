"""A language that nobody speaks, by which to see what is not translated, and whether there is room for what is."""

from __future__ import annotations

import re

#: Its code, which CLDR keeps for a pseudo language that is written from right to left.
LANGUAGE = "ar-XB"
OPENING, CLOSING = "⟦", "⟧"
#: How much longer a text becomes: about as much as German or Spanish is longer than English, and some more.
_LONGER = 0.4
_ACCENTS = str.maketrans("AEIOUaeiou", "ÁÉÍÓÚáéíóú")
#: What is no word for a reader: targets of links, code, {placeholders} and ids in braces, addresses, HTML.
_KEPT = re.compile(r"\]\([^)]*\)|`[^`]*`|\{[^{}]*\}|https?://[^\s)]+|<[^>]*>|&\w+;")
#: A question for the agency in a policy, and a number that is written out.
_BEFORE = re.compile(r"\* |\d+[.)] ")
_PADDING = "ẋẋẋẋẋẋ "


def pseudo(text: str, most: int | None = None) -> str:
    """A text marked at both ends of each paragraph, its vowels accented, 40 % longer, with its marks as they were.

    Where there is room for ``most`` characters alone, it is cut at its end.
    """
    said = "\n\n".join(map(_paragraph, text.split("\n\n")))
    return said if most is None or len(said) <= most else said[: most - 1] + CLOSING


def _paragraph(text: str) -> str:
    before = _BEFORE.match(text)
    star = before[0] if before else ""
    length = round(len(text) * _LONGER)
    padding = (_PADDING * (length // len(_PADDING) + 1))[:length].rstrip()
    return f"{star}{OPENING}{_accented(text.removeprefix(star))} {padding}{CLOSING}"


def _accented(text: str) -> str:
    pieces, at = [], 0
    for kept in _KEPT.finditer(text):
        pieces += [text[at : kept.start()].translate(_ACCENTS), kept[0]]
        at = kept.end()
    return "".join([*pieces, text[at:].translate(_ACCENTS)])
