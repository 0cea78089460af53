"""E-mail addresses and links.

Every pattern here repeats a bounded number of times, so that no text, however made, takes long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from fieldguide.pause.detector import Candidate, Detector, Form, by_form
from fieldguide.pause.lists import read_list
from fieldguide.pause.reading import Reading

_I = re.IGNORECASE

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_SPELLED_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?(?:\(at\)|\[at\]|\{at\}| at )\s?[\w-]{1,40}\s?"
    r"(?:\(dot\)|\[dot\]|\{dot\}| dot |\.)\s?(?:com|org|net|edu|gov|ca|uk|co\.uk|io)\b",
    _I,
)
#: "look at facebook.com"
_AT_A_SITE = re.compile(r" at .{0,60}\.", _I)

_ENDINGS = (
    "com|org|net|edu|gov|mil|info|biz|ca|uk|us|au|ie|io|co|me|ly|gg|tv|gl|ee|app|page|site|blog|social|be|health|care"
)
_LINK = re.compile(
    rf"(?:https?://|www\.)[^\s<>\"“”]{{2,2000}}|(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,4}}(?:{_ENDINGS})"
    r"(?![\w-]|\.\w)(?:[/?#][^\s<>\"“”]{0,2000})?",
    _I,
)
_AFTER_LINK = ".,;:!?)]}>'\"”’*_"
#: Without a path these are more often a slip of the space bar ("home.me") than a site.
_PATH_NEEDED = re.compile(r"\.(?:me|us|co|ly|be|page|site|app|care|health|social|blog|tv|gl|ee|gg)$", _I)
#: Sources that everybody cites.
_PUBLIC_SITES = read_list("left_alone", "public sites")
#: Platforms: their sites lead to nobody as long as no page is named.
_PLATFORM_SITES = read_list("left_alone", "platform sites")


def _links(reading: Reading, known: Set[str]) -> Iterator[Candidate]:
    """Addresses of pages. Sources that everybody cites are left alone, and so is a platform named by its site."""
    for found in _LINK.finditer(reading.text):
        link = found[0].rstrip(_AFTER_LINK)
        host, _, path = re.sub(r"^https?://", "", link.lower()).partition("/")
        host = re.split(r"[?#:]", host.removeprefix("www."))[0]
        named = "/" in link or "www" in link.lower()
        if "." in host and (named or not _PATH_NEEDED.search(host)):
            left_alone = _public(host) or (host in _PLATFORM_SITES and not path)
            yield Candidate("" if left_alone else "link", found.start(), found.start() + len(link))


def _public(host: str) -> bool:
    parts = host.split(".")
    return any(".".join(parts[at:]) in _PUBLIC_SITES for at in range(len(parts) - 1))


#: Also with the sign spelled out: "dana (at) mail dot org".
EMAILS = by_form("email", Form(_EMAIL), Form(_SPELLED_EMAIL, exception=lambda match: _AT_A_SITE.search(match[0])))
LINKS = Detector(("link",), _links, formal=True)
