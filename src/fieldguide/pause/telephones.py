"""Telephone numbers: candidates by their form, judged by phonenumbers where the form alone could be something else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldguide.pause.wordlists import listed

Span = tuple[int, int]

_EXTENSION = r"(?:,? ?(?:ext|extension|x)\.? ?\d{1,6})?"
#: As numbers are written in the United States and Canada.
_AMERICAN = re.compile(
    rf"(?<![\w.$#/+-])(?:\+?1[ .\-]?)?(?:\(\d{{3}}\) ?-?|\d{{3}}(?: ?[.\-–/] ?| ))\d{{3}}(?: ?[.\-–] ?"
    rf"| )\d{{4}}(?![\w-]){_EXTENSION}"
)
_VANITY = re.compile(
    r"(?<![\w.$#/+-])(?:\+?1[ .\-])?\(?\d{3}\)?[ .\-]\d{0,3}-?[A-Z]{4,7}(?!\w)"
    r"|(?<![\w-])1?-?8\d\d-[A-Z]{7}(?!\w)"
)
#: With the country's code, or as in the United Kingdom: phonenumbers knows what can be dialed.
_WITH_COUNTRY = re.compile(rf"(?<![\w.$#/+-])\+ ?\d(?:[ .()/\-]{{0,3}}\d){{6,16}}(?!\w){_EXTENSION}")
_BRITISH = re.compile(r"(?<![\w.$#/+-])\(?0(?:[ \-)]{0,2}\d){8,11}(?![\w-])")
#: These could be many things, so the words before must say so.
_BARE = re.compile(rf"(?<![\w.$#/+-])[2-9]\d{{9}}(?!\w){_EXTENSION}")
_LOCAL = re.compile(rf"(?<![\w.$#/+-])\d{{3}}[ .\-–]\d{{4}}(?![\w-]){_EXTENSION}")
_CUE = re.compile(
    r"\b(?:call(?:s|ed|ing)?|phones?|phoned|text(?:s|ed|ing)?|tel|telephone|cell(?:phone)?|mobile|landline"
    r"|number|numbers|reach(?:ed|able)?|contact(?:ed)?"
    r"|voicemail|fax|dial(?:ed)?|ring|rang|whatsapp|line|ph|hotline|pager|home|work|beeper|message[ds]?|ext"
    r"|at|burner|digits)\b",
    re.IGNORECASE,
)
#: Public helplines, which everybody may write. Compared by their digits, letters read as on a keypad.
_HELPLINES = listed("""
    8007997233 8002738255 8004224453 8006564673 8006624357 8002221222 8664887386 8772738255 8006686868
    8003315050 8009852357 8009506264 8888437246 8003502258 8772365877 8006788255 8008255 116123 08001111
    08457909090 8003744373 8667873224 8884564357 8333456 8003738 8008432256
""")
_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")


def telephones(text: str) -> Iterator[Span]:
    """Telephone numbers of the United States, Canada and the United Kingdom, and any with a country's code."""
    for pattern in (_AMERICAN, _VANITY):
        for found in pattern.finditer(text):
            if not _helpline(found[0]):
                yield found.start(), found.end()
    for found in _WITH_COUNTRY.finditer(text):
        if _possible(found[0], None) and not _helpline(found[0]):
            yield found.start(), found.end()
    for found in _BRITISH.finditer(text):
        if _possible(found[0], "GB") and not _helpline(found[0]):
            yield found.start(), found.end()
    for found in _BARE.finditer(text):
        if (_cue(text, found.start()) or _possible(found[0], "US")) and not _helpline(found[0]):
            yield found.start(), found.end()
    for found in _LOCAL.finditer(text):
        if found[0].startswith("555") or _cue(text, found.start()):
            yield found.start(), found.end()


def _cue(text: str, start: int) -> bool:
    return bool(_CUE.search(text, max(0, start - 45), start))


def _helpline(number: str) -> bool:
    digits = re.sub(r"\D", "", number.upper().translate(_KEYS))
    return digits in _HELPLINES or digits.removeprefix("1") in _HELPLINES


def _possible(number: str, region: str | None) -> bool:
    import phonenumbers  # on use: its data about all countries takes memory

    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(number, region)))
    except phonenumbers.NumberParseException:
        return False
