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

say = Words("lti").say
_FOLDER = Path(__file__).parent


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
    return _templates().get_template(template).render(say=say, language=in_html, style=_style(), **values)


def styles() -> str:
    """What a policy names so that a page's own style is taken, and no other."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode("ascii")
    return f"'sha256-{digest}'"


@cache
def _style() -> str:
    return (FOLDERS[0] / "static" / "built" / "theme.css").read_text(encoding="utf-8")


def problem(why: str, **values: str) -> str:
    """The page that says why somebody was not let in: ``why`` is the name of a sentence, what to do is its ``_do``."""
    return page("problem.html", why=say(why, **values), to_do=say(f"{why}_do", **values))
