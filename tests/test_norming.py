"""Norming: scorers score the same samples, and are told how far they agree with the key and with each other."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from conftest import PROJECT
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.authoring.building import read_modules
from fieldguide.authoring.checks import norming
from fieldguide.authoring.checks.course_text import read_course
from fieldguide.cli import main
from fieldguide.grading.agreement import Agreement, agreement, weighted_kappa
from fieldguide.items import Essay
from fieldguide.items.norming import FOLDER, read_norming

MODULE = "04-questions-for-your-agency"
SET = FOLDER / "devin-asks-and-answers.yaml"
ESSAYS = {
    item.id: item for module in read_modules(PROJECT) for item in module.items("graded") if isinstance(item, Essay)
}
DEVIN = ESSAYS["devin-asks-and-answers"]


@pytest.mark.parametrize(
    ("first", "second", "kappa"),
    [
        ([0, 1, 2, 3], [0, 1, 2, 3], 1.0),
        ([0, 1, 2, 3], [1, 1, 2, 2], 2 / 3),  # squares 1 + 0 + 0 + 1; of all sixteen pairs 10 + 2 + 2 + 10
        ([0, 1, 2, 3], [3, 2, 1, 0], -1.0),  # 9 + 1 + 1 + 9; 14 + 6 + 6 + 14
        ([0, 3], [3, 3], 0.0),  # 9 + 0; 9 + 9 + 0 + 0
        ([0, 0.5, 3], [1, 0.5, 2], 1 - 3 * 2 / 19),  # halves are points too: 1 + 0 + 1; 5.25 + 2.5 + 11.25
        ([2, 2, 2], [2, 2, 2], None),
        ([], [], None),
    ],
)
def test_weighted_kappa_worked_out_by_hand(first: list[float], second: list[float], kappa: float | None) -> None:
    assert weighted_kappa(first, second) == (None if kappa is None else pytest.approx(kappa))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=30))
def test_it_is_kappa_as_the_table_of_both_gives_it(pairs: list[tuple[int, int]]) -> None:
    number = len(pairs)
    table = [[sum(pair == (row, column) for pair in pairs) / number for column in range(4)] for row in range(4)]
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    weights = {(row, column): (row - column) ** 2 / 9 for row in range(4) for column in range(4)}
    observed = sum(weight * table[row][column] for (row, column), weight in weights.items())
    expected = sum(weight * rows[row] * columns[column] for (row, column), weight in weights.items())
    found = weighted_kappa(*zip(*pairs, strict=True))
    if found is None:
        assert expected == pytest.approx(0)
    else:
        assert found == pytest.approx(1 - observed / expected)


def test_exact_and_adjacent_are_counted() -> None:
    found = agreement([0, 1, 2, 3, 1.5], [0, 2, 0, 3, 2])
    # Squares 0 + 1 + 4 + 0 + 0.25; of all pairs 17 + 8 + 9 + 20 + 7.25.
    assert found == Agreement(5, 2, 4, pytest.approx(1 - 5 * 5.25 / 61.25))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT / "source" / MODULE, tmp_path / "source" / MODULE)
    shutil.copytree(PROJECT / FOLDER, tmp_path / FOLDER)
    return tmp_path


def score(project: Path, *arguments: str) -> int:
    return main(["--project", str(project), "score", "04", *arguments])


def fill(sheet: Path, changes: dict[tuple[str, str], str], samples: str = "s1 s2 s3 s4 s5") -> None:
    """Fill a sheet in as the key has it, with some points changed."""
    key = read_norming(PROJECT / SET, DEVIN)
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        place = row["student"], row["criterion"]
        if row["student"] in samples.split():
            row["points"] = changes.get(place, str(key[place[0]].scores[place[1]]))
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_a_scorer_is_told_where_the_key_differs_and_why(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = project / "ana.csv"
    assert score(project, str(sheet), "--norm", "--new") == 0
    assert "5 samples to be scored" in capsys.readouterr().out
    text = sheet.read_text("utf-8-sig")
    key = read_norming(PROJECT / SET, DEVIN)
    assert key["s1"].text.splitlines()[0][:60] in text and DEVIN.rubric["message"].levels[3] in text
    assert not [reason for sample in key.values() for reason in sample.reasons.values() if reason in text]
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 25 and not any(row["points"] for row in rows)
    fill(sheet, {("s3", "decision"): "2", ("s1", "message"): "2"})
    assert score(project, str(sheet), "--norm") == 0
    told = capsys.readouterr().out
    assert told.startswith("ana.csv and the key:\n")
    assert "  decision      4 of 5    4 of 5" in told and "  message       4 of 5    5 of 5" in told
    assert "  stakeholders  5 of 5    5 of 5             1.00" in told
    mine = [key[s].scores[c] for s in key for c in DEVIN.rubric]
    theirs = [
        {("s3", "decision"): 2, ("s1", "message"): 2}.get((s, c), key[s].scores[c]) for s in key for c in DEVIN.rubric
    ]
    assert f"  all           23 of 25  24 of 25           {weighted_kappa(theirs, mine):.2f}" in told
    assert f"s3, decision: 2, key 0. {key['s3'].reasons['decision']}" in told
    assert f"s1, message: 2, key 1. {key['s1'].reasons['message']}" in told
    assert "the first gives +0.6 points, on average of 5" in told
    assert not list(project.rglob("*.db"))  # nothing is saved


def test_two_scorers_are_told_how_far_they_agree(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, changes in (("ana", {("s2", "standard"): "0"}), ("ben", {("s2", "standard"): "3"})):
        score(project, str(project / f"{name}.csv"), "--norm", "--new")
        fill(project / f"{name}.csv", changes, samples="s1 s2")
    capsys.readouterr()
    assert score(project, str(project / "ana.csv"), str(project / "ben.csv"), "--norm") == 0
    first, second, both = capsys.readouterr().out.split(".csv and ")[1:]
    assert first.startswith("the key") and second.startswith("the key") and both.startswith("ben.csv")
    assert "15 of 25 points of the norming set are not given in ana.csv." in first
    assert "  all           9 of 10   9 of 10" in both and "s2, standard: 0 and 3" in both
    assert "  stakeholders  2 of 2" in both


def test_two_sheets_of_a_class_are_held_against_each_other_without_a_key(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, points in (("ana", "1 2 3"), ("ben", "1 3 3")):
        lines = [f"student{at},{DEVIN.id},message,{given}" for at, given in enumerate(points.split())]
        (project / f"{name}.csv").write_text("student,item,criterion,points\n" + "\n".join(lines) + "\n", "utf-8")
    assert score(project, str(project / "ana.csv"), str(project / "ben.csv"), "--norm") == 0
    told = capsys.readouterr().out
    assert told.startswith("ana.csv and ben.csv:") and "2 of 3    3 of 3" in told and "key" not in told
    assert score(project, str(project / "ana.csv"), "--norm") == 1
    assert "has points for none of the samples" in capsys.readouterr().err
    assert score(project, str(project / "ana.csv"), str(project / "ben.csv")) == 1
    assert "Two sheets are for --norm" in capsys.readouterr().err


def test_where_there_is_no_set_and_where_one_is_damaged(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project / SET
    text = path.read_text("utf-8")
    path.write_text(text.replace("decision: 0", "decision: 7", 1), "utf-8")
    assert score(project, "new.csv", "--norm", "--new") == 1
    line = 1 + text[: text.index("decision: 0")].count("\n")
    said = capsys.readouterr().err
    assert f"{SET.as_posix()}, line {line}: " in said and "'decision' is '7'" in said
    path.unlink()
    assert score(project, "new.csv", "--norm", "--new") == 1
    assert f"has no norming set in {project}. Expected {SET}" in capsys.readouterr().err


# -- what the content check finds, and who sees it -------------------------------------------------------


def test_the_courses_norming_sets_have_no_fault() -> None:
    assert not [finding for finding in norming.check(read_course(PROJECT)) if finding.is_error]


@pytest.mark.parametrize("edition", ["notebooks", "source", "release", "modules/data"])
def test_no_sample_and_no_reason_of_a_norming_set_reaches_a_student(edition: str) -> None:
    texts = [path.read_text("utf-8") for path in (PROJECT / edition).rglob("*") if path.is_file()]
    content = " ".join(" ".join(texts).replace("\\n", " ").split())
    found = [path for path in (PROJECT / FOLDER).glob("*.yaml") if path.stem in ESSAYS]
    assert found and content
    for path in found:
        for sample in read_norming(path, ESSAYS[path.stem]).values():
            for text in (sample.text, *sample.reasons.values()):
                assert len(text) < 40 or " ".join(text.split())[:60] not in content


def test_sets_that_would_mislead_are_found(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "modules", tmp_path / "modules")
    path = tmp_path / SET
    text = path.read_text("utf-8")
    profile = next(iter(DEVIN.profiles.values()))
    shown = "\n\n".join(f"    {part}" for part in profile.text.split("\n\n"))
    first = text[text.index("text: |\n") + 8 : text.index("  scores:")]
    path.write_text(text[: text.index("s5:\n")].replace(first, f"{shown}\n", 1), "utf-8")
    path.with_name("gone.yaml").write_text("s1: {}\n", "utf-8")
    told = [str(finding) for finding in norming.check(read_course(tmp_path)) if finding.is_error]
    assert any(f"{SET.as_posix()}, line 1: error: there are 4 samples. Expected 5." in line for line in told)
    assert any("the sample 's1' is the profile 'long-and-weak'" in line for line in told)
    assert any("gone.yaml, line 1: error: there is no essay 'gone' that is scored" in line for line in told)
