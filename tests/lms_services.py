"""A course site's grade service and class list (LTI's AGS 2.0 and NRPS 2.0), as strict as the specifications.

What does not follow them is refused as a course site would, and noted in ``faults``, so that a test can see that there
was none.
"""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

AGS, NRPS = "https://purl.imsglobal.org/spec/lti-ags/scope/", "https://purl.imsglobal.org/spec/lti-nrps/scope/"
SCOPES = frozenset((f"{AGS}score", f"{AGS}lineitem", f"{AGS}lineitem.readonly", f"{NRPS}contextmembership.readonly"))
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
INSTRUCTOR = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"
_MEDIA = "application/vnd.ims.lis.v2.lineitem+json"
_LIST_MEDIA = "application/vnd.ims.lis.v2.lineitemcontainer+json"
_SCORE_MEDIA = "application/vnd.ims.lis.v1.score+json"
_MEMBERS_MEDIA = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
_SCORE_FIELDS = {"userId", "timestamp", "activityProgress", "gradingProgress", "scoreGiven", "scoreMaximum", "comment"}
_ACTIVITY = {"Initialized", "Started", "InProgress", "Submitted", "Completed"}
_GRADING = {"FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"}


@dataclass
class Answer:
    """What is answered: JSON of a media type, or nothing."""

    status: int
    told: Any = None
    media: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        return b"" if self.told is None else json.dumps(self.told).encode()


@dataclass
class LmsServices:
    """One course of a course site, at ``base``. ``scopes_of`` tells what a token may, None where it is no token."""

    base: str
    scopes_of: Callable[[str], frozenset[str] | None]
    page: int = 2
    members: list[dict[str, Any]] = field(default_factory=list)
    links: set[str] = field(default_factory=set)
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Every score that was taken, by column and person.
    scores: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    #: What is answered instead, for the next requests whose method and path match, in order.
    instead: list[tuple[str, Answer]] = field(default_factory=list)
    #: Method and path of all requests.
    asked: list[str] = field(default_factory=list)

    @property
    def lineitems(self) -> str:
        return f"{self.base}/lineitems?type=3"

    @property
    def memberships(self) -> str:
        return f"{self.base}/members"

    def enroll(self, sub: str, *roles: str, status: str = "Active", **about: str) -> None:
        self.members.append({"user_id": sub, "roles": list(roles or (LEARNER,)), "status": status, **about})

    def add_column(self, **about: Any) -> str:
        """A column of grades; returns its address."""
        address = f"{self.base}/lineitems/{len(self.columns) + 1}?type=3"
        self.columns[address] = {"id": address, **about}
        return address

    def last(self, column: str, sub: str) -> dict[str, Any] | None:
        """The last score of a person in a column."""
        return self.scores.get((column, sub), [None])[-1]

    def mounted(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes] | None:
        """What a course site (``lms_platform``) answers of this; None where it is something else's."""
        own = urlsplit(self.base)
        if not path.startswith(f"{own.path}/"):
            return None
        small = {name.lower(): value for name, value in headers.items()}
        answer = self.answer(method, f"{own.scheme}://{own.netloc}{path}", small, body)
        return answer.status, {"Content-Type": answer.media, **answer.headers}, answer.content

    def answer(self, method: str, address: str, headers: dict[str, str], body: bytes) -> Answer:
        """One request; names of headers in small letters."""
        path = urlsplit(address).path
        self.asked.append(f"{method} {path}")
        for number, (pattern, answer) in enumerate(self.instead):
            if re.search(pattern, f"{method} {path}"):
                del self.instead[number]
                return answer
        scopes = self.scopes_of(headers.get("authorization", "").removeprefix("Bearer "))
        if scopes is None:
            return Answer(401, {"error": "invalid_token"})
        below = path.removeprefix(urlsplit(self.base).path)
        match method, below.strip("/").split("/"):
            case "GET", ["members"]:
                return self._list(address, headers, scopes)
            case "GET", ["lineitems"]:
                return self._columns(address, headers, scopes)
            case "POST", ["lineitems"]:
                return self._add(headers, scopes, body)
            case "POST", ["lineitems", number, "scores"]:
                return self._take(f"{self.base}/lineitems/{number}?type=3", address, headers, scopes, body)
        return self._fault(404, f"there is no {method} {below}")

    def _fault(self, status: int, what: str) -> Answer:
        self.faults.append(what)
        return Answer(status, {"errors": [{"message": what}]})

    def _columns(self, address: str, headers: dict[str, str], scopes: frozenset[str]) -> Answer:
        if not scopes & {f"{AGS}lineitem", f"{AGS}lineitem.readonly"}:
            return self._fault(403, "columns were asked for without the scope")
        if headers.get("accept") != _LIST_MEDIA:
            return self._fault(406, f"columns were asked for as {headers.get('accept')}")
        return self._paged(address, list(self.columns.values()), _LIST_MEDIA, lambda found: found)

    def _list(self, address: str, headers: dict[str, str], scopes: frozenset[str]) -> Answer:
        if f"{NRPS}contextmembership.readonly" not in scopes:
            return self._fault(403, "the class list was asked for without the scope")
        if headers.get("accept") != _MEMBERS_MEDIA:
            return self._fault(406, f"the class list was asked for as {headers.get('accept')}")
        context = {"id": "context", "label": "SW", "title": "Social work"}
        return self._paged(
            address,
            self.members,
            _MEMBERS_MEDIA,
            lambda found: {"id": self.memberships, "context": context, "members": found},
        )

    def _paged(self, address: str, all_: list[Any], media: str, told: Callable[[list[Any]], Any]) -> Answer:
        parts = urlsplit(address)
        begin = int(parse_qs(parts.query).get("from", ["0"])[0])
        headers = {"Link": f'<{self.base}/other>; rel="first"'}
        if begin + self.page < len(all_):
            following = f"{parts.scheme}://{parts.netloc}{parts.path}?type=3&from={begin + self.page}"
            headers["Link"] += f', <{following}>; rel="next"'
        return Answer(200, told(all_[begin : begin + self.page]), media, headers)

    def _add(self, headers: dict[str, str], scopes: frozenset[str], body: bytes) -> Answer:
        if f"{AGS}lineitem" not in scopes:
            return self._fault(403, "a column was made without the scope")
        if headers.get("content-type") != _MEDIA:
            return self._fault(415, f"a column was sent as {headers.get('content-type')}")
        match json.loads(body):
            case {"label": str(), "scoreMaximum": int() | float() as most, **rest} as about if most > 0:
                if rest.keys() - {"resourceId", "tag", "resourceLinkId"}:
                    return self._fault(400, f"a column was sent with {rest}")
                if "resourceLinkId" in rest and rest["resourceLinkId"] not in self.links:
                    return self._fault(404, f"there is no link {rest['resourceLinkId']}")
                return Answer(201, self.columns[self.add_column(**about)], _MEDIA)
        return self._fault(400, "a column was sent without its name or points")

    def _take(self, column: str, address: str, headers: dict[str, str], scopes: frozenset[str], body: bytes) -> Answer:
        if f"{AGS}score" not in scopes:
            return self._fault(403, "a score was sent without the scope")
        if headers.get("content-type") != _SCORE_MEDIA:
            return self._fault(415, f"a score was sent as {headers.get('content-type')}")
        if column not in self.columns or urlsplit(address).query != "type=3":
            return Answer(404, {"errors": [{"message": "no such column"}]})
        told = json.loads(body)
        why = _why_no_score(told)
        if why:
            return self._fault(400, why)
        known = {one["user_id"] for one in self.members if LEARNER in one["roles"] and one["status"] == "Active"}
        if told["userId"] not in known:
            return Answer(422, {"errors": {"message": "User not found in course or is not a student"}})
        earlier = self.scores.setdefault((column, told["userId"]), [])
        if earlier and _time(told) <= _time(earlier[-1]):
            return self._fault(409, "a score was sent with a time that is no later than the last one's")
        earlier.append(told)
        return Answer(200, {"resultUrl": f"{column}/results/1"})


def _time(score: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(score["timestamp"])


def _why_no_score(told: Any) -> str:
    if not isinstance(told, dict) or told.keys() - _SCORE_FIELDS:
        return f"a score was sent as {told}"
    if told.get("activityProgress") not in _ACTIVITY or told.get("gradingProgress") not in _GRADING:
        return f"a score was sent with progress of its own: {told}"
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)", told.get("timestamp", "")):
        return f"a score was sent with the time {told.get('timestamp')}"
    if ("scoreGiven" in told) != ("scoreMaximum" in told):
        return "a score was sent without what it is of"
    if "scoreGiven" in told and not (told["scoreGiven"] >= 0 and told["scoreMaximum"] > 0):
        return f"a score was sent with points that cannot be: {told}"
    return ""


class Tokens:
    """Where a tool gets its tokens: for its signature, each of which counts once."""

    def __init__(self, address: str, client: str, public_key: str, granted: frozenset[str] = SCOPES) -> None:
        self.address, self.client, self.public_key, self.granted = address, client, public_key, granted
        self.lasts = 3600
        self.given: dict[str, frozenset[str]] = {}
        self._seen: set[str] = set()

    def scopes_of(self, token: str) -> frozenset[str] | None:
        return self.given.get(token)

    def answer(self, body: bytes) -> Answer:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        try:
            claims = jwt.decode(
                form["client_assertion"],
                self.public_key,
                ["RS256"],
                audience=self.address,
                options={"require": ["iss", "sub", "aud", "iat", "exp", "jti"]},
            )
        except (jwt.PyJWTError, KeyError) as error:
            return Answer(401, {"error": "invalid_client", "error_description": str(error)})
        asked = frozenset(form.get("scope", "").split())
        if (
            form.get("grant_type") != "client_credentials"
            or form.get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            or claims["iss"] != self.client
            or claims["sub"] != self.client
            or claims["jti"] in self._seen
        ):
            return Answer(400, {"error": "invalid_request"})
        self._seen.add(claims["jti"])
        if not asked or not asked <= self.granted:
            return Answer(400, {"error": "invalid_scope"})
        token = uuid.uuid4().hex
        self.given[token] = asked
        return Answer(
            200, {"access_token": token, "token_type": "Bearer", "expires_in": self.lasts, "scope": " ".join(asked)}
        )


@contextmanager
def serving(answers: Callable[[str, str, dict[str, str], bytes], Answer]) -> Iterator[str]:
    """Serve at a port of this machine what ``answers`` gives for method, address, headers and body; its address."""

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = answers(self.command, f"http://{self.headers['Host']}{self.path}", headers, body)
            content = answer.content
            self.send_response(answer.status)
            for name, value in {"Content-Type": answer.media, "Content-Length": len(content), **answer.headers}.items():
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _do  # noqa: N815  (http.server's names)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
