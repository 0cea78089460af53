"""A course with live votes: the service with a stand-in for the hub, and servers of an instructor and a student."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import requests
from browser import JupyterServer, free_port
from desk_course import FIRST, DeskCourse
from patience import seconds
from test_desk import do

from fieldguide.bench.standin import StandInHub, StartedService

COURSES = [{"id": "ethics", "instructors": "formgrade-ethics", "students": "nbgrader-ethics", "desk": ""}]
#: Who votes without a server.
CROWD = [f"s{number:02}" for number in range(40)]
#: A practice question in which one option is chosen, its key, and a case.
PRACTICE, KEY, CASE = "chat-that-no-text-names", "ban", "renata-and-the-caption"


class LiveCourse(DeskCourse):
    """The course ``ethics`` whose first module is released and with one student, ``ana``."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "ana")
        groups = {name: ["nbgrader-ethics"] for name in ("ana", *CROWD)}
        self.hub = StandInHub("live", {**groups, "instructor": ["formgrade-ethics", "nbgrader-ethics"]})
        self.port = free_port()
        self.start_service()
        assert do(self, "release").trouble is None
        self.take("ana", "fetch", FIRST)
        self.desk = self.server(FIELDGUIDE_LIVE_URL=self.service.url, JUPYTERHUB_API_TOKEN="instructor")
        self.ana = JupyterServer(
            self.student("ana"),
            folder / "ana",
            FIELDGUIDE_LIVE_URL=self.service.url,
            FIELDGUIDE_ROLE="student",
            JUPYTERHUB_API_TOKEN="ana",
        )

    def start_service(self) -> None:
        """Start the service, with no room in it."""
        command = ["fieldguide.live.service", "--courses", json.dumps(COURSES)]
        self.service = StartedService(self.hub, command, self.port, seconds(60))

    def close(self) -> None:
        self.desk.stop()
        self.ana.stop()
        self.service.stop()
        self.hub.close()

    def vote(self, code: str, number: int, **votes: int) -> None:
        """Have as many of the crowd vote for each option as told."""
        people = iter(CROWD)
        for option, count in votes.items():
            for name in [next(people) for _ in range(count)]:
                self.ask(name, f"room/{code}/vote", round=number, option=option, n=1)

    def ask(self, name: str, place: str, **sent: object) -> dict[str, Any]:
        """Send something to the service as somebody's server does."""
        answer = requests.post(
            f"{self.service.url}/{place}",
            json=sent,
            headers={"Authorization": f"token {name}"},
            timeout=seconds(60),
        )
        assert answer.ok, answer.text
        told: dict[str, Any] = answer.json()
        return told


class Browsing:
    """A browser without scripts at somebody's server."""

    def __init__(self, server: JupyterServer) -> None:
        self.url, self.session = f"{server.url}/fieldguide", requests.Session()

    def get(self, address: str) -> requests.Response:
        return self.session.get(f"{self.url}/{address}", timeout=seconds(60))

    def post(self, address: str, page: str, **fields: str) -> requests.Response:
        """Send a form of a page, and go where that leads."""
        fields["_xsrf"] = re.findall(r'name="_xsrf" value="([^"]+)"', self.get(page).text)[0]
        return self.session.post(f"{self.url}/{address}", fields, timeout=seconds(60))

    def tell(self, address: str, page: str, **sent: object) -> requests.Response:
        """Send what the script of a page sends."""
        assert self.get(page).ok
        headers = {"X-XSRFToken": str(self.session.cookies["_xsrf"])}
        return self.session.post(f"{self.url}/{address}", json=sent, headers=headers, timeout=seconds(60))
