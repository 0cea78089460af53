"""What is asked of the exchange service, over HTTP."""

from __future__ import annotations

import base64
import json
import logging
import os
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

import requests
from nbgrader.exchange import ExchangeError

from fieldguide.sharing.paths import can_be_written

#: How long to wait for a connection, and for each part of an answer, in seconds.
_WAIT = (10, 120)
_UNREACHABLE = (
    "The exchange at {} cannot be reached. Try again in a few minutes; if it stays so, tell whoever runs the server."
)
_UNCERTAIN = "The exchange at {} did not answer, so it is not certain that this arrived. Do it again: it does no harm."


class ServiceError(ExchangeError):  # type: ignore[misc]
    """Why the service did not do what it was asked, for whoever works with nbgrader; ``trouble`` is the course page's
    name of it."""

    def __init__(self, message: str, trouble: str) -> None:
        super().__init__(message)
        self.trouble = trouble


class Service:
    """The service at an address, for whoever has the token of this server."""

    def __init__(self, address: str) -> None:
        if not address:
            raise ServiceError("The settings give no address of the exchange: c.OverService.address.", "settings")
        self._address = address.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy between the servers of a hub, and no password from a file
        self._session.headers["Authorization"] = f"token {os.environ.get('JUPYTERHUB_API_TOKEN', '')}"

    def courses(self) -> list[str]:
        """The courses of this account."""
        return [_name(one) for one in self._ask("GET", "courses")["courses"]]

    def released(self, course: str) -> dict[str, dict[str, str]]:
        """The modules that are released: the checksum (MD5) of each file, by its path."""
        told = self._ask("GET", "assignments", course)["assignments"]
        return {_name(module): {_path(one): str(one["checksum"]) for one in files} for module, files in told.items()}

    def module(self, course: str, module: str) -> dict[str, bytes]:
        """The files of a released module, by their paths."""
        return _files(self._ask("GET", "assignment", course, module))

    def release(self, course: str, module: str, files: Mapping[str, bytes]) -> None:
        """Put a module there for students, in place of what was there."""
        self._ask("POST", "assignment", course, module, files=files)

    def withdraw(self, course: str, module: str) -> None:
        """Take a module away from students; what was handed in stays."""
        self._ask("DELETE", "assignment", course, module)

    def hand_in(self, course: str, module: str, files: Mapping[str, bytes]) -> str:
        """Hand in a module in this account's name; returns the time of it, in UTC."""
        return str(self._ask("POST", "submission", course, module, files=files)["timestamp"])

    def own_submissions(self, course: str) -> list[dict[str, Any]]:
        """This account's submissions: ``assignment_id``, ``timestamp``, and ``feedback`` with its checksums."""
        return list(self._ask("GET", "own", course)["submissions"])

    def submissions(self, course: str) -> list[dict[str, Any]]:
        """Everybody's submissions, with ``student_id`` as well; for instructors."""
        return list(self._ask("GET", "submissions", course)["submissions"])

    def submission(self, course: str, module: str, student: str, time: str) -> dict[str, bytes]:
        """The files of a submission, by their paths; for instructors."""
        return _files(self._ask("GET", "submission", course, module, student, query={"timestamp": time}))

    def feedback(self, course: str, module: str, student: str, time: str) -> dict[str, bytes]:
        """The pages of feedback on a submission, by their names."""
        return _files(self._ask("GET", "feedback", course, module, student, query={"timestamp": time}))

    def give_feedback(self, course: str, module: str, student: str, time: str, pages: Mapping[str, bytes]) -> None:
        """Put feedback on a submission where the student can fetch it, in place of what was there."""
        self._ask("POST", "feedback", course, module, student, files=pages, more={"timestamp": time})

    def note(self, course: str) -> str:
        """What is told to this account alone, as it was given; empty where there is nothing."""
        return str(self._ask("GET", "notes", course)["note"])

    def give_notes(self, course: str, notes: Mapping[str, str]) -> None:
        """Have each student find their own note, and nobody one that was given before; for instructors."""
        self._ask("POST", "notes", course, more={"notes": json.dumps(notes)})

    def begun(self, course: str) -> tuple[bool, dict[str, list[str]]]:
        """Whether instructors of a course see who has begun, and who has, by module; the second for instructors."""
        told = self._ask("GET", "begun", course)
        return bool(told["seen"]), dict(told["begun"])

    def see_begun(self, course: str, *, seen: bool) -> None:
        """Have it seen from now on who begins, or have what was seen forgotten; for instructors."""
        self._ask("POST", "begun", course, more={"seen": "yes" if seen else "no"})

    def begin(self, course: str, module: str) -> None:
        """Say that this account begins a module; kept only where that is seen."""
        self._ask("POST", "begun", course, module, more={"seen": ""})

    def _ask(
        self,
        method: str,
        *place: str,
        query: Mapping[str, str] | None = None,
        files: Mapping[str, bytes] | None = None,
        more: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        where = "/".join((self._address, *(quote(part, safe="") for part in place)))
        sent = {**(more or {}), **({} if files is None else {"files": _packed(files)})} or None
        try:
            answer = self._session.request(method, where, params=query, data=sent, timeout=_WAIT, allow_redirects=False)
            told: dict[str, Any] = answer.json()
        except ValueError:  # no JSON: it is the hub's proxy that answers, or something else
            if answer.status_code in _DOWN:
                raise ServiceError(_UNREACHABLE.format(self._address), "unreachable") from None
            raise ServiceError(
                f"{where} is no exchange: it answered {answer.status_code}, and not in JSON.", "failed"
            ) from None
        except requests.RequestException as error:
            logging.getLogger(__name__).error("%s %s: %s", method, where, error)
            if sent is None or _was_refused(error):
                raise ServiceError(_UNREACHABLE.format(self._address), "unreachable") from error
            raise ServiceError(_UNCERTAIN.format(self._address), "too_long") from error
        if answer.status_code == requests.codes.ok and told.get("success") is True:
            return told
        said = told.get("message") or f"it answered {answer.status_code}"
        raise ServiceError(
            f"The exchange refused {method} {'/'.join(place)}: {said}", _TROUBLES.get(answer.status_code, "failed")
        )


_DOWN = {502, 503, 504}
_TROUBLES = {403: "no_access", 404: "withdrawn", 413: "too_large"}


def _was_refused(error: requests.RequestException) -> bool:
    """Whether there was no connection, so that nothing can have arrived."""
    return isinstance(error, requests.ConnectTimeout) or "NewConnectionError" in repr(error)


def _packed(files: Mapping[str, bytes]) -> str:
    return json.dumps(
        [{"path": path, "content": base64.b64encode(content).decode()} for path, content in files.items()]
    )


def _files(told: dict[str, Any]) -> dict[str, bytes]:
    return {_path(one): base64.b64decode(one["content"]) for one in told["files"]}


def _path(told: dict[str, Any]) -> str:
    """A file's path. Raises ServiceError where it leads out of its folder, or no system can write it."""
    if not can_be_written(told["path"]):
        raise ServiceError(f"The exchange names a file that lies nowhere: {told['path']!r}", "failed")
    return str(PurePosixPath(told["path"]))


def _name(told: str) -> str:
    """A course's or module's name, which becomes a folder's. Raises ServiceError where it cannot."""
    if _path({"path": told}) != told or "/" in told or told.startswith("."):
        raise ServiceError(f"The exchange tells a name that can be no folder's: {told!r}", "failed")
    return told
