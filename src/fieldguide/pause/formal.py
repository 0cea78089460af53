"""What has a form of its own: e-mail addresses, links, user names, numbers of records, postcodes and street addresses.

Every pattern here repeats a bounded number of times, so that no text, however made, takes long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

_I = re.IGNORECASE
_LINK_ENDS = ".,;:!?)]}>'\"”’*_"

# -- e-mail -----------------------------------------------------------------------------------------

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_SPELLED_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?(?:\(at\)|\[at\]|\{at\}| at )\s?[\w-]{1,40}\s?(?:\(dot\)|\[dot\]|\{dot\}| dot |\.)\s?"
    r"(?:com|org|net|edu|gov|ca|uk|co\.uk|io)\b",
    _I,
)
_AT_A_SITE = re.compile(r" at .*\.", _I)


def emails(text: str) -> Iterator[Span]:
    """E-mail addresses, and those that spell out the sign: "dana (at) mail dot org"."""
    for found in _EMAIL.finditer(text):
        yield found.start(), found.end()
    for found in _SPELLED_EMAIL.finditer(text):
        if not _AT_A_SITE.search(found[0]):  # "look at facebook.com" has no address in it
            yield found.start(), found.end()


# -- links ------------------------------------------------------------------------------------------

_ENDINGS = "com|org|net|edu|gov|mil|info|biz|ca|uk|us|au|ie|io|co|me|ly|gg|tv|gl|ee|app|page|site|blog|social|be|health|care"
_LINK = re.compile(
    rf"(?:https?://|www\.)[^\s<>\"“”]{{2,2000}}|(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,4}}(?:{_ENDINGS})"
    r"(?![\w-]|\.\w)(?:[/?#][^\s<>\"“”]{0,2000})?",
    _I,
)
#: Without a path these are more often a slip of the space bar ("home.me") than a site.
_PATH_NEEDED = re.compile(r"\.(?:me|us|co|ly|be|page|site|app|care|health|social|blog|tv|gl|ee|gg)$", _I)
#: Sources that everybody cites, and platforms named by their site: they lead to nobody as long as no page is named.
_PUBLIC_SITES = frozenset("""
    socialworkers.org naswdc.org naswpress.org naswassurance.org cswe.org aswb.org nyu.edu umich.edu cdc.gov hhs.gov
    nih.gov samhsa.gov ed.gov who.int pewresearch.org apa.org doi.org 988lifeline.org thetrevorproject.org childwelfare.gov
    congress.gov ssa.gov fcc.gov ftc.gov usa.gov gov.uk canada.ca casw-acts.ca basw.co.uk ifsw.org un.org wikipedia.org
    en.wikipedia.org crisistextline.org rainn.org thehotline.org eff.org hotline.org nimh.nih.gov scholar.google.com
    law.cornell.edu census.gov nami.org mhanational.org socialworkblog.org socialworkhelper.com socialworker.com
    socialworktoday.com socialworktech.com
""".split())
_PLATFORM_SITES = frozenset("""
    facebook.com instagram.com tiktok.com twitter.com x.com linkedin.com youtube.com snapchat.com reddit.com google.com
    whatsapp.com discord.com pinterest.com tumblr.com zoom.us gmail.com yahoo.com outlook.com hotmail.com icloud.com
    canva.com amazon.com netflix.com chatgpt.com openai.com doxy.me venmo.com yelp.com healthgrades.com nextdoor.com
    gofundme.com tinder.com threads.net bsky.app aol.com spotify.com medium.com wordpress.com blogspot.com substack.com
    quora.com msn.com bing.com psychologytoday.com
""".split())


def links(text: str) -> Iterator[tuple[int, int, bool]]:
    """Addresses of pages, each with whether it may lead to somebody: not so the sources that everybody cites, nor a
    platform named by its site."""
    for found in _LINK.finditer(text):
        link = found[0].rstrip(_LINK_ENDS)
        host, _, path = re.sub(r"^https?://", "", link.lower()).partition("/")
        host = re.split(r"[?#:]", host.removeprefix("www."))[0]
        named = "/" in link or "www" in link.lower()
        if "." in host and (named or not _PATH_NEEDED.search(host)):
            telling = not (_public(host) or (host in _PLATFORM_SITES and not path))
            yield found.start(), found.start() + len(link), telling


def _public(host: str) -> bool:
    parts = host.split(".")
    return any(".".join(parts[at:]) in _PUBLIC_SITES for at in range(len(parts) - 1))


# -- user names -------------------------------------------------------------------------------------

_PLATFORMS = (
    r"(?:facebook|fb|instagram|insta|ig|snapchat|snap|sc|tik ?tok|twitter|discord|reddit|tumblr|telegram|kik|venmo|cash ?app|"
    r"youtube|twitch|threads|bluesky|roblox|xbox|steam|fortnite|playstation|psn|whatsapp|linkedin|pinterest|bereal|onlyfans|"
    r"skype|signal|messenger|minecraft|spotify|mastodon|wattpad|depop|vsco|finsta|spam account)"
)
_AT = re.compile(r"(?<![\w@./+-])@(?=[\w.-]{0,40}[^\W\d_])(?:[\w](?:[\w.-]{0,40}\w)?)")
_SLASH_U = re.compile(r"(?<![\w/])/?u/[\w-]{2,40}\b")
_TAGGED = re.compile(r"(?<![\w#])[\w.]{2,32}#\d{4}\b")
_UNDERSCORED = re.compile(r"(?<![\w./@-])(?=[\w.-]{0,40}[^\W\d_])[^\W_][\w.-]{0,40}_[\w.-]{0,40}\w(?![\w@/])")
#: "lilmarco05", "user shelterSurvivor88"
_NUMBERED_NAME = re.compile(r"(?<![\w@./#-])(?:(?<=user )[A-Za-z][\w.-]{3,40}|[a-z]{5,20}\d{2,4}|[A-Za-z]{0,15}[a-z][A-Z][A-Za-z]{1,20}\d{1,4}|[a-z]{3,12}[A-Z][a-z]{2,12}[A-Z][a-z]{2,12})(?![\w@/-]|\.\w)")
_FILE = re.compile(r"^(?:IMG|DSC|PXL|VID|MVI)_|\.(?:docx?|pdf|jpe?g|png|heic|mp[34]|mov|xlsx?|csv|txt|pptx?|ipynb|py|md)$", _I)
_QUOTE = r"[\"'“‘(*]{0,2}"
#: A user name as such: with a dot, digit or hyphen inside, as no word of a sentence has.
_MARKED = r"(?=[\w.-]{0,40}(?:[^\W\d_][.\-]?\d|[^\W\d_]\.[^\W_]|\d[^\W\d_]|_))[^\W_](?:[\w.-]{0,40}\w)?"
_CALLED_SO = re.compile(
    rf"\b(?:user ?names?|handles?|screen ?names?|gamer ?tags?|user ?id|@ ?name|tag name|login(?: name)?|{_PLATFORMS} (?:name|tag|user|id|account|page))(?: (?:on|for|there) "
    rf"(?:the )?[\w ]{{2,20}}?)?(?:(?: (?:is|was|reads|called|being)|\s?[:=])(?: now| still| just)? {{0,2}}{_QUOTE}"
    rf"(?P<handle>(?=[\w.-]{{0,40}}[^\W\d_])[^\W_](?:[\w.-]{{1,40}})?\w)(?=[\"'”’)]|[.,;:!?]?(?:\s*$|\s+(?:on|and|but|if|so|in case|for|because)\b)|[.,;:!?])"
    rf"| {_QUOTE}(?P<marked>{_MARKED}))",
    _I | re.MULTILINE,
)
_ON_PLATFORM = re.compile(
    rf"\b{_PLATFORMS}(?:'s|’s)?(?=[\s:=,(\"“'‘])(?: (?:account|profile|name|page|user|username|handle|id|tag|channel|is|was|as|under|called|named"
    rf"|at|it'?s|it’s|by|my|her|his|their|being|still|now|search|me|for|just|she|he|they|she's|he's|she’s|he’s|i'm|am)){{0,4}}\s?[:=,]?(?: at)? ?{_QUOTE}(?P<handle>{_MARKED})",
    _I,
)
_BEFORE_PLATFORM = re.compile(
    rf"(?P<handle>(?<![\w.@/-]){_MARKED}){_QUOTE}['\"”’]? (?:on|over on|in) (?:her |his |their |my |the )?{_PLATFORMS}\b", _I
)
#: Two words joined by a full stop, near the name of a platform: "the TikTok, by sad.caseworker".
_DOTTED = re.compile(r"(?<![\w@./:-])[a-z][a-z0-9_]{2,24}(?:\.[a-z0-9_]{2,24}){1,2}(?![\w@/-]|\.\w)")
_PLATFORM = re.compile(rf"\b{_PLATFORMS}\b", _I)
_GOES_BY = re.compile(
    r"\b(?:goes|go|went|going|(?:sign|log)(?:s|ed|ged)? in|posts|posted|posting|known|signed|signs|plays|streams|tweets|shows up|listed|appears|find (?:her|him|"
    r"them|me)|account|accounts|profile|page|alias|channel|username|follow(?:s|ed|ing)?|tag(?:s|ged)?|add(?:ed)?(?: me| her| him)?"
    rf"|dm(?:s|ed)?|named|called)(?: (?:by|as|under|is|was|called|named|online|there|the|name|it|an|account)){{0,4}}(?:\s|:) ?{_QUOTE}"
    rf"(?P<handle>(?=[\w.-]{{0,40}}[^\W\d_]{{2}}){_MARKED})",
    _I,
)
#: "at" as the sign: "she is at sunny.dee".
_PLAIN_AFTER = frozenset("""
    is was are on the a an and or not private public still gone deleted for from in that this which who to it its has had
    so but changed change changes real name names she he they her his their my your our was were be can could may should
    because if when of with visible hidden anonymous different same shared online there too also under policy policies
    would will must often never always needs just only might here short easy hard something similar mine ours unknown
    taken blocked gone obvious funny fake nothing everything important enough known fine clear
""".split())
_NO_HANDLES = frozenset("everyone here channel all home work school me you us them nasw naswsocialworkers cswe nyu umich".split())
_PRODUCT = re.compile(r"^(?:covid|iphone|ipad|windows|galaxy|pixel|gpt|chatgpt|chapter|module|question|page|week|unit|section|table|figure|xbox|playstation|form|version|android|macos|standard|sars)\d", _I)
_TIME_OR_AGE = re.compile(r"^(?:\d+(?:st|nd|rd|th|am|pm|k|x|s|yo|y|m|hrs?|mins?)?|\d[\d.,:-]*\w?|\d+-\w+(?:-\w+){0,2}|[a-z]\.[a-z]\.?)$", _I)
_NO_NAME = re.compile(r"^(?:covid-19|mp[34]|web2\.0|h\.r|b2b|cps|4chan|24-7|\w+-\d{2}|dsm-\w+|title-\w+|u\.s|ph\.d|e\.g|i\.e)$", _I)


def handles(text: str) -> Iterator[Span]:
    """User names: by their sign or form, and after words that say so ("her Insta is sunny.dee")."""
    for found in _AT.finditer(text):
        if found[0][1:].lower() not in _NO_HANDLES:
            yield found.start(), found.end()
    for pattern in (_SLASH_U, _TAGGED):
        for found in pattern.finditer(text):
            yield found.start(), found.end()
    for found in _UNDERSCORED.finditer(text):
        if not _FILE.search(found[0]):
            yield found.start(), found.end()
    for found in _NUMBERED_NAME.finditer(text):
        if any(character.isdigit() for character in found[0]) and not _PRODUCT.match(found[0]):
            yield found.start(), found.end()
    for found in _DOTTED.finditer(text):
        near = text[max(0, found.start() - 40) : found.start()] + "." + text[found.end() : found.end() + 25]
        if _PLATFORM.search(near) and not _FILE.search(found[0]):
            yield found.start(), found.end()
    for found in _CALLED_SO.finditer(text):
        group = "handle" if found["handle"] else "marked"
        if found[group].lower() not in _PLAIN_AFTER and not _FILE.search(found[group]) and not _TIME_OR_AGE.match(found[group]):
            yield found.span(group)
    for pattern in (_ON_PLATFORM, _BEFORE_PLATFORM, _GOES_BY):
        for found in pattern.finditer(text):
            handle = found["handle"]
            if not (_TIME_OR_AGE.match(handle) or _NO_NAME.match(handle) or _FILE.search(handle)):
                yield found.span("handle")


# -- numbers of records -----------------------------------------------------------------------------

_VALUE = r"(?P<value>(?=[A-Za-z0-9/-]{0,24}\d)[A-Za-z0-9*]{1,14}(?:[ /-](?=[A-Z0-9-]{0,12}\d)[A-Z0-9]{1,12}){0,4})"
_IS = (
    r"(?: (?:is|was|are|were|reads|says|listed as|which is|given as|on (?:it|file|the (?:file|form|chart|badge|card))|for (?:her|him|them|"
    r"this (?:client|family|case|patient))))?\s?[:=#,(]{0,2} ?(?:no\.? ?|number ?|#\s?)?[\"“'(]?"
)
_NUMBERED = (
    r"(?:medical record|medical|health record|patient|client|case|chart|file|record|member|membership|policy|insurance|medicaid|medicare"
    r"|group|subscriber|beneficiary|claim|account|acct|bank account|docket|court|inmate|offender|prisoner|booking|badge|student|school"
    r"|employee|license|licence|driver'?s licen[sc]e|driver’s licen[sc]e|passport|permit|intake|referral|incident|police report|report"
    r"|complaint|social security|social insurance|social|national insurance|ni|nhs|health card|health|care card|ohip|alien"
    r"|alien registration|registration|visa|plate|license plate|voucher|ebt|snap|benefit|card|confirmation|reference|ref|warrant"
    r"|order|tax|taxpayer|tribal|enrollment|band|status card|green card|uscis|immigration|dcfs|dcf|cps|acs|dhs|dss|hmis|mrn|ssn|sin"
    r"|state|personal|section 8|housing|application|tracking|unit|room key|locker|foster care|probation|parole|birth certificate"
    r"|family|household|caseload|service|treatment|prescription|rx|device|serial|bed|cell|id|custody|matter|cause|petition)"
)
_RECORDS = (
    # a number, said to be one
    re.compile(rf"\b{_NUMBERED}(?:'s|’s)?,? ?(?:card |file |case |record )?(?:numbers?|nos?\.?|num\.?|nr\.?|#|ids?|i\.d\.?|identifier|code){_IS}{_VALUE}", _I),
    re.compile(rf"\b[\w-]{{2,14}} (?:card|wristband|badge|bracelet|chart|label|tag) (?:says|reads|shows|has|is|was)[:,]? {_VALUE}", _I),
    re.compile(r"\b(?:number|id|identifier)\b[^.!?\n\d:]{0,40}[:=] ?(?P<value>(?=[A-Z0-9-]{0,8}[A-Z])(?=[A-Z0-9-]{0,12}\d{3})[A-Z0-9]{1,14}(?:-[A-Z0-9]{1,12}){0,4})(?!\w)"),
    re.compile(r"\b[A-Z]{1,5} ?#:? ?(?P<value>(?=[A-Z0-9-]{0,12}\d{2})[A-Z0-9]{1,14}(?:-[A-Z0-9]{1,12}){0,4})(?!\w)"),
    # names of numbers
    re.compile(rf"\b(?:mrn|ssn|ss#|sin|ein|itin|ohip|nhs|nino|npi|a-number|a number|a#|dl|ebt card|hmis|uci|dob/id){_IS}{_VALUE}", _I),
    # a thing with a longer number behind it
    re.compile(
        rf"\b(?:case|file|chart|docket|claim|policy|record|inmate|passport|license|licence|plate|plates|voucher|warrant|booking|badge"
        rf"|insurance|medicaid|medicare|social|account|referral|intake|report|client|patient|member|group|id|reference|ref|petition)"
        rf"(?: (?:is|was|ending(?: in)?|ends in|that ends in|plate|plates)|\s?[:=,])? ?[#(]?\s?(?P<value>(?=[A-Za-z0-9/-]{{0,20}}\d{{3}}"
        r"|[A-Za-z0-9-]{0,8}\d[A-Za-z0-9-]{0,8}\d[A-Za-z0-9-]{0,8}\d)[A-Za-z0-9*]{1,14}(?:[/-][A-Za-z0-9]{1,12}){0,4})\b",
        _I,
    ),
    re.compile(r"(?P<value>(?<![\w&#])(?:#\s?|No\. ?)(?=[A-Z0-9-]{0,12}\d{3})[A-Z0-9]{1,14}(?:-[A-Z0-9]{1,12}){0,4})\b"),
    re.compile(r"\b(?:ending(?: in| with)?|ends (?:in|with)|last (?:four|4|three|five)(?: digits)?(?: of [\w' ]{2,30}?)?(?: are| is|:)?) ?#?(?P<value>\d{3,6})\b", _I),
    # a number, and then what it is
    re.compile(
        r"(?P<value>(?<![\w.$#-])(?=[A-Z0-9-]{0,12}\d{3})[A-Z0-9]{1,14}(?:-[A-Z0-9]{1,12}){0,4}),? (?:is|was|as|being|\() ?(?:the |her |his |their |a |my |our )?"
        rf"(?:client['’]s |family['’]s )?(?:{_NUMBERED} )?(?:number|id|#|mrn|ssn)\b"
    ),
    # forms of their own: US social security, Canadian social insurance, British national insurance
    re.compile(r"(?P<value>(?<![\w.$-])(?:\d{3}|[xX*•]{3})[- ](?:\d{2}|[xX*•]{2})[- ]\d{4}(?![\w-]))"),
    re.compile(r"(?P<value>(?<![\w.$-])[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w))"),
    re.compile(r"(?P<value>(?<![\w.$-])A[- ]?\d{3}[- ]?\d{3}[- ]?\d{3}(?!\w))"),
)
_TELEPHONE = re.compile(r"^(?:1-)?\d{3}-(?:\d{3}-)?\d{4}$")
#: "policy-03" is no number.
_LONG_WORD = re.compile(r"^[a-z]{3}")
_YEAR = re.compile(r"^(?:19|20)\d\d(?:[-–](?:19|20)?\d\d)?$")
_ORDINAL = re.compile(r"^\d+(?:st|nd|rd|th|s|yo|am|pm|k)$|^\d+-(?:year|month|week|day|hour|minute|page|item|step|point|person)", _I)


#: Farther behind a word that says so, what looks like no other number: "her chart (no. 0091-443)".
_SOMEWHERE_AFTER = re.compile(
    r"\b(?:case|chart|file|record|policy|member|id|i\.d\.|mrn|ssn|docket|claim|insurance|medicaid|medicare|number|badge|inmate|booking|passport|licen[sc]e|permit"
    r"|account|voucher|referral|intake|incident|complaint|wristband|card|plates?|prescription|social|warrant|registration|identifier|confirmation|reference"
    r"|ref|bracelet|visa|ticket|caseload|patient|prisoner|offender|subscriber|beneficiary|group|barcode|label|form|petition)\b[^.!?\n\d$#]{0,40}?(?:\b[Nn]o\. ?|#)?"
    r"(?P<value>(?<![\w.$/:-])(?:(?=[A-Z0-9-]{0,12}[A-Z])(?=(?:[A-Z-]{0,12}\d){3})[A-Z0-9]{1,14}(?:-[A-Z0-9]{1,12}){0,4}|\d{2,8}(?:-\d{2,8}){1,3}|\d{5,14}|[A-Z]{2,4}(?: \d{3,6}){1,4}))"
    r"(?![\w/%]|[.,:]\d| ?(?:[a-z]{3,20}s|people|percent|a\.m|p\.m|am|pm|dollars|square|hours?|times?)\b)",
    _I,
)
_ANY_TELEPHONE = re.compile(r"^1?-?(?:\d{3}-?\d{3}-?\d{4}|\d{3}-\d{4}|0\d{9,10})$")


def records(text: str) -> Iterator[Span]:
    """Numbers of cases, charts, insurance, identity papers and the like."""
    for pattern in _RECORDS:
        for found in pattern.finditer(text):
            value = found["value"]
            bare = value.lstrip("#No. ")
            if _TELEPHONE.match(bare) and "number" not in found[0].lower():
                continue
            if _YEAR.match(bare) or _ORDINAL.match(bare) or sum(character.isdigit() for character in value) < 2:
                continue
            if len(re.sub(r"\W", "", bare)) >= 3 and not _LONG_WORD.match(bare):
                yield found.span("value")


def numbers(text: str) -> Iterator[Span]:
    """What looks like a number of a record and stands some words behind one that says so."""
    for found in _SOMEWHERE_AFTER.finditer(text):
        value = found["value"]
        digits = sum(character.isdigit() for character in value)
        lettered = any(character.isalpha() for character in value)
        if digits >= (3 if lettered else 5) and not (_ANY_TELEPHONE.match(value) or _YEAR.match(value) or _ORDINAL.match(value) or _LONG_WORD.match(value)):
            if value == value.upper():
                yield found.span("value")


# -- postcodes --------------------------------------------------------------------------------------

_STATES = (
    r"(?:A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY]|Alabama|Alaska"
    r"|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky"
    r"|Louisiana|Maine|Maryland|Massachusetts|Mich(?:igan|\.)|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire"
    r"|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Penn(?:sylvania|\.)|Rhode Island"
    r"|South Carolina|South Dakota|Tennessee|Texas|Tex\.|Utah|Vermont|Virginia|Wash(?:ington|\.)|West Virginia|Wisconsin|Wyoming)"
)
_SUFFIX = (
    r"(?:Street|St|Avenue|Ave|Av|Road|Rd|Drive|Dr|Lane|Ln|Boulevard|Blvd|Court|Ct|Place|Pl|Terrace|Ter|Circle|Cir|Way|Parkway|Pkwy|Highway"
    r"|Hwy|Crescent|Cres|Close|Square|Sq|Gardens|Grove|Row|Mews|Trail|Trl|Loop|Alley|Pike|Turnpike|Plaza|Walk|Hill|Rise|View|Path|Run"
    r"|Broadway|Expressway|Quay|Chase|Green|Park|Concession|Line|Sideroad|Route|Heights|Point|Ridge|Crossing|Bend|Vista|Hollow|Landing|Drove|Wharf|Cove|Glen|Common|Commons|Estates?)"
)
_POSTCODES = (
    re.compile(rf"\b{_SUFFIX}\.?(?: \d{{1,4}}[A-Z]?)?,? (?:[A-Z][a-z]{{1,20}},? ){{0,3}}(?P<code>\d{{5}})(?![\w-]|[.,]\d)"),
    re.compile(r"(?P<code>(?<![\w.$#-])\d{5}-\d{4}(?![\w-]))"),
    re.compile(rf"\b{_STATES},? {{1,2}}(?P<code>\d{{5}})(?![\w-]|,\d)"),
    re.compile(r"\b(?:zip|zips|zip ?codes?|postal ?codes?|postcodes?)(?:,? (?:is|was|of|are|there|here|area|code|number|in|like|which is|for (?:her|his|their|the) \w{2,15}))*?\s?[:=,(]? ?[\"“]?(?P<code>\d{5})(?!\w)", _I),
    re.compile(r"(?P<code>(?<![\w.$#,-])\d{5})(?![\w,-])(?: is (?:her|his|their|the|my|our))? (?:zip|postal code|area code|neighborhood|area)\b", _I),
    re.compile(
        r"\b(?:lives?|living|lived|resides?|residing|moved|moving|stays?|staying|housed|apartment|house|home|based|relocated|families|family|clients?"
        r"|born|raised|grew up|teens?|people|kids?|youth|everyone|someone|located|shelter|agency|neighborhood|mom|from)(?: \w{2,12}){0,2}? (?:in|to|from|near|of|within|around|inside) (?:the )?"
        r"(?P<code>\d{5})(?![\w-]|[.,]\d| (?:people|families|clients|students|users|words|homes|dollars|cases|words|followers|members|square|miles|kids|children))",
        _I,
    ),
    re.compile(r"\b[A-Z][a-z]{2,20},? (?P<code>(?<!\d)\d{5})(?=[.,;:!?)\s]|$)(?! (?:people|families|clients|students|users|words|dollars|cases|followers|members))"),
    re.compile(r"(?P<code>(?<!\w)[ABCEGHJ-NPR-TVXY]\d[ABCEGHJ-NPR-TV-Z] ?-?\d[ABCEGHJ-NPR-TV-Z]\d(?!\w))", _I),
    re.compile(r"(?P<code>(?<!\w)(?:GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})(?!\w))"),
    re.compile(r"\bpost ?code(?: (?:is|was|of))?[:,]? (?P<code>[a-z]{1,2}\d[a-z\d]?(?: ?\d[a-z]{2})?(?!\w))", _I),
)


def postcodes(text: str) -> Iterator[Span]:
    """US ZIP codes where the words around say that they are, Canadian and British postcodes by their form."""
    for pattern in _POSTCODES:
        for found in pattern.finditer(text):
            yield found.span("code")


# -- addresses --------------------------------------------------------------------------------------

_DIRECTION = r"(?:[NSEW]\.?|[NS]\.?[EW]\.?|North|South|East|West)"
_UNIT = r"(?:,? ?(?:Apt|Apartment|Unit|Suite|Ste|Flat|Room|Rm|No|Floor|Fl|#)\.? ?#?[A-Za-z]?-?\d{0,5}-?[A-Za-z]?(?!\w))"
_HOUSE = r"(?<![\w.$#/:-])\d{1,6}[A-Za-z]?(?:[-/]\d{1,4}[A-Za-z]?)?(?: ?½| 1/2)?"
_PROPER = r"(?:[A-Z][\w.'’-]{0,25}|\d{1,3}(?:st|nd|rd|th)|of|the|de|la|las|los|del)"
_SMALL_SUFFIX = r"(?:street|st|avenue|ave|road|rd|drive|lane|ln|boulevard|blvd|court|terrace|parkway|circle|crescent)"
_ADDRESSES = (
    re.compile(rf"(?:Flat|Apt\.?|Apartment|Unit|Suite) \w{{1,5}},? {_HOUSE},? (?:{_PROPER} ){{1,4}}{_SUFFIX}\b\.?"),
    re.compile(rf"{_HOUSE},? (?:{_DIRECTION} )?(?:{_PROPER} ){{1,4}}{_SUFFIX}\b\.?(?: {_DIRECTION}(?!\w))?{_UNIT}?"),
    re.compile(rf"{_HOUSE},? (?:{_DIRECTION} )?(?:Broadway|The (?:Crescent|Green|Close|Avenue|Drive|Mews|Grove|Square)|Avenue [A-Z]\b|(?:Highway|Route|Hwy|County Road|County Rd|CR|State Route|State Road|SR|US|Rural Route|RR|Line|Concession Road?) \d{{1,4}}[A-Z]?\b)(?!\w){_UNIT}?"),
    re.compile(rf"{_HOUSE},? (?:bis )?(?:rue|avenue|av\.|boulevard|boul\.|chemin|ch\.|place|calle|avenida|camino) (?:de |du |des |la |le |les |l['’]|Saint-|Ste?-|Ste?\.? ){{0,3}}[A-ZÀ-Ý][\w'’-]{{1,30}}(?: [A-ZÀ-Ý][\w'’-]{{1,30}})?", _I),
    re.compile(rf"(?<![\w.$#/:-])\d{{1,5}}[a-z]? (?:{_DIRECTION} )?(?!(?:minutes?|mins?|hours?|hrs?|miles?|blocks?|people|feet|yards?|years?|months?|weeks?|days?|of|on|or|and|to|in|at|different|more|other|times?|cars?|meters?|kids?|clients?|doors?|men|women|km|per|percent|weeks?|houses?|police)\b)(?:[a-z]{{2,15}}|\d{{1,3}}(?:st|nd|rd|th))(?: (?!(?:the|a|down|from|of|to|at)\b)[a-z]{{2,15}})? {_SMALL_SUFFIX}\b\.?", _I),
    re.compile(rf"\b(?:(?:live|reside|stay)s?|lived|living|moved|staying|residing|house|home|apartment|place|address|party|visit|shop)(?: is| was)? (?:at|to) (?P<place>{_HOUSE} (?:{_DIRECTION} )?[A-Z][a-z'’-]{{2,20}}(?: [A-Z][a-z'’-]{{2,20}})?)(?! (?:people|of))"),
    re.compile(r"\bP\.? ?O\.? ?Box \d{1,7}\b", _I),
    re.compile(r"\b(?:RR|R\.R\.|Rural Route) ?#?\d{1,3}(?:,? Box \d{1,5})?\b"),
    re.compile(r"\b(?:apt|apartment|flat|trailer|lot)\.? (?:#|no\.? ?|number )?(?:\d{1,5}-?[a-z]?|[a-z]-?\d{1,4}|[A-H])(?![\w'’-])(?! (?:and|or|people|women|families|minutes|hours|days|years|months|weeks|miles))", _I),
)
_KNOWN_STREETS = r"(?!(?:Wall|Sesame|Main|Downing|Fleet|Bourbon|Easy|Penny|Abbey|Memory|Silk|Coronation|Hill|High|Home|Jump|Elm) (?:Street|Lane|Road)\b)"
_FULL_SUFFIX = r"(?:Street|St|Avenue|Ave|Road|Rd|Drive|Dr|Lane|Ln|Boulevard|Blvd|Court|Ct|Terrace|Crescent|Close|Parkway|Place|Circle|Way|Pike)"
_STREETS = (
    re.compile(rf"\b(?:on|off|at|near|along|down|by|of|from|to|across|between|up|onto|past)(?: of)? (?:the \w{{3,9}} (?:on|of|at|off) )?(?P<street>{_KNOWN_STREETS}(?:{_DIRECTION} )?(?:(?:[A-Z][\w'’-]{{1,25}}|\d{{1,3}}(?:st|nd|rd|th)) ){{1,3}}{_FULL_SUFFIX}\b(?: (?:East|West|North|South|[NSEW])\b)?(?! [A-Z]|['’]s))"),
    re.compile(r"\b(?:corner|intersection) of (?P<street>(?:[NSEW]\.? )?(?:[A-Z][\w'’-]{1,25}|\d{1,3}(?:st|nd|rd|th))(?: [A-Z][\w'’-]{1,25}\.?){0,2} (?:and|&) (?:[NSEW]\.? )?(?:[A-Z][\w'’-]{1,25}|\d{1,3}(?:st|nd|rd|th))(?: (?:Street|St|Avenue|Ave|Road|Rd|Lane|Blvd)\b)?)"),
    re.compile(r"\b(?:at|on|near|by|off|from|to) (?P<street>\d{1,3}(?:st|nd|rd|th) (?:and|&) (?!Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[A-Z][a-z]{2,15}|(?:\d{1,3}(?:st|nd|rd|th)|[A-Z][a-z]{2,15}) (?:and|&) (?:\d{1,3}(?:st|nd|rd|th)(?! (?:grade|grader|graders|century|floor))|(?:First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Main|Vine|Elm|Oak|Maple|Broadway|Market|Walnut|Pine)\b)(?: (?:Street|St|Avenue|Ave)\b)?)"),
)


def addresses(text: str) -> Iterator[Span]:
    """Street addresses with a number, post office boxes and apartments."""
    for pattern in _ADDRESSES:
        for found in pattern.finditer(text):
            yield found.span("place" if "place" in pattern.groupindex else 0)


def streets(text: str) -> Iterator[Span]:
    """Streets without a number, where the words say that somebody or something is there; and corners."""
    for pattern in _STREETS:
        for found in pattern.finditer(text):
            yield found.span("street")
