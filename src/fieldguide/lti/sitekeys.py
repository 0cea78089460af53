"""The public keys of course sites, by their ids: asked for when one is needed, and again when a site has a new one."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jwt
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

from fieldguide.lti.message import RefusedError
from fieldguide.school.reading import Lms

#: How long keys are taken as the site's, how long where the site does not answer, and how often it is asked at most, in
#: seconds.
_FRESH, _STALE, _BETWEEN = 3600, 24 * 3600, 10
_WAIT = 10
_SMALLEST_BITS = 2048


@dataclass(slots=True)
class _Known:
    keys: dict[str, Any] = field(default_factory=dict)
    at: float = float("-inf")
    asked: float = float("-inf")


class SiteKeys:
    """The keys of all course sites. ``clock`` tells seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._known: dict[str, _Known] = defaultdict(_Known)
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._clock = clock

    async def find(self, platform: Lms, kid: str) -> Any:
        """A course site's key of an id. Raises RefusedError where the site has none, or does not answer."""
        known = self._known[platform.keys]
        async with self._turns[platform.keys]:  # of a class that begins at nine, one asks
            now = self._clock()
            answered = True
            # Anybody can name a key that there is not: a site is not asked for each.
            if (kid not in known.keys or now - known.at > _FRESH) and now - known.asked > _BETWEEN:
                known.asked = now
                answered = await self._ask(platform, known)
            if kid in known.keys and now - known.at <= _STALE:
                return known.keys[kid]
            raise RefusedError("signature" if answered and known.keys else "site_silent", site=platform.name)

    async def _ask(self, platform: Lms, known: _Known) -> bool:
        request = HTTPRequest(
            platform.keys, connect_timeout=_WAIT, request_timeout=_WAIT, headers={"Accept": "application/json"}
        )
        try:
            answer = await AsyncHTTPClient().fetch(request)
            told = json.loads(answer.body)["keys"]
        except (HTTPClientError, OSError, ValueError, KeyError, TypeError) as error:
            logging.getLogger(__name__).warning("The keys of %s could not be got: %s", platform.name, error)
            return False
        known.keys = dict(filter(None, map(_key, told if isinstance(told, list) else ())))
        known.at = self._clock()
        return True


def _key(said: object) -> tuple[str, Any] | None:
    """A key with its id, where it is one that a course site signs with."""
    if not isinstance(said, dict) or said.get("kty") != "RSA" or not isinstance(said.get("kid"), str):
        return None
    if said.get("use", "sig") != "sig" or said.get("alg", "RS256") != "RS256":
        return None
    try:
        key = jwt.PyJWK(said, algorithm="RS256").key
    except (jwt.InvalidKeyError, jwt.PyJWKError):
        return None
    # A private key among them would be of use to sign with, and is not what a site publishes.
    return (said["kid"], key) if "d" not in said and key.key_size >= _SMALLEST_BITS else None
