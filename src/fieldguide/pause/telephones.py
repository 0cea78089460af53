"""Telephone numbers: candidates by their form, judged by phonenumbers where the form alone could be something else."""

from __future__ import annotations

import re

from fieldguide.pause.detector import Form, by_form
from fieldguide.pause.lists import read_list

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
_HELPLINES = read_list("left_alone", "helplines")
_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")


def _cue(match: re.Match[str]) -> bool:
    return bool(_CUE.search(match.string, max(0, match.start() - 45), match.start()))


def _helpline(match: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", match[0].upper().translate(_KEYS))
    return digits in _HELPLINES or digits.removeprefix("1") in _HELPLINES


def _possible(number: str, region: str | None) -> bool:
    import phonenumbers  # on use: its data about all countries takes memory

    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(number, region)))
    except phonenumbers.NumberParseException:
        return False


#: Numbers of the United States, Canada and the United Kingdom, and any with a country's code.
TELEPHONES = by_form(
    "telephone",
    Form(_AMERICAN, exception=_helpline),
    Form(_VANITY, exception=_helpline),
    Form(_WITH_COUNTRY, cue=lambda match: _possible(match[0], None), exception=_helpline),
    Form(_BRITISH, cue=lambda match: _possible(match[0], "GB"), exception=_helpline),
    Form(_BARE, cue=lambda match: _cue(match) or _possible(match[0], "US"), exception=_helpline),
    Form(_LOCAL, cue=lambda match: match[0].startswith("555") or _cue(match)),
)
