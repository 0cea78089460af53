"""The way to a student's own server in a course: it is for one course, and is started anew for another."""

from __future__ import annotations

from typing import Any

from jupyterhub.handlers import BaseHandler
from tornado.httputil import url_concat
from tornado.web import authenticated

#: Below the hub's address: opens one of the courses that somebody takes.
COURSE = "/course"


async def to_own_server(handler: Any, user: Any, course: str, page: str = "") -> str:
    """Where to send a browser so that somebody comes to a page of the course page in a course.

    Stops their server, where it runs for another course: what was answered there is on disk.
    """
    address = f"{user.server_url('')}fieldguide/{page}"
    spawner = user.spawner
    if spawner.ready:
        if spawner.environment.get("FIELDGUIDE_COURSE_ID") == course:
            return address
        await handler.stop_single_user(user)
    options = {"opt-course": course, "next": address}
    return url_concat(f"{handler.hub.base_url}spawn/{user.escaped_name}", options)


class CourseHandler(BaseHandler):  # type: ignore[misc]
    """``POST /hub/course``: opens the course that somebody chose among theirs; which they may, their start looks at."""

    @authenticated
    async def post(self) -> None:
        self.redirect(await to_own_server(self, self.current_user, self.get_body_argument("course")))
