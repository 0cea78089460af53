"""The course page's addresses on a Jupyter server."""

from __future__ import annotations

import os
from logging import Logger, LoggerAdapter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_core.paths import jupyter_data_dir
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web

from fieldguide.coursepage import assets
from fieldguide.coursepage.exchange import StudentExchange
from fieldguide.coursepage.feedbackpage import FeedbackPage
from fieldguide.coursepage.handing import HandIn
from fieldguide.coursepage.home import FetchFeedback, Glossary, Home, Look, LookAgain, Open, Renew, Start
from fieldguide.coursepage.hosting import Hosts
from fieldguide.coursepage.modulepage import ModulePage, News, Say
from fieldguide.coursepage.votepage import EnterCode, LookAtVote, SendVote, VotePage, VotingNow
from fieldguide.live.client import LiveVotes
from fieldguide.opening.copies import AutorunPolicy, OwnCopies

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


class Course:
    """What the handlers of one server share."""

    def __init__(self, root: Path, log: Logger | LoggerAdapter[Any]) -> None:
        own = OwnCopies(Path(jupyter_data_dir()) / "fieldguide" / "own-copies.jsonl")
        self.policy = AutorunPolicy.for_role(own, os.environ)
        self.hosts = Hosts()
        self.exchange = StudentExchange(root, log)
        self.live = LiveVotes.here(os.environ)


class Static(JupyterHandler):
    """``GET static/<name>``: what pages bring along, by names that change with it.

    It holds nothing of a person, and asks for no login: JupyterHub takes a browser's cookie only with a token that a
    script's address cannot carry.
    """

    @allow_unauthenticated
    def get(self, name: str) -> None:
        found = assets.asset(name)
        if found is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", f"{found.type}; charset=utf-8")
        self.set_header("Content-Encoding", "gzip")
        self.set_header("Cache-Control", "private, max-age=31536000, immutable")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.finish(found.packed)


def add_handlers(app: ServerApp) -> None:
    """Add the course page to this server."""
    course = {"course": Course(Path(app.web_app.settings["server_root_dir"]).expanduser(), app.log)}
    handlers: list[tuple[str, type[JupyterHandler], dict[str, Any]]] = [
        ("?", Home, course),  # with the last slash or without
        ("look", Look, course),
        ("look-again", LookAgain, course),
        ("start", Start, course),
        (r"open/([^/]+)", Open, course),
        ("fetch-feedback", FetchFeedback, course),
        ("renew", Renew, course),
        ("glossary", Glossary, course),
        (r"module/(.+\.ipynb)", ModulePage, course),
        (r"hand-in/(.+\.ipynb)", HandIn, course),
        (r"feedback/(.+)", FeedbackPage, course),
        (r"say/(.+\.ipynb)", Say, course),
        (r"news/(.+\.ipynb)", News, course),
        ("voting", VotingNow, course),
        ("live/?", EnterCode, course),
        (r"live/(\w+)", VotePage, course),
        (r"live/(\w+)/look", LookAtVote, course),
        (r"live/(\w+)/vote", SendVote, course),
        (r"static/([\w.-]+)", Static, {}),
    ]
    base = url_path_join(app.web_app.settings["base_url"], "fieldguide/")
    app.web_app.add_handlers(".*$", [(base + path, handler, values) for path, handler, values in handlers])  # type: ignore[no-untyped-call]
