"""From a module's text to its notebooks."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from urllib.parse import quote

import nbformat
import pytest
from conftest import MODULE, PROJECT
from samples import CHOICE, TASK

from fieldguide.authoring.building import build, differences, read_modules, write
from fieldguide.authoring.editions import instructor_edition, open_edition
from fieldguide.authoring.glossary import read_glossary
from fieldguide.authoring.module import Module, read_module
from fieldguide.authoring.standards import read_gists
from fieldguide.cli import main
from fieldguide.grading.instructor import GradedItem, arrange
from fieldguide.items import Choice, Essay, ReadingError
from fieldguide.plainfiles import NotPlainError


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT / "modules", tmp_path / "modules")
    shutil.copy(PROJECT / "nbgrader_config.py", tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def built() -> dict[Path, str]:
    return build(PROJECT)


def test_what_is_committed_is_what_the_text_builds(built: dict[Path, str]) -> None:
    assert differences(PROJECT, built) == ""


def test_building_twice_gives_the_same_bytes(project: Path, built: dict[Path, str]) -> None:
    assert build(project) == built


def test_a_change_is_shown_as_a_diff_and_written_once(
    project: Path, built: dict[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, built)
    notebook = project / "notebooks" / f"{MODULE}.ipynb"
    notebook.write_text(notebook.read_text("utf-8").replace("Why we bring cases to class", "Why not"), "utf-8")
    stray = project / "source" / "99-gone" / "99-gone.ipynb"
    stray.parent.mkdir()
    stray.write_text("{}")
    diff = differences(project, built)
    assert "-" in diff and "Why not" in diff and "no module makes this file" in diff
    assert {path.name for path in write(project, built)} == {f"{MODULE}.ipynb", "99-gone.ipynb"}
    assert write(project, built) == [] and differences(project, built) == ""


@pytest.mark.usefixtures("no_hanging")
@pytest.mark.parametrize(
    "file",
    [
        *(f"modules/{MODULE}.md", "modules/data/glossary.md", "modules/data/code-edition.yaml"),
        *("modules/data/blueprint.csv", "modules/data/caregivers.csv", "modules/data/caregivers.yaml"),
        "nbgrader_config.py",
    ],
)
def test_a_pipe_where_the_build_reads_a_file_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str], file: str
) -> None:
    (project / file).unlink()
    os.mkfifo(project / file)
    assert main(["--project", str(project), "build"]) == 1
    assert capsys.readouterr().err == f"{project / file}: it is no plain file.\n"
    assert not (project / "notebooks").exists()


@pytest.mark.usefixtures("no_hanging")
def test_a_pipe_where_a_built_file_goes_is_refused(project: Path, built: dict[Path, str]) -> None:
    (project / "notebooks").mkdir()
    os.mkfifo(project / "notebooks" / f"{MODULE}.ipynb")
    for step in (write, differences):
        with pytest.raises(NotPlainError):
            step(project, built)


def test_check_fails_on_a_difference_and_writes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--project", str(project), "build", "--check"]) == 1
    out = capsys.readouterr()
    assert "+++" in out.out and "./run build" in out.err
    assert not (project / "notebooks").exists()


def test_a_fault_in_a_module_is_told_with_file_and_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project / "modules" / f"{MODULE}.md"
    lines = path.read_text("utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("use: graded"))
    lines[at] = "use: graaded"
    path.write_text("\n".join(lines), "utf-8")
    assert main(["--project", str(project), "build"]) == 1
    told = capsys.readouterr().err
    assert f"modules/{MODULE}.md, line {at + 1}: " in told and "'use' is 'graaded'" in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("---\ntitle", "title", "the module's head is missing"),
        ("\nminutes: ", "\nminutes: soon ", "'minutes' is 'soon "),
        ("title:", "titel:", "there is no field 'titel'"),
        ("%%item", "%%itm", "this cell is of no kind that is known here ('%%itm')"),
        ('{"tags": ["graded"]}', '{"tags": ["grade"]}', "there is no tag 'grade'"),
    ],
)
def test_faults_of_a_module(project: Path, old: str, new: str, what: str) -> None:
    path = project / "modules" / f"{MODULE}.md"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ReadingError) as caught:
        read_module(path)
    assert what in str(caught.value)


def test_an_id_used_twice_names_both_lines(project: Path) -> None:
    path = project / "modules" / f"{MODULE}.md"
    cell = f"```{{code-cell}}\n%%item\n{CHOICE}```\n"
    path.write_text(f"{path.read_text('utf-8')}\n{cell}\n{cell}", "utf-8")
    with pytest.raises(ReadingError) as caught:
        read_module(path)
    assert "'after-hours-message' is used already (line " in str(caught.value)


def test_a_text_for_practice_is_in_every_edition_and_nowhere_to_be_scored(project: Path, module: Module) -> None:
    path = project / "modules" / f"{MODULE}.md"
    path.write_text(f"{path.read_text('utf-8')}\n```{{code-cell}}\n%%item\n{TASK}```\n", "utf-8")
    task = "item-a-bio-for-the-page"
    changed, gists = read_module(path), read_gists(PROJECT)
    for edition in (open_edition(changed, {}, gists), instructor_edition(changed, {}, gists)):
        (cell,) = (cell for cell in edition.cells if cell.id == task)
        assert "Messages here are not read after five." in cell.source and "nbgrader" not in cell.metadata
    notebook = arrange(changed.id, {}, list(edition.cells))
    assert "Messages here are not read after five." in notebook.handed_out[task]
    assert "a-bio-for-the-page" in notebook.known_ids
    assert not [part for part in notebook.layout if isinstance(part, GradedItem) and part.item.use != "graded"]
    assert len(notebook.graded) == len(module.items("graded"))


def test_each_meaning_of_a_word_leads_back_to_where_it_was_linked_from(built: dict[Path, str]) -> None:
    seen = 0
    for path, text in built.items():
        if path.suffix != ".ipynb":
            continue
        *cells, last = nbformat.reads(text, 4).cells  # type: ignore[no-untyped-call]
        sections = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        for entry in last.source.split("\n#### ")[1:]:
            term = entry.splitlines()[0]
            back = re.findall(r"\[([^\]]+)\]\(#([^)]+)\)", entry.rpartition("\n\nBack to: ")[2])
            seen += len(back)
            assert back, f"{path}: {term}"
            for heading, to in back:
                assert to == quote(to, safe="?:,;'!&/") == heading.replace(" ", "-")  # as a browser leaves it
                (section,) = re.findall(rf"^#+ {re.escape(heading)}$(.*?)(?=^#+ |\Z)", sections, re.M | re.S)
                assert f"](#{term.replace(' ', '-')})" in section
    assert seen


def test_no_way_back_leads_to_a_section_that_students_do_not_have(project: Path) -> None:
    path = project / "modules" / f"{MODULE}.md"
    cell = '+++ {"tags": ["instructor"]}\n\n### For you\n\nAn [AI scribe](#AI-scribe), and a [breach](#Breach).\n'
    text = path.read_text("utf-8")
    place = text.index("+++")
    path.write_text(f"{text[:place]}{cell}\n{text[place:]}", "utf-8")
    glossary = read_glossary(project / "modules" / "data" / "glossary.md")
    words = instructor_edition(read_module(path), glossary, read_gists(PROJECT)).cells[-1].source
    assert "#### AI scribe" in words and "#For-you" not in words
    assert "Back to: [Credits and sources](#Credits-and-sources)" in words.split("#### Breach")[1].split("####")[0]


def echo(item_id: str) -> str:
    return f"```{{code-cell}}\n%%echo\nid: {item_id}\n```\n"


def test_an_echo_is_the_earlier_item_taken_over(project: Path, module: Module) -> None:
    first = module.items("practice")[0]
    text = (project / "modules" / f"{MODULE}.md").read_text("utf-8")
    head = text[: text.index("\n---\n", 4) + 5]
    (project / "modules" / "08-later.md").write_text(f"{head}\n{echo(first.id)}", "utf-8")
    later = read_modules(project)[-1]
    assert later.items() == [first] and later.own_items() == []


@pytest.mark.parametrize("which", ["nothing", "graded", "later"])
def test_an_echo_of_no_earlier_practice_item_is_told(project: Path, module: Module, which: str) -> None:
    echoed = {"nothing": "gone", "graded": module.items("graded")[0].id, "later": module.items("practice")[0].id}[which]
    text = (project / "modules" / f"{MODULE}.md").read_text("utf-8")
    head = text[: text.index("\n---\n", 4) + 5]
    name = "04-zz-before" if which == "later" else "08-after"
    (project / "modules" / f"{name}.md").write_text(f"{head}\n{echo(echoed)}", "utf-8")
    with pytest.raises(ReadingError, match=f"{name}.md, line .*the echo of '{echoed}' finds no practice item"):
        read_modules(project)


def test_an_id_of_another_module_is_told(project: Path) -> None:
    path = project / "modules" / f"{MODULE}.md"
    (project / "modules" / "06-copy.md").write_bytes(path.read_bytes())
    with pytest.raises(ReadingError, match="is used already, in modules/05"):
        read_modules(project)


def test_what_is_no_text_is_told(project: Path) -> None:
    path = project / "modules" / f"{MODULE}.md"
    path.write_bytes(b"---\ntitle: \xff\n---\n")
    with pytest.raises(ReadingError, match="line 2: this is not UTF-8 text"):
        read_module(path)


def test_a_folder_without_modules_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--project", str(tmp_path), "build"]) == 1
    assert "has no folder 'modules'" in capsys.readouterr().err


def test_the_module_has_what_a_class_needs(module: Module) -> None:
    practice, graded = module.items("practice"), module.items("graded")
    assert 6 <= len([item for item in practice if not isinstance(item, Essay)]) <= 8
    assert 4 <= len([item for item in graded if item.points and isinstance(item, Choice)]) <= 6 or len(graded) >= 5
    statements = {"Q0a", "Q0b", "Q0c", "Q1", "Q2", "Q3"}
    assert statements <= {statement for item in practice for statement in item.covers}
    assert {"Q1", "Q2", "Q3"} <= {statement for item in graded for statement in item.covers}


def test_keys_stand_in_every_position(module: Module) -> None:
    places = [
        list(item.options).index(item.key[0])
        for item in module.items()
        if isinstance(item, Choice) and item.choose == "one"
    ]
    assert {0, 1, 2} <= set(places)
    assert max(places.count(place) for place in places) <= len(places) / 2
