"""Tables: what the controls show, the pandas code that says so, the cells of authors, and the page of students."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import JupyterServer
from conftest import PROJECT
from course import Course
from drawing import words_of
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Locator, Page, expect
from table_page import TablePage, table_view

from fieldguide.authoring.building import build, differences, write
from fieldguide.authoring.editions import instructor_edition
from fieldguide.authoring.module import read_module
from fieldguide.cells.kinds import TABLE
from fieldguide.cli import main
from fieldguide.items import Entry, ReadingError
from fieldguide.player import session
from fieldguide.player.parts import PARTS_OF, content
from fieldguide.player.words import say
from fieldguide.tables.cells import TableCell, read_table_cell
from fieldguide.tables.data import check_table, files_of, read_description
from fieldguide.tables.printed import printed_html, printed_text
from fieldguide.tables.table import Controls, Table

pytest_plugins = ("browser",)

DATA = PROJECT / "modules" / "data"


def is_table(path: Path) -> bool:
    return path.with_suffix(".yaml").exists()


NAMES = sorted(path.stem for path in DATA.glob("*.csv") if is_table(path))


def table(name: str, folder: Path = DATA, **fields: Any) -> Table:
    description = read_description((folder / f"{name}.yaml").read_text("utf-8"), name)
    return Table(TableCell(name, "A caption.", **fields), description, folder)


# -- the data of the course --------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_data_of_the_course_have_source_date_and_columns(name: str) -> None:
    check_table(TableCell(name, "A caption."), "m.md", DATA, "modules/data")
    table(name)


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / f"{name}.csv")


def percent(name: str, **values: object) -> float:
    rows = read(name)
    for column, value in values.items():
        rows = rows[rows[column.replace("_", " ")] == value]
    (found,) = rows["percent"]
    return float(found)


#: For each question that is read off a table: what the table says.
KEYS: dict[str, Callable[[], float]] = {
    "members-within-reach": lambda: (
        400 * percent("platform-reach", platform="Instagram", year=2023, age="65 and older") / 100
    ),
    "reach-of-two-posts": lambda: (
        100
        - percent("platform-reach", platform="YouTube", year=2023, age="65 and older")
        - percent("platform-reach", platform="Instagram", year=2023, age="65 and older")
    ),
    "how-many-are-not-strictest": lambda: read("privacy-settings")["at_strictest"].value_counts()["no"],
    "how-much-of-the-six-still-stands": lambda: (
        read("crosswalk").query("section == '3 Code' and compare != 'same'").shape[0]
    ),
    "no-current-rule-on-being-found": lambda: (
        read("policy-gaps").query("statement == 'G3' and status != 'covered'").shape[0]
    ),
    "entries-that-need-work": lambda: (
        read("resources")["state"].isin(["other address", "replaced", "no copy found"]).sum()
    ),
}

#: What items and texts tell of the tables, in their words: a piece of a module's text, and what the table says.
TOLD: list[tuple[str, str, Callable[[], object], object]] = [
    (
        "01",
        "you used the figure for all adults; if you got 312",
        lambda: (
            4 * percent("platform-reach", platform="Instagram", year=2023, age="all adults"),
            4 * percent("platform-reach", platform="Instagram", year=2023, age="18 to 29"),
        ),
        (188, 312),
    ),
    (
        "01",
        "about 80% of US adults aged 30 to 49 said that they ever use Facebook",
        lambda: percent("platform-reach", platform="Facebook", year=2025, age="30 to 49"),
        80,
    ),
    (
        "01",
        "The table says 40",
        lambda: read("news-by-age").set_index("platform").loc["Facebook", "30 to 49"],
        40,
    ),
    (
        "02",
        "Leonie's 24 settings on eight accounts",
        lambda: (len(read("privacy-settings")), read("privacy-settings")["account"].nunique()),
        (24, 8),
    ),
    (
        "02",
        'only the rows with "personal" and "no". Nine are left',
        lambda: len(read("privacy-settings").query("purpose == 'personal' and at_strictest == 'no'")),
        9,
    ),
    (
        "02",
        "four of your settings aren't at the strictest and you haven't looked since August 2024",
        lambda: len(read("privacy-settings").query("account == 'Friends site' and at_strictest == 'no'")),
        4,
    ),
    (
        "02",
        "The payment app: payments and their notes, seen by contacts",
        lambda: read("privacy-settings").query("setting == 'Payments and their notes'")["who_can_see"].item(),
        "Contacts",
    ),
    (
        "03",
        "seven rows, C0 to C6",
        lambda: list(read("crosswalk").query("section == '3 Code'")["statement"]),
        [f"C{number}" for number in range(7)],
    ),
    ("03", "The guide's 50 statements", lambda: len(read("crosswalk")), 50),
    (
        "04",
        "Five policies are silent and one is out of date, so two help you",
        lambda: read("policy-gaps").query("statement == 'G3'")["status"].value_counts().to_dict(),
        {"silent": 5, "covered": 2, "out of date": 1},
    ),
    (
        "04",
        "Staff look up every new family online before the first visit",
        lambda: (
            read("policy-gaps")
            .query("agency == 'Alder Court' and statement == 'G2'")[["status", "clause"]]
            .values.tolist()
        ),
        [["covered", "Staff look up every new family online before the first visit."]],
    ),
    (
        "05",
        "a caregiver in her sixties, from Alder Point, who cares for a partner",
        lambda: len(read("caregivers").query("age == '60s' and town == 'Alder Point' and cares_for == 'a partner'")),
        1,
    ),
    (
        "05",
        "Four members care for a partner",
        lambda: read("caregivers")["cares_for"].value_counts()["a partner"],
        4,
    ),
    ("05", "Two members live in Alder Point", lambda: read("caregivers")["town"].value_counts()["Alder Point"], 2),
    ("05", "Three members are in their sixties", lambda: read("caregivers")["age"].value_counts()["60s"], 3),
    ("05", "all eight remain", lambda: len(read("caregivers")), 8),
    (
        "06",
        "three have a copy at another address, one was replaced, and for two we found no copy",
        lambda: read("resources")["state"].value_counts().to_dict(),
        {"copy read": 6, "no copy found": 2, "other address": 3, "replaced": 1},
    ),
    (
        "06",
        "other address (R3, R8, R12), replaced (R9) or no copy found (R6, R10)",
        lambda: read("resources").groupby("state")["id"].agg(list).drop("copy read").to_dict(),
        {"other address": ["R3", "R8", "R12"], "replaced": ["R9"], "no copy found": ["R6", "R10"]},
    ),
    (
        "06",
        "says that 76.8% called searching on social networks always or usually unacceptable",
        lambda: percent(
            "searching-figures",
            study="DiLillo and Gale",
            finding="Called searching on social networks always or usually unacceptable",
        ),
        76.8,
    ),
    (
        "06",
        "reports that 97.8% had looked up a client by search engine",
        lambda: percent(
            "searching-figures",
            study="DiLillo and Gale",
            finding="Had searched for at least one client by search engine in the past year",
        ),
        97.8,
    ),
    (
        "01",
        "YouTube 60 (2023), Instagram 15 (2023)",
        lambda: tuple(
            percent("platform-reach", platform=platform, year=2023, age="65 and older")
            for platform in ("YouTube", "Instagram")
        ),
        (60, 15),
    ),
    (
        "06",
        "reports that a quarter had done so",
        lambda: percent("searching-figures", study="Asay and Lal (article)"),
        25,
    ),
]


def module_paths() -> list[Path]:
    return sorted((PROJECT / "modules").glob("*.md"))


@pytest.mark.parametrize("path", module_paths(), ids=lambda path: path.stem)
def test_the_keys_of_questions_that_are_read_off_a_table_are_what_the_table_says(path: Path) -> None:
    module = read_module(path)
    entries = [item for item in module.own_items() if isinstance(item, Entry) and item.expect == "number"]
    for item in entries:
        if module.asked(TABLE):
            assert item.id in KEYS, f"{item.id}: say in KEYS how its key follows from the table"
        if item.id in KEYS:
            assert float(item.key[0]) == pytest.approx(float(KEYS[item.id]())), item.id


@pytest.mark.parametrize(("number", "text", "says", "expected"), TOLD, ids=[f"{told[0]}: {told[1]}" for told in TOLD])
def test_what_is_told_of_a_table_is_what_it_says(
    number: str, text: str, says: Callable[[], object], expected: object
) -> None:
    assert says() == (pytest.approx(expected) if isinstance(expected, float | tuple) else expected)
    for path in module_paths():
        if path.stem.startswith(number) and text not in " ".join(path.read_text("utf-8").split()):
            pytest.fail(f"{path.name} has another wording now than '{text}': hold the new one against the data.")


# -- what the controls show, and the code that says so ------------------------------------------------


TABLES = {name: table(name) for name in NAMES} | {
    "some columns": table("policy-gaps", columns=("agency", "statement", "status")),
}


@st.composite
def controls(draw: st.DrawFn) -> tuple[Table, Controls]:
    shown = draw(st.sampled_from(list(TABLES.values())))
    page = shown.description_for_page()
    columns = [column["name"] for column in page["columns"]]
    filters = {
        one["name"]: draw(st.sampled_from(one["values"])) for one in page["filters"] if draw(st.integers(0, 3)) == 0
    }
    return shown, Controls.from_message(
        {
            "search": draw(
                st.sampled_from(["", "a", "No", "2023", '"', "\\", "(", "é\n", "\ud800"]) | st.text(max_size=3)
            ),
            "filters": filters,
            "group": draw(st.none() | st.sampled_from([*page["groups"], "gone"])),
            "mean": draw(st.none() | st.sampled_from([*page["means"], "gone"])),
            "sort": draw(st.none() | st.sampled_from([*columns, "rows", "mean"])),
            "descending": draw(st.booleans()),
        }
    )


@settings(max_examples=300)
@given(controls())
def test_the_code_gives_the_table_that_is_shown(drawn: tuple[Table, Controls]) -> None:
    shown, asked = drawn
    page = shown.show(asked)
    *lines, last = page["code"].splitlines()
    assert last == "table"
    namespace: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(DATA.parent)
        exec("\n".join(lines), namespace)
    by_code = namespace["table"]
    pd.testing.assert_frame_equal(by_code, shown.result(asked))
    assert len(page["rows"]) == len(by_code)
    assert len(page["header"]) == len(by_code.columns)
    if len(by_code) and not asked.group:
        with (DATA / f"{shown.cell.data}.csv").open(encoding="utf-8", newline="") as file:
            written = list(csv.DictReader(file))
        names = [column["name"] for column in page["header"]]
        assert page["rows"] == [[written[index][name] or None for name in names] for index in by_code.index]
    json.dumps(page).encode()


def test_search_filter_and_sort() -> None:
    shown = table("privacy-settings").show(
        Controls(search="FRIENDS", filters={"at_strictest": "no"}, sort="setting", descending=True)
    )
    assert [row[2] for row in shown["rows"]] == [
        "Stories",
        "Posts from before 2023",
        "Photos that others tag",
        "Friend list",
        "Being found by phone number",
    ]
    assert shown["matched"] == 5 and shown["bars"] is None


def test_groups_are_counted_and_drawn() -> None:
    shown = table("policy-gaps").show(Controls(filters={"statement": "G3"}, group="status", sort="rows"))
    assert shown["rows"] == [["out of date", "1"], ["covered", "2"], ["silent", "5"]]
    assert shown["matched"] == 8
    assert [bar["share"] for bar in shown["bars"]["bars"]] == [0.2, 0.4, 1.0]


def test_groups_have_means_where_a_mean_says_something() -> None:
    reach = table("platform-reach")
    asked = Controls(filters={"year": "2025", "age": "all adults"}, group="platform", mean="percent")
    shown = reach.show(asked)
    assert ["Instagram", "1", "50.0"] in shown["rows"]
    assert shown["header"][2]["label"] == "mean of percent"
    assert table("searching-figures").means == []


def test_numbers_are_shown_as_they_were_written_and_gaps_as_gaps() -> None:
    rows = table("searching-figures").show(Controls())["rows"]
    assert {row[5] for row in rows} >= {"78", "66.9", "50.0"}
    assert None in {row[6] for row in rows} and "3294" in {row[6] for row in rows}


def test_a_row_is_found_by_what_is_written_in_it_only() -> None:
    figures = table("searching-figures")
    assert figures.show(Controls(search="nan"))["rows"] == []
    assert figures.show(Controls(search="3294.0"))["rows"] == []
    assert len(figures.show(Controls(search="3294"))["rows"]) == 1


def test_filters_are_the_columns_with_few_values_or_what_the_author_says() -> None:
    assert table("crosswalk").filters == ["section", "compare", "edition"]
    assert table("crosswalk", filters=("compare", "statement")).filters == ["statement", "compare"]
    assert table("news-by-age").groups == ["platform"]
    assert table("platform-reach").description_for_page()["filters"][1]["values"] == ["2021", "2023", "2024", "2025"]


@pytest.mark.parametrize(
    "raw",
    [
        None,
        3,
        [],
        {},
        {"filters": []},
        {"filters": {"status": 3}, "search": 7},
        {"group": {}, "sort": ["a"], "mean": 1},
    ],
)
def test_a_message_of_another_form_is_as_if_nothing_were_set(raw: object) -> None:
    policies = table("policy-gaps")
    assert len(policies.show(Controls.from_message(raw))["rows"]) == 48


# -- the cells of authors ----------------------------------------------------------------------------


def test_a_cell() -> None:
    cell = read_table_cell("data: policy-gaps\ncaption: Eight agencies.\nfilters: [status]\ngroup: status", "m.md", 7)
    assert cell == TableCell("policy-gaps", "Eight agencies.", filters=("status",), group="status", line=7)


ROWS = "place,kind,count\nA,x,1\nB,y,\nC,x,3\n"
ABOUT = """title: Places
source: Made for this course.
date: 2026-11-22
columns:
  place: The place.
  kind: Its kind.
  count: How many.
"""
CELL = "data: places\ncaption: Some places.\n"
HEAD = """---
title: A module
minutes: 10
covers: [Q1]
objectives: [Read a table.]
reviewed_by: Nobody yet.
code_checked: 2026-11-22
---

Look:

"""


def cell_text(cell: str = CELL) -> str:
    return f"```{{code-cell}}\n%%table\n{cell}```\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copy(PROJECT / "nbgrader_config.py", tmp_path)
    (tmp_path / "modules" / "data").mkdir(parents=True)
    (tmp_path / "modules" / "data" / "places.csv").write_text(ROWS, "utf-8")
    (tmp_path / "modules" / "data" / "places.yaml").write_text(ABOUT, "utf-8")
    (tmp_path / "modules" / "data" / "more.csv").write_text(ROWS, "utf-8")
    (tmp_path / "modules" / "data" / "more.yaml").write_text(ABOUT, "utf-8")
    (tmp_path / "modules" / "01-m.md").write_text(f"{HEAD}{cell_text()}", "utf-8")
    return tmp_path


CELL_LINE = HEAD.count("\n") + 3  # of "data:", below the fence and the magic


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        (
            "data: places",
            "data: palces",
            0,
            "no data 'palces': modules/data/palces.csv is missing. Expected one of: mo",
        ),
        ("data: places", "data: ../places", 0, "'../places' is no id"),
        ("data: places\n", "", 0, "'data' is missing"),
        ("caption: Some places.", "captoin: Some places.", 1, "there is no field 'captoin'"),
        ("caption: Some places.\n", "", 0, "'caption' is missing"),
        ("caption: Some places.", "caption:", 1, "'caption' has no text"),
        ("places.\n", "places.\ncolumns: [place, knid]\n", 0, "'columns' names 'knid', which is none of its columns"),
        ("places.\n", "places.\ncolumns: [place]\ngroup: kind\n", 0, "'group' names 'kind'"),
        ("places.\n", "places.\nfilters: count\n", 0, "'count', a column with empty cells"),
        ("```{code-cell}", '```{code-cell}\n:tags: ["instructor"]\n', 2, "a table has the tag 'instructor'"),
    ],
)
def test_faults_of_a_cell_are_told_with_file_and_line(
    project: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, line: int, what: str
) -> None:
    path = project / "modules" / "01-m.md"
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    assert main(["--project", str(project), "build"]) == 1
    told = capsys.readouterr().err
    assert f"modules/01-m.md, line {CELL_LINE + line}: " in told and what in told and "Traceback" not in told


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "what"),
    [
        ("yaml", "source: Made for this course.\n", "", 1, "'source' is missing"),
        ("yaml", "date: 2026-11-22\n", "", 1, "'date' is missing"),
        ("yaml", "date: 2026-11-22", "date: last year", 3, "'date' is 'last year'"),
        ("yaml", "  kind: Its kind.", "  kind:", 6, "'kind' has no text"),
        ("csv", "kind", "Kind", 1, "the columns (place, Kind, count) are not those that places.yaml describes"),
        ("yaml", "  kind: Its", "  mean: Its", 6, "a column is called 'mean'"),
        ("yaml", "title", "means: [size]\ntitle", 1, "there is no column 'size'"),
        ("yaml", "title", "licence: x\ntitle", 1, "there is no field 'licence'"),
        ("csv", "B,y,\n", "B,y\n", 3, "this row has 2 cells"),
        ("csv", "B,y", "B,None", 3, "a cell holds 'None'"),
        ("csv", "B,y", "B, y", 3, "a cell holds ' y'"),
        ("csv", ROWS, "place,kind,count\n", 1, "this holds no rows"),
        ("csv", "A,x", 'A,"x', 4, "not readable as CSV"),
        ("csv", "A,x", "A" * 500_001 + ",x", 1, "Expected a small table"),
    ],
)
def test_faults_of_data_are_told_with_file_and_line(
    project: Path, name: str, old: str, new: str, line: int, what: str
) -> None:
    path = project / "modules" / "data" / f"places.{name}"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(ReadingError) as caught:
        read_module(project / "modules" / "01-m.md", "modules/01-m.md")
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (f"modules/data/places.{name}", line)
    assert what in str(problem)


def test_what_is_no_text_is_told(project: Path) -> None:
    (project / "modules" / "data" / "places.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(ReadingError, match=r"modules/data/places\.csv, line 1: this is not UTF-8 text"):
        read_module(project / "modules" / "01-m.md", "modules/01-m.md")


# -- from text to notebooks --------------------------------------------------------------------------


def test_data_stand_beside_each_notebook_that_shows_them(project: Path) -> None:
    graded = f'\n+++ {{"tags": ["graded"]}}\n\nCount:\n\n{cell_text(CELL.replace("places", "more"))}'.replace(
        "```{code-cell}", '```{code-cell}\n:tags: ["graded"]\n'
    )
    path = project / "modules" / "01-m.md"
    path.write_text(path.read_text("utf-8") + graded, "utf-8")
    files = build(project)
    assert {str(path) for path in files if path.parent.name == "data"} == {
        f"{folder}/data/{name}"
        for folder, tables in (
            ("notebooks", ["places"]),
            ("source/01-m", ["places", "more"]),
            ("release/01-m", ["places", "more"]),
        )
        for table in tables
        for name in files_of(table)
    }
    assert files[Path("notebooks/data/places.csv")] == ROWS
    notebook = nbformat.reads(files[Path("release/01-m/01-m.ipynb")], as_version=4)
    (first, second) = [cell for cell in notebook.cells if cell.source.startswith("%%table\n")]
    assert first.source == f"%%table\n{CELL.rstrip()}" and first.id == "table-1" and second.id == "table-2"
    assert first.metadata["editable"] is False and first.metadata["jupyter"] == {"source_hidden": True}
    assert "nbgrader" not in first.metadata and "tags" not in second.metadata


def test_changed_and_left_over_data_are_told_and_mended(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = build(project)
    write(project, files)
    assert differences(project, files) == ""
    (project / "release/01-m/data/places.csv").write_text(ROWS.replace("C,x", "C,z"), "utf-8")
    (project / "notebooks/data/gone.yaml").write_text("title: x\n", "utf-8")
    (project / "source/01-m/data/places.yaml").unlink()
    assert main(["--project", str(project), "build", "--check"]) == 1
    told = capsys.readouterr().out
    assert "-C,z,3" in told and "release/01-m/data/places.csv" in told
    assert "notebooks/data/gone.yaml: no module makes this file any more" in told
    assert "source/01-m/data/places.yaml (built)" in told
    assert len(write(project, files)) == 3 and differences(project, files) == ""


def test_nbgrader_hands_the_data_out_just_so(project: Path) -> None:
    files = build(project)
    write(project, files)
    shutil.rmtree(project / "release")
    Course(project, "01-m", "").generate()
    made = sorted((project / "release" / "01-m" / "data").iterdir())
    assert [path.name for path in made] == ["places.csv", "places.yaml"]
    for path in made:
        assert path.read_text("utf-8") == files[path.relative_to(project)]


# -- in a kernel -------------------------------------------------------------------------------------


def run(source: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run cells as a student's kernel does, and tell which of the heavy packages were imported."""
    script = (
        "import json, sys\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        f"shell.run_cell('%load_ext fieldguide')\nresult = shell.run_cell({source!r})\n"
        "heavy = sorted({'pandas', 'numpy', 'nbgrader', 'nbformat', 'jsonschema'} & set(sys.modules))\n"
        "print('HEAVY', heavy)\n"
    )
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "IPYTHONDIR": str(folder / "ipython")} | environment
    return subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )


@pytest.fixture
def beside(project: Path) -> Path:
    return project / "modules"


def test_pandas_is_imported_when_a_table_is_shown_and_not_before(beside: Path) -> None:
    assert "HEAVY []" in run("1", beside).stdout
    shown = run(f"%%table\n{CELL}", beside).stdout
    assert "HEAVY ['numpy', 'pandas']" in shown
    assert "Some places. (3 rows; Made for this course., 2026-11-22)" in shown


@pytest.mark.parametrize("mode", ["autograde", "validate"])
def test_nothing_is_shown_where_nbgrader_executes(beside: Path, mode: str) -> None:
    done = run(f"%%table\n{CELL}", beside, NBGRADER_EXECUTION=mode)
    assert done.stdout == "HEAVY []\n"


def test_nothing_is_written(beside: Path) -> None:
    before = sorted(beside.rglob("*"))
    run(f"%%table\n{CELL}", beside)
    assert [path for path in sorted(beside.rglob("*")) if "ipython" not in path.parts] == before


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda data: (data / "places.csv").unlink(), "The file data/places.csv is missing from this module's folder."),
        (lambda data: (data / "places.csv").write_bytes(b""), "The file data/places.csv cannot be read"),
        (lambda data: (data / "places.csv").write_bytes(b"\xff,\xfe\n"), "The file data/places.csv cannot be read"),
        (lambda data: (data / "places.csv").write_text("a,b\n1,2\n"), "The file data/places.csv cannot be read"),
        (lambda data: (data / "places.csv").write_bytes(b"x" * 3_000_000), "cannot be read (3,000,000 bytes)"),
        (lambda data: (data / "places.yaml").write_text("title: x\n"), "data/places.yaml, line 1"),
        (lambda data: (data / "places.yaml").write_bytes(b"\xff"), "The file data/places.yaml cannot be read"),
    ],
)
def test_what_is_wrong_is_told_in_words(beside: Path, spoil: Callable[[Path], object], what: str) -> None:
    spoil(beside / "data")
    done = run(f"%%table\n{CELL}", beside)
    assert what in done.stdout + done.stderr and "Traceback" not in done.stdout + done.stderr


def test_a_cell_reaches_no_file_outside_its_folder(beside: Path) -> None:
    (beside / "secret.csv").write_text("a\n1\n")
    done = run("%%table\ndata: ../secret\ncaption: x", beside)
    assert "'../secret' is no id" in done.stdout + done.stderr


# -- where no script runs ----------------------------------------------------------------------------


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    (tmp_path / "places.csv").write_text(
        'place,kind,count\n<script>hacked=1</script>,<b>x,1\n&lt;,"a\n\nb",\n', "utf-8"
    )
    (tmp_path / "places.yaml").write_text(
        ABOUT.replace("Places", "<i>Places").replace("Its kind", "<img src=x onerror=hacked=1>"), "utf-8"
    )
    return tmp_path


def test_without_a_script_there_is_a_table_to_read(hostile: Path) -> None:
    view = table_view(hostile, "places", caption="<u>Caption & more</u>")
    html = printed_html(view.info, view.info["shown"])
    assert '<caption style="text-align:left">&lt;u&gt;Caption &amp; more&lt;/u&gt;</caption>' in html
    assert html.count('<th scope="col"') == 3 and html.count('<th scope="row"') == 2
    assert "Source: Made for this course. (2026-11-22)" in html and "not given" in html
    assert "<script" not in html and "<b>" not in html and "&amp;lt;" in html
    assert "\n\n" not in html
    data, _ = view._repr_mimebundle_() or ({}, {})
    assert data["text/html"] == html and "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"] == printed_text(view.info)


def test_little_crosses_to_the_page() -> None:
    crossing = "".join(part[kind] for part in map(content, PARTS_OF["table"]) for kind in ("script", "styles"))
    assert len(crossing) < 30_000
    assert not any(address in crossing for address in ("http:", "https:", "@import", "url("))


# -- the page ----------------------------------------------------------------------------------------


LEONIE = "Leonie's 24 settings on eight accounts, who can see what, and whether a stricter choice is offered."


@pytest.fixture
def leonie(browser: Browser) -> Iterator[TablePage]:
    with TablePage(browser, [table_view(DATA, "privacy-settings", caption=LEONIE)]) as page:
        yield page


def status(card: Locator) -> Locator:
    return card.get_by_role("status")


def axe(page: Page, within: str = "main") -> list[Any]:
    return [(found["id"], found["nodes"][0]["html"]) for found in Axe().run(page, within).response["violations"]]


@pytest.mark.browser
def test_a_student_filters_groups_and_searches(leonie: TablePage) -> None:
    card = leonie.card()
    expect(status(card)).to_have_text("24 of 24 rows")
    card.get_by_label("at_strictest", exact=True).select_option("no")
    expect(status(card)).to_have_text("13 of 24 rows")
    card.get_by_label("purpose", exact=True).select_option("personal")
    expect(status(card)).to_have_text("9 of 24 rows")
    card.get_by_label("Search").fill("everyone")
    expect(status(card)).to_have_text("5 of 24 rows")
    card.get_by_label("Group by").select_option("account")
    expect(status(card)).to_have_text("3 groups, from 5 of 24 rows")
    expect(card.get_by_role("img")).to_have_accessible_name(
        "Bars: number of rows, by account. Friends site: 3; Photo app (private account): 1; Running app: 1."
    )
    card.get_by_label("Search").fill("nowhere")
    expect(status(card)).to_have_text("No row is left. Change the search or a filter.")
    card.get_by_role("button", name="Show all rows").click()
    expect(status(card)).to_have_text("24 of 24 rows")
    expect(card.get_by_role("img")).to_have_count(0)


@pytest.mark.browser
def test_it_is_a_table_to_a_screen_reader(leonie: TablePage) -> None:
    card = leonie.card()
    expect(card.get_by_role("region", name=LEONIE)).to_have_attribute("tabindex", "0")
    sheet = card.get_by_role("table", name=LEONIE)
    expect(sheet.get_by_role("columnheader")).to_have_count(7)
    expect(sheet.get_by_role("rowheader")).to_have_count(24)
    expect(sheet.get_by_role("columnheader", name="setting").get_by_role("button")).to_have_accessible_name("setting")
    assert sheet.locator("thead th").evaluate_all("all => all.every((one) => one.scope === 'col')")
    assert sheet.locator("tbody th").evaluate_all("all => all.every((one) => one.scope === 'row')")


@pytest.mark.browser
def test_columns_are_sorted_from_the_keyboard_and_the_focus_stays(leonie: TablePage) -> None:
    card, keyboard = leonie.card(), leonie.page.keyboard
    head = card.get_by_role("columnheader", name="setting")
    head.get_by_role("button").focus()
    for order, told in (
        ("ascending", ", sorted by setting, ascending"),
        ("descending", ", sorted by setting, descending"),
        ("none", ""),
    ):
        keyboard.press("Enter")
        expect(head).to_have_attribute("aria-sort", order)
        expect(status(card)).to_have_text(f"24 of 24 rows{told}")
        expect(head.get_by_role("button")).to_be_focused()


@pytest.mark.browser
def test_everything_is_reached_with_the_tab_key(leonie: TablePage) -> None:
    leonie.card().get_by_label("Search").focus()
    reached = []
    for _ in range(20):
        reached.append(leonie.page.evaluate("document.activeElement.localName"))
        leonie.page.keyboard.press("Tab")
    assert reached[:18] == ["input", *["select"] * 7, "button", "div", *["button"] * 7, "summary"]
    assert reached[18] != "summary"  # the code is behind that one, and no stop of its own


@pytest.mark.browser
def test_the_code_behind_a_table_can_be_looked_at(leonie: TablePage) -> None:
    card = leonie.card()
    card.get_by_label("at_strictest", exact=True).select_option("no")
    offered = card.get_by_text("Show the pandas code")
    expect(offered).to_be_hidden()  # nobody who has never seen code meets it among the controls
    card.get_by_text("Source and columns").click()
    offered.click()
    expect(card.locator("pre")).to_contain_text('table = table[table["at_strictest"] == "no"]')
    expect(card.locator("details").first).to_contain_text("Made for this course, fictional.")
    expect(card.locator("dl dt")).to_have_count(7)


@pytest.mark.browser
def test_a_kernel_that_does_not_answer_is_told(leonie: TablePage) -> None:
    leonie.page.clock.install()
    leonie.page.evaluate("window.dead = true")
    leonie.card().get_by_label("purpose", exact=True).select_option("personal")
    leonie.page.clock.run_for(6000)
    expect(status(leonie.card())).to_contain_text("The table does not answer.")


@pytest.mark.browser
def test_a_page_of_another_version_is_told_so(leonie: TablePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "VERSION", session.VERSION + 1)
    leonie.card().get_by_label("purpose", exact=True).select_option("personal")
    expect(status(leonie.card())).to_have_text(say("other_version"))


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_it_is_accessible_and_fits(browser: Browser, theme: str, width: int) -> None:
    captions = {name: f"What {name} shows." for name in NAMES}
    views = [table_view(DATA, name, caption=caption) for name, caption in captions.items()]
    with TablePage(browser, views, theme=theme, viewport={"width": width, "height": 800}) as shown:
        reach = shown.card(NAMES.index("platform-reach"))
        reach.get_by_label("Group by").select_option("platform")
        reach.get_by_label("For each group").select_option(label="mean of percent")
        expect(reach.get_by_role("columnheader", name="mean of percent")).to_be_visible()
        for summary in shown.page.locator("summary").all():
            summary.click()
        assert axe(shown.page) == []
        assert shown.page.evaluate("document.documentElement.scrollWidth") <= width
        paper = shown.card().evaluate("node => getComputedStyle(node).backgroundColor")
        assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 25, 29)"}[theme]
        assert len(shown.requests) == 2, shown.requests


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_columns_out_of_sight_are_told_until_the_arrow_keys_have_reached_the_last(browser: Browser, theme: str) -> None:
    views = [table_view(DATA, "privacy-settings", caption=LEONIE)]
    with TablePage(browser, views, theme=theme, viewport={"width": 390, "height": 844}) as shown:
        region = shown.card().get_by_role("region", name=LEONIE)
        hint = shown.card().get_by_text(words_of("table")["sideways"])
        shade = "node => getComputedStyle(node.parentElement, '::after').boxShadow"
        last = shown.card().get_by_role("columnheader").last
        expect(hint).to_be_visible()
        expect(region).to_have_accessible_description(words_of("table")["sideways"])
        assert region.evaluate(shade) != "none"
        region.focus()
        top = region.bounding_box()
        while hint.is_visible():
            shown.page.keyboard.press("ArrowRight")
        edge, column = region.bounding_box(), last.bounding_box()
        assert top == edge and edge and column  # nothing has jumped
        assert column["x"] + column["width"] <= edge["x"] + edge["width"] + 1
        assert region.evaluate(shade) == "none"
        shown.page.keyboard.press("ArrowLeft")
        expect(hint).to_be_visible()


@pytest.mark.browser
def test_a_table_that_fits_says_nothing_of_its_sides(browser: Browser) -> None:
    views = [table_view(DATA, "privacy-settings", caption=LEONIE)]
    with TablePage(browser, views, viewport={"width": 390, "height": 844}) as shown:
        hint = shown.card().get_by_text(words_of("table")["sideways"])
        expect(hint).to_be_visible()
        shown.page.set_viewport_size({"width": 1600, "height": 900})
        expect(hint).to_have_count(0)
        expect(shown.card().get_by_role("region", name=LEONIE)).to_have_accessible_description("")
        shown.page.set_viewport_size({"width": 390, "height": 844})
        shown.card().get_by_label("Group by").select_option("purpose")
        expect(hint).to_have_count(0)


@pytest.mark.browser
def test_no_text_of_a_table_is_read_as_html(browser: Browser, hostile: Path) -> None:
    with TablePage(browser, [table_view(hostile, "places", caption="<img src=x onerror=hacked=1>")]) as shown:
        expect(shown.card().locator("tbody th").first).to_have_text("<script>hacked=1</script>")
        assert shown.page.evaluate("typeof hacked") == "undefined"
        assert shown.page.locator("main img, main b, main i").count() == shown.page.locator("details b").count()


def test_the_page_has_no_words_of_its_own() -> None:
    script = (PROJECT / "src/fieldguide/tables/static/table.js").read_text("utf-8")
    used = {part.split('"')[0] for part in script.split('say("')[1:]} | {"groups.one", "groups.other"}
    assert used <= set(words_of("table"))


# -- in JupyterLab -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[JupyterServer]:
    folder = tmp_path_factory.mktemp("tables")
    shutil.copytree(DATA, folder / "modules" / "data")
    caption = f"caption: {LEONIE}\n"
    (folder / "modules" / "02-m.md").write_text(
        HEAD
        + cell_text(f"data: privacy-settings\n{caption}")
        + "\nMore:\n\n"
        + cell_text("data: policy-gaps\ncaption: What eight agencies' policies say.\ngroup: status\n"),
        "utf-8",
    )
    notebook = instructor_edition(read_module(folder / "modules" / "02-m.md"), {}, {})
    (folder / "root").mkdir()
    shutil.copytree(DATA, folder / "root" / "data")
    nbformat.write(notebook, folder / "root" / "02-m.ipynb")
    server = JupyterServer(folder / "root", folder / "home")
    yield server
    server.stop()


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("app", ["lab", "notebook7"])
def test_in_jupyter_a_table_opens_by_itself_and_answers(lab: JupyterServer, browser: Browser, app: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(lab.lab("02-m.ipynb") if app == "lab" else lab.notebook7("02-m.ipynb"))
    card = page.locator(".fg-table").first
    expect(status(card)).to_have_text("24 of 24 rows")
    card.get_by_label("at_strictest", exact=True).select_option("no")
    expect(status(card)).to_have_text("13 of 24 rows")
    # JupyterLab's own keys do nothing to the notebook: "b" would add a cell, "j" go to the next.
    cells = len(nbformat.read(lab.root / "02-m.ipynb", as_version=4).cells)
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(cells)  # they are drawn one by one
    for control in (card.get_by_label("Search"), card.get_by_label("purpose"), card.get_by_role("region")):
        control.focus()
        for key in "bj":
            page.keyboard.press(key)
        expect(control).to_be_focused()
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    card.get_by_role("button", name="Show all rows").click()
    expect(status(card)).to_have_text("24 of 24 rows")
    card.get_by_role("columnheader", name="setting").get_by_role("button").press("Enter")
    expect(card.locator("tbody tr").first).to_contain_text("Adding to groups")
    expect(page.locator(".fg-table").nth(1).get_by_role("img")).to_be_visible()
    assert axe(page, ".fg-table") == []
    assert page.locator(".jp-CodeCell .jp-InputArea-editor:visible").count() == 0
    context.close()
