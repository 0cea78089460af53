"""What a hub asks before it starts a server that is for one course alone: which."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from typing import Any

from jupyterhub.spawner import SpawnException

from fieldguide.hub.pages import Spoken, language_asked
from fieldguide.words import Words

#: The name of what is asked: in the form, and in what the hub keeps of an answer (``user_options``).
ASKED = "course"


def choice(places: Iterable[tuple[str, str]]) -> str:
    """The form for it, as HTML, in the language that is spoken; nothing where there is but one place to go.

    ``places`` are the answers, each with what people read.
    """
    rows = [
        f'<p><label><input type="radio" name="{ASKED}" value="{html.escape(value)}" required> '
        f"{html.escape(told)}</label></p>"
        for value, told in places
    ]
    if len(rows) < 2:
        return ""
    return f"<fieldset><legend>{html.escape(Words('hub').say('which_course'))}</legend>{''.join(rows)}</fieldset>"


def chosen(form: Mapping[str, list[str]]) -> dict[str, str]:
    """What was answered to it."""
    return {ASKED: form.get(ASKED, [""])[0]}


def one_of(places: Iterable[str], spawner: Any, nowhere: str) -> str:
    """Which of somebody's places a server is for, which is kept beside the server.

    Raises SpawnException, for the page: where there is none with the hub's sentence ``nowhere``, and where there are
    several and none of them was chosen.
    """
    options = tuple(places)
    wanted = options[0] if len(options) == 1 else (spawner.user_options or {}).get(ASKED)
    if wanted not in options:
        why = "no_choice" if options else nowhere
        said = Spoken("hub", language_asked(spawner.handler)).say(why)
        refused = SpawnException(said, reason=why, status_code=403)
        refused.jupyterhub_message = said
        raise refused
    spawner.user_options = {ASKED: wanted}
    return str(wanted)
