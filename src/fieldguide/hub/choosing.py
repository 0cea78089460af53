"""What a hub asks before it starts a server that is for one course alone: which."""

from __future__ import annotations

import html
from collections.abc import Iterable

from fieldguide.words import Words


def choice(field: str, places: Iterable[tuple[str, str]]) -> str:
    """The form for it, as HTML, in the language that is spoken; nothing where there is but one place to go.

    ``field`` is the name under which the answer comes, ``places`` are the answers, each with what people read.
    """
    rows = [
        f'<p><label><input type="radio" name="{field}" value="{html.escape(value)}" required> '
        f"{html.escape(told)}</label></p>"
        for value, told in places
    ]
    if len(rows) < 2:
        return ""
    return f"<fieldset><legend>{html.escape(Words('hub').say('which_course'))}</legend>{''.join(rows)}</fieldset>"
