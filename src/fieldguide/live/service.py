"""The service of live votes, on the hub's side; everybody's server asks it with the token that the hub gave it.

    python -m fieldguide.live.service --courses JSON

JupyterHub starts it and gives it the environment that it reads. A request with ``?course=ID`` is one of that course
alone. It writes nothing to the disk: with it end its rooms.

    GET  rooms                 the rooms that are open in the courses of whoever asks
    POST rooms                 open one; for instructors, as all that follows but a vote
    GET  room/CODE             how a room stands, and what whoever asks has voted
    POST room/CODE/vote        vote; for students
    POST room/CODE/STEP        close, reopen, again, figures, answer, end; refused where another round has begun
    GET  [CODE]                for a browser: the page of the vote on the server of whoever is logged in
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from jupyterhub.services.auth import HubAuth
from jupyterhub.utils import url_path_join
from tornado.web import Application, HTTPError, RequestHandler

from fieldguide.hubservice import prefix, serve, take_port, who_asks
from fieldguide.live.rooms import Question, RefusedError, Room, Rooms
from fieldguide.live.setting_up import CourseGroups

#: The most that one request may bring, in bytes: a case's text and its scene have less than a tenth of it.
LARGEST = 256 << 10


class Asked(RequestHandler):
    """What is the same for every request: who asks, and of which courses they are."""

    application: Live

    async def prepare(self) -> None:
        """Find out who asks. Whoever may not use this service is answered here."""
        person = await who_asks(self.application.hub, self)
        if person is None:
            raise HTTPError(403)
        name, groups = person["name"], frozenset(person.get("groups") or ())
        is_service = person.get("kind") == "service"
        courses = self.application.courses
        asked_in = self.get_query_argument("course", "")  # the one course of the server that asks, where it has one
        courses = tuple(one for one in courses if asked_in in ("", one.id))
        self.person = f"{person.get('kind')}:{name}"
        self.runs = {
            one.id
            for one in courses
            if (one.desk == name if is_service else bool({one.instructors, one.assistants} & groups))
        }
        self.takes = {one.id for one in courses if not is_service and one.students in groups}

    def check_xsrf_cookie(self) -> None:
        """Nothing to check: no cookie is read."""

    def room(self, code: str) -> Room:
        """The room of a code. Raises 404 where there is none in the courses of whoever asks."""
        room = self.application.rooms.at(code)
        if room is None or room.course not in self.runs | self.takes:
            raise HTTPError(404)
        return room

    def told(self, room: Room) -> dict[str, Any]:
        """How a room stands, for whoever asks. Only instructors are told how many have voted while they can."""
        runs = room.course in self.runs
        return {
            "code": room.code,
            "course": room.course,
            "question": asdict(room.question),
            "round": room.round,
            "open": room.is_open,
            "runs": runs,
            "votes": room.course in self.takes,
            "voted": room.voted if runs else None,
            "cast": room.cast if runs else None,
            "own": room.own(self.person),
            "number": room.number(self.person),
            "figures": room.figures(),
            "answer": room.answer,
        }

    def body(self) -> dict[str, Any]:
        """What is sent. Raises 400 where it is no object of JSON."""
        try:
            sent = json.loads(self.request.body or b"{}")
        except ValueError:
            raise HTTPError(400) from None
        if not isinstance(sent, dict):
            raise HTTPError(400)
        return sent

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, RefusedError):
            self.set_status(409)
            self.finish({"refused": error.why})
        else:
            self.finish({"refused": None})

    def log_exception(self, kind: Any, error: Any, trace: Any) -> None:
        """A refusal is an answer, and not logged."""
        if not isinstance(error, RefusedError):
            super().log_exception(kind, error, trace)


class AllRooms(Asked):
    """``rooms``."""

    def get(self) -> None:
        rooms = self.application.rooms.of(tuple(self.runs | self.takes))
        self.finish({"rooms": [self.told(room) for room in rooms]})

    def post(self) -> None:
        sent = self.body()
        if sent.get("course") not in self.runs:
            raise HTTPError(403)
        room = self.application.rooms.open(sent["course"], _question(sent.get("question")))
        self.set_status(201)
        self.finish(self.told(room))


class OneRoom(Asked):
    """``room/CODE``."""

    def get(self, code: str) -> None:
        self.finish(self.told(self.room(code)))


class Vote(Asked):
    """``room/CODE/vote``."""

    def post(self, code: str) -> None:
        room = self.room(code)
        if room.course not in self.takes:
            raise HTTPError(403)
        match self.body():
            case {"round": int(round_number), "option": str(option), "n": int(number)}:
                room.vote(self.person, round_number, option, number)
            case _:
                raise HTTPError(400)
        self.finish(self.told(room))


class Step(Asked):
    """``room/CODE/STEP``."""

    def post(self, code: str, step: str) -> None:
        room = self.room(code)
        if room.course not in self.runs:
            raise HTTPError(403)
        sent = self.body()
        answer, round_number = sent.get("answer"), sent.get("round")
        if not isinstance(round_number, int):
            raise HTTPError(400)
        room.lead(round_number)
        steps: dict[str, Callable[[], None]] = {
            "close": room.close,
            "reopen": room.reopen,
            "again": room.again,
            "figures": room.show_figures,
            "answer": lambda: room.show_answer(_texts(answer)),
            "end": lambda: self.application.rooms.end(room),
        }
        steps[step]()
        self.finish(self.told(room))


class ToPage(RequestHandler):
    """A short address for a telephone. JupyterHub then asks who it is, and starts their server where it has to."""

    application: Live

    def get(self, code: str | None) -> None:
        hub = self.application.hub.hub_prefix
        self.redirect(url_path_join(hub, "user-redirect", "fieldguide", "live", *filter(None, [code])))


class Alive(RequestHandler):
    """``healthz``."""

    def get(self) -> None:
        self.finish({})


def _question(sent: object) -> Question:
    """A question that was sent. Raises 400 where it is none."""
    match sent:
        case {
            "module": str(module),
            "cell": str(cell),
            "scene": str(scene),
            "title": str(title),
            "told": [*told],
            "asked": str(asked),
            "more": [*more],
            "options": dict(options),
            "language": str(language),
        } if all(isinstance(text, str) for text in (*told, *more)) and len(options) > 1:
            return Question(module, cell, scene, title, tuple(told), asked, tuple(more), _texts(options), language)
    raise HTTPError(400)


def _texts(sent: object) -> dict[str, str]:
    if not isinstance(sent, dict) or not all(isinstance(text, str) for text in sent.values()):
        raise HTTPError(400)
    return sent


class Live(Application):
    """The service: the rooms, and whose courses they are."""

    def __init__(self, begin: str, courses: Iterable[CourseGroups], hub: HubAuth, rooms: Rooms | None = None) -> None:
        code = r"(\w{1,16})"
        super().__init__(
            [
                (f"{begin}healthz", Alive),
                (f"{begin}rooms", AllRooms),
                (f"{begin}room/{code}", OneRoom),
                (f"{begin}room/{code}/vote", Vote),
                (f"{begin}room/{code}/(close|reopen|again|figures|answer|end)", Step),
                (rf"{begin.rstrip('/')}(?:/{code}?)?", ToPage),  # the projector shows it without the last slash
            ]
        )
        self.courses, self.hub, self.rooms = tuple(courses), hub, rooms or Rooms()

    def log_request(self, handler: RequestHandler) -> None:
        """Say nothing of who asked when: a log with the times of votes would tell more than the votes do."""
        if handler.get_status() >= 500:
            super().log_request(handler)


def main(arguments: Iterable[str] | None = None) -> None:
    """Serve until the hub ends this process."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--courses", required=True, type=json.loads, help="the courses with their groups, as JSON")
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    logging.basicConfig(level=logging.WARNING)
    courses = [CourseGroups(**course) for course in chosen.courses]
    serve(take_port(), Live(prefix(), courses, HubAuth()), LARGEST)


if __name__ == "__main__":
    main()
