"""Formgrader on a server that has it: its pages escape names, damaged settings close it, and one bad file does not
break a list.

nbgrader's own templates put names into pages unescaped: an id, a name or a module that holds script would run in the
instructor's browser, with the instructor's rights. Such ids are refused now, but names come from rosters, and a
gradebook may be older. This is an extension of Jupyter's server; it acts once nbgrader's extension has set up its
pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "fieldguide.grading.formgrader"}]


def _load_jupyter_server_extension(app: ServerApp) -> None:
    """Called by Jupyter's server before nbgrader has set up its templates; there is nothing to do yet."""


async def _start_jupyter_server_extension(app: ServerApp) -> None:
    """Called by Jupyter's server once all of its extensions are loaded."""
    settings = app.web_app.settings
    if "nbgrader_formgrader" not in settings:
        return
    from nbgrader.server_extensions.formgrader import base

    import fieldguide.grading.schema  # noqa: F401  (an error of the gradebook's then tells no name and no comment)
    from fieldguide.grading.closing import close_while_unreadable
    from fieldguide.grading.times_api import TimesOurWay

    base.NbGraderAPI = TimesOurWay
    tell_due_dates()
    formgrader = settings["nbgrader_formgrader"]

    def start_again() -> None:
        formgrader.initialize([], root="" if formgrader.load_cwd_config else formgrader.coursedir.root)
        formgrader.init_tornado_settings(app.web_app)
        escape_names(settings)

    escape_names(settings)
    close_while_unreadable(app.web_app, formgrader, app.log, start_again)


def tell_due_dates() -> None:
    """Have students told a due date when it is changed here, and not only when the module is released again."""
    from nbgrader.exchange import ExchangeFactory
    from nbgrader.server_extensions.formgrader.apihandlers import AssignmentHandler

    from fieldguide.grading.releasing import ReleaseAssignment

    changed = AssignmentHandler.put

    def change_and_tell(handler: Any, assignment_id: str) -> None:
        changed(handler, assignment_id)
        coursedir = handler.coursedir
        config = coursedir.config
        step = ExchangeFactory(config=config).ReleaseAssignment(coursedir=coursedir, config=config)
        if isinstance(step, ReleaseAssignment):
            step.tell_plan()

    AssignmentHandler.put = change_and_tell


def escape_names(settings: dict[str, Any]) -> None:
    """Have Formgrader's pages escape all values, where this server has Formgrader."""
    if "nbgrader_jinja2_env" not in settings:
        return
    from fieldguide.grading.escaping import (
        EscapingLoader,
        SubmissionPageExporter,
    )  # slow, and not needed by people who never grade

    lists = settings["nbgrader_jinja2_env"]
    lists.autoescape = True
    lists.loader = EscapingLoader(lists.loader)
    settings["nbgrader_exporter"] = SubmissionPageExporter(config=settings["nbgrader_exporter"].config)
