"""A course whose exchange is the service, with a stand-in for the hub that knows everybody's token."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests
from browser import free_port
from desk_course import DeskCourse
from patience import seconds

MAY_USE = "access:services!service=exchange"
#: Everybody's groups, by the name that is their token too.
GROUPS = {
    "instructor": ["formgrade-ethics"],
    "ana": ["nbgrader-ethics"],
    "ben": ["nbgrader-ethics"],
    "other": ["formgrade-law", "nbgrader-music"],
    "nobody": [],
}


class Hub(ThreadingHTTPServer):
    """Tells who a token belongs to, as JupyterHub does."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.scopes = {name: [MAY_USE] for name in GROUPS}
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Asked(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        name = self.headers["Authorization"].removeprefix("token ")
        known = name in GROUPS
        person = {"kind": "user", "name": name, "groups": GROUPS.get(name), "scopes": self.server.scopes.get(name)}
        answer = json.dumps(person if known else {"message": "no"}).encode()
        self.send_response(200 if known else 403)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class ServiceCourse(DeskCourse):
    """The course ``ethics``, the service in a process of its own, and everybody with a data folder of their own."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.hub, self.port = Hub(), free_port()
        self.url = f"http://127.0.0.1:{self.port}/services/exchange"
        self.using = f"from fieldguide.sharing.setting_up import use_service\nuse_service(get_config(), {self.url!r})\n"
        super().__init__(folder, *names)
        self._add_settings(self.root)
        self.start()

    def _add_settings(self, folder: Path) -> None:
        path = folder / "nbgrader_config.py"
        path.write_text(self.using + path.read_text("utf-8"), encoding="utf-8")

    def start(self) -> None:
        """Start the service, as the hub does."""
        environment = {
            **os.environ,
            "JUPYTERHUB_API_TOKEN": "service",
            "JUPYTERHUB_API_URL": f"http://127.0.0.1:{self.hub.server_port}/hub/api",
            "JUPYTERHUB_OAUTH_ACCESS_SCOPES": json.dumps([MAY_USE]),
            "JUPYTERHUB_SERVICE_PREFIX": "/services/exchange/",
            "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{self.port}",
        }
        place = self.folder / "service"
        place.mkdir(exist_ok=True)
        where = ["--database", f"sqlite:///{place / 'exchange.sqlite'}", "--storage", str(place / "files")]
        command = [sys.executable, "-P", "-m", "fieldguide.sharing.service", *where]
        self.process = subprocess.Popen(command, env=environment)
        until = time.monotonic() + seconds(60)
        while True:
            with contextlib.suppress(requests.ConnectionError):
                assert requests.get(f"{self.url}/healthz", timeout=10).ok
                return
            assert self.process.poll() is None and time.monotonic() < until
            time.sleep(0.05)

    def stop(self) -> None:
        """End the service."""
        self.process.terminate()
        self.process.wait(seconds(30))

    def close(self) -> None:
        """End the service and the hub."""
        self.stop()
        self.hub.shutdown()
        self.hub.server_close()

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
