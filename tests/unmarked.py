"""What a page says without the marks of the pseudo language, in which every sentence has them at both of its ends."""

from __future__ import annotations

import re

from fieldguide.words.pseudo import CLOSING, OPENING

_MARKED = re.compile(f"{OPENING}[^{OPENING}{CLOSING}]*{CLOSING}")


def unmarked(text: str) -> list[str]:
    """The words of a text, one or more letters, that stand between no marks. A text may stand inside another."""
    count = 1
    while count:
        text, count = _MARKED.subn(" ", text)
    return re.findall(r"[^\W\d_]+", text)
