"""Grading through nbgrader: the same scores as by executing, pages in words, and keys that stay home."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from conftest import MODULE, PROJECT
from course import Course
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from samples import CHOICE, GRADED, PRACTICE

from fieldguide.authoring.editions import instructor_edition, text_of
from fieldguide.authoring.module import read_module
from fieldguide.items import Choice, Match, read_item, score

HEAD = """\
---
title: A small module
minutes: 10
covers: [Q1]
competencies: ["1a"]
objectives: [Decide]
reviewed_by: Nobody
code_checked: 2026-11-22
---
"""


def small_source(folder: Path) -> str:
    """The instructor's notebook of a module with one item of each interaction type."""
    items = [*GRADED.values(), PRACTICE.replace("after-hours", "quiet-hours")]
    body = "\n".join(f"```{{code-cell}}\n%%item\n{text}```\n" for text in items)
    note = '+++ {"tags": ["instructor"]}\n\nOnly for the instructor: walrus.\n'
    path = folder / "small.md"
    path.write_text(f"{HEAD}\n## Reading\n\n{body}\n{note}", encoding="utf-8")
    return text_of(instructor_edition(read_module(path), {}, {}))


IN_BRACES = (
    "{id: a, type: choice, use: graded, covers: [Q1], basis: code, points: 1, stem: Which?, "
    "options: {aa: one, bb: two}, key: bb, rationale: {aa: x, bb: walrus}}"
)


@pytest.mark.slow
def test_an_instructor_who_edits_the_notebook_and_releases_it_gives_no_key_away(tmp_path: Path) -> None:
    notebook = nbformat.reads(small_source(tmp_path), as_version=4)
    cell = next(cell for cell in notebook.cells if cell.id == "item-after-hours-message")
    written = cell.source
    course = Course(tmp_path / "course", "small", nbformat.writes(notebook))
    source = course.root / "source" / "small" / "small.ipynb"
    release = course.root / "release" / "small" / "small.ipynb"

    for first_line in ("%%item", " %%item ", "\n%%item"):
        cell.source = f"{first_line}\n{written.partition(chr(10))[2]}\n# walrus: wait is right"
        cell.source = cell.source.replace("\noptions:\n", "\noptions:  # walrus, too\n  # walrus\n")
        notebook.metadata["fieldguide"]["walrus"] = "for the instructor"
        source.write_text(nbformat.writes(notebook), encoding="utf-8")
        course.generate()
        assert "walrus" not in release.read_text("utf-8")
        (shown,) = [
            cell for cell in nbformat.read(release, as_version=4).cells if cell.id == "item-after-hours-message"
        ]
        assert "Leave it, and bring it to supervision." in shown.source
        assert "key:" not in shown.source and "boundary" not in shown.source

    for text in (f"%%item\n{IN_BRACES}", f"%%item now\n{CHOICE}", written.replace("stem: |", "stem: &walrus |")):
        cell.source = text
        source.write_text(nbformat.writes(notebook), encoding="utf-8")
        with pytest.raises(NbGraderException):
            course.generate()
        assert not release.exists()


CLASS: dict[str, dict[str, object]] = {
    "right": {
        "after-hours-message": ["wait"],
        "take-out-of-notes": ["town", "event", "job"],
        "which-rule-speaks": {"tape": "recording", "post": "posting", "seminar": "teaching"},
        "after-an-accidental-find": ["stop", "plan", "tell", "discuss"],
        "what-identifies": ["town", "event"],
        "smallest-group": "12.5",
    },
    "wrong": {
        "after-hours-message": ["block"],
        "take-out-of-notes": ["question"],
        "which-rule-speaks": {"tape": "teaching", "post": "recording", "seminar": "posting"},
        "after-an-accidental-find": ["discuss", "tell", "plan", "stop"],
        "what-identifies": ["job"],
        "smallest-group": "8",
    },
    "partly": {
        "after-hours-message": ["reply"],
        "take-out-of-notes": ["town", "question", "job"],
        "which-rule-speaks": {"tape": "recording", "seminar": "posting"},
        "after-an-accidental-find": ["stop", "plan", "discuss", "tell"],
        "what-identifies": ["town"],
        "smallest-group": "12",
    },
    "none": {},
    "cleared": {"after-hours-message": None, "take-out-of-notes": [], "which-rule-speaks": {}, "smallest-group": ""},
    "malformed": {
        "after-hours-message": ["wait", "block"],
        "take-out-of-notes": "town",
        "which-rule-speaks": {"tape": 7},
        "after-an-accidental-find": ["stop", "stop"],
        "what-identifies": [["town"]],
        "smallest-group": "a few",
    },
}


@pytest.mark.slow
def test_executing_the_notebook_gives_the_same_scores(course: Course, tmp_path: Path) -> None:
    for student, responses in CLASS.items():
        course.submit(student, responses, {} if student == "none" else {"the-group-chat": "I would ask."})
    stock = course.copy(tmp_path / "stock", stock=True)
    course.autograde()
    stock.autograde()
    items = {name: read_item(text, name) for name, text in GRADED.items()}
    for student, responses in CLASS.items():
        ours, executed = course.scores(student), stock.scores(student)
        for item in items.values():
            if item.id == "the-group-chat":
                continue

            assert ours[item.id] == executed[item.id] == (score(item, responses.get(item.id)).score, False)
        assert executed["the-group-chat"] == (None, True)
        assert ours["the-group-chat"] == ((0.0, False) if student == "none" else (None, True))
    assert course.scores("partly")["take-out-of-notes"][0] == 1.0
    assert course.scores("partly")["which-rule-speaks"][0] == pytest.approx(2 / 3)


@pytest.mark.slow
def test_the_real_module_scores_the_same_when_executed(tmp_path: Path) -> None:
    source = (PROJECT / "source" / MODULE / f"{MODULE}.ipynb").read_text("utf-8")
    course = Course(tmp_path / "course", MODULE, source)
    course.generate()
    module = read_module(PROJECT / "modules" / f"{MODULE}.md")
    right: dict[str, object] = {}
    first: dict[str, object] = {}
    for item in module.items("graded"):
        if isinstance(item, Choice):
            right[item.id] = list(item.key)
            first[item.id] = [next(iter(item.options))]
        elif isinstance(item, Match):
            right[item.id] = dict(item.key)
            first[item.id] = dict.fromkeys(item.prompts, next(iter(item.options)))
    course.submit("right", right)
    course.submit("first", first)
    stock = course.copy(tmp_path / "stock", stock=True)
    course.autograde()
    stock.autograde()
    for student in ("right", "first"):
        auto = {name: value for name, value in course.scores(student).items() if name in right}
        assert auto == {name: stock.scores(student)[name] for name in auto}
        assert len(auto) == len(right)
    for item in module.items("graded"):
        if item.id in right:
            assert course.scores("right")[item.id] == (item.maximum, False)


def test_an_empty_essay_gets_nothing_and_says_so(course: Course) -> None:
    course.submit("ana", {})
    course.submit("ben", {}, {"the-group-chat": "I would ask."})
    course.autograde()
    comments = {}
    with Gradebook(course.db_url) as gradebook:
        for student in ("ana", "ben"):
            comment = gradebook.find_comment("the-group-chat", "small", "small", student)
            comments[student] = comment.auto_comment
    assert comments == {"ana": "No response.", "ben": None}


@pytest.mark.parametrize("damage", ["deleted cells", "edited cells", "not a notebook", "hostile code"])
def test_what_a_student_did_to_the_notebook_changes_nothing(course: Course, tmp_path: Path, damage: str) -> None:
    folder = course.submit("ana", CLASS["right"])
    path = folder / "small.ipynb"
    notebook = nbformat.read(path, as_version=4)
    canary = tmp_path / "canary"
    if damage == "deleted cells":
        notebook.cells = notebook.cells[:2]
    elif damage == "edited cells":
        for cell in notebook.cells:
            cell.source = cell.source.replace("points: 2", "points: 99").replace("use: graded", "use: practice")
    elif damage == "hostile code":
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.source = f"open({str(canary)!r}, 'w').write('ran')"
    nbformat.write(notebook, path)
    if damage == "not a notebook":
        path.write_text("<<<<<<< HEAD", encoding="utf-8")
    course.autograde()
    scores = course.scores("ana")
    assert scores["after-hours-message"] == (2.0, False)
    assert scores["which-rule-speaks"] == (2.0, False)
    assert not canary.exists()


HOSTILE = "<script>document.title='ran'</script>\n\n# Heading\n\n*stars* [link](javascript:x) `code` $x^2$ &amp; \x00"


def test_the_scorer_reads_words(course: Course) -> None:
    course.submit("ana", CLASS["partly"], {"the-group-chat": HOSTILE})
    course.autograde()
    text = course.graded_text("ana")
    assert "%%item" not in text
    assert "Block the account.</li>" in text or "Block the account.<br>" in text
    assert "[chosen]" in text and "[best answer]" in text
    assert "Partly right: 1 of 3 points." in text
    assert "All are named, the most vulnerable first." in text  # the levels to score by
    assert "not scored yet, up to 5 points" in text
    assert "walrus" not in text


def test_student_text_means_nothing_to_html_markdown_or_tex(course: Course) -> None:
    course.submit("ana", {}, {"the-group-chat": HOSTILE})
    course.autograde()
    for text in (course.graded_text("ana"), course.feedback_shown("ana")):
        for sign in ("<script", "# Heading", "*stars*", "](", "`code`", "$x", "&amp;", "\x00"):
            assert sign not in text
        assert "&#42;stars&#42;" in text


def test_feedback_tells_response_verdict_answer_reason_and_points(course: Course) -> None:
    course.submit("ana", CLASS["partly"], {"the-group-chat": "I would ask."})
    course.autograde()
    page = course.feedback("ana")
    assert "So far 4.67 of 18 points" in page  # 0 + 1 + 2/3 + 1 + 1 + 1
    assert "[your answer]" in page and "[best answer]" in page
    assert "It keeps the boundary" in page
    assert "Not right: 0 of 2 points." in page
    assert "Partly right: 0.67 of 2 points." in page
    assert "not scored yet" in page
    assert "tell my instructor tonight" in page
    assert "All are named" not in page  # how a level reads is the scorer's
    assert "http" not in page  # nothing is fetched


def test_feedback_can_withhold_the_best_answer(course: Course) -> None:
    course.submit("ana", CLASS["partly"], {"the-group-chat": "I would ask."})
    course.autograde()
    page = course.feedback("ana", show_best_answer=False)
    assert "[your answer]" in page
    assert "Not right: 0 of 2 points." in page
    for text in ("[best answer]", "belongs to the answer", "It keeps the boundary", "tell my instructor tonight"):
        assert text not in page
    for rationale in ("Taping needs consent", "Best answer", "[right]", "[not right]"):
        assert rationale not in page


def test_a_score_given_by_a_person_shows_in_feedback(course: Course) -> None:
    course.submit("ana", CLASS["right"], {"the-group-chat": "I would ask."})
    course.autograde()
    with Gradebook(course.db_url) as gradebook:
        grade = gradebook.find_grade("the-group-chat", "small", "small", "ana")
        grade.manual_score, grade.needs_manual_grade = 4.0, False
        comment = gradebook.find_comment("the-group-chat", "small", "small", "ana")
        comment.manual_comment = "Clear & kind <3"
        gradebook.db.commit()
    page = course.feedback("ana")
    assert "17 of 18 points" in page and "So far" not in page
    assert "Scored by a person: 4 of 5 points." in page
    assert "Clear &#38; kind &#60;3" in page


def test_a_missing_source_stops_grading_rather_than_executing(course: Course, tmp_path: Path) -> None:
    folder = course.submit("ana", CLASS["right"])
    canary = tmp_path / "canary"
    notebook = nbformat.read(folder / "small.ipynb", as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(f"open({str(canary)!r}, 'w').write('ran')"))
    nbformat.write(notebook, folder / "small.ipynb")
    (course.root / "source" / "small" / "small.ipynb").unlink()
    with pytest.raises(Exception, match="errors on the above failures"):
        course.autograde()
    assert not canary.exists()


ORDINARY = """{
"cells": [{
  "cell_type": "code", "execution_count": null, "id": "a1", "outputs": [], "source": "assert 1 + 1 == 2",
  "metadata": {"nbgrader": {
    "cell_type": "code", "grade": true, "grade_id": "t1", "locked": true, "points": 1, "schema_version": 3,
    "solution": false, "task": false
  }}
}],
"metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
"nbformat": 4, "nbformat_minor": 5
}"""


@pytest.mark.slow
def test_ordinary_assignments_go_the_ordinary_way(tmp_path: Path) -> None:
    course = Course(tmp_path / "course", "ps1", ORDINARY)
    course.generate()
    course.submit("ana", {})
    course.autograde()
    assert course.scores("ana") == {"t1": (1.0, False)}
    assert "assert" in course.graded_text("ana")
    assert "Test cell" in course.feedback("ana")  # nbgrader's own page


def test_check_questions_are_explained_after_the_second_check_alone(tmp_path: Path) -> None:
    pages, handed_out = {}, {}
    for module in ("00-start-here", "07-looking-back"):
        source = (PROJECT / "source" / module / f"{module}.ipynb").read_text("utf-8")
        course = Course(tmp_path / module, module, source)
        course.generate()
        course.submit("ana", {})
        course.autograde()
        pages[module] = course.feedback("ana")
        handed_out[module] = (course.root / "release" / module / f"{module}.ipynb").read_text("utf-8")
        assert "Question 1" not in course.feedback("ana", show_best_answer=False)
    assert "Nothing here counts toward a score" in pages["00-start-here"]
    assert "The check questions, and why" not in pages["00-start-here"]
    assert pages["07-looking-back"].count('<section class="fg-item">') == 24
    assert not [text for text in handed_out.values() if "explained" in text]
