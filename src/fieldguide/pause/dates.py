"""Exact dates, and which of them are dates of birth. A bare weekday, month or year is neither."""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

_I = re.IGNORECASE
_LONG = "January|February|March|April|June|July|August|September|October|November|December"
_MONTH = rf"(?:{_LONG}|May|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
_WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_ORDINAL = rf"{_DAY} ?(?:st|nd|rd|th)"
_SPELLED = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth"
    r"|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|(?:twenty|thirty)[- ](?:first|second|third|fourth|fifth|sixth|seventh"
    r"|eighth|ninth))"
)
_YEAR = r"(?:,? ?(?:(?:19|20)\d\d|['’]\d\d)(?!\d))"
_NUMBER_BEFORE = r"(?<![\w.$#/:-])"
_NOT_MORE = r"(?![\w/]|[.:,-]\d)"

_DATES = (
    # March 3rd, 2026; Tuesday, March 3; March the third
    re.compile(rf"\b(?:{_WEEKDAY}\.?,? )?(?P<month>{_MONTH}) (?:the )?(?P<day>{_ORDINAL}|{_SPELLED}|{_DAY})(?![\w:/]|[.,]\d|-\d{{3}}|%){_YEAR}?", _I),
    # 3 March 2026; the 3rd of March; Friday 13 March
    re.compile(rf"{_NUMBER_BEFORE}\b(?:{_WEEKDAY}\.?,? )?(?:the )?(?P<day>{_ORDINAL}|{_SPELLED}|{_DAY}) (?:day )?(?:of )?(?P<month>{_MONTH})\b{_YEAR}?", _I),
    # 2026-03-14
    re.compile(rf"{_NUMBER_BEFORE}(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.]{_DAY}{_NOT_MORE}"),
    # 3/14/2026, 14.3.26, 3-14-26
    re.compile(rf"{_NUMBER_BEFORE}(?:(?:0?[1-9]|1[0-2])(?P<sign>[-/.]){_DAY}|{_DAY}(?P<other>[-/.])(?:0?[1-9]|1[0-2]))(?:(?P=sign)|(?P=other))(?:(?:19|20)\d\d|\d\d){_NOT_MORE}".replace("(?:(?P=sign)|(?P=other))", r"[-/.]")),
    # last Tuesday the 14th, Friday the 13th, Monday 14th
    re.compile(rf"\b{_WEEKDAY}\.?,? (?:the )?(?:{_ORDINAL}|(?<=the ){_SPELLED})\b(?! (?:street|st|avenue|ave|floor|grade|week|session|period|time))", _I),
)
#: Days without a month: "on the 14th".
_DAY_ALONE = re.compile(
    rf"\b(?:on|by|until|till|since|before|after|from|for|was|is) the (?P<date>{_ORDINAL}|(?!first|second|third){_SPELLED})(?:(?= of (?:this|last|next|the|that|every) month)|(?=\s?[.,;:!?)\n]|$)|(?= (?:at|in the|and|but|or|when"
    r"|because|so|she|he|they|we|i|her|his|my|to|with|that|if|around|after|before|from|until|about|while|for|was|is|by)\b))",
    _I,
)
#: Month and day in figures without a year: a fraction, unless the words around say when.
_SHORT = re.compile(rf"{_NUMBER_BEFORE}(?P<date>(?:0?[1-9]|1[0-2])/{_DAY}|{_DAY}/(?:0?[1-9]|1[0-2])){_NOT_MORE}")
_WHEN = re.compile(
    rf"(?:\b(?:on|since|by|until|till|dated|from|before|after|of|for|seen|hearing|date|due|and|to|the|between|around|about|session|visit|intake|{_WEEKDAY}|est|dob|was"
    r"|admitted|discharged|scheduled|appointment|appt|court|incident|born|birthday|bday|b-day|through|thru|is)[.,:]?|[(:;,]|^)\s?\(?$",
    _I,
)
_SHARE = re.compile(r"^\s?(?:of|cup|full|the way|hours?|miles?|inch|done|majority|support|time|part|teaspoon|point|page|points|pages|months?|weeks?|days?)\b", _I)
_NO_DATE = frozenset({"9/11", "24/7", "7/11", "7/24", "50/50", "1/2", "1/3", "1/4", "3/4", "2/3", "1/5", "4/5", "2/5", "3/5", "1/10", "9/10", "1/8", "10/10", "12/12", "20/20"})

#: Dates of publications, laws and coursework identify nobody.
_PUBLIC = re.compile(
    r"(?:\b(?:effective|retrieved|accessed|published|updated|amended|revised|enacted|approved|adopted|ratified|copyright|last modified"
    r"|due|deadline|took effect|in effect|takes effect|went into effect|come into force|released|syllabus|midterm|final exam|exam"
    r"|quiz|assignment|as of|text of|checked (?:it |them |this )?on|reading for|class on|class of|lecture|version|signed into law|posted by nasw|webinar|semester (?:starts|begins|ends)"
    r"|classes (?:start|begin|end)|turn (?:it|this|in)|submit|hand (?:it|this)? ?in|registration|spring break|world social work day)\b[^.!?\n]{0,28})$",
    _I,
)
_PUBLIC_AFTER = re.compile(
    r",? (?:the )?(?:NASW |CSWE |ASWB |new |final )?(?:Code|law|standards?|edition|revision|Act|statute|webinar|deadline|syllabus|quiz|exam|assignment|due date)\b", _I
)
_BABY = re.compile(r"\b(?:baby|babies|twins?|pregnan\w+|due date|she(?:['’]s| is)|mom|mother|client)\b", _I)
_NUMBER = (
    r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w{3,5})?)"
)
_BIRTH = re.compile(
    rf"(?:\b(?:born|dob|d\.o\.b\.?|d[./]?o[./]?b|birth ?dates?|dates? of birth|birth ?days?|b-?day|b\.|(?:turn(?:s|ed|ing)?|will be|becomes?|['’]ll be) {_NUMBER}|birth|née|nee)\b"
    r"[^.!?;\n\d]{0,34}|\bb\. ?)$",
    _I,
)
_BIRTH_NEAR = re.compile(r"(?:\bd[./]?o[./]?b\.?|\bdate of birth|\bborn|\bbirth ?day|\bbirth ?date)\b[^!;\n]{0,8}$", _I)
_BIRTH_AFTER = re.compile(
    r"^[,)]? ?(?:\((?:dob|d\.o\.b\.?|date of birth|birth ?day|birth ?date)|(?:is|was|being|as) (?:her|his|their|the (?:client|baby|child|kid|patient)['’]?s?|my client['’]s|[A-Z]\w{1,15}['’]s) "
    r"(?:\w+ )?(?:birth ?day|birth ?date|dob|date of birth|b-?day)|,? ?(?:her|his|their) (?:\w{1,12} )?(?:birth ?day|birth ?date|b-?day|date of birth|dob)\b|,? (?:the day )?(?:she|he|they) (?:was|were) born\b"
    r"|,? when (?:she|he|they) (?:turns?|turned|will turn)|(?:the )?(?:birth ?day|birth ?date|dob)\b)",
    _I,
)


def dates(text: str) -> Iterator[tuple[str, int, int]]:
    """Exact dates with their kind, ``date`` or ``birthdate``. A whole year belongs to a date of birth alone."""
    seen: list[Span] = []
    for start, end in sorted(_exact(text)):
        if seen and start < seen[-1][1]:
            if end > seen[-1][1]:
                seen[-1] = (seen[-1][0], end)
            continue
        seen.append((start, end))
    for start, end in seen:
        before = text[max(0, start - 60) : start]
        after = text[end : end + 48]
        if _BIRTH.search(before) or _BIRTH_NEAR.search(before) or _BIRTH_AFTER.search(after):
            yield "birthdate", start, end
        elif not (_PUBLIC.search(before) or _PUBLIC_AFTER.match(after)) or _BABY.search(before):
            yield "date", start, end


def _exact(text: str) -> Iterator[Span]:
    for pattern in _DATES:
        for found in pattern.finditer(text):
            if not _is_word(found):
                yield found.start(), found.end()
    for found in _DAY_ALONE.finditer(text):
        yield found.span("date")
    for found in _SHORT.finditer(text):
        before = text[max(0, found.start() - 20) : found.start()]
        after = text[found.end() : found.end() + 14]
        if (found["date"] not in _NO_DATE or after[:1] == ":") and _WHEN.search(before) and not _SHARE.match(after):
            yield found.span("date")


def _is_word(found: re.Match[str]) -> bool:
    """Whether what looks like a month is a verb ("may 12 people", "march 3 miles")."""
    month = found.groupdict().get("month")
    if month is None:
        return False
    day = found["day"] or ""
    plain_day = day.isdigit()
    if month.lower() in ("may", "march", "mar", "sec", "dec", "jun", "sat") and month.islower() and plain_day:
        return True
    # "In May 12 of them": a number that counts something
    return plain_day and bool(re.match(r" (?:of|people|students|clients|percent|families|times|years|out of)\b", found.string[found.end() : found.end() + 12]))
