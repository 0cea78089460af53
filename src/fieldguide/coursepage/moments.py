"""Moments as pages tell them: in UTC, until a page's script says them in the reader's own zone."""

from __future__ import annotations

from markupsafe import Markup, escape

from fieldguide.coursepage.course import read_time
from fieldguide.words import Words


def timed(words: Words, name: str, time: str, *, n: int | None = None, **values: object) -> Markup:
    """A text with a time in it (ISO 8601, in UTC), which the page's script says in the reader's own zone; with ``n`` in
    the plural form that this number asks for."""
    moment = read_time(time)
    shown = f'<time data-near datetime="{moment:%Y-%m-%dT%H:%M:%S}Z">{moment:%Y-%m-%d, %H:%M} UTC</time>'
    text = words.say(name, time="\0", **values) if n is None else words.count(name, n, time="\0", **values)
    return Markup(str(escape(text)).replace("\0", shown))  # noqa: S704 (escaped here)
