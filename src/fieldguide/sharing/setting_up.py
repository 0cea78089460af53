"""Setting up the exchange as a service: what JupyterHub is told of it, and what nbgrader is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide import hubservice

if TYPE_CHECKING:
    from traitlets.config import Config

_STEPS = {
    "exchange": "OverService",
    "fetch_assignment": "FetchAssignment",
    "fetch_feedback": "FetchFeedback",
    "release_assignment": "ReleaseAssignment",
    "release_feedback": "ReleaseFeedback",
    "list": "List",
    "submit": "Submit",
    "collect": "Collect",
}


def use_service(config: Config, address: str) -> None:
    """Have nbgrader's steps go to the service at ``address``; ``config`` is get_config() in nbgrader_config.py."""
    for step, name in _STEPS.items():
        config.ExchangeFactory[step] = f"fieldguide.sharing.steps.{name}"
    config.OverService.address = address


def add_service(
    config: Config,
    courses: Iterable[str],
    folder: Path,
    port: int,
    name: str = "exchange",
    database: str | None = None,
    account: str = "",
) -> str:
    """Have JupyterHub run the service at a port of this machine; returns its address, for ``use_service``.

    ``config`` is get_config() in jupyterhub_config.py. ``folder`` is for the service's files, and its database where
    none is named. Everybody in the groups ``formgrade-COURSE`` and ``nbgrader-COURSE`` may use it, from their server.
    ``account`` is the system's account that the service runs as, or else the hub's own; the folder is that account's.
    """
    where = ["--database", database or f"sqlite:///{folder / 'exchange.sqlite'}", "--storage", str(folder / "files")]
    groups = [f"{role}-{course}" for course in courses for role in ("formgrade", "nbgrader")]
    return hubservice.add_service(config, name, port, ["fieldguide.sharing.service", *where], groups, account=account)
