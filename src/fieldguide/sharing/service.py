"""The exchange as a service of JupyterHub: ngshare's tables and requests, mended where they lose work or let too much.

    python -m fieldguide.sharing.service --database URL --storage FOLDER

JupyterHub starts it and gives it the environment that it reads. What is different from ngshare 0.6.0:

- It keeps what it is told. ngshare leaves it to SQLAlchemy to add what belongs to something known, which SQLAlchemy 2
  does not do: releases and submissions were answered with success and lost.
- Releasing again and withdrawing keep what was handed in, which ngshare deletes with the assignment.
- Who may do what comes from the hub's groups, `formgrade-COURSE` for instructors and `nbgrader-COURSE` for students, as
  in nbgrader itself; there is no second list, and nobody who may do everything.
- Only a token with the right to use this service counts, and no cookie: a page elsewhere can ask for nothing.
- Nothing of a request is taken before it is known who asks, and then one submission of a person at a time, on the disk.
- A file whose name no system can write is refused, and so are more submissions of a person than anybody needs: one
  student's can neither stop collecting for the others nor fill the disk.
- It listens where the hub says, and not to all of the network; its files are for its own account.
- A file that gave way is removed from the disk too.
- It begins with a database of its own: ngshare's upgrades do not run with the alembic of today.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import secrets
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from jupyterhub.services.auth import HubAuth
from ngshare import ngshare
from ngshare.database import Assignment, Base, Course, File, Submission, User
from sqlalchemy import INTEGER, Column, String, Table, Text, create_engine, delete, event, func, insert, select
from sqlalchemy.orm import Session, joinedload, selectinload, sessionmaker
from tornado.httputil import parse_body_arguments
from tornado.web import Application, stream_request_body

from fieldguide.grading.inbound import MOST_FILES
from fieldguide.grading.names import show
from fieldguide.hubservice import prefix, serve, take_port, who_asks
from fieldguide.sharing.paths import can_be_written

#: For how long a token that the hub knew is good, in seconds: whoever leaves a group loses the rights after it.
_KNOWN_FOR = 30
#: The most that one request may bring, in megabytes. A submission of nbgrader's 100 MB is 140 on its way.
LARGEST = 150
#: The most that one person's submissions of a course may take together, in megabytes, and how many of a module there
#: may be.
MOST_OF_ONE = 1000
MOST_SUBMISSIONS = 200
#: What is read of a request before it is known who asks, in bytes.
_UNKNOWN = 64 << 10
_TIME = "%Y-%m-%d %H:%M:%S.%f UTC"


# As text, which they are in ngshare, they point to numbers: PostgreSQL refuses that, and not every query finds them.
for _files in ("assignment_files", "submission_files", "feedback_files"):
    Base.metadata.tables[f"{_files}_assoc_table"].c.left_id.type = INTEGER()


#: What is told to a student alone, as the instructor's side wrote it.
_NOTES = Table(
    "fieldguide_notes",
    Base.metadata,
    Column("course", String(200), primary_key=True),
    Column("student", String(200), primary_key=True),
    Column("note", Text),
)
#: The courses whose instructors see who has begun, as their students are told; and in them, who has begun which module.
_SEEN = Table("fieldguide_seen_begun", Base.metadata, Column("course", String(200), primary_key=True))
_BEGUN = Table(
    "fieldguide_begun",
    Base.metadata,
    *(Column(name, String(200), primary_key=True) for name in ("course", "module", "student")),
)


@stream_request_body
class Asked(ngshare.MyRequestHandler):  # type: ignore[misc]
    """What is the same for every request, in place of ngshare's own: who asks, with which roles, what they send, and
    how times are written."""

    application: Exchange
    _coming: Any = None
    _left = 0
    _gone = False

    async def prepare(self) -> None:
        """Find out who asks, before what they send is read. Whoever may not use this service is answered here."""
        self.db = self.application.db_session()
        person = await who_asks(self.application.hub, self)
        if person is None or person.get("kind") != "user":
            self.json_error(403, "This token does not open the exchange.")
        assert person is not None
        self._groups = frozenset(person["groups"])
        self.user, self._name = User.from_jupyterhub_user(person, self.db), str(person["name"])
        # What they send comes next, which takes its time. A connection that was held meanwhile would be one of few, and
        # who comes when there is none left stops everybody.
        self.db.commit()
        if self.request.method == "POST":
            self._expect()

    def _expect(self) -> None:
        """Make ready for what comes, on the disk: in memory, some at once would take all there is."""
        size, most = self.request.headers.get("Content-Length", ""), self.application.largest
        if not size.isascii() or not size.isdigit():
            self.json_error(411, "The request does not say how large it is.")
        if int(size) > most:
            self.json_error(413, f"This is larger than the {most >> 20} MB that one request may bring.")
        if self._name in self.application.sending:
            self.json_error(429, "Something of yours is on its way already. Try again when it has arrived.")
        if self._gone:  # while the hub was asked: nothing comes any more
            return
        self.application.sending.add(self._name)
        self._left = int(size)
        self._coming = tempfile.TemporaryFile(dir=self.application.storage_path)  # noqa: SIM115 (until it has come)
        assert self.request.connection is not None
        self.request.connection.set_max_body_size(most)

    def data_received(self, chunk: bytes) -> None:
        if self._coming is None:
            return
        self._coming.write(chunk)
        self._left -= len(chunk)
        if not self._left:
            self._coming.seek(0)
            kind = self.request.headers.get("Content-Type", "")
            parse_body_arguments(kind, self._coming.read(), self.request.body_arguments, {})
            for name, values in self.request.body_arguments.items():
                self.request.arguments.setdefault(name, []).extend(values)
            self._coming.close()

    def on_finish(self) -> None:
        if self._coming is not None:
            self.application.sending.discard(self._name)
            self._coming.close()
        for name in self.db.info.pop("written", ()):  # what no transaction has kept
            Path(self.application.storage_path, name).unlink(missing_ok=True)
        super().on_finish()

    def on_connection_close(self) -> None:
        super().on_connection_close()
        self._gone = True
        if not self._finished:
            self.on_finish()

    def write_error(self, status_code: int, **_: Any) -> None:
        """Whatever went wrong is answered as everything is."""
        self.finish(json.dumps({"success": False, "message": "The exchange could not do this. Its log says why."}))

    def json_files_unpack(self, json_str: str | None, target: list[File]) -> None:
        """Keep the files that were sent. Answers here where they are not such as every system can write."""
        # A file takes two commas, and base64 has none: what has far more is refused before it is taken apart, for which
        # it would take many times its size of memory.
        if (json_str or "").count(",") > 4 * MOST_FILES:
            self.json_error(413, f"These are more than {MOST_FILES} files and folders.")
        try:
            sent = [(one["path"], one["content"]) for one in json.loads(json_str or "")]
        except (ValueError, TypeError, KeyError, RecursionError):
            self.json_error(400, "Expected files, each with its path and its content.")
        folders: set[str] = set()
        for path, _ in sent:
            if not self.path_check(path):
                self._refuse_name(path)
            folders.update(str(parent) for parent in PurePosixPath(path).parents[:-1])
            if len(sent) + len(folders) > MOST_FILES:
                self.json_error(413, f"These are more than {MOST_FILES} files and folders.")
        taken: set[str] = set()
        for path, content in sent:
            if path in folders or path in taken:
                self._refuse_name(path)
            taken.add(path)
            try:
                data = base64.b64decode(content, validate=True)
            except (ValueError, TypeError):
                self.json_error(400, f"The content of '{show(path)}' is not in base64.")
            name = secrets.token_hex(16)
            self.db.info.setdefault("written", []).append(name)
            with Path(self.application.storage_path, name).open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())  # before the database says that it is there
            target.append(File(path, data, name))

    def _refuse_name(self, path: Any) -> None:
        self.json_error(400, f"'{show(str(path))}' cannot be a file's name here. Give it another.")

    def path_check(self, pathname: Any) -> bool:
        return isinstance(pathname, str) and can_be_written(pathname) and bool(super().path_check(pathname))

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
        return super().find_student_submission(assignment, student, moment)

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


class Courses(Asked):
    """courses: those of whoever asks."""

    def get(self) -> None:
        self.json_success(courses=self.courses())


class Assignments(Asked):
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


class HandIn(Asked):
    """submission/COURSE/MODULE: hand in, in one's own name, at the time of this service."""

    def post(self, course_id: str, assignment_id: str) -> None:
        course = self.find_course(course_id)
        self.check_course_user(course)
        assignment = self.find_assignment(course, assignment_id)
        if not assignment.files:
            self.json_error(404, "Assignment not found")
        self._refuse_too_many(course, assignment)
        submission = Submission(self.user, assignment)
        submission.timestamp = datetime.now(UTC).replace(tzinfo=None)  # some databases would move a time with a zone
        self.db.add(submission)
        self.json_files_unpack(self.get_body_argument("files", None), submission.files)
        self.db.commit()
        self.json_success(timestamp=self.strftime(submission.timestamp))

    def _refuse_too_many(self, course: Course, assignment: Assignment) -> None:
        own = self.db.query(Submission).filter(Submission.student == self.user)
        if own.filter(Submission.assignment == assignment).count() >= MOST_SUBMISSIONS:
            self.json_error(413, f"You have handed this in {MOST_SUBMISSIONS} times. Tell your instructor.")
        kept = own.join(Assignment).filter(Assignment.course == course).join(Submission.files)
        if (kept.with_entities(func.sum(File.size)).scalar() or 0) >= self.application.most_of_one:
            self.json_error(
                413, "What you have handed in takes all the room that one person has. Tell your instructor."
            )


class OwnSubmissions(Asked):
    """own/COURSE: what whoever asks handed in."""

    def get(self, course_id: str) -> None:
        course = self.find_course(course_id)
        self.check_course_user(course)
        self.tell_submissions(course, student_id=self.user.id)


class Submissions(Asked):
    """submissions/COURSE: what everybody handed in, for instructors."""

    def get(self, course_id: str) -> None:
        course = self.find_course(course_id)
        self.check_course_instructor(course)
        self.tell_submissions(course)


class HandedIn(Asked, ngshare.DownloadAssignment):  # type: ignore[misc]
    """submission/COURSE/MODULE/STUDENT: a submission, for instructors."""


class Notes(Asked):
    """notes/COURSE: what is told to a student alone, as a later due date. Given by instructors, for all of whom there
    is something; whoever asks is told their own."""

    def get(self, course_id: str) -> None:
        course = self.find_course(course_id)
        self.check_course_user(course)
        found = select(_NOTES.c.note).where(_NOTES.c.course == course.id, _NOTES.c.student == self.user.id)
        self.json_success(note=self.db.scalar(found) or "")

    def post(self, course_id: str) -> None:
        course = self.find_course(course_id)
        self.check_course_instructor(course)
        given = json.loads(self.get_body_argument("notes"))
        self.db.execute(delete(_NOTES).where(_NOTES.c.course == course.id))
        rows = [{"course": course.id, "student": student, "note": str(note)} for student, note in given.items()]
        if rows:
            self.db.execute(insert(_NOTES), rows)
        self.db.commit()
        self.json_success()


class Begun(Asked):
    """begun/COURSE: whether instructors see who has begun; to them, who has. They switch it, and off forgets it all."""

    def get(self, course_id: str) -> None:
        course = self.find_course(course_id)
        self.check_course_user(course)
        begun: dict[str, list[str]] = {}
        if self.is_course_instructor(course, self.user):
            for module, student in self.db.execute(
                select(_BEGUN.c.module, _BEGUN.c.student).where(_BEGUN.c.course == course.id).order_by(_BEGUN.c.student)
            ):
                begun.setdefault(module, []).append(student)
        self.json_success(seen=self._is_seen(course), begun=begun)

    def post(self, course_id: str, module: str | None = None) -> None:
        course = self.find_course(course_id)
        if module is not None:
            self._keep(course, module)
        else:
            self.check_course_instructor(course)
            for table in (_SEEN, _BEGUN):
                self.db.execute(delete(table).where(table.c.course == course.id))
            if self.get_body_argument("seen") == "yes":
                self.db.execute(insert(_SEEN), [{"course": course.id}])
        self.db.commit()
        self.json_success()

    def _keep(self, course: Course, module: str) -> None:
        """Keep that whoever asks has begun a released module, where that is seen; once, and without a time."""
        self.check_course_user(course)
        row = {"course": course.id, "module": self.find_assignment(course, module).id, "student": self.user.id}
        known = select(_BEGUN.c.student).filter_by(**row)
        if self._is_seen(course) and self.db.scalar(known) is None:
            self.db.execute(insert(_BEGUN), [row])

    def _is_seen(self, course: Course) -> bool:
        return self.db.scalar(select(_SEEN.c.course).where(_SEEN.c.course == course.id)) is not None


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

    def __init__(
        self,
        prefix: str,
        database: str,
        storage: Path,
        hub: HubAuth,
        *,
        largest: int = LARGEST,
        each: int = MOST_OF_ONE,
    ) -> None:
        self.largest, self.most_of_one = largest << 20, each << 20
        #: Who is sending something.
        self.sending: set[str] = set()
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
                (f"{prefix}notes{part}", Notes),
                (f"{prefix}begun{part}", Begun),
                (f"{prefix}begun{part * 2}", Begun),
                (f"{prefix}healthz", ngshare.HealthCheckHandler),
            ]
        )
        self.hub, self.storage_path = hub, str(storage)
        engine = create_engine(database, hide_parameters=True)
        Base.metadata.create_all(engine)
        self.db_session = sessionmaker(bind=engine)
        _keep_no_file_that_gave_way(self.db_session, storage)


def _keep_no_file_that_gave_way(sessions: Any, storage: Path) -> None:
    """Remove a file from the disk once it is gone from the database; keep those that are in it now."""

    @event.listens_for(sessions, "after_flush")
    def remember(session: Session, _: object) -> None:
        gone: list[str] = session.info.setdefault("gone", [])
        gone.extend(one.actual_name for one in session.deleted if isinstance(one, File) and one.actual_name)

    @event.listens_for(sessions, "after_commit")
    def remove(session: Session) -> None:
        session.info.pop("written", None)
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
    parser.add_argument("--each", type=int, default=MOST_OF_ONE, help="the most of one person in a course, in MB")
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    os.umask(0o077)
    sockets = take_port()
    chosen.storage.mkdir(parents=True, exist_ok=True)
    hub = HubAuth(cache_max_age=_KNOWN_FOR)
    limits = {"largest": chosen.largest, "each": chosen.each}
    serve(sockets, Exchange(prefix(), chosen.database, chosen.storage, hub, **limits), _UNKNOWN)


if __name__ == "__main__":
    main()
