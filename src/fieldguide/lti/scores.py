"""Grades into a course site's gradebook, by LTI's Assignment and Grade Services 2.0.

A module's column is the one of the link to it, or one that says that it is the module's; otherwise it is made, once. A
grade that stands there already is not sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from fieldguide.lti.services import SCORE_MEDIA, Services, SiteError
from fieldguide.lti.store import Place, Score, Store

_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/"
SCORE, COLUMNS, COLUMNS_TO_READ = f"{_SCOPE}score", f"{_SCOPE}lineitem", f"{_SCOPE}lineitem.readonly"
_COLUMN_MEDIA = "application/vnd.ims.lis.v2.lineitem+json"
_LIST_MEDIA = "application/vnd.ims.lis.v2.lineitemcontainer+json"
#: What our columns are marked with; the id of the module is their resource's.
TAG = "fieldguide"


@dataclass(frozen=True, slots=True)
class Column:
    """A module as it is called in a column that is made for it, and how many points it is worth."""

    module: str
    title: str
    maximum: float


class Sending:
    """Sends grades of one course. ``services`` gives a place's course site, or None where the school does not have it
    any more. ``now`` tells the time."""

    def __init__(
        self,
        store: Store,
        services: Callable[[Place], Services | None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store, self._services, self._now = store, services, now

    def send(self, course: str, column: Column, accounts: Iterable[str] = ()) -> None:
        """Send what is not there yet, of everybody or of some ``accounts``; what became of each is kept."""
        store, module, wanted = self._store, column.module, frozenset(accounts)
        places = {place.id: place for place in store.places(course)}
        students = store.students(course)
        ended: dict[int, SiteError] = {}
        for score in store.scores(course, module):
            if score.is_sent or (wanted and score.account not in wanted):
                continue
            student = students.get(score.account)
            if student is None:
                store.was_refused(course, module, score.account, "not_known", "", self._now())
                continue
            try:
                if student.place in ended:
                    raise ended[student.place]
                self._send(places[student.place], column, score, student.sub)
            except SiteError as error:
                if error.ends:
                    ended[student.place] = error
                store.was_refused(course, module, score.account, error.why, error.said, self._now())
            else:
                store.was_sent(course, module, score, student.place, self._now())

    def _send(self, place: Place, column: Column, score: Score, sub: str) -> None:
        """Send one grade. Raises SiteError."""
        services = self._services(place)
        if services is None:
            raise SiteError("site_gone", ends=True)
        if SCORE not in place.scopes:
            raise SiteError("no_grades", ends=True)
        address, was_known = self._column(services, place, column)
        stamp = self._store.stamp(place.course, column.module, score.account, self._now())
        body = _told(score, sub, stamp)
        try:
            services.post(_below(address, "scores"), {SCORE}, SCORE_MEDIA, body)
        except SiteError as error:
            if error.why != "not_there" or not was_known:
                raise
            # Somebody deleted the column, and its address may be another's now or nobody's.
            self._store.keep_lineitem(place.id, column.module, "")
            address, _ = self._column(services, place, column)
            services.post(_below(address, "scores"), {SCORE}, SCORE_MEDIA, body)

    def _column(self, services: Services, place: Place, column: Column) -> tuple[str, bool]:
        """The address of a module's column, and whether it was known before. Raises SiteError where there is none."""
        link = self._store.link(place.id, column.module)
        if link.lineitem:
            return link.lineitem, True
        try:
            address = self._find(services, place, column.module, link.resource_link)
            address = address or self._make(services, place, column)
        except SiteError as error:
            raise SiteError(error.why, error.said, ends=True) from error
        self._store.keep_lineitem(place.id, column.module, address)
        return address, False

    @staticmethod
    def _find(services: Services, place: Place, module: str, resource_link: str) -> str:
        """The address of the column of the link to a module, or else of one that is marked as its; empty where neither
        is there."""
        scopes = place.scopes & {COLUMNS, COLUMNS_TO_READ}
        if not place.lineitems or not scopes:
            return ""
        scope = COLUMNS_TO_READ if COLUMNS_TO_READ in scopes else COLUMNS
        marked = ""
        for page in services.pages(place.lineitems, {scope}, _LIST_MEDIA):
            if not isinstance(page, list):
                raise SiteError("not_understood", ends=True)
            for one in page:
                match one:
                    case {"id": str(address), "resourceLinkId": str(linked)} if (
                        resource_link and linked == resource_link
                    ):
                        return address
                    case {"id": str(address), "resourceId": str(resource), "tag": str(tag)}:
                        marked = marked or (address if (resource, tag) == (module, TAG) else "")
        return marked

    @staticmethod
    def _make(services: Services, place: Place, column: Column) -> str:
        if not place.lineitems or COLUMNS not in place.scopes:
            raise SiteError("no_column", ends=True)
        asked = {"label": column.title, "scoreMaximum": column.maximum, "resourceId": column.module, "tag": TAG}
        match services.post(place.lineitems, {COLUMNS}, _COLUMN_MEDIA, asked):
            case {"id": str(address)} if address:
                return address
        raise SiteError("not_understood", ends=True)


def _told(score: Score, sub: str, stamp: datetime) -> Mapping[str, Any]:
    """What a course site is told of one grade. One that still waits for a person has no points: as in the files for
    course sites, none stand there before all are given."""
    told: dict[str, Any] = {
        "userId": sub,
        "timestamp": f"{stamp:%Y-%m-%dT%H:%M:%S}.{stamp.microsecond // 1000:03}Z",
        "activityProgress": "Completed",
        "gradingProgress": "PendingManual" if score.points is None else "FullyGraded",
    }
    if score.points is not None:
        told |= {"scoreGiven": score.points, "scoreMaximum": score.maximum}
    return told


def _below(address: str, name: str) -> str:
    """The address of something below a column's, which may have a query that stays at the end."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{name}"))
