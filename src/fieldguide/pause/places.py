"""Postcodes, street addresses and corners.

Every pattern here repeats a bounded number of times, so that no text, however made, takes long.
"""

from __future__ import annotations

import re

from fieldguide.pause.detector import Form, by_form
from fieldguide.pause.lists import one_of

_I = re.IGNORECASE

_SUFFIX = one_of("""
    Street, St, Avenue, Ave, Av, Road, Rd, Drive, Dr, Lane, Ln, Boulevard, Blvd, Court, Ct, Place, Pl, Terrace,
    Ter, Circle, Cir, Way, Parkway, Pkwy, Highway, Hwy, Crescent, Cres, Close, Square, Sq, Gardens, Grove, Row,
    Mews, Trail, Trl, Loop, Alley, Pike, Turnpike, Plaza, Walk, Hill, Rise, View, Path, Run, Broadway,
    Expressway, Quay, Chase, Green, Park, Concession, Line, Sideroad, Route, Heights, Point, Ridge, Crossing,
    Bend, Vista, Hollow, Landing, Drove, Wharf, Cove, Glen, Commons?, Estates?
""")
_ORDINAL = r"\d{1,3}(?:st|nd|rd|th)"

# -- postcodes --------------------------------------------------------------------------------------

_STATE = one_of(r"""
    A[LKZR], C[AOT], D[CE], FL, GA, HI, I[DLNA], K[SY], LA, M[EDAINSOT], N[EVHJMYCD], O[HKR], PA, RI, S[CD],
    T[NX], UT, V[TA], W[AVIY], Alabama, Alaska, Arizona, Arkansas, California, Colorado, Connecticut, Delaware,
    Florida, Georgia, Hawaii, Idaho, Illinois, Indiana, Iowa, Kansas, Kentucky, Louisiana, Maine, Maryland,
    Massachusetts, Mich(?:igan|\.), Minnesota, Mississippi, Missouri, Montana, Nebraska, Nevada, New Hampshire,
    New Jersey, New Mexico, New York, North Carolina, North Dakota, Ohio, Oklahoma, Oregon, Penn(?:sylvania|\.),
    Rhode Island, South Carolina, South Dakota, Tennessee, Texas, Tex\., Utah, Vermont, Virginia,
    Wash(?:ington|\.), West Virginia, Wisconsin, Wyoming
""")
_LIVING = one_of("""
    lives?, living, lived, resides?, residing, moved, moving, stays?, staying, housed, apartment, house, home,
    based, relocated, families, family, clients?, born, raised, grew up, teens?, people, kids?, youth, everyone,
    someone, located, shelter, agency, neighborhood, mom, from
""")
_COUNTED = one_of("""
    people, families, clients, students, users, words, homes, dollars, cases, followers, members, square, miles,
    kids, children
""")
_POSTCODES = (
    re.compile(r"(?P<code>(?<![\w.$#-])\d{5}-\d{4}(?![\w-]))"),
    # behind a state, a street, a town
    re.compile(rf"\b{_STATE},? {{1,2}}(?P<code>\d{{5}})(?![\w-]|,\d)"),
    re.compile(
        rf"\b{_SUFFIX}\.?(?: \d{{1,4}}[A-Z]?)?,? (?:[A-Z][a-z]{{1,20}},? ){{0,3}}(?P<code>\d{{5}})(?![\w-]|[.,]\d)"
    ),
    re.compile(rf"\b[A-Z][a-z]{{2,20}},? (?P<code>(?<!\d)\d{{5}})(?=[.,;:!?)\s]|$)(?! {_COUNTED})"),
    # where the words say so
    re.compile(
        r"\b(?:zips?|zip ?codes?|postal ?codes?|postcodes?)"
        r"(?:,? (?:is|was|of|are|there|here|area|code|number|in|like|which is|for (?:her|his|their|the) \w{2,15})){0,5}"
        r"\s?[:=,(]? ?[\"“]?(?P<code>\d{5})(?!\w)",
        _I,
    ),
    re.compile(
        r"(?P<code>(?<![\w.$#,-])\d{5})(?![\w,-])(?: is (?:her|his|their|the|my|our))?"
        r" (?:zip|postal code|area code|neighborhood|area)\b",
        _I,
    ),
    re.compile(
        rf"\b{_LIVING}(?: \w{{2,12}}){{0,2}}? (?:in|to|from|near|of|within|around|inside) (?:the )?"
        rf"(?P<code>\d{{5}})(?![\w-]|[.,]\d| {_COUNTED})",
        _I,
    ),
    # Canada and the United Kingdom: by their form
    re.compile(r"(?P<code>(?<!\w)[ABCEGHJ-NPR-TVXY]\d[ABCEGHJ-NPR-TV-Z] ?-?\d[ABCEGHJ-NPR-TV-Z]\d(?!\w))", _I),
    re.compile(r"(?P<code>(?<!\w)(?:GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})(?!\w))"),
    re.compile(r"\bpost ?code(?: (?:is|was|of))?[:,]? (?P<code>[a-z]{1,2}\d[a-z\d]?(?: ?\d[a-z]{2})?(?!\w))", _I),
)


#: Five figures by themselves, where nothing says that they count something.
_FIVE_FIGURES = re.compile(
    rf"(?<![\w.$#,/+-])(?!\d\d000)\d{{5}}(?![\w%/-]|[.,:]\d)(?! (?:{_COUNTED}|[a-z]{{3,20}}s)\b)"
)
_QUANTITY = re.compile(
    r"(?:\b(?:over|about|nearly|almost|than|least|most|up to|some|roughly|approximately|another"
    r"|total(?: of)?|scored|paid"
    r"|earned|worth|raised|reached|got|had|has|have|with|by|only|just|page|pages|question|item|paper"
    r"|article) |[=×x*] ?)$",
    _I,
)


def _counts_something(match: re.Match[str]) -> bool:
    return bool(_QUANTITY.search(match.string[max(0, match.start() - 16) : match.start()]))


#: US ZIP codes, where the words around say that they are or nothing else is likely; Canadian and British postcodes by
#: their form.
POSTCODES = by_form("postcode", *map(Form, _POSTCODES), Form(_FIVE_FIGURES, exception=_counts_something))


# -- addresses with a number ------------------------------------------------------------------------

_DIRECTION = r"(?:[NSEW]\.?|[NS]\.?[EW]\.?|North|South|East|West)"
_UNIT = r"(?:,? ?(?:Apt|Apartment|Unit|Suite|Ste|Flat|Room|Rm|No|Floor|Fl|#)\.? ?#?[A-Za-z]?-?\d{0,5}-?[A-Za-z]?(?!\w))"
_HOUSE = r"(?<![\w.$#/:-])\d{1,6}[A-Za-z]?(?:[-/]\d{1,4}[A-Za-z]?)?(?: ?½| 1/2)?"
_PART = rf"(?:[A-Z][\w.'’-]{{0,25}}|{_ORDINAL}|of|the|de|la|las|los|del|block)"
_NUMBERED_ROAD = one_of("""
    Highway, Route, Hwy, County Road, County Rd, CR, State Route, State Road, SR, US, Rural Route, RR, Line,
    Concession Road?
""")
_FRENCH_OR_SPANISH = one_of(r"""
    rue, avenue, av\., boulevard, boul\., chemin, ch\., place, calle, avenida, camino, Rue, Avenue, Av\.,
    Boulevard, Boul\., Chemin, Ch\., Calle
""")
#: Of streets written small.
_SMALL_SUFFIX = one_of("""
    street, st, avenue, ave, road, rd, drive, lane, ln, boulevard, blvd, court, terrace, parkway, circle
""")
_NO_STREET = one_of("""
    minutes?, mins?, hours?, hrs?, miles?, blocks?, people, feet, yards?, years?, months?, weeks?, days?, of,
    on, or, and, to, in, at, different, more, other, times?, cars?, meters?, kids?, clients?, doors?, men,
    women, km, per, percent, houses?, police, way, lane, bedroom, dead, long, short, big, small
""")
_ADDRESSES = (
    re.compile(rf"(?:Flat|Apt\.?|Apartment|Unit|Suite) \w{{1,5}},? {_HOUSE},? (?:{_PART} ){{1,4}}{_SUFFIX}\b\.?"),
    re.compile(rf"{_HOUSE},? (?:{_DIRECTION} )?(?:{_PART} ){{1,4}}{_SUFFIX}\b\.?(?: {_DIRECTION}(?!\w))?{_UNIT}?"),
    re.compile(
        rf"{_HOUSE},? (?:{_DIRECTION} )?(?:Broadway|The (?:Crescent|Green|Close|Avenue|Drive|Mews|Grove|Square)"
        rf"|Avenue [A-Z]\b|{_NUMBERED_ROAD} \d{{1,4}}[A-Z]?\b)(?!\w){_UNIT}?"
    ),
    re.compile(
        rf"{_HOUSE},? (?:bis )?{_FRENCH_OR_SPANISH} (?:de |du |des |la |le |les |l['’]|Saint-|Ste?-|Ste?\.? ){{0,3}}"
        r"[A-ZÀ-Ý][\w'’-]{1,30}(?: [A-ZÀ-Ý][\w'’-]{1,30})?"
    ),
    re.compile(
        rf"(?<![\w.$#/:-])\d{{2,5}}[a-z]? (?:{_DIRECTION} )?(?!{_NO_STREET}\b)(?:[a-z]{{2,15}}|{_ORDINAL})"
        rf"(?: (?!(?:the|a|down|from|of|to|at)\b)[a-z]{{2,15}})? {_SMALL_SUFFIX}\b\.?",
        _I,
    ),
    # "He lives at 43 Pine"
    re.compile(
        r"\b(?:(?:live|reside|stay)s?|lived|living|moved|staying|residing|house|home|apartment|place|address"
        r"|party|visit|shop)"
        r"(?: is| was)? (?:at"
        rf"|to) (?P<place>{_HOUSE} (?:{_DIRECTION} )?[A-Z][a-z'’-]{{2,20}}(?: [A-Z][a-z'’-]{{2,20}})?)"
        r"(?! (?:people|of))"
    ),
    re.compile(r"\bP\.? ?O\.? ?Box \d{1,7}\b", _I),
    re.compile(r"\b(?:RR|R\.R\.|Rural Route) ?#?\d{1,3}(?:,? Box \d{1,5})?\b"),
    re.compile(
        r"\b(?:apt|apartment|flat|trailer|lot)\.? (?:#|no\.? ?|number )?(?:\d{1,5}-?[a-z]?|[a-z]-?\d{1,4}"
        r"|[A-H])(?![\w'’-])"
        r"(?! (?:and|or|people|women|families|minutes|hours|days|years|months|weeks|miles))",
        _I,
    ),
)

#: Street addresses with a number, post office boxes and apartments.
ADDRESSES = by_form("address", *map(Form, _ADDRESSES))

# -- streets without a number -----------------------------------------------------------------------

#: Streets that stand for something else.
_KNOWN = one_of("""
    Wall, Sesame, Main, Downing, Fleet, Bourbon, Easy, Penny, Abbey, Memory, Silk, Coronation, Hill, High, Home,
    Jump, Elm
""")
_FULL_SUFFIX = one_of("""
    Street, St, Avenue, Ave, Road, Rd, Drive, Dr, Lane, Ln, Boulevard, Blvd, Court, Ct, Terrace, Crescent,
    Close, Parkway, Place, Circle, Way, Pike
""")
_NAMED = rf"(?:[A-Z][\w'’-]{{1,25}}|{_ORDINAL})"
_SPELLED_STREETS = one_of("""
    First, Second, Third, Fourth, Fifth, Sixth, Seventh, Eighth, Ninth, Tenth, Main, Vine, Elm, Oak, Maple,
    Broadway, Market, Walnut, Pine
""")
_STREETS = (
    re.compile(
        r"\b(?:on|off|at|near|along|down|by|of|from|to|across|between|up|onto"
        r"|past)(?: of)? (?:the \w{3,9} (?:on|of|at|off) )?"
        rf"(?P<street>(?!{_KNOWN} (?:Street|Lane|Road)\b)(?:{_DIRECTION} )?(?:{_NAMED} ){{1,3}}{_FULL_SUFFIX}\b"
        r"(?: (?:East|West|North|South|[NSEW])\b)?(?! [A-Z]|['’]s))"
    ),
    re.compile(
        rf"\b(?:corner|intersection) of (?P<street>(?:[NSEW]\.? )?{_NAMED}(?: [A-Z][\w'’-]{{1,25}}\.?){{0,2}} (?:and|&)"
        rf" (?:[NSEW]\.? )?{_NAMED}(?: (?:Street|St|Avenue|Ave|Road|Rd|Lane|Blvd)\b)?)"
    ),
    re.compile(
        rf"\b(?:at|on|near|by|off|from|to) (?P<street>{_ORDINAL} (?:and|&)"
        r" (?!Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[A-Z][a-z]{2,15}"
        rf"|(?:{_ORDINAL}|[A-Z][a-z]{{2,15}}) (?:and|&) (?:{_ORDINAL}(?! (?:grade|graders?|century|floor))"
        rf"|{_SPELLED_STREETS}\b)(?: (?:Street|St|Avenue|Ave)\b)?)"
    ),
)

#: Streets without a number, where the words say that somebody or something is there; and corners.
STREETS = by_form("address", *map(Form, _STREETS))
