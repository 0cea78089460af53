"""User names: by their sign or form, and after words that say so.

Every pattern here repeats a bounded number of times, so that no text, however made, takes long.
"""

from __future__ import annotations

import re

from fieldguide.pause.detector import Form, by_form, found
from fieldguide.pause.lists import listed, one_of

_I = re.IGNORECASE

_PLATFORMS = one_of("""
    facebook, fb, instagram, insta, ig, snapchat, snap, sc, tik ?tok, twitter, discord, reddit, tumblr,
    telegram, kik, venmo, cash ?app, youtube, twitch, threads, bluesky, roblox, xbox, steam, fortnite,
    playstation, psn, whatsapp, linkedin, pinterest, bereal, onlyfans, skype, signal, messenger, minecraft,
    spotify, mastodon, wattpad, depop, vsco, finsta
""")
_PLATFORM = re.compile(rf"\b{_PLATFORMS}\b", _I)
_QUOTE = r"[\"'“‘(*]{0,2}"
#: With a dot, a figure or a hyphen inside, as no word of a sentence has.
_MARKED = r"(?=[\w.-]{0,40}(?:[^\W\d_][.\-]?\d|[^\W\d_]\.[^\W_]|\d[^\W\d_]|_))[^\W_](?:[\w.-]{0,40}\w)?"

# -- by their form ----------------------------------------------------------------------------------

_SIGNED = (
    re.compile(r"(?<![\w@./+-])@(?=[\w.-]{0,40}[^\W\d_])\w(?:[\w.-]{0,40}\w)?"),
    re.compile(r"(?<![\w/])/?u/[\w-]{2,40}\b"),
    re.compile(r"(?<![\w#])[\w.]{2,32}#\d{4}\b"),
)
_FORMED = (
    # "moonchild_09"
    re.compile(r"(?<![\w./@-])(?=[\w.-]{0,40}[^\W\d_])[^\W_][\w.-]{0,40}_[\w.-]{0,40}\w(?![\w@/])"),
    # "lilmarco05", "xXWolf2009"
    re.compile(r"(?<![\w@./#-])(?:[a-z]{5,20}\d{2,4}|[A-Za-z]{0,15}[a-z][A-Z][A-Za-z]{1,20}\d{1,4})(?![\w@/-]|\.\w)"),
    re.compile(r"(?<=\buser )(?=[\w.-]{0,40}\d)[A-Za-z][\w.-]{2,39}\w(?![\w@/-]|\.\w)"),
)
#: Two words joined by a full stop, near the name of a platform: "the TikTok, by sad.caseworker".
_DOTTED = re.compile(r"(?<![\w@./:-])[a-z][a-z0-9_]{2,24}(?:\.[a-z0-9_]{2,24}){1,2}(?![\w@/-]|\.\w)")

# -- after words that say so ------------------------------------------------------------------------

_NAME_OF = one_of(r"""
    user ?names?, handles?, screen ?names?, gamer ?tags?, user ?id, @ ?name, tag name, login, login name
""")
_CALLED_SO = re.compile(
    rf"\b(?:{_NAME_OF}|{_PLATFORMS} (?:name|tag|user|id|account|page))"
    r"(?: (?:on|for|there) (?:the )?[\w ]{2,20}?)?"
    rf"(?:(?: (?:is|was|reads|called|being)|\s?[:=])(?: now| still| just)? {{0,2}}{_QUOTE}"
    r"(?P<plain>(?=[\w.-]{0,40}[^\W\d_])[^\W_](?:[\w.-]{1,40})?\w)"
    r"(?=[\"'”’)]|[.,;:!?]?(?:\s*$|\s+(?:on|and|but|if|so|in case|for|because)\b)|[.,;:!?])"
    rf"| {_QUOTE}(?P<marked>{_MARKED}))",
    _I | re.MULTILINE,
)
_BETWEEN = one_of("""
    account, profile, name, page, user, username, handle, id, tag, channel, is, was, as, under, called, named,
    at, it['’]?s, by, my, her, his, their, being, still, now, search, me, for, just, she, he, they, she['’]s,
    he['’]s, i['’]m, am
""")
_ON_PLATFORM = re.compile(
    rf"\b{_PLATFORMS}(?:'s|’s)?(?=[\s:=,(\"“'‘])(?: {_BETWEEN}){{0,4}}\s?[:=,]?(?: at)? ?{_QUOTE}(?P<marked>{_MARKED})",
    _I,
)
_BEFORE_PLATFORM = re.compile(
    rf"(?P<marked>(?<![\w.@/-]){_MARKED}){_QUOTE}['\"”’]? (?:on|over on|in) (?:her |his |their |my "
    rf"|the )?{_PLATFORMS}\b",
    _I,
)
#: "her tiktok is danadances", but not "her tiktok is embarrassing".
_OWN_PLATFORM = re.compile(
    rf"\b(?:her|his|their|my|[a-z]{{2,14}}['’]s) {_PLATFORMS}(?: (?:account|name|page))?(?: is|'s|’s|:) {_QUOTE}"
    r"(?P<marked>(?=\w{0,40}[^\W\d_])(?!\w{2,30}(?:ing|ed|ly|ful|ous|ive|ic|al|ble|less|[ae]nt)\b)\w{6,40})"
    r"(?=[\"'”’)]|[.,;:!?]?(?:\s*$|\s+(?:and|but|if|so)\b)|[.,;:!?])",
    _I | re.MULTILINE,
)
_GOING_BY = one_of("""
    goes, go, went, going, signs? in, signed in, logs? in, logged in, posts, posted, posting, known, signed,
    signs, plays, streams, tweets, shows up, listed, appears, find her, find him, find them, find me, accounts?,
    profile, page, alias, channel, username, follow, follows, followed, following, tag, tags, tagged, add,
    added, add me, added me, added her, added him, dm, dms, dmed, named, called
""")
_GOES_BY = re.compile(
    rf"\b{_GOING_BY}(?: (?:by|as|under|is|was|called|named|online|there|the|name|it|an|account)){{0,4}}[\s:] ?{_QUOTE}"
    rf"(?P<marked>(?=[\w.-]{{0,40}}[^\W\d_]{{2}}){_MARKED})",
    _I,
)

# -- what only looks like one -----------------------------------------------------------------------

_PLAIN_WORDS = listed("""
    is was are on the a an and or not private public still gone deleted for from in that this which who to it
    its has had so but changed change changes real name names she he they her his their my your our were be can
    could may should because if when of with visible hidden anonymous different same shared online there too
    also under policy policies would will must often never always needs just only might here short easy hard
    something similar mine ours unknown taken blocked obvious funny fake nothing everything important enough
    known fine clear
""")
_NOBODY = listed("everyone here channel all home work school me you us them nasw naswsocialworkers cswe nyu umich")
_NO_USER_NAME = re.compile(
    # files, products and parts of a course
    r"(?:IMG|DSC|PXL|VID|MVI)_|.*\.(?:docx?|pdf|jpe?g|png|heic|mp[34]|mov|xlsx?|csv|txt|pptx?|ipynb|py|md)$"
    r"|(?:covid|iphone|ipad|windows|galaxy|pixel|gpt|chatgpt|chapter|module|question|page|week|unit|section"
    r"|table|figure"
    r"|xbox|playstation|form|version|android|macos|standard|sars)\d"
    # times, ages, abbreviations
    r"|(?:\d+(?:st|nd|rd|th|am|pm|k|x|s|yo|y|m|hrs?|mins?)?|\d[\d.,:-]*\w?|\d+-\w+(?:-\w+){0,2}|[a-z]\.[a-z]\.?)$"
    r"|(?:covid-19|mp[34]|web2\.0|h\.r|b2b|cps|4chan|24-7|\w+-\d{2}|dsm-\w+|title-\w+|u\.s|ph\.d|e\.g|i\.e)$",
    _I,
)


def _nobody(match: re.Match[str]) -> bool:
    return match[0][1:].lower() in _NOBODY


def _other(match: re.Match[str]) -> bool:
    return bool(_NO_USER_NAME.match(found(match)))


def _plain(match: re.Match[str]) -> bool:
    return found(match).lower() in _PLAIN_WORDS or _other(match)


def _near_a_platform(match: re.Match[str]) -> bool:
    text = match.string
    near = text[max(0, match.start() - 40) : match.start()] + "." + text[match.end() : match.end() + 25]
    return bool(_PLATFORM.search(near))


#: "@sunny.dee", "moonchild_09", "her Insta is sunny.dee", "goes by Sk8rGurl on Discord"
USER_NAMES = by_form(
    "handle",
    *(Form(pattern, exception=_nobody) for pattern in _SIGNED),
    *(Form(pattern, exception=_other) for pattern in _FORMED),
    Form(_DOTTED, cue=_near_a_platform, exception=_other),
    *(
        Form(pattern, exception=_plain)
        for pattern in (_CALLED_SO, _ON_PLATFORM, _BEFORE_PLATFORM, _OWN_PLATFORM, _GOES_BY)
    ),
)
