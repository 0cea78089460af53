"""Exact dates, and which of them are dates of birth. A bare weekday, month or year is neither."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from fieldguide.pause.detector import Candidate, Detector, Span
from fieldguide.pause.lists import listed, one_of
from fieldguide.pause.reading import Reading

_I = re.IGNORECASE

_MONTH = one_of(r"""
    January, February, March, April, May, June, July, August, September, October, November, December, Jan\.?,
    Feb\.?, Mar\.?, Apr\.?, Jun\.?, Jul\.?, Aug\.?, Sept?\.?, Oct\.?, Nov\.?, Dec\.?
""")
_WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH_NUMBER = r"(?:0?[1-9]|1[0-2])"
_ORDINAL = rf"{_DAY} ?(?:st|nd|rd|th)"
_SPELLED = one_of("""
    first, second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth, eleventh, twelfth, thirteenth,
    fourteenth, fifteenth, sixteenth, seventeenth, eighteenth, nineteenth, twentieth, thirtieth,
    (?:twenty|thirty)[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)
""")
_YEAR = r"(?:,? ?(?:(?:19|20)\d\d|['’]\d\d)(?!\d))"
_NOT_BEFORE = r"(?<![\w.$#/:-])"
_NOT_AFTER = r"(?![\w/]|[.:,-]\d)"

_DATES = (
    # March 3rd, 2026; Tuesday, March 3; March the third
    re.compile(
        rf"\b(?:{_WEEKDAY}\.?,? )?(?P<month>{_MONTH}) (?:the )?(?P<day>{_ORDINAL}|{_SPELLED}|{_DAY})"
        rf"(?![\w:/]|[.,]\d|-\d{{3}}|%){_YEAR}?",
        _I,
    ),
    # 3 March 2026; the 3rd of March; Friday 13 March
    re.compile(
        rf"{_NOT_BEFORE}\b(?:{_WEEKDAY}\.?,? )?(?:the )?(?P<day>{_ORDINAL}|{_SPELLED}|{_DAY}) (?:day )?(?:of )?"
        rf"(?P<month>{_MONTH})\b{_YEAR}?",
        _I,
    ),
    # 2026-03-14
    re.compile(rf"{_NOT_BEFORE}(?:19|20)\d\d[-/.]{_MONTH_NUMBER}[-/.]{_DAY}{_NOT_AFTER}"),
    # 3/14/2026, 14.3.26, 3-14-26
    re.compile(
        rf"{_NOT_BEFORE}(?:{_MONTH_NUMBER}[-/.]{_DAY}|{_DAY}[-/.]{_MONTH_NUMBER})[-/.](?:(?:19|20)\d\d"
        rf"|\d\d){_NOT_AFTER}"
    ),
    # last Tuesday the 14th, Friday the 13th, Monday 14th
    re.compile(
        rf"\b{_WEEKDAY}\.?,? (?:the )?(?:{_ORDINAL}|(?<=the ){_SPELLED})\b"
        r"(?! (?:street|st|avenue|ave|floor|grade|week|session|period|time))",
        _I,
    ),
)
#: Days without a month: "on the 14th".
_DAY_ALONE = re.compile(
    r"\b(?:on|by|until|till|since|before|after|from|for|was|is) the"
    rf" (?P<date>{_ORDINAL}|(?!first|second|third){_SPELLED})"
    r"(?:(?= of (?:this|last|next|the|that|every) month)|(?=\s?[.,;:!?)\n]|$)|(?= (?:at|in the|and|but|or"
    r"|when|because|so"
    r"|she|he|they|we|i|her|his|my|to|with|that|if|around|after|before|from|until|about|while|for|was|is|by)\b))",
    _I,
)
#: Month and day in figures without a year: a fraction, unless the words around say when.
_SHORT = re.compile(rf"{_NOT_BEFORE}(?P<date>{_MONTH_NUMBER}/{_DAY}|{_DAY}/{_MONTH_NUMBER}){_NOT_AFTER}")
_WHEN = re.compile(
    r"(?:\b(?:on|since|by|until|till|dated|from|before|after|of|for|seen|hearing|date|due|and|to|the"
    r"|between|around|about"
    rf"|session|visit|intake|{_WEEKDAY}|est|dob|was|admitted|discharged|scheduled|appointment|appt|court|incident|born"
    r"|birthday|b-?day|through|thru|is)[.,:]?|[(:;,]|^)\s?\(?$",
    _I,
)
_SHARE = re.compile(
    r"^\s?(?:of|cup|full|the way|hours?|miles?|inch|done|majority|support|time|part|teaspoon|points?|pages?"
    r"|months?|weeks?"
    r"|days?)\b",
    _I,
)
_NO_DATES = listed("9/11 24/7 7/11 7/24")
#: Dates only where that is sure.
_SHARES = listed("1/2 1/3 1/4 3/4 2/3 1/5 4/5 2/5 3/5 1/10 9/10 1/8 10/10 12/12")
_SURE_WHEN = re.compile(
    rf"\b(?:on|since|dated|born|birthday|b-?day|session|visit|hearing|intake|appointment|{_WEEKDAY})[.,:]? $", _I
)
#: Verbs and words too, when they are written small.
_WORDS_TOO = listed("may march mar dec jun")
_COUNTING = re.compile(r" (?:of|people|students|clients|percent|families|times|years|out of)\b")

# -- dates of publications, laws and coursework identify nobody --------------------------------------

_PUBLIC = re.compile(
    r"\b(?:effective|retrieved|accessed|published|updated|amended|revised|enacted|approved|adopted|ratified|copyright"
    r"|last modified|due|deadline|took effect|in effect|takes effect|went into effect|come into force|released|syllabus"
    r"|midterm|final exam|exam|quiz|assignment|as of|text of|checked (?:it |them |this )?on|reading for"
    r"|class on|class of"
    r"|lecture|version|signed into law|webinar|semester (?:starts|begins|ends)|classes (?:start|begin|end)"
    r"|turn (?:it|this|in)|submit|hand (?:it|this)? ?in|registration|spring break)\b[^.!?\n]{0,28}$",
    _I,
)
_PUBLIC_AFTER = re.compile(
    r",? (?:the )?(?:NASW |CSWE |ASWB |new |final )?(?:Code|law|standards?|edition|revision|Act|statute"
    r"|webinar|deadline"
    r"|syllabus|quiz|exam|assignment|due date)\b",
    _I,
)
#: What is due here is no paper.
_SOMEBODY = re.compile(r"\b(?:baby|babies|twins?|pregnan\w+|due date|she(?:['’]s| is)|mom|mother|client)\b", _I)

# -- dates of birth ---------------------------------------------------------------------------------

_NUMBER = one_of(r"""
    \d, \d\d, \d\d\d, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve,
    (?:thir|four|fif|six|seven|eigh|nine)teen,
    (?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?
""")
_DOB = r"d[./]?o[./]?b\.?"
_BIRTHDAY = r"(?:birth ?days?|birth ?dates?|b-?day|dates? of birth)"
_BORN = re.compile(
    rf"(?:\b(?:born|{_DOB}|{_BIRTHDAY}|(?:turn(?:s|ed|ing)?|will be|becomes?|['’]ll be) {_NUMBER}|birth|née|nee)\b"
    r"[^.!?;\n\d]{0,34}|\bb\. ?)$",
    _I,
)
#: Right before the date, whatever stands between: "Her birthday? December 1st."
_BORN_NEAR = re.compile(rf"\b(?:{_DOB}|{_BIRTHDAY}|born)[^!;\n\w]{{0,8}}$", _I)
_BORN_AFTER = re.compile(
    rf"[,)]? ?(?:\((?:{_DOB}|{_BIRTHDAY})"
    r"|(?:is|was|being|as) (?:her|his|their|the (?:client|baby|child|kid|patient)['’]?s?|my client['’]s"
    r"|[A-Z]\w{1,15}['’]s) "
    rf"(?:\w+ )?(?:{_DOB}|{_BIRTHDAY})\b"
    rf"|,? ?(?:her|his|their) (?:\w{{1,12}} )?(?:{_DOB}|{_BIRTHDAY})\b"
    r"|,? (?:the day )?(?:she|he|they) (?:was|were) born\b|,? when (?:she|he|they) (?:turns?|turned|will turn)"
    rf"|(?:the )?(?:{_DOB}|{_BIRTHDAY})\b)",
    _I,
)


def _dates(reading: Reading, known: Set[str]) -> Iterator[Candidate]:
    """Exact dates, and those of birth as such."""
    text = reading.text
    for start, end in _joined(sorted(_exact(text))):
        before = text[max(0, start - 60) : start]
        after = text[end : end + 48]
        if _BORN.search(before) or _BORN_NEAR.search(before) or _BORN_AFTER.match(after):
            yield Candidate("birthdate", start, end)
        elif _SOMEBODY.search(before) or not (_PUBLIC.search(before) or _PUBLIC_AFTER.match(after)):
            yield Candidate("date", start, end)


def _joined(spans: list[Span]) -> Iterator[Span]:
    """Spans in order, those that overlap as one."""
    whole: Span | None = None
    for start, end in spans:
        if whole is not None and start < whole[1]:
            whole = whole[0], max(end, whole[1])
        else:
            if whole is not None:
                yield whole
            whole = start, end
    if whole is not None:
        yield whole


def _exact(text: str) -> Iterator[Span]:
    for pattern in _DATES:
        for found in pattern.finditer(text):
            if not _is_word(found):
                yield found.span()
    for found in _DAY_ALONE.finditer(text):
        yield found.span("date")
    for found in _SHORT.finditer(text):
        before = text[max(0, found.start() - 20) : found.start()]
        after = text[found.end() : found.end() + 14]
        likely = found["date"] not in _NO_DATES and (
            found["date"] not in _SHARES or after[:1] == ":" or _SURE_WHEN.search(before)
        )
        if likely and _WHEN.search(before) and not _SHARE.match(after):
            yield found.span("date")


def _is_word(found: re.Match[str]) -> bool:
    """Whether a match is a word and a number, not a date, as in "we may 12 times" or "in May 12 of them"."""
    parts = found.groupdict()
    if not parts or not parts["day"].isdigit():
        return False
    return parts["month"] in _WORDS_TOO or bool(_COUNTING.match(found.string, found.end()))


DATES = Detector(("birthdate", "date"), _dates, formal=True)
