"""Who has not begun: a switch, off by default, as students are told at Home where it is on."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from fieldguide.desk.asking import ask
from fieldguide.desk.listed import read_listed
from fieldguide.desk.page import DeskPage, Stand
from fieldguide.docs import page
from fieldguide.grading.course import CourseError
from fieldguide.grading.exchange import is_our_service
from fieldguide.words import Words, speaking

say = Words("begun").say


class Begun(DeskPage):
    """``GET desk/begun``: whether it is seen, and what that means. ``POST``: switch it."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        self._show(await self.stand())

    @web.authenticated
    @authorized
    async def post(self) -> None:
        stand = await self.stand()
        seen = self.get_body_argument("seen", "") == "yes"
        try:
            told: dict[str, Any] = await self.elsewhere(lambda: ask(self.desk.start, "begun", seen=seen))
        except CourseError as error:
            told = {"trouble": str(error)}
        if "trouble" in told:
            self.set_status(503)
            self._show(stand, told["trouble"])
            return
        self.redirect(self.address("desk", "begun"), status=303)

    def _show(self, stand: Stand, problem: str | None = None) -> None:
        listed = read_listed(stand.course.root)
        with speaking(self.language):
            self.show(
                "begun.html",
                can_be=is_our_service(stand.course.config),
                seen=listed is not None and listed.begun is not None,
                problem=problem,
                privacy=page("privacy.md"),
                words=say,
            )
