"""Closes Formgrader while the course's settings cannot be read, and says so on its pages and in the server's log.

nbgrader only logs that a settings file is damaged, and goes on without it: feedback would show best answers that were
to be withheld, and without ``configure`` released notebooks would hold keys.
"""

from __future__ import annotations

import html
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web
from tornado.routing import Matcher, Rule

from fieldguide.grading.course import CourseError, read_config
from fieldguide.words import Words, in_html

if TYPE_CHECKING:
    from collections.abc import Callable
    from logging import Logger

    from tornado.httputil import HTTPServerRequest

say = Words("closing").say

_PAGE = """<!DOCTYPE html>
<html {language}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1rem/1.5 sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p><strong>{why}</strong></p>
<p>{what}</p>
</main>
</body>
</html>
"""


class Closing(Matcher):
    """Matches the requests to Formgrader that must be refused because the settings cannot be read now.

    ``on_readable`` is called when they can be read again, as nbgrader may have loaded its own without them. ``why``
    says why they cannot be read, with file and line; None where they can.
    """

    def __init__(self, formgrader: Any, base: str, log: Logger, on_readable: Callable[[], None]) -> None:
        self._formgrader = formgrader
        self._pages = url_path_join(base, "formgrader")
        self._log = log
        self._on_readable = on_readable
        self.why: str | None = None
        self._look()

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        inside = request.path.removeprefix(self._pages)
        if inside == request.path or inside[:1] not in ("", "/") or inside.startswith("/static/"):
            return None
        self._look()
        return None if self.why is None else {}

    def _look(self) -> None:
        before, self.why = self.why, why_unreadable(self._folder())
        if self.why is not None and self.why != before:
            self._log.error("Formgrader is closed: %s", self.why)
        if self.why is None and before is not None:
            self._log.info("Formgrader is open again: the course's settings can be read.")
            self._on_readable()

    def _folder(self) -> Path:
        """The folder where nbgrader begins to look for settings: the current one, or the chosen one of several
        courses."""
        return Path.cwd() if self._formgrader.load_cwd_config else Path(self._formgrader.coursedir.root)


class Closed(JupyterHandler):
    """Answers every request to Formgrader with the reason why it is closed."""

    def initialize(self, closing: Closing) -> None:
        self._closing = closing

    @web.authenticated
    def get(self) -> None:
        self.set_status(HTTPStatus.SERVICE_UNAVAILABLE)
        self.set_header("Cache-Control", "no-store")
        why = html.escape(self._closing.why or "")
        self.finish(_PAGE.format(language=in_html(), title=say("title"), why=why, what=say("what")))

    post = put = delete = get


def why_unreadable(folder: Path) -> str | None:
    """Why the settings of a folder cannot be read, with file and line; None where they can."""
    try:
        read_config(folder)
    except CourseError as error:
        return str(error)
    return None


def close_while_unreadable(
    web_app: web.Application, formgrader: Any, log: Logger, on_readable: Callable[[], None]
) -> None:
    """Refuse all requests to Formgrader on a server while its course's settings cannot be read."""
    closing = Closing(formgrader, web_app.settings["base_url"], log, on_readable)
    web_app.default_router.rules.insert(0, Rule(closing, Closed, {"closing": closing}))
