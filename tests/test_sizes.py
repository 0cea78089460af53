"""A file that seems to hold a terabyte and takes up nothing: no step of grading makes a terabyte of it."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from course import Course
from graded import with_config
from nbformat.v4 import new_code_cell, new_notebook, writes
from patience import seconds
from test_grading import CLASS

from fieldguide.grading.sizes import in_words, why_too_large

TERABYTE = 10**12
#: No command here may write a larger file, so that none can fill the disk.
_LARGEST_WRITTEN = 50 * 10**6
GRADE = ["-m", "fieldguide.cli", "grade", "small"]
AUTOGRADE = ["-m", "nbgrader", "autograde", "small"]
TOLD = "holds 1 TB, and CourseDirectory.max_dir_size allows 100 MB; the largest file is deep/film.mp4 (1 TB, of which "


def put_terabyte(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "film.mp4").touch()
    os.truncate(folder / "deep" / "film.mp4", TERABYTE)


def run(course: Course, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=course.root,
        capture_output=True,
        text=True,
        timeout=seconds(120),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_WRITTEN, _LARGEST_WRITTEN)),
    )


@pytest.fixture
def submitted(course: Course) -> Course:
    """A class of two, of whom ben has handed in a terabyte."""
    with_config(course)
    for student in ("ana", "ben"):
        course.submit(student, CLASS["right"], {"the-group-chat": "I would ask."})
    put_terabyte(course.root / "submitted" / "ben" / "small")
    return course


def graded_for(course: Course) -> set[str]:
    return {path.parts[-3] for path in (course.root / "autograded").glob("*/small/small.ipynb")}


def test_a_terabyte_beside_the_answers_costs_nobody_the_answers_and_is_told(submitted: Course) -> None:
    done = run(submitted, GRADE)
    assert (done.returncode, done.stderr) == (3, "")
    assert f"  ben: The submitted folder {TOLD}" in done.stdout and "Only the answers were read." in done.stdout
    assert submitted.scores("ben") == submitted.scores("ana")


@pytest.mark.slow
def test_nbgrader_does_not_copy_a_terabyte(submitted: Course) -> None:
    done = run(submitted, AUTOGRADE)
    assert done.returncode == 0, done.stderr
    assert f"ben is left out: it {TOLD}" in done.stderr
    assert graded_for(submitted) == {"ana"}


@pytest.mark.slow
def test_nbgrader_does_not_copy_a_terabyte_of_another_assignment_either(tmp_path: Path) -> None:
    cell = new_code_cell(
        "assert 1 + 1 == 2",
        metadata={
            "nbgrader": {
                "schema_version": 3, "grade_id": "sum", "grade": True, "solution": False, "locked": True, "task": False,
                "points": 1,
            }
        },
    )  # fmt: skip
    course = with_config(Course(tmp_path / "course", "small", writes(new_notebook(cells=[cell]))))
    course.generate()
    for student in ("ana", "ben"):
        course.submit(student, {})
    put_terabyte(course.root / "submitted" / "ben" / "small")
    done = run(course, AUTOGRADE)
    assert done.returncode == 0, done.stderr
    assert f"ben is left out: it {TOLD}" in done.stderr
    assert graded_for(course) == {"ana"}


def test_the_course_says_how_much_is_too_large(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 600)
    (tmp_path / "b").write_bytes(b"x" * 500)
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "loop").symlink_to(".")
    link = (tmp_path / "link").lstat().st_size
    assert why_too_large(tmp_path, 1100 + link) is None
    why = why_too_large(tmp_path, 1099 + link)
    assert why is not None and why.endswith("allows 1.1 kB; the largest file is a (600 bytes)")


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (12_345, "12.3 kB"),
        (999_999, "1000 kB"),
        (3 * 10**18, "3000 PB"),
    ],
)
def test_a_size_is_told_in_the_largest_unit(size: int, words: str) -> None:
    assert in_words(size) == words
