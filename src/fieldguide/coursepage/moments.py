"""Moments as pages tell them: in UTC, until a page's script says them in the reader's own zone."""

from __future__ import annotations

from markupsafe import Markup, escape

from fieldguide.coursepage.course import read_time
from fieldguide.words import Words


def timed(words: Words, name: str, time: str, **values: object) -> Markup:
    """A text with a time in it (ISO 8601, in UTC), which the page's script says in the reader's own zone."""
    moment = read_time(time)
    shown = f'<time data-near datetime="{moment:%Y-%m-%dT%H:%M:%S}Z">{moment:%Y-%m-%d, %H:%M} UTC</time>'
    return Markup(str(escape(words.say(name, time="\0", **values))).replace("\0", shown))  # noqa: S704 (escaped here)
