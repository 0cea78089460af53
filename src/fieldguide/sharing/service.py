"""The exchange as a service of JupyterHub: ngshare's tables and requests, mended where they lose work or let too much.

    python -m fieldguide.sharing.service --database URL --storage FOLDER

JupyterHub starts it and gives it the environment that it reads. What is different from ngshare 0.6.0:

- It keeps what it is told. ngshare leaves it to SQLAlchemy to add what belongs to something known, which SQLAlchemy 2
  does not do: releases and submissions were answered with success and lost.
- Releasing again and withdrawing keep what was handed in, which ngshare deletes with the assignment.
- Who may do what comes from the hub's groups, `formgrade-COURSE` for instructors and `nbgrader-COURSE` for students, as
  in nbgrader itself; there is no second list, and nobody who may do everything.
- Only a token with the right to use this service counts, and no cookie: a page elsewhere can ask for nothing.
- It listens where the hub says, and not to all of the network; its files are for its own account.
- A file that gave way is removed from the disk too.
- It begins with a database of its own: ngshare's upgrades do not run with the alembic of today.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jupyterhub.services.auth import HubAuth
from ngshare import ngshare
from ngshare.database import Assignment, Base, Course, File, Submission, User
from sqlalchemy import INTEGER, create_engine, event
from sqlalchemy.orm import Session, joinedload, selectinload, sessionmaker
from tornado.web import Application

from fieldguide.hubservice import prefix, serve, who_asks

#: For how long a token that the hub knew is good, in seconds: whoever leaves a group loses the rights after it.
_KNOWN_FOR = 30
#: The most that one request may bring, in megabytes. A submission of nbgrader's 100 MB is 140 on its way.
LARGEST = 150
_TIME = "%Y-%m-%d %H:%M:%S.%f UTC"


# As text, which they are in ngshare, they point to numbers: PostgreSQL refuses that, and not every query finds them.
for _files in ("assignment_files", "submission_files", "feedback_files"):
    Base.metadata.tables[f"{_files}_assoc_table"].c.left_id.type = INTEGER()


class Asked:
    """What is the same for every request, in place of ngshare's own: who asks, with which roles, and how times are
    written."""

    application: Any
    db: Any
    # ngshare's
    json_error: Any
    json_success: Any
    strptime: Any

    async def prepare(self) -> None:
        """Find out who asks. Whoever may not use this service is answered here."""
        self.db = self.application.db_session()
        person = await who_asks(self.application.hub, self)
        if person is None or person.get("kind") != "user":
            self.json_error(403, "This token does not open the exchange.")
        assert person is not None
        self._groups = frozenset(person["groups"])
        self.user = User.from_jupyterhub_user(person, self.db)

    def get_current_user(self) -> dict[str, str]:
        return {"name": self.user.id}

    def check_xsrf_cookie(self) -> None:
        """Nothing to check: no cookie is read."""

    # -- who may do what ---------------------------------------------------------------------------

    def is_admin(self) -> bool:
        return False

    def is_course_instructor(self, course: Course, user: User) -> bool:
        return f"formgrade-{course.id}" in self._groups

    def is_course_student(self, course: Course, user: User) -> bool:
        return f"nbgrader-{course.id}" in self._groups

    def courses(self) -> list[str]:
        """The courses of whoever asks."""
        parts = (group.partition("-") for group in self._groups)
        return sorted({course for role, _, course in parts if role in ("formgrade", "nbgrader") and course})

    def find_course(self, course_id: str) -> Course:
        if course_id not in self.courses():
            self.json_error(403, f"You are in no group of the course {course_id}.")
        course = self.db.query(Course).filter(Course.id == course_id).one_or_none()
        if course is None:
            course = Course(course_id)
            self.db.add(course)
            self.db.commit()
        return course

    def find_course_user(self, course: Course, user_id: str) -> User:
        user = self.db.get(User, user_id)
        if user is None:
            self.json_error(404, "Student not found")
        return user

    # -- times -------------------------------------------------------------------------------------

    def strftime(self, moment: datetime) -> str:
        return moment.strftime(_TIME)

    def find_student_submission(self, assignment: Assignment, student: User, moment: datetime | str) -> Submission:
        if isinstance(moment, str):  # ngshare asks the database for the text
            moment = self.strptime(moment)
        return super().find_student_submission(assignment, student, moment)  # type: ignore[misc]

    def tell_submissions(self, course: Course, **of: str) -> None:
        """Answer with the submissions of a course, each with the feedback that can be fetched."""
        found = self.db.query(Submission).filter_by(**of).join(Assignment).filter(Assignment.course == course)
        submissions = [
            {
                "student_id": one.student_id,
                "assignment_id": one.assignment.id,
                "timestamp": self.strftime(one.timestamp),
                "feedback": [{"path": file.filename, "checksum": file.checksum} for file in one.feedbacks],
            }
            for one in found.options(joinedload(Submission.assignment), selectinload(Submission.feedbacks))
        ]
        self.json_success(submissions=submissions)


class Courses(Asked, ngshare.MyRequestHandler):  # type: ignore[misc]
    """courses: those of whoever asks."""

    def get(self) -> None:
        self.json_success(courses=self.courses())


class Assignments(Asked, ngshare.MyRequestHandler):  # type: ignore[misc]
    """assignments/COURSE: the modules that are released, with the names and checksums of their files."""

    def get(self, course_id: str) -> None:
        course = self.find_course(course_id)
        self.check_course_user(course)
        released = {one.id: self.json_files_pack(one.files, list_only=True) for one in course.assignments if one.files}
        self.json_success(assignments=released)


class Released(Asked, ngshare.DownloadReleaseAssignment):  # type: ignore[misc]
    """assignment/COURSE/MODULE: a module for students. One without files is withdrawn, and keeps what was handed in."""

    def get(self, course_id: str, assignment_id: str) -> None:
        if not self.find_assignment(self.find_course(course_id), assignment_id).files:
            self.json_error(404, "Assignment not found")
        super().get(course_id, assignment_id)

    def post(self, course_id: str, assignment_id: str) -> None:
        course = self.find_course(course_id)
        self.check_course_instructor(course)
        known = self.db.query(Assignment).filter_by(id=assignment_id, course=course).one_or_none()
        assignment = known or Assignment(assignment_id, course)
        self.db.add(assignment)
        _empty(assignment, self.db)
        self.json_files_unpack(self.get_argument("files", None), assignment.files)
        self.db.commit()
        self.json_success()

    def delete(self, course_id: str, assignment_id: str) -> None:
        course = self.find_course(course_id)
        self.check_course_instructor(course)
        _empty(self.find_assignment(course, assignment_id), self.db)
        self.db.commit()
        self.json_success()


class HandIn(Asked, ngshare.MyRequestHandler):  # type: ignore[misc]
    """submission/COURSE/MODULE: hand in, in one's own name, at the time of this service."""

    def post(self, course_id: str, assignment_id: str) -> None:
        course = self.find_course(course_id)
        self.check_course_user(course)
        assignment = self.find_assignment(course, assignment_id)
        if not assignment.files:
            self.json_error(404, "Assignment not found")
        submission = Submission(self.user, assignment)
        submission.timestamp = datetime.now(UTC).replace(tzinfo=None)  # some databases would move a time with a zone
        self.db.add(submission)
        self.json_files_unpack(self.get_body_argument("files", None), submission.files)
        self.db.commit()
        self.json_success(timestamp=self.strftime(submission.timestamp))


class OwnSubmissions(Asked, ngshare.MyRequestHandler):  # type: ignore[misc]
    """own/COURSE: what whoever asks handed in."""

    def get(self, course_id: str) -> None:
        course = self.find_course(course_id)
        self.check_course_user(course)
        self.tell_submissions(course, student_id=self.user.id)


class Submissions(Asked, ngshare.MyRequestHandler):  # type: ignore[misc]
    """submissions/COURSE: what everybody handed in, for instructors."""

    def get(self, course_id: str) -> None:
        course = self.find_course(course_id)
        self.check_course_instructor(course)
        self.tell_submissions(course)


class HandedIn(Asked, ngshare.DownloadAssignment):  # type: ignore[misc]
    """submission/COURSE/MODULE/STUDENT: a submission, for instructors."""


class Feedback(Asked, ngshare.UploadDownloadFeedback):  # type: ignore[misc]
    """feedback/COURSE/MODULE/STUDENT: given by instructors, fetched by the student."""


def _empty(assignment: Assignment, db: Session) -> None:
    for file in assignment.files:
        db.delete(file)
    assignment.files.clear()


class Exchange(Application):
    """The service: a database of what there is, and a folder of files."""

    #: ngshare's handlers read it.
    debug = False

    def __init__(self, prefix: str, database: str, storage: Path, hub: HubAuth) -> None:
        part = "/([^/]+)"
        super().__init__(
            [
                (f"{prefix}courses", Courses),
                (f"{prefix}assignments{part}", Assignments),
                (f"{prefix}assignment{part * 2}", Released),
                (f"{prefix}own{part}", OwnSubmissions),
                (f"{prefix}submissions{part}", Submissions),
                (f"{prefix}submission{part * 2}", HandIn),
                (f"{prefix}submission{part * 3}", HandedIn),
                (f"{prefix}feedback{part * 3}", Feedback),
                (f"{prefix}healthz", ngshare.HealthCheckHandler),
            ]
        )
        self.hub, self.storage_path = hub, str(storage)
        engine = create_engine(database)
        Base.metadata.create_all(engine)
        self.db_session = sessionmaker(bind=engine)
        _keep_no_file_that_gave_way(self.db_session, storage)


def _keep_no_file_that_gave_way(sessions: Any, storage: Path) -> None:
    """Remove a file from the disk once it is gone from the database."""

    @event.listens_for(sessions, "after_flush")
    def remember(session: Session, _: object) -> None:
        gone: list[str] = session.info.setdefault("gone", [])
        gone.extend(one.actual_name for one in session.deleted if isinstance(one, File) and one.actual_name)

    @event.listens_for(sessions, "after_commit")
    def remove(session: Session) -> None:
        for name in session.info.pop("gone", ()):
            (storage / name).unlink(missing_ok=True)

    @event.listens_for(sessions, "after_rollback")
    def forget(session: Session) -> None:
        session.info.pop("gone", None)


def main(arguments: Iterable[str] | None = None) -> None:
    """Serve until the hub ends this process."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--database", required=True, help="the database, as SQLAlchemy names it")
    parser.add_argument("--storage", required=True, type=Path, help="the folder for files")
    parser.add_argument("--largest", type=int, default=LARGEST, help="the most that one request may bring, in MB")
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    os.umask(0o077)
    chosen.storage.mkdir(parents=True, exist_ok=True)
    hub = HubAuth(cache_max_age=_KNOWN_FOR)
    serve(Exchange(prefix(), chosen.database, chosen.storage, hub), chosen.largest << 20)


if __name__ == "__main__":
    main()
