"""The hub's page that gives a browser the word by which the proxy lets it through to its own server (ownpages.py)."""

from __future__ import annotations

from urllib.parse import unquote

from jupyterhub.handlers import BaseHandler
from tornado.web import authenticated

from fieldguide.hub.ownpages import SERVER, OwnPages
from fieldguide.hub.pages import Spoken, language_asked, refusal


class OwnHandler(BaseHandler):  # type: ignore[misc]
    """``GET own?next=``: gives whoever is logged in their word, and goes on, where that is to their own server."""

    own: OwnPages

    def initialize(self, own: OwnPages) -> None:
        """Take what makes the words."""
        super().initialize()
        self.own = own

    @authenticated
    def get(self) -> None:
        name, wanted = self.current_user.name, self.get_argument("next", "")
        at = SERVER.match(wanted)
        if at is None or unquote(at[1]) != name:
            raise refusal(403, Spoken("starting", language_asked(self)).say("somebody_elses"))
        self.own.give(self, name)
        self.redirect(wanted)
