"""E-mail addresses and links.

Every pattern here repeats a bounded number of times, so that no text, however made, takes long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldguide.pause.wordlists import listed

Span = tuple[int, int]

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
_PUBLIC_SITES = listed("""
    socialworkers.org naswdc.org naswpress.org naswassurance.org cswe.org aswb.org nyu.edu umich.edu cdc.gov hhs.gov
    nih.gov samhsa.gov ed.gov who.int pewresearch.org apa.org doi.org 988lifeline.org thetrevorproject.org
    childwelfare.gov congress.gov ssa.gov fcc.gov ftc.gov usa.gov gov.uk canada.ca casw-acts.ca basw.co.uk ifsw.org
    un.org wikipedia.org crisistextline.org rainn.org thehotline.org eff.org scholar.google.com law.cornell.edu
    census.gov nami.org mhanational.org socialworkblog.org socialworkhelper.com socialworker.com socialworktoday.com
    socialworktech.com
""")
#: Platforms: their sites lead to nobody as long as no page is named.
_PLATFORM_SITES = listed("""
    facebook.com instagram.com tiktok.com twitter.com x.com linkedin.com youtube.com snapchat.com reddit.com google.com
    whatsapp.com discord.com pinterest.com tumblr.com zoom.us gmail.com yahoo.com outlook.com hotmail.com icloud.com
    canva.com amazon.com netflix.com chatgpt.com openai.com doxy.me venmo.com yelp.com healthgrades.com nextdoor.com
    gofundme.com tinder.com threads.net bsky.app aol.com spotify.com medium.com wordpress.com blogspot.com substack.com
    quora.com msn.com bing.com psychologytoday.com
""")


def emails(text: str) -> Iterator[Span]:
    """E-mail addresses, and those that spell out the sign: "dana (at) mail dot org"."""
    for found in _EMAIL.finditer(text):
        yield found.span()
    for found in _SPELLED_EMAIL.finditer(text):
        if not _AT_A_SITE.search(found[0]):
            yield found.span()


def links(text: str) -> Iterator[tuple[int, int, bool]]:
    """Addresses of pages, each with whether it may lead to somebody: not so the sources that everybody cites, nor a
    platform named by its site."""
    for found in _LINK.finditer(text):
        link = found[0].rstrip(_AFTER_LINK)
        host, _, path = re.sub(r"^https?://", "", link.lower()).partition("/")
        host = re.split(r"[?#:]", host.removeprefix("www."))[0]
        named = "/" in link or "www" in link.lower()
        if "." in host and (named or not _PATH_NEEDED.search(host)):
            telling = not (_public(host) or (host in _PLATFORM_SITES and not path))
            yield found.start(), found.start() + len(link), telling


def _public(host: str) -> bool:
    parts = host.split(".")
    return any(".".join(parts[at:]) in _PUBLIC_SITES for at in range(len(parts) - 1))
