"""Log-in by the system's accounts and passwords (PAM), or by the school's own sign-in service in their place.

Who is in which course is what the system's groups say.
"""

from __future__ import annotations

import os
import pwd
from typing import Any as Anything

from jupyterhub.auth import PAMAuthenticator
from traitlets import Any, Bool, Instance, Set, Unicode, default

from fieldguide.hub.brake import Brake
from fieldguide.hub.handlers import EVERY, LOG_IN, refuse_for_now
from fieldguide.hub.ownhandler import OwnHandler
from fieldguide.hub.ownpages import ADDRESS, OwnPages
from fieldguide.school.accounts import groups_of, is_person
from fieldguide.school.entering import EnterHandler, ModulesHandler
from fieldguide.school.signin import BACK, BEGIN, BackHandler, BeginHandler

_NOBODYS = "no-such-account"


class SchoolAuthenticator(PAMAuthenticator):  # type: ignore[misc]
    """Lets in whoever is in a group of a course. A change of a group holds from the next page on, with no restart."""

    over_https = Bool(False, help="Whether people reach this hub by HTTPS.").tag(config=True)
    entering = Any(help="The way in for those who come from a course site, or None.", default_value=None).tag(
        config=True
    )
    signing_in = Any(help="The school's own sign-in service, or None.", default_value=None).tag(config=True)
    course_groups = Set(Unicode(), help="The system's groups of all courses.").tag(config=True)
    brake = Instance(Brake, args=())

    async def authenticate(self, handler: Anything, data: dict[str, Anything]) -> dict[str, Anything] | None:
        """The person and their courses' groups, or None where name or password is wrong.

        Raises HTTPError, which the log-in page shows, after too many wrong passwords.
        """
        name = data["username"]
        for said, way in (("from_course_site", self.entering), ("signed_in", self.signing_in)):
            if way is not None and data.get(said) is way:  # which no form can hold
                groups = self.groups_of(name)
                return {"name": name, "groups": groups} if groups else None
        if self.signing_in is not None:  # a password would go past what the school asks of who signs in
            return None
        wait = self.brake.seconds_to_wait(name)
        if wait:
            refuse_for_now(handler, wait)
        # A person's server runs as the account: without a course no one can log in, whatever PAM says of a password. It
        # is asked all the same, of a name that nobody has: an answer that came sooner would tell who is in a course.
        groups = self.groups_of(name)
        known = await super().authenticate(handler, data if groups else {**data, "username": _NOBODYS})
        if known is None or not groups:
            self.brake.was_wrong(name)
            return None
        self.brake.was_right(name)
        return {"name": known, "groups": self.groups_of(known)}

    @default("login_service")  # type: ignore[untyped-decorator]
    def _sign_in_service(self) -> str:
        return self.signing_in.title if self.signing_in is not None else ""

    def login_url(self, base_url: str) -> str:
        """Where the log-in page leads."""
        return f"{base_url.rstrip('/')}{BEGIN}" if self.signing_in is not None else str(super().login_url(base_url))

    def get_handlers(self, app: Anything) -> list[tuple[Anything, ...]]:
        """The hub's pages of logging in and out, and the way into a course."""
        more: list[tuple[Anything, ...]] = (
            [(r"/lti/enter", EnterHandler), (r"/lti/modules", ModulesHandler)] if self.entering is not None else []
        )
        pages = [(BEGIN, BeginHandler), (BACK, BackHandler)] if self.signing_in else LOG_IN
        own = OwnPages.here(os.environ)
        if own is not None:
            more.append((ADDRESS, OwnHandler, {"own": own}))
        return [*pages, *EVERY, *more]

    async def run_post_auth_hook(self, handler: Anything, auth_model: dict[str, Anything]) -> dict[str, Anything]:
        """Tell the browser of whoever has logged in, by whatever way, whose it is now."""
        own = OwnPages.here(os.environ)
        if own is not None:
            own.give(handler, auth_model["name"])
        done: dict[str, Anything] = await super().run_post_auth_hook(handler, auth_model)
        return done

    async def refresh_user(self, user: Anything, handler: Anything = None, **_: Anything) -> dict[str, Anything] | bool:
        """The person's groups as they are now; False where there are none any more, which logs the person out."""
        groups = self.groups_of(user.name)
        return {"name": user.name, "groups": groups} if groups else False

    def check_allowed(self, username: str, authentication: Anything = None) -> bool:
        """Whether a person is in any course."""
        return bool(self.groups_of(username))

    def groups_of(self, name: str) -> list[str]:
        """The groups of courses that an account is in; none for the accounts of the system and of courses."""
        try:
            entry = pwd.getpwnam(name)
        except (KeyError, ValueError):
            return []
        if not is_person(entry.pw_uid):
            return []
        return sorted(groups_of(name, entry.pw_gid) & self.course_groups)
