"""Formgrader's pages, with every name escaped: nbgrader's own templates put names into pages as they stand.

A student's id, a name or a module that holds script would run in the instructor's browser, with the instructor's
rights. No id of that kind is taken any more, but names come from rosters, and a gradebook may be older. This is an
extension of Jupyter's server: it comes into play once nbgrader's has brought its templates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "fieldguide.grading.formgrader"}]


def _load_jupyter_server_extension(app: ServerApp) -> None:
    """Called by Jupyter's server before nbgrader has brought its templates: there is nothing to do yet."""


async def _start_jupyter_server_extension(app: ServerApp) -> None:
    """Called by Jupyter's server once all of its extensions are loaded."""
    escape_names(app.web_app.settings)


def escape_names(settings: dict[str, Any]) -> None:
    """Have Formgrader's pages escape what they are made with, where this server has Formgrader."""
    if "nbgrader_jinja2_env" not in settings:
        return
    from fieldguide.grading.escaping import EscapingLoader, SubmissionPageExporter  # slow, and not for who never grades

    lists = settings["nbgrader_jinja2_env"]
    lists.autoescape = True
    lists.loader = EscapingLoader(lists.loader)
    settings["nbgrader_exporter"] = SubmissionPageExporter(config=settings["nbgrader_exporter"].config)
