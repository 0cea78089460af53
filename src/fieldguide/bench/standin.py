"""A stand-in for the hub of a service, for measuring and for tests, which then need no hub.

It tells who a token belongs to, and the service is started with what a hub tells one.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class StandInHub(ThreadingHTTPServer):
    """Tells who a token belongs to, as JupyterHub does. Everybody's token is their name.

    ``groups`` are those of everybody, by name; ``kinds`` of whom is no user. Whoever is in ``scopes`` may use the
    service of that name: everybody, at first.
    """

    daemon_threads = True
    request_queue_size = 256

    def __init__(
        self, service: str, groups: Mapping[str, Sequence[str]], kinds: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.service, self.groups, self.kinds = service, dict(groups), dict(kinds or {})
        self.may_use = f"access:services!service={service}"
        self.scopes = {name: [self.may_use] for name in groups}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Answer nobody any more."""
        self.shutdown()
        self.server_close()


class _Asked(BaseHTTPRequestHandler):
    server: StandInHub

    def do_GET(self) -> None:
        hub, name = self.server, self.headers["Authorization"].removeprefix("token ")
        known = name in hub.groups
        person = {
            "kind": hub.kinds.get(name, "user"),
            "name": name,
            "groups": hub.groups.get(name),
            "scopes": hub.scopes.get(name),
        }
        answer = json.dumps(person if known else {"message": "no"}).encode()
        self.send_response(200 if known else 403)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class StartedService:
    """A service in a process of its own, at a free port or the one named; ``command`` is a module of ours with its
    arguments, and ``patience`` how many seconds it has to come up."""

    def __init__(self, hub: StandInHub, command: Sequence[str], port: int = 0, patience: float = 60) -> None:
        self.port = port = port or _free_port()
        self.url = f"http://127.0.0.1:{port}/services/{hub.service}"
        environment = {
            **os.environ,
            "JUPYTERHUB_API_TOKEN": "service",
            "JUPYTERHUB_API_URL": f"http://127.0.0.1:{hub.server_port}/hub/api",
            "JUPYTERHUB_OAUTH_ACCESS_SCOPES": json.dumps([hub.may_use]),
            "JUPYTERHUB_SERVICE_PREFIX": f"/services/{hub.service}/",
            "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{port}",
        }
        self.process = subprocess.Popen([sys.executable, "-P", "-m", *command], env=environment)  # noqa: S603 (ours)
        client = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        until = time.monotonic() + patience
        while True:
            try:
                client.open(f"{self.url}/healthz", timeout=10).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def stop(self) -> None:
        """End the service."""
        self.process.terminate()
        self.process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
