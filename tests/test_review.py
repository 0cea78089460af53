"""A licensed social worker reads the keys: the form goes out, comes back filled in, and is not forgotten."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import docx
import pytest
from conftest import PROJECT
from small_course import alike, course, item

from fieldguide.authoring.building import read_modules
from fieldguide.authoring.checks import reviews
from fieldguide.authoring.checks.course_text import read_course
from fieldguide.authoring.review.asked import asked_of
from fieldguide.authoring.review.form import as_form
from fieldguide.authoring.review.record import read_reviews
from fieldguide.authoring.standards import read_gists
from fieldguide.cells.kinds import CASE
from fieldguide.cli import main
from fieldguide.items import ReadingError

MODULE = "modules/01-module.md"
SIGNED = {"Your name": "Ana Ruiz", "Your license and state": "LCSW, New York", "Date": "December 3, 2026"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A course of one module with two questions."""
    course(tmp_path, alike, modules=1, items=2)
    return tmp_path


def review(project: Path, *arguments: str) -> int:
    return main(["--project", str(project), "review", *arguments])


def fill(path: Path, answers: dict[str, tuple[str, str]], signed: dict[str, str] = SIGNED) -> Path:
    """Fill a form in as somebody would in Word: cells of its tables, by the words beside them."""
    word = docx.Document(str(path))
    for table in word.tables:
        rows = {row.cells[0].text: row.cells[1] for row in table.rows}
        if "Question" in rows:
            name = rows["Question"].text.split()[0]
            verdict, words = answers.get(name, ("", ""))
            rows["Agree, dispute or qualify?"].text, rows["In your own words"].text = verdict, words
        for label, text in signed.items():
            if label in rows:
                rows[label].text = text
    filled = path.with_name("filled.docx")
    word.save(str(filled))
    return filled


def found(project: Path) -> str:
    return "\n".join(str(finding) for finding in reviews.check(read_course(project)))


def test_a_form_asks_about_each_key_and_comes_back_into_the_module(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = project / "form.docx"
    assert review(project, "01", str(form), "--new") == 0
    assert "form.docx: 2 keys and commentaries to be read." in capsys.readouterr().out
    filled = fill(form, {"m1-0": ("Agree", ""), "m1-1": (" dispute. ", "I would call\nher first.")})
    assert review(project, "01", str(filled)) == 0
    said = "Ana Ruiz, LCSW, New York, on December 3, 2026: agreed with 1, disputed 1."
    assert capsys.readouterr().out == f"01-module: {said}\n"
    assert f'reviewed_by: "{said}"\n' in (project / MODULE).read_text("utf-8")
    given = read_reviews(project).of["01-module"][0].verdicts
    assert given["m1-1"].says == "I would call her first." and given["m1-0"].verdict == "agree"
    told = found(project)
    assert "remark: 'm1-1' is disputed by Ana Ruiz: I would call her first." in told and "m1-0" not in told


def test_a_key_that_was_changed_after_it_was_read_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = project / "form.docx"
    review(project, "01", str(form), "--new")
    filled = fill(form, {"m1-0": ("agree", ""), "m1-1": ("qualify", "Only by day.")})
    path = project / MODULE
    path.write_text(path.read_text("utf-8").replace("stem: What follows?", "stem: What follows at night?", 1), "utf-8")
    assert review(project, "01", str(filled)) == 0
    assert "m1-0 has changed since it was read: have it read again.\n" in capsys.readouterr().out
    told = found(project)
    assert "'m1-0' has changed since Ana Ruiz read it (agree)." in told and "m1-1" not in told


@pytest.mark.parametrize(
    ("answers", "signed", "problem"),
    [
        ({}, SIGNED, "No table says agree, dispute or qualify."),
        ({"m1-0": ("maybe", "")}, SIGNED, "m1-0 says 'maybe'. Expected agree, dispute or qualify."),
        ({"m1-0": ("dispute", "")}, SIGNED, "m1-0 says dispute and not why."),
        ({"m1-0": ("", "Hm.")}, SIGNED, "m1-0 has words and no verdict."),
        ({"m1-0": ("agree", "")}, SIGNED | {"Your name": ""}, "The signature has no 'Your name'."),
        ({"m1-0": ("agree", "")}, SIGNED | {"Your license and state": ""}, "no 'Your license and state'"),
        ({"m1-0": ("agree", "")}, SIGNED | {"Date": "soon"}, "'soon' is no date that can be read."),
    ],
)
def test_a_form_that_is_not_complete_changes_nothing_and_says_what_is_missing(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    answers: dict[str, tuple[str, str]],
    signed: dict[str, str],
    problem: str,
) -> None:
    form = project / "form.docx"
    review(project, "01", str(form), "--new")
    before = (project / MODULE).read_text("utf-8")
    assert review(project, "01", str(fill(form, answers, signed))) == 1
    assert problem in capsys.readouterr().err
    assert (project / MODULE).read_text("utf-8") == before and read_reviews(project).of == {}


def test_a_form_that_may_have_been_filled_in_is_not_written_over(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert review(project, "all", "--new") == 0
    form = project / "docs" / "review" / "01-module.docx"
    before = form.read_bytes()
    assert review(project, "01", "--new") == 1 and form.read_bytes() == before
    assert "may have been filled in" in capsys.readouterr().err
    assert review(project, "01", str(project / MODULE)) == 1
    assert "not a Word document that can be read" in capsys.readouterr().err
    assert review(project, "07", "--new") == 1 and review(project, "01", "nowhere.docx") == 1


def test_the_form_of_another_module_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    course(tmp_path, alike, modules=2, items=1)
    form = tmp_path / "form.docx"
    review(tmp_path, "02", str(form), "--new")
    assert review(tmp_path, "01", str(fill(form, {"m2-0": ("agree", "")}))) == 1
    assert "m2-0 is not asked about in 01-module" in capsys.readouterr().err


def test_somebody_who_reads_again_is_counted_once_and_two_people_are_two(project: Path) -> None:
    form = project / "form.docx"
    review(project, "01", str(form), "--new")
    review(project, "01", str(fill(form, {"m1-0": ("agree", "")})))
    review(project, "01", str(fill(form, {"m1-0": ("dispute", "No.")}, SIGNED | {"Your name": "Bo Lee"})))
    review(project, "01", str(fill(form, {"m1-0": ("agree", ""), "m1-1": ("agree", "")})))
    said = read_reviews(project).readers_line("01-module") or ""
    assert said.count("Ana Ruiz") == 1 and "agreed with 2" in said and "Bo Lee" in said
    assert read_course(project).modules[0].module.reviewed_by == said and "error" not in found(project)


def test_a_module_cannot_claim_a_reader_that_it_has_no_form_of(project: Path) -> None:
    path = project / MODULE
    path.write_text(path.read_text("utf-8").replace("reviewed_by: Nobody yet.", "reviewed_by: Dr. Who."), "utf-8")
    (finding,) = reviews.check(read_course(project))
    assert finding.is_error and "'Dr. Who.' read the keys" in finding.what
    assert (project / MODULE).read_text("utf-8").splitlines()[finding.line - 1].startswith("reviewed_by")


def test_a_record_that_somebody_broke_is_told_with_its_line(project: Path) -> None:
    path = project / "modules" / "data" / "reviews.yaml"
    path.write_text("01-module:\n  - by: Ana\n", "utf-8")
    with pytest.raises(ReadingError, match=r"reviews\.yaml, line 1: a review is not complete"):
        read_reviews(project)
    path.write_text("01-module: [\n", "utf-8")
    with pytest.raises(ReadingError, match="not readable as YAML"):
        read_reviews(project)


def test_every_kind_of_key_is_shown_with_its_reason_and_what_it_rests_on() -> None:
    gists = read_gists(PROJECT)
    for module in read_modules(PROJECT):
        asked = asked_of(module, gists)
        assert len(asked) == len(module.own_items()) + len(module.asked(CASE))
        text = "\n".join(paragraph.text for paragraph in docx.Document(BytesIO(as_form(module, asked))).paragraphs)
        for part in asked:
            assert f"{part.kind}: {part.id}" in text
            labels = [label for label, _ in part.texts]
            assert labels[-1] in ("Rests on", "Standards"), part.id
            told = ("Key", "1. ", "Criterion", "How the authors see it", "A text to compare one's own with")
            assert any(label.startswith(told) or " → " in label for label in labels), part.id


def test_a_word_more_in_a_reason_makes_it_another_wording(tmp_path: Path) -> None:
    def fingerprint(text: str) -> str:
        course(tmp_path, alike, modules=1, items=0, extra=text)
        (asked,) = asked_of(read_modules(tmp_path)[0], {})
        return asked.fingerprint

    one = item("one", ["Wait a day.", "Ask her."], 1)
    assert fingerprint(one) == fingerprint(one)
    assert fingerprint(one) != fingerprint(one.replace("o1: Because.", "o1: Because of it."))
