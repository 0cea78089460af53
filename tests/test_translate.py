"""The course in another language: what changes with it, and that no score does."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from translated import SMALL, edit, small_course, translated_texts, write_translations

from fieldguide.authoring.building import build
from fieldguide.authoring.module import Module, read_module
from fieldguide.cells.kinds import ITEM
from fieldguide.cli import main
from fieldguide.items import Item, Order, ReadingError, read_item, score
from fieldguide.translate.building import LOCALE, build_language, build_pseudo, extract
from fieldguide.translate.markdown import PARSER
from fieldguide.translate.sources import NOTICE, Sources
from fieldguide.translate.texts import Unit
from fieldguide.words.pseudo import pseudo

EDITIONS = ("notebooks", "source", "release")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return small_course(tmp_path)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[Path, str]]:
    """A small course that is translated and built, and its English files."""
    project = small_course(tmp_path_factory.mktemp("translated"))
    write_translations(project, lambda unit: pseudo(unit.text, unit.most))
    build_language(project, "es")
    return project, build(project)


def notebook_of(project: Path, edition: str) -> nbformat.NotebookNode:
    folder = project / "courses" / "es" / edition
    path = folder / f"{SMALL}.ipynb" if edition == "notebooks" else folder / SMALL / f"{SMALL}.ipynb"
    return nbformat.read(path, as_version=4)


def without_checksum(metadata: nbformat.NotebookNode) -> dict[str, Any]:
    """What a cell says of itself, without nbgrader's sum of its text."""
    own = {name: value for name, value in metadata.get("nbgrader", {}).items() if name != "checksum"}
    return {**metadata, "nbgrader": own}


def english_of(files: dict[Path, str], edition: str) -> nbformat.NotebookNode:
    path = Path(edition, *([] if edition == "notebooks" else [SMALL]), f"{SMALL}.ipynb")
    return nbformat.reads(files[path], as_version=4)


def items_of(notebook: nbformat.NotebookNode, *, stripped: bool = False) -> dict[str, Item]:
    sources = [cell.source for cell in notebook.cells if ITEM.magic in cell.source.splitlines()[:1]]
    items = [read_item(ITEM.below(source), "item", stripped=stripped) for source in sources]
    return {item.id: item for item in items}


# -- what is built ---------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("edition", EDITIONS)
def test_cells_and_their_ids_are_those_of_the_english_notebook(
    built: tuple[Path, dict[Path, str]], edition: str
) -> None:
    project, english = built
    told = [
        [(cell.id, cell.cell_type, without_checksum(cell.metadata)) for cell in notebook.cells]
        for notebook in (notebook_of(project, edition), english_of(english, edition))
    ]
    assert told[0] == told[1]


@pytest.mark.slow
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_notebook_names_its_language_and_an_english_one_names_none(
    built: tuple[Path, dict[Path, str]], edition: str
) -> None:
    project, english = built
    notebook, other = notebook_of(project, edition), english_of(english, edition)
    assert notebook.metadata["fieldguide"]["lang"] == "es"
    assert "lang: es" in next(cell.source for cell in notebook.cells if cell.id == "module-head").splitlines()
    assert "lang" not in other.metadata["fieldguide"]
    assert "lang:" not in next(cell.source for cell in other.cells if cell.id == "module-head")


@pytest.mark.slow
def test_every_text_is_translated_where_a_catalogue_says_all(built: tuple[Path, dict[Path, str]]) -> None:
    project, _ = built
    sources = Sources.read(project)
    said = json.dumps([cell.source for cell in notebook_of(project, "source").cells], ensure_ascii=False)
    said = said.replace('\\\\"', '"').replace('\\"', '"').replace("\\\\n", "\n").replace("\\n", "\n")
    for unit in sources.units(SMALL):
        if "/head/" not in unit.context and unit.text != NOTICE:
            assert pseudo(unit.text) in said, unit
            assert len(unit.text) < 20 or unit.text not in said, unit


PRIVATE = ("rationale", "exemplar", "levels", "profiles")


def field_of(unit: Unit) -> str:
    return unit.context.rpartition("/")[2].partition(".")[0]


@pytest.mark.slow
def test_a_students_edition_holds_no_translated_reason_or_key(built: tuple[Path, dict[Path, str]]) -> None:
    project, english = built
    released = "\n".join(cell.source for cell in notebook_of(project, "release").cells)
    opened = "\n".join(cell.source for cell in notebook_of(project, "notebooks").cells)
    source = "\n".join(cell.source for cell in notebook_of(project, "source").cells)
    graded = {item.id for item in items_of(english_of(english, "source")).values() if item.use == "graded"}
    private = [
        unit
        for unit in Sources.read(project).units(SMALL)
        if (any(f"/{name}/" in unit.context for name in graded) and field_of(unit) in PRIVATE)
        or unit.context.endswith(("decision.commentary", "decision.positions.first-robin"))
        or "/discussion/" in unit.context
    ]
    assert {unit.context.split("/")[-1].split(".")[0] for unit in private} >= {
        "rationale",
        "levels",
        "profiles",
        "close",
    }
    for unit in private:
        said = pseudo(unit.text).split("\n\n")[0]
        assert said in source, unit
        assert said not in released and said not in opened and unit.text not in released, unit
    for item in items_of(notebook_of(project, "release"), stripped=True).values():
        assert item.complete == (item.use == "practice")


@pytest.mark.slow
def test_a_word_that_modules_share_is_translated_where_they_show_it(built: tuple[Path, dict[Path, str]]) -> None:
    project, _ = built
    texts = [cell.source for cell in notebook_of(project, "source").cells]
    assert any(
        f"#### Boundary\n\n**{pseudo('Boundary')}.** {pseudo('The line between work and the rest.')}" in text
        for text in texts
    )
    assert any(pseudo("Clients first.") in text for text in texts)  # the gist of a standard, in a worksheet
    data = project / "courses" / "es" / "release" / SMALL / "data"
    header, first, *_ = (data / "towns.csv").read_text("utf-8").splitlines()
    assert header == ",".join(map(pseudo, ("name", "town", "number")))
    assert first == f"{pseudo('Ada')},{pseudo('Alder Point')},1"
    assert f'filters: ["{pseudo("town")}"]' in "\n".join(texts)


def test_the_notebook_begins_with_who_has_reviewed_the_translation(project: Path) -> None:
    path = Path("modules", f"{SMALL}.md")
    write_translations(project, lambda unit: "")
    assert f"> {NOTICE}\n\n## What it is about" in translated_texts(project)[0][path]
    write_translations(project, lambda unit: "**Un borrador.**" if unit.text == NOTICE else "")
    assert "> **Un borrador.**\n\n## What it is about" in translated_texts(project)[0][path]


# -- scores ----------------------------------------------------------------------------------------


def responses(item: Item, chance: random.Random) -> Any:
    """Something that a student may have given, of a form that the page sends."""
    shown = item.shown()
    options = [option["id"] for option in shown.get("options", [])]
    if "prompts" in shown:
        return {prompt["id"]: chance.choice(options) for prompt in shown["prompts"] if chance.random() < 0.8}
    if isinstance(item, Order):
        return chance.sample(options, len(options))
    if options:
        return chance.sample(options, chance.randint(1, 1 if item.any_option else len(options)))
    return chance.choice(["12.5", "12", "13.1", "50 percent", "", "Alder Point"])


def same_scores(english: list[Item], other: list[Item]) -> None:
    """Both hold the same items, whose scores are the same, whichever of them a student has before them."""
    chance = random.Random(7)
    assert [(one.id, one.use, one.points, one.covers, one.basis) for one in english] == [
        (one.id, one.use, one.points, one.covers, one.basis) for one in other
    ]
    for one, two in zip(english, other, strict=True):
        for shown in (one, two) * 10:
            given = responses(shown, chance)
            first, second = score(one, given), score(two, given)
            assert (first.state, first.score, first.maximum) == (second.state, second.score, second.maximum)


@pytest.mark.slow
def test_what_is_answered_in_spanish_is_worth_the_same_by_the_english_source(
    built: tuple[Path, dict[Path, str]],
) -> None:
    project, english = built
    source = items_of(english_of(english, "source"))
    chance = random.Random(3)
    worth = set()
    for name, item in items_of(notebook_of(project, "release"), stripped=True).items():
        for _ in range(20):
            given = responses(item, chance)  # made of what the student's notebook in Spanish offers
            outcome = score(source[name], given)
            assert outcome == score(items_of(notebook_of(project, "source"))[name], given)
            worth.add(outcome.state)
    assert worth >= {"right", "wrong", "partly"}


SIGNS = (
    "uno ¿dos? # - * [tres]{town} [x] { } key: \" ' \\ ``` +++ --- | ** ` ](#Boundary) <b> %%item &a !b : 1. > @ {{ $x$"
)
PIECES = st.sampled_from(
    [
        *SIGNS.split(),
        "\n\n",
        "\n",
        "\t",
        " ",
        "```\n",
        "---\n",
        "\x85",
        "\u2028",
        "\ufeff",
        "\x07",
        "id: other\n",
        "12.5",
    ]
)


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=False), pieces=st.lists(PIECES, min_size=1, max_size=6), kept=st.booleans())
def test_no_catalogue_changes_a_score_whatever_it_says(
    tmp_path_factory: pytest.TempPathFactory, chance: random.Random, pieces: list[str], kept: bool
) -> None:
    project = small_course(tmp_path_factory.mktemp("random"))

    def say(unit: Unit) -> str:
        chance.shuffle(pieces)
        if chance.random() < (0.95 if kept else 0.2):
            return chance.choice(["", unit.text, pseudo(unit.text, unit.most)])
        return "".join(pieces)

    write_translations(project, say)
    try:
        texts, _ = translated_texts(project)
    except ReadingError as error:
        assert all(problem.file.startswith("modules/locale/es/") for problem in error.problems), error
        return
    same_scores(read_module_of(project, None).items(), read_module_of(project, texts).items())


def read_module_of(project: Path, texts: dict[Path, str] | None, name: str = SMALL) -> Module:
    """The module of a course, or what a translation has made of it."""
    for path, text in (texts or {}).items():
        (project / "read" / path).parent.mkdir(parents=True, exist_ok=True)
        (project / "read" / path).write_text(text, "utf-8")
    return read_module((project / "read" if texts else project) / "modules" / f"{name}.md")


def test_the_scores_of_a_whole_translation_are_the_english_ones(project: Path) -> None:
    write_translations(project, lambda unit: pseudo(unit.text, unit.most))
    texts, report = translated_texts(project)
    english, spanish = read_module_of(project, None), read_module_of(project, texts)
    same_scores(english.items(), spanish.items())
    assert [cell.id for cell in english.cells] == [cell.id for cell in spanish.cells]
    assert spanish.title == pseudo("A small module") and not any(report.english.values())


# -- what a translation must keep --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("english", "spanish", "told"),
    [
        ("[Fern Hollow]{town}", "Fern Hollow", "town missing. Write each as [words]{id}."),
        ("[Fern Hollow]{town}", "[Fern Hollow]{pueblo}", "town missing; pueblo too many."),
        ("(#Boundary)", "(#Limite)", "the number of links to #Boundary is 0. Expected 1"),
        ("**a line**", "una linea", "the number of bold words, in **two stars** is 0. Expected 1"),
        ("`code`", "codigo", "the number of code code is 0. Expected 1"),
        ("*enough*", "bastante", "the number of words in *one star* is 0. Expected 1"),
        ("Stop", "Alto | ya", "there is a '|' more or fewer."),
        ("One thing", "# Una cosa", "Expected"),
        ("One thing", "+++ Una cosa", "it begins with a sign that parts cells of a notebook."),
        ("One thing", "Una cosa <b>", "the number of HTML tags <b> is 1. Expected 0"),
        ("Student intern at Mill Row", "Interna\\n\\nen Mill Row", "the number of paragraphs is 3. Expected 2"),
        ("Brookfield", "Alder Point", "'Alder Point' and 'Brookfield' are both 'Alder Point'."),
        ("Brookfield", "Un lugar con un nombre que ningún menú puede mostrar entero", "Expected at most 48"),
        ("Brookfield", "12", "which a table takes for something else."),
    ],
)
def test_a_mark_that_is_lost_is_told_with_its_line_in_the_catalogue(
    project: Path, english: str, spanish: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_translations(project, lambda unit: unit.text)
    name = "tables" if english == "Brookfield" else SMALL
    path = project / LOCALE / "es" / f"{name}.po"
    lines = path.read_text("utf-8").split("\n")
    at = next(
        n
        for n, line in enumerate(lines)
        if english in line
        and "msgstr" in "".join(lines[max(0, n - 6) : n + 1])
        and not line.startswith(("#", "msgid"))
        and _in_string(lines, n)
    )
    lines[at] = lines[at].replace(english, spanish, 1)
    path.write_text("\n".join(lines), "utf-8")
    assert main(["--project", str(project), "translate", "build", "es"]) == 1
    said = capsys.readouterr().err
    assert told in said and f"modules/locale/es/{name}.po, line " in said
    assert not (project / "courses").exists()


def _in_string(lines: list[str], at: int) -> bool:
    """Whether a line of a catalogue belongs to a translation."""
    keyword = next(line for line in reversed(lines[: at + 1]) if line.startswith("msg"))
    return keyword.startswith("msgstr")


@pytest.mark.slow
def test_a_text_that_is_not_translated_or_fuzzy_stays_english_and_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_translations(project, lambda unit: "" if unit.text == "One thing" else pseudo(unit.text, unit.most))
    edit(
        project,
        SMALL,
        'msgctxt "01-small/item/smallest-group/stem"',
        '#, fuzzy\nmsgctxt "01-small/item/smallest-group/stem"',
    )
    texts, report = translated_texts(project)
    assert [(stays.context, stays.why) for stays in report.english[SMALL]] == [
        ("01-small/text", "not translated"),
        ("01-small/item/smallest-group/stem", "fuzzy"),
    ]
    text = texts[Path("modules", f"{SMALL}.md")]
    assert "\n- One thing\n" in text and "What percentage is it?" in text and pseudo("Another thing") in text
    assert main(["--project", str(project), "translate", "build", "es"]) == 0
    said = capsys.readouterr().out
    assert "stays English (fuzzy): 01-small/item/smallest-group/stem (modules/locale/es/01-small.po, line " in said
    count = report.texts[SMALL]
    assert f"01-small: {count - 2} of {count} texts are translated." in said


# -- extracting --------------------------------------------------------------------------------------


def test_extracting_twice_writes_the_same_bytes(project: Path) -> None:
    extract(project, "es", [])
    before = {path: path.read_bytes() for path in (project / LOCALE / "es").iterdir()}
    assert {path.name for path in before} == {f"{SMALL}.po", "glossary.po", "standards.po", "tables.po"}
    assert not any(changed for *_, changed in extract(project, "es", []).values())
    assert {path: path.read_bytes() for path in (project / LOCALE / "es").iterdir()} == before


def test_a_text_that_changes_keeps_its_translation_as_fuzzy_and_one_that_goes_as_obsolete(project: Path) -> None:
    write_translations(project, lambda unit: pseudo(unit.text, unit.most))
    path = project / "modules" / f"{SMALL}.md"
    english = path.read_text("utf-8")
    path.write_text(
        english.replace("stem: What percentage is it?", "stem: Which percentage is it?")
        .replace("- Another thing\n", "- Yet another thing\n- Something quite new\n")
        .replace("- One thing\n", ""),
        "utf-8",
    )
    extract(project, "es", [])
    catalogue = (project / LOCALE / "es" / f"{SMALL}.po").read_text("utf-8")
    entries = {entry.split('msgid "')[-1].split('"')[0]: entry for entry in catalogue.split("\n\n")}
    changed = entries["Which percentage is it?"]
    assert "#, fuzzy" in changed and pseudo("What percentage is it?") in changed
    assert "Made when the English text was: What percentage is it?" in changed
    assert "#, fuzzy" in entries["Yet another thing"] and pseudo("Another thing") in entries["Yet another thing"]
    assert 'msgstr ""' in entries["Something quite new"] and "fuzzy" not in entries["Something quite new"]
    assert f'#~ msgstr "{pseudo("One thing")}"' in catalogue
    extract(project, "es", [])
    assert (project / LOCALE / "es" / f"{SMALL}.po").read_text("utf-8") == catalogue
    path.write_text(english, "utf-8")  # what was gone comes back with its translation, to be looked at
    extract(project, "es", [])
    entries = {
        e.split('msgid "')[-1].split('"')[0]: e
        for e in (project / LOCALE / "es" / f"{SMALL}.po").read_text("utf-8").split("\n\n")
    }
    assert "#, fuzzy" in entries["One thing"] and pseudo("One thing") in entries["One thing"]


def test_a_translators_own_comment_and_head_stay(project: Path) -> None:
    write_translations(project, lambda unit: pseudo(unit.text, unit.most))
    edit(project, SMALL, 'msgctxt "01-small/head/title"', '# As in the brochure.\nmsgctxt "01-small/head/title"')
    edit(project, SMALL, "Last-Translator: nobody yet", "Last-Translator: Ana Ríos <ana@example.org>")
    extract(project, "es", [])
    catalogue = (project / LOCALE / "es" / f"{SMALL}.po").read_text("utf-8")
    assert "# As in the brochure.\n" in catalogue and "Ana Ríos <ana@example.org>" in catalogue


# -- the pseudo language -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["One.\n\nTwo?", "* May we?", "[a b]{one} and [c]{two}", "See [it](#It), `x`, **y**"])
def test_a_pseudo_text_is_marked_longer_and_keeps_its_marks(text: str) -> None:
    said = pseudo(text)
    assert said.count("⟦") == said.count("⟧") == text.count("\n\n") + 1 and len(said) >= 1.4 * len(text)
    for kept in ("*", "{one}", "{two}", "(#It)", "`x`", "**"):
        assert said.count(kept) == text.count(kept)


@pytest.mark.slow
def test_the_pseudo_course_has_every_text_marked(project: Path) -> None:
    build_pseudo(project)
    path = project / "courses" / "ar-XB" / "release" / SMALL / f"{SMALL}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    assert notebook.metadata["fieldguide"]["lang"] == "ar-XB"
    told = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    texts = [cell.source for cell in told if cell.id.startswith(("text-", "how-to-start", "task-"))]
    inline = [token.content for text in texts for token in PARSER.parse(text) if token.type == "inline"]
    assert inline and all(text.startswith("⟦") and text.endswith("⟧") for text in inline), inline


# -- bad input -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["../x", "es/..", "en", "ES", "", "español", "es_MX", "xx-yy", "/tmp"])
@pytest.mark.parametrize("command", ["extract", "build"])
def test_what_is_no_code_of_a_language_is_told_and_nothing_is_written(
    project: Path, language: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(project.rglob("*"))
    assert main(["--project", str(project), "translate", command, "--", language]) == 1
    said = capsys.readouterr().err
    assert ("no code of a language" in said or "name another language" in said) and "Traceback" not in said
    assert sorted(project.rglob("*")) == before


def spoil(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text, "utf-8")


ENTRY_OF_NOTHING = (
    'msgid ""\nmsgstr ""\n"Language: es\\n"\n\nmsgctxt "01-small/item/gone/stem"\nmsgid "Gone"\nmsgstr "Ida"\n'
)
TWICE = 'msgctxt "01-small/head/title"\nmsgid "A small module"\nmsgstr "Uno"\n\n'


@pytest.mark.parametrize(
    ("spoiled", "told"),
    [
        (spoil("Hola, profesora.\n"), "line 1: this is not a PO file"),
        (spoil("msgid Hola\nmsgstr Adios\n"), "line 1: this is not a PO file"),
        (spoil('msgid "a"\n'), "this is not a PO file (missing msgstr"),
        (spoil('msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\n'), "line 1: a text has a plural form."),
        (spoil('msgid ""\nmsgstr ""\n"POT-Creation-Date: tomorrow\\n"\n'), "line 1: this is not a PO file"),
        (spoil('msgid ""\nmsgstr ""\n"Language: ../../x\\n"\n'), "this is not a PO file"),
        (spoil(ENTRY_OF_NOTHING), "line 6: there is no text '01-small/item/gone/stem' in the course."),
        (spoil(TWICE + TWICE), "a text under '01-small/head/title' stands here twice"),
        (
            lambda path: path.write_bytes('msgid ""\nmsgstr "Qué"\n'.encode("latin-1")),
            "line 2: this is not UTF-8 text.",
        ),
        (lambda path: path.write_bytes(b"\x00\x01\xff"), "this is not UTF-8 text."),
        (lambda path: path.rename(path.with_name("99-other.po")), "no module and no shared catalogue"),
    ],
)
def test_a_catalogue_that_cannot_be_used_is_told_with_its_line(
    project: Path, spoiled: Callable[[Path], object], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    extract(project, "es", [])
    spoiled(project / LOCALE / "es" / f"{SMALL}.po")
    assert main(["--project", str(project), "translate", "build", "es"]) == 1
    said = capsys.readouterr().err
    assert told in said and "modules/locale/es/" in said
    assert not (project / "courses").exists()


@pytest.mark.usefixtures("no_hanging")
def test_a_pipe_in_the_place_of_a_catalogue_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    extract(project, "es", [])
    path = project / LOCALE / "es" / f"{SMALL}.po"
    path.unlink()
    os.mkfifo(path)
    assert main(["--project", str(project), "translate", "build", "es"]) == 1
    assert "it is no plain file" in capsys.readouterr().err


def test_building_without_a_catalogue_says_how_to_begin(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--project", str(project), "translate", "build", "es"]) == 1
    assert "Begin with: fieldguide translate extract es" in capsys.readouterr().err


def test_a_module_that_there_is_not_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--project", str(project), "translate", "extract", "es", "09"]) == 1
    assert "'09' names 0 catalogues." in capsys.readouterr().err
    assert not (project / LOCALE).exists()
