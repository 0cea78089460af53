"""Lets an assistant in to what `rights` names and to nothing that is not there, at whatever server has the desk.

Whoever is let in to a part of Jupyter can do there what the server's account can. An instructor is let in to all.
"""

from __future__ import annotations

from typing import Any, NoReturn

from jupyterhub.singleuser.extension import JupyterHubIdentityProvider, JupyterHubUser
from tornado.web import Finish, RequestHandler

from fieldguide.coursepage.handlers import POLICY, OnServer, RefusedError
from fieldguide.desk.page import AtDesk, named, to_desk
from fieldguide.desk.rights import assistant_may
from fieldguide.words import Words, asked_first, speaking


class Grader(JupyterHubUser):  # type: ignore[misc]
    """Somebody at a course's desk: an instructor, or else an assistant, who is told who the ``instructors`` are."""

    def __init__(self, hub_user: dict[str, Any], *, teaches: bool, instructors: tuple[str, ...]) -> None:
        super().__init__(hub_user)
        self.teaches, self.instructors = teaches, instructors


class Gate(JupyterHubIdentityProvider):  # type: ignore[misc]
    """Knows who asks by what the hub tells of them, and refuses what they may not. Every handler that knows people asks
    it first, also one that asks nobody else."""

    async def grader_of(self, person: dict[str, Any]) -> Grader | None:
        """Somebody as the hub tells of them; None where they have to log in once more."""
        raise NotImplementedError

    async def get_user(self, handler: Any) -> Grader | None:
        """Who asks; None where they have to log in, and for an assistant where nobody has to.

        Raises RefusedError and Finish where they may not.
        """
        known = await super().get_user(handler)
        if known is not None and not isinstance(known, Grader):
            known = handler._jupyterhub_user = await self.grader_of(known.hub_user)
        if known is None or known.teaches or assistant_may(handler):
            return known
        if _needs_nobody(handler):
            return None
        handler.current_user = handler._jupyter_current_user = known
        refuse(handler, known.instructors)


class BehindGate:
    """What Jupyter's server is too where it stands behind a ``gate``."""

    gate: type[Gate]
    identity_provider: Any
    identity_provider_class: Any

    def init_configurables(self) -> None:
        """Put the gate where JupyterHub has put its own, or end."""
        self.identity_provider_class = self.gate
        super().init_configurables()  # type: ignore[misc]
        if type(self.identity_provider) is not self.gate:
            raise SystemExit("The server does not start: it would let everybody in to everything.")


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
