"""What the hub does where somebody logs in with a password, or logs out."""

from __future__ import annotations

import math
from typing import Any, NoReturn

from jupyterhub.handlers import LoginHandler, LogoutHandler
from tornado.web import HTTPError

from fieldguide.hub.ownserver import OWN_SERVER
from fieldguide.hub.pages import Spoken, language_asked, refusal


class PasswordHandler(LoginHandler):  # type: ignore[misc]
    """``/hub/login``: the form for name and password; what went wrong is told in it."""

    _is_old_form = False

    def check_xsrf_cookie(self) -> None:
        """Refuse a form that this browser was not given. Raises HTTPError."""
        try:
            super().check_xsrf_cookie()
        except HTTPError:
            self._is_old_form = True
            raise

    def _render(self, login_error: str | None = None, username: str | None = None, **more: Any) -> Any:
        # JupyterHub gives a status where an error was raised, and none where name or password is wrong.
        status = more.get("status_code")
        if login_error and status != 429:
            why = "wrong" if status is None else "form_expired" if self._is_old_form else "log_in_failed"
            login_error = Spoken("hub", language_asked(self)).say(why)
        return super()._render(login_error=login_error, username=username, **more)


class LoggedOutHandler(LogoutHandler):  # type: ignore[misc]
    """``/hub/logout``: logs out, and says so."""

    async def render_logout_page(self) -> None:
        """Show that one is logged out."""
        self.finish(await self.render_template("logout.html", authenticator=self.authenticator))


#: What a hub answers whose people log in with passwords, and what every hub of ours answers.
LOG_IN = [(r"/login", PasswordHandler)]
EVERY = [(r"/logout", LoggedOutHandler), *OWN_SERVER]


def refuse_for_now(handler: Any, wait: float) -> NoReturn:
    """Say that there were too many wrong passwords: ``wait`` seconds are left. Raises HTTPError, for the form."""
    minutes = math.ceil(wait / 60)
    raise refusal(429, Spoken("hub", language_asked(handler)).count("too_many", minutes))
