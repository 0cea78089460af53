"""What is said, in which language: the words files, plural forms and dates, and what a class in another one reads."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from case_class import SHORT_CASE
from conftest import PROJECT
from samples import CHOICE, ENTRY, ESSAY, HOTTEXT, MATCH, ORDER, PROFILED, SEVERAL
from unmarked import unmarked

import fieldguide.words as spoken_words
from fieldguide.cases.model import Case
from fieldguide.cases.reading import read_case
from fieldguide.digest.decisions import ClassDecisions
from fieldguide.digest.page import digest_page, figures_html, reasons_html
from fieldguide.grading.feedback import CellMark, feedback_page
from fieldguide.grading.instructor import InstructorNotebook, arrange
from fieldguide.grading.pages import graded_cells
from fieldguide.grading.submission import Note, Submission
from fieldguide.grading.told import For
from fieldguide.items import Entry, Essay, Item, read_item
from fieldguide.items.types import TYPES
from fieldguide.responses import ItemResponses
from fieldguide.words import ENGLISH, Words, in_words, languages, own_texts, speaking
from fieldguide.words.gaps import gaps
from fieldguide.words.pseudo import LANGUAGE, pseudo

ITEMS = (CHOICE, SEVERAL, MATCH, ORDER, HOTTEXT, ENTRY, ESSAY, PROFILED)
#: What in an item is no text that a person reads.
NO_TEXT = {
    "id",
    "type",
    "use",
    "covers",
    "basis",
    "standards",
    "choose",
    "key",
    "expect",
    "misconceptions",
    "scores",
    "to",
}


# -- the words files -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", languages())
def test_a_language_says_everything_with_the_placeholders_of_the_english_text(language: str) -> None:
    assert gaps(language) == []


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of words files in place of the package's, for languages that a test makes up."""
    monkeypatch.setattr(spoken_words, "_FOLDER", tmp_path)
    kept = (spoken_words.own_texts, spoken_words.languages, spoken_words._texts)
    for one in kept:
        one.cache_clear()
    say(
        tmp_path, "en", part={"hello": "Hello, {name}", "done": "Done", "days.one": "{n} day", "days.other": "{n} days"}
    )
    yield tmp_path
    for one in kept:
        one.cache_clear()


def say(folder: Path, language: str, **sections: dict[str, str]) -> None:
    texts = {"language": {"lang": language, "dir": "ltr"}, **sections}
    (folder / f"words.{language}.json").write_text(json.dumps(texts), "utf-8")


def test_what_is_wrong_with_a_translation_is_named(written: Path) -> None:
    said = {"hello": "Hola, {nombre}", "days.other": "<b>{n}</b> días", "adios": "Adiós"}
    say(written, "es", part=said, elsewhere={})
    told = "\n".join(sorted(gaps("es")))
    assert "'done' is missing, and is said in English" in told
    assert "'hello' has other placeholders than in English. Expected {name}." in told
    assert "'days.other' holds a sign of HTML" in told
    assert "there is no text 'adios'" in told and "there is no section 'elsewhere'" in told
    assert len(gaps("es")) == 5 and gaps("en") == []


def test_lint_says_in_a_line_which_word_a_language_lacks(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    say(written, "es", part={"hello": "Hola, {name}", "days.other": "{n} días"})
    with pytest.raises(SystemExit, match="1"):
        runpy.run_path(str(PROJECT / "tools" / "words.py"), run_name="__main__")
    said = "src/fieldguide/words/words.es.json, part: 'done' is missing, and is said in English.\n"
    assert capsys.readouterr().err == said
    assert "(tool words)" in (PROJECT / "run").read_text("utf-8").partition("lint)")[2].partition(";;")[0]


def test_what_a_language_does_not_say_is_said_in_english(written: Path) -> None:
    say(written, "es", part={"hello": "Hola, {name}"})
    part = Words("part")
    with speaking("es-MX"):
        assert (part.say("hello", name="Ana"), part.say("done")) == ("Hola, Ana", "Done")
        assert Words("language").words()["lang"] == "es"
    with speaking("../es"):
        assert part.say("hello", name="Ana") == "Hello, Ana"
    assert part.say("hello", name="Ana") == "Hello, Ana"


def test_a_number_asks_for_the_plural_form_of_its_language(written: Path) -> None:
    polish = {"days.one": "{n} dzień", "days.few": "{n} dni", "days.many": "{n} dni!", "days.other": "{n} dnia"}
    say(written, "pl", part=polish)
    part = Words("part")
    with speaking("pl"):
        assert [part.count("days", n) for n in (1, 3, 5, 22, 1.5)] == [
            *("1 dzień", "3 dni", "5 dni!", "22 dni"),
            "1,5 dnia",
        ]
    assert [part.count("days", n) for n in (0, 1, 1.0, 1.5)] == ["0 days", "1 day", "1 day", "1.5 days"]


def test_a_day_is_written_as_its_language_writes_it(written: Path) -> None:
    say(written, "es", part={})
    assert in_words(date(2026, 11, 2)) == "November 2, 2026"
    with speaking("es"):
        assert in_words(date(2026, 11, 2)) == "2 de noviembre de 2026"


def test_what_is_said_in_english_needs_no_babel() -> None:
    code = (
        "import sys\nfrom fieldguide.words import Words\n"
        "Words('rendering').count('other_paths', 2)\nassert 'babel' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_sentence_of_the_pseudo_language_is_marked_and_longer() -> None:
    texts = own_texts(LANGUAGE)
    for section, said in own_texts(ENGLISH).items():
        for name, text in said.items():
            if section != "language":
                assert unmarked(texts[section][name]) == [] and len(texts[section][name]) >= 1.4 * len(text), name
    assert unmarked(f"{pseudo('One {n}')} two {pseudo('three')}") == ["two"]


# -- what scorers and students read ----------------------------------------------------------------


def marked(field: Any, name: str = "") -> Any:
    """An item's fields with every text of them in the pseudo language."""
    if name in NO_TEXT or not isinstance(field, str | list | dict):
        return field
    if isinstance(field, dict):
        return {key: marked(value, str(key)) for key, value in field.items()}
    if isinstance(field, list):
        return [marked(value) for value in field]
    # A phrase of a passage is read by itself too.
    return pseudo(re.sub(r"\[([^]]+)\](?=\{)", lambda phrase: f"[{pseudo(phrase[1])}]", field))


def in_pseudo(text: str) -> tuple[Item, str]:
    source = yaml.safe_dump(marked(yaml.safe_load(text)), sort_keys=False, allow_unicode=True)
    return read_item(source, "a test"), source


def notebook() -> InstructorNotebook:
    cells = []
    for item, source in map(in_pseudo, ITEMS):
        nbgrader = {"grade_id": item.id, "grade": True, "points": item.maximum}
        cells.append(cell(f"item-{item.id}", f"%%item\n{source}", nbgrader))
        if isinstance(item, Essay):
            cells[-1]["metadata"] = {}
            cells.append(cell(f"task-{item.id}", "", nbgrader | {"task": True}) | {"cell_type": "markdown"})
    about = {"fieldguide": {"lang": LANGUAGE, "title": pseudo("A module")}}
    return arrange("05-a-module", about, cells)


def cell(name: str, source: str, nbgrader: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "id": name, "source": source, "metadata": {"nbgrader": nbgrader}}


class Reading(HTMLParser):
    """What a person reads of a page: its text, styles aside, and what is told of images and controls."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.languages: list[tuple[str | None, str | None]] = []
        self._within = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within = tag
        told = dict(attrs)
        self.texts += [told[name] or "" for name in ("aria-label", "title", "alt", "placeholder") if name in told]
        if "lang" in told:
            self.languages.append((told["lang"], told.get("dir")))

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within not in ("style", "script"):
            self.texts.append(data)


def read(page: str) -> Reading:
    reading = Reading(page)
    assert unmarked("\n".join(reading.texts)) == []
    return reading


def answers(found: InstructorNotebook) -> list[Submission]:
    """Nothing, what fits no question, and what earns all, half and nothing."""
    given: list[Submission] = [Submission(), Submission(), Submission(), Submission()]
    for part in found.graded:
        item = part.item
        if isinstance(item, Essay):
            given[2].essays[item.id] = pseudo("An answer")
            continue
        rows = item.rows(None)
        ids = [row.id for row in rows]
        first = next(iter(getattr(item, "options", {"": ""})))
        saved: dict[str, Any] = {"choice": ids[:1], "match": dict.fromkeys(ids, first), "entry": rows[0].best[0]}
        given[1].responses[item.id] = ItemResponses(saved=7)
        given[2].responses[item.id] = ItemResponses(saved=saved.get(item.variant, ids))
        given[3].responses[item.id] = ItemResponses(saved="900" if isinstance(item, Entry) else ["⟦gone⟧"])
    given[1].notes.append(Note(pseudo("A note.")))
    return given


@pytest.mark.parametrize("reader", For)
@pytest.mark.parametrize("graded", [True, False])
def test_a_class_in_another_language_reads_nothing_in_english(reader: For, graded: bool) -> None:
    found = notebook()
    assert {part.item.variant for part in found.graded} == {*TYPES, "several"}
    for submission in answers(found):
        with speaking(found.language):
            cells = graded_cells(found, submission)
        assert all(read(cell["source"]).languages[0] == (LANGUAGE, "rtl") for cell in cells)
        given = {
            part.item.id: CellMark(1.5 if graded else None, pseudo("Good."), levels_of(part.item))
            for part in found.graded
        }
        page = feedback_page(found.module, found.metadata, cells, given, 0.5, reader)
        assert read(page).languages[0] == (LANGUAGE, "rtl")


def case_in_pseudo(text: str) -> Case:
    return read_case(yaml.safe_dump(marked(yaml.safe_load(text)), sort_keys=False, allow_unicode=True), "a test")


@pytest.mark.parametrize(("people", "ways"), [(7, 2), (30, 1), (30, 3), (60, 9)])
def test_a_class_in_another_language_sees_nothing_in_english_on_the_page_of_a_case(people: int, ways: int) -> None:
    case = case_in_pseudo(re.sub(r"prompts: \[.*\]", "prompts: [Talk]", SHORT_CASE))  # PyYAML stops at a '?'
    options = [*case.decision.options]
    paths = [("robin", "tell"), ("chat", "leave"), ("wait",), (), ("robin",)]
    decided = ClassDecisions()
    for n in range(people):
        decided.decisions[options[n % ways % len(options)], ("sure", "fairly", "guess")[n * n % 7 % 3]] += 1
        decided.first_paths.append(paths[n % ways % len(paths)])
    with speaking(LANGUAGE):
        reasons = reasons_html(people > 30, [pseudo("A reason.")])
        page = read(digest_page(pseudo("A module"), case, figures_html(case, decided), reasons))
    assert page.languages == [(LANGUAGE, "rtl")]


def levels_of(item: Item) -> dict[str, float]:
    return dict.fromkeys(item.rubric, 1.0) if isinstance(item, Essay) else {}
