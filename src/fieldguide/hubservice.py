"""What the services of a hub have in common: how JupyterHub is told of one, who asks it, and where it listens."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

if TYPE_CHECKING:
    from jupyterhub.services.auth import HubAuth
    from tornado.web import Application
    from traitlets.config import Config

#: How long a request may take to arrive, in seconds: a slow line has sent 100 MB by then.
_ARRIVES_WITHIN = 600


def add_service(
    config: Config,
    name: str,
    port: int,
    command: Iterable[str],
    groups: Iterable[str],
    *,
    services: Iterable[str] = (),
    account: str = "",
) -> str:
    """Have JupyterHub run a service at a port of this machine; returns its address, for the servers that ask it.

    ``config`` is get_config() in jupyterhub_config.py. ``command`` is a module of ours with its arguments. Everybody in
    the ``groups`` may use it, from their server, and so may other ``services``. It runs as the system's ``account``,
    or else as the hub does.
    """
    url = f"http://127.0.0.1:{port}"
    may_use = f"access:services!service={name}"
    about = {"name": name, "url": url, "command": [sys.executable, "-P", "-m", *command], "display": False}
    role = {"name": name, "groups": list(groups), "services": list(services), "scopes": [may_use]}
    config.JupyterHub.setdefault("services", []).append(about | ({"user": account} if account else {}))
    config.JupyterHub.setdefault("load_roles", []).append(role)
    # What a server's token may by itself, and this.
    by_itself = ["users:activity!user", "access:servers!server"]
    config.Spawner.setdefault("server_token_scopes", by_itself).append(may_use)
    return f"{url}/services/{name}"


async def who_asks(hub: HubAuth, handler: Any) -> dict[str, Any] | None:
    """Who asks the service, as the hub tells of them; None for whoever may not use it. ``handler`` is tornado's.

    Only a token with the right to use this service counts, and no cookie: a page elsewhere can ask for nothing.
    """
    token = hub.get_token(handler, in_cookie=False)
    person: dict[str, Any] | None = await hub.user_for_token(token, sync=False) if token else None
    return person if person and hub.check_scopes(hub.access_scopes, person) else None


def prefix() -> str:
    """What the addresses of this service begin with, as the hub tells it."""
    return os.environ["JUPYTERHUB_SERVICE_PREFIX"]


def serve(service: Application, largest: int) -> None:
    """Serve where the hub says, and not to all of the network, until the hub ends this process.

    ``largest`` is the most that one request may bring, in bytes, unless its handler lets it bring more.
    """
    from tornado.httpserver import HTTPServer
    from tornado.ioloop import IOLoop

    address = urlparse(os.environ["JUPYTERHUB_SERVICE_URL"])
    server = HTTPServer(service, max_body_size=largest, body_timeout=_ARRIVES_WITHIN)
    server.listen(address.port or 0, address.hostname)
    IOLoop.current().start()
