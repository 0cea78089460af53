"""The public keys of those who sign tokens, by their ids: got when one is needed, and again when there is a new one."""

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

from fieldguide.openid.tokens import RefusedError, Signer

#: How long keys are taken as theirs who sign, how long where they do not answer, and how often they are asked at most,
#: in seconds.
_FRESH, _STALE, _BETWEEN = 3600, 24 * 3600, 10
_WAIT = 10
_SMALLEST_BITS = 2048


@dataclass(slots=True)
class _Known:
    keys: dict[str, Any] = field(default_factory=dict)
    at: float = float("-inf")
    asked: float = float("-inf")


class SignerKeys:
    """The keys of all who sign. ``clock`` tells seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._known: dict[str, _Known] = defaultdict(_Known)
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._clock = clock

    async def find(self, signer: Signer, kid: str) -> Any:
        """A key of who signs, by its id. Raises RefusedError where there is none, or nobody answers."""
        known = self._known[signer.keys]
        async with self._turns[signer.keys]:  # of a class that begins at nine, one asks
            now = self._clock()
            answered = True
            # Anybody can name a key that there is not: nobody is asked for each.
            if (kid not in known.keys or now - known.at > _FRESH) and now - known.asked > _BETWEEN:
                known.asked = now
                answered = await self._ask(signer, known)
            if kid in known.keys and now - known.at <= _STALE:
                return known.keys[kid]
            raise RefusedError("signature" if answered and known.keys else "site_silent", site=signer.name)

    async def _ask(self, signer: Signer, known: _Known) -> bool:
        request = HTTPRequest(
            signer.keys, connect_timeout=_WAIT, request_timeout=_WAIT, headers={"Accept": "application/json"}
        )
        try:
            answer = await AsyncHTTPClient().fetch(request)
            told = json.loads(answer.body)["keys"]
        except (HTTPClientError, OSError, ValueError, KeyError, TypeError) as error:
            logging.getLogger(__name__).warning("The keys of %s could not be got: %s", signer.name, error)
            return False
        known.keys = dict(filter(None, map(_key, told if isinstance(told, list) else ())))
        known.at = self._clock()
        return True


def _key(said: object) -> tuple[str, Any] | None:
    """A key with its id, where it is one to sign with."""
    if not isinstance(said, dict) or said.get("kty") != "RSA" or not isinstance(said.get("kid"), str):
        return None
    if said.get("use", "sig") != "sig" or said.get("alg", "RS256") != "RS256":
        return None
    try:
        key = jwt.PyJWK(said, algorithm="RS256").key
    except (jwt.InvalidKeyError, jwt.PyJWKError):
        return None
    # A private key among them would be of use to sign with, and is not what anybody publishes.
    return (said["kid"], key) if "d" not in said and key.key_size >= _SMALLEST_BITS else None
