"""A module as students get it, on the desk: made from their edition, before it is released too, and nothing is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from fieldguide.coursepage.handlers import RefusedError, Told
from fieldguide.coursepage.hosting import OpenNotebook
from fieldguide.coursepage.modulepage import Addresses, hear, module_values, not_own, tell_news
from fieldguide.coursepage.reading import NoModuleError
from fieldguide.desk.page import AtDesk, DeskPage
from fieldguide.grading.course import Course
from fieldguide.items import ReadingError
from fieldguide.words import Words, speaking

say = Words("desk").say


class _Previewed(AtDesk):
    """What the handlers of a preview share."""

    async def notebook_of(self, module: str) -> Path:
        """The students' edition of a module of the course. Raises 404 where there is none."""
        stand = await self.stand()
        with speaking(self.language):
            if module not in {one.found.module for one in stand.modules}:
                raise RefusedError(404, Words("coursepage").say("no_such_module"))
            path = edition_of(stand.course, module)
            if path is None:
                raise RefusedError(404, say("no_preview"))
            return path


def edition_of(course: Course, module: str) -> Path | None:
    """The notebook that students get of a module; None where it is not made yet."""
    path = course.folder("release", ".", module) / f"{module}.ipynb"
    return path if path.is_file() else None


class Preview(_Previewed, DeskPage):
    """``GET desk/preview/<module>``: the page."""

    @web.authenticated
    @authorized
    async def get(self, module: str) -> None:
        path = await self.notebook_of(module)

        def read() -> tuple[OpenNotebook, dict[str, Any]]:
            opened = self.desk.previews.of(path)
            if opened.notebook.head.edition != "student":
                raise NoModuleError("no_module", path.name)
            return opened, opened.first()

        try:
            opened, first = await self.elsewhere(read)
        except (NoModuleError, ReadingError) as error:
            with speaking(self.language):
                raise RefusedError(422, str(error)) from None
        with speaking(opened.lang):
            at = Addresses(
                f"desk/preview/{module}",
                self.address("desk", "preview", module, "say"),
                self.address("desk", "preview", module, "news"),
            )
            values = module_values(self, opened, first, at)
            self.show("preview.html", **values, **not_own(self.address("desk")))


class PreviewSay(_Previewed, Told):
    """``POST desk/preview/<module>/say``: what the page's views ask. Nothing of it is kept."""

    @web.authenticated
    @authorized
    async def post(self, module: str) -> None:
        path = await self.notebook_of(module)
        await hear(self, lambda: self.desk.previews.of(path))


class PreviewNews(_Previewed, Told):
    """``GET desk/preview/<module>/news``: nothing changes without the page, which asks all the same."""

    @web.authenticated
    @authorized
    async def get(self, module: str) -> None:
        path = await self.notebook_of(module)
        await tell_news(self, lambda: self.desk.previews.of(path))
