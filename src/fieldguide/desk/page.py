"""The desk's pages: the course as a path of modules, each with its state in words and one next step, and each step."""

from __future__ import annotations

import getpass
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any
from zoneinfo import available_timezones

from jupyter_server.auth.decorator import authorized
from jupyter_server.utils import url_path_join
from markupsafe import Markup
from tornado import web

from fieldguide.coursepage import assets
from fieldguide.coursepage.handlers import OnServer, RefusedError, Shown, Told
from fieldguide.coursepage.moments import timed
from fieldguide.desk.asking import ask
from fieldguide.desk.duedate import NoDueDateError, PastDueDateError, due_in_zone, read_due
from fieldguide.desk.notes import Job, Notes, is_working, now, read_notes
from fieldguide.desk.reading import Class, read_class
from fieldguide.desk.server import Desk
from fieldguide.desk.state import Module, State, Step, modules, next_of
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.exchange import is_our_service
from fieldguide.grading.times import is_zone
from fieldguide.words import Words, speaking

_DESK, _PLAYER, _REQUESTS = Words("desk"), Words("player"), Words("answering")
say, count = _DESK.say, _DESK.count

_LONGEST_NAME = 200
#: Far larger than a class list or a gradebook's file, which is held in memory.
_LARGEST_FILE = 16 << 20

#: What can be done with a module besides its next step, by its state.
_ALSO = {
    State.UNMADE: (Step.MAKE,),
    State.KEPT: (),
    State.OUT: (Step.RELEASE, Step.WITHDRAW, Step.COLLECT),
    State.TO_COLLECT: (Step.RELEASE, Step.WITHDRAW, Step.SCORE),
    State.TO_SCORE: (Step.RELEASE, Step.WITHDRAW, Step.COLLECT, Step.FEEDBACK),
    State.TO_RETURN: (Step.RELEASE, Step.WITHDRAW, Step.COLLECT, Step.SCORE),
    State.RETURNED: (Step.RELEASE, Step.WITHDRAW, Step.COLLECT, Step.SCORE, Step.FEEDBACK),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A step, by its name and its address."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    """A module as the desk shows it."""

    module: Module
    about: tuple[str | Markup, ...]
    told: tuple[str | Markup, ...]
    button: Link | None
    also: tuple[Link, ...]
    is_next: bool
    asked: Link | None


@dataclass(frozen=True, slots=True)
class Work:
    """What is told of the work that goes on, or was done last. ``sentence`` says how it stands."""

    job: Job
    sentence: str
    counts: tuple[str, ...]
    goes_on: bool
    good: bool

    @property
    def told(self) -> str:
        """The sentence, with what was counted."""
        return f"{self.sentence} {', '.join(self.counts)}." if self.counts else self.sentence


@dataclass(frozen=True, slots=True)
class Stand:
    """The course as it is now."""

    course: Course
    found: Class
    notes: Notes
    modules: tuple[Module, ...]
    working: bool


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that was uploaded: its name, without a folder and as one line, and its content."""

    name: str
    content: bytes


class AtDesk(OnServer):
    """What the handlers of the desk share."""

    folders = (Path(__file__).parent, *assets.FOLDERS)
    desk: Desk
    request: Any
    current_user: Any

    @property
    def teaches(self) -> bool:
        """Whether an instructor is here. Everybody is one, except at a course's own server, which knows assistants."""
        return bool(getattr(self._person, "teaches", True))

    @property
    def instructors(self) -> str:
        """Who the instructors are, where an assistant has to ask one: a sentence, in the language that is spoken."""
        return named(getattr(self._person, "instructors", ()))

    @property
    def shares(self) -> bool:
        """Whether this server knows several people apart, each with an account of their own."""
        return hasattr(self._person, "teaches")

    @property
    def _person(self) -> Any:
        """Who is here; None where logging in failed, which a page says too."""
        return getattr(self, "_current_user", None)

    @property
    def account(self) -> str:
        """Who is logged in on a hub, and elsewhere whose server it is: a server's own token names nobody."""
        if "JUPYTERHUB_USER" in os.environ:
            return str(self.current_user.username)
        return getpass.getuser()

    def initialize(self, desk: Desk) -> None:
        self.desk = desk

    def rendered(self, template: str, **values: Any) -> str:
        """What a template makes of values, and of the desk's own words."""
        told = {"teaches": self.teaches, "shares": self.shares, "instructors": self.instructors}
        return super().rendered(template, desk_words=say, **told, **values)

    async def stand(self) -> Stand:
        """How the course stands. Raises 403 where this is no instructor's server, and 503 with what is wrong."""

        def read(course: Course) -> Stand:
            working = is_working(course.root)
            notes = read_notes(course.root)
            found = read_class(course, notes)
            return Stand(course, found, notes, modules(found.modules, found.students, now()), working)

        with speaking(self.language):
            try:
                course = self.desk.course()  # reading settings changes the working folder, so it is not done elsewhere
                self.desk.tidy()
                if course is None:
                    raise RefusedError(403, say("not_yours"))
                return await self.elsewhere(lambda: read(course))
            except (CourseError, OSError) as error:
                raise RefusedError(503, why_not(error)) from error

    async def asked(self) -> tuple[Stand, str | None]:
        """How the course stands, after an exchange that is no folder was asked what it holds where the address says
        ``ask``; and why it did not tell. It tells instructors alone."""
        stand = await self.stand()
        quiet = stand.found.in_files or stand.working or not self.teaches
        if quiet or "ask" not in self.request.query_arguments:
            return stand, None
        with speaking(self.language):
            try:
                answer = await self.elsewhere(lambda: ask(self.desk.start, "exchange"))
            except CourseError as error:
                answer = {"trouble": str(error)}
            why = say("exchange_silent", why=answer["trouble"]) if "trouble" in answer else None
        return await self.stand(), why

    def rows(self, stand: Stand) -> tuple[Row, ...]:
        """What is shown of the modules, in the language that is spoken."""
        following = None if stand.working else next_of(stand.modules)
        return tuple(self._row(one, one is following, stand) for one in stand.modules)

    def _row(self, one: Module, is_next: bool, stand: Stand) -> Row:
        also = tuple(
            step
            for step in _ALSO[one.state]
            if step is not Step.WITHDRAW or one.found.released or not stand.found.in_files
        )
        if not self.teaches:
            return self._assistants_row(one, is_next, stand)
        links = [] if stand.working else [self._link(one, step) for step in also]
        if one.found.previewed:
            links.append(Link(say("preview"), self.address("desk", "preview", one.found.module)))
        links.append(Link(say("print"), self.address("desk", "print", one.found.module)))
        button = None if one.step is None or stand.working else self._link(one, one.step)
        if one.found.graded and one.state is not State.TO_COLLECT:
            export = Link(say("export"), self.address("desk", "export", one.found.module))
            if one.state is State.RETURNED:
                button = export
            else:
                links.append(export)
        if one.found.graded and self.desk.has_site:
            links.append(Link(say("site_grades"), self.address("desk", "grades", one.found.module)))
        if one.found.graded:
            links.append(Link(say("help"), self.address("desk", "help", one.found.module)))
        if may_extend(one):
            links.append(Link(say("extensions"), self.address("desk", "extensions", one.found.module)))
        if one.found.graded:
            links.append(Link(say("report"), self.address("desk", "report", one.found.module)))
        return Row(
            module=one,
            about=tuple(_about(one)),
            told=tuple(_told(one)),
            button=button,
            also=tuple(links),
            is_next=is_next,
            asked=self._asked(one),
        )

    def _assistants_row(self, one: Module, is_next: bool, stand: Stand) -> Row:
        """A module with what an assistant can do, and a word on what waits for an instructor."""
        links = [Link(say("preview"), self.address("desk", "preview", one.found.module))] if one.found.previewed else []
        # What is said to who releases and collects is not said to somebody who does not.
        state = State.KEPT if one.state is State.UNMADE else one.state
        scores, button, told = self._link(one, Step.SCORE), None, _told(replace(one, state=state, early=False))
        if one.step is Step.SCORE and not stand.working:
            button = scores
        elif Step.SCORE in _ALSO[one.state] and not stand.working:
            links.insert(0, scores)
        if is_next and one.step is not None and one.step is not Step.SCORE:
            told.append(say("for_an_instructor", step=self._link(one, one.step).label))
        return Row(one, tuple(_about(one)), tuple(told), button, tuple(links), is_next, self._asked(one))

    def onward(self, stand: Stand, module: str) -> Link | None:
        """The step that comes once a module's essays have points, in the language that is spoken; None where there is
        none, or other work goes on."""
        one = next((one for one in stand.modules if one.found.module == module), None)
        if one is None or one.step in (None, Step.SCORE) or one.early or stand.working:
            return None
        return self._link(one, one.step)

    def _asked(self, one: Module) -> Link | None:
        """Where the requests of students are that wait for an answer; None where there are none."""
        if not one.found.asked:
            return None
        return Link(_REQUESTS.count("open", one.found.asked), self.address("desk", "requests"))

    def _link(self, one: Module, step: Step) -> Link:
        module = one.found.module
        if step is Step.SCORE:
            return Link(say("score"), self.address("desk", "score", module))
        again = step is Step.RELEASE and one.state not in (State.UNMADE, State.KEPT)
        return Link(say("release_again" if again else step.value), self.address("desk", step.value, module))


class DeskPage(AtDesk, Shown):
    """A page of the desk."""

    @property
    def way_back(self) -> tuple[str, str]:
        with speaking(self.language):
            return to_desk(self)

    def uploaded(self) -> Uploaded | None:
        """The file of a form; None where none was chosen."""
        files = self.request.files.get("file", [])
        if not files or not files[0]["filename"]:
            return None
        name = PurePath(files[0]["filename"].replace("\\", "/")).name
        name = "".join(sign for sign in name if sign.isprintable())[:_LONGEST_NAME] or "file.csv"
        if len(files[0]["body"]) > _LARGEST_FILE:
            with speaking(self.language):
                raise RefusedError(413, say("too_large", name=name, most=_LARGEST_FILE >> 20))
        return Uploaded(name, files[0]["body"])

    def begin(self, stand: Stand, job: Job) -> None:
        """Begin work, and go to the desk, which tells of it. Raises 503 where it cannot be begun."""
        try:
            begun = self.desk.begin(stand.course, job)
        except OSError as error:
            with speaking(self.language):
                raise RefusedError(503, say("not_begun", why=error.strerror, path=error.filename)) from error
        busy = not begun and not _is_pressed_twice(job, read_notes(stand.course.root).job)
        self.redirect(self.address("desk") + ("?busy" if busy else ""), status=303)

    def module_of(self, stand: Stand, module: str) -> Module:
        """A module of the course. Raises 404 where there is none."""
        one = next((one for one in stand.modules if one.found.module == module), None)
        if one is None:
            with speaking(self.language):
                raise RefusedError(404, Words("coursepage").say("no_such_module"))
        return one

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        with speaking(self.language):
            super().write_error(status_code, **kwargs)


class At(DeskPage):
    """``GET desk``: the course."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        stand, trouble = await self.asked()
        with speaking(self.language):
            self.show(
                "desk.html",
                exchange=exchange_of(stand, trouble),
                rows=self.rows(stand),
                work=work_of(stand),
                stand=stand,
                words=say,
                counted=count,
                source=str(stand.course.folder("source", ".", "x").parent),
                notice=say("other_work") if self.get_query_argument("busy", None) is not None else None,
                live=self.desk.live is not None,
                tells_begun=is_our_service(stand.course.config),
                formgrader=url_path_join(self.base_url, "lab?formgrader=true"),
            )


class Look(AtDesk, Told):
    """``GET desk/look``: how far the work is, and the list as it is now."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        stand, trouble = await self.asked()
        with speaking(self.language):
            work = work_of(stand)
            values = {"rows": self.rows(stand), "work": work, "stand": stand, "words": say, "counted": count}
            self.finish(
                {
                    "working": stand.working,
                    "said": str(work.told) if work else "",
                    "work": self.rendered("work.html", **values),
                    "rows": self.rendered("desk_modules.html", **values),
                    "exchange": exchange_of(stand, trouble),
                }
            )


class Take(DeskPage):
    """``GET desk/<step>/<module>``: what a step does, and whether it can be undone. ``POST``: take it."""

    @web.authenticated
    @authorized
    async def get(self, step: str, module: str) -> None:
        self._show(await self.stand(), Step(step), module)

    @web.authenticated
    @authorized
    async def post(self, step: str, module: str) -> None:
        stand = await self.stand()
        with speaking(self.language):
            one = self.module_of(stand, module)
            job = Job(step, one.found.module, iso(now()))
            if job.kind is Step.RELEASE:
                due, zone = (self.get_body_argument(name, "").strip() for name in ("due", "zone"))
                try:
                    moment = self._due(one, due, zone)
                except NoDueDateError as error:
                    self.set_status(422)
                    self._show(stand, job.kind, module, error, due, zone)
                    return
                if moment is not None:
                    job.due, job.zone = iso(moment), zone
            job.set_aside = self.get_body_argument("set_aside", "") == "yes"
        self.begin(stand, job)

    def _due(self, one: Module, due: str, zone: str) -> datetime | None:
        """When the module is to be due. Raises NoDueDateError where that is no time, or perhaps not what is meant."""
        known = one.found.due
        moment = read_due(due, zone, known) if due else None
        if moment == known:
            return moment
        if self.get_body_argument("was", "") != _told_due(known):
            raise NoDueDateError(say("due_moved", due=_shown(known, zone) if known else say("no_due")))
        if moment is not None and moment < now() and self.get_body_argument("past", "") != "yes":
            raise PastDueDateError(say("past_due", due=_shown(moment, zone)))
        return moment

    def _show(
        self,
        stand: Stand,
        step: Step,
        module: str,
        problem: NoDueDateError | None = None,
        due: str | None = None,
        zone: str | None = None,
    ) -> None:
        with speaking(self.language):
            one = self.module_of(stand, module)
            known = zone or stand.notes.zone or stand.course.timezone
            if due is None:
                due = due_in_zone(one.found.due, known) if one.found.due else ""
            self.show(
                "step.html",
                step=step.value,
                one=one,
                told=_told(one),
                running=one.running and timed(_DESK, "feedback_running", iso(one.running[-1]), n=len(one.running)),
                words=say,
                counted=count,
                problem=problem,
                is_past=isinstance(problem, PastDueDateError),
                due=due,
                zone=known,
                was=_told_due(one.found.due),
                # A zone that was told once is kept; before, the browser's own is a better guess, where no time is told.
                guess=zone is None and stand.notes.zone is None and not due,
                zones=sorted(available_timezones()) if step is Step.RELEASE else (),
                working=stand.working,
                has_site=self.desk.has_site,
            )


# -- in words --------------------------------------------------------------------------------------


def named(instructors: Sequence[str]) -> str:
    """Who an assistant can ask, as a sentence; none where the names would tell nobody anything."""
    return say("instructors", names=", ".join(instructors)) if instructors else ""


def to_desk(page: OnServer) -> tuple[str, str]:
    """Where a page leads that says what is wrong: to the desk, in the language that is spoken."""
    return page.address("desk"), say("title")


def why_not(error: Exception) -> str:
    """What is said of an error that hinders a page: its own words, or why a file cannot be used, and which."""
    if isinstance(error, OSError):
        return say("out_of_reach", why=error.strerror or type(error).__name__, path=error.filename or "?")
    return str(error)


def exchange_of(stand: Stand, trouble: str | None = None) -> str | Markup:
    """What is told of an exchange that is no folder: as of when the desk knows what it holds."""
    if stand.found.in_files:
        return ""
    known = timed(_DESK, "exchange_as_of", stand.found.listed) if stand.found.listed else say("exchange_unknown")
    return Markup("{} {}").format(trouble, known) if trouble else known


def work_of(stand: Stand) -> Work | None:
    """What is told of the work that goes on, or was done last; None where there was none."""
    job = stand.notes.job
    if job is None:
        return None
    title = next((one.found.title for one in stand.modules if one.found.module == job.module), job.module)
    counts = tuple(count(f"counted_{name}", number) for name, number in job.counts.items() if number)
    if stand.working:
        phase = job.phase or job.step
        sentence = say(f"doing_{phase}_of" if job.of else f"doing_{phase}", title=title, done=job.done, of=job.of)
        return Work(job, sentence, (), goes_on=True, good=True)
    if job.ended is None:
        return Work(job, say("stopped", title=title, step=say(job.step)), counts, goes_on=False, good=False)
    if job.trouble is not None:
        trouble = say("failed") if job.trouble == "failed" else job.trouble
        return Work(
            job, say("not_done", title=title, step=say(job.step), why=trouble), counts, goes_on=False, good=False
        )
    return Work(job, say(f"did_{job.step}", title=title), counts, goes_on=False, good=not job.problems)


def may_extend(one: Module) -> bool:
    """Whether there is a due date that a student could have another one for."""
    return one.found.made and one.found.due is not None


def _about(one: Module) -> list[str | Markup]:
    about: list[str | Markup] = []
    if one.number is not None:
        about.append(_PLAYER.say("module", number=one.number))
    if one.found.released is not None:
        about.append(timed(_DESK, "out_since", iso(one.found.released)))
    if one.found.due is not None:
        about.append(timed(_DESK, "was_due" if one.overdue else "due", iso(one.found.due)))
    return about


def _told(one: Module) -> list[str]:
    """The state of a module in sentences."""
    told = []
    if one.found.released is not None or one.handed_in:
        told.append(
            count("handed_in_late" if one.late else "handed_in", one.of, handed_in=one.handed_in, late=one.late)
        )
    if one.found.extended:
        told.append(count("extended", len(one.found.extended)))
    if one.found.released is None and one.handed_in:
        told.append(say("withdrawn"))
    graded = len(one.found.graded)
    match one.state:
        case State.UNMADE | State.KEPT:
            told.append(say(one.state.value))
        case State.TO_COLLECT:
            told.append(count("new", one.new))
            if one.early:
                told.append(say("early"))
        case State.TO_SCORE:
            told.append(count("essays", one.found.waiting))
        case State.TO_RETURN if one.found.returned == graded:
            told.append(say("scores_changed"))
        case State.TO_RETURN:
            told.append(
                count("returned_to", graded, returned=one.found.returned) if one.found.returned else say("not_returned")
            )
        case State.RETURNED:
            told.append(say("returned"))
    return told


def iso(moment: datetime) -> str:
    """A moment in UTC, as pages and notes have it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"


def _told_due(due: datetime | None) -> str:
    """A due date as a form holds it, to tell whether it was moved meanwhile."""
    return iso(due) if due else ""


def _shown(moment: datetime, zone: str) -> str:
    return due_in_zone(moment, zone if is_zone(zone) else "UTC").replace("T", " ")


def _is_pressed_twice(job: Job, other: Job | None) -> bool:
    """Whether the work that goes on is what was asked for."""
    return other is not None and _asked_for(other) == _asked_for(job)


def _asked_for(job: Job) -> tuple[object, ...]:
    return job.step, job.module, job.due, job.students
