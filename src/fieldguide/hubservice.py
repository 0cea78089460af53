"""What the services of a hub have in common: how JupyterHub is told of one, who asks it, and where it listens."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

if TYPE_CHECKING:
    from jupyterhub.services.auth import HubAuth
    from tornado.web import Application
    from traitlets.config import Config

#: How long a request may take to arrive, in seconds: a slow line has sent 100 MB by then.
_ARRIVES_WITHIN = 600
#: How long a service may take to be there, in seconds. On a busy machine one takes longer than the 30 that JupyterHub
#: gives it by itself, and then the hub ends.
_UP_WITHIN = 300
_ACCOUNT = "FIELDGUIDE_SERVICE_ACCOUNT"


def add_service(
    config: Config,
    name: str,
    port: int,
    command: Iterable[str],
    groups: Iterable[str],
    *,
    services: Iterable[str] = (),
    account: str = "",
    environment: Mapping[str, str] | None = None,
) -> str:
    """Have JupyterHub run a service at a port of this machine; returns its address, for the servers that ask it.

    ``config`` is get_config() in jupyterhub_config.py. ``command`` is a module of ours with its arguments. Everybody in
    the ``groups`` may use it, from their server, and so may other ``services``. It takes its port as the hub, and then
    runs as the system's ``account``, where one is named. ``environment`` is what only it and root are told.
    """
    url = f"http://127.0.0.1:{port}"
    may_use = f"access:services!service={name}"
    about = {"name": name, "url": url, "command": [sys.executable, "-P", "-m", *command], "display": False}
    about["timeout"] = _UP_WITHIN
    role = {"name": name, "groups": list(groups), "services": list(services), "scopes": [may_use]}
    config.JupyterHub.setdefault("services", []).append(
        about | {"environment": {_ACCOUNT: account} | {**(environment or {})}}
    )
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


def take_port() -> list[socket.socket]:
    """Listen where the hub says, and not to all of the network; then be the account that the hub names, if any.

    Where students have accounts on the machine, root takes a port below 1024: another a student's program could have as
    soon as the service stops.
    """
    from tornado.netutil import bind_sockets

    address = urlparse(os.environ["JUPYTERHUB_SERVICE_URL"])
    sockets = bind_sockets(address.port or 0, address.hostname)
    account = os.environ.get(_ACCOUNT)
    if account:
        become(account)
    return sockets


def become(account: str) -> None:
    """Go on as another account of the system, with its groups, and never again as root."""
    import pwd  # which Windows has not; this module is read there too

    entry = pwd.getpwnam(account)
    os.initgroups(entry.pw_name, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    os.environ["HOME"] = entry.pw_dir


def serve(sockets: Iterable[socket.socket], service: Application, largest: int) -> None:
    """Serve at ``take_port()`` until the hub ends this process, which it does by an interrupt, as Ctrl-C is one.

    ``largest`` is the most that one request may bring, in bytes, unless its handler lets it bring more.
    """
    from tornado.httpserver import HTTPServer
    from tornado.ioloop import IOLoop

    server = HTTPServer(service, max_body_size=largest, body_timeout=_ARRIVES_WITHIN)
    server.add_sockets(sockets)
    loop = IOLoop.current()
    # A hub that a shell started in the background ignores interrupts, and so would this process, which it started.
    loop.add_callback(lambda: asyncio.get_running_loop().add_signal_handler(signal.SIGINT, loop.stop))
    loop.start()
