"""The other door: submissions as a zip from a course site, as an instructor collects them, step by step."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from conftest import PROJECT
from course import Course
from graded import due, grade, with_config
from nbgrader.apps.zipcollectapp import ZipCollectApp
from nbgrader.coursedir import CourseDirectory
from patience import seconds
from test_grading import CLASS

from fieldguide.grading.coursesites import CourseSiteFiles

FILES = ("small.ipynb", "small.responses.jsonl", "small.essays.json")
#: For each site: how it names a file of the zip, and what the students are called in the gradebook then.
Naming = Callable[[str, str, int], str]
SITES: dict[str, tuple[Naming, dict[str, str]]] = {
    "Canvas": (
        lambda student, file, number: f"lee{student}_{'LATE_' * (student == 'ben')}47{len(student)}_9{number}_{file}",
        {"anais": "475", "ben": "473"},
    ),
    "Moodle": (
        lambda student, file, number: f"{student.title()} Lee_47{len(student)}_assignsubmission_file_/{file}",
        {"anais": "Anais Lee", "ben": "Ben Lee"},
    ),
    "Blackboard": (
        lambda student, file, number: f"Module five_{student}_attempt_2026-11-20-21-3{len(student)}-00_{file}",
        {"anais": "anais", "ben": "ben"},
    ),
}


def nbgrader(course: Course, *command: str) -> str:
    """Run one of nbgrader's commands in the course's folder; what it says."""
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", *command],
        cwd=course.root,
        capture_output=True,
        text=True,
        timeout=seconds(120),
    )
    assert (run.returncode, "Traceback" in run.stderr) == (0, False), run.stderr
    return run.stderr


def handed_in(course: Course, student: str) -> dict[str, bytes]:
    """The three files that a student takes from the module's folder."""
    folder = course.submit(student, CLASS["right"], {"the-group-chat": "I would ask."})
    files = {name: (folder / name).read_bytes() for name in FILES}
    for name in FILES:
        (folder / name).unlink()
    folder.rmdir()
    folder.parent.rmdir()
    return files


def put(course: Course, files: dict[str, bytes]) -> None:
    """Put the zip that was downloaded where the docs say."""
    archive = course.root / "downloaded" / "small" / "archive"
    archive.mkdir(parents=True, exist_ok=True)
    (archive / "submissions.zip").write_bytes(zipped(files))


def zipped(files: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("site", SITES)
def test_a_class_comes_from_a_course_site_with_its_answers(course: Course, site: str) -> None:
    with_config(course)
    due(course, "2026-11-20 21:34:00 UTC")
    naming, ids = SITES[site]
    files = {}
    for student in ids:
        for number, (name, content) in enumerate(handed_in(course, student).items()):
            files[naming(student, name, number)] = content
    put(course, files)
    assert "left out" not in nbgrader(course, "zip_collect", "small")
    report = grade(course)
    assert {standing.student: standing.total for standing in report.standings} == dict.fromkeys(ids.values(), 13)
    assert report.notes == {}
    assert all(course.scores(student)["the-group-chat"] == (None, True) for student in ids.values())
    late = {standing.student: (standing.seconds_late, standing.undated) for standing in report.standings}
    if site == "Blackboard":
        assert late == {"anais": (60, False), "ben": (0, False)}
    else:
        assert set(late.values()) == {(0, True)}
    assert ids["ben"] in nbgrader(course, "autograde", "small", "--force", "--log-level=INFO")


@pytest.mark.slow
def test_a_folder_that_a_student_zipped_and_one_without_answers(course: Course) -> None:
    with_config(course)
    whole, alone = handed_in(course, "ana"), handed_in(course, "ben")
    inside = {f"small/{name}": content for name, content in whole.items()}
    inside["small/.ipynb_checkpoints/small.responses.jsonl"] = b"older"
    inside["__MACOSX/small/._small.responses.jsonl"] = b"\0"
    put(course, {"leeana_1_11_small.zip": zipped(inside), "leeben_2_21_small.ipynb": alone["small.ipynb"]})
    nbgrader(course, "zip_collect", "small")
    report = grade(course)
    assert {standing.student: standing.total for standing in report.standings} == {"1": 13, "2": 0}
    assert [note.text[:38] for note in report.notes["2"]] == ["There is no record small.responses.jso"]
    assert "1" not in report.notes
    put(course, {f"leeben_2_2{n}_{name}": content for n, (name, content) in enumerate(alone.items())})
    nbgrader(course, "zip_collect", "small", "--force")
    assert {standing.student: standing.total for standing in grade(course).standings}["2"] == 13


# -- names ---------------------------------------------------------------------------------------------


@pytest.fixture
def names(course: Course, caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[str], dict[str, str] | None]]:
    """What is made of a name in the zip."""
    app = ZipCollectApp(config=course.config())
    app.coursedir = CourseDirectory(config=course.config())
    plugin = CourseSiteFiles(parent=app)
    extracted = course.root / "downloaded" / "small" / "extracted"
    yield lambda name: plugin.collect(str(extracted / "submissions" / name))
    ZipCollectApp.clear_instance()


CALLED = {
    "leeana_1_11_small-1.ipynb": ("1", "small.ipynb"),
    "leeana_1_12_small.responses-2.jsonl": ("1", "small.responses.jsonl"),
    "Ana_Lee Ray_7_assignsubmission_file_small.essays.json": ("Ana_Lee Ray", "small.essays.json"),
    "Ana Lee_7_assignsubmission_file/small.essays (1).json": ("Ana Lee", "small.essays.json"),
    "Five_1_2_x_ana_attempt_2026-11-20-21-30-00_small.ipynb": ("ana", "small.ipynb"),
    "leeana_1_13_small.responses.jsonl.txt": ("1", "small.responses.jsonl.txt"),
    "leeana_1_14_mine-2.ipynb": ("1", "mine-2.ipynb"),
}


@pytest.mark.parametrize(("name", "expected"), CALLED.items())
def test_whose_a_file_is_and_what_it_is_called(
    names: Callable[[str], dict[str, str] | None], name: str, expected: tuple[str, str]
) -> None:
    found = names(name)
    assert found is not None and (found["student_id"], found["file_id"]) == expected


def test_what_cannot_be_told_is_left_out_and_named_and_stops_nobody(
    names: Callable[[str], dict[str, str] | None], caplog: pytest.LogCaptureFixture
) -> None:
    assert names("Ana Lee_7_assignsubmission_file_/small.ipynb")
    for name, why in {
        "Ana Lee_8_assignsubmission_file_/small.ipynb": "two people on the course site are called Ana Lee",
        "Ana Lee_7_assignsubmission_file_/again/small.ipynb": "small.ipynb of Ana Lee was taken from",
        "small.ipynb": "no name that Canvas, Moodle or Blackboard gives",
        "<img src=x>_9_assignsubmission_file_/small.ipynb": "can be no student's id",
    }.items():
        caplog.clear()
        assert names(name) is None
        assert f"submissions/{name} is left out: " in caplog.text and why in caplog.text


def test_a_pattern_of_the_courses_own_comes_first(course: Course) -> None:
    config = course.config()
    text = (PROJECT / "docs" / "grading.md").read_text("utf-8")
    told = re.search(r'c\.FileNameCollectorPlugin\.named_regexp = r"([^"]+)"', text)
    assert told is not None
    config.FileNameCollectorPlugin.named_regexp = told[1]
    app = ZipCollectApp(config=config)
    app.coursedir = CourseDirectory(config=config)
    plugin = CourseSiteFiles(parent=app)
    path = course.root / "downloaded" / "small" / "extracted" / "submissions" / "lee42" / "small.ipynb"
    assert plugin.collect(str(path)) == {"student_id": "lee42", "file_id": "small.ipynb"}
    ZipCollectApp.clear_instance()


def test_the_docs_tell_every_site() -> None:
    text = (PROJECT / "docs" / "grading.md").read_text("utf-8")
    assert all(f"| {site} |" in text for site in SITES)
    assert Path("downloaded", "05-questions-for-the-classroom", "archive").as_posix() in text
