"""A module's page: its notebook in order, read and worked on without a kernel."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jupyter_server.auth.decorator import authorized
from jupyter_server.utils import url_path_join
from markupsafe import Markup
from tornado import web

from fieldguide.cells.kinds import HEAD
from fieldguide.coursepage import assets
from fieldguide.coursepage.contents import WORDS, contents_of
from fieldguide.coursepage.course import read_time
from fieldguide.coursepage.handlers import DataHandler, OnServer, PageHandler, RefusedError, Told
from fieldguide.coursepage.hosting import OpenNotebook
from fieldguide.coursepage.listing import Listed
from fieldguide.coursepage.moments import timed
from fieldguide.coursepage.own import around, title_of
from fieldguide.coursepage.reading import Live, NoModuleError, Prose
from fieldguide.coursepage.words import say
from fieldguide.items import ReadingError
from fieldguide.words import Words, speaking

_HOME = Words("home")
#: How the ids of cells begin that tell how a task is scored.
_TASK = "task-"
#: The largest body of messages that is taken, in bytes: an essay has at most 100,000 characters.
LARGEST_BODY = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """What stands in one place of the page: a text, or a cell that comes alive, or why it does not.

    ``first`` is what the page is told of a cell when it opens; None of a table, which is asked for by its view.
    """

    id: str
    kind: str
    html: str = ""
    tags: tuple[str, ...] = ()
    problem: str | None = None
    first: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """A module that comes before or after another: where it opens, and its title."""

    address: str
    title: str


class ModulePage(PageHandler):
    """``GET module/<path>``: the page."""

    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:
        file = self.notebook_at(path)
        if self.refused(file, anyway=self.get_query_argument("start", "") == "anyway"):
            return
        self.course.policy.remember(file)
        try:
            opened, first, near = await self.elsewhere(lambda: (*_first(self.course.hosts.of(file)), self._near(file)))
        except (NoModuleError, ReadingError) as error:
            with speaking(self.language):
                raise RefusedError(422, str(error)) from None
        with speaking(opened.lang):
            self._show(path, opened, first, near)

    def _near(self, file: Path) -> list[Near | None]:
        """The modules before and after; one that is released and not here yet is fetched as it is opened."""
        listing = self.course.exchange.last()
        released = {self.root / one.folder: one for one in (listing.modules if listing else ()) if one.released}

        def found(folder: Path) -> Near | None:
            title = title_of(folder)
            if title is not None:
                return Near(self.address("module", self.below_root(folder / f"{folder.name}.ipynb")), title)
            listed = released.get(folder)
            if listed is None or listed.fetched:  # another assignment, which is no module of ours
                return None
            return Near(self.address("open", listed.module), listed.title or listed.module)

        return [next(filter(None, map(found, way)), None) for way in around(file, released)]

    def _show(self, path: str, opened: OpenNotebook, first: dict[str, Any], near: list[Near | None]) -> None:
        head, listed = opened.notebook.head, self.listed(opened.path)
        returned = listed is not None and any(one.feedback for one in listed.submissions)
        values = module_values(
            self, opened, first, Addresses(path, self.address("say", path), self.address("news", path))
        )
        self.show(
            "module.html",
            **values,
            home=self.address(),
            keeps=True,
            hand_in=self.address("hand-in", path) if head.graded or head.check else None,
            notebook=url_path_join(self.base_url, "lab", "tree", quote(path)),
            before=near[0],
            after=near[1],
            due=due_of(listed),
            returned=self.address("feedback", path) if returned else None,
            live=self.course.live is not None,
        )


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a module's page finds its server: ``store`` is under which the browser keeps what could not be sent."""

    store: str
    say: str
    news: str


def module_values(page: OnServer, opened: OpenNotebook, first: dict[str, Any], at: Addresses) -> dict[str, Any]:
    """What a module's page is made with, whoever's server it is on. ``first`` is what the notebook tells first."""
    shown = {part.id: opened.page_of(part.id) for part in opened.notebook.parts if opened.shows(part.id)}
    scripts = {view: page.address("static", assets.script_of(view)) for view in {*shown.values(), "review"}}
    data = {
        "say": at.say,
        "news": at.news,
        "home": page.address(),
        "store": f"{page.base_url}{at.store}",
        "scripts": scripts,
        "views": {part.id: part.kind.name for part in opened.notebook.parts if isinstance(part, Live)},
        "pages": shown,
        "words": Words("coursepage").words(),
        "instead": Words("on_page").words(),
        **first,
    }
    return {
        "head": opened.notebook.head,
        "places": _places(opened, first["cells"]),
        "words_of": Words,
        "split": _paragraphs,
        "contents": contents_of(opened.notebook),
        "progress": _progress(opened, first["cells"]),
        "early": [
            *(page.address("static", name) for name in assets.imported_by("module.js")),
            *(scripts[view] for view in dict.fromkeys(shown.values())),
        ],
        "styles": page.address("static", assets.view_styles()),
        "data": _in_page(data),
    }


def not_own(home: str) -> dict[str, Any]:
    """What a module's page lacks that is no student's own: what leads on from it, and what is said to its student."""
    lacking = dict.fromkeys(("hand_in", "notebook", "before", "after", "due", "returned"))
    return {**lacking, "live": False, "keeps": False, "home": home}


def due_of(listed: Listed | None) -> Markup | None:
    """When a module is due for this student, in the language that is spoken; None where that needs no saying."""
    if listed is None or listed.due is None:
        return None
    if read_time(listed.due) > datetime.now(UTC).replace(tzinfo=None):
        return timed(_HOME, "due_for_you" if listed.for_you else "due", listed.due)
    return None if listed.submissions else timed(_HOME, "late" if listed.released else "was_due", listed.due)


def _first(opened: OpenNotebook) -> tuple[OpenNotebook, dict[str, Any]]:
    return opened, opened.first()


def _places(opened: OpenNotebook, told: dict[str, Any]) -> list[Place]:
    places = []
    for part in opened.notebook.parts:
        if isinstance(part, Prose):
            places.append(Place(part.id, "prose", part.html, _tags(part)))
        elif part.id in opened.problems:
            places.append(Place(part.id, part.kind.name, problem=opened.problems[part.id]))
        elif opened.shows(part.id):
            places.append(Place(part.id, part.kind.name, first=told.get(part.id)))
    return places


def _progress(opened: OpenNotebook, told: dict[str, Any]) -> dict[str, Any]:
    """Of the graded questions how many there are, how many are answered, and the ids of those that are not.
    ``settled``: it was handed in as it is."""
    head = next(part.id for part in opened.notebook.parts if isinstance(part, Live) and part.kind is HEAD)
    graded, last = told[head]["opened"]["graded"], told[head]["opened"]["handed_in"]
    settled = last is not None and not last["changed"]
    return {**graded, "open": [one["id"] for one in graded["unanswered"]], "settled": settled}


def _paragraphs(text: str | None) -> list[str]:
    return [part for part in (text or "").split("\n\n") if part.strip()]


def _tags(part: Prose) -> tuple[str, ...]:
    """What a text is, by its author's tags and by where it comes from."""
    own = {"task": _TASK, "words": WORDS}
    return (*part.tags, *(tag for tag, beginning in own.items() if part.id.startswith(beginning)))


def _in_page(data: object) -> str:
    """Data as JSON that may stand in a page: no text of it can end the element that it stands in."""
    text = json.dumps(data, ensure_ascii=False, default=str)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


async def hear(page: Told, opened: Callable[[], OpenNotebook]) -> None:
    """Answer the messages of a page's views, in order, or tell it first what they would take the place of."""
    if len(page.request.body) > LARGEST_BODY:
        raise RefusedError(413, say("too_large"))
    match page.get_json_body():
        case {"page": str(name), "messages": [*said], **more} if isinstance(seen := more.get("seen"), int | None):
            pass
        case _:
            raise RefusedError(400, say("not_understood"))
    messages = []
    for one in said:
        match one:
            case {"cell": str(cell), "message": dict(message)}:
                messages.append((cell, message))
    page.finish(await page.elsewhere(lambda: opened().hear(name, seen, messages)))


async def tell_news(page: Told, opened: Callable[[], OpenNotebook]) -> None:
    """Tell a page what changed meanwhile without it."""
    name = page.get_query_argument("page", "")
    try:
        seen = int(page.get_query_argument("seen", "0"))
    except ValueError:
        raise RefusedError(400, say("not_understood")) from None
    page.finish(await page.elsewhere(lambda: opened().news(name, seen)))


class Say(DataHandler):
    """``POST say/<path>``: messages of a page's views, in order, and what the page is told."""

    @web.authenticated
    @authorized
    async def post(self, path: str) -> None:
        file = self.notebook_at(path)
        if self.course.policy.refusal(file) is not None:
            raise RefusedError(403, say("not_yours"))
        await hear(self, lambda: self.course.hosts.of(file))


class News(DataHandler):
    """``GET news/<path>``: what changed meanwhile without this page."""

    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:
        file = self.notebook_at(path)
        if self.course.policy.refusal(file) is not None:
            raise RefusedError(403, say("not_yours"))
        await tell_news(self, lambda: self.course.hosts.of(file))
