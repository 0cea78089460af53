"""Whatever students hand in: nothing of it is executed, the rest of the class is graded, the cause is named."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from barriers import found_by_axe
from conftest import PROJECT
from course import Course
from hostile import CASES, Case, payload, process_argument
from nbconvert.exporters import HTMLExporter
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from patience import seconds
from playwright.sync_api import Browser
from test_grading import CLASS

from fieldguide.grading import course as settings
from fieldguide.grading.classgrader import grade_class
from fieldguide.grading.summary import summary
from fieldguide.responses import LARGEST_RECORD, ResponseRecord, Snapshot

HONEST = ("honest-1", "honest-2")
FULL = {"after-hours-message": 2.0, "take-out-of-notes": 3.0, "smallest-group": 1.0}


class Class:
    """A class of hostile students, and two honest ones."""

    def __init__(self, course: Course, canary: Path) -> None:
        self.course = course
        self.canary = canary
        for student in (*HONEST, *(case.name for case in CASES)):
            course.submit(student, CLASS["right"], {"the-group-chat": "I would ask."})
        for case in CASES:
            case.make(course.root / "submitted" / case.name / "small", payload(canary))
        (course.root / "nbgrader_config.py").write_text((PROJECT / "nbgrader_config.py").read_text("utf-8"), "utf-8")

    def nothing_ran(self) -> bool:
        argument = process_argument(self.canary).encode()
        running = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if os.access(path, os.R_OK)]
        return not self.canary.exists() and not any(argument in line for line in running)

    def honest_are_graded(self) -> bool:
        return all(
            self.course.scores(student).get(item) == (points, False)
            for student in HONEST
            for item, points in FULL.items()
        )


@pytest.fixture(scope="module")
def hostile_course(generated: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    folder = tmp_path_factory.mktemp("hostile")
    yield Class(generated.copy(folder / "course", stock=False), folder / "canary")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def graded(hostile_course: Class) -> tuple[Class, str, int]:
    """The class after ``fieldguide grade``, run as an instructor runs it; what it said, and its exit code."""
    command = [sys.executable, "-m", "fieldguide.cli", "grade", "small"]
    run = subprocess.run(command, cwd=hostile_course.course.root, capture_output=True, text=True, timeout=seconds(120))
    assert run.stderr == ""
    return hostile_course, run.stdout, run.returncode


def test_the_corpus_is_large_and_each_case_has_its_own_name() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 60


def test_nothing_is_executed_and_the_rest_is_graded(graded: tuple[Class, str, int]) -> None:
    students, said, code = graded
    assert code == 3
    assert students.nothing_ran()
    assert students.honest_are_graded()
    assert f"{len(CASES) + len(HONEST)} graded" in said


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_cause_is_named_in_the_summary_and_in_the_graded_notebook(
    graded: tuple[Class, str, int], case: Case
) -> None:
    students, said, _ = graded
    lines = [line for line in said.splitlines() if line.startswith(f"  {case.name}: ")]
    assert all(line.isprintable() for line in lines)
    scores = students.course.scores(case.name)
    assert len(scores) == 7
    assert all(score is None or 0 <= score <= 5 for score, _ in scores.values())
    path = students.course.root / "autograded" / case.name / "small" / "small.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert all(cell.cell_type == "markdown" for cell in notebook.cells)
    assert "\\ud800" not in path.read_text("utf-8")
    if case.says is None:
        assert lines == [] and notebook.cells[0].id != "fieldguide-notes"
    else:
        assert any(case.says in line for line in lines)
        kept = notebook.cells[0].metadata.fieldguide
        assert any(case.says in text for text in [*kept.notes, *kept.for_scorer])


@pytest.mark.parametrize(
    "case", [case for case in CASES if not re.search("record|essay", case.name)], ids=lambda case: case.name
)
def test_the_answers_on_record_count_whatever_became_of_the_notebook(
    graded: tuple[Class, str, int], case: Case
) -> None:
    scores = graded[0].course.scores(case.name)
    assert {item: scores[item][0] for item in FULL} == FULL
    assert scores["the-group-chat"] == (None, True)


def test_a_link_to_another_students_record_gives_nothing(graded: tuple[Class, str, int]) -> None:
    scores = graded[0].course.scores("link-record")
    assert all(score == 0 for item, (score, _) in scores.items() if item != "the-group-chat")
    assert graded[0].course.scores("link-essays")["the-group-chat"] == (0.0, False)


class _Elements(HTMLParser):
    """Every element and attribute of a page, scripts apart."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.scripts: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.scripts.append(dict(attrs))
            return
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)


HARMLESS = {
    *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2"),
    *("p", "div", "ul", "ol", "li", "strong", "br", "span", "blockquote", "u"),
}


@pytest.fixture(scope="module")
def pages(graded: tuple[Class, str, int]) -> list[Path]:
    """The feedback page of everybody, made as an instructor makes them."""
    command = [sys.executable, "-m", "fieldguide.cli", "feedback", "small"]
    run = subprocess.run(command, cwd=graded[0].course.root, capture_output=True, text=True, timeout=seconds(120))
    assert (run.stderr, run.returncode) == ("", 0)
    return sorted((graded[0].course.root / "feedback").rglob("*.html"))


def test_pages_hold_nothing_but_text(graded: tuple[Class, str, int], pages: list[Path]) -> None:
    students = graded[0]
    assert len(pages) == len(CASES) + len(HONEST)
    texts = [page.read_text("utf-8") for page in pages]
    texts += [students.course.graded_text(case.name) for case in CASES]
    data = {"type": "application/json", "id": "fieldguide-feedback"}  # which no browser runs
    for number, text in enumerate(texts):
        found = _Elements()
        found.feed(text)
        assert found.scripts == ([data] if number < len(pages) else [])
        assert found.tags <= HARMLESS
        assert found.attributes <= {"lang", "charset", "name", "content", "class"}
    assert students.nothing_ran()


@pytest.mark.browser
@pytest.mark.slow
def test_no_script_runs_and_nothing_is_fetched_when_pages_are_opened(
    graded: tuple[Class, str, int], pages: list[Path], tmp_path: Path, browser: Browser
) -> None:
    as_formgrader_renders = HTMLExporter(template_name="basic")
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(f"dialog {dialog.message}"))
    opened = list(pages)
    for case in CASES:
        notebook = graded[0].course.root / "autograded" / case.name / "small" / "small.ipynb"
        opened.append(tmp_path / f"{case.name}.html")
        html, _ = as_formgrader_renders.from_filename(str(notebook))
        opened[-1].write_text(f"<!DOCTYPE html><meta charset=utf-8>{html}", encoding="utf-8")
    for path in opened:
        page.goto(path.as_uri())
        assert page.evaluate("window.canary") is None, path
    assert [url for url in asked if not url.startswith("file:")] == []
    assert len(asked) == len(opened)
    page.close()


@pytest.mark.browser
@pytest.mark.slow
def test_a_feedback_page_meets_wcag(pages: list[Path], browser: Browser) -> None:
    page = browser.new_page()
    for name in ("honest-1", "essay-script", "no-record"):
        page.goto(next(path for path in pages if name in path.parts).as_uri())
        assert found_by_axe(page) == []
    page.close()


@pytest.mark.slow
def test_nbgraders_own_door_executes_nothing_and_grades_the_rest(
    generated: Course, graded: tuple[Class, str, int], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    course = generated.copy(tmp_path / "course", stock=False)
    students = Class(course, tmp_path / "canary")
    config = course.config()
    log = logging.getLogger("hostile")
    with caplog.at_level(logging.WARNING):
        Autograde(coursedir=CourseDirectory(config=config), config=config, log=log).start()
    assert students.nothing_ran()
    assert students.honest_are_graded()
    text = caplog.text
    for case in CASES:
        done = (course.root / "autograded" / case.name / "small" / "small.ipynb").is_file()
        if case.nbgrader == "graded":
            assert done, case.name
            assert course.scores(case.name) == graded[0].course.scores(case.name), case.name
            assert case.says is None or f"{case.name}: " in text, case.name
        else:
            assert not done, case.name
        if case.nbgrader == "left out":
            assert f"{case.name} is left out: " in text, case.name


# -- doors and faults ------------------------------------------------------------------------------------

GRADE, AUTOGRADE, BUTTON = "`fieldguide grade`", "`nbgrader autograde`", "Formgrader's button"
FAULTS = {
    "no notebook in the folder": "no-notebook",
    "the notebook is not readable": "conflict-markers",
    "another schema version (99)": "schema-99",
    "deleted, changed or doubled cells": "doubled-cells",
    "no record": "no-record",
    "an empty record": "record-empty",
    "a record under another name": "record-misnamed",
    "a record whose last line is cut off": "record-cut",
    "a record without essays that it tells of": "essays-lost",
    "a record of another module": "record-of-another-module",
    "entries of questions that are not there": "record-with-unknown-item",
    "a record larger than 4 MB": "record-large",
    "lines that are not readable": "record-no-json",
    "a link that leads out of the folder": "link-out",
    "a link to an endless device": "link-endless",
    "a pipe": "pipe",
    "more than 2,000 files": "many-files",
    "more than `CourseDirectory.max_dir_size`": "too-large",
    "a timestamp that tells no time": "time-words",
}


def doors_table() -> dict[str, dict[str, str]]:
    """The table in the docs: fault → door → what happens."""
    text = (PROJECT / "docs" / "grading.md").read_text("utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    start = next(number for number, row in enumerate(rows) if row[0] == "what is wrong")
    doors = rows[start][1:4]
    table = {}
    for row in rows[start + 2 :]:
        if row[0] not in FAULTS:
            break
        table[row[0]] = dict(zip(doors, row[1:4], strict=True))
    return table


def test_the_docs_have_every_fault_and_door() -> None:
    table = doors_table()
    assert list(table) == list(FAULTS)
    assert {door for doors in table.values() for door in doors} == {GRADE, AUTOGRADE, BUTTON}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_each_door_does_with_each_fault_what_the_docs_say(
    generated: Course, tmp_path: Path, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    case = next(case for case in CASES if case.name == FAULTS[fault])
    expected = doors_table()[fault]
    for door in (GRADE, AUTOGRADE, BUTTON):
        course = generated.copy(tmp_path / f"course-{len(door)}", stock=False)
        for student in ("ana", "zoe"):  # one before and one after, so that nobody is graded only by being first
            course.submit(student, CLASS["right"])
        case.make(
            course.submit("ben", CLASS["right"], {"the-group-chat": "I would ask."}), payload(tmp_path / "canary")
        )
        caplog.clear()
        assert _pass(door, course, caplog) == expected[door], door
        for student in ("ana", "zoe"):
            assert course.scores(student)["after-hours-message"] == (2.0, False)


def _pass(door: str, course: Course, caplog: pytest.LogCaptureFixture) -> str:
    """Grade a class through one door; what became of the student named ben, as the docs put it."""
    if door == GRADE:
        report = grade_class(settings.Course(course.root, course.config()), "small")
        return "graded, noted" if report.notes.get("ben") else "graded"
    if door == AUTOGRADE:
        with contextlib.suppress(NbGraderException):
            course.autograde()
    else:
        api = NbGraderAPI(CourseDirectory(config=course.config()), config=course.config())
        results = {student: api.autograde("small", student) for student in ("ana", "ben", "zoe")}
        assert results["ana"]["success"] and results["zoe"]["success"]
        caplog.handler.stream.write(results["ben"].get("log", "") + results["ben"].get("error", ""))
        assert results["ben"]["success"] == (course.root / "autograded" / "ben" / "small").exists()
    said = caplog.text
    path = course.root / "autograded" / "ben" / "small" / "small.ipynb"
    if path.exists():
        kept = nbformat.read(path, as_version=4).cells[0].metadata.fieldguide
        return "graded, noted" if kept.get("notes") or kept.get("for_scorer") else "graded"
    if "ben is left out" in said:
        return "left out, named"
    return "not found" if "No notebooks were matched" in said else "fails, alone"


# -- the record by itself --------------------------------------------------------------------------------


def test_the_record_is_read_at_once(tmp_path: Path) -> None:
    record = ResponseRecord(tmp_path, "small")
    assert record.snapshot() == Snapshot()
    record.save("a", ["one"])
    record.save("a", ["two"])
    record.save_essay("e", "I would ask.")
    now = ResponseRecord(tmp_path, "small").snapshot()
    assert now.of("a").saved == ["two"]
    assert {item: essay.text for item, essay in now.essays.items()} == {"e": "I would ask."}


@pytest.mark.parametrize(
    ("written", "read"),
    [(r'"\ud83d\ude00"', "😀"), (r'"a\ud800b"', "a�b"), (r'"\udc00\ud800"', "��"), (r'"\u00e9\\ud800"', "é\\ud800")],
)
def test_what_is_read_can_be_written_again(tmp_path: Path, written: str, read: str) -> None:
    line = f'{{"v":1,"time":"t","item":"a","event":"save","response":[{written}]}}\n'
    (tmp_path / "small.responses.jsonl").write_text(line, encoding="utf-8")
    assert ResponseRecord(tmp_path, "small").of("a").saved == [read]


def test_a_record_over_the_limit_is_set_aside_and_said_to_be(tmp_path: Path) -> None:
    record = ResponseRecord(tmp_path, "small")
    record.save("a", ["one"])
    with record.path.open("ab") as file:
        file.truncate(LARGEST_RECORD + 1)
    again = ResponseRecord(tmp_path, "small")
    now = again.snapshot()
    assert (now.responses, now.essays) == ({}, {})
    assert again.problems == ["small.responses.jsonl is larger than 4 MB; set aside."]


# -- folders that are no student's ---------------------------------------------------------------------


@pytest.fixture
def small(generated: Course, tmp_path: Path) -> Course:
    course = generated.copy(tmp_path / "course", stock=False)
    course.submit("ana", CLASS["right"])
    return course


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (b"line\nbreak", "it has a sign in it that cannot be seen (U+000A)"),
        (b"\xff\xfe", "it has a sign in it that cannot be seen (U+DCFF)"),
        (b"x" * 200, "it is longer than 128 signs"),
    ],
    ids=["newline", "bytes", "long"],
)
def test_a_folder_name_that_is_no_students_id_is_named(small: Course, name: bytes, why: str) -> None:
    folder = small.root / "submitted" / "ana"
    shutil.copytree(folder, folder.with_name(os.fsdecode(name)))
    report = grade_class(settings.Course(small.root, small.config()), "small")
    assert list(report.failed.values()) == [f"could not be graded: the folder's name is no student's id: {why}"]
    assert "1 graded, 1 to look into, 1 not graded" in summary(report)
    small.autograde()
    assert small.scores("ana")["after-hours-message"] == (2.0, False)


@pytest.mark.parametrize("which", ["assignment", "student"])
def test_a_submitted_folder_that_is_a_link_is_not_followed(
    small: Course, which: str, caplog: pytest.LogCaptureFixture
) -> None:
    submitted = small.root / "submitted"
    if which == "student":
        (submitted / "ben").symlink_to("ana")
    else:
        (submitted / "ben").mkdir()
        (submitted / "ben" / "small").symlink_to("../ana/small")
    small.autograde()
    assert "ben is left out: the folder is a link to another place" in caplog.text
    assert not (small.root / "autograded" / "ben").exists()
    report = grade_class(settings.Course(small.root, small.config()), "small")
    said = "The submitted folder is a link to another place; it was not followed."
    assert [note.text for note in report.notes["ben"]] == [said]
    assert small.scores("ben")["after-hours-message"] == (0.0, False)
