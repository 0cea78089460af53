"""What a server holds between two pages of the desk, such as a file that was made and is not fetched yet.

Held in memory alone, so grades and class lists do not come to lie about.
"""

from __future__ import annotations

import secrets

#: So many are held at once; then the oldest gives way, and is made again where it is still wanted.
_MOST = 8


class Held:
    """What is held, each under a name that nobody can guess."""

    def __init__(self) -> None:
        self._kept: dict[str, object] = {}

    def keep(self, thing: object) -> str:
        """Hold something, and return under which name."""
        while len(self._kept) >= _MOST:
            del self._kept[next(iter(self._kept))]
        name = secrets.token_urlsafe(16)
        self._kept[name] = thing
        return name

    def get(self, name: str) -> object:
        """What is held under a name; None where it is nothing, or nothing any more."""
        return self._kept.get(name)
