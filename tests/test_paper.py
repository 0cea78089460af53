"""A module on paper: what is printed, and what becomes of an answer sheet that somebody types in."""

from __future__ import annotations

import csv
import errno
import html
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

import pytest
from barriers import found_by_axe
from conftest import MODULE, PROJECT
from nbgrader.api import Gradebook
from playwright.sync_api import Browser
from samples import CHOICE, ENTRY, HOTTEXT, MATCH, ORDER, SEVERAL
from withheld import runs, untagged, withheld

from fieldguide.bench.courses import make_course
from fieldguide.cases.model import Case, Scene
from fieldguide.cases.paths import parse_case_response
from fieldguide.cells.kinds import CASE, ITEM
from fieldguide.cli import main
from fieldguide.coursepage.reading import ModuleNotebook
from fieldguide.desk.notes import is_working, take_lock
from fieldguide.grading.classgrader import grade_class
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.inbound import SECRET
from fieldguide.items import Item, parse_response, read_item
from fieldguide.paper import entering
from fieldguide.paper.blanks import Blank, item_blanks, item_response, questions
from fieldguide.paper.entering import enter_sheet, sheet_of, time_of, write_entry_sheet
from fieldguide.paper.printing import Wish, print_module, read_edition
from fieldguide.paper.worksheet import numbered, worksheet_page
from fieldguide.player.half import EVEN, HALF, ODD, half_of_student
from fieldguide.responses import ResponseRecord
from fieldguide.responses.snapshot import ENTERED

FIRST = "00-start-here"
MODULES = sorted(path.parent.name for path in PROJECT.glob("release/*/*.ipynb"))
STUDENTS = ("ana", "ben", "chioma", "dario")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course folder as nbgrader has it, with two modules and four students."""
    folder = tmp_path_factory.mktemp("paper") / "course"
    make_course(folder, PROJECT, MODULE, 0)
    shutil.copytree(PROJECT / "source" / FIRST, folder / "source" / FIRST)
    nbgrader = Path(sys.executable).with_name("nbgrader")
    subprocess.run([nbgrader, "generate_assignment", FIRST], cwd=folder, check=True, capture_output=True)
    for module in (MODULE, FIRST):  # with the data of their tables
        shutil.copytree(PROJECT / "release" / module, folder / "release" / module, dirs_exist_ok=True)
    course = Course(folder)
    with Gradebook(course.db_url) as gradebook:
        for student in STUDENTS:
            gradebook.add_student(student)
    return course


@cache
def pages(module: str) -> dict[str | None, tuple[ModuleNotebook, str]]:
    """The worksheets of a module, by the half of a class that they are for."""
    notebook = read_edition(Course(PROJECT), module, "release")
    halves = (EVEN, ODD) if notebook.head.odd else (None,)
    data = PROJECT / "release" / module
    return {half: (notebook, worksheet_page(notebook, data, half, None, False)) for half in halves}


# -- what is printed -------------------------------------------------------------------------------


def test_no_worksheet_holds_a_key_or_what_explains_one() -> None:
    private = withheld()
    for module in MODULES:
        for _, page in pages(module).values():
            assert {" ".join(run) for run in runs(untagged(page)) if run in private} == set(), module


@pytest.mark.parametrize("module", MODULES)
def test_every_question_that_counts_has_its_place_on_the_answer_sheet(module: str) -> None:
    for half, (notebook, page) in pages(module).items():
        body, _, sheet = page.partition('id="answer-sheet"')
        asked = {part.asked.id: part.asked for part in notebook.parts if getattr(part, "kind", None) is ITEM}
        for item in asked.values():
            if notebook.head.half(item.id) not in (None, half):
                continue
            assert (f">{name_of(notebook, item)}<" in sheet) == (item.use != "practice"), item.id
            for text in item.listed().values():
                assert plainly(text) in " ".join(untagged(body).split()), item.id
        # Nothing is asked for that is answered above, and nothing is fetched or run.
        assert "<script" not in page and "src=" not in page and "@import" not in page and "url(" not in page


def name_of(notebook: ModuleNotebook, item: Item) -> str:
    called = "Question" if item.use == "graded" else item.use.capitalize()
    return f"{called} {notebook.head.number(item.id)}"


def plainly(text: str) -> str:
    return " ".join(html.escape(text).split())


@pytest.mark.parametrize("module", MODULES)
def test_each_choice_in_a_case_leads_to_the_number_where_it_leads(module: str) -> None:
    (notebook, page), *_ = pages(module).values()
    for case in (part.asked for part in notebook.parts if getattr(part, "kind", None) is CASE):
        numbers = numbered(case)
        assert sorted(numbers.values()) == list(range(1, len(case.places) + 1))
        for place in case.places:
            (told,) = re.findall(rf'(?s)<div class="place" id="{case.id}-{numbers[place.id]}">(.*?)</div>', page)
            led = [int(number) for number in re.findall(r"Go to (\d+)\.", told)]
            assert led == [numbers[to] for to in place.ways.values()], (case.id, place.id)
            assert isinstance(place, Scene) or "All in all" in told
            assert all(f'id="{case.id}-{number}"' in page for number in led)


def test_who_is_asked_another_form_of_the_check_gets_a_worksheet_with_that_form() -> None:
    (notebook, even), (_, odd) = pages(FIRST).values()
    for ids, there, not_there in ((notebook.head.check, even, odd), (notebook.head.odd, odd, even)):
        assert ids
        for name in ids:
            assert f'id="{name}"' in there and f'id="{name}"' not in not_there, name


def test_the_key_is_a_file_of_its_own_and_says_whom_it_is_for(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["--project", str(course.root), "print", "05", "--no-pdf", "--to", str(tmp_path)]
    assert main(command) == main([*command, "--practice"]) == main([*command, "--key"]) == 0
    assert "give it to nobody but instructors" in capsys.readouterr().out
    texts = {path.name: untagged(path.read_text("utf-8")) for path in tmp_path.iterdir()}
    key = texts.pop(f"{MODULE}.key.html")
    source = read_edition(course, MODULE, "source")
    graded = [part.asked for part in source.parts if getattr(part, "kind", None) is ITEM and part.asked.use == "graded"]
    for item in graded:
        for reason in item.reasons():
            assert set(runs(reason)) <= set(runs(key)), item.id
    assert "For instructors alone" in key and len(graded) > 5
    private = withheld()
    for name, text in texts.items():
        assert {" ".join(run) for run in runs(text) if run in private} == set(), name
    # What students get afterward explains practice.
    practice = [
        part.asked for part in source.parts if getattr(part, "kind", None) is ITEM and part.asked.use == "practice"
    ]
    for item in practice:
        for reason in item.reasons():
            assert set(runs(reason)) <= set(runs(texts[f"{MODULE}.practice.html"])), item.id


def test_a_picture_of_the_modules_folder_is_on_paper(tmp_path: Path) -> None:
    folder = tmp_path / "release" / FIRST
    shutil.copytree(PROJECT / "release" / FIRST, folder)
    file = folder / f"{FIRST}.ipynb"
    content = json.loads(file.read_text("utf-8"))
    cell = {"id": "own", "cell_type": "markdown", "metadata": {}, "source": "![Two doors](doors.png) ![Far](//x/y.png)"}
    file.write_text(json.dumps({**content, "cells": [*content["cells"], cell]}), "utf-8")
    (folder / "doors.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    page = worksheet_page(read_edition(Course(tmp_path), FIRST, "release"), folder, EVEN, None, False)
    assert '<img src="data:image/png;base64,iVBORw0KGgo=" alt="Two doors"' in page and "<em>[Far]</em>" in page


def test_a_kind_of_cell_that_paper_does_not_know_is_said_to_be_on_the_screen(tmp_path: Path) -> None:
    notebook = read_edition(Course(PROJECT), FIRST, "release")
    (item, *_) = [part for part in notebook.parts if getattr(part, "kind", None) is ITEM]
    unknown = replace(item, kind=replace(ITEM, name="drawing"))
    page = worksheet_page(replace(notebook, parts=(unknown,)), tmp_path, EVEN, None, False)
    assert "can only be used on a screen" in page and item.asked.stem[:20] not in page


def test_where_no_browser_is_the_page_is_there_and_says_how_it_becomes_a_pdf(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FIELDGUIDE_BROWSER", "no-such-browser")
    assert main(["--project", str(course.root), "print", "05", "--to", str(tmp_path)]) == 0
    assert "so there is no PDF. Open the page in one" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == [f"{MODULE}.html"]


@pytest.mark.slow
@pytest.mark.browser
def test_a_pdf_is_tagged_and_has_a_title_a_language_and_bookmarks(course: Course, tmp_path: Path) -> None:
    _, pdf = print_module(course, MODULE, Wish(students=("ana",)), tmp_path)
    content = pdf.read_bytes()
    for sign in (b"/StructTreeRoot", b"/Marked true", b"/Lang (en)", b"/Outlines", b"/Title"):
        assert sign in content, sign


@pytest.mark.browser
def test_an_engine_finds_no_barrier_in_a_worksheet_or_a_key(course: Course, browser: Browser, tmp_path: Path) -> None:
    for wish in (Wish(students=("ana",), pdf=False), Wish(key=True, pdf=False), Wish(explained=True, pdf=False)):
        (path,) = print_module(course, MODULE, wish, tmp_path)
        page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme="dark")
        page.goto(path.as_uri())
        assert found_by_axe(page) == [], path.name
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path.name
        page.close()


# -- what is typed in ------------------------------------------------------------------------------


def letters_of(blank: Blank, *ids: str) -> str:
    back = {name: letter for letter, name in blank.letters.items()}
    return ", ".join(back[name] for name in ids)


def best(course: Course, module: str) -> dict[str, str]:
    """What somebody writes who knows everything: by the id of each place."""
    source = read_edition(course, module, "source")
    written: dict[str, str] = {}
    for part in source.parts:
        if getattr(part, "kind", None) is not ITEM or part.asked.use == "practice":
            continue
        item = part.asked
        for blank in item_blanks(item, item.id):
            name = blank.id.partition("/")[2]
            if item.BY_PERSON:
                written[blank.id] = "I'd ask.\n=SUM(A1) is no formula, and \u201cquotes\u201d stay."
            elif name:
                (row,) = [row for row in item.rows(None) if row.id == name]
                (option,) = [one for one, text in item.listed().items() if text == row.best[0]]
                written[blank.id] = letters_of(blank, option).lower()
            elif blank.letters:
                right = [row.id for row in item.rows(None) if row.right] or list(item.key[:1])  # type: ignore[attr-defined]
                written[blank.id] = letters_of(blank, *(right if blank.many else right[:1]))
            else:
                written[blank.id] = item.rows(None)[0].best[0]
    return written


def fill(path: Path, written: dict[str, str]) -> None:
    """Type answers into a sheet, as a spreadsheet saves it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["answer"] = written.get(row["id"].removeprefix("'"), "")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def typed(course: Course, tmp_path: Path) -> Path:
    """A sheet for module 05, with everything right that can be."""
    path = tmp_path / "ana.csv"
    assert write_entry_sheet(course, MODULE, "ana", path) == len(sheet_of(course, MODULE, "ana").blanks)
    fill(path, best(course, MODULE))
    return path


def way_through(case: Case) -> tuple[str, list[str]]:
    """The letters of a way to an ending, and what was chosen."""
    letters, chosen, at = "", [], case.start.id
    while ways := case.place(at).ways:
        way = list(ways)[-1]
        letters += "ABCDEFG"[list(ways).index(way)]
        chosen.append(way)
        at = ways[way]
    return letters, chosen


def test_an_answer_sheet_is_graded_like_any_submission(course: Course, typed: Path) -> None:
    entered = enter_sheet(course, MODULE, "ana", typed, by="Kim Lee", at="2025-11-20 17:00")
    assert entered.written == len(best(course, MODULE))
    report = grade_class(course, MODULE, ["ana"])
    source = read_edition(course, MODULE, "source")
    graded = [part.asked for part in source.parts if getattr(part, "kind", None) is ITEM and part.asked.use == "graded"]
    with Gradebook(course.db_url) as gradebook:
        submission = gradebook.find_submission(MODULE, "ana")
        assert str(submission.timestamp) == "2025-11-20 17:00:00"
        (notebook,) = submission.notebooks
        scores = {grade.name: (grade.auto_score, grade.needs_manual_grade) for grade in notebook.grades}
    for item in graded:
        assert scores[item.id] == ((None, True) if item.BY_PERSON else (item.points, False)), item.id
    assert report is not None
    page = (course.folder("autograded", "ana", MODULE) / f"{MODULE}.ipynb").read_text("utf-8")
    assert "Entered by Kim Lee from an answer sheet on paper." in page
    essay = next(item for item in graded if item.BY_PERSON)
    record = ResponseRecord(course.folder("submitted", "ana", MODULE), MODULE).snapshot()
    assert record.essay(essay.id)[0] == best(course, MODULE)[essay.id]
    # The mistake that somebody finds afterward is mended on the sheet, and entered again.
    again = typed.with_name("again.csv")
    write_entry_sheet(course, MODULE, "ana", again)
    assert enter_sheet(course, MODULE, "ana", again, by="Kim Lee", at=None).written == 0


def test_a_case_on_paper_is_on_record_as_one_on_a_page(course: Course, tmp_path: Path) -> None:
    sheet = sheet_of(course, MODULE, "ben")
    (graded, *_), written, expected = [one for one in sheet.asked if one.cell.kind is CASE], {}, {}
    for question in (one for one in sheet.asked if one.cell.kind is CASE):
        case = question.cell.asked
        letters, chosen = way_through(case)
        written |= {
            f"{case.id}/path": " ".join(letters.lower()),
            f"{case.id}/decision": "b",
            f"{case.id}/certainty": "C",
        }
        written |= {f"{case.id}/share": "A"} | ({} if case.graded else {f"{case.id}/reason": "It is hers to tell."})
        expected[case.id] = (tuple(chosen), list(case.decision.options)[1])
    path = tmp_path / "ben.csv"
    write_entry_sheet(course, MODULE, "ben", path)
    fill(path, written)
    enter_sheet(course, MODULE, "ben", path, by="Kim", at=None)
    record = ResponseRecord(course.folder("submitted", "ben", MODULE), MODULE).snapshot()
    for question in (one for one in sheet.asked if one.cell.kind is CASE):
        case = question.cell.asked
        response = parse_case_response(case, record.of(case.id).saved)
        assert (response.paths, response.option, response.certainty, response.share) == (
            (expected[case.id][0],),
            expected[case.id][1],
            "guess",
            True,
        )
        assert case.graded or record.essay(case.id)[0] == "It is hers to tell."
    assert graded.cell.asked.graded


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("{choice}", "Q"), "There is no “Q” to choose. Expected one of A, B, C"),
        (("{choice}", "A B"), "“A B” is more than one letter, and one is asked for."),
        (("{several}", "AA"), "has a letter twice"),
        (("thursday-940/path", "AAAAAAA"), "The path has ended before its letter"),
        (("thursday-940/path", "AZ"), "At letter 2 there is no “Z” to choose."),
        (("thursday-940/decision", "A"), "did not fit where the case stands"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_entered(
    course: Course, tmp_path: Path, wrong: tuple[str, str], said: str
) -> None:
    blanks = [one for question in sheet_of(course, MODULE, "chioma").asked for one in question.blanks]
    items = [blank for blank in blanks if "/" not in blank.id and len(blank.letters) > 2]
    where = {
        "{choice}": next(blank.id for blank in items if not blank.many),
        "{several}": next(blank.id for blank in items if blank.many),
    }
    path = tmp_path / "chioma.csv"
    write_entry_sheet(course, MODULE, "chioma", path)
    fill(path, {where.get(wrong[0], wrong[0]): wrong[1]})
    with pytest.raises(CourseError, match=re.escape(said)) as caught:
        enter_sheet(course, MODULE, "chioma", path, by="Kim", at=None)
    assert "Nothing was entered." in str(caught.value)
    assert not course.folder("submitted", "chioma", MODULE).exists()
    assert [one.name for one in course.root.iterdir() if one.name.startswith(".entering")] == []


def test_what_a_student_handed_in_stays(course: Course, tmp_path: Path) -> None:
    own = course.folder("submitted", "dario", MODULE)
    own.mkdir(parents=True)
    ResponseRecord(own, MODULE).save("which-standard-speaks", {"a": "b"})
    before = {path.name: path.read_bytes() for path in own.iterdir()}
    path = tmp_path / "dario.csv"
    write_entry_sheet(course, MODULE, "dario", path)
    with pytest.raises(CourseError, match="has handed this module in already"):
        enter_sheet(course, MODULE, "dario", path, by="Kim", at=None)
    assert {path.name: path.read_bytes() for path in own.iterdir()} == before
    # A student can have their own record say that it was entered.
    (own / SECRET).write_text("s3cret", encoding="utf-8")
    ResponseRecord(own, MODULE).set(ENTERED, {"by": "Kim"})
    with pytest.raises(CourseError, match="has handed this module in already"):
        enter_sheet(course, MODULE, "dario", path, by="Kim", at=None)


def test_where_a_sheet_cannot_take_its_place_what_was_entered_before_is_put_back(
    course: Course, typed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter_sheet(course, MODULE, "ana", typed, by="Kim", at=None)
    folder = course.folder("submitted", "ana", MODULE)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    rename = Path.rename

    def fails(self: Path, target: Path) -> Path:
        if target == folder and self.parent.name.startswith(".entering-") and self.name != "before":
            raise OSError(errno.ENOSPC, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(OSError, match="No space left"):
        enter_sheet(course, MODULE, "ana", typed, by="Luz", at=None)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_the_command_says_what_it_entered_and_who(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "chioma.csv"
    command = ["--project", str(course.root), "enter", "00", "chioma", str(path)]
    assert main([*command, "--new"]) == 0
    assert "places to fill in" in capsys.readouterr().out
    monkeypatch.setenv("JUPYTERHUB_USER", "assistant")
    assert main([*command, "--at", "2025-11-30 17:00"]) == 0
    told = capsys.readouterr().out
    assert "entered by assistant, handed in 2025-11-30 17:00 UTC." in told and "fieldguide grade 00" in told
    assert main([*command, "--at", "last Friday"]) == 1
    assert "tells no time. Write it as 2026-11-30 17:00." in capsys.readouterr().err


def test_the_command_enters_nothing_while_the_desk_works(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "dario.csv"
    command = ["--project", str(course.root), "enter", "00", "dario", str(path)]
    assert main([*command, "--new"]) == 0
    target = course.folder("submitted", "dario", MODULE)
    before = sorted(target.parent.rglob("*"))
    lock = take_lock(course.root)
    assert lock is not None
    try:
        assert main(command) == 1
    finally:
        os.close(lock)
    assert "The desk is working in this course just now." in capsys.readouterr().err
    assert sorted(target.parent.rglob("*")) == before


def test_the_lock_is_held_while_a_sheet_is_entered_and_no_longer(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, held = tmp_path / "chioma.csv", []
    command = ["--project", str(course.root), "enter", "00", "chioma", str(path)]
    assert main([*command, "--new"]) == 0
    enter = entering.enter
    monkeypatch.setattr(entering, "enter", lambda *given: (held.append(is_working(course.root)), enter(*given))[1])
    assert main(command) == 0
    assert held == [True] and not is_working(course.root)


def test_a_time_is_read_by_the_clock_of_its_zone_and_never_in_the_future() -> None:
    assert time_of("2025-11-20 17:00", "America/Chicago") == datetime(2025, 11, 20, 23)
    now = datetime.now(UTC).replace(tzinfo=None)
    assert now <= time_of(None, "America/Chicago") <= now + timedelta(minutes=1)
    soon = f"{now + timedelta(hours=1):%Y-%m-%d %H:%M}"  # past already in Tokyo's morning
    assert time_of(soon, "Asia/Tokyo") < now
    with pytest.raises(CourseError, match=rf"{soon}.*\(UTC\) is still to come"):
        time_of(soon, "UTC")


def test_a_slip_in_a_students_id_is_noticed(course: Course, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"no student chiom\. Did you mean chioma\?"):
        write_entry_sheet(course, MODULE, "chiom", tmp_path / "a.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_that_is_there_is_not_written_over(course: Course, typed: Path) -> None:
    before = typed.read_bytes()
    with pytest.raises(CourseError, match="may hold answers"):
        write_entry_sheet(course, MODULE, "ana", typed)
    assert typed.read_bytes() == before


def test_a_check_is_entered_for_the_form_that_the_student_was_asked(course: Course, tmp_path: Path) -> None:
    halves = {half_of_student(student): student for student in STUDENTS}
    assert halves.keys() == {EVEN, ODD}
    for half, student in halves.items():
        notebook = read_edition(course, FIRST, "release")
        asked = [one.cell.asked.id for one in questions(notebook, half) if one.cell.kind is ITEM]
        assert asked == list(notebook.head.odd if half == ODD else notebook.head.check)
        path = tmp_path / f"{student}.csv"
        write_entry_sheet(course, FIRST, student, path)
        fill(path, dict.fromkeys(asked, "A"))
        enter_sheet(course, FIRST, student, path, by="Kim", at=None)
        record = ResponseRecord(course.folder("submitted", student, FIRST), FIRST).snapshot()
        assert record.settings[HALF] == half and record.responses.keys() <= set(asked) and record.responses


def kinds() -> list[Item]:
    """A question of each way of answering."""
    return [read_item(text, "sample") for text in (CHOICE, SEVERAL, MATCH, ORDER, HOTTEXT, ENTRY)]


@pytest.mark.parametrize("item", kinds(), ids=lambda item: item.variant)
def test_each_way_of_answering_can_be_written_on_paper_and_means_the_same(item: Item) -> None:
    """What a guess gives on a page, put on paper and read again, is the same response."""
    for seed in range(20):
        response, _ = parse_response(item, item.guess(Random(seed)))
        given: dict[str, object] = {}
        for blank in item_blanks(item, "Practice 1"):
            part = blank.id.partition("/")[2]
            if isinstance(response, dict):
                given[blank.id] = response[part]
            elif isinstance(response, tuple):
                given[blank.id] = list(response) if blank.many else response[0]
            elif response is not None:
                given[blank.id] = response
        assert parse_response(item, item_response(item, given))[0] == response
