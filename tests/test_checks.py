"""The checks of the content: each kind of fault is planted, and found in its file and line."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from conftest import PROJECT

from fieldguide.authoring.building import read_modules
from fieldguide.authoring.checks import Finding, copying, debris, run
from fieldguide.authoring.checks.citations import cited_in
from fieldguide.authoring.checks.course_text import read_course
from fieldguide.authoring.checks.prose import count_words, read_prose
from fieldguide.authoring.checks.reading_grade import count_syllables, grade
from fieldguide.cells.minutes import item_minutes
from fieldguide.cli import main
from fieldguide.items import Choice, ReadingError, read_item
from fieldguide.items.fields import FieldReader

FIRST, SECOND, TIPS = "modules/01-first.md", "modules/03-second.md", "modules/02-tips.md"
GUIDE = "Weigh each word that you write about a person, since that person may read it one day and remember it."

DATA = {
    "statements.csv": "id,section,gist,graded\nA1,01,Think first,yes\nA2,01,Ask,no\nB1,03,Stop,yes\n",
    "crosswalk.csv": "statement,standards\nA1,1.07(r); Tech 3.09\nA2,4.03\nB1,1.07(r)\n",
    "code-edition.yaml": (
        'standards:\n  "1.07(r)": {verdict: confirmed}\n  "4.03": {verdict: confirmed}\n'
        '  "Tech 3.09": {verdict: confirmed}\n  "1.08(b)": {verdict: partly}\n'
    ),
    "pages.csv": "page,readers\nfirst,12\nsecond,3\n",
    "pages.yaml": 'title: Pages\nsource: "Made for this course, fictional"\ndate: 2026-11-22\n'
    "columns:\n  page: Which page\n  readers: How many\n",
}


#: What may be left of the format in a text: how it is written, what is told of it, and the line that it stands in.
DEBRIS = [
    (">-\n    As the Code says: >-\n    it is settled.", ": >-", "    As the Code"),
    ("|\n    Because.\n    rationale: It keeps.", "rationale:", "    rationale: It"),
    ("|\n    Because.\n    - Of this.", "-", "    - Of"),
    ("They don''t know.", "''", "  one: They don"),
    ("Line one\\nline two.", "\\n", "  one: Line"),
    ("It&nbsp;is.", "&nbsp;", "  one: It&"),
    ("It is <b>so</b>.", "<b>", "  one: It is <"),
    ("It is not **so**.", "**", "  one: It is not *"),
    ("It is *not* so.", "*not*", "  one: It is *"),
    ("It is _not_ so.", "_not_", "  one: It is _"),
    ("See [the Code](https://example.org).", "](", "  one: See"),
    (">-\n    It is |- so.", "|-", "    It is |"),
]


def choice(name: str, use: str, covers: str, key: int) -> str:
    options = ("one", "two", "three")
    points, turns_on = ("points: 2\n", "turns_on: Who may know.\n") if use == "graded" else ("", "")
    return (
        f"```{{code-cell}}\n%%item\nid: {name}\ntype: choice\nuse: {use}\n{points}covers: [{covers}]\nbasis: code\n"
        f'standards: ["1.07(r)"]\nstem: What would you do first in {name}?\n{turns_on}options:\n'
        "  one: Wait until the next meeting.\n  two: Ask the client about it.\n"
        "  three: Write a short note to yourself.\n"
        f"key: {options[key]}\nrationale:\n  one: Because.\n  two: Because.\n  three: Because.\nmisconceptions:\n"
        + "".join(f"  {option}: waiting-helps\n" for option in options if option != options[key])
        + "```\n\n"
    )


HOTTEXT = """\
```{code-cell}
%%item
id: what-to-cut
type: hottext
use: graded
points: 2
turns_on: What few share.
covers: [A1]
basis: code
standards: ["1.07(r)"]
stem: What goes? A wrong pick cancels a right one.
passage: |
  [Ana]{name} from [Elm Street]{street} [came]{came} in [May]{may} with [a cough]{cough} and [a dog]{dog}.
key: [name, street]
rationale: {name: A., street: B., came: C., may: D., cough: E., dog: F.}
misconceptions: {came: verbs, may: dates, cough: facts, dog: pets}
```

"""

CRITERIA = ("people", "standard", "ways", "decision", "identity")


def profiles(long: str, short: str, words: int = 40) -> str:
    """A long answer and a short one; the points are those of the first criterion, and of the others."""
    told = []
    for name, points, text in (("long", long, "word " * words), ("short", short, "I would ask her.")):
        first, rest = points.split(", ")
        scores = ", ".join(f"{criterion}: {first if n == 0 else rest}" for n, criterion in enumerate(CRITERIA))
        reasons = ", ".join(f"{criterion}: Because." for criterion in CRITERIA)
        told.append(f"  {name}:\n    text: {text}\n    scores: {{{scores}}}\n    reasons: {{{reasons}}}\n")
    return f"profiles:\n{''.join(told)}".rstrip()


PROFILES = profiles("1, 0", "2, 3")

ESSAY = (
    """\
```{code-cell}
%%item
id: the-essay
type: essay
use: graded
points: 15
covers: [A1]
basis: judgement
words: 150
stem: What would you do?
rubric:
"""
    + "".join(f"  {name}: {{criterion: Has it., points: 3}}\n" for name in CRITERIA)
    + "levels:\n"
    + "".join(f"  {name}: {{0: None., 1: Some., 2: Most., 3: All.}}\n" for name in CRITERIA)
    + f"{PROFILES}\n```\n\n"
)


def norming() -> str:
    """Five samples: the short one is strong in one criterion, and the long ones are weak."""
    told = []
    for number in range(5):
        scores = ", ".join(f"{name}: {3 if at == number else 1}" for at, name in enumerate(CRITERIA))
        reasons = ", ".join(f"{name}: Because." for name in CRITERIA)
        told.append(f"s{number + 1}:\n  text: {'word ' * (20 + number)}\n  scores: {{{scores}}}\n")
        told.append(f"  reasons: {{{reasons}}}\n")
    return "".join(told).replace(f"{CRITERIA[0]}: 3, {CRITERIA[1]}: 1", f"{CRITERIA[0]}: 3, {CRITERIA[1]}: 3", 1)


CASE = """\
```{code-cell}
%%case
id: the-case
title: The case
covers: [A1]
vignette: Somebody asks.
scenes:
  first:
    question: What do you do?
    options:
      wait: {text: You wait., to: second}
      go: {text: You go., to: second}
  second:
    question: And then?
    options:
      ask: {text: You ask., to: asked}
      leave: {text: You leave., to: left}
endings:
  asked: {title: Asked, text: They answer., feedback: That took courage., now: Write it down.}
  left: {title: Left, text: Nobody answers., feedback: That was quiet., now: Go back and ask.}
decision:
  question: What is best?
  options: {ask: You ask., leave: You leave.}
  essay: the-essay
  commentary: Asking costs little.
  prompts: [Would you ask?, Whom?]
```

```{code-cell}
%%discussion
case: the-case
minutes: 20
questions: ["4 min: What happened?", What next?]
positions: [Ask., Leave.]
listen: [Who is missing?]
close: One word from everybody.
```

"""


def case(name: str, statement: str, essay: str | None = None) -> str:
    """A case with its plan for class; not graded without an essay."""
    text = CASE.replace("the-case", name).replace("[A1]", f"[{statement}]")
    if essay is None:
        return text.replace("  essay: the-essay\n", "").replace("```{code-cell}\n%%case", OPTIONAL_CELL)
    return text.replace("the-essay", essay)


OPTIONAL_CELL = "```{code-cell}\n:tags: [optional]\n%%case"
STOP = '+++ {"tags": ["stop"]}\n\n## A place to stop\n\n'


def module(number: str, statements: tuple[str, ...], *, echoes: tuple[str, ...] = (), before_case: str = "") -> str:
    first = statements[0]
    items = [choice(f"try-{number}-{n}", "practice", ", ".join(statements), n % 3) for n in range(6)]
    graded = [choice(f"test-{number}-{n}", "graded", first, (n + 1) % 3) for n in range(4)]
    return (
        f"---\ntitle: Module {number}\nminutes: 30\ncovers: [{', '.join(statements)}]\n"
        'competencies: ["1a"]\nobjectives:\n  - Ask.\nreviewed_by: Nobody yet.\ncode_checked: 2026-11-22\n---\n\n'
        "## Before you begin\n\n"
        + "".join(f"```{{code-cell}}\n%%echo\nid: {echoed}\n```\n\n" for echoed in echoes)
        + "+++\n\n## To read\n\nThe Code speaks of posts in 1.07(r), and Technology standard 3.09 of finds.\n\n"
        "![A path with a fork](path.png)\n\nIn a survey of 2017, 36% of those who answered had looked.\n\n"
        "```{code-cell}\n%%table\ndata: pages\ncaption: Two pages.\n```\n\n"
        + "".join(items)
        + "".join(graded)
        + before_case
        + f"{STOP}+++\n\n## The case\n\nIt is made up.\n\n"
        + case(f"case-{number}", first, essay=f"essay-{number}")
        + ESSAY.replace("the-essay", f"essay-{number}").replace("[A1]", f"[{first}]")
        + '+++ {"tags": ["optional"]}\n\n## Optional: more\n\nAnother case.\n\n'
        + case(f"more-{number}", first)
    )


def norming_of(project: Path, number: str) -> Path:
    return project / "modules" / "norming" / f"essay-{number}.yaml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small course without a fault: two sections of the guide, three statements."""
    (tmp_path / "modules" / "data").mkdir(parents=True)
    for name, text in DATA.items():
        (tmp_path / "modules" / "data" / name).write_text(text, "utf-8")
    (tmp_path / FIRST).write_text(module("01", ("A1", "A2"), before_case=HOTTEXT), "utf-8")
    (tmp_path / SECOND).write_text(module("03", ("B1",), echoes=("try-01-0", "try-01-1")), "utf-8")
    (tmp_path / "modules" / "norming").mkdir()
    for number in ("01", "03"):
        norming_of(tmp_path, number).write_text(norming(), "utf-8")
    (tmp_path / "guide.txt").write_text(GUIDE, "utf-8")
    run(tmp_path, write=True)
    return tmp_path


def check(project: Path) -> list[Finding]:
    """What the checks find, the pages apart, which nearly every change makes out of date."""
    guide = project / "guide.txt"
    found = run(project, guide if guide.exists() else None).findings
    return [finding for finding in found if finding.file not in ("docs/coverage.md", "docs/items.md")]


def plant(project: Path, file: str, old: str, new: str) -> list[str]:
    path = project / file
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path.read_text("utf-8").splitlines()


def test_a_course_without_a_fault_has_no_findings(project: Path) -> None:
    report = run(project, project / "guide.txt")
    assert [str(finding) for finding in report.findings] == []
    assert report.coverage == "3 of 3 statements practiced, 2 of 2 graded too"


@pytest.mark.usefixtures("no_hanging")
@pytest.mark.parametrize(
    "file",
    [
        *(FIRST, *(f"modules/data/{name}" for name in DATA)),
        *("modules/data/routes.yaml", "modules/data/blueprint.csv", "docs/coverage.md", "docs/items.md"),
        *("modules/data/reviews.yaml", "modules/notes.csv"),
    ],
)
def test_a_pipe_where_the_check_reads_a_file_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str], file: str
) -> None:
    (project / file).unlink(missing_ok=True)
    os.mkfifo(project / file)
    assert main(["--project", str(project), "check", "--guide", str(project / "guide.txt")]) == 1
    assert capsys.readouterr().err == f"{project / file}: it is no plain file.\n"


def test_data_that_is_no_utf_8_is_told_with_its_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = project / "modules" / "data" / "statements.csv"
    file.write_bytes(file.read_bytes() + "caf\u00e9".encode("latin-1"))
    assert main(["--project", str(project), "check"]) == 1
    line = len(file.read_bytes().splitlines())
    assert capsys.readouterr().err == f"{file}: line {line} is not UTF-8 text.\n"


@pytest.mark.parametrize(
    ("file", "old", "new", "what", "at"),
    [
        (FIRST, '["1a"]', '["1e"]', "there is no competency '1e'", "competencies:"),
        (FIRST, "covers: [A1, A2]\ncomp", "covers: [A1, A9]\ncomp", "the head covers 'A9'", "covers:"),
        (SECOND, "covers: [B1]\ncomp", "covers: [B1, A2]\ncomp", "the head names A2, which no item", "covers:"),
        (FIRST, "covers: [A1]", "covers: [A1, Z7]", "item 'test-01-0' covers 'Z7'", "covers: [A1, Z7]"),
        (SECOND, "use: practice", "use: check", "the module has 5 practice items", "title:"),
        (FIRST, '"tags": ["stop"]', '"tags": ["graded"]', "the module has 0 stopping points", "title:"),
        (FIRST, OPTIONAL_CELL, "```{code-cell}\n%%case", "the module has 2 cases on the core path", "title:"),
        (FIRST, OPTIONAL_CELL, "```{code-cell}\n%%case", "the module has 0 optional cases", "title:"),
        (FIRST, "  essay: essay-01\n", "", "has cases that are argued in no essay", "title:"),
        (FIRST, "go., to: second}", "go., to: asked}", "case-01' has paths of 1 to 2 decisions", "id: case-01"),
        (FIRST, "covers: [A1]\nvignette", "covers: [Z8]\nvignette", "case 'case-01' covers 'Z8'", "id: case-01"),
        (
            FIRST,
            PROFILES,
            "exemplar: I would ask.",
            "essay 'essay-01' has no profiles",
            "id: essay-01",
        ),
        (FIRST, PROFILES, profiles("2, 2", "1, 1"), "as many points in every criterion", "profiles:"),
        (FIRST, PROFILES, profiles("2, 3", "1, 0"), "the longer a profile is, the more it earns", "profiles:"),
        (FIRST, PROFILES, profiles("0, 1", "2, 1", 180), "'long' has 180 words, and about 150 are", "  long:"),
        (
            SECOND,
            "%%echo\nid: try-01-0",
            "%%item\n" + choice("new", "practice", "B1", 0)[21:-6],
            "has 1 echoes",
            "title:",
        ),
        (FIRST, "minutes: 30", "minutes: 20", "the head says 20 minutes; the core path takes", "minutes:"),
        (FIRST, '+++ {"tags": ["optional"]}', "+++", "this cell is called optional", "## Optional: more"),
        (FIRST, "words: 150", "words: 690", "part 2 of the core path takes", "+++ {"),
        (
            FIRST,
            "  one: Wait until the next meeting.",
            "  one: All of the above.",
            "says 'All of the above'",
            "  one: All",
        ),
        (
            FIRST,
            "  one: Wait until",
            "  one: " + "Wait and see and wait, " * 3 + "until",
            "its options have from",
            "options:",
        ),
        (
            FIRST,
            "  one: Wait until the next meeting.",
            "  one: Wait until the next meeting, and write down all that.",
            "its key has 53 letters",
            "  one: Wait until the next meeting, and",
        ),
        (FIRST, "## To read\n", "## To read\n\nFirst: >-\n", "': >-' stands in a text", "First: >-"),
        (FIRST, "vignette: Somebody asks.", "vignette: |\n  Settled: >-\n    it is.", "': >-' stands in", "  Settled"),
        (FIRST, "feedback: That took courage.", "feedback: TODO say why.", "'TODO' stands in a text", "  asked:"),
        (FIRST, "  one: Because.", "  one: |\n    Because.\n    ```", "'```' stands in a text", "    ```"),
        *((FIRST, "  one: Because.", f"  one: {text}", f"'{mark}' stands in a text", at) for text, mark, at in DEBRIS),
        (FIRST, "vignette: Somebody asks.", 'vignette: "Somebody asked: >-"', "': >-' stands", 'vignette: "Some'),
        (FIRST, "[Who is missing?]", "[Who is missing?\\n]", "'\\n' stands in a text", "listen:"),
        (FIRST, "stem: What would you do?", "stem: What [would]{w} you do?", "']{w}' stands in a text", "stem: What ["),
        (FIRST, "passage: |\n", "passage: |\n  **Ana** ", "'**' stands in a text", "  **Ana**"),
        (FIRST, "## To read\n", "## To read\n\nkey: wait\n", "'key:' stands in a text", "key: wait"),
        (FIRST, "## To read\n", "## To read\n\nIt says\\n no.\n", "'\\n' stands in a text", "It says"),
        (FIRST, "came: verbs, ", "", "the distractor 'came' has no misconception", "misconceptions: {may"),
        (FIRST, '["1.07(r)"]', '["1.09(c)"]', "item 'try-01-0' rests on 1.09(c)", 'standards: ["1.09'),
        (FIRST, "posts in 1.07(r)", "posts in 1.07(k)", "the standard 1.07(k) is cited", "The Code speaks"),
        (FIRST, "Technology standard 3.09", "Technology standard 3.10", "Tech 3.10 is cited", "The Code speaks"),
        (FIRST, "(path.png)", "(path.png) ![](two.png)", "this picture has no text", "![A path"),
        (FIRST, "![A path with a fork](path.png)", "<img src='path.png'>", "this picture has no text", "<img"),
        (
            FIRST,
            "## To read",
            "## To read\n\n" + " ".join(GUIDE.split()[:14]),
            "14 words in a row are the guide's",
            "Weigh each",
        ),
        ("modules/data/crosswalk.csv", "A2,4.03", "A2,4.04", "the standard 4.04 has no verdict", "A2,4.04"),
        ("modules/data/crosswalk.csv", "A2,4.03\n", "", "statement A2 has no row", "statement,"),
    ],
)
def test_an_error_is_found_in_its_file_and_line(
    project: Path, file: str, old: str, new: str, what: str, at: str
) -> None:
    lines = plant(project, file, old, new)
    errors = [finding for finding in check(project) if finding.is_error]
    told = next((finding for finding in errors if what in finding.what), None)
    assert told is not None, [str(finding) for finding in errors]
    assert told.file == file and lines[told.line - 1].startswith(at), str(told)
    assert told.expected and str(told).startswith(f"{file}, line {told.line}: error: ")


def test_every_field_that_an_author_writes_is_known_where_it_stands_in_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    known: dict[str, set[str]] = {}

    def note(reader: FieldReader, names: tuple[str, ...]) -> None:
        known.setdefault(reader.owner, set()).update(name for name in names if not name.isdigit())

    monkeypatch.setattr(FieldReader, "refuse_unknown", note)
    read_modules(PROJECT)
    apart = ("the module's head", "this table's description")
    cells = set().union(*(names for owner, names in known.items() if owner not in apart))
    assert {"again", "reasons", "scores", "withdrawn", "settled", "unaided", "listen"} <= cells
    assert cells - debris._WORDS == set(debris._NAMES)


@pytest.mark.parametrize(
    ("file", "old", "new", "what", "at"),
    [
        (FIRST, "minutes: 30", "minutes: 60", "the head says 60 minutes", "minutes:"),
        (FIRST, "In a survey of 2017", "Here", "'36%' comes from nowhere", "Here, 36%"),
        (FIRST, "What would you do first in", "36% did what in", "item 'try-01-0': '36%' comes", "stem: 36%"),
        (FIRST, "What would you do first in", "What do you NOT do in", "turns on 'NOT'", "stem: What do you NOT"),
        (
            FIRST,
            "misconceptions:\n  two: waiting-helps\n",
            "misconceptions:\n",
            "the distractor 'two' has",
            "misconceptions:",
        ),
        (FIRST, 'basis: code\nstandards: ["1.07(r)"]\n', "basis: code\n", "rests on 'code', and names no", "basis:"),
        (FIRST, " A wrong pick cancels a right one.", "", "partly right counts", "stem: What goes?"),
        (FIRST, " and [a dog]{dog}", "", "has 5 phrases", "passage:"),
    ],
)
def test_a_remark_is_told_and_does_not_fail(project: Path, file: str, old: str, new: str, what: str, at: str) -> None:
    lines = plant(project, file, old, new)
    if "[a dog]" in old:
        plant(project, file, " dog: F.", "")
        lines = plant(project, file, ", dog: pets", "")
    found = check(project)
    assert [finding for finding in found if finding.is_error] == []
    told = next(finding for finding in found if what in finding.what)
    assert told.file == file and lines[told.line - 1].startswith(at), str(told)


def errors_after(project: Path, file: str, pattern: str, new: str) -> list[str]:
    """What is wrong once every place that looks like the pattern reads otherwise."""
    path = project / file
    changed = re.sub(pattern, new, path.read_text("utf-8"), flags=re.MULTILINE)
    assert changed != path.read_text("utf-8")
    path.write_text(changed, "utf-8")
    return [str(finding) for finding in check(project) if finding.is_error]


def test_a_statement_that_nothing_practices_is_found(project: Path) -> None:
    found = errors_after(project, FIRST, r"covers: \[A1, A2\]\nbasis", "covers: [A1]\nbasis")
    assert (
        f"{FIRST}, line 4: error: statement A2 (Ask) is met by no practice item. Expected 'covers: [A2]' in one."
        in found
    )


def test_an_essay_and_an_optional_item_meet_no_statement(project: Path) -> None:
    found = errors_after(project, SECOND, r"(graded\npoints: 2\ncovers: )\[B1\]", r"\1[A1]")
    assert len(found) == 1 and "statement B1 (Stop) is met by no graded item with a key" in found[0]
    found = errors_after(
        project, FIRST, r"{code-cell}\n%%item\nid: try", "{code-cell}\n:tags: [optional]\n%%item\nid: try"
    )
    assert any("statement A2 (Ask) is met by no practice item" in finding for finding in found)


def test_a_section_without_a_module_is_told_and_its_statements_are_not_looked_for(project: Path) -> None:
    (project / SECOND).unlink()
    norming_of(project, "03").unlink()
    (finding,) = check(project)
    assert not finding.is_error and "no module covers section 03" in finding.what


def test_keys_in_one_position_are_found(project: Path) -> None:
    found = errors_after(
        project,
        FIRST,
        r"key: (two|three)\n((?:.*\n){4})misconceptions:\n.*\n.*\n",
        r"key: one\n\2misconceptions:\n  two: a\n  three: b\n",
    )
    assert len(found) == 2 and all(
        f"{FIRST}, line 2: error: of 10 keys of one-best choices, 10, 0, 0" in told for told in found
    )
    assert "Expected no position with more than half" in found[0] and "Expected some in position 2 too" in found[1]


def test_keys_that_are_the_longest_are_found(project: Path) -> None:
    path = project / FIRST
    blocks = path.read_text("utf-8").split("```{code-cell}")
    for at, block in enumerate(blocks):
        key = re.search(r"^key: (one|two)$", block, re.MULTILINE)
        if key:
            blocks[at] = re.sub(rf"(  {key[1]}: [^.]+)\.", r"\1 at once.", block, count=1)
    path.write_text("```{code-cell}".join(blocks), "utf-8")
    (finding,) = check(project)
    assert finding.is_error and finding.line == 2 and "the key is the longest option" in finding.what


def test_two_keys_of_one_item_give_each_other_no_length(project: Path) -> None:
    path = project / FIRST
    text = path.read_text("utf-8")
    key = re.search(r"^key: (one|two)$", text, re.MULTILINE)
    assert key
    other = {"one": "two", "two": "one"}[key[1]]
    changed = text[: key.start()] + f"key: [{key[1]}, {other}]" + text[key.end() :]
    path.write_text(re.sub(rf"^  {other}: .*-.*\n", "", changed, count=1, flags=re.MULTILINE), "utf-8")
    assert not [finding for finding in check(project) if finding.is_error]


def test_a_graded_item_on_unconfirmed_standards_alone_is_found(project: Path) -> None:
    lines = plant(project, FIRST, HOTTEXT, HOTTEXT.replace("1.07(r)", "1.08(b)"))
    (finding,) = check(project)
    assert "item 'what-to-cut' is graded, and no standard" in finding.what and finding.is_error
    assert lines[finding.line - 1] == 'standards: ["1.08(b)"]'
    plant(project, FIRST, '["1.08(b)"]', '["1.08(b)", "1.07(r)"]')
    assert check(project) == []


def test_a_graded_order_is_found(project: Path) -> None:
    order = (
        "```{code-cell}\n%%item\nid: in-order\ntype: order\nuse: graded\npoints: 1\ncovers: [A1]\nbasis: guide\n"
        "stem: Which first?\nturns_on: What comes first.\noptions: {a: Ask., b: Go.}\nkey: [b, a]\n"
        "rationale: {a: A., b: B.}\n```\n"
    )
    lines = plant(project, FIRST, HOTTEXT, order)
    (finding,) = check(project)
    assert "item 'in-order': an order is graded" in finding.what and lines[finding.line - 1] == "use: graded"


def test_a_text_that_is_hard_to_read_is_found(project: Path) -> None:
    sentence = "Notwithstanding organizational considerations, " * 12 + "professional responsibilities continue."
    plant(project, FIRST, "## To read\n", "## To read\n\n" + (sentence + " ") * 10)
    (finding,) = check(project)
    assert finding.is_error and "reading grade" in finding.what


def test_a_table_without_a_source_is_found(project: Path) -> None:
    plant(project, "modules/data/pages.yaml", "source:", "means: [readers]\n#")
    with pytest.raises(ReadingError, match=r"modules/data/pages.yaml, line 1: .*'source' is missing"):
        run(project)


def test_a_module_in_parts_is_measured_part_by_part(project: Path) -> None:
    def reading(minutes: int) -> str:
        return "You read. " * (100 * minutes)

    text = module("02", ("T1",), echoes=("try-01-0", "try-01-1"))
    more = "".join(choice(f"more-{n}", "practice", "T1", n % 3) for n in range(6))
    graded = "".join(choice(f"more-graded-{n}", "graded", "T1", n % 3) for n in range(4))
    text = text.replace("minutes: 30", "minutes: 90").replace("## The case\n", f"## The case\n\n{reading(20)}\n")
    early = case("case-early", "T1").replace(OPTIONAL_CELL, "```{code-cell}\n%%case")
    norming_of(project, "02").write_text(norming(), "utf-8")
    path = project / TIPS
    path.write_text(
        text.replace("## To read\n", f"## To read\n\n{reading(34)}\n\n{more}{graded}{early}{STOP}+++\n\n"), "utf-8"
    )
    with (project / "modules" / "data" / "statements.csv").open("a") as statements:
        statements.write("T1,02,Look,yes\n")
    with (project / "modules" / "data" / "crosswalk.csv").open("a") as crosswalk:
        crosswalk.write("T1,4.03\n")
    assert [str(finding) for finding in check(project)] == []
    page = project / "docs" / "coverage.md"
    run(project, write=True)
    assert re.search(r"\| 02 Module 02 \| 43\.\d \+ 6\.\d \+ 37\.\d \|", page.read_text("utf-8"))
    plant(project, TIPS, "## A place to stop", f"## A place to stop\n\n{reading(5)}")
    (finding,) = [finding for finding in check(project) if "takes" in finding.what and "part" in finding.what]
    assert finding.is_error and finding.line == 1 and "part 1 of the core path takes 48." in finding.what
    errors = errors_after(project, TIPS, r'\{"tags": \["stop"\]\}', "")
    assert any("the module has 0 stopping points. Expected 2" in told for told in errors)


def test_an_essay_may_have_a_sitting_of_its_own_and_a_module_two_optional_cases(project: Path) -> None:
    more = case("second-more", "A1")
    plant(project, FIRST, "## Optional: more\n", f"## Optional: more\n\n{more}")
    plant(project, FIRST, '+++ {"tags": ["optional"]}', f'{STOP}+++ {{"tags": ["optional"]}}')
    assert [str(finding) for finding in check(project)] == []
    told = errors_after(project, FIRST, "## Optional: more\n", "## Optional: more\n\n" + case("third-more", "A1"))
    assert any("the module has 3 optional cases. Expected one or two" in line for line in told)
    told = errors_after(project, FIRST, "## Optional: more\n", f"## Optional: more\n\n{STOP}")
    assert any("the module has 3 stopping points. Expected 1 or 2" in line for line in told)


ROUTES = """\
short:
  title: One class
  about: For a class that meets once.
  within: 45
  takes:
    "01": first part
long:
  title: Everything
  about: For a class that has a term.
  takes:
    "01": all
    "03": all
"""


def test_reading_reasons_and_planning_an_essay_take_time_too() -> None:
    reason = "word " * 100
    lines = choice("one", "practice", "A1", 0).replace("one: Because.", f"one: {reason}").splitlines()
    told = "\n".join(line for line in lines[2:] if line != "```")
    practice = read_item(told, "m")
    assert isinstance(practice, Choice)
    # Half a minute for 100 words more, and none of it where the reason comes with the feedback.
    words = count_words(practice.stem) + sum(map(count_words, practice.options.values())) + 100 + 2
    assert item_minutes(practice) == pytest.approx(words / 200 + 0.5)
    graded = read_item(told.replace("use: practice", "use: graded\npoints: 1"), "m")
    assert item_minutes(graded) == pytest.approx((words - 102) / 200 + 0.5)
    essay = read_item("\n".join(ESSAY.splitlines()[2:-2]), "m")
    assert item_minutes(essay) == pytest.approx(150 / 15 + 5 + (4 + 5 * 2) / 200)


TASK = """\
```{code-cell}
%%item
id: a-line
type: essay
use: practice
covers: [A1]
basis: judgement
words: 60
stem: Write a line.
exemplar: Student intern, supervised.
look_for: [Who supervises, What to expect]
```

"""


def test_a_text_written_for_practice_comes_on_top_and_takes_its_time(project: Path) -> None:
    task = read_item("\n".join(TASK.splitlines()[2:-2]), "m")
    assert item_minutes(task) == pytest.approx(60 / 15 + 1 + (3 + 3 + 5) / 200)
    plant(project, FIRST, HOTTEXT, HOTTEXT + TASK + TASK.replace("a-line", "b-line") + TASK.replace("a-line", "c-line"))
    plant(project, FIRST, "minutes: 30", "minutes: 40")
    assert check(project) == []
    run(project, write=True)
    assert "| 6 + 3 to write | 5 + 1 essay |" in (project / "docs" / "coverage.md").read_text("utf-8")


def test_a_class_with_less_time_is_told_what_to_take_and_how_long_it_is(project: Path) -> None:
    path = project / "modules" / "data" / "routes.yaml"
    path.write_text(ROUTES, "utf-8")
    run(project, write=True)
    page = (project / "docs" / "coverage.md").read_text("utf-8")
    assert re.search(r"\| One class \| 01, first part \| \d+ \| For a class that meets once. \|", page)
    short, everything = (int(n) for n in re.findall(r"(?:first part|01; 03) \| (\d+) \|", page))
    assert 2 * short < everything and check(project) == []
    path.write_text(ROUTES.replace("within: 45", "within: 2").replace('"03"', '"04"'), "utf-8")
    long, missing = check(project)
    assert "route 'short' is to take 2 minutes, and takes" in str(long) and (long.line, long.is_error) == (1, True)
    assert "route 'long' takes module 04, which is not there. Expected of: 01, 03." in str(missing)
    assert missing.line == 12 and missing.is_error
    path.write_text(
        ROUTES.replace("first part", "half").replace("  about: For a class that has a term.\n", ""), "utf-8"
    )
    with pytest.raises(ReadingError) as caught:
        run(project)
    assert "routes.yaml, line 6: route 'short': of module 01 it takes 'half'." in str(caught.value)
    assert "route 'long': 'about' is missing" in str(caught.value)


def test_a_skill_may_come_back_in_another_setting_in_the_place_of_an_echo(project: Path) -> None:
    twin = choice("another-setting", "practice", "B1", 1).replace("use: practice", "use: practice\nagain: try-01-1")
    plant(project, SECOND, "%%echo\nid: try-01-1\n```\n", f"%%item\n{twin.split('%%item')[1].lstrip()}".rstrip() + "\n")
    assert [str(finding) for finding in check(project)] == []
    lines = plant(project, SECOND, "again: try-01-1", "again: try-03-1")
    (finding,) = check(project)
    assert finding.is_error and "'another-setting' takes up 'try-03-1' again" in finding.what
    assert lines[finding.line - 1] == "again: try-03-1"
    plant(project, SECOND, "use: practice\nagain: try-03-1", "use: check\nagain: try-01-1")
    with pytest.raises(ReadingError, match="is for check and takes up an earlier item again"):
        run(project)


def test_check_items_come_in_twelves(project: Path) -> None:
    items = [choice(f"before-{n}", "check", "A1", n % 3) for n in range(12)]
    head = module("00", ("A1",)).split("\n## ")[0]
    path = project / "modules" / "00-start.md"
    path.write_text(head + "\n" + "".join(items), "utf-8")
    assert [str(finding) for finding in check(project) if finding.is_error] == []
    shown = choice("how-it-works", "practice", "A2", 0)
    path.write_text(head + "\n" + "".join(items) + shown, "utf-8")
    run(project, write=True)
    assert "00 how-it-works" not in (project / "docs" / "coverage.md").read_text("utf-8")
    path.write_text(head + "\n" + "".join(items[1:]), "utf-8")
    assert any("the module has 11 check items" in finding.what for finding in check(project))


@pytest.mark.parametrize("name", ["statements.csv", "crosswalk.csv", "code-edition.yaml"])
def test_a_data_file_that_is_missing_is_told(project: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "modules" / "data" / name).unlink()
    assert main(["--project", str(project), "check"]) == 1
    assert f"modules/data/{name}, line 1: the file is missing." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("statements.csv", "id,section\nA1,01\n", "line 1: there is no column 'gist'"),
        ("statements.csv", "id,section,gist,graded\nA1,1,Ask,yes\n", "line 2: the statement 'A1' has section '1'"),
        (
            "statements.csv",
            "id,section,gist,graded\nA1,01,Ask,no\nA1,01,Ask,no\n",
            "line 3: the statement 'A1' is given",
        ),
        ("code-edition.yaml", "standards: [1.07]\n", "line 1: no standards with verdicts"),
        ("code-edition.yaml", "standards:\n  a: b: c\n", "line 2: this is not readable as YAML"),
    ],
)
def test_a_fault_in_a_data_file_is_told(project: Path, name: str, text: str, told: str) -> None:
    (project / "modules" / "data" / name).write_text(text, "utf-8")
    with pytest.raises(ReadingError) as caught:
        run(project)
    assert f"modules/data/{name}, {told}" in str(caught.value)


def test_the_page_is_written_and_missed_when_it_is_out_of_date(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["--project", str(project), "check", "--guide", str(project / "guide.txt")]
    page = project / "docs" / "coverage.md"
    assert main(command) == 0
    assert capsys.readouterr().out == "3 of 3 statements practiced, 2 of 2 graded too. 0 errors, 0 remarks.\n"
    assert "| **A1**\\* Think first | 01 try-01-0, " in page.read_text("utf-8")
    assert "01 what-to-cut, *01 essay-01* |" in page.read_text("utf-8")
    plant(project, "modules/data/statements.csv", "Think first", "Think again")
    assert main(command) == 1
    assert "docs/coverage.md, line 1: error: this page is out of date." in capsys.readouterr().out
    assert main([*command, "--write"]) == 0 and "Think again" in page.read_text("utf-8")


def test_without_the_guide_the_check_says_what_it_left_out(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (finding,) = run(project).findings
    assert not finding.is_error and "--guide PATH" in finding.expected
    assert main(["--project", str(project), "check", "--guide", str(project / "nowhere.txt")]) == 1
    assert "nowhere.txt is no file" in capsys.readouterr().err


def test_twelve_words_of_the_guide_may_stand_and_thirteen_may_not(project: Path) -> None:
    words = GUIDE.split()
    run_of_twelve = " ".join(words[2:14])
    plant(project, FIRST, "## To read\n", f"## To read\n\n{run_of_twelve}\n")
    assert check(project) == []
    plant(project, FIRST, run_of_twelve, f"{run_of_twelve}\n*{words[14].upper()}*")
    (finding,) = check(project)
    assert "13 words in a row are the guide's (“word that you write about …”)" in finding.what


def test_a_citation_may_be_as_the_guide_has_it(project: Path, tmp_path: Path) -> None:
    guide = tmp_path / "guide.txt"
    guide.write_text(GUIDE, encoding="utf-8")
    for name, copied in (("resources.csv", False), ("others.csv", True)):
        path = project / "modules" / "data" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"title\n{' '.join(GUIDE.split()[:20])}\n", encoding="utf-8")
        said = [finding.what for finding in copying.check(read_course(project), guide)]
        path.unlink()
        assert any("words in a row" in what for what in said) is copied


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("See 1.07(r), and 4.03.", ["1.07(r)", "4.03"]),
        ("1.06(e), (g) and (h) speak", ["1.06(e)", "1.06(g)", "1.06(h)"]),
        ("Tech 3.09, technology standard 2.10", ["Tech 3.09", "Tech 2.10"]),
        ("$3.05, 3.05%, 2.05 percent, version 1.02.3, 12.05, https://example.org/1.07", []),
    ],
)
def test_what_counts_as_a_citation(text: str, names: list[str]) -> None:
    assert cited_in(text) == names


def test_words_are_counted_as_a_reader_meets_them() -> None:
    prose = read_prose(
        "# A head\n\n> One [two](https://example.org/a/b) – *three*\n\n| a | b |\n|---|---|\n| c | |\n", 5
    )
    assert prose.words == 2 + 3 + 3 and [block.line for block in prose.blocks[:2]] == [5, 7]
    assert count_words("one – two: 1.07(r)") == 3


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("note", 1),
        ("named", 1),
        ("wanted", 2),
        ("table", 2),
        ("social", 2),
        ("media", 3),
        ("information", 4),
        ("NASW", 4),
    ],
)
def test_syllables(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


def test_the_grade_is_that_of_the_formula() -> None:
    # Five words and six syllables in one sentence; then ten and twelve in two.
    assert grade(["Dr. Kim wrote one long letter."]) == pytest.approx(0.39 * 6 + 11.8 * 7 / 6 - 15.59)
    assert grade([]) == 0


def test_the_modules_of_this_project_pass() -> None:
    report = run(PROJECT)
    assert [str(finding) for finding in report.errors] == []
    sections = {path.name[:2] for path in (PROJECT / "modules").glob("*.md")}
    if sections >= {"01", "02", "03", "04", "05", "06"}:
        assert report.coverage == "50 of 50 statements practiced, 30 of 30 graded too"


def test_a_fault_in_the_modules_of_this_project_would_be_found(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "modules", tmp_path / "modules")
    file = "modules/05-questions-for-the-classroom.md"
    found = errors_after(tmp_path, file, r"^(covers: \[.*)\bQ3\b(.*\]\n(?:competencies: \[\d|basis))", r"\1Q2\2")
    assert any(f"{file}, line 4: error: statement Q3 (" in told and "no practice item" in told for told in found)
    assert any(f"{file}, line 4: error: statement Q3 (" in told and "no graded item" in told for told in found)
