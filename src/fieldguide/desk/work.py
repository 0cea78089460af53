"""The steps of the desk, taken in a process of their own by what commands and Formgrader use.

    python -m fieldguide.desk.work FOLDER

FOLDER is where nbgrader's settings are read from. Does what the course's notes name, keeps there how far it is, and
how it ended. Inherits the lock of the course's work. nbgrader takes seconds and 70 MB to import, and a
class longer than a request may.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldguide.desk.notes import Notes, now, read_notes, write_notes
from fieldguide.desk.people import people_of
from fieldguide.desk.sitewords import say as say_of_site
from fieldguide.desk.sitewords import why_refused
from fieldguide.desk.state import Step
from fieldguide.grading.course import Course, CourseError
from fieldguide.words import Words

if TYPE_CHECKING:
    from fieldguide.lti.client import CourseSite

say = Words("desk").say
#: So many grades are sent before it is kept how far it is.
_AT_ONCE = 10
#: How often progress is kept, in seconds.
_OFTEN = 0.3
_LOGGED = re.compile(r"^\[(\w+)\] (.*)")


class Work:
    """One job of a course, kept in its notes as it goes on."""

    def __init__(self, course: Course, notes: Notes) -> None:
        assert notes.job is not None
        self.course, self.notes, self.job = course, notes, notes.job
        self._kept = 0.0
        self._api: Any = None

    def do(self) -> None:
        """Do it. Nothing is raised: how it ended is kept."""
        try:
            _DONE_BY[self.job.kind](self)
        except CourseError as error:
            self.job.trouble = str(error)
        except Exception:  # nbgrader and exchanges may raise anything
            logging.exception("The step '%s' of the desk failed, for '%s'.", self.job.step, self.job.module)
            self.job.trouble = "failed"
        self._name_people()
        self._list_exchange()
        self.job.ended = f"{now():%Y-%m-%dT%H:%M:%S}Z"
        self._keep()

    def make(self) -> None:
        """Make the students' edition, in place of one that came with the project."""
        self._nbgrader("generate_assignment")  # it warns that what was made before gives way

    def release(self) -> None:
        """Put the module into the exchange with its due date, and tell all students the plan."""
        from nbgrader.api import Gradebook

        from fieldguide.desk.reading import is_made
        from fieldguide.grading.penalties import settle

        course, job = self.course, self.job
        if not is_made(course, job.module):
            self.make()
        due = job.due and job.due.removesuffix("Z")
        with Gradebook(course.db_url, course.course_id) as gradebook:
            before = gradebook.find_assignment(job.module).duedate
            gradebook.update_or_create_assignment(job.module, duedate=f"{due} UTC" if due else None)
        try:
            self.job.problems += self._nbgrader("release_assignment")
        except CourseError:
            with Gradebook(course.db_url, course.course_id) as gradebook:  # students have the earlier one
                gradebook.update_or_create_assignment(job.module, duedate=before)
            raise
        self.notes.zone = job.zone or self.notes.zone
        settle(course, job.module)  # a due date that moved changes who is late

    def withdraw(self) -> None:
        """Take the module out of the exchange; what was handed in stays there."""
        self.job.problems += self._nbgrader("unrelease")

    def collect(self) -> None:
        """Collect what was handed in, and grade the whole class."""
        from fieldguide.grading.classgrader import grade_class
        from fieldguide.grading.misfits import MisfitsError
        from fieldguide.grading.names import show
        from fieldguide.grading.summary import to_look_into

        module, begun = self.job.module, self.job.begun.removesuffix("Z")
        self.job.problems += self._nbgrader("collect")
        self._tell("grade")
        try:
            report = grade_class(self.course, module, progress=self._progress, set_aside=self.job.set_aside)
        except MisfitsError as error:
            raise CourseError(say("misfits", lines=" ".join(error.lines))) from error
        self.notes.collected[module] = begun
        self.notes.entered.pop(module, None)
        self.job.counts = {
            "graded": len(report.standings),
            "late": sum(standing.seconds_late > 0 for standing in report.standings),
            "missing": len(report.missing),
            "failed": len(report.failed),
            "waits": sum(standing.waits > 0 for standing in report.standings),
        }
        self.job.problems += to_look_into(report)
        self.job.problems += [say("removed", student=show(student)) for student in sorted(report.removed)]

    def feedback(self) -> None:
        """Write everybody's feedback, and put it where only they can fetch it."""
        from fieldguide.desk.reading import scores_of
        from fieldguide.grading.classfeedback import feedback_for_class
        from fieldguide.grading.names import show
        from fieldguide.grading.penalties import settle
        from fieldguide.lti.client import CourseSite

        module = self.job.module
        self._tell("feedback")
        settle(self.course, module)
        scores = scores_of(self.course, module)
        written, without = feedback_for_class(self.course, module, progress=self._progress)
        self.job.problems += [f"{show(student)} {why}." for student, why in without.items()]
        self.job.problems += self._nbgrader("release_feedback")
        self.notes.given[module] = scores
        self.job.counts = {"given": len(written), "without": len(without)}
        site = CourseSite.here(os.environ)
        if site is not None:
            with self._problems_of_site():  # feedback is given all the same
                self._send(site, written, ())

    def send(self) -> None:
        """Send the grades of those who have feedback to the course site, where they are not there yet."""
        from fieldguide.desk.reading import scores_of
        from fieldguide.lti.client import CourseSite, ServiceError

        site, module = CourseSite.here(os.environ), self.job.module
        if site is None:
            raise CourseError(say_of_site("no_site"))
        # Scores that have changed since are told to students with the feedback, and only then to the course site.
        unchanged = self.notes.given.get(module) == scores_of(self.course, module)
        try:
            self._send(site, self.course.with_folder("feedback", module) if unchanged else None, self.job.students)
        except ServiceError as error:
            raise CourseError(why_refused(error.why, error.said)) from error

    def _send(self, site: CourseSite, standing: Collection[str] | None, students: Collection[str]) -> None:
        """Send a module's grades, as they are here now of those who are ``standing``, or else as they were told last;
        all, or those of ``students``. Raises ServiceError."""
        from nbgrader.api import Gradebook

        from fieldguide.lms.exporting import module_of
        from fieldguide.lms.standing import standing_grades

        course, name = self.course, self.job.module
        self._tell("send")
        with Gradebook(course.db_url, course.course_id) as gradebook:
            if not gradebook.find_assignment(name).max_score:
                return  # there are no grades
            module = module_of(course, gradebook, name)
            grades = standing_grades(gradebook, name, standing or ())
        scores = site.want(name, module.maximum, grades)
        wanted = [one.account for one in scores if not one.is_sent and (not students or one.account in students)]
        for done in range(0, len(wanted), _AT_ONCE):
            self._progress(done, len(wanted))
            scores = site.send(name, module.names[0], module.maximum, wanted[done : done + _AT_ONCE])
        tried = [one for one in scores if one.account in wanted]
        refused = [one for one in tried if not one.is_sent]
        self.job.counts |= {"sent": len(tried) - len(refused), "unsent": len(refused)}
        for why, said in dict.fromkeys((one.refused, one.said) for one in refused):
            whose = [one.account for one in refused if (one.refused, one.said) == (why, said)]
            self.job.problems.append(f"{', '.join(whose)}: {why_refused(why, said)}")

    @contextmanager
    def _problems_of_site(self) -> Iterator[None]:
        """Keep what hinders sending as something to look into."""
        from fieldguide.lti.client import ServiceError

        try:
            yield
        except (ServiceError, CourseError) as error:
            why = why_refused(error.why, error.said) if isinstance(error, ServiceError) else str(error)
            self.job.problems.append(say_of_site("unsent", why=why))

    def _name_people(self) -> None:
        """Have what is told name students as people know them."""
        with suppress(CourseError):  # a gradebook that cannot be read is told of by what needed it
            people = people_of(self.course)
            self.job.problems = [people.told(line) for line in self.job.problems]
            self.job.trouble = self.job.trouble and people.told(self.job.trouble)

    def _list_exchange(self) -> None:
        """Have the desk know what an exchange holds now that is no folder."""
        from fieldguide.desk.listed import list_exchange
        from fieldguide.grading.exchange import names_another

        if names_another(self.course.config):
            try:
                list_exchange(self.course)
            except (CourseError, OSError) as error:  # the step itself is done; the desk asks again
                logging.warning("The exchange could not be listed: %s", error)

    def _nbgrader(self, step: str) -> list[str]:
        """Take one of nbgrader's own steps, which are ours where the settings say so; returns what it warned of.

        Raises CourseError where it failed.
        """
        result = getattr(self._nbgraders_api(), step)(self.job.module)
        logged = [match.groups() for line in (result.get("log") or "").splitlines() if (match := _LOGGED.match(line))]
        problems = [text for level, text in logged if level in ("ERROR", "WARNING", "CRITICAL")]
        if not result["success"]:
            logging.error("%s", result.get("error") or result.get("log"))
            raise CourseError(problems[-1] if problems else _last_line(result.get("error")))
        return list(dict.fromkeys(problems))

    def _nbgraders_api(self) -> Any:
        if self._api is None:
            from nbgrader.apps import NbGraderAPI
            from nbgrader.apps.baseapp import NbGrader

            app = NbGrader()
            app.initialize([])
            # Formgrader withdraws a module first; so there is no moment at which students do not find it.
            app.config.ExchangeReleaseAssignment.force = True
            self._api = NbGraderAPI(config=app.config)
        return self._api

    def _tell(self, phase: str) -> None:
        self.job.phase, self.job.done, self.job.of = phase, 0, 0
        self._keep()

    def _progress(self, done: int, of: int) -> None:
        self.job.done, self.job.of = done, of
        if time.monotonic() - self._kept > _OFTEN:
            self._keep()

    def _keep(self) -> None:
        self._kept = time.monotonic()
        write_notes(self.course.root, self.notes, shared=bool(self.course.settings["groupshared"]))


def _last_line(error: str | None) -> str:
    lines = (error or "").strip().splitlines()
    return lines[-1] if lines else "nbgrader gave no reason."


_DONE_BY = {
    Step.MAKE: Work.make,
    Step.RELEASE: Work.release,
    Step.WITHDRAW: Work.withdraw,
    Step.COLLECT: Work.collect,
    Step.FEEDBACK: Work.feedback,
    Step.SEND: Work.send,
}


def main(start: Path) -> None:
    """Do what the course's notes name."""
    os.chdir(start)  # nbgrader reads its settings and works there
    logging.basicConfig(level=logging.WARNING, format="[fieldguide] %(levelname)s %(message)s")
    course = Course(start)
    if not course.settings["groupshared"]:
        os.umask(0o077)  # what the collecting of whichever exchange writes is for the course's account alone
    Work(course, read_notes(course.root)).do()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
