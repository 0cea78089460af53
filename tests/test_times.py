"""Times of handing in: read as whoever wrote them meant them, and nobody pays for one that cannot be told."""

from __future__ import annotations

import warnings
from datetime import datetime
from pathlib import Path

import hypothesis
import pytest
from case_class import case_source
from course import Course
from graded import due, everything, grade, score_by_hand, with_config
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin
from test_grading import CLASS

from fieldguide.cells.kinds import CASE
from fieldguide.cli import main
from fieldguide.digest.decisions import read_decisions
from fieldguide.grading import course as settings
from fieldguide.grading.classfeedback import feedback_for_class
from fieldguide.grading.classgrader import instructor_notebook
from fieldguide.grading.course import CourseError
from fieldguide.grading.summary import exit_code, summary
from fieldguide.grading.times import read_time, time_in
from fieldguide.responses import ResponseRecord

PENALTY = {"LateSubmissionPlugin": {"penalty_method": "zero"}}
TOLD = {
    # what is written, and the course's zone: the moment in UTC
    ("2026-06-15 22:59:00 CEST", "UTC"): "2026-06-15 20:59",
    ("2026-06-15 22:59:00 CET", "UTC"): "2026-06-15 21:59",
    ("2026-06-15 22:59:00 +0200", "UTC"): "2026-06-15 20:59",
    ("2026-06-15 22:59:00 +02:00", "UTC"): "2026-06-15 20:59",
    ("2026-06-15 22:59:00 -03", "America/Sao_Paulo"): "2026-06-16 01:59",  # this zone has no abbreviation
    ("2026-06-15 22:59:00 +0530", "UTC"): "2026-06-15 17:29",
    ("2026-06-15 22:59:00 UTC+2", "UTC"): "2026-06-15 20:59",
    ("2026-06-15 22:59:00.123456 JST", "Asia/Tokyo"): "2026-06-15 13:59:00.123456",
    ("2026-06-15 22:59:00", "Asia/Tokyo"): "2026-06-15 13:59",
    ("2026-06-15T22:59", "Asia/Tokyo"): "2026-06-15 13:59",
    ("2026-06-15 22:59:00 UTC", "Asia/Tokyo"): "2026-06-15 22:59",
    ("2026-06-15 22:59:00 CST", "Asia/Shanghai"): "2026-06-15 14:59",
    ("2026-06-15 22:59:00 CST", "America/New_York"): "2026-06-16 04:59",
    ("2026-06-15 22:59:00 EDT", "UTC"): "2026-06-16 02:59",
    ("2026-06-15 22:59:00 Europe/Berlin", "UTC"): "2026-06-15 20:59",
    ("Mon, 15 Jun 2026 22:59:00 +0200", "UTC"): "2026-06-15 20:59",
    ("June 15, 2026 10:59 PM", "America/New_York"): "2026-06-16 02:59",
    ("2026-06-15 10:59 PM", "UTC"): "2026-06-15 22:59",
    ("06/07/2026 10:00", "UTC"): "2026-06-07 10:00",
    ("2026-11-01 01:30:00", "America/New_York"): "2026-11-01 05:30",  # comes twice
    ("2026-11-01 01:30:00 EST", "America/New_York"): "2026-11-01 06:30",
    ("\ufeff2026-06-15 22:59:00 UTC\r\n", "UTC"): "2026-06-15 22:59",
}
UNTOLD = [
    *("", "yesterday, I think", "10:00", "2026-06-15", "June 2026 10:00", "Friday 10:00", "99999-01-01 00:00:00 UTC"),
    *("2026-06-15 22:59:00 XYZ", "2026-06-15 22:59:00 IST", "2026-06-15 22:59:00 ../x", "2026-06-15 22:59:00 /etc"),
    *("2026-06-15 22:59:00 :/etc/passwd", "2026-06-15 22:59:00 America", "2026-06-15 22:59:00 +7200", "0000"),
    *("2026-06-15 22:59:00 +0275", "2026-13-45 22:59:00 UTC", "0001-01-01 00:00:00 +1400", "2026-06-15 22:59 " * 50),
    *("2026-06-15 22:59:00 " + "9" * 5000, "\x00", "2026-06-15 25:00:00 UTC", "2026-06-15 22:59:00 +0200 CEST"),
]


@pytest.mark.parametrize(("written", "moment"), TOLD.items())
def test_a_time_is_read_as_it_was_meant(written: tuple[str, str], moment: str) -> None:
    assert read_time(*written) == datetime.fromisoformat(moment)


@pytest.mark.parametrize("written", UNTOLD)
def test_a_text_that_tells_no_time_tells_none(written: str) -> None:
    assert read_time(written) is None
    assert read_time(written, "America/New_York") is None


def test_in_a_zone_that_is_not_there_only_a_text_with_one_tells_a_time() -> None:
    assert read_time("2026-06-15 22:59:00", "Mars/Phobos") is None
    assert read_time("2026-06-15 22:59:00 +0200", "Mars/Phobos") == datetime(2026, 6, 15, 20, 59)


@hypothesis.given(
    st.text(max_size=120)
    | st.builds("2026-06-15 22:59:00 {}".format, st.text(max_size=30))
    | st.builds(
        "{} 22:59:00 {}".format, st.dates(), st.sampled_from(["CEST", "../x", "IST", "UTC+99", "/", "..", "a/b"])
    )
)
def test_no_text_raises_or_warns(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_time(text, "Europe/Berlin")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\xef\xbb\xbf2026-06-15 22:59:00 UTC", b"x" * 2000, None])
def test_whatever_stands_in_a_folder_the_time_in_it_is_asked_for_safely(tmp_path: Path, content: bytes | None) -> None:
    if content is None:
        (tmp_path / "timestamp.txt").symlink_to("/dev/zero")
    else:
        (tmp_path / "timestamp.txt").write_bytes(content)
    assert time_in(tmp_path) == (datetime(2026, 6, 15, 22, 59) if content and b"2026" in content else None)
    assert time_in(tmp_path / "nowhere") is None


# -- what it costs -------------------------------------------------------------------------------------


def submit(course: Course, student: str, time: str | None) -> Path:
    folder = course.submit(student, CLASS["right"])
    if time is not None:
        (folder / "timestamp.txt").write_text(time, encoding="utf-8")
    return folder


def autograde(course: Course, zone: str) -> None:
    config = course.config()
    config.Exchange.timezone = zone
    config.LateSubmissionPlugin.penalty_method = "zero"
    from nbgrader.converters import Autograde

    course._start(Autograde, config)


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("2026-06-15 22:59:00 CEST", "UTC"),
        ("2026-06-15 22:59:00 +0200", "UTC"),
        ("2026-06-16 04:00:00 JST", "Asia/Tokyo"),
        ("2026-06-16 04:00:00", "Asia/Tokyo"),
    ],
)
def test_who_is_on_time_is_not_charged_through_any_door(
    course: Course, tmp_path: Path, written: str, zone: str
) -> None:
    due(course, "2026-06-15 21:00:00 UTC")
    submit(course, "ana", written)
    submit(course, "ben", "2026-06-15 21:00:01 UTC")
    other = course.copy(tmp_path / "other", stock=False)
    ana, ben = grade(course, **PENALTY, Exchange={"timezone": zone}).standings
    assert (ana.seconds_late, ana.penalty) == (0, 0) and (ben.seconds_late, ben.total) == (1, 0)
    autograde(other, zone)
    assert everything(other) == everything(course)


@pytest.mark.parametrize("command", [["feedback", "small"], ["export", "small", "--lms", "moodle"]])
def test_what_lateness_takes_off_follows_scores_and_extensions_given_since(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    with_config(course)
    with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    monkeypatch.chdir(tmp_path)
    due(course, "2026-06-15 21:00:00 UTC")
    for student in ("ana", "ben"):
        folder = course.submit(student, CLASS["right"], {"the-group-chat": "I would ask."})
        (folder / "timestamp.txt").write_text("2026-06-15 21:00:01 UTC", encoding="utf-8")
    assert [one.penalty for one in grade(course, **PENALTY).standings] == [13, 13]
    for student in ("ana", "ben"):
        score_by_hand(course, student, 4.0)
    with Gradebook(course.db_url) as gradebook:
        gradebook.grant_extension("small", "ben", hours=1)
    assert main(["--project", str(course.root), *command]) == 0
    found = everything(course)
    assert [found[student]["notebook"][2:] for student in ("ana", "ben")] == [(17, 17), (None, 17)]


@pytest.mark.parametrize("written", ["2026-06-15 23:59:00 XYZ", "2026-06-15 23:59:00 ../x", "tonight", ""])
def test_a_time_that_cannot_be_told_costs_nothing_and_is_named(
    course: Course, tmp_path: Path, written: str, caplog: pytest.LogCaptureFixture
) -> None:
    due(course, "2026-06-15 21:00:00 UTC")
    folder = submit(course, "ana", "2026-06-15 23:59:00 UTC")
    other = course.copy(tmp_path / "other", stock=False)
    assert grade(course, **PENALTY).standings[0].total == 0
    autograde(other, "UTC")
    for one in (course, other):  # handed in again, and now the time is damaged: the earlier one does not count
        (one.root / folder.relative_to(course.root) / "timestamp.txt").write_text(written)
    report = grade(course, **PENALTY)
    assert report.standings[0].penalty == 0 and report.standings[0].total == 13
    assert exit_code(report) == 3
    said = summary(report)
    told = [line for line in said.splitlines() if "timestamp.txt does not tell a time" in line]
    assert len(told) == 1 and written in told[0] and "no time of handing in" in said
    autograde(other, "UTC")
    assert everything(other) == everything(course)
    assert "ana: timestamp.txt does not tell a time" in caplog.text


def test_no_single_time_stops_the_class(course: Course) -> None:
    for number, written in enumerate(UNTOLD):
        submit(course, f"odd-{number:02}", written)
    submit(course, "zoe", "2026-06-15 21:00:00 UTC")
    report = grade(course)
    assert len(report.standings) == len(UNTOLD) + 1 and not report.failed
    assert set(report.notes) == {f"odd-{number:02}" for number in range(len(UNTOLD))}
    written_for, without = feedback_for_class(settings.Course(course.root, course.config()), "small")
    assert len(written_for) == len(UNTOLD) + 1 and without == {}


def test_no_single_submission_stops_grading_or_the_digest_whatever_it_raises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = Course(tmp_path / "course", "small", case_source(tmp_path))
    course.generate()
    for student in ("ana", "ben", "zoe"):
        course.submit(student, {})

    def read(folder: Path, module: str) -> ResponseRecord:
        if "ben" in str(folder):
            raise FutureWarning("a library has its own mind")
        return ResponseRecord(folder, module)

    monkeypatch.setattr("fieldguide.grading.submission.ResponseRecord", read)
    report = grade(course)
    assert [standing.student for standing in report.standings] == ["ana", "zoe"]
    assert report.failed == {"ben": "could not be graded: a library has its own mind"}
    ours = settings.Course(course.root, course.config())
    notebook = instructor_notebook(ours, "small")
    assert read_decisions(ours, notebook, notebook.asked(CASE)[0]).failed == ["ben"]


def test_a_submission_without_a_time_is_named_where_one_was_due(course: Course) -> None:
    submit(course, "ana", None)
    assert "no time of handing in" not in summary(grade(course))
    due(course, "2026-06-15 21:00:00 UTC")
    report = grade(course, **PENALTY)
    assert "no time of handing in" in summary(report) and report.standings[0].penalty == 0
    with Gradebook(course.db_url) as gradebook:  # as an instructor may who knows when
        gradebook.update_or_create_submission("small", "ana", timestamp="2026-06-15 20:00:00 UTC")
    assert "no time of handing in" not in summary(grade(course))


def test_a_zone_that_the_settings_misspell_is_named(course: Course) -> None:
    config = course.config()
    config.Exchange.timezone = "America/NewYork"
    with pytest.raises(CourseError, match=r"Exchange\.timezone .* is 'America/NewYork'"):
        settings.Course(course.root, config)


class OddPlugin(LateSubmissionPlugin):  # type: ignore[misc]
    """A course's own plugin with a fault in it."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        raise KeyError(student_id)


def test_a_penalty_plugin_that_fails_is_named_and_nothing_is_written(course: Course) -> None:
    due(course, "2026-06-15 21:00:00 UTC")
    submit(course, "ana", "2026-06-15 21:00:09 UTC")
    with pytest.raises(CourseError, match=r"late penalty of ana, 9 seconds late, .* KeyError: 'ana'"):
        grade(course, AssignLatePenalties={"plugin_class": OddPlugin})
    assert everything(course) == {}
