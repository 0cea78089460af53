"""Collecting submissions: each student's own last complete one, as plain files and nothing else.

Anybody who can write to the exchange can put a folder there under a classmate's name, with any time, and nbgrader would
collect it instead of the real one. nbgrader also copies what it finds before any grader of ours runs: a link to an
endless device, or one odd name, would stop the whole class. So such things stay in the exchange and are reported, what
was collected before is kept, and the rest of the class is collected.
"""

from __future__ import annotations

import fnmatch
import os
import stat
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import parse_utc
from traitlets import Unicode

from fieldguide.grading.copying import copy_plain, put_in_place
from fieldguide.grading.course import Course
from fieldguide.grading.extensions import own_dates
from fieldguide.grading.inbound import (
    CLOCKS_APART,
    HandedIn,
    NoAccountError,
    RefusedError,
    find,
    look_at,
    owner_name,
    refuse_other_owner,
)
from fieldguide.grading.names import show
from fieldguide.grading.requested import adds_requests_alone, keep_with_requests
from fieldguide.grading.times import TIME_FILE, time_in

_NO_ACCOUNTS = (
    "Where students have no accounts of their own, say so in nbgrader_config.py with c.ExchangeCollect.check_owner = "
    "False. Whoever can write to the exchange can then hand in for everybody else."
)


class Collect(ExchangeCollect):  # type: ignore[misc]
    """nbgrader's collecting, hardened so that no student's files can stop it or harm a classmate."""

    account = Unicode(
        "{student_id}",
        help="How the system calls a student's account; 'jupyter-{student_id}' where the hub makes accounts so.",
    ).tag(config=True)

    def init_src(self) -> None:
        if not self.coursedir.course_id:
            self.fail("No course is named: give its id with --course, or as c.CourseDirectory.course_id.")
        inbound = Path(self.root, self.coursedir.course_id, "inbound")
        if not inbound.is_dir():
            self.fail(f"Course not found: there is no folder {inbound}.")
        if not os.access(inbound, os.R_OK | os.X_OK):
            self.fail(f"{inbound} cannot be read by this account.")
        self._refuse_anothers(inbound)
        self.read_duedates()
        self.handed_in = self._find(inbound)

    def read_duedates(self) -> None:
        """Ask the gradebook when the assignment is due, and for whom later."""
        module = self.coursedir.assignment_id
        self.duedate: datetime | None = None
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook, suppress(MissingEntry):
            self.duedate = gradebook.find_assignment(module).duedate
        everybodys = own_dates(Course.of(self.coursedir)).items()
        self.own_dates = {student: dates[module] for student, dates in everybodys if module in dates}

    def _due(self, student: str) -> datetime | None:
        """When a student's submission is due."""
        return self.own_dates.get(student, self.duedate)

    def is_asked_for(self, student: str) -> bool:
        """Whether this student's submissions are to be collected."""
        return fnmatch.fnmatchcase(student, self.coursedir.student_id or "*")

    def _refuse_anothers(self, inbound: Path) -> None:
        """Warn where students can replace folders of the exchange; stop where another account owns this course's.

        The inbound folder of a closed course is root's, who could have put anything there anyway.
        """
        root = Path(self.root)
        if root.stat().st_mode & (stat.S_IWOTH | stat.S_ISVTX) == stat.S_IWOTH:
            warning = "In %s every account can rename what others made there. Whoever owns it should run: chmod 1777 %s"
            self.log.warning(warning, root, root)
        if not self.coursedir.groupshared and inbound.stat().st_uid not in (os.getuid(), 0):
            self.fail(
                f"{inbound} belongs to {owner_name(inbound)}, who could have put anything there. Collect from an "
                "exchange of your own, or as the account that released the assignment."
            )

    def _find(self, inbound: Path) -> dict[str, list[HandedIn]]:
        """The submissions of each student, without those that are not really theirs."""
        found: dict[str, list[HandedIn]] = {}
        without_account = False
        for path in find(inbound, self.coursedir.assignment_id):
            try:
                folder = look_at(path, self.coursedir.assignment_id, self.timezone)
                if not self.is_asked_for(folder.student):
                    continue
                if self.check_owner:
                    refuse_other_owner(path, folder.student, self.account.replace("{student_id}", folder.student))
            except (RefusedError, OSError) as error:
                self.log.error("%s is left out: %s. What was collected before stays.", _name(path), error)
                without_account |= isinstance(error, NoAccountError)
                continue
            found.setdefault(folder.student, []).append(folder)
        if without_account:
            self.log.error(_NO_ACCOUNTS)
        return found

    def copy_files(self) -> None:
        assignment = self.coursedir.assignment_id
        if not self.handed_in:
            self.log.warning("No submissions of %s to collect in %s.", assignment, self.coursedir.course_id)
        for student, folders in sorted(self.handed_in.items()):
            try:
                self._collect(student, folders)
            except OSError as error:
                self.log.error("%s could not be collected: %s.", student, show(str(error), 300))

    def _collect(self, student: str, folders: list[HandedIn]) -> None:
        """Collect a student's last complete submission, or the last one if none is complete and nothing was collected
        yet."""
        assignment = self.coursedir.assignment_id
        target = Path(self.coursedir.format_path(self.coursedir.submitted_directory, student, assignment))
        in_order = sorted(folders, key=self._rank, reverse=True)
        if in_order[0].torn is None:
            instead = "The last whole one counts"
        else:
            instead = "What was collected before stays" if target.exists() else "The last is taken, since none is whole"
        for folder in in_order:
            if folder.torn and folder.time >= in_order[0].time:
                self.log.error("%s is not whole: %s. %s.", _name(folder.path), folder.torn, instead)
        for folder in in_order:
            if target.exists() and not self._takes_the_place(folder, target):
                self.log.info("Nothing newer to collect: %s", student)
                return
            if self._take(folder, target):
                return

    def _rank(self, folder: HandedIn) -> tuple[bool, bool, datetime]:
        due = self._due(folder.student)
        in_time = not self.before_duedate or due is None or folder.time <= due
        return folder.torn is None, in_time, folder.time

    def _takes_the_place(self, folder: HandedIn, target: Path) -> bool:
        """Whether a submission replaces the one that was collected before."""
        if folder.torn:
            return False
        before = time_in(target, self.timezone)
        if self.update and (before is None or folder.time > before):
            return True
        return bool(self.before_duedate and before != folder.time)

    def _take(self, folder: HandedIn, target: Path) -> bool:
        """Copy a submission, then put it in the place of the old one; returns whether that succeeded."""
        name = _name(folder.path)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with tempfile.TemporaryDirectory(prefix=".fieldguide-", dir=target.parent) as place:
                plain, copy, old = Path(place, "plain"), Path(place, "copy"), Path(place, "old")
                owners = self._owners(folder)
                changed = None if owners is None else folder.changed
                odd = copy_plain(folder.path, plain, 1000 * self.coursedir.max_dir_size, owners, changed)
                asks = target.exists() and adds_requests_alone(plain, target, self.coursedir.assignment_id)
                if asks:
                    keep_with_requests(plain, target, self.coursedir.assignment_id)
                else:
                    odd += _settle_time(folder, plain, self._due(folder.student), self.timezone)
                self.do_copy(str(plain), str(copy))
                put_in_place(copy, target, old)
        except (OSError, RuntimeError) as error:  # too deep or too large a folder among them
            self.log.error("%s could not be collected: %s.", name, show(str(error), 300))
            return False
        self.log.info("Collected the requests of: %s" if asks else "Collected: %s", name)
        for left in odd:
            self.log.error("%s: %s.", name, left)
        return True

    def _owners(self, folder: HandedIn) -> set[int] | None:
        """The accounts whose files are collected from a folder that all can write to: the student's and the
        instructors'."""
        return {folder.path.lstat().st_uid, os.getuid(), 0} if self.check_owner else None


def _settle_time(folder: HandedIn, copy: Path, due: datetime | None, zone: str) -> list[str]:
    """Compare the time that a submission states with the file system's; returns a warning for the instructor."""
    written, stated = copy / TIME_FILE, time_in(copy, zone)
    if stated is None:
        if not written.is_file():
            return []
        written.rename(copy / f"{TIME_FILE}.unreadable")
        return [f"{TIME_FILE} does not tell a time; it is now {TIME_FILE}.unreadable"]
    if stated != folder.time or not _nbgrader_reads(written):
        written.rename(copy / f"{TIME_FILE}.said")
        written.write_text(f"{folder.time:%Y-%m-%d %H:%M:%S.%f} UTC", encoding="utf-8")
    if folder.time != folder.stated:
        return [f"it says {_show_time(folder.stated)}, and was there at {_show_time(folder.time)} already: that counts"]
    if folder.changed > folder.stated + CLOCKS_APART:
        late = ", after the due date" if due is not None and folder.stated <= due < folder.changed else ""
        times = f"it says {_show_time(folder.stated)}, and was changed at {_show_time(folder.changed)}"
        return [f"{times}{late}: look into it"]
    return []


def _nbgrader_reads(written: Path) -> bool:
    """Whether nbgrader can parse this time; one that it cannot parse breaks Formgrader's list for the whole class."""
    try:
        parse_utc(written.read_text().strip())
    except Exception:  # a text may make the library raise anything
        return False
    return True


def _name(folder: Path) -> str:
    return show(folder.name, 200)


def _show_time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
