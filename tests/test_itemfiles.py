"""Questions in the files of course sites: they ask, score and explain as here, or the list of changes says what not."""

from __future__ import annotations

import html
import io
import itertools
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from conftest import PROJECT
from graded import with_config
from moodle_xml_parser.parser import parse_bytes
from onyx2moodle.parser import parse_item
from samples import CHOICE, ENTRY, GRADED, HOTTEXT, PRACTICE, TASK, TWO_ARE_RIGHT
from test_grading import HEAD
from text2qti.config import Config
from text2qti.qti import QTI
from text2qti.quiz import Quiz

from fieldguide.authoring.editions import instructor_edition
from fieldguide.authoring.module import read_module
from fieldguide.cli import main
from fieldguide.grading.course import Course
from fieldguide.grading.instructor import InstructorNotebook, arrange
from fieldguide.itemfiles import canvas
from fieldguide.itemfiles.bank import Changes, banks_of
from fieldguide.itemfiles.blackboard import blackboard_package
from fieldguide.itemfiles.canvas import canvas_package
from fieldguide.itemfiles.exporting import export_items
from fieldguide.itemfiles.moodle import moodle_xml
from fieldguide.items import Item, score

TEXT = (
    ENTRY.replace("expect: number", "expect: text")
    .replace("unit: percent\n", "")
    .replace("tolerance: 0.5\n", "")
    .replace("key: 12.5", 'key: ["group chat", "chat *"]')
    .replace("id: smallest-group", "id: what-it-is-called")
)
HOSTILE = CHOICE.replace("id: after-hours-message", "id: signs-of-all-kinds").replace(
    "Block the account.", "'<script>alert(1)</script> & ]]> \"Block\"'"
)
NOUGHT = ENTRY.replace("key: 12.5", "key: 0").replace("id: smallest-group", "id: none-of-them")
ALL = [*GRADED.values(), PRACTICE.replace("after-hours", "quiet-hours"), TASK, TEXT, HOSTILE, NOUGHT]
ALL += [text.replace("id: ", "id: also-", 1) for text in TWO_ARE_RIGHT.values()]


def notebook_of(folder: Path, texts: list[str]) -> InstructorNotebook:
    body = "\n".join(f"```{{code-cell}}\n%%item\n{text}```\n" for text in texts)
    path = folder / "small.md"
    path.write_text(f"{HEAD}\n## Reading\n\n{body}\n", encoding="utf-8")
    edition = instructor_edition(read_module(path), {}, {})
    return arrange("small", dict(edition.metadata), [dict(cell) for cell in edition.cells])


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> InstructorNotebook:
    return notebook_of(tmp_path_factory.mktemp("items"), ALL)


def made(notebook: InstructorNotebook, write: Callable[[Any, Changes], bytes]) -> tuple[bytes, Changes]:
    changes = Changes()
    return write(banks_of(notebook, canvas.TYPES, changes), changes), changes


def form_of(item: Item) -> str:
    """How an item is answered, which several types share."""
    forms = {"choice": "several", "hottext": "several", "match": "pairs", "order": "order", "entry": "blank"}
    return "one" if item.any_option else forms.get(item.TYPE, "text")


def items_of(notebook: InstructorNotebook, *forms: str) -> list[Item]:
    return [item for item in notebook.items if form_of(item) in forms]


def responses_to(item: Item) -> Iterator[Any]:
    """Every response that a student could give, or a number of entries."""
    if form_of(item) == "one":
        yield from ([option] for option in item.listed())
    elif form_of(item) == "several":
        options = [row.id for row in item.rows(None)]
        for count in range(1, len(options) + 1):
            yield from map(list, itertools.combinations(options, count))
    elif form_of(item) == "pairs":
        prompts = [row.id for row in item.rows(None)]
        for given in itertools.product(item.listed(), repeat=len(prompts)):
            yield dict(zip(prompts, given, strict=True))
    elif form_of(item) == "order":
        yield from map(list, itertools.permutations([row.id for row in item.rows(None)]))
    else:
        yield from ("12", "13.1", "12.5", "14", "14.6", "0", "0.4", "8", "-3")


def shown(text: str | None) -> str:
    """A text of a file as a student reads it."""
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", text or "")).split())


# -- Moodle ----------------------------------------------------------------------------------------


def moodle_questions(content: bytes) -> dict[str, ElementTree.Element]:
    found = ElementTree.fromstring(content).findall("question")
    return {one.findtext("name/text", ""): one for one in found if one.get("type") != "category"}


def moodle_score(question: ElementTree.Element, item: Item, response: Any) -> float:
    """What Moodle's own types of question give for a response: a fraction of the points."""
    kind = question.get("type")
    if kind == "multichoice":
        texts = {row.id: row.text for row in item.rows(None)}
        worth = {shown(a.findtext("text")): float(a.get("fraction", "")) for a in question.findall("answer")}
        return max(0.0, sum(worth[" ".join(texts[option].split())] for option in response)) / 100
    if kind == "matching":
        key = {shown(q.findtext("text")): q.findtext("answer/text") for q in question.findall("subquestion")}
        key.pop("", None)
        prompts = {row.id: row.text for row in item.rows(None)}
        return sum(key[prompts[name]] == item.listed()[given] for name, given in response.items()) / len(key)
    if kind == "ordering":
        assert question.findtext("gradingtype") == "RELATIVE_NEXT_EXCLUDE_LAST"
        answers = sorted(question.findall("answer"), key=lambda answer: float(answer.get("fraction", "")))
        right = [shown(answer.findtext("text")) for answer in answers]
        given = [
            item.shown()["options"][[o["id"] for o in item.shown()["options"]].index(one)]["text"] for one in response
        ]
        return len({*itertools.pairwise(right)} & {*itertools.pairwise(given)}) / (len(right) - 1)
    for answer in question.findall("answer"):
        text, worth = answer.findtext("text", ""), float(answer.get("fraction", "")) / 100
        if kind == "numerical" and text != "*":
            if abs(float(response) - float(text)) <= float(answer.findtext("tolerance", "")):
                return worth
        elif re.fullmatch(re.escape(text).replace(r"\\\*", "[*]").replace(r"\*", ".*"), response, re.IGNORECASE):
            return worth
    return 0.0


def test_moodle_gives_every_response_the_points_that_the_course_gives(notebook: InstructorNotebook) -> None:
    content, changes = made(notebook, moodle_xml)
    questions, tried = moodle_questions(content), 0
    for item in items_of(notebook, "one", "several", "pairs", "order", "blank"):
        if any("Moodle takes one" in change for change in changes.of_items.get(item.id, ())):
            continue
        entries = ["Group  Chat", "chat *", "chat x", "mail"] if item.id == "what-it-is-called" else responses_to(item)
        for response in entries:
            outcome = score(item, response)
            given = moodle_score(
                questions[item.id], item, " ".join(response.split()) if isinstance(response, str) else response
            )
            assert given * item.maximum == pytest.approx(outcome.score, abs=1e-4), (item.id, response)
            tried += 1
    assert tried > 100


def test_another_reader_of_moodles_files_finds_the_options_and_the_reason_of_each(notebook: InstructorNotebook) -> None:
    content, _ = made(notebook, moodle_xml)
    read = {one.name: one for one in parse_bytes(content)["multichoice"]}
    selections = items_of(notebook, "one", "several")
    assert set(read) == {item.id for item in selections}
    for item in selections:
        rows = item.rows(None)
        assert [shown(option.answer) for option in read[item.id].options] == [shown(row.text) for row in rows]
        assert [shown(option.feedback) for option in read[item.id].options] == [row.why for row in rows]
        assert [option.score_fraction > 0 for option in read[item.id].options] == [row.right for row in rows]
        assert read[item.id].single == (form_of(item) == "one")
        assert read[item.id].default_grade == item.maximum


# -- Blackboard ------------------------------------------------------------------------------------


def qti_items(content: bytes, folder: Path) -> dict[str, Any]:
    """The items of a package of QTI 2.1 as onyx2moodle reads them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    manifest = ElementTree.parse(folder / "imsmanifest.xml")
    resources = [one for one in manifest.iter() if one.tag.endswith("}resource")]
    files = {one.get("href") for one in resources}
    assert {str(path.relative_to(folder)) for path in folder.rglob("*.xml")} == {*files, "imsmanifest.xml"}
    found = [parse_item(folder / one.get("href", "")) for one in resources if "item" in one.get("type", "")]
    return {one.title: one for one in found}


def test_another_reader_of_qti_finds_each_question_with_its_key_and_reasons(
    notebook: InstructorNotebook, tmp_path: Path
) -> None:
    content, _ = made(notebook, blackboard_package)
    read = qti_items(content, tmp_path)
    assert set(read) == {item.id for item in notebook.items}
    for item in items_of(notebook, "one", "several"):
        (asked,), declared = read[item.id].interactions, read[item.id].response_decls["RESPONSE"]
        rows = item.rows(None)
        assert (asked.kind, asked.max_choices) == ("choice", 1 if form_of(item) == "one" else 0)
        assert [(one.identifier, shown(one.html)) for one in asked.choices] == [
            (row.id, " ".join(row.text.split())) for row in rows
        ]
        assert {key for key, worth in declared.mapping.items() if worth > 0} == {row.id for row in rows if row.right}
        assert {one.identifier: shown(one.html) for one in read[item.id].feedback} == {row.id: row.why for row in rows}
    for item in items_of(notebook, "pairs"):
        (asked,), declared = read[item.id].interactions, read[item.id].response_decls["RESPONSE"]
        assert [shown(one.html) for one in asked.match_sources] == [row.text for row in item.rows(None)]
        assert [shown(one.html) for one in asked.match_targets] == list(item.listed().values())
        for row in item.rows(None):
            right = [item.listed()[key.split()[1]] for key in declared.mapping if key.split()[0] == row.id]
            assert right == list(row.best)
    assert [read[item.id].interactions[0].kind for item in items_of(notebook, "blank", "text")] == [
        "textEntry" if form_of(item) == "blank" else "extendedText" for item in items_of(notebook, "blank", "text")
    ]


def test_qti_gives_every_response_the_points_that_the_course_gives(
    notebook: InstructorNotebook, tmp_path: Path
) -> None:
    content, _ = made(notebook, blackboard_package)
    read = qti_items(content, tmp_path)
    for item in items_of(notebook, "one", "several", "pairs"):
        mapping = read[item.id].response_decls["RESPONSE"].mapping
        for response in responses_to(item):
            keys = [" ".join(pair) for pair in response.items()] if isinstance(response, dict) else response
            given = max(0.0, sum(mapping.get(key, 0.0) for key in keys))
            assert given == pytest.approx(score(item, response).score, abs=1e-4), (item.id, response)


# -- Canvas ----------------------------------------------------------------------------------------


def canvas_items(content: bytes) -> dict[str, ElementTree.Element]:
    found = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        named = re.findall(r'file href="([^"]+)"', archive.read("imsmanifest.xml").decode())
        assert {*named, "imsmanifest.xml"} == {*archive.namelist()}
        for name in named:
            root = ElementTree.fromstring(archive.read(name))
            for element in root.iter():
                element.tag = element.tag.rpartition("}")[2]
            found.update({one.get("title", ""): one for one in root.iter("item")})
    return found


def canvas_score(question: ElementTree.Element, item: Item, response: Any) -> float:
    """The part of the points that Canvas gives; for several options it takes off what is wrongly selected."""
    given = (
        response if isinstance(response, dict) else {"response1": [response] if isinstance(response, str) else response}
    )
    total = 0.0
    for condition in question.iter("respcondition"):
        scored = condition.find("setvar")
        if scored is None:
            continue
        checked = condition.find("conditionvar")
        assert checked is not None
        if form_of(item) == "several":
            wanted = {one.text for one in checked.findall("and/varequal")}
            right = len(wanted & {*response})
            return max(0.0, (2 * right - len(response)) / len(wanted))
        if form_of(item) == "blank":
            bounds = [float(one.text or "") for tag in ("vargte", "varlte") for one in checked.iter(tag)]
            holds = bounds[0] <= float(response) <= bounds[1]
        else:
            (equal,) = checked.iter("varequal")
            name = (equal.get("respident") or "").removeprefix("response_")
            holds = equal.text in ([given[name]] if isinstance(given[name], str) else given[name])
        if holds:
            total = float(scored.text or "") / 100 + (total if scored.get("action") == "Add" else 0)
    return total


def test_canvas_gives_every_response_the_points_that_the_course_gives(notebook: InstructorNotebook) -> None:
    content, changes = made(notebook, canvas_package)
    questions = canvas_items(content)
    assert set(questions) == {item.id for item in notebook.items}
    for item in items_of(notebook, "one", "several", "pairs", "blank"):
        if any("Canvas takes one" in change for change in changes.of_items.get(item.id, ())):
            continue
        for response in responses_to(item) if item.id != "what-it-is-called" else ():
            given = canvas_score(questions[item.id], item, response)
            assert given * item.maximum == pytest.approx(score(item, response).score, abs=1e-3), (item.id, response)


#: The same questions as text2qti's own format has them: what it makes of them is known to import into Canvas.
QUIZ = """\
Title: after-hours-message
Points: 2
1. A client writes to your private account at midnight. What is best first?
a) Reply at once, since it may matter.
... A reply makes your private account a way to reach you. Tell the client how to reach the agency.
*b) Leave it, and bring it to supervision.
... It keeps the boundary and gets you help with the answer.
c) Block the account.
... Blocking says something to the client that you have not explained. Talk about it first.

Title: take-out-of-notes
Points: 3
2. What goes out of the notes?
[*] The town
... It narrows the group.
[ ] Your question
... It is what you came for, so keep it.
[*] The event in the paper
... Anybody can look it up.
[*] The job that only one person has
... One person has it.

Title: smallest-group
3. What percentage is it?

   Unit: percent
+ One in eight.
- Divide the number in the group by the total.
= 12.5 +- 0.5

Title: what-it-is-called
4. What percentage is it?
+ One in eight.
- Divide the number in the group by the total.
* group chat
* chat *
"""


def outline(element: ElementTree.Element, names: dict[str, str]) -> Any:
    """An element without the ids that a program is free to choose, with its numbers as numbers."""

    def same(text: str | None) -> Any:
        clean = re.sub(r">\s+<", "><", (text or "").strip())
        clean = "".join(names.get(part, part) for part in re.split("(,|_fb$)", clean))
        return float(clean) if re.fullmatch(r"-?\d+(\.\d+)?", clean) else clean

    about = {key: same(value) for key, value in element.attrib.items()}
    if element.tag == "item":
        about.pop("ident")
    tag = element.tag.rpartition("}")[2]
    return tag, about, same(element.text), [outline(child, names) for child in element]


def names_in(item: ElementTree.Element) -> dict[str, str]:
    labels = [label.get("ident", "") for label in item.iter("response_label")]
    ids = [one for one in labels if one != "answer1"]
    entries = [one.findtext("fieldentry") or "" for one in item.iter("qtimetadatafield")]
    free = dict.fromkeys((entries[3], *(() if ids else entries[2].split(","))), "#")
    return {name: place for name, place in (*((one, f"#{at}") for at, one in enumerate(ids)), *free.items()) if name}


def test_canvas_gets_what_another_writer_makes_for_it(notebook: InstructorNotebook) -> None:
    content, _ = made(notebook, canvas_package)
    ours = canvas_items(content)
    quiz = QTI(Quiz(QUIZ, config=Config()))
    root = ElementTree.fromstring(re.sub(r' xmlns="[^"]+"', "", quiz.assessment, count=1))
    theirs = {one.get("title", ""): one for one in root.iter("item")}
    assert len(theirs) == 4
    for title, item in theirs.items():
        assert outline(ours[title], names_in(ours[title])) == outline(item, names_in(item)), title


# -- all three -------------------------------------------------------------------------------------

WRITERS = {"canvas": canvas_package, "moodle": moodle_xml, "blackboard": blackboard_package}


def documents_in(content: bytes) -> list[bytes]:
    if not content.startswith(b"PK"):
        return [content]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist()]


@pytest.mark.parametrize("lms", WRITERS)
def test_no_text_of_a_question_is_lost(notebook: InstructorNotebook, lms: str) -> None:
    content, _ = made(notebook, WRITERS[lms])
    texts_of_file = [text for one in documents_in(content) for text in ElementTree.fromstring(one).itertext()]
    said = shown(" ".join(texts_of_file))
    for item in notebook.items:
        texts = [item.stem, *(row.text for row in item.rows(None)), *item.reasons(), *item.listed().values()]
        for text in texts:
            assert shown(text) in said or " ".join(text.split()) in said, (item.id, text)
    assert "One good answer, among others: Student intern at Mill Row" in said
    assert not any(b"<script" in one for one in documents_in(content))
    if lms != "blackboard":  # these two hold HTML as text, so that a tag in it would be one
        assert not any("<script" in text for text in texts_of_file)


@pytest.mark.parametrize("lms", WRITERS)
def test_what_is_otherwise_there_is_said(notebook: InstructorNotebook, lms: str) -> None:
    _, changes = made(notebook, WRITERS[lms])
    said = {item: " ".join(sentences) for item, sentences in changes.of_items.items()}
    assert "shown together" in said["which-rule-speaks"]
    assert ("Hyphens" in said["what-it-is-called"]) and "smallest-group" not in said
    if lms == "blackboard":
        assert "all or nothing" in said["after-an-accidental-find"]
        assert "also-which-rule-speaks" in said and "is right:" not in said["also-which-rule-speaks"]
    else:
        assert "only 'Consent before recording' is right" in said["also-which-rule-speaks"]
    if lms == "canvas":
        assert "number of its place" in said["after-an-accidental-find"]
    assert "underlined in the passage" in said["what-identifies"]


def test_a_withdrawn_question_stays_behind(tmp_path: Path) -> None:
    withdrawn = CHOICE.replace("points: 2\n", "points: 2\nwithdrawn: Two options were right.\n")
    content, changes = made(notebook_of(tmp_path, [withdrawn, HOTTEXT]), moodle_xml)
    assert set(moodle_questions(content)) == {"what-identifies"}
    assert changes.of_items["after-hours-message"] == ["Left out, because it is withdrawn."]


def test_a_question_of_a_type_that_a_site_does_not_know_is_named_and_does_not_stop_the_others(tmp_path: Path) -> None:
    changes = Changes()
    known = {type: write for type, write in canvas.TYPES.items() if type != "hottext"}
    banks = banks_of(notebook_of(tmp_path, [CHOICE, HOTTEXT]), known, changes)
    assert [item.id for bank in banks for item in bank.items] == ["after-hours-message"]
    assert changes.of_items["what-identifies"] == [
        "Left out: a question of type 'hottext' cannot be written for this site yet."
    ]


MODULES = sorted(path.name for path in (PROJECT / "source").iterdir() if path.is_dir())


@pytest.mark.parametrize("lms", WRITERS)
@pytest.mark.parametrize("module", MODULES)
def test_every_module_of_the_course_can_be_taken_elsewhere(module: str, lms: str, tmp_path: Path) -> None:
    target, told = export_items(Course(PROJECT), module, lms, tmp_path / "file")
    content = target.read_bytes()
    read = {"canvas": canvas_items, "moodle": moodle_questions}.get(lms, lambda content: qti_items(content, tmp_path))
    found = read(content)
    cells = json.loads((PROJECT / "source" / module / f"{module}.ipynb").read_text("utf-8"))["cells"]
    asked = {re.findall(r"^id: (.+)$", text, re.MULTILINE)[0] for cell in cells
             if (text := "".join(cell["source"])).startswith("%%item")}  # fmt: skip
    assert set(found) == asked
    assert told[0] == f"{len(asked)} questions."
    assert target.stat().st_mode & 0o777 == 0o600


def test_the_command_says_that_keys_are_in_the_file_and_writes_nothing_over(
    generated: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = with_config(generated.copy(tmp_path / "course", stock=False))
    command = ["--project", str(course.root), "export", "small", "--items", "moodle", "--to", str(tmp_path / "q.xml")]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "q.xml: 8 questions." in said and "Keys and reasons are in the file: it is for instructors alone." in said
    before = (tmp_path / "q.xml").read_bytes()
    assert main(command) == 1
    assert "is there already, and may be needed." in capsys.readouterr().err
    assert (tmp_path / "q.xml").read_bytes() == before
    assert main([*command, "--scale"]) == 1
    assert "are for grades: leave them out." in capsys.readouterr().err
