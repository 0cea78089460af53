"""Script and styles of forms, to which each form adds its own."""

from __future__ import annotations

from pathlib import Path

from fieldguide.forms.words import STATIC
from fieldguide.pause import assets as pause
from fieldguide.player.assets import built
from fieldguide.player.assets import styles as player_styles
from fieldguide.player.words import STATIC as PLAYER


def script(own: Path) -> str:
    """What all pages of a notebook are made with, the review of a text, what forms share, and then ``own``."""
    page, channel, form, rest = map(built, (PLAYER / "page.js", PLAYER / "channel.js", STATIC / "form.js", own))
    return "".join((page, channel, pause.script(), form, rest))


def styles(own: Path) -> str:
    """The styles of a form; ``own`` comes last."""
    return "".join((player_styles(), pause.styles(), built(STATIC / "form.css"), built(own)))
