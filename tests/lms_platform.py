"""A course site of our own making, which speaks LTI 1.3 as its specification has it: keys, sign-in, tokens, picking.

It is not Canvas, Moodle or Blackboard: it does what the specification asks of each, and checks what the specification
asks of us. Tests change one thing of what it sends.
"""

from __future__ import annotations

import html
import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from patience import seconds

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
PICKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
CLIENT, DEPLOYMENT = "client-1", "deployment-1"

#: Answers a request of another part of the site: method, path with query, headers, body → status, headers, body; or
#: None where the request is not for it.
Mounted = Callable[[str, str, Mapping[str, str], bytes], "tuple[int, dict[str, str], bytes] | None"]


@dataclass
class Person:
    """Somebody with an account at the course site."""

    sub: str
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    roles: tuple[str, ...] = (f"{ROLE}Learner",)


@dataclass
class Key:
    """A key that the site signs with."""

    kid: str = field(default_factory=lambda: secrets.token_hex(4))
    private: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def public(self) -> dict[str, Any]:
        told = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return told | {"kid": self.kid, "alg": "RS256", "use": "sig"}


class LmsPlatform:
    """The course site, at a port of this machine. ``tool`` is our server's address: what its administrator entered."""

    def __init__(self, tool: str = "http://127.0.0.1:1", mounted: Mounted | None = None) -> None:
        self.tool = tool.rstrip("/")
        self.mounted = mounted
        self.keys = [Key()]
        self.people: dict[str, Person] = {}
        self.context = {"id": "context-1", "label": "SW 101", "title": "Ethics in social work"}
        #: What is changed of each id_token, by claim; None takes a claim away.
        self.changes: dict[str, Any] = {}
        self.tokens: dict[str, tuple[float, tuple[str, ...]]] = {}
        self.picked: list[dict[str, Any]] = []
        self.asked_for_keys = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        # Another name than our server's, so that a browser takes the two for different sites.
        self.url = f"http://localhost:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def toml(self, name: str = "campus") -> str:
        """Its section of courses.toml."""
        return (
            f'[lms.{name}]\nissuer = "{self.url}"\nclient_id = "{CLIENT}"\ndeployments = ["{DEPLOYMENT}"]\n'
            f'authorization = "{self.url}/authorize"\ntoken = "{self.url}/token"\nkeys = "{self.url}/jwks"\n'
        )

    def rotate(self) -> None:
        """Sign with a new key from now on; the old one is gone."""
        self.keys = [Key()]

    def id_token(
        self, person: Person, nonce: str, /, *, key: Key | None = None, picks: bool = False, **changes: Any
    ) -> str:
        """What is sent of somebody who opens a link, or who picks. ``changes`` are claims by their short names."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": person.sub,
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "name": f"{person.given_name} {person.family_name}".strip(),
            "email": person.email,
            f"{CLAIM}version": "1.3.0",
            f"{CLAIM}message_type": "LtiDeepLinkingRequest" if picks else "LtiResourceLinkRequest",
            f"{CLAIM}deployment_id": DEPLOYMENT,
            f"{CLAIM}target_link_uri": f"{self.tool}/services/lti/{'pick' if picks else 'open'}",
            f"{CLAIM}roles": list(person.roles),
            f"{CLAIM}context": self.context,
        }
        if picks:
            claims[f"{PICKING}deep_linking_settings"] = {
                "deep_link_return_url": f"{self.url}/picked",
                "accept_types": ["ltiResourceLink"],
                "accept_presentation_document_targets": ["window", "iframe"],
                "accept_multiple": True,
                "accept_lineitem": True,
                "data": "csrf-of-the-site",
            }
        else:
            claims[f"{CLAIM}resource_link"] = {"id": "link-1", "title": "Module"}
        for name, value in {**self.changes, **changes}.items():
            full = name if name in claims or ":" in name or name == "azp" or name == "nbf" else f"{CLAIM}{name}"
            if value is None:
                claims.pop(full, None)
            else:
                claims[full] = value
        key = key or self.keys[0]
        return jwt.encode(claims, key.private, "RS256", headers={"kid": key.kid})

    def initiation(self, login: str, *, module: str = "", picks: bool = False) -> dict[str, str]:
        """What a browser sends to our server first, for somebody who is signed in at the site under ``login``."""
        target = f"{self.tool}/services/lti/{'pick' if picks else 'open'}"
        return {
            "iss": self.url,
            "client_id": CLIENT,
            "login_hint": login,
            "target_link_uri": f"{target}?{urlencode({'module': module})}" if module else target,
            "lti_message_hint": f"{'pick' if picks else 'open'} {module}".strip(),
            "lti_deployment_id": DEPLOYMENT,
        }

    def check_token(self, authorization: str) -> tuple[str, ...] | None:
        """What a token of ours gives the right to, as a request's Authorization header has it."""
        until, scopes = self.tokens.get(authorization.removeprefix("Bearer "), (0.0, ()))
        return scopes if until > time.time() else None

    # -- its pages

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(b"")

            def do_POST(self) -> None:
                self.answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

            def do_PUT(self) -> None:
                self.do_POST()

            def do_DELETE(self) -> None:
                self.answer(b"")

            def answer(self, body: bytes) -> None:
                status, headers, content = site._answer(self.command, self.path, dict(self.headers), body)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def _answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        if self.mounted and (answer := self.mounted(method, path, headers, body)):
            return answer
        place = urlsplit(path)
        sent = {name: values[0] for name, values in parse_qs(place.query or body.decode("latin-1")).items()}
        match method, place.path:
            case "GET", "/jwks":
                self.asked_for_keys += 1
                return _json({"keys": [key.public() for key in self.keys]})
            case "GET", "/authorize":
                return self._authorize(sent)
            case "POST", "/token":
                return self._token(sent)
            case "POST", "/picked":
                return self._picked(sent)
            case "GET", "/course":
                return self._course(sent)
        return 404, {}, b"no such page"

    def _authorize(self, sent: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        expected = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": CLIENT,
            "redirect_uri": f"{self.tool}/services/lti/launch",
        }
        wrong = [name for name, value in expected.items() if sent.get(name) != value]
        if wrong or not sent.get("nonce") or not sent.get("state"):
            return 400, {}, f"not as the specification has it: {wrong}".encode()
        person = self.people.get(sent.get("login_hint", ""))
        if person is None:
            told = {"error": "login_required", "state": sent["state"]}
        else:
            kind, _, module = sent.get("lti_message_hint", "").partition(" ")
            changes: dict[str, Any] = {"custom": {"module": module}} if module else {}
            token = self.id_token(person, sent["nonce"], picks=kind == "pick", **changes)
            told = {"id_token": token, "state": sent["state"]}
        return _page(_form(sent["redirect_uri"], told) + "<script>document.forms[0].submit()</script>")

    def _token(self, sent: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        ours = jwt.PyJWKSet.from_dict(requests.get(f"{self.tool}/services/lti/keys", timeout=seconds(30)).json())
        assertion = sent.get("client_assertion", "")
        try:
            key = ours[jwt.get_unverified_header(assertion)["kid"]]
            needed = {"require": ["iss", "sub", "aud", "exp", "iat", "jti"]}
            claims = jwt.decode(assertion, key, ["RS256"], audience=f"{self.url}/token", options=needed)
        except (jwt.InvalidTokenError, KeyError) as error:
            return _json({"error": "invalid_client", "error_description": str(error)}, 401)
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        if sent.get("grant_type") != "client_credentials" or sent.get("client_assertion_type") != kind:
            return _json({"error": "unsupported_grant_type"}, 400)
        if not claims["iss"] == claims["sub"] == CLIENT:
            return _json({"error": "invalid_client"}, 401)
        token = secrets.token_urlsafe(16)
        self.tokens[token] = (time.time() + 3600, tuple(sent.get("scope", "").split()))
        return _json(
            {"access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": sent.get("scope", "")}
        )

    def _picked(self, sent: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        ours = jwt.PyJWKSet.from_dict(requests.get(f"{self.tool}/services/lti/keys", timeout=seconds(30)).json())
        token = sent["JWT"]
        claims = jwt.decode(token, ours[jwt.get_unverified_header(token)["kid"]], ["RS256"], audience=self.url)
        assert claims["iss"] == CLIENT and claims[f"{CLAIM}deployment_id"] == DEPLOYMENT
        assert claims[f"{CLAIM}message_type"] == "LtiDeepLinkingResponse" and claims[f"{CLAIM}version"] == "1.3.0"
        assert claims[f"{PICKING}data"] == "csrf-of-the-site"
        self.picked = claims[f"{PICKING}content_items"]
        return _page(f"<h1>{len(self.picked)} added to the course</h1>")

    def _course(self, sent: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """A page of a course, with a link for ``login`` to a ``module`` in this window, or ``in=frame`` inside it."""
        picks = sent.get("picks") == "yes"
        told = self.initiation(sent["login"], module=sent.get("module", ""), picks=picks)
        form = _form(f"{self.tool}/services/lti/login", told, target="tool" if sent.get("in") == "frame" else "_self")
        frame = (
            '<iframe name="tool" title="Tool" width="800" height="600"></iframe>' if sent.get("in") == "frame" else ""
        )
        return _page(f"<h1>{html.escape(self.context['title'])}</h1>{form}{frame}")


def _form(action: str, fields: Mapping[str, str], target: str = "_self") -> str:
    inputs = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in fields.items()
    )
    return f'<form method="post" action="{html.escape(action)}" target="{target}">{inputs}<button>Open</button></form>'


def _page(content: str) -> tuple[int, dict[str, str], bytes]:
    page = f'<!doctype html><html lang="en"><title>Campus</title><body>{content}</body></html>'
    return 200, {"Content-Type": "text/html; charset=utf-8"}, page.encode()


def _json(told: object, status: int = 200) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/json"}, json.dumps(told).encode()


def open_link(
    site: LmsPlatform, login: str, browser: requests.Session | None = None, *, module: str = "", picks: bool = False
) -> tuple[requests.Session, requests.Response]:
    """Open a link at the site as a browser does; returns it and the page that it comes to."""
    browser = browser or requests.Session()
    page = browser.post(
        f"{site.tool}/services/lti/login", site.initiation(login, module=module, picks=picks), allow_redirects=False
    )
    for cookie in browser.cookies:  # browsers send those of a machine's own address without HTTPS, too
        cookie.secure = False
    if page.is_redirect:
        page = browser.get(page.headers["Location"])
    if page.url.startswith(f"{site.url}/authorize"):
        sent = {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page.text)}
        page = browser.post(f"{site.tool}/services/lti/launch", sent)
    return browser, page
