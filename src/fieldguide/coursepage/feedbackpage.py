"""The feedback on a module, question by question, and asking for one to be looked at again."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from fieldguide.coursepage.handlers import PageHandler, RefusedError
from fieldguide.coursepage.reading import ModuleNotebook, NoModuleError, read_module_notebook
from fieldguide.coursepage.returned import Returned, read_returned
from fieldguide.coursepage.words import say as say_of_page
from fieldguide.items import ReadingError
from fieldguide.responses.requests import LONGEST_REASON, Request, add_request, read_requests
from fieldguide.words import ENGLISH, Words, speaking

#: More than the longest reason takes in a form, in bytes.
_LARGEST_BODY = 64 << 10
_WORDS = Words("returned")
say, count = _WORDS.say, _WORDS.count


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
                # What was amiss with the whole submission goes first.
                parts=sorted(told["parts"], key=lambda part: part["is"] != "notes") if told else [],
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
