"""The scoring sheet: what a scorer finds on it, and what spreadsheets make of it and give back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from course import Course
from graded import everything, grade, with_config
from hypothesis import given
from hypothesis import strategies as st
from test_grading import CLASS

from fieldguide.cli import main
from fieldguide.grading import course as settings
from fieldguide.grading.amending import Amended
from fieldguide.grading.answers import change_question
from fieldguide.grading.spreadsheets import csv_file, given_id, guarded, guarded_cell, kept_id, unguarded
from fieldguide.grading.twins import likely_twins
from fieldguide.lms.sheets import Sheet, lines_of

ESSAY = "I'd ask Zoë first.\n\n- Then my instructor;=1+1"


@pytest.fixture
def scored(course: Course) -> Course:
    """A class that has been graded: one id is all digits, one is a month, one is no ASCII."""
    with_config(course)
    for student in ("0042", "mar1", "zoë"):
        course.submit(student, CLASS["right"], {"the-group-chat": ESSAY})
    grade(course)
    return course


def score(course: Course, *arguments: str | Path) -> int:
    return main(["--project", str(course.root), "score", "small", *map(str, arguments)])


@pytest.fixture
def sheet(scored: Course, tmp_path: Path) -> Path:
    path = tmp_path / "sheet.csv"
    assert score(scored, path, "--new") == 0
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def fill_in(path: Path, encoding: str = "utf-8-sig", delimiter: str = ",") -> None:
    """What a spreadsheet saves once every line has one point."""
    rows = [row | {"points": "1"} for row in rows_of(path)]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding, "replace"))


def points(course: Course) -> dict[str, float | None]:
    return {student: held["grades"]["the-group-chat"][1] for student, held in everything(course).items()}


# -- what is on it -------------------------------------------------------------------------------------


def test_a_scorer_finds_the_text_and_what_is_looked_for_on_the_sheet(sheet: Path) -> None:
    first, second = rows_of(sheet)[:2]
    assert first["looks for"] == "Sees who could be harmed."
    assert second["looks for"] == "Decides, with reasons."
    assert second["levels"] == "0: No decision.\n1: A decision.\n2: A decision with reasons."
    assert (first["up to"], second["up to"]) == ("3", "2")
    assert unguarded(first["answer"]) == unguarded(second["answer"]) == ESSAY
    assert first["answer"] == "I'd ask Zoë first.\n\n'- Then my instructor;'=1+1"


def test_a_spreadsheet_reads_umlauts_and_leaves_ids_alone(sheet: Path) -> None:
    assert sheet.read_bytes().startswith(b"\xef\xbb\xbfstudent,")
    assert [row["student"] for row in rows_of(sheet)[::2]] == ["'0042", "'mar1", "zoë"]
    assert sheet.stat().st_mode & 0o777 == 0o600  # it holds what students wrote


def test_a_text_that_no_cell_can_hold_is_cut_and_says_so(course: Course, tmp_path: Path) -> None:
    with_config(course)
    course.submit("ana", {}, {"the-group-chat": "\x00\x1b[2J" + "x" * 40_000})
    grade(course)
    assert score(course, tmp_path / "sheet.csv", "--new") == 0
    answer = rows_of(tmp_path / "sheet.csv")[0]["answer"]
    assert len(answer) < 32_767 and answer.startswith("  [2Jxxx") and answer.endswith("x… (more in Formgrader)")


@given(st.text(alphabet=st.sampled_from("=+-@;\t\r\n '\"ab0＝\u200b\x00,"), max_size=14))
def test_no_part_of_a_guarded_text_is_a_formula_and_it_can_be_had_back(text: str) -> None:
    written = guarded(text)
    assert unguarded(written) == text
    assert given_id(guarded(kept_id(text))) == text
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    for cell in re.split("[;\t\r\n]", written):
        assert not cell.strip(" \"'\u200b\x00") or not re.match('[\\s"\u200b\x00]*[=+@＝-]', cell)
    row = io.StringIO(csv_file(["a"], [[text]]).decode("utf-8-sig"), newline="")
    assert unguarded(list(csv.reader(row))[1][0] if text else "") == text


@given(
    st.lists(st.text(alphabet=st.sampled_from("=+-@;\t\r\n '\"ab0.＝\u200b,"), max_size=12), min_size=1, max_size=4),
    st.sampled_from([",", ";", "\t"]),
)
def test_a_filled_file_of_a_course_site_holds_no_formula_and_loses_nothing(cells: list[str], separator: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([["a"] * len(cells), cells])
    lines = list(lines_of(Path("made"), file.getvalue(), separator))
    sheet = Sheet(Path("made"), "utf-8", b"", separator, lines)
    assert [cell.text for cell in lines[1].cells] == cells
    assert sheet.content().decode() == file.getvalue()
    sheet.defuse()
    written = list(csv.reader(io.StringIO(sheet.content().decode(), newline=""), delimiter=separator))[1]
    for cell, text in zip(written, cells, strict=True):
        if not re.fullmatch(r"[-+]?\d+([.,]\d+)*\s?%?|-", cell):
            assert guarded(unguarded(cell)) == cell
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
        assert text in (cell, unguarded(cell)) or unguarded(text) == unguarded(cell)
    assert sheet.defuse() == []


@given(st.one_of(st.integers(), st.decimals(allow_nan=False, allow_infinity=False, places=2)))
def test_a_number_stays_a_number_in_every_file(number: object) -> None:
    assert guarded_cell(str(number)) == str(number)
    assert f"\r\n{number}\r\n" in csv_file(["a"], [[number]]).decode("utf-8-sig")


@pytest.mark.parametrize("student", ["0042", "1e5", "3-4", "mar1", "Sept 02", "TRUE", "1.5", "12%", "'0042"])
def test_what_a_spreadsheet_would_change_stands_behind_an_apostrophe(student: str) -> None:
    assert kept_id(student) == f"'{student}" and given_id(kept_id(student)) == student


@pytest.mark.parametrize("student", ["ana", "s2041", "marie", "may", "zoë", "trueman"])
def test_other_ids_stand_as_they_are(student: str) -> None:
    assert kept_id(student) == given_id(student) == student


# -- what comes back -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ";"), ("utf-8-sig", ","), ("utf-16", "\t"), ("cp1252", ";"), ("utf-8", "\t")]
)
def test_a_sheet_comes_back_as_any_spreadsheet_saves_it(
    scored: Course, sheet: Path, encoding: str, delimiter: str
) -> None:
    fill_in(sheet, encoding, delimiter)
    assert score(scored, sheet) == 0
    assert points(scored) == {"0042": 2.0, "mar1": 2.0, "zoë": 2.0}


def test_a_sheet_with_the_columns_moved_and_renamed_in_capitals_comes_back(scored: Course, sheet: Path) -> None:
    lines = ["sep=;", "Points; Criterion;Student;Item", ";;;"]
    lines += [f"0,5;{name};zoë;the-group-chat" for name in ("people", "decision")]
    sheet.write_text("\r\n".join(lines), encoding="utf-8")
    assert score(scored, sheet) == 0
    assert points(scored)["zoë"] == 1.0


def test_nobody_loses_the_points_of_a_withdrawn_essay_to_a_sheet(
    scored: Course, sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = settings.Course(scored.root, scored.config())
    assert change_question(course, "small", Amended("the-group-chat", "Its case was misprinted.")) is None
    fill_in(sheet)
    assert score(scored, tmp_path / "new.csv", "--new") == 0 and rows_of(tmp_path / "new.csv") == []
    grade(scored)
    capsys.readouterr()
    assert score(scored, sheet) == 1 and set(points(scored).values()) == {None}
    assert "line 2: the-group-chat was withdrawn, and everybody has its points." in capsys.readouterr().err


def changed(column: str, value: str) -> Callable[[Path], None]:
    """A sheet in whose first line one cell is another."""

    def change(path: Path) -> None:
        fill_in(path)
        rows = rows_of(path)
        rows[0][column] = value
        cells = [list(row.values()) for row in rows]
        path.write_bytes(csv_file(list(rows[0]), cells))

    return change


def written(content: bytes) -> Callable[[Path], None]:
    """A sheet that is another file altogether."""

    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


ONE_CELL = b'"student,item,criterion,points"\n"0042,the-group-chat,people,1"\n'


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (changed("points", "02.Jan"), "probably took a number for a date"),
        (changed("points", "2026-02-01"), "probably took a number for a date"),
        (changed("points", "1-Feb"), "probably took a number for a date"),
        (changed("points", "#NAME?"), "took something for a formula"),
        (changed("points", "150 %"), "cells are set to 'Percent'"),
        (changed("student", "42"), "42 has not been graded. The spreadsheet probably dropped the zeros of '0042'"),
        (changed("student", "1.23457E+11"), "probably rounded a long number"),
        (changed("student", "Zoe"), "line 2: Zoe has not been graded. Did you mean 'zoë'?"),
        (written(b"PK\x03\x04..."), "is a spreadsheet's own workbook"),
        (written(b"\xd0\xcf\x11\xe0..."), "is a spreadsheet's own workbook"),
        (written(ONE_CELL), "Its first line stands in one cell"),
        (written(b"Schueler;Aufgabe\n"), "Its first line has: schueler, aufgabe."),
        (written(b""), "The file is empty, or its first line is."),
    ],
)
def test_a_refusal_says_what_the_spreadsheet_probably_did(
    scored: Course, sheet: Path, capsys: pytest.CaptureFixture[str], change: Callable[[Path], None], says: str
) -> None:
    before = everything(scored)
    change(sheet)
    assert score(scored, sheet) == 1
    said = capsys.readouterr().err
    assert says in said and said.rstrip().endswith("Nothing was saved.")
    assert everything(scored) == before


# -- ids that are likely one student's -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("Ana", "ana"), ("ana souza", "ana.souza"), ("ana@school.edu", "ana"), ("ana+sw@school.edu", "Ana")),
        *(("jose", "josé"), ("jose\u0301", "josé"), ("0042", "42"), ("ben (1)", "ben"), ("ben-Copy1", "ben")),
        *(("anna", "ana"), ("souza", "zouza"), ("suoza", "souza"), ("s1240", "s1204"), ("ben ", "ben")),
    ],
)
def test_ids_that_people_mix_up_are_likely_one_students(one: str, other: str) -> None:
    assert likely_twins([one], ["somebody", other]) == {one: [other]}
    assert likely_twins([other], ["somebody", one]) == {other: [one]}


@pytest.mark.parametrize(
    ("one", "other"), [("s01", "s02"), ("ana", "ben"), ("ana", "ana2"), ("bo", "bi"), ("souza", "suzoa"), ("", "a")]
)
def test_ids_of_two_students_are_not(one: str, other: str) -> None:
    assert likely_twins([one], [other]) == {}
