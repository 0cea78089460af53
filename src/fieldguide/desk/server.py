"""The desk's addresses on a Jupyter server, and whether there is a desk at all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.utils import url_path_join

from fieldguide.coursepage.hosting import Hosts
from fieldguide.desk.held import Held
from fieldguide.grading.course import Course
from fieldguide.live.client import LiveVotes

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

    from fieldguide.desk.notes import Job
    from fieldguide.lti.client import CourseSite

_PROGRAM = "fieldguide.desk.work"


class Desk:
    """What the handlers of one server share. ``start`` is the folder from which nbgrader's settings are read."""

    def __init__(self, start: Path, environment: Mapping[str, str]) -> None:
        self.start = start
        self._is_students = environment.get("FIELDGUIDE_ROLE") == "student"
        self.held = Held()
        self.previews = Hosts(preview=True)
        self.live = LiveVotes.here(environment)
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def course(self) -> Course | None:
        """The course that this account looks after, by nbgrader's settings as they are now; None where there is none.

        Who can change its gradebook looks after a course: nbgrader knows instructors by nothing else. Raises
        CourseError where the settings cannot be read.
        """
        if self._is_students:
            return None
        course = Course(self.start)
        return course if _has_gradebook(course) else None

    @property
    def has_site(self) -> bool:
        """Whether grades of this course go to a course site."""
        return bool(self._environment.get("FIELDGUIDE_LTI_URL"))

    @property
    def signs_in(self) -> bool:
        """Whether people come by the school's own sign-in service, which their accounts follow from."""
        return bool(self._environment.get("FIELDGUIDE_SIGN_IN"))

    def site(self) -> CourseSite | None:
        """The service that sends them; None where there is no course site."""
        from fieldguide.lti.client import CourseSite  # students' servers have this module too, and no use for it

        return CourseSite.here(self._environment)

    def begin(self, course: Course, job: Job) -> bool:
        """Begin work in a process of its own, which goes on when this server ends; False where other work goes on."""
        from fieldguide.desk.notes import read_notes, take_lock, write_notes

        lock = take_lock(course.root)
        if lock is None:
            return False
        try:
            notes = read_notes(course.root)
            notes.job = job
            write_notes(course.root, notes, shared=bool(course.settings["groupshared"]))
            self._process = subprocess.Popen(  # noqa: S603  (our own program)
                [sys.executable, "-P", "-m", _PROGRAM, str(self.start)],
                cwd=self.start,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(lock,),
                start_new_session=True,
            )
        finally:
            os.close(lock)  # the process has it
        return True

    def tidy(self) -> None:
        """Take leave of work that has ended."""
        if self._process is not None and self._process.poll() is not None:
            self._process = None


def _has_gradebook(course: Course) -> bool:
    from sqlalchemy import make_url

    address = make_url(course.db_url)
    if address.get_backend_name() != "sqlite":
        return True
    return address.database is not None and os.access(address.database, os.R_OK | os.W_OK)


def add_handlers(app: ServerApp) -> None:
    """Add the desk to this server."""
    from fieldguide.desk.begun import Begun
    from fieldguide.desk.coursesite import SiteGrades
    from fieldguide.desk.essays_page import EssaysPage
    from fieldguide.desk.exports import Export, Exported, ExportedFile
    from fieldguide.desk.extensions import Extensions
    from fieldguide.desk.helping import Help, Looking, LookingNews, LookingSay
    from fieldguide.desk.live import LiveList, LookAtProjector, Projector
    from fieldguide.desk.overruled import Decide
    from fieldguide.desk.page import At, Look, Take
    from fieldguide.desk.preview import Preview, PreviewNews, PreviewSay
    from fieldguide.desk.printing import Print
    from fieldguide.desk.reports import Report, Reported, ReportedFile
    from fieldguide.desk.requests import Request, Requests
    from fieldguide.desk.roster import Roster, TakeRoster
    from fieldguide.desk.scoring import KeepScore, LookAtEssay, ScorePage
    from fieldguide.desk.sheets import ChooseSheet, EnterSheet

    desk = {"desk": Desk(Path.cwd(), os.environ)}
    handlers: list[tuple[str, Any, dict[str, Any]]] = [
        ("desk/?", At, desk),
        ("desk/look", Look, desk),
        (r"desk/(make|release|withdraw|collect|feedback)/([^/]+)", Take, desk),
        (r"desk/export/([^/]+)", Export, desk),
        (r"desk/exported/([\w-]+)", Exported, desk),
        (r"desk/extensions/([^/]+)", Extensions, desk),
        (r"desk/grades/([^/]+)", SiteGrades, desk),
        (r"desk/help/([^/]+)", Help, desk),
        (r"desk/looking/([\w-]+)", Looking, desk),
        (r"desk/looking/([\w-]+)/say", LookingSay, desk),
        (r"desk/looking/([\w-]+)/news", LookingNews, desk),
        (r"desk/preview/([^/]+)", Preview, desk),
        (r"desk/preview/([^/]+)/say", PreviewSay, desk),
        (r"desk/preview/([^/]+)/news", PreviewNews, desk),
        (r"desk/print/([^/]+)", Print, desk),
        ("desk/begun", Begun, desk),
        ("desk/roster", Roster, desk),
        (r"desk/roster/([\w-]+)", TakeRoster, desk),
        ("desk/requests", Requests, desk),
        (r"desk/requests/([^/]+)/([^/]+)", Request, desk),
        (r"desk/exported/([\w-]+)/file", ExportedFile, desk),
        (r"desk/report(?:/([^/]+))?", Report, desk),
        (r"desk/reported/([\w-]+)", Reported, desk),
        (r"desk/reported/([\w-]+)/([\w.-]+)", ReportedFile, desk),
        ("desk/live", LiveList, desk),
        (r"desk/live/(\w+)", Projector, desk),
        (r"desk/live/(\w+)/look", LookAtProjector, desk),
        ("desk/sheets", ChooseSheet, desk),
        (r"desk/sheets/([^/]+)/([^/]+)", EnterSheet, desk),
        (r"desk/score/([^/]+)", EssaysPage, desk),
        (r"desk/score/([^/]+)/again", Decide, desk),
        (r"desk/score/([^/]+)/([^/]+)/([0-9a-f]{32})", ScorePage, desk),
        (r"desk/score/([^/]+)/([^/]+)/([0-9a-f]{32})/keep", KeepScore, desk),
        (r"desk/score/([^/]+)/([^/]+)/([0-9a-f]{32})/look", LookAtEssay, desk),
    ]
    base = url_path_join(app.web_app.settings["base_url"], "fieldguide/")
    app.web_app.add_handlers(".*$", [(base + path, handler, values) for path, handler, values in handlers])  # type: ignore[no-untyped-call]
