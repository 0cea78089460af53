"""What a cookie of this server is called, and whether it goes by HTTPS alone. Stands alone."""

from __future__ import annotations

_HOST = "__Host-"


def by_https(address: str) -> bool:
    """Whether people come by HTTPS to a server of this address, as they type it."""
    return address.startswith("https://")


def cookie_name(name: str, *, over_https: bool) -> str:
    """What a cookie is called in browsers: with HTTPS in a way in which no other machine can set it (RFC 6265bis)."""
    return f"{_HOST}{name}" if over_https else name


def is_secure(cookie: str) -> bool:
    """Whether a cookie of this name goes by HTTPS alone."""
    return cookie.startswith(_HOST)
