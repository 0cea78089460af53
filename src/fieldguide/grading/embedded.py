"""Data within a page of HTML: what feedback tells, in an element that no browser runs or shows.

An exchange returns one page of HTML for each notebook and nothing else.
"""

from __future__ import annotations

import json
from typing import Any

from fieldguide.responses.lines import parse

#: The version of the data's form. Who reads one of a later version says so, rather than show less than was told.
VERSION = 1
_OPENS = '<script type="application/json" id="fieldguide-feedback">'
_CLOSES = "</script>"


def embedded(value: object) -> str:
    """The element with a value, in JSON's types. No text in it can end the element or begin another."""
    text = json.dumps(value, separators=(",", ":"))  # in ASCII, so that half a character pair can be written too
    text = text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")
    return f"{_OPENS}{text}{_CLOSES}"


def find_embedded(page: bytes) -> Any:
    """The value in a page, half a character pair mended; None where it has no element with one.

    Raises ValueError where there is such an element, and what it holds cannot be read.
    """
    _, opens, rest = page.partition(_OPENS.encode())
    if not opens:
        return None
    text, closes, _ = rest.partition(_CLOSES.encode())
    if not closes:
        raise ValueError("the data is cut off")
    try:
        return parse(text)
    except RecursionError:
        raise ValueError("the data is nested too deep") from None
