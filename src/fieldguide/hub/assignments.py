"""nbgrader's list of assignments on a student's server, loaded when JupyterLab first asks for it.

Whoever stays on the course page never does. Loaded with the server, nbgrader takes 25 MB of it, and seconds of the time
until a student is at Home.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_server.utils import url_path_join
from tornado.routing import Matcher, Rule
from tornado.web import RequestHandler

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp
    from tornado.httputil import HTTPServerRequest

_OWN = ("assignments", "courses", "nbgrader_version")


class _Loading(Matcher):
    """Matches nothing, but has nbgrader's handlers be there for whoever asks next: the rest of the same look-up."""

    def __init__(self, app: ServerApp) -> None:
        self._app = app
        base = app.web_app.settings["base_url"]
        self._addresses = tuple(url_path_join(base, name) for name in _OWN)
        self._loaded = False

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        if not self._loaded and request.path.startswith(self._addresses):
            from nbgrader.server_extensions.assignment_list.handlers import load_jupyter_server_extension

            self._loaded = True
            load_jupyter_server_extension(self._app)
        return None


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "fieldguide.hub.assignments"}]


def _load_jupyter_server_extension(app: ServerApp) -> None:
    app.web_app.add_handlers(".*$", [Rule(_Loading(app), RequestHandler)])  # type: ignore[no-untyped-call]
