"""Grades in the course site: what stands there of a module, what does not and why, and a button to send again."""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_server.auth.decorator import authorized
from markupsafe import Markup
from tornado import web

from fieldguide.coursepage.handlers import RefusedError
from fieldguide.coursepage.moments import timed
from fieldguide.desk.notes import Job, now
from fieldguide.desk.page import DeskPage, iso
from fieldguide.desk.people import People
from fieldguide.desk.sitewords import WORDS, count, say, why_refused
from fieldguide.desk.state import Step
from fieldguide.grading.told import points_text
from fieldguide.lti.client import CourseSite, ServiceError
from fieldguide.lti.store import Score
from fieldguide.words import speaking


@dataclass(frozen=True, slots=True)
class Row:
    """A student's grade: ``points`` in words, and ``told`` what became of it. ``is_there``: in the course site."""

    account: str
    called: str
    points: str
    told: str | Markup
    is_there: bool


class SiteGrades(DeskPage):
    """``GET desk/grades/<module>``: the table. ``POST``: send again, to all who lack it or to one ``student``."""

    @web.authenticated
    @authorized
    async def get(self, module: str) -> None:
        stand = await self.stand()
        site, one = self._site(), self.module_of(stand, module)
        with speaking(self.language):
            try:
                scores = await self.elsewhere(lambda: site.scores(module))
            except ServiceError as error:
                raise RefusedError(503, why_refused(error.why, error.said)) from error
            rows = [_row(score, stand.found.people) for score in scores]
            self.show(
                "grades.html",
                one=one,
                rows=sorted(rows, key=lambda row: (row.is_there, row.called.casefold(), row.account)),
                there=sum(row.is_there for row in rows),
                working=stand.working,
                words=say,
                counted=count,
            )

    @web.authenticated
    @authorized
    async def post(self, module: str) -> None:
        stand = await self.stand()
        self._site()
        one = self.module_of(stand, module)
        student = self.get_body_argument("student", "")
        job = Job(Step.SEND.value, one.found.module, iso(now()), students=[student] if student else [])
        self.begin(stand, job)

    def _site(self) -> CourseSite:
        site = self.desk.site()
        if site is None:
            with speaking(self.language):
                raise RefusedError(404, say("no_site"))
        return site


def _row(score: Score, people: People) -> Row:
    points = (
        say("waits")
        if score.points is None
        else count("points", score.maximum, points=points_text(score.points), of=points_text(score.maximum))
    )
    told: str | Markup
    if score.is_sent:
        told = timed(WORDS, "sent", score.sent)
    elif score.refused:
        told = Markup("{} {}").format(timed(WORDS, "refused", score.tried), why_refused(score.refused, score.said))
    else:
        told = say("not_yet")
    return Row(score.account, people.called(score.account), points, told, score.is_sent)
