"""Who is let in at a course's own server, and to what: ``python -P -m fieldguide.school.gate``.

The server runs as the course's account, so whoever is let in to a part of Jupyter can do what that account can. An
instructor is let in to all. An assistant is let in to what `desk.rights` names, and to nothing that is not there.
"""

from __future__ import annotations

import grp
import os
from typing import Any, NoReturn

from jupyterhub.singleuser.extension import JupyterHubIdentityProvider, JupyterHubUser
from tornado.web import Finish, RequestHandler

from fieldguide.coursepage.handlers import POLICY, OnServer, RefusedError
from fieldguide.desk.page import AtDesk, named, to_desk
from fieldguide.desk.rights import assistant_may
from fieldguide.grading.names import BEGINS
from fieldguide.school import INSTRUCTORS
from fieldguide.school.listening import GivenServerApp, serve
from fieldguide.school.reading import GRADER
from fieldguide.school.scopes import score, teach
from fieldguide.words import Words, asked_first, speaking

#: How long a server goes by what the hub told it of somebody, in seconds. The hub itself looks as often.
_REMEMBERED = 25


class Grader(JupyterHubUser):  # type: ignore[misc]
    """Somebody at a course's server: an instructor, or else an assistant."""

    def __init__(self, hub_user: dict[str, Any], *, teaches: bool, instructors: tuple[str, ...]) -> None:
        super().__init__(hub_user)
        self.teaches, self.instructors = teaches, instructors


class Gate(JupyterHubIdentityProvider):  # type: ignore[misc]
    """Knows who asks by the hub's scopes, and refuses what they may not. Every handler that knows people asks it
    first, also one that asks nobody else."""

    async def get_user(self, handler: Any) -> Grader | None:
        """Who asks; None where they have to log in, and for an assistant where nobody has to.

        Raises RefusedError and Finish where they may not.
        """
        known = await super().get_user(handler)
        if known is not None and not isinstance(known, Grader):
            known = handler._jupyterhub_user = grader_of(known.hub_user)
        if known is None or known.teaches or assistant_may(handler):
            return known
        if _needs_nobody(handler):
            return None
        handler.current_user = handler._jupyter_current_user = known
        refuse(handler, known.instructors)


def grader_of(person: dict[str, Any]) -> Grader | None:
    """Somebody as the hub tells of them; None where what they logged in with is older than their role."""
    course, group = os.environ["JUPYTERHUB_SERVICE_NAME"], os.environ[INSTRUCTORS]
    held = set(person["scopes"])
    teaches = teach(course) in held
    # A scope that somebody got after they logged in is not in their token, and their groups tell that it should be.
    if not teaches and (score(course) not in held or group in person.get("groups", ())):
        return None
    return Grader(person, teaches=teaches, instructors=named_in(group))


def named_in(group: str) -> tuple[str, ...]:
    """The people in a group of the system whose account's name tells who they are, by name."""
    try:
        names = grp.getgrnam(group).gr_mem
    except KeyError:
        return ()
    return tuple(sorted(name for name in names if not name.startswith((GRADER, BEGINS))))


def _needs_nobody(handler: Any) -> bool:
    """Whether what is asked for is open to whoever has not logged in, too."""
    return bool(getattr(getattr(handler, handler.request.method.lower(), None), "__allow_unauthenticated", False))


def refuse(handler: Any, instructors: tuple[str, ...]) -> NoReturn:
    """Say that it needs an instructor, and who they are: on a page where somebody looks at one."""
    with speaking(asked_first(handler.request.headers.get("Accept-Language", ""))):
        said = f"{Words('desk').say('needs_instructor')} {named(instructors)}".rstrip()
        if isinstance(handler, OnServer):
            raise RefusedError(403, said)
        answer: str | dict[str, str] = {"message": said}
        handler.set_status(403)
        handler.set_header("Content-Security-Policy", POLICY)
        handler.set_header("Cache-Control", "no-store")
        if handler.request.method == "GET" and "text/html" in handler.request.headers.get("Accept", ""):
            handler.set_header("Content-Type", "text/html; charset=utf-8")
            page = _Refusal(handler)
            values: dict[str, Any] = {"problem": said, "texts": [], "again": None, "looks": None, "back": to_desk(page)}
            answer = page.rendered("trouble.html", **values)
    # Not as the handler itself finishes: one of JupyterLab's cannot, before it has done its work.
    RequestHandler.finish(handler, answer)
    raise Finish


class _Refusal(OnServer):
    """The page of a refusal, in place of a handler that is not ours."""

    folders = AtDesk.folders

    def __init__(self, handler: Any) -> None:
        self.settings, self.request = handler.settings, handler.request
        self.base_url, self.xsrf_token = handler.base_url, handler.xsrf_token


class CourseServerApp(GivenServerApp):
    """Jupyter's server behind the gate."""

    def init_configurables(self) -> None:
        """Put the gate where JupyterHub has put its own, or end."""
        self.identity_provider_class = Gate
        self.config.HubOAuth.cache_max_age = _REMEMBERED
        super().init_configurables()
        if type(self.identity_provider) is not Gate:
            raise SystemExit("The server does not start: it would let everybody in to everything.")


if __name__ == "__main__":
    serve(CourseServerApp)
