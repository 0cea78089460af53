"""The docs as a site: what is made of the modules, what stands on no page, and that it stands by itself."""

from __future__ import annotations

import re
from pathlib import Path

import docpages
import docsite
import pytest
from conftest import PROJECT
from playwright.sync_api import Browser
from withheld import runs, untagged, withheld

from fieldguide.authoring.building import read_modules
from fieldguide.authoring.module import TAGS
from fieldguide.authoring.routes import read_routes
from fieldguide.cells.kinds import CASE, ITEM
from fieldguide.items import Essay
from fieldguide.items.reading import FIELDS
from fieldguide.tables.cells import FIELDS as TABLE_FIELDS


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Sphinx reads."""
    folder = tmp_path_factory.mktemp("site") / "staged"
    docsite.stage(PROJECT, folder)
    return folder


@pytest.fixture(scope="module")
def site(staged: Path) -> Path:
    """The site, made anew."""
    assert docsite.bring_sphinx()
    to = staged.parent / "site"
    assert docsite.main(["--to", str(to)]) == 0
    return to


def test_no_key_reason_or_sample_of_a_graded_question_is_on_the_site(staged: Path) -> None:
    private = withheld()
    assert len(private) > 20_000
    # It would be found: a reason, a commentary and a sample are among what is looked for.
    for module in read_modules(PROJECT):
        for item in module.items("graded"):
            if not item.BY_PERSON:
                assert any(run in private for reason in item.reasons() for run in runs(reason)), item.id
        for case in module.asked(CASE):
            if case.graded:
                assert any(run in private for run in runs(case.decision.commentary or "")), case.id
    leaked = {
        (path.relative_to(staged).as_posix(), " ".join(run), private[run])
        for path in staged.rglob("*.md")
        for run in runs(path.read_text("utf-8"))
        if run in private
    }
    assert leaked == set()


def test_what_decides_a_graded_question_is_left_out_of_the_page_for_authors(staged: Path) -> None:
    notes = [item.turns_on for module in read_modules(PROJECT) for item in module.items("graded") if item.turns_on]
    text = (staged / "docs" / "items.md").read_text("utf-8")
    assert len(notes) > 20
    assert [note for note in notes if note in text] == []


def test_each_path_has_a_row_for_each_week_with_the_modules_own_minutes(staged: Path) -> None:
    text = (staged / docpages.PARTS / "paths.md").read_text("utf-8")
    titles = {module.id[:2]: module.title for module in read_modules(PROJECT)}
    for route in read_routes(PROJECT):
        part = text.partition(f"## {route.title}\n")[2].partition("\n## ")[0]
        for week, number in enumerate(route.takes, 1):
            (row,) = re.findall(rf"^\| {week} \| .*$", part, re.MULTILINE)
            assert f"{number} {titles[number]}" in row and " min" in row


def test_every_case_has_a_handout_and_a_plan_or_where_it_is(staged: Path) -> None:
    cases = {case.id: case for module in read_modules(PROJECT) for case in module.asked(CASE)}
    handouts = {path.stem: path.read_text("utf-8") for path in (staged / docpages.HANDOUTS).glob("*.md")}
    assert handouts.keys() == cases.keys()
    plans = (staged / docpages.PARTS / "plans.md").read_text("utf-8")
    for name, case in cases.items():
        for text in (case.vignette, case.decision.question, *case.decision.options.values()):
            assert set(runs(text)) <= set(runs(handouts[name])), name
        # What a choice leads to is not on the sheet that a class begins with.
        for ending in case.endings.values():
            assert not set(runs(ending.text)) & set(runs(handouts[name])), name
        part = plans.partition(f"## {docpages.plain(case.title)}\n")[2].partition("\n## ")[0]
        assert ("its plan is not on these pages" in part) == case.graded, name


def test_the_map_of_competencies_counts_what_the_modules_name(staged: Path) -> None:
    text = (staged / docpages.PARTS / "competencies.md").read_text("utf-8")
    modules = read_modules(PROJECT)
    for competency in ("1a", "1c"):
        (row,) = re.findall(rf"^\| \*\*{competency}\*\* .*$", text, re.MULTILINE)
        questions, criteria, cases = row.strip("|").split("|")[1:]
        named = {
            module.id[:2]: sum(
                competency in item.competencies and not item.BY_PERSON for item in module.items("graded")
            )
            for module in modules
        }
        assert dict(re.findall(r"(\d\d): (\d+)", questions)) == {name: str(n) for name, n in named.items() if n}
        assert sum(map(int, re.findall(r": (\d+)", criteria))) == sum(
            competency in line.competencies
            for module in modules
            for item in module.items("graded")
            if isinstance(item, Essay)
            for line in item.rubric.values()
        )
        for module in modules:
            for case in module.asked(CASE):
                assert (docpages.plain(case.title) in cases) == (competency in case.competencies), case.id


def test_no_standard_that_only_graded_questions_rest_on_is_on_the_map(staged: Path) -> None:
    text = (staged / docpages.PARTS / "standards.md").read_text("utf-8")
    told = set(re.findall(r"^\| ([^|]+?) \|", text, re.MULTILINE)) - {"standard", "---"}
    open_ones = {
        standard
        for module in read_modules(PROJECT)
        for cell in module.cells
        for asked in (cell.of(ITEM), cell.of(CASE))
        if asked and (not asked.graded if cell.kind is CASE else asked.use == "practice")
        for standard in asked.standards
    }
    assert told and told <= open_ones


@pytest.mark.parametrize(
    ("name", "text", "address"),
    [
        ("a.html", '<link rel="stylesheet" href="https://fonts.example/a.css">', "https://fonts.example/a.css"),
        ("a.html", '<script src="//cdn.example/a.js"></script>', "//cdn.example/a.js"),
        ("a.css", "@font-face { src: url('https://fonts.example/a.woff2') }", "https://fonts.example/a.woff2"),
        ("a.html", '<a href="https://example.org/">who wants to read on</a><img src="a.png">', None),
    ],
)
def test_what_a_page_would_fetch_from_elsewhere_is_found(
    name: str, text: str, address: str | None, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert list(docsite.fetches(tmp_path / name)) == ([address] if address else [])


def test_a_folder_with_something_else_in_it_is_not_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    assert docsite.main(["--to", str(tmp_path)]) == 1
    assert "something else than a site" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_page_that_somebody_adds_is_in_the_menu(tmp_path: Path) -> None:
    index = tmp_path / "index.md"
    index.write_text("# The course\n\n```{toctree}\n:caption: Reference\n\nold\n../README\n```\n", encoding="utf-8")
    (tmp_path / "old.md").write_text("# Old\n", encoding="utf-8")
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "new.md").write_text("# New\n", encoding="utf-8")
    docsite._complete_menu(tmp_path)
    assert index.read_text("utf-8").endswith("\nold\n../README\nreview/new\n```\n")


def test_every_module_can_be_looked_at_as_a_student_gets_it_on_paper(staged: Path) -> None:
    listed = (staged / docpages.PARTS / "worksheets.md").read_text("utf-8")
    for module in read_modules(PROJECT):
        assert f"{docpages.WORKSHEETS}/{module.id}.html" in listed
        assert f"<h1>{module.title}</h1>" in (staged / "extra" / docpages.WORKSHEETS / f"{module.id}.html").read_text(
            "utf-8"
        )


def rows_of(heading: str) -> set[str]:
    """What the first columns of the tables below a heading of docs/authoring.md name."""
    text = (PROJECT / "docs" / "authoring.md").read_text("utf-8")
    part = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    first = re.findall(r"^\| (`[^|]+) \|", part, re.MULTILINE)
    return {name for cell in first for name in re.findall(r"`(\w+)`", cell)}


def test_the_docs_for_authors_name_every_field_and_tag_that_there_is() -> None:
    told = rows_of("Questions") | {"id", "type", "stem", "covers"}  # named in the sentence above the table
    assert told == set(FIELDS) - {"anchors"}  # an older way to write profiles
    assert rows_of("Markdown") == set(TAGS)
    assert rows_of("Tables") == set(TABLE_FIELDS)


@pytest.mark.slow
def test_the_site_is_made_without_a_warning_and_every_page_is_in_its_menu(site: Path, staged: Path) -> None:
    menu = (site / "docs" / "index.html").read_text("utf-8")
    for group in ("Teach", "Run a class", "Adapt", "Reference"):
        assert f">{group}<" in menu
    pages = {path.relative_to(staged).with_suffix(".html") for path in staged.rglob("*.md")}
    assert [path for path in pages if path.parts[:3] != docpages.PARTS.parts and not (site / path).exists()] == []
    for left_out in docsite._MENDED:
        assert [path.name for path in site.glob("docs/**/*.html") if left_out in path.read_text("utf-8")] == []
    everything = " ".join(path.read_text("utf-8") for path in site.rglob("*.html"))
    private = withheld()
    assert {" ".join(run) for run in runs(untagged(everything)) if run in private} == set()


@pytest.mark.slow
@pytest.mark.browser
def test_each_handout_fits_on_one_sheet(site: Path, browser: Browser) -> None:
    page = browser.new_page()
    handouts = sorted((site / docpages.HANDOUTS).glob("*.html"))
    assert handouts
    for handout in handouts:
        page.goto(handout.as_uri())
        sheet = page.pdf(format="Letter", prefer_css_page_size=True)
        assert len(re.findall(rb"/Type /Page\b", sheet)) == 1, handout.stem
    page.close()
