"""Releasing: assignments into an exchange that no student can replace, and feedback that no student's files can
stop."""

from __future__ import annotations

import fnmatch
import stat
from pathlib import Path

from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeReleaseAssignment, ExchangeReleaseFeedback
from nbgrader.utils import notebook_hash

from fieldguide.courseplan import NOTES
from fieldguide.grading.collecting import Collect
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.extensions import Way, notes, way_of, write_notes
from fieldguide.grading.files import replace_file
from fieldguide.grading.inbound import SECRET, number_of, read_secret
from fieldguide.grading.names import show, why_no_id
from fieldguide.grading.planning import write_plan
from fieldguide.grading.submission import is_on_paper


class ReleaseAssignment(ExchangeReleaseAssignment):  # type: ignore[misc]
    """nbgrader's release of an assignment, with the course's plan, and the sticky bit where every account may write.

    Without the sticky bit a student could rename the course's folder and put another in its place.
    """

    def ensure_root(self) -> None:
        super().ensure_root()
        _keep_others_from_renaming(Path(self.root))

    def init_dest(self) -> None:
        super().init_dest()
        if not self.coursedir.groupshared:  # other instructors of the group may need to remove folders
            _keep_others_from_renaming(Path(self.inbound_path))

    def copy_files(self) -> None:
        super().copy_files()
        self.tell_plan()

    def tell_plan(self) -> None:
        """Write the plan of the course into every module that is released, so that all tell the same."""
        outbound = Path(self.root, self.coursedir.course_id, "outbound")
        write_plan(Course.of(self.coursedir), [path for path in outbound.glob("[!.]*") if path.is_dir()], self.log)
        try:
            self.tell_notes()
        except (CourseError, ExchangeError, OSError) as error:
            self.log.warning("Students are not told what is for them alone, as a later due date: %s", error)

    def tell_notes(self) -> list[str]:
        """Tell each student what is for them alone, as who has more time; returns who cannot be told.

        Raises CourseError where the gradebook cannot be read, and OSError where the notes cannot be written.
        """
        course = Course.of(self.coursedir)
        told = notes(course)
        waiting = sorted(student for student, note in told.items() if note)
        if way_of(course) is not Way.NOTE:
            return waiting
        folder = Path(self.root, self.coursedir.course_id, NOTES)
        if not folder.is_dir() and not (waiting and folder.parent.is_dir()):
            return []  # nothing is to tell, or it is told with the first release
        account = Collect(coursedir=self.coursedir, config=self.config).account
        without = write_notes(folder, told, account, shared=self.coursedir.groupshared)
        return [student for student in waiting if student in without]

    def can_tell(self, student: str) -> bool:
        """Whether a student can be told what is for them alone, now: before the first release there is no place for
        notes."""
        way = way_of(Course.of(self.coursedir))
        if way is Way.NOTE:
            account: str = Collect(coursedir=self.coursedir, config=self.config).account
            here = Path(self.root, self.coursedir.course_id)
            return here.is_dir() and number_of(account.replace("{student_id}", student)) is not None
        return way is Way.SERVICE


def _keep_others_from_renaming(folder: Path) -> None:
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & (stat.S_IWOTH | stat.S_ISVTX) == stat.S_IWOTH:
        try:
            folder.chmod(mode | stat.S_ISVTX)
        except PermissionError:  # it belongs to another account: collecting explains what to do
            return


class ReleaseFeedback(ExchangeReleaseFeedback):  # type: ignore[misc]
    """nbgrader's release of feedback, in which one student's broken folder does not stop the others'."""

    def copy_files(self) -> None:
        assignment = self.coursedir.assignment_id
        course = Course.of(self.coursedir)
        released, failed, on_paper = 0, 0, 0
        for student, folder in course.with_folder("feedback", assignment).items():
            if not fnmatch.fnmatchcase(student, self.coursedir.student_id or "*"):
                continue
            if read_secret(folder) is None and is_on_paper(course, student, assignment):
                on_paper += 1
                self.log.info("%s worked on paper. Print this page: %s", show(student), folder / f"{assignment}.html")
                continue
            try:
                released += self._release(student, folder)
            except (OSError, ValueError) as error:
                failed += 1
                self.log.error("%s has no feedback in the exchange: %s. It is in %s.", show(student), error, folder)
        if not released and not failed and not on_paper:
            self.log.warning("There is no feedback on %s to release. Generate it first.", assignment)
        elif (
            failed and not released
        ):  # for one student, as by Formgrader's button: without an error it would look like success
            self.fail("No feedback was released; see above.")

    def _release(self, student: str, folder: Path) -> int:
        """Put a student's pages where the student's own server looks for them; returns how many there are."""
        no_id = why_no_id(student)
        if no_id:
            raise ValueError(f"that can be no student's id: it {no_id}")
        secret = read_secret(folder)
        if secret is None:
            raise ValueError(f"{SECRET} is missing or not readable, by which it would find its way back")
        pages = sorted(folder.glob("*.html"))
        for page in pages:
            name = notebook_hash(secret=secret, notebook_id=page.stem)
            replace_file(self.dest_path, f"{name}.html", page.read_bytes(), stat.S_IMODE(page.stat().st_mode))
        if pages:
            self.log.info("Feedback released: %s, %s", student, self.coursedir.assignment_id)
        return len(pages)
