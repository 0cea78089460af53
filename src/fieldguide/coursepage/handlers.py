"""What all pages of the course have in common: who may see them, what they may load, and how they are put together."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import jinja2
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.utils import ApiPath, to_os_path, url_path_join
from tornado import web

from fieldguide.coursepage import assets
from fieldguide.coursepage.own import language_below
from fieldguide.coursepage.words import say
from fieldguide.words import Words, asked_first, in_html, speaking

if TYPE_CHECKING:
    from fieldguide.coursepage.listing import Listed
    from fieldguide.coursepage.server import Course

Result = TypeVar("Result")

#: Nothing but what this server gives, nothing in the page itself but data, and in nobody's frame.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


#: Where what waits for files is done, for all pages of this server. Few, as two cores serve a whole class.
_THREADS = ThreadPoolExecutor(4, thread_name_prefix="fieldguide")


class RefusedError(web.HTTPError):
    """What is not done, and why, in words for the person who asked."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(status, "%s", said)
        self.said = said


class OnServer:
    """What handlers of pages and of data share, for students and for instructors."""

    #: Where templates and static files are looked for, in this order.
    folders: tuple[Path, ...] = assets.FOLDERS
    settings: dict[str, Any]
    base_url: str
    request: Any
    xsrf_token: bytes

    @property
    def language(self) -> str:
        """The language that the browser asks for."""
        return asked_first(self.request.headers.get("Accept-Language", ""))

    def address(self, *parts: str) -> str:
        """The address of something of the course on this server."""
        return url_path_join(self.base_url, "fieldguide", *(quote(part) for part in parts)) + ("" if parts else "/")

    def card(self, path: str, name: str) -> str:
        """The address of a card on a module's page, by the id of what it asks."""
        # Said twice, as what stands behind # gets lost where one logs in first (static/place.js).
        return f"{self.address('module', path)}?at=fg-{quote(name)}#fg-{quote(name)}"

    @property
    def ways_out(self) -> list[tuple[str, str]]:
        """Where somebody who has logged in on a hub finds all their courses and logs out: address and words of each.

        Nothing elsewhere, where nobody logs in.
        """
        hub = getattr(self.settings.get("identity_provider"), "hub_auth", None)
        if hub is None:
            return []
        return [
            (hub.hub_host + url_path_join(hub.hub_prefix, "home"), Words("hub").say("courses")),
            (url_path_join(self.base_url, "logout"), Words("starting").say("log_out")),
        ]

    def rendered(self, template: str, **values: Any) -> str:
        """What a template makes of values, in the language that is spoken."""
        return (
            _templates(self.folders)
            .get_template(template)
            .render(
                say=say,
                language=in_html,
                asset=lambda name: self.address("static", assets.own(name, self.folders)),
                address=self.address,
                xsrf=self.xsrf_token.decode("utf-8"),
                base_url=self.base_url,
                ways_out=self.ways_out,
                **values,
            )
        )

    async def elsewhere(self, work: Callable[[], Result]) -> Result:
        """What work gives that waits for files or other processes: the server goes on meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(_THREADS, copy_context().run, work)


class InCourse(OnServer):
    """What handlers of a student's pages share."""

    course: Course

    def initialize(self, course: Course) -> None:
        self.course = course

    @property
    def root(self) -> Path:
        """The root folder of this server."""
        return Path(self.settings["server_root_dir"]).expanduser()

    @property
    def language(self) -> str:
        """The language of the course; before a module is there, that of the browser."""
        return language_below(self.root) or super().language

    def notebook_at(self, path: str) -> Path:
        """The notebook at a path below the server's root. Raises 404 where there is none, or it leads elsewhere."""
        file = Path(to_os_path(ApiPath(path), str(self.root)))
        if file.suffix != ".ipynb" or not file.resolve().is_relative_to(self.root.resolve()) or not file.is_file():
            with speaking(self.language):
                raise RefusedError(404, say("no_such_module"))
        return file

    def below_root(self, path: Path) -> str:
        """A path below the server's root, as addresses have it."""
        return path.resolve().relative_to(self.root.resolve()).as_posix()

    def files_of(self, folder: Path) -> str:
        """The address under which Jupyter gives the files of a folder below its root."""
        return url_path_join(self.base_url, "files", quote(self.below_root(folder)))


class Shown(OnServer, JupyterHandler):
    """A page for people."""

    auth_resource = "contents"
    #: The fields of its form that hold what a person wrote.
    written: tuple[str, ...] = ()

    @property
    def content_security_policy(self) -> str:
        return POLICY

    @property
    def way_back(self) -> tuple[str, str]:
        """Where the page that says what is wrong leads back to: the address, and what the link says."""
        return self.address(), say("to_home")

    def show(self, template: str, **values: Any) -> None:
        """Send a page made of a template, in the language that is spoken."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "same-origin")
        looks = self.get_cookie("fieldguide-looks")
        values["looks"] = looks if looks in ("light", "dark") else None
        page = self.rendered(template, **values).encode("utf-8")
        # A module's page is a fifth of its size this way.
        self.set_header("Vary", "Accept-Encoding")
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            page = gzip.compress(page, 6, mtime=0)
        self.finish(page)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """A page that says what is wrong and what to do."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        self.set_status(status_code)
        # The form of a page that was opened before the last login, or whose login has run out.
        expired = status_code == 403 and self.request.method == "POST" and not isinstance(error, RefusedError)
        own = self.request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        shows = type(self).get is not web.RequestHandler.get
        with speaking(self.language):
            said = error.said if isinstance(error, RefusedError) else say("not_done" if expired else "trouble")
            self.show(
                "trouble.html",
                problem=said,
                back=self.way_back,
                again=(self.request.path if shows else self.address()) if expired else None,
                texts=[text for name in self.written if (text := self.get_body_argument(name, "").strip())]
                if expired and own
                else [],
            )


class Told(OnServer, APIHandler):
    """What the script of a page asks, in JSON."""

    auth_resource = "contents"

    @property
    def content_security_policy(self) -> str:
        return POLICY

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Why something is refused, in its own words."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, RefusedError):
            self.set_status(status_code)
            self.finish({"message": error.said})
        else:
            super().write_error(status_code, **kwargs)


class PageHandler(InCourse, Shown):
    """A page of the course."""

    def own_module(self, path: str) -> Path | None:
        """The notebook at a path where it is the student's own copy; where not, a page says why."""
        file = self.notebook_at(path)
        return None if self.refused(file) else file

    def refused(self, file: Path, *, anyway: bool | None = None) -> bool:
        """Whether a notebook does not come alive here, which a page then says.

        ``anyway`` is whether the student has asked for it all the same; None where that cannot be asked for.
        """
        why = self.course.policy.refusal(file, anyway=bool(anyway))
        if why is None:
            return False
        self.set_status(403)
        with speaking(self.language):
            self.show("refused.html", why=say(f"refused_{why}"), may_start=anyway is not None and why != "submission")
        return True

    def listed(self, file: Path) -> Listed | None:
        """What the exchange held of a notebook's module when it was last seen."""
        listing = self.course.exchange.last()
        folder = self.below_root(file.parent)
        return next((one for one in listing.modules if one.folder == folder), None) if listing else None


class DataHandler(InCourse, Told):
    """What the script of a page of the course asks."""


@cache
def _templates(folders: tuple[Path, ...]) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader([folder / "templates" for folder in folders]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
