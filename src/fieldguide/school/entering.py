"""Lets in who comes from a course site: asks its service who it is, gives them account and group, and signs them in.

The service found out whether the course site's word is true, and has no rights on this machine. Here, as root, nothing
of a course site's is read, and an account gets into nothing but the courses that `courses.toml` links.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import sys
import uuid
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple
from urllib.parse import quote

from jupyterhub.handlers import BaseHandler
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.httputil import url_concat
from tornado.web import HTTPError

from fieldguide.cookies import cookie_name
from fieldguide.hub.ownserver import to_own_server
from fieldguide.school import LTI_COOKIE, LTI_SECRET_HEADER, SchoolError
from fieldguide.school.accounts import MADE
from fieldguide.school.acting import run_as
from fieldguide.school.classlist import Student, why_refused
from fieldguide.school.identities import Identities, Identity, account_name, names_secret
from fieldguide.school.introducing import Introducing
from fieldguide.school.machine import apply, members_of
from fieldguide.school.planning import (
    FROM_LMS,
    Account,
    Places,
    Plan,
    assistant_group,
    grader,
    instructor_group,
    student_group,
)
from fieldguide.school.reading import Course

#: How long the service may take to answer, in seconds.
_WAIT = 10


class NotLetInError(Exception):
    """Why somebody is not let in: the name of a sentence in the words of ``lti``, with the values that it takes."""

    def __init__(self, why: str, **values: str) -> None:
        super().__init__(why)
        self.why, self.values = why, values


class Entered(NamedTuple):
    """Somebody who was let in, and to what."""

    account: str
    course: str
    teaches: bool
    module: str


class Entering:
    """The way in for those who come from a course site.

    ``courses`` are those of this server, ``service`` is the address of the service on this machine, and ``secret`` the
    word by which it knows the hub.
    """

    def __init__(self, courses: Iterable[Course], places: Places, service: str, secret: str) -> None:
        self._courses = {course.id: course for course in courses}
        self._places, self._service, self._secret = places, service, secret
        # Accounts are made one after the other: two at once would lock each other out.
        self._turns = ThreadPoolExecutor(1, thread_name_prefix="entering")
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="modules")
        self._introducing = Introducing(places)

    def __deepcopy__(self, _: object) -> Entering:
        """The same one: settings are copied, and what is under way here is not."""
        return self

    async def enter(self, browser: str, code: str, log: Any) -> Entered:
        """Let in who comes with a code of the service's. Raises NotLetInError."""
        who = await self._ask(browser, code)
        course = self._courses.get(who["course"])
        if course is None:
            raise NotLetInError("no_account")
        person = Identity(
            account_name(names_secret(self._places.names_secret), who["issuer"], who["subject"]),
            who["issuer"],
            who["subject"],
            who["given_name"],
            who["family_name"],
            who["email"],
        )
        loop = asyncio.get_running_loop()
        try:
            entered, is_new = await loop.run_in_executor(self._turns, self._place, person, course, who)
        except (SchoolError, OSError) as error:
            log.error("No account for %s in %s: %s", person.account, course.id, error)
            raise NotLetInError("no_account") from error
        known = Student(person.account, person.family_name, person.given_name, person.email, who["number"])
        if entered.teaches:
            self._introducing.tell_of_staff(course, known, log)
        elif is_new:
            self._introducing.tell(course, known, log)
        return entered

    def knows(self, word: str) -> bool:
        """Whether this is the word by which the service knows the hub."""
        return hmac.compare_digest(word, self._secret)

    async def modules(self, id_: str) -> list[dict[str, Any]]:
        """The modules of a course, which its own account reads. Raises SchoolError."""
        course = self._courses.get(id_)
        if course is None:
            raise SchoolError(f"There is no course {id_}.")
        command = [sys.executable, "-P", "-m", "fieldguide.school.modulelist"]
        account, folder = grader(course), self._places.folder(course)
        loop = asyncio.get_running_loop()
        told: list[dict[str, Any]] = json.loads(
            await loop.run_in_executor(self._readers, run_as, account, command, folder)
        )
        return told

    async def _ask(self, browser: str, code: str) -> dict[str, Any]:
        request = HTTPRequest(
            f"{self._service}/enter",
            "POST",
            headers={"Authorization": f"token {self._secret}"},
            body=json.dumps({"browser": browser, "code": code}),
            request_timeout=_WAIT,
        )
        try:
            answer = await AsyncHTTPClient().fetch(request)
        except HTTPClientError as error:
            raise NotLetInError("expired" if error.code == 404 else "trouble") from error
        except OSError as error:
            raise NotLetInError("trouble") from error
        told: dict[str, Any] = json.loads(answer.body)
        return told

    def _place(self, person: Identity, course: Course, who: dict[str, Any]) -> tuple[Entered, bool]:
        """Give somebody account and group, as root; tells also whether the gradebook is to hear of them.

        Raises NotLetInError, and SchoolError where the machine does not let it.
        """
        account, places = person.account, self._places
        students = members_of(student_group(course))
        named = account in {*course.instructors, *course.assistants}
        works = bool(who["teaches"] or who["assists"])
        why = why_refused(account, places, students, members_of(MADE), existing=False)
        if why:
            raise SchoolError(why)
        is_news = Identities(places.identities).note(person)
        if works and not (course.lms_instructors or named):
            self._make(account, {})
            raise NotLetInError("not_teaching", course=course.id, account=account)
        if not works and course.closed and account not in students:
            raise NotLetInError("closed")
        # What the school itself says of somebody counts before what the course site says.
        if account in course.instructors or (who["teaches"] and account not in course.assistants):
            into = instructor_group(course)
        else:
            into = assistant_group(course) if works or named else student_group(course)
        self._make(account, {into: frozenset((account,))})
        for out in {student_group(course), assistant_group(course), instructor_group(course)} - {into}:
            there = members_of(out)
            if account in there:  # the course site says something else of them than it did before
                apply(Plan((), (), {out: there - {account}}, frozenset((out,)), (), ()), lambda _: None)
        learns = into == student_group(course)
        is_new = learns and (is_news or account not in students)
        return Entered(account, course.id, not learns, str(who["module"])), is_new

    def _make(self, account: str, groups: dict[str, frozenset[str]]) -> None:
        wanted = {FROM_LMS: frozenset((account,))} | groups
        person = Account(account, self._places.homes / account)
        apply(Plan((), (person,), wanted, frozenset(), (), ()), lambda _: None)


def make_room(handler: Any, account: str) -> None:
    """Log out of everything whoever was at a browser before, where that is somebody else: several may use a machine."""
    before = handler.current_user
    if before is not None and before.name != account:
        handler.clear_login_cookie()
        handler._jupyterhub_user = None
        handler._session_id = uuid.uuid4().hex
        handler.set_session_cookie()


class EnterHandler(BaseHandler):  # type: ignore[misc]
    """``/hub/lti/enter?code=…``: where the service sends who may come in."""

    async def get(self) -> None:
        authenticator = self.authenticator
        cookie = cookie_name(LTI_COOKIE, over_https=authenticator.over_https)
        browser, code = self.get_cookie(cookie) or "", self.get_query_argument("code", "")
        try:
            entered = await authenticator.entering.enter(browser, code, self.log)
        except NotLetInError as refused:
            self.log.warning("Not let in from a course site: %s", refused.why)
            self.redirect(url_concat(f"{self.base_url}services/lti/told/{refused.why}", refused.values))
            return
        make_room(self, entered.account)
        user = await self.login_user({"username": entered.account, "from_course_site": authenticator.entering})
        if user is None:
            self.redirect(f"{self.base_url}services/lti/told/no_account")
            return
        self.redirect(await self._where(user, entered))

    async def _where(self, user: Any, entered: Entered) -> str:
        if entered.teaches:
            return f"{self.base_url}services/{entered.course}/fieldguide/desk"
        page = f"fieldguide/open/{quote(entered.module, safe='')}" if entered.module else ""
        return await to_own_server(self, user, entered.course, page)


class ModulesHandler(BaseHandler):  # type: ignore[misc]
    """``/hub/lti/modules``: tells the service the modules of a course, for those who link them at a course site."""

    def check_xsrf_cookie(self) -> None:
        """Nothing to check: no cookie is read, and nothing is changed."""

    async def post(self) -> None:
        entering = self.authenticator.entering
        if not entering.knows(self.request.headers.get(LTI_SECRET_HEADER, "")):
            raise HTTPError(403)
        try:
            modules = await entering.modules(self.request.body.decode("utf-8", "replace"))
        except (SchoolError, OSError) as error:
            self.log.error("The modules of a course cannot be told: %s", error)
            raise HTTPError(404) from error
        self.finish({"modules": modules})
