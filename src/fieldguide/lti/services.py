"""What is asked of a course site's own services, with a token that it gives for the tool's signature (OAuth 2).

Each answer is bounded in size and time, no redirect is followed, and a token goes to no other address than the one
that a launch named.
"""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import jwt
import requests

from fieldguide.lti.settings import Settings
from fieldguide.lti.store import Place
from fieldguide.school.reading import Lms

#: How long to wait for a connection, and for each part of an answer, in seconds.
_WAIT = (10, 30)
#: The most that is read of one answer, in bytes: a page of a class list has some kB.
_LARGEST = 4 << 20
#: So many pages are read of a list at most: a course site that pages one person at a time has 500 in them.
_MOST_PAGES = 500
#: A token is asked for anew so long before it ends, in seconds.
_EARLY = 60
#: How long a busy course site may have a sending wait, in seconds.
LONGEST_PAUSE = 20
#: The most that is kept and told of what a course site said, in signs.
_MOST_SAID = 200


@dataclass(frozen=True, slots=True)
class Signature:
    """How this server is known to a course site: the client's id there, where tokens are asked for and for which
    audience, and the tool's private key (PEM) with its id."""

    client: str
    token_address: str
    audience: str
    key: str
    key_id: str


class SiteError(Exception):
    """A course site did not do what it was asked. ``why`` names a reason that the desk has words for, ``said`` is what
    the site said of it, and ``ends``: whatever else is asked now would have the same answer."""

    def __init__(self, why: str, said: str = "", *, ends: bool = False) -> None:
        super().__init__(why)
        self.why, self.said, self.ends = why, said, ends


class Services:
    """A course site's services. ``sleep`` is how to wait where it asks for that. Any thread may use it."""

    def __init__(self, signature: Signature, sleep: Callable[[float], None] = time.sleep) -> None:
        self._signature, self._sleep = signature, sleep
        self._tokens: dict[frozenset[str], tuple[str, float]] = {}
        self._lock = threading.Lock()

    def get(self, address: str, scopes: Iterable[str], media: str) -> tuple[Any, str]:
        """What is at an address, and the address of its next page, empty where there is none. Raises SiteError."""
        answer = self._ask("GET", address, frozenset(scopes), {"Accept": media}, None)
        return _json(answer), _next_page(answer)

    def pages(self, address: str, scopes: Iterable[str], media: str) -> Iterator[Any]:
        """The pages of a list, one after the other. Raises SiteError, also where they have no end."""
        seen: set[str] = set()
        begin, scopes = urlsplit(address), frozenset(scopes)
        while address:
            if address in seen or len(seen) >= _MOST_PAGES:
                raise SiteError("no_end")
            seen.add(address)
            page, address = self.get(address, scopes, media)
            if address and urlsplit(address)[:2] != begin[:2]:
                raise SiteError("elsewhere")
            yield page

    def post(self, address: str, scopes: Iterable[str], media: str, body: Mapping[str, object]) -> Any:
        """Send something to an address; returns what is answered, None where that is nothing. Raises SiteError."""
        headers = {"Content-Type": media, "Accept": "application/json" if media == SCORE_MEDIA else media}
        answer = self._ask("POST", address, frozenset(scopes), headers, json.dumps(body).encode())
        return _json(answer) if answer.body else None

    def _ask(
        self, method: str, address: str, scopes: frozenset[str], headers: dict[str, str], body: bytes | None
    ) -> _Answer:
        """One request, with a new token where it is not taken any more, and once more where the site is busy."""
        renewed = waited = False
        while True:
            token = self._token(scopes)
            answer = _request(method, address, {**headers, "Authorization": f"Bearer {token}"}, body)
            if answer.status == 401 and not renewed:
                renewed = True
                self._drop(scopes, token)
                continue
            pause = _pause(answer)
            if answer.status in (429, 503) and not waited and pause is not None and pause <= LONGEST_PAUSE:
                waited = True
                self._sleep(pause)
                continue
            if not 200 <= answer.status < 300:
                raise _refusal(answer)
            return answer

    def _token(self, scopes: frozenset[str]) -> str:
        with self._lock:
            token, until = self._tokens.get(scopes, ("", 0.0))
            if time.monotonic() >= until:
                token, lasts = self._new_token(scopes)
                self._tokens[scopes] = token, time.monotonic() + lasts - _EARLY
        return token

    def _drop(self, scopes: frozenset[str], token: str) -> None:
        with self._lock:
            if self._tokens.get(scopes, ("", 0.0))[0] == token:
                del self._tokens[scopes]

    def _new_token(self, scopes: frozenset[str]) -> tuple[str, float]:
        """A token, and how long it lasts in seconds. Raises SiteError."""
        tool, now = self._signature, int(time.time())
        claims = {
            "iss": tool.client,
            "sub": tool.client,
            "aud": tool.audience or tool.token_address,
            "iat": now - 5,  # its clock may be a little behind
            "exp": now + 60,
            "jti": uuid.uuid4().hex,
        }
        sent = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": jwt.encode(claims, tool.key, "RS256", {"kid": tool.key_id}),
            "scope": " ".join(sorted(scopes)),
        }
        body = urlencode(sent).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        answer = _request("POST", tool.token_address, headers, body)
        if answer.status in (400, 401, 403):
            raise SiteError("no_token", _said(answer), ends=True)
        if not 200 <= answer.status < 300:
            raise _refusal(answer)
        match _json(answer):
            case {"access_token": str(token), **rest} if token:
                lasts = rest.get("expires_in", 0)
                return token, float(lasts) if isinstance(lasts, int | float) else 0.0
        raise SiteError("not_understood", ends=True)


class Sites:
    """The services of the course sites that the settings name, each with its tokens."""

    def __init__(self, told: Settings) -> None:
        self._told, self._kept = told, dict[Lms, Services]()

    def of(self, place: Place) -> Services | None:
        """Those of the course site of a place; None where the school does not have it any more."""
        platform = self._told.platform(place.issuer, place.client)
        if platform is None:
            return None
        if platform not in self._kept:
            told = self._told
            signature = Signature(platform.client_id, platform.token, platform.token_audience, told.key, told.key_id)
            self._kept[platform] = Services(signature)
        return self._kept[platform]


SCORE_MEDIA = "application/vnd.ims.lis.v1.score+json"


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    address: str


def _request(method: str, address: str, headers: Mapping[str, str], body: bytes | None) -> _Answer:
    """One request. Raises SiteError where no answer comes."""
    session = requests.Session()
    session.trust_env = False  # no password from a file
    try:
        with session.request(
            method, address, data=body, headers=headers, timeout=_WAIT, allow_redirects=False, stream=True
        ) as got:
            content = got.raw.read(_LARGEST + 1, decode_content=True)
            answer = _Answer(got.status_code, got.headers, content, address)
    except requests.Timeout as error:
        raise SiteError("no_answer", ends=True) from error
    except (requests.RequestException, OSError, ValueError) as error:
        raise SiteError("unreachable", ends=True) from error
    if len(answer.body) > _LARGEST:
        raise SiteError("too_long", ends=True)
    return answer


def _refusal(answer: _Answer) -> SiteError:
    said = _said(answer)
    match answer.status:
        case 401:
            return SiteError("no_token", said, ends=True)
        case 403:
            return SiteError("not_allowed", said)
        case 404 | 410:
            return SiteError("not_there", said)
        case 409:
            return SiteError("later_there", said)
        case 429:
            return SiteError("busy", said, ends=True)
        case status if 300 <= status < 400:
            return SiteError("elsewhere", said, ends=True)
        case status if 400 <= status < 500:
            return SiteError("not_taken", said)
        case _:
            return SiteError("out_of_order", said, ends=True)


def _said(answer: _Answer) -> str:
    """What a course site says of a refusal, as one short line; empty where it says nothing to read."""
    text = answer.body.decode("utf-8", "replace")
    try:
        text = " ".join(_texts(json.loads(text)))
    except (ValueError, RecursionError):
        if "<" in text:  # a page
            return ""
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return text if len(text) <= _MOST_SAID else f"{text[: _MOST_SAID - 1]}…"


def _texts(told: object) -> Iterator[str]:
    match told:
        case str():
            yield told
        case dict():
            for name in ("error_description", "error", "errors", "message", "detail", "reason", "title"):
                if name in told:
                    yield from _texts(told[name])
        case list():
            for one in told[:3]:
                yield from _texts(one)


def _pause(answer: _Answer) -> float | None:
    """How long a busy course site asks to wait, in seconds; None where it does not say."""
    told = answer.headers.get("Retry-After", "").strip()
    if told.isdecimal():
        return float(told)
    try:
        until = parsedate_to_datetime(told)
    except ValueError:
        return None
    return max(0.0, (until - datetime.now(until.tzinfo and UTC)).total_seconds())


def _json(answer: _Answer) -> Any:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise SiteError("not_understood", ends=True) from error


def _next_page(answer: _Answer) -> str:
    """The address of the next page, as the header Link names it."""
    for link in re.finditer(r"<([^>]*)>((?:\s*;[^,<]*(?:\"[^\"]*\")?)*)", answer.headers.get("Link", "")):
        if re.search(r";\s*rel\s*=\s*(?:\"(?:[^\"]*\s)?next(?:\s[^\"]*)?\"|next(?=[\s;,]|$))", link[2], re.IGNORECASE):
            return str(urljoin(answer.address, link[1]))
    return ""
