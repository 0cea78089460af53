"""The way to somebody's own server in a course: it is for one course, and is started anew for another."""

from __future__ import annotations

from typing import Any

from jupyterhub.handlers import BaseHandler
from tornado.httputil import url_concat
from tornado.web import authenticated

from fieldguide.hub.choosing import ASKED


async def to_own_server(handler: Any, user: Any, course: str, page: str = "") -> str:
    """Where to send a browser so that somebody comes to a page of their server in a course; to its first one by itself.

    Stops their server, where it runs for another course: what was answered there is on disk.
    """
    address = f"{user.server_url('')}{page}"
    spawner = user.spawner
    if spawner.ready:
        if spawner.user_options.get(ASKED) == course:
            return address
        await _stop(handler, user)
    options = {f"opt-{ASKED}": course, "next": address}
    return url_concat(f"{handler.hub.base_url}spawn/{user.escaped_name}", options)


async def _stop(handler: Any, user: Any) -> None:
    """Stop somebody's server, however long that takes: the hub itself goes on to the next page after ten seconds, where
    a server that still ends is neither there nor to be started for a course."""
    await (await handler.stop_single_user(user))


class CourseHandler(BaseHandler):  # type: ignore[misc]
    """``POST /hub/course``: opens the course that somebody chose among theirs; which they may, their start looks at."""

    @authenticated
    async def post(self) -> None:
        self.redirect(await to_own_server(self, self.current_user, self.get_body_argument("course")))


class CloseHandler(BaseHandler):  # type: ignore[misc]
    """``POST /hub/close``: stops the server of whoever asks, where it runs, and goes back to their courses."""

    @authenticated
    async def post(self) -> None:
        if self.current_user.spawner.ready:
            await _stop(self, self.current_user)
        self.redirect(f"{self.hub.base_url}home")


#: What a hub answers where people have servers of their own.
OWN_SERVER = [(r"/close", CloseHandler), (r"/course", CourseHandler)]
