"""What a course's own server asks of the service, with the token that the hub knows it by. Of its own course alone.

    GET  scores/MODULE         the grades that are to stand in the course site, and what became of each
    PUT  scores/MODULE         which they are
    POST scores/MODULE/send    send what is not there yet
    GET  members               the class list of the course site

The tool's key stays here: a course's server, where people of the course work, never has it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from tornado.web import HTTPError, RequestHandler

from fieldguide.hubservice import who_asks
from fieldguide.lti.members import Member, read_members
from fieldguide.lti.scores import Column, Sending
from fieldguide.lti.services import Services, SiteError
from fieldguide.lti.store import Place, Store

if TYPE_CHECKING:
    from jupyterhub.services.auth import HubAuth

Result = TypeVar("Result")
_THREADS = ThreadPoolExecutor(8, thread_name_prefix="fieldguide-lti")


@dataclass(slots=True)
class Grades:
    """What these handlers work with: who is known (``store``), each place's course site (``services``), and which
    account a person has or will have, by issuer and number (``account_of``). ``courses`` may ask."""

    hub: HubAuth
    store: Store
    services: Callable[[Place], Services | None]
    account_of: Callable[[str, str], str]
    courses: Iterable[str]
    #: Two sendings of a course at once could send one grade twice.
    locks: defaultdict[str, threading.Lock] = field(default_factory=lambda: defaultdict(threading.Lock))


class _Asked(RequestHandler):
    """What is the same for every request: which course asks."""

    def initialize(self, grades: Grades) -> None:
        self.grades = grades

    async def prepare(self) -> None:
        """Find out which course's server asks. Nobody else is answered: no person's token, and no other service's."""
        asks = await who_asks(self.grades.hub, self)
        if asks is None or asks.get("kind") != "service" or asks["name"] not in self.grades.courses:
            raise HTTPError(403)
        self.course: str = asks["name"]

    def check_xsrf_cookie(self) -> None:
        """Nothing to check: no cookie is read."""

    async def elsewhere(self, work: Callable[[], Result]) -> Result:
        """What work gives that waits for a course site: others are answered meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(_THREADS, work)

    def body(self) -> dict[str, Any]:
        """What is sent. Raises 400 where it is no object of JSON."""
        try:
            sent = json.loads(self.request.body or b"{}")
        except (ValueError, RecursionError):
            raise HTTPError(400) from None
        if not isinstance(sent, dict):
            raise HTTPError(400)
        return sent

    def tell(self, module: str) -> None:
        """Answer with the grades of a module as they stand."""
        scores = self.grades.store.scores(self.course, module)
        self.finish({"scores": [asdict(one) for one in scores]})

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.finish({})


class _Scores(_Asked):
    """``scores/MODULE``."""

    def get(self, module: str) -> None:
        self.tell(module)

    def put(self, module: str) -> None:
        match self.body():
            case {"maximum": int() | float() as maximum, "points": dict(points)} if maximum > 0 and all(
                given is None or isinstance(given, int | float) for given in points.values()
            ):
                self.grades.store.want(self.course, module, maximum, points)
            case _:
                raise HTTPError(400)
        self.tell(module)


class _Send(_Asked):
    """``scores/MODULE/send``."""

    async def post(self, module: str) -> None:
        match self.body():
            case {"title": str(title), "maximum": int() | float() as maximum, "accounts": [*accounts]}:
                column = Column(module, title, maximum)
            case _:
                raise HTTPError(400)
        grades = self.grades

        def send() -> None:
            with grades.locks[self.course]:
                Sending(grades.store, grades.services).send(self.course, column, map(str, accounts))

        await self.elsewhere(send)
        self.tell(module)


class _Members(_Asked):
    """``members``."""

    async def get(self) -> None:
        try:
            people = await self.elsewhere(self._read)
        except SiteError as error:
            logging.getLogger(__name__).warning("The class list of %s: %s %s", self.course, error.why, error.said)
            self.set_status(502)
            self.finish({"why": error.why, "said": error.said})
            return
        self.finish({"members": people})

    def _read(self) -> list[dict[str, Any]]:
        """Everybody on the class lists of the course, with the account that they have or will have. Who is in two of
        them is there once, and a student where either says so."""
        grades, found = self.grades, dict[str, dict[str, Any]]()
        places = [place for place in grades.store.places(self.course) if place.memberships]
        if not places:
            raise SiteError("no_list")
        for place in places:
            services = grades.services(place)
            if services is None:
                raise SiteError("site_gone")
            people = {grades.account_of(place.issuer, one.sub): one for one in read_members(services, place)}
            grades.store.listed(place, {account: one.sub for account, one in people.items() if _takes_part(one)})
            for account, one in people.items():
                if account not in found or _takes_part(one):
                    found[account] = {"account": account, **asdict(one)}
        come = {account for account, one in grades.store.students(self.course).items() if one.has_come}
        return [{**one, "has_come": account in come} for account, one in found.items()]


def _takes_part(member: Member) -> bool:
    return member.is_student and member.is_active


def handlers(begin: str, grades: Grades) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    """What the service answers to courses' own servers, below ``begin``."""
    module = r"([^/]+)"
    return [
        (f"{begin}scores/{module}", _Scores, {"grades": grades}),
        (f"{begin}scores/{module}/send", _Send, {"grades": grades}),
        (f"{begin}members", _Members, {"grades": grades}),
    ]
