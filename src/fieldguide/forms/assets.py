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
    shared = (PLAYER / "page.js", PLAYER / "channel.js", PLAYER / "compare.js")
    return "".join((*map(built, shared), pause.script(), built(STATIC / "form.js"), built(own)))


def styles(own: Path) -> str:
    """The styles of a form; ``own`` comes last."""
    return "".join((player_styles(), pause.styles(), built(STATIC / "form.css"), built(own)))
