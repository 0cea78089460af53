"""A course whose exchange is the service, with a stand-in for the hub that knows everybody's token."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
from browser import free_port
from desk_course import DeskCourse
from patience import seconds

from fieldguide.bench.standin import StandInHub, StartedService

#: Everybody's groups, by the name that is their token too.
GROUPS = {
    "instructor": ["formgrade-ethics"],
    "ana": ["nbgrader-ethics"],
    "ben": ["nbgrader-ethics"],
    "other": ["formgrade-law", "nbgrader-music"],
    "nobody": [],
}


class ServiceCourse(DeskCourse):
    """The course ``ethics``, the service in a process of its own, and everybody with a data folder of their own."""

    def __init__(self, folder: Path, *names: str, each: int = 1000) -> None:
        self.hub, self.folder, self.port, self.each = StandInHub("exchange", GROUPS), folder, free_port(), each
        self.start()
        self.using = f"from fieldguide.sharing.setting_up import use_service\nuse_service(get_config(), {self.url!r})\n"
        super().__init__(folder, *names)
        self._add_settings(self.root)

    def _add_settings(self, folder: Path) -> None:
        path = folder / "nbgrader_config.py"
        path.write_text(self.using + path.read_text("utf-8"), encoding="utf-8")

    def start(self) -> None:
        """Start the service, as the hub does."""
        place = self.folder / "service"
        place.mkdir(parents=True, exist_ok=True)
        where = ["--database", f"sqlite:///{place / 'exchange.sqlite'}", "--storage", str(place / "files")]
        where += ["--each", str(self.each)]
        self.service = StartedService(self.hub, ["fieldguide.sharing.service", *where], self.port, seconds(60))
        self.url = self.service.url

    def stop(self) -> None:
        """End the service."""
        self.service.stop()

    def close(self) -> None:
        """End the service and the hub."""
        self.stop()
        self.hub.close()

    def student(self, name: str) -> Path:
        """The root folder of a student's server."""
        new = not (self.folder / "students" / name).is_dir()
        root = super().student(name)
        if new:
            self._add_settings(root)
        return root

    @contextlib.contextmanager
    def as_person(self, name: str) -> Iterator[None]:
        """Have this process be somebody's server."""
        changed = {
            "JUPYTERHUB_API_TOKEN": name,
            "JUPYTERHUB_USER": name,
            "JUPYTER_DATA_DIR": str(self.folder / "data" / name),
        }
        before = {key: os.environ.get(key) for key in changed}
        os.environ.update(changed)
        try:
            yield
        finally:
            for key, value in before.items():
                if value is None:
                    del os.environ[key]
                else:
                    os.environ[key] = value

    def take(self, name: str, step: str, module: str) -> dict[str, object]:
        with self.as_person(name):
            return super().take(name, step, module)

    def ask(self, name: str, method: str, *place: str, **more: Any) -> requests.Response:
        """Ask the service something, by a student's or instructor's own token."""
        headers = {"Authorization": f"token {name}"} if name else {}
        return requests.request(method, "/".join((self.url, *place)), headers=headers, timeout=seconds(60), **more)
