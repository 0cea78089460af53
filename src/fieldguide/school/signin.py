"""Sign-in by the school's own service (OpenID Connect): a browser goes there with a visit of its own, and comes back.

Who comes back gets nothing by it but the courses that `courses.toml` and class lists give them: no account is made.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from jupyterhub.handlers import BaseHandler
from tornado.web import HTTPError

from fieldguide.cookies import by_https, cookie_name
from fieldguide.hub.pages import Spoken, language_asked
from fieldguide.openid.code import CodeSignIn, Visit
from fieldguide.openid.tokens import RefusedError
from fieldguide.school import SchoolError
from fieldguide.school.classlist import known_of
from fieldguide.school.entering import make_room
from fieldguide.school.identities import Identities
from fieldguide.school.introducing import Introducing
from fieldguide.school.machine import members_of
from fieldguide.school.naming import account_of, client_secret, note
from fieldguide.school.planning import Places, assistant_group, instructor_group, student_group
from fieldguide.school.reading import Course, SignIn

#: Below the hub's address: where a sign-in begins, and where the service sends people back to.
BEGIN, BACK = "/sign-in", "/oauth_callback"
_COOKIE = "fieldguide-sign-in"
#: How long somebody may take at the service, in seconds.
_TO_COME = 900
#: The longest address here that somebody is led on to; the hub's own have a third of it.
_LONGEST = 2000
#: What the service is asked to tell: who it is, and the name and address that the claim may be among.
_SCOPE = "openid profile email"


class SigningIn:
    """Who comes back from the service. ``address`` is this server's, as people type it, and ``courses`` are those of
    this server."""

    def __init__(self, sign_in: SignIn, places: Places, address: str, courses: Iterable[Course]) -> None:
        self.title, self.over_https = sign_in.title, by_https(address)
        self._sign_in, self._places, self._courses = sign_in, places, tuple(courses)
        self._introducing = Introducing(places)
        self.service = CodeSignIn(
            sign_in.title, sign_in.issuer, sign_in.client_id, f"{address}/hub{BACK}", lambda: client_secret(places)
        )

    def __deepcopy__(self, _: object) -> SigningIn:
        """The same one: settings are copied, and it is known by being this one."""
        return self

    @property
    def cookie(self) -> str:
        """What the cookie of the way there and back is called."""
        return cookie_name(_COOKIE, over_https=self.over_https)

    async def way_there(self, visit: Visit) -> str:
        """Where to send a browser. Raises RefusedError."""
        return await self.service.way_there(visit, _SCOPE)

    async def account(self, visit: Visit, code: str, is_in_a_course: Callable[[str], bool], log: Any) -> str:
        """Whose account somebody comes back to, in some course. The courses that they take hear of a name that is new
        here, and those at whose desks they work who they are. Raises RefusedError and SchoolError."""
        claim = self._sign_in.name
        wanted = (claim, "email_verified") if claim == "email" else (claim,)
        claims = await self.service.who(visit, code, *wanted)
        value = claims.get(claim)
        if not isinstance(value, str) or self._sign_in.why_nobody(self._sign_in.plain(value)):
            raise RefusedError("no_name", claim=claim, title=self.title)
        # An address that somebody typed in there may be anybody's.
        if claim == "email" and claims.get("email_verified") not in (True, "true"):
            raise RefusedError("not_verified", title=self.title)
        account = account_of(self._sign_in, self._sign_in.plain(value), self._places)
        if not is_in_a_course(account):
            raise RefusedError("not_listed", who=self._sign_in.plain(value))
        given, family = (claims.get(name) for name in ("given_name", "family_name"))
        names = {"given": given if isinstance(given, str) else "", "family": family if isinstance(family, str) else ""}
        is_news = note(self._sign_in, value, self._places, **names)
        known = known_of(self._sign_in, account, Identities(self._places.identities).all())
        for course in self._courses:
            if is_news and account in members_of(student_group(course)):
                self._introducing.tell(course, known, log)
            if any(account in members_of(group(course)) for group in (instructor_group, assistant_group)):
                self._introducing.tell_of_staff(course, known, log)
        return account


class _Page(BaseHandler):  # type: ignore[misc]
    """A step of a sign-in; what goes wrong is told on a page, in words."""

    @property
    def signing_in(self) -> SigningIn:
        found: SigningIn = self.authenticator.signing_in
        return found

    async def refuse(self, why: str, **values: str) -> None:
        """Show why somebody is not let in. The log gets no name, code or address of theirs."""
        self.log.warning("Not signed in: %s %s", why, values.pop("detail", ""))
        values = {"title": self.signing_in.title} | values
        words = Spoken("sign_in", language_asked(self))
        html = await self.render_template(
            "not_signed_in.html",
            said=words.say(why, **values),
            to_do=words.say(f"{why}_do", **values),
            again=f"{self.hub.base_url}login",
        )
        self.set_status(403)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(html)


class BeginHandler(_Page):
    """``/hub/sign-in?next=…``: sends a browser to the service."""

    async def get(self) -> None:
        visit = Visit.new()
        try:
            there = await self.signing_in.way_there(visit)
        except RefusedError as refused:
            await self.refuse(refused.why, **refused.values)
            return
        wanted = self._validate_next_url(self.get_argument("next", ""))
        # A browser keeps no cookie that is longer than 4096 signs.
        wanted = wanted if len(wanted) <= _LONGEST else ""
        self._remember(json.dumps({**asdict(visit), "next": wanted}), max_age=_TO_COME)
        self.redirect(there)

    def _remember(self, told: str, max_age: int) -> None:
        # A browser sends it when the service leads back here, and with no form of another site's.
        self.set_secure_cookie(
            self.signing_in.cookie,
            told,
            expires_days=None,
            max_age=max_age,
            path="/",
            httponly=True,
            secure=self.signing_in.over_https,
            samesite="Lax",
        )


class BackHandler(_Page):
    """``/hub/oauth_callback?code=…&state=…``: where the service sends a browser back to."""

    async def get(self) -> None:
        kept = self.get_secure_cookie(self.signing_in.cookie, max_age_days=_TO_COME / 86_400)
        # It is for one way there and back.
        self.clear_cookie(self.signing_in.cookie, path="/", secure=self.signing_in.over_https)
        state, code = self.get_argument("state", ""), self.get_argument("code", "")
        told = json.loads(kept) if kept else {"state": "", "next": ""}
        if not state or state != told["state"]:
            await self.refuse("not_begun")
            return
        if not code:
            await self.refuse("refused_there")
            return
        visit = Visit(told["state"], told["nonce"], told["verifier"])
        authenticator = self.authenticator
        try:
            listed = authenticator.groups_of
            account = await self.signing_in.account(visit, code, lambda name: bool(listed(name)), self.log)
        except RefusedError as refused:
            await self.refuse(refused.why, **refused.values)
            return
        except (SchoolError, OSError) as error:
            await self.refuse("trouble", detail=str(error))
            return
        make_room(self, account)
        user = await self.login_user({"username": account, "signed_in": self.signing_in})
        if user is None:
            raise HTTPError(403)
        self._jupyterhub_user = user
        self.redirect(told["next"] or self.get_next_url(user))

    def append_query_parameters(self, url: str, exclude: object = None) -> str:
        """Nothing: code and state go no further."""
        return url
