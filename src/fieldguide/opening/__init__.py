"""Open and go: a notebook of ours runs its own cells when it is opened. Everything for this is in this folder.

``labextension/`` runs the cells and hides the code, ``kernel/`` is the kernel they run in, and the server extension
below decides whether a notebook is the person's own copy. What it protects against: docs/open-and-go.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "fieldguide.opening"}]


def _load_jupyter_server_extension(app: ServerApp) -> None:
    """Called by Jupyter's server when it starts."""
    from fieldguide.opening.server import add_handlers

    add_handlers(app)
    app.log.info("Field Guide: its notebooks run by themselves when they are opened.")
