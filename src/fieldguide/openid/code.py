"""Sign-in at a service by a code: where a browser is sent, and who it is that comes back.

The specification: https://openid.net/specs/openid-connect-core-1_0.html, section 3.1, with PKCE (RFC 7636). The
service's addresses are what it tells of itself at ``issuer/.well-known/openid-configuration``.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.httputil import url_concat

from fieldguide.openid.keys import SignerKeys
from fieldguide.openid.tokens import RefusedError, read_claims

_WAIT = 10
#: How long what the service tells of itself is taken as so, in seconds.
_FRESH = 3600
_AN_ERROR = re.compile(r"[a-z_]{1,60}")


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of somebody between going to the service and coming back; for their browser alone."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Visit:
        """A visit that begins."""
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))


@dataclass(frozen=True, slots=True)
class _Told:
    """What the service tells of itself."""

    name: str
    issuer: str
    client_id: str
    keys: str
    authorization: str
    token: str
    userinfo: str
    by_form: bool


class CodeSignIn:
    """Sign-in at one service. ``name`` is the service's for people, ``returns`` is our address that it sends them back
    to, and ``secret`` finds the word that it knows us by. Every method raises RefusedError."""

    def __init__(self, name: str, issuer: str, client_id: str, returns: str, secret: Callable[[], str]) -> None:
        self._name, self._issuer, self._client_id = name, issuer, client_id
        self._returns, self._secret = returns, secret
        self._keys = SignerKeys()
        self._turn = asyncio.Lock()
        self._told: tuple[float, _Told] | None = None

    async def look(self) -> None:
        """Ask the service what it tells of itself, which is as it has to be."""
        await self._service()

    async def way_there(self, visit: Visit, scope: str) -> str:
        """Where to send a browser."""
        service = await self._service()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(visit.verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code",
            "scope": scope,
            "client_id": self._client_id,
            "redirect_uri": self._returns,
            "state": visit.state,
            "nonce": visit.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return str(url_concat(service.authorization, asked))

    async def who(self, visit: Visit, code: str, *wanted: str) -> dict[str, Any]:
        """Whom a code stands for, as claims. Where the token lacks one that is ``wanted``, the service is asked."""
        service = await self._service()
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._returns,
            "code_verifier": visit.verifier,
        }
        headers = {}
        if service.by_form:
            asked |= {"client_id": self._client_id, "client_secret": self._secret()}
        else:
            word = f"{quote(self._client_id, safe='')}:{quote(self._secret(), safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(word.encode()).decode('ascii')}"
        told = await self._ask(service.token, urlencode(asked), **headers)
        token = told.get("id_token")
        if not isinstance(token, str):
            raise RefusedError("malformed")
        claims = await read_claims(token, service, self._keys.find)
        if not secrets.compare_digest(claims["nonce"].encode(), visit.nonce.encode()):
            raise RefusedError("not_begun")
        if not {*wanted} <= claims.keys() and service.userinfo and isinstance(told.get("access_token"), str):
            more = await self._ask(service.userinfo, Authorization=f"Bearer {told['access_token']}")
            if more.get("sub") != claims["sub"]:  # it is another's
                raise RefusedError("malformed")
            claims = more | claims
        return claims

    async def _service(self) -> _Told:
        """What the service tells of itself, not longer ago than an hour."""
        async with self._turn:
            now = time.monotonic()
            if self._told is None or now - self._told[0] > _FRESH:
                told = await self._ask(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
                self._told = now, self._read(told)
            return self._told[1]

    def _read(self, told: Mapping[str, Any]) -> _Told:
        # Another's addresses would get our people and our secret.
        if told.get("issuer") != self._issuer:
            raise RefusedError("other_issuer", detail=f"it calls itself {str(told.get('issuer'))[:200]!r}")
        places = {name: told.get(name) for name in ("jwks_uri", "authorization_endpoint", "token_endpoint")}
        userinfo = told.get("userinfo_endpoint", "")
        for place in (*places.values(), *([userinfo] if userinfo else [])):
            if not isinstance(place, str) or not is_private(place):
                raise RefusedError("malformed")
        ways = told.get("token_endpoint_auth_methods_supported")
        by_form = isinstance(ways, list) and "client_secret_basic" not in ways and "client_secret_post" in ways
        keys, authorization, token = map(str, places.values())
        return _Told(self._name, self._issuer, self._client_id, keys, authorization, token, userinfo, by_form)

    async def _ask(self, address: str, body: str | None = None, **headers: str) -> dict[str, Any]:
        request = HTTPRequest(
            address,
            "GET" if body is None else "POST",
            headers={"Accept": "application/json", **headers},
            body=body,
            connect_timeout=_WAIT,
            request_timeout=_WAIT,
            follow_redirects=False,  # a code, a secret and a token go nowhere else
        )
        try:
            answer = await AsyncHTTPClient().fetch(request)
            told = json.loads(answer.body)
        except HTTPClientError as error:
            said = _error(error.response.body if error.response else b"")
            why = "code_refused" if body is not None and said == "invalid_grant" else "service_silent"
            raise RefusedError(why, detail=f"{urlsplit(address).path}: {error.code} {said}".rstrip()) from None
        except (OSError, ValueError) as error:
            detail = f"{urlsplit(address).path}: {type(error).__name__}"
            raise RefusedError("service_silent", detail=detail) from None
        if not isinstance(told, dict):
            raise RefusedError("malformed")
        return told


def is_private(address: str) -> bool:
    """Whether nobody on the way reads what goes to an address: by HTTPS, or on this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in ("127.0.0.1", "localhost")))


def _error(body: bytes) -> str:
    """The error's name as the specification has it; nothing else of an answer comes into a log."""
    try:
        said = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        return ""
    return said if isinstance(said, str) and _AN_ERROR.fullmatch(said) else ""
