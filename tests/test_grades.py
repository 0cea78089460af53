"""``nbgrader export`` with our settings: who handed in nothing has no zero, and no cell is a formula."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest
from course import Course
from graded import LATE, due, grade, score_by_hand, with_config
from nbgrader.api import Gradebook
from nbgrader.apps import ExportApp
from nbgrader.plugins import CsvExportPlugin
from test_grading import CLASS

from fieldguide.grading.grades import GradesExporter

SCORES = ("raw_score", "late_submission_penalty", "score")


def export(course: Course, plugin: type = GradesExporter, **settings: object) -> list[dict[str, str]]:
    """The rows of the exported file."""
    path = course.root / f"{plugin.__name__}.csv"
    with Gradebook(course.db_url) as gradebook:
        plugin(to=str(path), **settings).export(gradebook)
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_who_handed_in_nothing_is_missing_and_has_no_zero(course: Course) -> None:
    for student in ("ana", "ben", "cleo"):
        course.submit(student, CLASS["none" if student == "cleo" else "right"])
    course.submit("dan", CLASS["right"], {"the-group-chat": "I would ask."})
    with Gradebook(course.db_url) as gradebook:
        for student in ("eva", "finn"):
            gradebook.add_student(student)
        gradebook.add_submission("small", "finn")  # as granting an extension does
        gradebook.grant_extension("small", "finn", days=7)
    grade(course)
    told = {row["student_id"]: ([row[name] for name in SCORES], row["status"]) for row in export(course)}
    assert told["ana"] == (["13.0", "0.0", "13.0"], "graded")
    assert told["cleo"] == (["0.0", "0.0", "0.0"], "graded")  # handed in, and answered nothing
    assert told["dan"] == (["13.0", "0.0", "13.0"], "waits to be scored")
    assert told["eva"] == told["finn"] == (["", "", ""], "missing")


def test_of_what_was_handed_in_the_file_says_what_nbgraders_says(course: Course) -> None:
    for student in ("ana", "ben"):
        folder = course.submit(student, CLASS["partly"], {"the-group-chat": "I would ask."})
        (folder / "timestamp.txt").write_text(LATE, encoding="utf-8")
    due(course, "2026-11-19 10:00:00 UTC")
    with Gradebook(course.db_url) as gradebook:
        gradebook.add_student("ana", first_name="Ána", last_name="Souza", email="ana@school.edu")
    grade(course, LateSubmissionPlugin={"penalty_method": "zero"})
    score_by_hand(course, "ana", 4.0)
    ours, theirs = export(course), export(course, CsvExportPlugin)
    assert [{name: row[name] for name in theirs[0]} for row in ours] == theirs
    assert [row["student_id"] for row in export(course, student=["ben"])] == ["ben"]
    assert export(course, assignment=["another"]) == []


def test_no_id_and_no_name_is_a_formula_or_a_column_of_its_own(course: Course) -> None:
    for student in ("=cmd|calc!A1", "+1", "@SUM(1)"):
        course.submit(student, CLASS["right"])
    with Gradebook(course.db_url) as gradebook:
        gradebook.add_student("+1", first_name="nice;=1+1", last_name='Souza, "Ana"\t-2', email="\t=1@x.edu")
    grade(course)
    rows = {row["student_id"]: row for row in export(course)}
    assert set(rows) == {"'=cmd|calc!A1", "'+1", "'@SUM(1)"}
    assert rows["'+1"]["first_name"] == "nice;'=1+1"
    assert rows["'+1"]["last_name"] == 'Souza, "Ana"\t\'-2'
    assert rows["'+1"]["email"] == "'\t'=1@x.edu"


def test_nbgrader_export_is_ours_in_a_course_with_our_settings(course: Course) -> None:
    with_config(course)
    course.submit("zoë", CLASS["right"])
    grade(course)
    command = [str(Path(sys.executable).with_name("nbgrader")), "export"]
    run = subprocess.run(command, cwd=course.root, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    written = (course.root / "grades.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbfassignment,")
    assert written.decode("utf-8-sig").rstrip().endswith("graded") and "zoë" in written.decode("utf-8-sig")
    assert (course.root / "grades.csv").stat().st_mode & 0o777 == 0o600
    run = subprocess.run([*command, "--to", "nowhere/grades.csv"], cwd=course.root, capture_output=True, text=True)
    assert run.returncode == 1
    assert "grades.csv could not be written: No such file or directory." in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("target", ["folder", "link", "device"])
def test_what_stands_in_the_place_of_the_grades_is_not_replaced(
    course: Course, target: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    course.submit("ana", CLASS["right"])
    grade(course)
    path = course.root / "exported.csv"
    if target == "folder":
        path.mkdir()
    elif target == "link":
        (course.root / "elsewhere.csv").write_text("old", encoding="utf-8")
        path.symlink_to("elsewhere.csv")
    to = "/dev/stdout" if target == "device" else str(path)
    with Gradebook(course.db_url) as gradebook:
        exporter = GradesExporter(parent=ExportApp(), to=to)
        if target == "folder":
            with pytest.raises(SystemExit):
                exporter.export(gradebook)
            assert path.is_dir()
        else:
            exporter.export(gradebook)
    if target == "link":
        assert path.is_symlink() and b"ana" in (course.root / "elsewhere.csv").read_bytes()
    if target == "device":
        assert Path("/dev/stdout").exists() and b"ana" in capfdbinary.readouterr().out
