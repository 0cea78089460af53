"""The exchange between accounts: nobody hands in for another, and one student's files stop nobody else."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from course import Course
from graded import due, grade
from nbgrader.api import Gradebook
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError
from nbgrader.utils import notebook_hash
from test_grading import CLASS
from traitlets.config import Config

from fieldguide.grading import course as settings
from fieldguide.grading.classfeedback import feedback_for_class
from fieldguide.grading.collecting import Collect
from fieldguide.grading.copying import copy_plain
from fieldguide.grading.extensions import extend
from fieldguide.grading.listing import List
from fieldguide.grading.releasing import ReleaseAssignment, ReleaseFeedback
from fieldguide.grading.submitting import Submit
from fieldguide.responses import ResponseRecord

#: Who runs the tests has an account, and so has this one of every system: neither can make a folder of the other's.
ME = pwd.getpwuid(os.getuid()).pw_name
OTHER = "nobody"
NOW = datetime.now(UTC).replace(tzinfo=None)


class Exchange:
    """A course and its exchange, which students reach by hand as well."""

    def __init__(self, course: Course, root: Path) -> None:
        self.course = course
        self.root = root
        self.inbound = root / "ethics" / "inbound"
        self.inbound.mkdir(parents=True)
        root.chmod(0o1777)
        self.inbound.chmod(0o3733)

    def config(self) -> Config:
        config = self.course.config()
        config.CourseDirectory.course_id = "ethics"
        config.Exchange.root = str(self.root)
        return config

    def hand_in(self, student: str, when: datetime = NOW, essay: str = "I would ask.") -> Path:
        """A whole submission, as nbgrader's submit leaves it."""
        folder = self.inbound / f"{student}+small+{written(when)}+AAAAAAAAAAAA"
        shutil.copytree(self.course.root / "release" / "small", folder)
        record = ResponseRecord(folder, "small")
        for item, response in CLASS["right"].items():
            record.save(item, response)
        record.save_essay("the-group-chat", essay)
        (folder / "timestamp.txt").write_text(written(when), encoding="utf-8")
        (folder / "submission_secret.txt").write_text(f"{student} {when}".encode().hex(), encoding="utf-8")
        return folder

    def collect(self, *, owners: bool = True, zone: str = "UTC", shared: bool = False, **settings: object) -> None:
        config = self.config()
        config.CourseDirectory.groupshared = shared
        config.Exchange.timezone = zone
        config.ExchangeCollect.update({"update": True, "check_owner": owners, **settings})
        Collect(coursedir=CourseDirectory(config=config), config=config).start()

    def release_feedback(self, student: str = "*") -> None:
        config = self.config()
        config.CourseDirectory.student_id = student
        ReleaseFeedback(coursedir=CourseDirectory(config=config), config=config).start()

    def released(self) -> int:
        """How many pages of feedback lie in the exchange."""
        return len(list((self.root / "ethics" / "feedback").glob("*.html")))

    def list_inbound(self, *, remove: bool = False) -> list[str]:
        """Who is in nbgrader's list of what was handed in."""
        config = self.config()
        config.ExchangeList.update({"inbound": True, "remove": remove})
        lister = List(coursedir=CourseDirectory(config=config), authenticator=Authenticator(), config=config)
        return [submission["student_id"] for submission in lister.start()]

    def collected(self, student: str) -> str | None:
        """The essay that was collected of a student; None where nothing was."""
        folder = self.course.root / "submitted" / student / "small"
        return (folder / "small.essays.json").read_text("utf-8") if folder.exists() else None


def written(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S.%f} UTC"


@pytest.fixture
def exchange(course: Course, tmp_path: Path) -> Exchange:
    return Exchange(course, tmp_path / "exchange")


# -- whose it is -------------------------------------------------------------------------------------------


def test_nobody_hands_in_for_another(exchange: Exchange, caplog: pytest.LogCaptureFixture) -> None:
    exchange.hand_in(OTHER, NOW - timedelta(hours=1), "My own words.")
    exchange.collect(owners=False)  # the honest one, which only that account could have made
    shutil.rmtree(exchange.inbound)
    exchange.inbound.mkdir()
    forged = exchange.hand_in(OTHER, NOW, "Forged.")
    exchange.collect()
    assert "My own words." in (exchange.collected(OTHER) or "")
    assert f"{forged.name} is left out: it was handed in for {OTHER}, and belongs to the account {ME}." in caplog.text
    assert "What was collected before stays." in caplog.text


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to another account")
def test_a_forged_folder_beside_the_honest_one_does_not_take_its_place(
    exchange: Exchange, caplog: pytest.LogCaptureFixture
) -> None:
    exchange.hand_in(ME, NOW - timedelta(hours=1), "My own words.")
    forged = exchange.hand_in(ME, NOW, "Forged.")
    os.chown(forged, pwd.getpwnam(OTHER).pw_uid, -1)
    exchange.collect()
    assert "My own words." in (exchange.collected(ME) or "")
    assert f"{forged.name} is left out: it was handed in for {ME}, and belongs to the account {OTHER}." in caplog.text


def test_what_is_ones_own_is_collected(exchange: Exchange, caplog: pytest.LogCaptureFixture) -> None:
    exchange.hand_in(ME)
    exchange.collect()
    assert "I would ask." in (exchange.collected(ME) or "")
    assert "left out" not in caplog.text


def test_without_an_account_nothing_is_collected_and_the_way_out_is_told(
    exchange: Exchange, caplog: pytest.LogCaptureFixture
) -> None:
    exchange.hand_in("ana.souza@school.edu")
    exchange.hand_in("ben")
    exchange.collect()
    assert exchange.collected("ana.souza@school.edu") is None
    assert "there is no account ana.souza@school.edu that could have made it" in caplog.text
    assert caplog.text.count("c.ExchangeCollect.check_owner = False") == 1


def test_a_hub_may_call_its_accounts_otherwise(exchange: Exchange) -> None:
    exchange.hand_in(ME[1:])
    exchange.collect(account=f"{ME[0]}{{student_id}}")
    assert "I would ask." in (exchange.collected(ME[1:]) or "")


def test_a_file_that_a_classmate_put_there_stays_behind(exchange: Exchange, tmp_path: Path) -> None:
    folder = exchange.hand_in(ME)
    mine = folder.stat().st_uid
    odd = copy_plain(folder, tmp_path / "copy", 10**8, {mine + 1})
    assert "left behind, small.essays.json belongs to another account" in odd
    assert list((tmp_path / "copy").iterdir()) == []


def test_what_was_collected_is_open_to_nobody_else(exchange: Exchange) -> None:
    exchange.hand_in(ME).chmod(0o777)  # as nbgrader's submit leaves it
    exchange.collect()
    folder = exchange.course.root / "submitted" / ME / "small"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


def test_what_several_collect_is_open_to_their_group(exchange: Exchange) -> None:
    exchange.hand_in(ME)
    exchange.collect(shared=True)
    folder = exchange.course.root / "submitted" / ME / "small"
    assert folder.stat().st_mode & 0o777 == 0o770
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o660}


def test_an_exchange_of_somebody_elses_is_not_collected_from(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange.hand_in(ME)
    owner = os.getuid()
    name = ME
    if owner == 0:  # root's is collected from, so it is given to another account
        name = OTHER
        os.chown(exchange.inbound, pwd.getpwnam(OTHER).pw_uid, -1)
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    with pytest.raises(ExchangeError, match=f"belongs to the account {name}, who could have put anything there"):
        exchange.collect()
    assert exchange.collected(ME) is None


@pytest.mark.skipif(os.getuid() != 0, reason="NOT RUN: needs root, whose the inbound folder of a closed course is")
def test_what_was_handed_in_before_a_course_was_closed_is_collected_after_it(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange.hand_in(ME)
    monkeypatch.setattr(os, "getuid", lambda: 4321)
    exchange.collect()
    assert exchange.collected(ME) is not None


def test_an_exchange_in_which_all_rename_all_is_told(exchange: Exchange, caplog: pytest.LogCaptureFixture) -> None:
    exchange.collect()
    assert "chmod 1777" not in caplog.text
    exchange.root.chmod(0o777)
    exchange.collect()
    assert f"chmod 1777 {exchange.root}" in caplog.text


# -- when it was -------------------------------------------------------------------------------------------


def test_a_time_to_come_is_cut_to_the_file_systems(exchange: Exchange, caplog: pytest.LogCaptureFixture) -> None:
    exchange.hand_in(ME, NOW + timedelta(days=400), "From the future.")
    exchange.collect()
    folder = exchange.course.root / "submitted" / ME / "small"
    told = datetime.fromisoformat((folder / "timestamp.txt").read_text("utf-8").removesuffix(" UTC"))
    assert NOW - timedelta(minutes=1) < told < NOW + timedelta(days=1)
    assert "was there at" in caplog.text and "already: that counts" in caplog.text
    # The first counts from when it was found here, which on a slow machine is long after the tests began.
    exchange.hand_in(ME, told + timedelta(minutes=5), "Later, and honest.")
    exchange.collect()
    assert "Later, and honest." in (exchange.collected(ME) or "")


def test_a_time_before_the_last_change_is_named(exchange: Exchange, caplog: pytest.LogCaptureFixture) -> None:
    due(exchange.course, written(NOW - timedelta(hours=2)))
    exchange.hand_in(ME, NOW - timedelta(hours=3))
    exchange.collect()
    assert exchange.collected(ME) is not None
    assert "and was changed at" in caplog.text and ", after the due date: look into it." in caplog.text
    caplog.clear()
    exchange.hand_in(ME, datetime.now(UTC).replace(tzinfo=None))  # not NOW, which may be long ago on a slow machine
    exchange.collect()
    assert "look into it" not in caplog.text


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Sao_Paulo", "Asia/Singapore", "America/New_York"])
def test_times_are_read_in_the_zone_that_nbgrader_writes(exchange: Exchange, zone: str) -> None:
    when = NOW - timedelta(minutes=2)
    there = when.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    folder = exchange.hand_in(ME, when)
    said = f"{there:%Y-%m-%d %H:%M:%S.%f %Z}"  # JST, -03, +08, EST
    (folder / "timestamp.txt").write_text(said, encoding="utf-8")
    folder.rename(folder.with_name(f"{ME}+small+{said}+A-_AAAAAAAAA"))
    exchange.collect(zone=zone)
    exchange.hand_in(ME, NOW, "Later.")  # before the class had a zone of its own
    exchange.collect(zone=zone)
    assert "Later." in (exchange.collected(ME) or "")


# -- torn --------------------------------------------------------------------------------------------------

TORN = {
    "no time": lambda folder: (folder / "timestamp.txt").unlink(),
    "an empty time": lambda folder: (folder / "timestamp.txt").write_text(""),
    "a time in words": lambda folder: (folder / "timestamp.txt").write_text("yesterday, I think"),
    "a time in a zone that leads out": lambda folder: (folder / "timestamp.txt").write_text("2026-11-20 10:00 ../x"),
    "another time": lambda folder: (folder / "timestamp.txt").write_text(written(NOW - timedelta(days=3))),
    "no secret": lambda folder: (folder / "submission_secret.txt").unlink(),
    "an empty secret": lambda folder: (folder / "submission_secret.txt").write_text(""),
    "a secret that is no text": lambda folder: (folder / "submission_secret.txt").write_bytes(b"\xff\xfe"),
}


@pytest.mark.parametrize("how", TORN)
def test_the_last_whole_submission_counts(exchange: Exchange, how: str, caplog: pytest.LogCaptureFixture) -> None:
    exchange.hand_in(ME, NOW - timedelta(minutes=2), "Whole.")
    torn = exchange.hand_in(ME, NOW, "Torn.")
    TORN[how](torn)
    exchange.collect()
    assert "Whole." in (exchange.collected(ME) or "")
    assert f"{torn.name} is not whole: its " in caplog.text
    exchange.collect()
    assert "Whole." in (exchange.collected(ME) or "")


@pytest.mark.parametrize("how", TORN)
def test_a_torn_submission_is_better_than_none_and_gives_way_to_a_whole_one(exchange: Exchange, how: str) -> None:
    TORN[how](exchange.hand_in(ME, NOW - timedelta(minutes=2), "Torn."))
    exchange.collect()
    assert "Torn." in (exchange.collected(ME) or "")
    exchange.hand_in(ME, NOW, "Whole.")
    exchange.collect()
    assert "Whole." in (exchange.collected(ME) or "")


def test_what_was_collected_stays_when_the_next_cannot_be_copied(
    exchange: Exchange, caplog: pytest.LogCaptureFixture
) -> None:
    exchange.hand_in(ME, NOW - timedelta(minutes=2), "Fits.")
    exchange.collect()
    large = exchange.hand_in(ME, NOW, "Too large.")
    with (large / "large").open("wb") as file:
        file.truncate(200 * 10**6)
    exchange.collect()
    assert "Fits." in (exchange.collected(ME) or "")
    assert f"{large.name} could not be collected: it is larger than CourseDirectory.max_dir_size allows." in caplog.text
    assert {path.name for path in (exchange.course.root / "submitted" / ME).iterdir()} == {"small"}


def test_only_what_is_newer_replaces_and_only_when_asked_to(exchange: Exchange) -> None:
    exchange.hand_in(ME, NOW - timedelta(minutes=2), "First.")
    exchange.collect()
    exchange.hand_in(ME, NOW, "Second.")
    exchange.collect(update=False)
    assert "First." in (exchange.collected(ME) or "")
    exchange.collect()
    assert "Second." in (exchange.collected(ME) or "")


def test_the_last_one_before_the_due_date_is_collected_when_asked_for(exchange: Exchange) -> None:
    due(exchange.course, written(NOW - timedelta(minutes=1)))
    exchange.hand_in(ME, NOW - timedelta(minutes=2), "In time.")
    exchange.hand_in(ME, NOW, "Late.")
    exchange.collect()
    assert "Late." in (exchange.collected(ME) or "")
    exchange.collect(before_duedate=True)
    assert "In time." in (exchange.collected(ME) or "")


def test_who_has_more_time_is_collected_by_their_own_due_date(
    exchange: Exchange, caplog: pytest.LogCaptureFixture
) -> None:
    due(exchange.course, written(NOW - timedelta(hours=2)))
    with Gradebook(exchange.course.db_url) as gradebook:
        gradebook.add_student(ME)
    extend(settings.Course(exchange.course.root, exchange.config()), "small", ME, NOW - timedelta(minutes=30))
    exchange.hand_in(ME, NOW - timedelta(hours=3), "By everybody's date.")
    exchange.hand_in(ME, NOW - timedelta(hours=1), "By their own.")
    exchange.hand_in(ME, NOW, "Late.")
    exchange.collect(before_duedate=True)
    assert "By their own." in (exchange.collected(ME) or "")
    assert ", after the due date: look into it." in caplog.text  # of theirs: it was changed later than it says
    extend(settings.Course(exchange.course.root, exchange.config()), "small", ME, NOW + timedelta(days=1))
    exchange.collect(before_duedate=True)
    assert "Late." in (exchange.collected(ME) or "")


def test_one_student_can_be_collected_alone(exchange: Exchange) -> None:
    for student in ("ana", "ben"):
        exchange.hand_in(student)
    config = exchange.config()
    config.CourseDirectory.student_id = "ben"
    config.ExchangeCollect.check_owner = False
    Collect(coursedir=CourseDirectory(config=config), config=config).start()
    assert exchange.collected("ana") is None and exchange.collected("ben") is not None


# -- feedback ----------------------------------------------------------------------------------------------

UNRETURNABLE = [how for how in TORN if "secret" in how]


@pytest.fixture
def with_feedback(exchange: Exchange) -> Exchange:
    """A class of three, graded, with its feedback made."""
    for student in ("ana", "ben", "zoe"):
        exchange.hand_in(student)
    exchange.collect(owners=False)
    grade(exchange.course)
    feedback_for_class(settings.Course(exchange.course.root, exchange.config()), "small")
    return exchange


@pytest.mark.parametrize("how", TORN)
def test_one_torn_folder_costs_nobody_else_their_feedback(
    with_feedback: Exchange, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    TORN[how](with_feedback.course.root / "feedback" / "ben" / "small")
    with_feedback.release_feedback()
    assert with_feedback.released() == (2 if how in UNRETURNABLE else 3)
    assert ("ben has no feedback in the exchange: submission_secret.txt is" in caplog.text) == (how in UNRETURNABLE)


def test_for_that_one_student_alone_it_is_an_error(with_feedback: Exchange) -> None:
    TORN["no secret"](with_feedback.course.root / "feedback" / "ben" / "small")
    with pytest.raises(ExchangeError, match="No feedback was released"):
        with_feedback.release_feedback("ben")
    with_feedback.release_feedback("ana")
    assert with_feedback.released() == 1


def test_the_page_is_where_nbgrader_looks_for_it(with_feedback: Exchange) -> None:
    with_feedback.release_feedback("ana")
    secret = (with_feedback.course.root / "feedback" / "ana" / "small" / "submission_secret.txt").read_text("utf-8")
    page = with_feedback.root / "ethics" / "feedback" / f"{notebook_hash(secret=secret, notebook_id='small')}.html"
    assert page.stat().st_mode & 0o777 == 0o644
    made = with_feedback.course.root / "feedback" / "ana" / "small" / "small.html"
    assert page.read_text("utf-8") == made.read_text("utf-8")


def test_without_feedback_nothing_is_released_and_that_is_said(
    exchange: Exchange, caplog: pytest.LogCaptureFixture
) -> None:
    exchange.release_feedback()
    assert "There is no feedback on small to release. Generate it first." in caplog.text


# -- the list of what was handed in ------------------------------------------------------------------------


@pytest.mark.parametrize("how", TORN)
def test_one_torn_folder_does_not_stop_the_list(exchange: Exchange, how: str, caplog: pytest.LogCaptureFixture) -> None:
    for student in ("ana", "ben", "zoe"):
        folder = exchange.hand_in(student)
        if student == "ben":
            TORN[how](folder)
    assert exchange.list_inbound() == (["ana", "zoe"] if how in UNRETURNABLE else ["ana", "ben", "zoe"])
    named = "ben+small+" in caplog.text and "is not in the list: its submission_secret.txt is" in caplog.text
    assert named == (how in UNRETURNABLE)


def test_odd_things_are_named_and_removed_with_the_rest(
    exchange: Exchange, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    exchange.hand_in("ana")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (exchange.inbound / "link+small+now").symlink_to(elsewhere)
    (exchange.inbound / "file+small+now").touch()
    (exchange.inbound / "<img src=x>+small+now").mkdir()
    waiting = exchange.hand_in("pipe")
    (waiting / "submission_secret.txt").unlink()
    (waiting / "small.ipynb").unlink()
    os.mkfifo(waiting / "small.ipynb")
    assert exchange.list_inbound() == ["ana"]
    for name in ("link+small+now", "file+small+now", "<img src=x>+small+now", waiting.name):
        assert f"{name} is not in the list: " in caplog.text
    exchange.list_inbound(remove=True)
    assert list(exchange.inbound.iterdir()) == []
    assert elsewhere.is_dir()


# -- releasing assignments ---------------------------------------------------------------------------------


def test_nobody_can_rename_a_course_or_a_classmates_folder(course: Course, tmp_path: Path) -> None:
    config = course.config()
    config.CourseDirectory.course_id = "ethics"
    config.Exchange.root = str(tmp_path / "new")
    ReleaseAssignment(coursedir=CourseDirectory(config=config), config=config).start()
    assert (tmp_path / "new").stat().st_mode & 0o7777 == 0o1777
    assert (tmp_path / "new" / "ethics" / "inbound").stat().st_mode & 0o1777 == 0o1733
    assert (tmp_path / "new" / "ethics" / "outbound" / "small" / "small.ipynb").is_file()


def hand_in_by_nbgrader(exchange: Exchange, home: Path, **settings: str) -> Path:
    """Hand in what lies in a home, by the step that a student's server takes."""
    config = exchange.config()
    config.Exchange.assignment_dir, config.Exchange.cache = str(home), str(home.with_name("cache"))
    config.CourseDirectory.student_id = ME
    config.Submit.update(settings)
    coursedir = CourseDirectory(config=config)
    Submit(coursedir=coursedir, authenticator=Authenticator(config=config), config=config).start()
    (handed_in,) = exchange.inbound.iterdir()
    return handed_in


def test_answers_that_only_their_owner_can_read_can_be_collected(exchange: Exchange, tmp_path: Path) -> None:
    release = exchange.course.root / "release" / "small"
    shutil.copytree(release, exchange.root / "ethics" / "outbound" / "small")
    home = tmp_path / "home"
    shutil.copytree(release, home / "small")
    record = ResponseRecord(home / "small", "small")
    record.save("after-hours-message", ["wait"])
    record.save_essay("the-group-chat", "I would ask.")
    handed_in = hand_in_by_nbgrader(exchange, home)
    for name in (record.path.name, record.essays_path.name):
        assert (home / "small" / name).stat().st_mode & 0o777 == 0o600
        assert (handed_in / name).stat().st_mode & 0o044 == 0o044
    exchange.collect()
    assert (exchange.course.root / "submitted" / ME / "small" / record.path.name).is_file()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to another group")
@pytest.mark.parametrize(("collectors", "mode"), [("daemon", 0o770), ("games", 0o777), ("", 0o777)])
def test_what_is_handed_in_is_closed_to_classmates_where_the_folder_is_of_those_who_collect(
    exchange: Exchange, tmp_path: Path, collectors: str, mode: int
) -> None:
    os.chown(exchange.inbound, -1, grp.getgrnam("daemon").gr_gid)
    exchange.inbound.chmod(0o3733)
    release = exchange.course.root / "release" / "small"
    shutil.copytree(release, exchange.root / "ethics" / "outbound" / "small")
    shutil.copytree(release, tmp_path / "home" / "small")
    handed_in = hand_in_by_nbgrader(exchange, tmp_path / "home", collectors=collectors)
    assert handed_in.stat().st_mode & 0o777 == mode
    assert grp.getgrgid(handed_in.stat().st_gid).gr_name == "daemon"
    exchange.collect()
    assert (exchange.course.root / "submitted" / ME / "small" / "small.ipynb").is_file()
