"""The server's reply when a notebook of ours is opened: whether its cells may run by themselves."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_core.paths import jupyter_data_dir
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import ApiPath, to_os_path, url_path_join
from tornado import web

from fieldguide.opening.copies import AutorunPolicy, OwnCopies
from fieldguide.words import ABOUT, ENGLISH, Words, speaking

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


class OpenHandler(APIHandler):
    """Answers ``{"own", "why", "may_start"}`` for ``{"path", "anyway"}``, and to GET what the page says in ``lang``."""

    auth_resource = "contents"

    def initialize(self, policy: AutorunPolicy) -> None:
        self._policy = policy

    @web.authenticated
    @authorized
    def get(self) -> None:
        """The words, by their names, in the language of a notebook."""
        with speaking(self.get_query_argument("lang", ENGLISH)):
            self.finish(Words(ABOUT).words() | Words("opening").words())

    @web.authenticated
    @authorized
    def post(self) -> None:
        """Decide, and remember the notebook where its cells may run."""
        match self.get_json_body():
            case {"path": str(path), **more}:
                notebook = Path(to_os_path(ApiPath(path), self.settings["server_root_dir"]))
            case _:
                raise web.HTTPError(400, "Expected a path.")
        if not notebook.is_file():  # the notebooks of this server are not files on its disk
            raise web.HTTPError(404, "There is no such file.")
        why = self._policy.refusal(notebook, anyway=more.get("anyway") is True)
        if why is None:
            self._policy.remember(notebook)
        self.finish({"own": why is None, "why": why, "may_start": why != "submission"})


def add_handlers(app: ServerApp) -> None:
    """Add the handler to this server."""
    own = OwnCopies(Path(jupyter_data_dir()) / "fieldguide" / "own-copies.jsonl")
    policy = AutorunPolicy.for_role(own, os.environ)
    address = url_path_join(app.web_app.settings["base_url"], "fieldguide", "open")
    app.web_app.add_handlers(".*$", [(address, OpenHandler, {"policy": policy})])  # type: ignore[no-untyped-call]
