"""What a course's own server asks of the service: the grades that go to the course site, and its class list."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import requests

from fieldguide.lti.store import Score

#: How long to wait for a connection, and for an answer, in seconds: the service itself waits for a course site.
_WAIT = (10, 300)
#: So many grades are told in one request.
_AT_ONCE = 1000


class ServiceError(Exception):
    """Why there is no answer: ``why`` names a reason that the desk has words for, and a course site ``said`` so."""

    def __init__(self, why: str, said: str = "") -> None:
        super().__init__(why)
        self.why, self.said = why, said


class CourseSite:
    """The service at an address, for the course whose server has this token. Every method raises ServiceError."""

    def __init__(self, address: str, token: str) -> None:
        self._address = address.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy between the servers of a hub
        self._session.headers["Authorization"] = f"token {token}"

    @classmethod
    def here(cls, environment: Mapping[str, str]) -> CourseSite | None:
        """The service that this server was told of; None where its course has no course site."""
        address = environment.get("FIELDGUIDE_LTI_URL")
        return cls(address, environment.get("JUPYTERHUB_API_TOKEN", "")) if address else None

    def scores(self, module: str) -> list[Score]:
        """The grades of a module that are to stand in the course site, and what became of each."""
        return _scores(self._ask("GET", "scores", module))

    def want(self, module: str, maximum: float, points: Mapping[str, float | None]) -> list[Score]:
        """Say which grades are to stand there, by account in points; None: it waits for a person."""
        accounts = list(points)
        for begin in range(0, max(len(accounts), 1), _AT_ONCE):
            some = {account: points[account] for account in accounts[begin : begin + _AT_ONCE]}
            told = self._ask("PUT", "scores", module, sent={"maximum": maximum, "points": some})
        return _scores(told)

    def send(self, module: str, title: str, maximum: float, accounts: Sequence[str]) -> list[Score]:
        """Send those of these accounts that are not there yet; returns all of the module as they stand then."""
        sent = {"title": title, "maximum": maximum, "accounts": list(accounts)}
        return _scores(self._ask("POST", "scores", module, "send", sent=sent))

    def members(self) -> list[dict[str, Any]]:
        """The class list: of each person what ``members.Member`` has, ``account``, and ``has_come``."""
        return list(self._ask("GET", "members")["members"])

    def _ask(self, method: str, *place: str, sent: Mapping[str, object] | None = None) -> dict[str, Any]:
        where = "/".join((self._address, *(quote(part, safe="") for part in place)))
        try:
            answer = self._session.request(method, where, json=sent, timeout=_WAIT, allow_redirects=False)
            told: dict[str, Any] = answer.json()
        except (
            requests.RequestException,
            OSError,
            ValueError,
        ) as error:  # also where it is the hub's proxy that answers
            logging.getLogger(__name__).warning("The service of course sites does not answer: %s", error)
            raise ServiceError("no_service") from error
        if answer.status_code == 502 and "why" in told:
            raise ServiceError(str(told["why"]), str(told["said"]))
        if answer.status_code != 200:
            logging.getLogger(__name__).error("The service of course sites said %s to %s.", answer.status_code, where)
            raise ServiceError("no_service")
        return told


def _scores(told: dict[str, Any]) -> list[Score]:
    return [Score(**one) for one in told["scores"]]
