"""The report on EPAS competencies: who reaches a threshold, what is kept quiet, and what a person has to confirm."""

from __future__ import annotations

import io
import math
from pathlib import Path

import docx
import pandas as pd
import pytest
from conftest import PROJECT
from docx.oxml.ns import qn
from report_class import make_class
from samples import CHOICE, ESSAY
from unmarked import unmarked

from fieldguide.authoring.checks import heads
from fieldguide.authoring.checks.course_text import read_course
from fieldguide.authoring.module import read_module
from fieldguide.cli import main
from fieldguide.items import Essay, ReadingError, public_text, read_item
from fieldguide.items.competencies import COMPETENCIES
from fieldguide.report.epas import Levels, confirm, epas_tables, reached, title_of
from fieldguide.report.frames import ClassFrames, Rows
from fieldguide.words import speaking
from fieldguide.words.pseudo import LANGUAGE

ONE = "05-questions-for-the-classroom"


def shares(right: int, n: int) -> pd.Series:
    return pd.Series([0.75] * right + [0.25] * (n - right))


def test_the_share_who_reach_a_threshold_has_its_interval() -> None:
    told = reached(shares(12, 20), 75)
    assert (told.students, told.share) == (20, 60)
    # Wilson's interval of 12 of 20, from a table: 38.7 to 78.1.
    assert told.low == pytest.approx(38.66, abs=0.01) and told.high == pytest.approx(78.12, abs=0.01)
    assert reached(shares(12, 20), 75.1).share == 0


@pytest.mark.parametrize(("right", "n", "least"), [(9, 9, None), (4, 20, None), (17, 20, 80), (19, 20, 80)])
def test_small_groups_are_not_counted_out(right: int, n: int, least: float | None) -> None:
    told = reached(shares(right, n), 70)
    assert math.isnan(told.share) and math.isnan(told.low)
    assert math.isnan(told.least) if least is None else told.least == least
    assert reached(shares(20, 20), 70).share == 100 and reached(shares(0, 20), 70).share == 0


def class_of(students: int) -> ClassFrames:
    """A class in which half do well in the question, and all but three by the criterion."""
    rows = Rows()
    rows.add("items", "m", "q", 1, "graded", "choice", 2.0, "Which?", 50.0, False)
    rows.add("items", "m", "e", 2, "graded", "essay", 3.0, "Why?", None, False)
    for item, criterion, tag in (("q", "", "1a"), ("e", "people", "1a"), ("e", "people", "1d"), ("case", "", "1a")):
        rows.add("tags", "m", item, criterion, "competency", tag)
    for number in range(students):
        rows.add("scores", f"s{number}", "m", "q", "current", 2.0 * (number % 2), 2.0)
        rows.add("criteria", f"s{number}", "m", "e", "people", 1.0 if number < 3 else 2.0, 3)
    rows.add("modules", "m", "A module", (), students, 0)
    return ClassFrames.of(rows)


def test_each_competency_has_its_two_measures() -> None:
    pairs = [("m", "e", "people", float(number % 4), float(number % 4)) for number in range(12)]
    measures, agreement, gain, where = epas_tables(class_of(20), Levels(), pairs)
    told = {(row["about"][:2].strip(), row["measure"]): row for row in measures.rows.to_dict("records")}
    assert set(told) == {
        (name, measure)
        for name, measure in (
            ("1", "Graded questions (1)"),
            ("1", "Essay criteria (1)"),
            ("1a", "Graded questions (1)"),
            ("1a", "Essay criteria (1)"),
            ("1d", "Essay criteria (1)"),
        )
    }
    assert told["1a", "Graded questions (1)"]["share"] == 50
    assert "Fewer than expected" in told["1a", "Graded questions (1)"]["means"]
    assert math.isnan(told["1d", "Essay criteria (1)"]["share"])  # three fall short, and that is not counted out
    assert told["1d", "Essay criteria (1)"]["means"].startswith("At least 80 % reach it, as many as expected")
    assert list(agreement.rows["kappa"]) == [1.0, 1.0]
    assert gain.rows.empty
    (row,) = [row for row in where.rows.to_dict("records") if row["about"].startswith("1a")]
    assert (row["question"], row["criterion"], row["case"]) == (1, 1, 1)


def test_every_word_of_it_is_a_catalogues() -> None:
    pairs = [("m", "e", "people", float(number % 4), float(number % 3)) for number in range(12)]
    with speaking(LANGUAGE):
        for frames in (class_of(20), class_of(4), ClassFrames.of(Rows())):
            for table in epas_tables(frames, Levels(), pairs if len(frames.scores) else []):
                said = [table.title, table.says, table.nothing, *(column.title for column in table.columns)]
                told = [column for column in ("measure", "means", "label") if column in table.rows]
                said += [str(text) for column in told for text in table.rows[column]]
                said += [text.partition(" ")[2] for text in table.rows.get("about", ())]  # after its number
                assert [word for text in said for word in unmarked(text)] == [], table.name
        assert [word for text in confirm() for word in unmarked(text)] == []
    assert all(map(title_of, COMPETENCIES))


def test_an_empty_class_has_a_sentence_for_each_table() -> None:
    measures, agreement, _, where = epas_tables(ClassFrames.of(Rows()), Levels(), [])
    assert measures.rows.empty and agreement.rows.empty and where.rows.empty
    assert measures.nothing and agreement.nothing and where.nothing


def test_the_command_writes_a_page_and_a_document_to_paste_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_class(tmp_path, 24, [ONE])
    assert main(["--project", str(tmp_path), "report", "--epas", "--expected", "75"]) == 0
    page = (tmp_path / "reports" / "epas.html").read_text("utf-8")
    document = docx.Document(io.BytesIO((tmp_path / "reports" / "epas.docx").read_bytes()))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for line in confirm():
        assert line in text and line.replace("'", "&#39;") in page
    assert [cell.text for cell in document.tables[0].rows[0].cells][:3] == [
        "Competency",
        "Measure (how many)",
        "Threshold, percent of the points",
    ]
    for table in document.tables:
        head, *lines = (row._tr.trPr for row in table.rows)
        assert head.find(qn("w:tblHeader")) is not None
        assert all(line.find(qn("w:cantSplit")) is not None for line in lines)
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) in text
        widths = [column.width for column in table.columns]
        assert widths[0] == max(widths) and [cell.width for cell in table.rows[-1].cells] == widths
    assert "Expected: 75 % of the students" in text and "1a ethical decisions" in page
    assert "secret-" not in page and "nan" not in text
    assert (tmp_path / "reports" / "epas.csv").is_file() and (tmp_path / "reports" / "epas-where.csv").is_file()
    capsys.readouterr()
    assert main(["--project", str(tmp_path), "report", "--epas", "--threshold", "0"]) == 1
    assert "above 0, and 100 at most" in capsys.readouterr().err
    assert main(["--project", str(tmp_path), "report", "--sheets", "a.csv", "b.csv"]) == 1
    assert "--epas" in capsys.readouterr().err


def test_a_question_and_a_criterion_name_their_competencies_and_students_may_read_them() -> None:
    item = read_item(CHOICE + 'competencies: [1a, "4"]\nobjectives: [2]\n', "m.md")
    assert (item.competencies, item.objectives) == (("1a", "4"), ("2",))
    shown = public_text(CHOICE + "competencies: [1a]\nobjectives: [2]\n")
    assert "competencies: [1a]" in shown and "objectives" not in shown
    essay = read_item(ESSAY.replace("    points: 3\n", "    points: 3\n    competencies: [1d]\n", 1), "m.md")
    assert isinstance(essay, Essay) and essay.rubric["people"].competencies == ("1d",)
    with pytest.raises(ReadingError, match=r"m.md, line 20: .*there is no competency '1z'.*Expected of: 1a"):
        read_item(f"{CHOICE}competencies: [1z]\n", "m.md")


def test_an_objective_that_the_head_has_not_is_named(tmp_path: Path) -> None:
    head = (
        "---\ntitle: A\nminutes: 10\ncovers: [Q1]\nobjectives: [Decide]\nreviewed_by: Nobody\n"
        "code_checked: 2026-11-22\n---\n\n"
    )
    path = tmp_path / "01-m.md"
    path.write_text(f"{head}```{{code-cell}}\n%%item\n{CHOICE}objectives: [2]\n```\n", "utf-8")
    with pytest.raises(ReadingError, match="names objective '2', and the head has 1"):
        read_module(path)


def test_every_graded_question_criterion_and_case_of_the_course_names_a_competency_of_its_head() -> None:
    course = read_course(PROJECT)
    assert not [finding for finding in heads.check(course) if finding.is_error]
    for module in course.modules:
        for item in module.module.items("graded"):
            if isinstance(item, Essay):
                assert all(criterion.competencies for criterion in item.rubric.values()), item.id
            else:
                assert item.competencies, item.id
