"""What is asked of the service of live votes, from a student's or an instructor's server."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.httputil import url_concat

from fieldguide.live.rooms import Question

#: How long to wait for an answer, in seconds.
_WAIT = 10
_STATUS = {403: "not_allowed", 404: "no_room"}


class LiveError(Exception):
    """Why nothing came of it; ``why`` is a name of a sentence in the words of ``live``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class LiveVotes:
    """The service at an address, for whoever has the token of this server. Every method raises LiveError."""

    def __init__(self, address: str, token: str, course: str = "", wait: float = _WAIT) -> None:
        """``course`` is the only one whose votes are told, where it is named; ``wait`` how long to wait for an answer,
        in seconds."""
        self._address, self._token, self._course, self._wait = address.rstrip("/"), token, course, wait

    @classmethod
    def here(cls, environment: Mapping[str, str] = os.environ) -> LiveVotes | None:
        """The service that the hub names to this server; None where there is none."""
        address = environment.get("FIELDGUIDE_LIVE_URL")
        if not address:
            return None
        return cls(address, environment.get("JUPYTERHUB_API_TOKEN", ""), environment.get("FIELDGUIDE_COURSE_ID", ""))

    async def rooms(self) -> list[dict[str, Any]]:
        """How the rooms stand that are open in this server's course or all of this account's, the latest first."""
        return list((await self._ask("GET", "rooms"))["rooms"])

    async def room(self, code: str) -> dict[str, Any]:
        """How a room stands."""
        return await self._ask("GET", "room", code)

    async def open(self, course: str, question: Question) -> dict[str, Any]:
        """Open a room for a question."""
        return await self._ask("POST", "rooms", sent={"course": course, "question": asdict(question)})

    async def vote(self, code: str, round_number: int, option: str, number: int) -> dict[str, Any]:
        """Vote, in place of an earlier vote in this round, which has no higher ``number``."""
        sent = {"round": round_number, "option": option, "n": number}
        return await self._ask("POST", "room", code, "vote", sent=sent)

    async def step(self, code: str, step: str, round_number: int, **sent: object) -> dict[str, Any]:
        """Take a room on from a round: close, reopen, again, figures, answer (with ``answer``), end."""
        return await self._ask("POST", "room", code, step, sent={"round": round_number, **sent})

    async def _ask(self, method: str, *place: str, sent: Mapping[str, object] | None = None) -> dict[str, Any]:
        where = "/".join((self._address, *(quote(part, safe="") for part in place)))
        request = HTTPRequest(
            url_concat(where, {"course": self._course} if self._course else {}),
            method,
            headers={"Authorization": f"token {self._token}"},
            body=None if sent is None else json.dumps(sent),
            connect_timeout=self._wait,
            request_timeout=self._wait,
            follow_redirects=False,
        )
        try:
            answer = await AsyncHTTPClient().fetch(request, raise_error=False)
            told: dict[str, Any] = json.loads(answer.body or b"")
        except (HTTPClientError, OSError, ValueError) as error:  # also where it is the hub's proxy that answers
            logging.getLogger(__name__).warning("Live votes at %s do not answer: %s", self._address, error)
            raise LiveError("unreachable") from error
        if answer.code in (200, 201):
            return told
        if answer.code == 409:
            raise LiveError(str(told["refused"]))
        raise LiveError(_STATUS.get(answer.code, "unreachable"))
