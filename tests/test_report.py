"""The class report: what it says of a class, what it keeps to itself, and its sentence for every odd class."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from pathlib import Path

import pytest
from barriers import bars_nobody, outline_faults, walk
from playwright.sync_api import Browser
from report_class import make_class, skilled
from unmarked import unmarked

from fieldguide.cli import main
from fieldguide.grading.course import Course
from fieldguide.grading.instructor import read_instructor_notebook
from fieldguide.items import Item
from fieldguide.report.epas import Levels
from fieldguide.report.frames import ClassFrames, Rows
from fieldguide.report.gathering import read_class
from fieldguide.report.making import epas_command, report_command
from fieldguide.report.page import report_page
from fieldguide.report.tables import tables
from fieldguide.words import speaking
from fieldguide.words.pseudo import LANGUAGE

ONE = "05-questions-for-the-classroom"


def page_of(root: Path) -> str:
    return (root / "reports" / "report.html").read_text("utf-8")


def rows_of(root: Path, name: str) -> list[dict[str, str]]:
    text = (root / "reports" / name).read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of 26 that has handed in every module, and its report."""
    root = make_class(tmp_path_factory.mktemp("report"), 26)
    report_command(Course(root), [])
    return root


def test_the_report_has_every_table_with_a_sentence_for_each_figure(course: Path) -> None:
    page = page_of(course)
    for title in (
        "Results by module",
        "Results by statement",
        "Misconceptions",
        "How the graded",
        "Practice",
        "How sure",
    ):
        assert title in page
    assert "What the class gained" in page and "Form B easier" in page
    for name in ("modules", "statements", "misconceptions", "items", "practice", "certainty", "gain"):
        rows = rows_of(course, f"{name}.csv")
        assert list(rows[0])[1] == "What it means, and what to do"  # in sight on a telephone, beside what it is about
        assert rows and all(row["What it means, and what to do"] for row in rows), name
    assert len(rows_of(course, "items.csv")) == 38  # the course's graded questions without its six essays


def test_the_figures_of_a_question_are_those_of_its_responses(course: Path) -> None:
    frames = read_class(Course(course), ["05"])
    notebook = read_instructor_notebook(course / "source" / ONE / f"{ONE}.ipynb")
    assert notebook is not None
    (item,) = [graded.item for graded in notebook.graded if graded.item.id == "proud-post-closed-list"]
    right = sum(skilled(number, item, "right", "wrong") == "right" for number in range(26))
    (row,) = [row for row in rows_of(course, "items.csv") if row["Question"].startswith("05, question 1:")]
    assert float(row["Facility"]) == pytest.approx(100 * right / 26, abs=0.001)
    assert float(row["Facility, low"]) < float(row["Facility"]) < float(row["Facility, high"])
    chosen = frames.choices[frames.choices["item"] == item.id]
    assert len(chosen) == 26 and set(chosen["wording"]) == {"current"}


def test_the_page_stands_alone_and_names_nobody(course: Path) -> None:
    page = page_of(course)
    assert "<script" not in page and not re.findall(r'(?:src|href)="(?!#|data:,)|url\((?!#)|@import', page)
    told = page + "".join(path.read_text("utf-8-sig") for path in (course / "reports").glob("*.csv"))
    assert "secret-" not in told
    assert not re.search(r"\b(?:nan|None|inf|NaT)\b", told)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert all(path.stat().st_mode & 0o077 == 0 for path in (course / "reports").iterdir())


def test_every_plot_is_told_in_words_and_has_its_table(course: Path) -> None:
    plots = re.findall(
        r'<svg [^>]*role="img" aria-label="([^"]+)"[^>]*>.*?</svg>\s*</div>\s*<div class="table"',
        page_of(course),
        re.DOTALL,
    )
    assert len(plots) == page_of(course).count("<svg") >= 6
    assert all("lowest" in told and "highest" in told and "table below" in told for told in plots)


def test_no_group_of_fewer_than_five_is_counted_out(course: Path) -> None:
    for name, column in (
        ("options.csv", "Chose it"),
        ("misconceptions.csv", "Chose it"),
        ("practice.csv", "Tried again"),
    ):
        counts = [int(row[column]) for row in rows_of(course, name) if row[column]]
        assert counts and not [count for count in counts if 0 < count < 5], name
    assert any("; or " in row["Option"] for row in rows_of(course, "options.csv"))


def test_what_few_put_in_a_place_of_an_order_cannot_be_worked_out_from_the_rest() -> None:
    rows = Rows()
    for student, option in enumerate([*12 * "a", *6 * "b", *2 * "c"]):
        rows.add("scores", str(student), "m", "steps", "", float(student % 3), 2.0)
        rows.add("choices", str(student), "m", "steps", "", "1", option)
    rows.add("items", "m", "steps", 1, "graded", "order", 2.0, "Which comes first?", None, False)
    for option in "abc":
        rows.add("options", "m", "steps", "1", option, "1", option, option == "a", None)
    items = next(table for table in tables(ClassFrames.of(rows), {}) if table.name == "items")
    [inner] = items.inner.values()
    counted = dict(zip(inner.rows["text"], inner.rows["chosen"], strict=True))
    assert counted == {"a": 12, "b; or c": 8, "(no answer)": 0}


def test_every_word_of_the_report_is_in_the_catalogue(course: Path) -> None:
    """What is left without marks is the course's own: titles, stems, options, ids of standards and misconceptions."""
    with speaking(LANGUAGE):
        frames = read_class(Course(course))
        told = list(tables(frames, {}))
        page = report_page("", [], told, [], ["a"])
    assert f'lang="{LANGUAGE}" dir="rtl"' in page
    for table in told:
        said = [table.title, table.says, table.nothing, *(column.title for column in table.columns)]
        assert [word for text in said for word in unmarked(text)] == [], table.name
        assert [word for means in table.rows["means"] for word in unmarked(means)] == [], table.name
    fixed = re.findall(r"<(?:h2|h3|p|th scope=.col.)[^>]*>([^<]+)", re.sub("<svg.*?</svg>", "", page, flags=re.DOTALL))
    assert fixed and [word for text in fixed for word in unmarked(unescape(text))] == []


def test_an_empty_gradebook_is_told_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_class(tmp_path, 0)
    assert main(["--project", str(tmp_path), "report"]) == 0
    assert "Nobody has handed anything in yet" in capsys.readouterr().out
    page = page_of(tmp_path)
    assert "Nobody has handed it in yet." in page and "No graded question has been answered yet." in page
    assert not re.search(r"\bnan\b|None", page)


def test_of_one_student_and_of_nine_no_figure_is_told(tmp_path: Path) -> None:
    for students in (1, 9):
        make_class(tmp_path, students, [ONE])
        report_command(Course(tmp_path), [])
        page = page_of(tmp_path)
        assert "Fewer than 10 students: no figure is told yet." in page
        assert " % (" not in page and "<svg" not in page and not re.search(r"\bnan\b", page)


def test_where_all_answer_alike_the_page_says_that_nothing_tells_apart(tmp_path: Path) -> None:
    make_class(tmp_path, 14, [ONE], lambda number, item, right, wrong: right)
    report_command(Course(tmp_path), [])
    rows = rows_of(tmp_path, "items.csv")
    assert {row["Facility"] for row in rows} == {"100"} and {row["Discrimination"] for row in rows} == {""}
    assert all("tells nobody apart" in row["What it means, and what to do"] for row in rows)
    assert "nothing to tell apart" in page_of(tmp_path) and not re.search(r"\bnan\b", page_of(tmp_path))


def test_a_module_nobody_opened_is_named_beside_one_that_was_handed_in(tmp_path: Path) -> None:
    make_class(tmp_path, 12, [ONE])
    make_class(tmp_path, 0, ["06-resources"])
    report_command(Course(tmp_path), [])
    told = {row["Module"]: row["What it means, and what to do"] for row in rows_of(tmp_path, "modules.csv")}
    assert told["Resources, and how to judge them"] == "Nobody has handed it in yet."
    assert len(told) == 2 and not told["Questions for the classroom"].startswith("Nobody")


def test_who_answered_nothing_is_left_out_and_counted(tmp_path: Path) -> None:
    make_class(tmp_path, 18, [ONE])
    for number in range(12, 18):
        (tmp_path / "submitted" / f"secret-{number:03}" / ONE / f"{ONE}.responses.jsonl").unlink()
        (tmp_path / "submitted" / f"secret-{number:03}" / ONE / f"{ONE}.essays.json").unlink()
    report_command(Course(tmp_path), [])
    (row,) = rows_of(tmp_path, "modules.csv")
    assert (row["Handed in"], row["Students"]) == ("18", "12")
    assert "Left out: 6 who answered no question." in row["What it means, and what to do"]


def test_what_cannot_be_read_is_named_escaped_and_stops_nobody(tmp_path: Path) -> None:
    make_class(tmp_path, 12, [ONE])
    odd = tmp_path / "submitted" / "<b>x" / ONE
    odd.mkdir(parents=True)
    said = report_command(Course(tmp_path), [])
    assert "not counted, because it could not be read" in said and "<b>" not in page_of(tmp_path)
    assert rows_of(tmp_path, "items.csv")[0]["Students"] == "12"


def test_a_question_whose_text_changed_in_mid_term_has_figures_for_each_text(tmp_path: Path) -> None:
    make_class(tmp_path, 30, [ONE])
    for number in range(18, 30):  # these had the text of before
        path = tmp_path / "submitted" / f"secret-{number:03}" / ONE / f"{ONE}.ipynb"
        notebook = json.loads(path.read_text("utf-8"))
        (cell,) = [cell for cell in notebook["cells"] if cell["id"] == "item-proud-post-closed-list"]
        text = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        assert "stem: |" in text
        mine = "Mine. " if number == 29 else ""  # one student wrote into it: that is no wording
        cell["source"] = text.replace("stem: |\n  ", f"stem: |\n  {mine}As it was told before. ", 1)
        path.write_text(json.dumps(notebook), "utf-8")
    report_command(Course(tmp_path), [])
    found = [row for row in rows_of(tmp_path, "items.csv") if row["Question"].startswith("05, question 1")]
    assert [("(earlier wording)" in row["Question"], row["Students"]) for row in found] == [(False, "18"), (True, "11")]
    others = [row for row in rows_of(tmp_path, "items.csv") if row["Question"].startswith("05, question 2")]
    assert [row["Students"] for row in others] == ["30"]


def test_two_options_chosen_equally_send_the_reader_back_to_the_stem(tmp_path: Path) -> None:
    def torn(number: int, item: Item, right: object, wrong: object) -> object:
        if item.id == "first-month-post-approved":
            return right if number % 2 else wrong
        return skilled(number, item, right, wrong)

    make_class(tmp_path, 40, [ONE], torn)
    report_command(Course(tmp_path), [])
    (row,) = [row for row in rows_of(tmp_path, "items.csv") if row["Question"].startswith("05, question 3")]
    assert row["What it means, and what to do"].startswith("Two options were chosen about equally: reread the stem")
    assert "Look at these first" in page_of(tmp_path)


def test_a_wrong_key_is_told_before_anything_else(tmp_path: Path) -> None:
    def keyed_wrong(number: int, item: Item, right: object, wrong: object) -> object:
        good = number < 20
        return right if good != (item.id == "first-month-post-approved") else wrong

    make_class(tmp_path, 40, [ONE], keyed_wrong)
    report_command(Course(tmp_path), [])
    (row,) = [row for row in rows_of(tmp_path, "items.csv") if row["Question"].startswith("05, question 3")]
    assert row["What it means, and what to do"].startswith("Check the key: those who did well elsewhere")


def test_a_student_whose_record_is_damaged_is_left_out(tmp_path: Path) -> None:
    make_class(tmp_path, 11, [ONE])
    (tmp_path / "submitted" / "secret-003" / ONE / f"{ONE}.responses.jsonl").write_bytes(b"\xff\x00{")
    report_command(Course(tmp_path), [])
    assert rows_of(tmp_path, "modules.csv")[0]["Students"] == "10"


def test_no_module_and_a_wrong_name_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--project", str(tmp_path), "report"]) == 1
    assert "has no module to report on" in capsys.readouterr().err
    make_class(tmp_path, 0, [ONE])
    assert main(["--project", str(tmp_path), "report", "09"]) == 1
    assert "There is no module '09'" in capsys.readouterr().err


def test_what_matters_first_is_first_and_the_options_of_odd_questions_are_open(course: Path) -> None:
    page = page_of(course)
    titles = re.findall(r"<h2[^>]*>([^<]+)", page)
    assert titles[:5] == [
        "Look at these first",
        "On this page",
        "Results by module",
        "What the class gained between the two checks",
        "Misconceptions most chosen",
    ]
    odd = {row["Question"] for row in rows_of(course, "items.csv") if row["What it means, and what to do"][:3] == "Two"}
    opened = {unescape(about) for about in re.findall(r"<details open>\s*<summary>([^<]+)", page)}
    assert odd and odd == opened and page.count("<details>") > 20


def test_both_engines_find_nothing_and_it_fits_and_is_walked_by_keyboard(course: Path, browser: Browser) -> None:
    epas_command(Course(course), [], Levels())
    page = browser.new_context(viewport={"width": 1200, "height": 900}).new_page()
    for name in ("epas", "report"):
        page.set_viewport_size({"width": 1200, "height": 900})
        page.goto((course / "reports" / f"{name}.html").as_uri())
        assert outline_faults(page) == [], name
        bars_nobody(page)
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert walk(page) == [], name


def test_a_class_of_ordinary_size_is_printed_on_a_dozen_pages(course: Path, browser: Browser) -> None:
    page = browser.new_page()
    page.goto((course / "reports" / "report.html").as_uri())
    assert 1 < len(re.findall(rb"/Type /Page\b", page.pdf(format="Letter", prefer_css_page_size=True))) <= 12
