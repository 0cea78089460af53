"""The desk: where an instructor runs a class, on their own Jupyter server."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "fieldguide.desk"}]


def _load_jupyter_server_extension(app: ServerApp) -> None:
    from fieldguide.desk.server import add_handlers

    add_handlers(app)
