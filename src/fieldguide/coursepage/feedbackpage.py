"""The feedback on a module where its questions stand, and asking for one to be looked at again."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from fieldguide.coursepage.handlers import PageHandler, RefusedError
from fieldguide.coursepage.reading import ModuleNotebook, NoModuleError, Prose, read_module_notebook
from fieldguide.coursepage.returned import Returned, read_returned
from fieldguide.coursepage.words import say as say_of_page
from fieldguide.items import ReadingError
from fieldguide.responses.requests import LONGEST_REASON, Request, add_request, read_requests
from fieldguide.words import ENGLISH, Words, speaking

#: More than the longest reason takes in a form, in bytes.
_LARGEST_BODY = 64 << 10
_WORDS = Words("returned")
say, count = _WORDS.say, _WORDS.count


@dataclass(frozen=True, slots=True)
class Place:
    """What stands in one place of the page: a part of what feedback tells, or a text of the module as safe HTML."""

    told: dict[str, Any] | None = None
    html: str = ""


def places(told: dict[str, Any], notebook: ModuleNotebook | None) -> list[Place]:
    """What feedback tells in the order of the module, between the module's own texts.

    What the module has no place for, because it was changed since, stands at the end; notes stand at the top.
    """
    waiting = {_cell(part): part for part in told["parts"] if part["is"] != "notes"}
    found = [Place(part) for part in told["parts"] if part["is"] == "notes"]
    for part in notebook.parts if notebook else ():
        if isinstance(part, Prose):
            if "stop" not in part.tags:  # nobody works here
                found.append(Place(html=_one_down(part.html)))
        elif part.id in waiting:
            found.append(Place(waiting.pop(part.id)))
    return [*found, *map(Place, waiting.values())]


def _cell(part: dict[str, Any]) -> str:
    """The id of the cell in the student's notebook that a part is about."""
    return f"item-{part['id']}" if part["is"] == "question" else str(part["cell"])


def _one_down(html: str) -> str:
    """The title of the module is not the title of this page."""
    return html.replace("<h1", "<h2").replace("</h1>", "</h2>")


class FeedbackPage(PageHandler):
    """``GET feedback/<path>``: the page. ``POST``: write a request, and then the page at that question.

    The path is the notebook's, or its folder's.
    """

    written = ("reason",)

    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:
        path = _notebook_path(path)
        file = self.own_module(path)
        if file is not None:
            await self._show(path, file)

    @web.authenticated
    @authorized
    async def post(self, path: str) -> None:
        path = _notebook_path(path)
        file = self.own_module(path)
        if file is None:
            return
        if len(self.request.body) > _LARGEST_BODY:
            raise RefusedError(413, say_of_page("too_large"))
        asked, reason = self.get_body_argument("question", ""), self.get_body_argument("reason", "", strip=False)

        def ask() -> None:
            returned = read_returned(file.parent, file.stem)
            question = next((one for one in _questions(returned) if one["id"] == asked), None)
            if question is None:
                raise ValueError(say("no_such_question"))
            seen = {name: question[name] for name in ("wording", "points", "of")}
            add_request(file.parent, file.stem, asked, reason, **seen)

        with speaking(_language(file)):
            try:
                await self.elsewhere(ask)
            except (ValueError, OSError) as error:
                self.set_status(422 if isinstance(error, ValueError) else 507)
                why = say("not_kept", reason=error.strerror) if isinstance(error, OSError) else str(error)
                await self._show(path, file, asked, why, reason[:LONGEST_REASON])
                return
        self.redirect(f"{self.address('feedback', path)}?asked#fg-{asked}", status=303)

    async def _show(self, path: str, file: Path, asked: str = "", problem: str = "", reason: str = "") -> None:
        returned, notebook, requests, troubles = await self.elsewhere(lambda: _look(file))
        told = returned.told if returned else None
        listing = self.course.exchange.last()
        with speaking(str(told["language"]) if told else notebook.head.lang if notebook else ENGLISH):
            self.show(
                "feedback.html",
                path=path,
                title=notebook.head.title if notebook else file.stem,
                returned=returned,
                told=told,
                places=places(told, notebook) if told else [],
                questions=_questions(returned),
                requests=requests,
                troubles=troubles,
                keeps_time=bool(listing and listing.in_files),
                has_asked=self.get_query_argument("asked", None) is not None,
                asked=asked,
                problem=problem,
                reason=reason,
                most=LONGEST_REASON,
                page=self.files_of(returned.page) if returned else None,
                rendering=Words("rendering").say,
                feedback=Words("feedback").say,
                text=say,
                counted=count,
            )


def _notebook_path(path: str) -> str:
    path = path.rstrip("/")
    return path if path.endswith(".ipynb") else f"{path}/{path.rpartition('/')[2]}.ipynb"


def _questions(returned: Returned | None) -> list[dict[str, Any]]:
    told = returned.told if returned else None
    return [part for part in told["parts"] if part["is"] == "question"] if told else []


def _language(file: Path) -> str:
    notebook = _notebook(file)
    return notebook.head.lang if notebook else ENGLISH


def _notebook(file: Path) -> ModuleNotebook | None:
    """The module as the student has it; None where it cannot be read: its feedback can be, all the same."""
    try:
        return read_module_notebook(file)
    except (NoModuleError, ReadingError, OSError):
        return None


def _look(file: Path) -> tuple[Returned | None, ModuleNotebook | None, dict[str, list[Request]], list[str]]:
    notebook = _notebook(file)
    with speaking(notebook.head.lang if notebook else ENGLISH):
        returned = read_returned(file.parent, file.stem)
        made, troubles = read_requests(file.parent, file.stem)
    requests: dict[str, list[Request]] = defaultdict(list)
    for one in made:
        requests[one.item].append(one)
    return returned, notebook, dict(requests), troubles
