"""From where somebody comes to where they go: what is known of a visit between its steps, and that each is taken once.

A visit belongs to one browser, by a cookie: a link or form that somebody else sends begins none in a reader's browser.
Nothing is kept for whoever only asks, so nobody can fill the memory.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from typing import Any

import jwt

from fieldguide.openid.tokens import SKEW, RefusedError

#: How long a course site may take to send somebody on, in seconds.
_TO_COME = 600
#: How long the hub may take to ask who somebody is.
_TO_ENTER = 120


def digest(browser: str) -> str:
    """What stands for a browser's cookie where it is kept."""
    return hashlib.sha256(browser.encode()).hexdigest()


class Visits:
    """All visits. ``clock`` tells seconds since 1970."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._secret = secrets.token_hex(32)
        self._clock = clock
        #: Nonces that have come back, and codes with who is to be let in, each with the time until it is kept.
        self._used: dict[str, float] = {}
        self._entering: dict[str, tuple[float, str, dict[str, Any]]] = {}

    def begin(self, browser: str, issuer: str, client_id: str) -> tuple[str, str]:
        """Begin a visit from a course site: the state and the nonce that it is to send back."""
        nonce = secrets.token_urlsafe(24)
        told = {
            "browser": digest(browser),
            "issuer": issuer,
            "client": client_id,
            "nonce": nonce,
            "until": self._clock() + _TO_COME,
        }
        return jwt.encode(told, self._secret, "HS256"), nonce

    def resume(self, browser: str, state: str) -> dict[str, Any]:
        """What was begun: issuer, client and nonce. Raises RefusedError where it was not, here and in this browser."""
        try:
            told: dict[str, Any] = jwt.decode(state, self._secret, algorithms=["HS256"])
        except jwt.InvalidTokenError:
            raise RefusedError("not_begun") from None
        if told["until"] < self._clock():
            raise RefusedError("expired")
        if not browser:
            raise RefusedError("no_cookie")
        if not hmac.compare_digest(told["browser"], digest(browser)):
            raise RefusedError("not_begun")
        return told

    def use(self, nonce: str, begun: str) -> None:
        """Use up a nonce that came back, for what was ``begun`` with one. Raises RefusedError where it is another, or
        came before."""
        now = self._clock()
        self._used = {one: until for one, until in self._used.items() if until > now}
        if not hmac.compare_digest(nonce, begun):
            raise RefusedError("not_begun")
        if nonce in self._used:
            raise RefusedError("again")
        self._used[nonce] = now + _TO_COME + SKEW

    def let_in(self, browser: str, who: dict[str, Any]) -> str:
        """A code by which the hub can ask once who somebody is."""
        now = self._clock()
        self._entering = {code: kept for code, kept in self._entering.items() if kept[0] > now}
        code = secrets.token_urlsafe(24)
        self._entering[code] = (now + _TO_ENTER, digest(browser), who)
        return code

    def enter(self, browser: str, code: str) -> dict[str, Any] | None:
        """Who it is that comes with a code; None where it was used, is too old, or comes from another browser."""
        until, expected, who = self._entering.pop(code, (0.0, "", {}))
        if until < self._clock() or not hmac.compare_digest(expected, digest(browser)):
            return None
        return who
