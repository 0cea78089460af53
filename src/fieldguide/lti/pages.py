"""The pages of the service of course sites: they bring all that they need, and may stand inside a course site's."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from fieldguide.coursepage.assets import FOLDERS
from fieldguide.words import Words, in_html

_WORDS = Words("lti")
say = _WORDS.say
#: The one script of these pages: what was picked goes on by itself, and by a button where no script runs.
SENDS = "document.forms[0].submit()"
_FOLDER = Path(__file__).parent
_OWN = """
fieldset { border: 1px solid var(--edge); border-radius: var(--round); }
fieldset label { display: flex; gap: 0.5rem 0.75rem; align-items: center; min-block-size: 2.75rem; }
fieldset input { flex: none; inline-size: 1.5rem; block-size: 1.5rem; accent-color: var(--accent); }
fieldset p { margin: 0; }
"""


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(template: str, **values: Any) -> str:
    """A page, in the language that is spoken."""
    return _templates().get_template(template).render(say=say, language=in_html, style=style(), **values)


def of_text(text: str) -> str:
    """What a policy names so that a style or script of this text is taken, and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


@cache
def style() -> str:
    """The style of these pages, which is the course page's, with room for a finger where modules are picked."""
    return (FOLDERS[0] / "static" / "built" / "theme.css").read_text(encoding="utf-8") + _OWN


def points(worth: float) -> str:
    """What a module is worth, in words."""
    return _WORDS.count("points", worth) if worth else say("no_points")


def problem(why: str, **values: str) -> str:
    """The page that says why somebody was not let in: ``why`` is the name of a sentence, what to do is its ``_do``."""
    return page("problem.html", why=say(why, **values), to_do=say(f"{why}_do", **values))
