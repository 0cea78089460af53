"""A sign-in service of our own making, which speaks OpenID Connect as its specification has it: sign-in by a code.

It is no school's: it does what the specification asks of each, and checks what the specification asks of us. Tests
change one thing of what it says.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from lms_platform import CLIENT, Key, LmsPlatform, Person

#: What its administrator gave ours; a sign in it that has to be encoded on the way.
SECRET = "word:of/both %"


class SignInService(LmsPlatform):
    """The service, with a course site's people and keys. ``tool`` is our server's address."""

    def __init__(self, tool: str = "http://127.0.0.1:1") -> None:
        super().__init__(tool)
        #: Who is signed in there, and what it says instead where it lets nobody in.
        self.now: Person | None = None
        self.error = ""
        #: What is changed of what it tells of itself, and what its tokens leave to be asked for.
        self.about: dict[str, Any] = {}
        self.asked_for: tuple[str, ...] = ()
        self.signs: Key | None = None
        self.silent: set[str] = set()
        self._codes: dict[str, tuple[dict[str, str], Person]] = {}
        self._access: dict[str, Person] = {}

    def as_it_was(self) -> None:
        """Say everything as the specification has it again."""
        self.changes, self.about, self.asked_for, self.silent = {}, {}, (), set()
        self.now, self.error, self.signs = None, "", None

    def toml_of_service(self, name: str = "email") -> str:
        """Its section of courses.toml."""
        return f'[sign_in]\ntitle = "Example U"\nissuer = "{self.url}"\nclient_id = "{CLIENT}"\nname = "{name}"\n'

    def claims(self, person: Person) -> dict[str, Any]:
        """What it says of somebody."""
        told: dict[str, Any] = {"sub": person.sub, "given_name": person.given_name, "family_name": person.family_name}
        told |= {"email": person.email, "email_verified": True, "preferred_username": person.sub}
        return {name: value for name, value in (told | self.changes).items() if value is not None}

    def _answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        place = urlsplit(path)
        sent = {name: values[0] for name, values in parse_qs(place.query or body.decode("latin-1")).items()}
        if place.path in self.silent:
            return 503, {}, b"not now"
        match method, place.path:
            case "GET", "/.well-known/openid-configuration":
                told = {"issuer": self.url, "jwks_uri": f"{self.url}/jwks", "userinfo_endpoint": f"{self.url}/me"}
                told |= {"authorization_endpoint": f"{self.url}/authorize", "token_endpoint": f"{self.url}/token"}
                return answer(told | self.about)
            case "GET", "/jwks":
                return answer({"keys": [key.public() for key in self.keys]})
            case "GET", "/authorize":
                return self._sign_in(sent)
            case "POST", "/token":
                return self._give(sent, headers)
            case "GET", "/me":
                person = self._access[headers["Authorization"].removeprefix("Bearer ")]
                return answer(self.claims(person))
        return 404, {}, b"no such page"

    def _sign_in(self, sent: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        expected = {"response_type": "code", "client_id": CLIENT, "code_challenge_method": "S256"}
        expected |= {"redirect_uri": f"{self.tool}/hub/oauth_callback"}
        wrong = [name for name, value in expected.items() if sent.get(name) != value]
        if wrong or "openid" not in sent["scope"].split() or min(len(sent["nonce"]), len(sent["state"])) < 20:
            return 400, {}, f"not as the specification has it: {wrong}".encode()
        told = {"state": sent["state"]}
        if self.error or self.now is None:
            told["error"] = self.error or "login_required"
        else:
            told["code"] = secrets.token_urlsafe(24)
            self._codes[told["code"]] = sent, self.now
        return 302, {"Location": f"{sent['redirect_uri']}?{urlencode(told)}"}, b""

    def _give(self, sent: dict[str, str], headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        if "token_endpoint_auth_methods_supported" in self.about:
            said = sent.get("client_id"), sent.get("client_secret")
        else:
            word = base64.b64decode(headers.get("Authorization", "").removeprefix("Basic ")).decode()
            client, _, secret = word.partition(":")
            said = unquote(client), unquote(secret)
        if said != (CLIENT, SECRET):
            return answer({"error": "invalid_client"}, 401)
        asked, person = self._codes.pop(sent["code"], ({}, None))
        verifier = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).decode()
        if person is None or sent["grant_type"] != "authorization_code":
            return answer({"error": "invalid_grant"}, 400)
        if verifier.rstrip("=") != asked["code_challenge"] or sent["redirect_uri"] != asked["redirect_uri"]:
            return answer({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= self.claims(person) | {name: value for name, value in self.changes.items() if name in claims}
        claims = {name: value for name, value in claims.items() if name not in self.asked_for}
        key = self.signs or self.keys[0]
        token = jwt.encode(claims, key.private, "RS256", headers={"kid": self.keys[0].kid})
        access = secrets.token_urlsafe(24)
        self._access[access] = person
        return answer({"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": token})


def answer(told: object, status: int = 200) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/json"}, json.dumps(told).encode()
