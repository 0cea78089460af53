"""The service of course sites, where people come from Canvas, Moodle or Blackboard.

    python -m fieldguide.lti.service --settings FILE

JupyterHub starts it as root; it reads its settings and secrets, takes its port, and becomes an account that has nothing
else. What a course site sends is read here alone. Below ``/services/lti/``:

    GET, POST  login       a course site says that somebody wants to come; they are sent back to it with a state
    POST       launch      the course site says who they are; who may come in is sent to the hub with a code
    POST       pick        an instructor has picked modules, which goes back to the course site
    POST       enter       the hub asks whose code it is
    GET        canvas.json what Canvas is to know of us
    GET        keys        our public key, for course sites
    GET        told/WHY    why somebody was not let in, in words

What courses' own servers ask is in `asked.py`.
"""

from __future__ import annotations

import argparse
import hmac
import json
import logging
import os
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

from jupyterhub.services.auth import HubAuth
from jwt.algorithms import RSAAlgorithm
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.httputil import url_concat
from tornado.web import Application, HTTPError, RequestHandler

from fieldguide.cookies import by_https, cookie_name
from fieldguide.hubservice import prefix, serve, take_port
from fieldguide.lti.asked import Grades, handlers
from fieldguide.lti.message import Message, read_message
from fieldguide.lti.pages import SENDS, of_text, page, points, problem, style
from fieldguide.lti.picking import Offer, Pickings, answer
from fieldguide.lti.services import Sites
from fieldguide.lti.settings import LinkedCourse, Settings, canvas_settings, read_settings
from fieldguide.lti.store import Launch, Store
from fieldguide.lti.visits import Visits
from fieldguide.openid.keys import SignerKeys
from fieldguide.openid.tokens import RefusedError
from fieldguide.school import LTI_COOKIE, LTI_SECRET, LTI_SECRET_HEADER
from fieldguide.words import speaking

#: Finds the modules of a course that can be picked.
FindOffers = Callable[[str], Awaitable[list[Offer]]]
#: How long the hub may take to tell them, in seconds: it starts a program that reads them.
_WAIT = 60
#: The most that one request may bring, in bytes: an id_token with all its claims has a tenth of it.
LARGEST = 128 << 10

_A_COOKIE = re.compile(r"[\w-]{32,64}")
#: What a course site sends to begin with, and what is sent again from a new window.
_BEGINS = ("iss", "login_hint", "target_link_uri", "lti_message_hint", "lti_deployment_id", "client_id")


class Page(RequestHandler):
    """A page for people, or a step between two."""

    application: Lti

    def check_xsrf_cookie(self) -> None:
        """Nothing to check: what course sites send comes from elsewhere, and a visit is bound by its own cookie."""

    @property
    def settings_(self) -> Settings:
        return self.application.told

    @property
    def cookie_name(self) -> str:
        """What the cookie is called by which a browser is known."""
        return cookie_name(LTI_COOKIE, over_https=by_https(self.settings_.address))

    @property
    def browser(self) -> str:
        """The cookie of this browser; empty where it has none."""
        value = self.get_cookie(self.cookie_name) or ""
        return value if _A_COOKIE.fullmatch(value) else ""

    @property
    def framed(self) -> bool:
        """Whether the page is shown inside a page of the course site."""
        return self.request.headers.get("Sec-Fetch-Dest", "") in ("iframe", "frame")

    def remember_browser(self) -> str:
        """Give this browser a cookie, where it has none; returns it.

        A course site sends people here from another site, maybe inside a page of its own: hence None and Partitioned,
        which Python's cookies do not know.
        """
        value = self.browser or secrets.token_urlsafe(32)
        way = "Path=/; HttpOnly; Secure; SameSite=None; Partitioned; Max-Age=3600"
        self.add_header("Set-Cookie", f"{self.cookie_name}={value}; {way}")
        return value

    def set_default_headers(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("X-Content-Type-Options", "nosniff")

    def show(self, html: str, *, to: str = "'self'") -> None:
        """Show a page; its form may go ``to`` there. A course site may show it inside its own."""
        self.set_header(
            "Content-Security-Policy",
            f"default-src 'none'; style-src {of_text(style())}; script-src {of_text(SENDS)}; base-uri 'none'; "
            f"form-action {to}",
        )
        self.finish(html)

    @property
    def language(self) -> str:
        """The language that the browser asks for first."""
        return self.request.headers.get("Accept-Language", "").partition(",")[0].partition(";")[0].strip() or "en"

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None, None))[1]
        why, values = (error.why, error.values) if isinstance(error, RefusedError) else ("trouble", {})
        self.set_status(403 if isinstance(error, RefusedError) else status_code)
        with speaking(self.language):
            self.show(problem(why, **values))

    def log_exception(self, kind: Any, error: Any, trace: Any) -> None:
        """A refusal is told in one line, with nothing of who it was."""
        if isinstance(error, RefusedError):
            logging.getLogger(__name__).warning("Not let in: %s", error.why)
        else:
            super().log_exception(kind, error, trace)


class Begin(Page):
    """``login``: OpenID Connect's sign-in that a third party begins."""

    def get(self) -> None:
        self.begin()

    def post(self) -> None:
        self.begin()

    def begin(self) -> None:
        asked = {name: self.get_argument(name, "") for name in _BEGINS}
        platform = self.settings_.platform(asked["iss"], asked["client_id"])
        if not asked["iss"] or not asked["login_hint"]:
            raise RefusedError("malformed")
        if platform is None:
            raise RefusedError("unknown_site", issuer=asked["iss"][:255], client=asked["client_id"][:255])
        if self.framed and not _picks(asked["target_link_uri"], self.settings_):
            # Inside another site's page nobody can sign in: browsers keep its cookies apart.
            with speaking(self.language):
                # A browser holds a form to its policy on every way on, and a course site leads over its own addresses.
                html = page("new_window.html", action=f"{self.application.begin}login", fields=asked)
                self.show(html, to="https: http:")
            return
        state, nonce = self.application.visits.begin(self.remember_browser(), platform.issuer, platform.client_id)
        told = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": platform.client_id,
            "redirect_uri": f"{self.settings_.base}launch",
            "login_hint": asked["login_hint"],
            "state": state,
            "nonce": nonce,
        }
        if asked["lti_message_hint"]:
            told["lti_message_hint"] = asked["lti_message_hint"]
        self.redirect(url_concat(platform.authorization, told), status=303)


def _picks(target: str, settings: Settings) -> bool:
    return target.startswith(f"{settings.base}pick")


class Come(Page):
    """``launch``: the course site says who comes."""

    async def post(self) -> None:
        if self.get_body_argument("error", ""):
            raise RefusedError("site_refused")
        visits = self.application.visits
        begun = visits.resume(self.browser, self.get_body_argument("state", ""))
        platform = self.settings_.platform(begun["issuer"], begun["client"])
        if platform is None:
            raise RefusedError("not_begun")
        token = self.get_body_argument("id_token", "")
        message = await read_message(token, platform, self.application.keys.find)
        visits.use(message.nonce, begun["nonce"])
        course = self.settings_.course(platform, message.context)
        if course is None:
            raise RefusedError(
                "unknown_context",
                site=platform.name,
                context=message.context[:255] or "–",
                title=message.context_title[:100] or "–",
            )
        if not (message.teaches or message.assists or message.learns):
            raise RefusedError("no_role", course=course.title)
        if message.picks:
            await self.pick(message, course)
            return
        who = {
            "issuer": platform.issuer,
            "subject": message.subject,
            "given_name": message.given_name,
            "family_name": message.family_name,
            "email": message.email,
            "number": message.number,
            "course": course.id,
            "teaches": message.teaches,
            "assists": message.assists,
            "module": message.module,
        }
        self.application.store.launched(
            Launch(
                course.id,
                platform.issuer,
                platform.client_id,
                message.deployment,
                message.context,
                message.subject,
                self.settings_.account(platform.issuer, message.subject),
                message.learns and not (message.teaches or message.assists),
                message.lineitems,
                message.lineitem,
                message.scopes,
                message.memberships,
                message.module,
                message.resource_link,
            )
        )
        code = visits.let_in(self.browser, who)
        self.redirect(url_concat(f"{self.settings_.address}/hub/lti/enter", {"code": code}), status=303)

    async def pick(self, message: Message, course: LinkedCourse) -> None:
        """Show an instructor the modules of a course to pick from, inside the site's page or not."""
        if not message.teaches:
            raise RefusedError("not_picking")
        offers = await self.application.offers(course.id)
        name, picking = self.application.pickings.begin(self.browser, message, course, offers)
        with speaking(message.language or self.language):
            self.show(
                page(
                    "pick.html",
                    action=f"{self.application.begin}pick",
                    picking=name,
                    course=course.title,
                    offers=offers,
                    several=picking.several,
                    points=points,
                )
            )


class Pick(Page):
    """``pick``: what an instructor picked goes back to the course site, by their browser."""

    def get(self) -> None:
        raise RefusedError("not_begun")

    def post(self) -> None:
        picking = self.application.pickings.end(self.browser, self.get_body_argument("picking", ""))
        told = answer(picking, self.get_body_arguments("module"), self.settings_)
        with speaking(self.language):
            self.show(page("picked.html", action=picking.return_to, answer=told, script=SENDS), to="https: http:")


class Enter(Page):
    """``enter``: whose code it is, for the hub alone."""

    def post(self) -> None:
        if not hmac.compare_digest(self.request.headers.get("Authorization", ""), f"token {self.application.secret}"):
            raise HTTPError(403)
        try:
            asked = json.loads(self.request.body)
            who = self.application.visits.enter(str(asked["browser"]), str(asked["code"]))
        except (ValueError, KeyError, TypeError):
            raise HTTPError(400) from None
        if who is None:
            raise HTTPError(404)
        self.finish(who)


class Straight(Page):
    """``open`` and others, by who came without a course site: it names these addresses, and nobody goes there."""

    def get(self) -> None:
        raise RefusedError("not_begun")


class ForCanvas(Page):
    """``canvas.json``: what Canvas asks for when somebody makes a developer key by an address."""

    def get(self) -> None:
        self.finish(canvas_settings(self.settings_))


class Keys(Page):
    """``keys``: our public key, as a JSON Web Key Set."""

    def get(self) -> None:
        self.set_header("Cache-Control", "public, max-age=600")
        self.finish({"keys": [self.application.public_key]})


class Told(Page):
    """``told/WHY``: a page of the hub's reasons."""

    def get(self, why: str) -> None:
        names = {"account": r"[a-z0-9_-]{1,32}", "course": r"[a-z0-9-]{1,64}"}
        values = {name: self.get_query_argument(name, "") for name in names}
        if why not in HUB_SAYS or not all(re.fullmatch(f"({names[name]})?", said) for name, said in values.items()):
            raise HTTPError(404)
        self.set_status(403)
        with speaking(self.language):
            self.show(problem(why, **values))


#: Why the hub lets somebody not in (school/entering.py), by the names of sentences.
HUB_SAYS = ("expired", "no_account", "not_teaching", "closed", "trouble")


class Alive(RequestHandler):
    """``healthz``."""

    def get(self) -> None:
        self.finish({})


class Lti(Application):
    """The service: its settings, the keys of course sites, and who is on the way."""

    def __init__(
        self,
        begin: str,
        told: Settings,
        secret: str,
        visits: Visits | None = None,
        hub: HubAuth | None = None,
        offers: FindOffers | None = None,
    ) -> None:
        self.store = Store(told.state / "store.sqlite")
        courses = frozenset(course.id for course in told.courses)
        grades = Grades(hub or HubAuth(), self.store, Sites(told).of, told.account, courses)
        super().__init__(
            [
                *handlers(begin, grades),
                (f"{begin}login", Begin),
                (f"{begin}launch", Come),
                (f"{begin}pick", Pick),
                (f"{begin}enter", Enter),
                (f"{begin}keys", Keys),
                (f"{begin}canvas.json", ForCanvas),
                (f"{begin}open", Straight),
                (rf"{begin}told/(\w+)", Told),
                (f"{begin}healthz", Alive),
            ]
        )
        self.begin, self.told, self.secret = begin, told, secret
        self.keys, self.visits = SignerKeys(), visits or Visits()
        self.pickings, self.offers = Pickings(), offers or self._ask_hub
        self.public_key = _public(told)

    async def _ask_hub(self, course: str) -> list[Offer]:
        """The modules of a course: its folder is not this account's to read. Raises HTTPError where nothing is told."""
        address = os.environ["JUPYTERHUB_API_URL"].removesuffix("/api") + "/lti/modules"
        request = HTTPRequest(address, "POST", {LTI_SECRET_HEADER: self.secret}, course, request_timeout=_WAIT)
        try:
            answered = await AsyncHTTPClient().fetch(request)
        except (HTTPClientError, OSError) as error:
            raise HTTPError(502, "The hub does not tell the modules of %s: %s", course, error) from error
        return [Offer(**one) for one in json.loads(answered.body)["modules"]]

    def log_request(self, handler: RequestHandler) -> None:
        """Say nothing of who asked: addresses here hold what stands for people."""
        if handler.get_status() >= 500:
            logging.getLogger(__name__).error("%s %s", handler.request.method, handler.request.path)


def _public(told: Settings) -> dict[str, Any]:
    algorithm = RSAAlgorithm(RSAAlgorithm.SHA256)
    key = algorithm.prepare_key(told.key)
    public: dict[str, Any] = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)  # type: ignore[union-attr]
    return {name: public[name] for name in ("kty", "n", "e")} | {"kid": told.key_id, "alg": "RS256", "use": "sig"}


def main(arguments: Iterable[str] | None = None) -> None:
    """Serve until the hub ends this process."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--settings", required=True, type=Path, help="the settings that fieldguide-admin wrote")
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    logging.basicConfig(level=logging.WARNING)
    # Both are root's: they are read before this process is root no more.
    told, secret = read_settings(chosen.settings), os.environ.pop(LTI_SECRET)
    os.umask(0o077)
    serve(take_port(), Lti(prefix(), told, secret), LARGEST)


if __name__ == "__main__":
    main()
