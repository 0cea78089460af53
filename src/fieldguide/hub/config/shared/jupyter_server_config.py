"""Everybody's server: its log goes where the hub's does, and holds as little."""

from fieldguide.hub.logs import LOGGING

c = get_config()  # type: ignore[name-defined]  # noqa: F821  (Jupyter provides it)

c.ServerApp.logging_config = LOGGING
