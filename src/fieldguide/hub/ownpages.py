"""A student's server shows pages to that student's browser alone.

A student's server runs what the student likes, and all servers have one address: a page of it, opened by an instructor
who is logged in, could use the desk in the instructor's name. So the hub gives each browser a word at log-in, which
says whose browser it is, and the proxy lets nothing through to somebody's server without theirs. Only hub and proxy
can make such a word.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from fieldguide.cookies import cookie_name, is_secure

#: Tells the proxy what the cookie is called, and the key of its words.
TOLD = "FIELDGUIDE_OWN_PAGES"
#: Below the hub's address: gives a browser its word, and goes on to a page.
ADDRESS = "/own"
_COOKIE = "fieldguide-own"
SERVER = re.compile(r"/user/([^/]+)")


class OwnPages:
    """Makes and reads the words; ``told`` is what hub and proxy tell each other, and nobody else."""

    def __init__(self, told: str) -> None:
        self.cookie, _, key = told.partition(" ")
        self._key = key.encode()

    @classmethod
    def made(cls, *, over_https: bool) -> str:
        """What to tell, with a new key."""
        return f"{cookie_name(_COOKIE, over_https=over_https)} {secrets.token_hex(32)}"

    @classmethod
    def here(cls, environment: Mapping[str, str]) -> OwnPages | None:
        """What this process was told; None where servers are not kept apart so."""
        told = environment.get(TOLD)
        return cls(told) if told else None

    def word(self, name: str) -> str:
        """The word of somebody's browser."""
        return hmac.new(self._key, name.encode(), "sha256").hexdigest()

    def may_see(self, prefix: str, cookie: str | None, authorization: str | None) -> bool:
        """Whether a request may go on to the server that the proxy has at ``prefix``.

        ``authorization`` is that header: a program's token is sent by no browser that opens a page.
        """
        of = SERVER.fullmatch(prefix.rstrip("/"))
        if of is None:
            return True
        if (authorization or "").lower().startswith(("token ", "bearer ")):
            return True
        return hmac.compare_digest((cookie or "").encode(), self.word(unquote(of[1])).encode())

    def give(self, handler: Any, name: str) -> None:
        """Give the word to the browser that asked ``handler``."""
        secure = is_secure(self.cookie)
        handler.set_cookie(self.cookie, self.word(name), path="/", httponly=True, secure=secure, samesite="Lax")


def asking(uri: str) -> str:
    """Where the proxy sends a browser that has not the word for a page of a server."""
    return f"/hub{ADDRESS}?next={quote(uri, safe='')}"
