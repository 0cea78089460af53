"""nbgrader's steps of an exchange that is a service: those of the exchange of folders, nbgrader's and our own, with the
folders in the person's own data folder. What a step needs is brought there before it, and what it put there is taken to
the service after it, so that a submission is read, and a file is put in its place, in one way for any exchange.

A person's folders hold what the service lets them have: a student the released modules and their own feedback, never
somebody else's submission.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_data_dir
from nbgrader.exchange.default import Exchange, ExchangeFetchAssignment, ExchangeFetchFeedback, ExchangeSubmit
from traitlets import Unicode

from fieldguide.courseplan import BEGUN_SEEN, NOTES
from fieldguide.grading import collecting, listing, releasing
from fieldguide.grading.copying import put_in_place
from fieldguide.grading.course import Course
from fieldguide.grading.extensions import notes
from fieldguide.grading.files import replace_file
from fieldguide.grading.inbound import SECRET, HandedIn, feedback_name, read_secret
from fieldguide.grading.names import own_id, show, why_no_id
from fieldguide.grading.times import TIME_FILE, read_time, time_in
from fieldguide.plainfiles import write_whole
from fieldguide.sharing.client import Service, ServiceError

_TIME = "%Y-%m-%d %H:%M:%S.%f UTC"
_PRIVATE = stat.S_IRUSR | stat.S_IWUSR


class OverService(Exchange):  # type: ignore[misc]
    """What each step has: the service, and the folders that stand for it."""

    address = Unicode("", help="The exchange service, such as http://127.0.0.1:8000/services/exchange.").tag(
        config=True
    )

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self.root = str(Path(jupyter_data_dir(), "fieldguide_exchange"))
        Path(self.root).mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
        self._service: Service | None = None
        self._brought = False

    @property
    def service(self) -> Service:
        """The service. Raises ServiceError where the settings give no address."""
        if self._service is None:
            self._service = Service(self.address)
        return self._service

    def ensure_root(self) -> None:
        """The folder was made with the step, and nobody else uses it."""

    def start(self) -> Any:
        for course in self._courses():
            self.bring(course)
        self._brought = True
        return super().start()

    def _courses(self) -> list[str]:
        named = str(self.coursedir.course_id)
        return [named] if named and named != "*" else self.service.courses()

    def bring(self, course: str) -> None:
        """Bring what the step needs of a course: what is released."""
        self.bring_released(course)

    def _folder(self, course: str, name: str) -> Path:
        folder = Path(self.root, course, name)
        folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
        return folder

    def bring_released(self, course: str) -> None:
        """Have the folder of released modules hold what the service holds."""
        for name in ("inbound", "feedback"):  # nbgrader looks whether they are there
            self._folder(course, name)
        outbound = self._folder(course, "outbound")
        released = self.service.released(course)
        for there in outbound.glob("[!.]*"):
            if there.name not in released:
                shutil.rmtree(there)
        for module, checksums in released.items():
            if _checksums(outbound / module) != checksums:
                with _beside(outbound) as place:
                    _write(place / "new", self.service.module(course, module))
                    put_in_place(place / "new", outbound / module, place / "old")

    def bring_note(self, course: str) -> None:
        """Put what is told to this account alone where the course page looks for it."""
        name = f"{own_id(self.coursedir)}.json"
        replace_file(str(self._folder(course, NOTES)), name, self.service.note(course).encode(), _PRIVATE)

    def bring_begun_seen(self, course: str) -> bool:
        """Have the course page find whether instructors see who has begun; returns it."""
        seen, _ = self.service.begun(course)
        mark = self._folder(course, ".") / BEGUN_SEEN
        if seen:
            mark.touch()
        else:
            mark.unlink(missing_ok=True)
        return seen

    def bring_feedback(self, course: str) -> None:
        """Put the feedback on what this account handed in where nbgrader looks for it."""
        folder = self._folder(course, "feedback")
        told = {
            (one["assignment_id"], one["timestamp"]): one["feedback"] for one in self.service.own_submissions(course)
        }
        for copy in Path(self.cache, course).glob("[!.]*+*+*"):
            _, module, time = copy.name.split("+", 2)
            secret = read_secret(copy)
            checksums = {one["path"]: one["checksum"] for one in told.get((module, time), ())}
            if secret is None or not checksums:
                continue
            there = {name: f"{folder}/{feedback_name(secret, Path(name).stem)}" for name in checksums}
            if any(_checksum(Path(there[name])) != checksum for name, checksum in checksums.items()):
                student = os.environ["JUPYTERHUB_USER"]
                for name, page in self.service.feedback(course, module, student, time).items():
                    replace_file(str(folder), feedback_name(secret, Path(name).stem), page, _PRIVATE)


class List(OverService, listing.List):
    """The list of what is released or was handed in."""

    def bring(self, course: str) -> None:
        if self.inbound:
            self._handed_in = getattr(self, "_handed_in", []) + [
                {"course_id": course, **one} for one in self.service.submissions(course)
            ]
            return
        self.bring_released(course)
        self.bring_note(course)
        self.bring_begun_seen(course)
        if self.cached:
            self.bring_feedback(course)

    def begun(self) -> dict[str, list[str]] | None:
        """Who has begun each module of the course; None where that is not seen. For instructors."""
        seen, begun = self.service.begun(self.coursedir.course_id)
        return begun if seen else None

    def see_begun(self, *, seen: bool) -> None:
        """Have it seen from now on who begins, or have what was seen forgotten. For instructors."""
        self.service.see_begun(self.coursedir.course_id, seen=seen)

    def parse_assignments(self) -> list[dict[str, Any]]:
        return self._inbound() if self.inbound else super().parse_assignments()

    def _inbound(self) -> list[dict[str, Any]]:
        """What was handed in, as nbgrader tells it, with the files left where they are."""
        wanted = {"assignment_id": self.coursedir.assignment_id, "student_id": self.coursedir.student_id}
        found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
        for one in sorted(self._handed_in, key=lambda one: str(one["timestamp"])):
            if all(name in ("", "*", one[key]) for key, name in wanted.items()):
                key = one["course_id"], one["student_id"], one["assignment_id"]
                found.setdefault(key, []).append(_as_listed(one))
        return [
            {
                "course_id": course,
                "student_id": student,
                "assignment_id": module,
                "status": "submitted",
                "submissions": all_,
            }
            for (course, student, module), all_ in sorted(found.items())
        ]

    def remove_files(self) -> list[dict[str, Any]]:
        if self.inbound:
            self.fail("What was handed in stays in the exchange service.")
        if not self.cached:
            for path in map(Path, self.assignments):
                self.service.withdraw(path.parent.parent.name, path.name)
        return super().remove_files()


def _as_listed(told: dict[str, Any]) -> dict[str, Any]:
    given = bool(told["feedback"])
    local = {"has_local_feedback": False, "local_feedback_path": None, "feedback_updated": False}
    names = ("course_id", "student_id", "assignment_id", "timestamp")
    shown = {name: told[name] for name in names}
    return {**shown, "status": "submitted", "path": "", "notebooks": [], "has_exchange_feedback": given, **local}


class FetchAssignment(OverService, ExchangeFetchAssignment):  # type: ignore[misc]
    """Fetching a module, which is to begin it. It is said to the service only where students are told that it is."""

    def copy_files(self) -> None:
        super().copy_files()
        course = self.coursedir.course_id
        try:
            if self.bring_begun_seen(course):
                self.service.begin(course, self.coursedir.assignment_id)
        except ServiceError as error:  # the student has the module
            self.log.warning("The exchange was not told that the module is begun: %s", error)


class Submit(OverService, ExchangeSubmit):  # type: ignore[misc]
    """Handing in: the whole folder, in the name of the account and at the time of the service."""

    def copy_files(self) -> None:
        self.init_release()
        self.check_filename_diff()
        cache, course, module = Path(self.cache_path), self.coursedir.course_id, self.coursedir.assignment_id
        cache.mkdir(parents=True, exist_ok=True)
        with _beside(cache) as place:
            copy = place / "copy"
            self.do_copy(self.src_path, str(copy))
            write_whole(copy / SECRET, secrets.token_hex(64).encode())
            self.timestamp = self.service.hand_in(course, module, _read(copy))
            write_whole(copy / TIME_FILE, self.timestamp.encode())
            copy.rename(cache / f"{self.assignment_filename.partition('+')[0]}+{module}+{self.timestamp}")
        self.log.info("Submitted as: %s %s %s", course, module, self.timestamp)


class FetchFeedback(OverService, ExchangeFetchFeedback):  # type: ignore[misc]
    """Fetching one's own feedback."""

    def bring(self, course: str) -> None:
        super().bring(course)
        self.bring_feedback(course)


class ReleaseAssignment(OverService, releasing.ReleaseAssignment):
    """Releasing a module, and the plan of the course with all modules."""

    def copy_files(self) -> None:
        super().copy_files()
        self._take_to_service()

    def tell_plan(self) -> None:
        if self._brought:
            super().tell_plan()
            return
        try:  # by itself, as when Formgrader changes a due date
            self.bring(self.coursedir.course_id)
            super().tell_plan()
            self._take_to_service()
        except ServiceError as error:
            self.log.warning("Students are not told the due dates that hold now: %s", error)

    def tell_notes(self) -> list[str]:
        told = {student: note.text() for student, note in notes(Course.of(self.coursedir)).items() if note}
        self.service.give_notes(self.coursedir.course_id, told)
        return []

    def _take_to_service(self) -> None:
        """Have the service hold what the folder of released modules holds."""
        course = self.coursedir.course_id
        held = self.service.released(course)
        for folder in sorted(self._folder(course, "outbound").glob("[!.]*")):
            if _checksums(folder) != held.get(folder.name):
                self.service.release(course, folder.name, _read(folder))


class Collect(OverService, collecting.Collect):
    """Collecting, as from folders; the service says whose a submission is, and when it was handed in."""

    def bring(self, course: str) -> None:
        """Nothing: each submission is brought when its turn comes."""

    def init_src(self) -> None:
        course = self.coursedir.course_id
        if not course:
            self.fail("No course is named: give its id with --course, or as c.CourseDirectory.course_id.")
        self.read_duedates()
        self.handed_in: dict[str, list[HandedIn]] = {}
        for one in self.service.submissions(course):
            student, time = str(one["student_id"]), read_time(str(one["timestamp"]))
            if one["assignment_id"] != self.coursedir.assignment_id or not self.is_asked_for(student):
                continue
            no_id = why_no_id(student)
            if no_id or time is None:
                self.log.error("What %s handed in is left out: its %s.", show(student), no_id or "time cannot be read")
                continue
            name = f"{student}+{self.coursedir.assignment_id}+{one['timestamp']}"
            self.handed_in.setdefault(student, []).append(HandedIn(Path(name), student, time, time, None))

    def _take(self, folder: HandedIn, target: Path) -> bool:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _beside(target.parent) as place:
            here = place / folder.path.name
            time = f"{folder.time:{_TIME}}"
            try:
                files = self.service.submission(
                    self.coursedir.course_id, self.coursedir.assignment_id, folder.student, time
                )
                _write(here, files | {TIME_FILE: time.encode()})
            except (OSError, ValueError, ServiceError) as error:
                if isinstance(error, ServiceError) and error.trouble == "unreachable":
                    raise
                self.log.error("%s could not be collected: %s.", show(here.name, 200), show(str(error), 300))
                return False
            return super()._take(replace(folder, path=here), target)

    def _owners(self, folder: HandedIn) -> set[int] | None:
        return None


class ReleaseFeedback(OverService, releasing.ReleaseFeedback):
    """Giving feedback, each page to whom it is for."""

    def bring(self, course: str) -> None:
        self._folder(course, "feedback")

    def _release(self, student: str, folder: Path) -> int:
        time = time_in(folder, self.timezone)
        if time is None:
            raise ValueError(f"{TIME_FILE} tells no time, by which it would find its way back")
        pages = {page.name: page.read_bytes() for page in sorted(folder.glob("*.html"))}
        if pages:
            course, module = self.coursedir.course_id, self.coursedir.assignment_id
            try:
                self.service.give_feedback(course, module, student, f"{time:{_TIME}}", pages)
            except ServiceError as error:
                raise ValueError(str(error)) from error
            self.log.info("Feedback released: %s, %s", student, module)
        return len(pages)


def _checksum(path: Path) -> str | None:
    try:
        return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    except OSError:
        return None


def _checksums(folder: Path) -> dict[str, str | None]:
    return {path: _checksum(folder / path) for path in _paths(folder)}


def _paths(folder: Path) -> Iterator[str]:
    yield from (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())


def _read(folder: Path) -> dict[str, bytes]:
    return {path: (folder / path).read_bytes() for path in _paths(folder)}


def _write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir()
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        write_whole(folder / path, content)


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """An empty folder on the same disk, which is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix=".fieldguide-", dir=folder) as place:
        yield Path(place)
