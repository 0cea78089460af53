"""The decision worksheet without a browser: reading it, and what each message is answered with."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT
from drawing import words_of
from form_samples import UNAIDED, WORKED, WORKSHEET
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from sessions import answer_of, view_of

from fieldguide.cases.worksheet.model import STEPS, read_worksheet, with_gists
from fieldguide.cases.worksheet.session import WorksheetSession
from fieldguide.forms import form as forms
from fieldguide.forms.form import LONGEST_TEXT
from fieldguide.items.fields import ReadingError
from fieldguide.player.printed import Printed
from fieldguide.responses import ResponseRecord

STATIC = PROJECT / "src" / "fieldguide" / "cases" / "worksheet" / "static"
CANARY = "Persephone"


@pytest.fixture
def record(tmp_path: Path) -> ResponseRecord:
    return ResponseRecord(tmp_path, "02-m")


def play(record: ResponseRecord | None, text: str = WORKSHEET, known: list[str] | None = None) -> WorksheetSession:
    return WorksheetSession(read_worksheet(text, "m"), record, [] if known is None else known)


def ask(form: WorksheetSession, kind: str, **more: object) -> dict[str, Any]:
    answer: dict[str, Any] = answer_of(form, {"kind": kind, "view": "v", "n": 1, **more})
    return answer


# -- reading -----------------------------------------------------------------------------------------


def test_a_worksheet_is_read() -> None:
    worksheet = read_worksheet(WORKSHEET, "m")
    assert [step.name for step in worksheet.steps] == list(STEPS)
    assert [step.name for step in worksheet.written()] == ["think", "identify", "consult"]
    assert worksheet.case == "the-caption" and worksheet.intro and worksheet.intro.count("\n\n") == 1
    think = worksheet.step("think")
    assert list(think.offered) == ["1.06(a)", "1.07(r)", "4.06(a)"] and think.blank and think.compare
    assert worksheet.step("identify").written and worksheet.step("identify").blank is None
    assert worksheet.step("examine").standards == {"1.01": "Clients' interests come first, with few exceptions."}
    assert not read_worksheet(WORKED, "m").written() and len(read_worksheet(UNAIDED, "m").written()) == 5


# What is changed, the text in whose line the fault is to be told, and what is told.
FAULTS = [
    ("id: caption-ethic", "id: Caption", "id: Caption", "'Caption' is no id"),
    ("case: the-caption", "case: The caption", "case:", "'The caption' is no id"),
    ("title: ", "titel: ", "id:", "'title' is missing"),
    ("title: ", "titel: ", "titel:", "there is no field 'titel'"),
    ("  identify:\n", "  identity:\n", "steps:", "the step 'identify' is missing"),
    ("  identify:\n", "  identity:\n", "identity:", "there is no field 'identity'"),
    ("unaided: true", "unaided: yes", "unaided:", "'unaided' is 'yes'"),
    ("unaided: true", "unaided: true\n    blank: Why?", "Why?", "it is both blank and unaided"),
    ("    unaided: true\n", "", "identify:", "it is neither worked nor to be written"),
    ("unaided: true", "unaided: true\n    offered: [x]", "[x]", "standards are offered here"),
    ("unaided: true", "unaided: true\n    standards: [x]", "[x]", "it is to be written and has 'standards'"),
    ("    standards:\n", "    compare: zz\n    standards:\n", "zz", "it is worked and has a text to compare with"),
    ("unaided: true", "blank: ''", "blank: ''", "'blank' has no text"),
    ("unaided: true", "unaided: true\n    offered: []", "[]", "'offered' is no list of texts"),
    ("  consult:\n", "  consult: x\n  zz:\n", "consult:", "'consult' has no parts"),
]


@pytest.mark.parametrize(("old", "new", "at", "what"), FAULTS)
def test_a_fault_is_told_with_its_line(old: str, new: str, at: str, what: str) -> None:
    assert old in WORKSHEET
    text = WORKSHEET.replace(old, new, 1)
    with pytest.raises(ReadingError) as told:
        read_worksheet(text, "modules/03.md", first_line=11)
    line = 11 + text[: text.index(at)].count("\n")
    assert [problem for problem in told.value.problems if what in problem.what and problem.line == line], told.value
    assert str(told.value).startswith("modules/03.md, line ")


def test_the_steps_have_one_order_and_each_standard_its_place() -> None:
    mixed = "id: a\ntitle: t\nsteps:\n  think: {unaided: true, offered: [x, y, x]}\n  examine: {unaided: true}\n"
    mixed += "  hypothesize: {unaided: true}\n  identify: {unaided: true}\n  consult: {unaided: true}\n"
    with pytest.raises(ReadingError) as told:
        read_worksheet(mixed, "m")
    assert [problem.line for problem in told.value.problems] == [4, 4]
    assert "'think' is out of order" in str(told.value) and "names 'x' twice" in str(told.value)


GISTS = {"1.06(a)": 'Be "alert": to', "2.05": "Consult # well", "1.01": "Clients — first"}
LISTS = """\
id: a
title: Text before the lists stays # as it is
steps:
  examine: {worked: "Values — é", standards: ["1.06(a)",
     2.05]}
  think:
    blank: Which?
    offered:
      - 1.06(a)
      - "1.01"

    # so does this remark
    compare: |
      Hm.
  hypothesize: {unaided: true}
  identify:
    unaided: true
  consult:
    worked: Ask.
    standards: 2.05
"""


def test_lists_of_standards_become_mappings_and_nothing_else_changes() -> None:
    made = with_gists(LISTS, GISTS)
    worksheet = read_worksheet(made, "m")
    assert worksheet.step("examine").standards == {name: GISTS[name] for name in ("1.06(a)", "2.05")}
    assert worksheet.step("think").offered == {name: GISTS[name] for name in ("1.06(a)", "1.01")}
    assert worksheet.step("consult").standards == {"2.05": GISTS["2.05"]}
    assert list(worksheet.step("think").offered) == list(read_worksheet(LISTS, "m").step("think").offered)
    assert with_gists(made, GISTS) == made and with_gists(WORKSHEET, {}) == WORKSHEET
    for line in LISTS.splitlines():
        if "1.0" not in line and "2.05" not in line:
            assert line in made.splitlines()


def test_a_standard_without_a_gist_is_told() -> None:
    with pytest.raises(ReadingError) as told:
        with_gists(LISTS, {"2.05": "x", "1.01": "y"}, "modules/02.md", 100)
    assert [problem.line for problem in told.value.problems] == [103, 107]
    assert "'1.06(a)' has no gist" in str(told.value)


# -- in play -----------------------------------------------------------------------------------------


def test_choices_and_texts_are_on_the_disk_when_they_are_called_saved(record: ResponseRecord) -> None:
    form = play(record)
    opened = ask(form, "open", n=None)
    assert opened["values"] == {"think": "", "identify": "", "consult": "", "danger": None, "standards": []}
    assert opened["saved"] is None and opened["n"] is None
    state = ask(form, "save", values={"think": f"  {CANARY}\n", "standards": ["4.06(a)", "1.06(a)"]}, n=7)
    assert (state["problem"], state["note"], state["n"], state["view"]) == (None, None, 7, "v")
    assert state["saved"] and state["values"]["standards"] == ["1.06(a)", "4.06(a)"]
    ask(form, "save", values={"danger": "not-sure"})
    fresh = ResponseRecord(record.path.parent, "02-m")
    assert fresh.essay("caption-ethic.think")[0] == f"  {CANARY}\n"
    assert fresh.of("caption-ethic").saved == {"danger": "not-sure", "standards": ["1.06(a)", "4.06(a)"]}
    again = ask(play(fresh), "open")
    assert again["values"]["think"] == f"  {CANARY}\n" and again["values"]["danger"] == "not-sure" and again["saved"]


def test_a_word_taken_out_is_in_no_file(record: ResponseRecord) -> None:
    form = play(record)
    ask(form, "save", values={"identify": f"My client {CANARY}"})
    ask(form, "save", values={"identify": "My client"})
    ask(form, "save", values={"consult": CANARY})
    ask(form, "save", values={"consult": None})
    assert CANARY not in "".join(path.read_text() for path in record.path.parent.iterdir())
    assert "consult" not in json.dumps(json.loads(record.essays_path.read_text())["essays"])


def test_a_message_reads_each_file_once(record: ResponseRecord, opened: list[Path]) -> None:
    form = play(record)
    ask(form, "save", values={"think": "One", "danger": "no"})
    opened.clear()
    assert ask(form, "open")["values"]["think"] == "One"
    assert (opened.count(record.path), opened.count(record.essays_path)) == (1, 1)
    opened.clear()
    assert ask(form, "save", values={"danger": "yes"})["values"]["danger"] == "yes"
    assert (opened.count(record.path), opened.count(record.essays_path)) == (2, 1)  # one of them to write


def test_texts_alone_add_nothing_to_the_record_of_choices(record: ResponseRecord) -> None:
    form = play(record)
    for text in ("one", "two", "three"):
        ask(form, "save", values={"think": text})
    assert record.snapshot().responses == {}


RAW = [
    None, 3, "no", [], ["danger"], {"danger": "no", "standards": "1.06(a)"}, {"danger": ["no"], "standards": {}},
    {"danger": {"a": []}, "standards": [["1.06(a)"], None, 3, {}]}, {"danger": "NO", "standards": ["9.99", "1.06(a) "]},
    {"standards": ["1.06(a)"] * 9999}, {"danger": "\ud800"},
]  # fmt: skip


@pytest.mark.parametrize("raw", RAW, ids=repr)
def test_whatever_is_on_record_the_form_opens(record: ResponseRecord, raw: object) -> None:
    record.save("caption-ethic", raw)
    values = ask(play(record), "open")["values"]
    assert values["danger"] in (None, "no") and set(values["standards"]) <= {"1.06(a)"}
    assert len(values["standards"]) < 2


def test_damaged_files_are_no_obstacle(record: ResponseRecord) -> None:
    record.path.write_bytes(b"\xff\xfe{]\n" * 50)
    record.essays_path.write_text(
        '{"v": 1, "essays": {"caption-ethic.think": 3, "caption-ethic.consult": {"text": []}}}'
    )
    form = play(record)
    assert ask(form, "open")["values"]["think"] == ""
    assert ask(form, "save", values={"think": "x", "danger": "yes"})["problem"] is None
    assert ask(play(ResponseRecord(record.path.parent, "02-m")), "open")["values"]["think"] == "x"


MESSAGES = [
    None, 3, "open", [], {}, {"kind": None}, {"kind": ["save"]}, {"kind": "save "}, {"kind": "reveal"},
    {"kind": "review"}, {"kind": "review", "text": None}, {"kind": "review", "text": ["x"]},
    {"kind": "compare"}, {"kind": "compare", "step": ["think"], "text": "x"},
    {"kind": "compare", "step": "examine", "text": "x"}, {"kind": "compare", "step": "__class__", "text": "x"},
]  # fmt: skip


@pytest.mark.parametrize("message", MESSAGES, ids=repr)
def test_other_messages_are_not_answered(record: ResponseRecord, message: object) -> None:
    assert answer_of(play(record), message) is None
    assert list(record.path.parent.iterdir()) == []


@pytest.mark.parametrize(
    "values",
    [None, 3, [], "think", {"think": 3}, {"think": ["x"]}, {"think": {"text": "x"}}, {"consult": "x" * 60_000}],
)
def test_what_is_no_form_is_not_kept(record: ResponseRecord, values: object) -> None:
    form = play(record)
    assert "does not fit" in ask(form, "save", values=values)["problem"]
    assert list(record.path.parent.iterdir()) == []


def test_names_that_are_no_field_are_set_aside(record: ResponseRecord) -> None:
    form = play(record)
    values = {"examine": "worked", "../x": "y", "decided": ["think"], "__class__": 1, "think": "\ud83d half \x00"}
    assert ask(form, "save", values=values)["problem"] is None
    assert set(json.loads(record.essays_path.read_text())["essays"]) == {"caption-ethic.think"}
    assert record.snapshot().responses == {}


def test_what_the_disk_refuses_is_said(record: ResponseRecord) -> None:
    form = play(record)
    record.path.mkdir()
    assert "could not be written" in ask(form, "save", values={"danger": "yes"})["problem"]
    assert "could not be written" in ask(form, "save", values={"think": "x"})["problem"]


def test_what_another_window_changed_is_told_once(record: ResponseRecord) -> None:
    here, there = play(record), play(ResponseRecord(record.path.parent, "02-m"))
    ask(here, "open"), ask(there, "open")
    ask(there, "save", values={"think": "there"})
    assert ask(here, "save", values={"consult": "here"})["note"] is None  # another box
    ask(there, "save", values={"think": "there again"})
    assert "another window" in ask(here, "save", values={"think": "here"})["note"]
    assert ask(here, "save", values={"think": "here, later"})["note"] is None


def test_there_is_something_to_compare_with_once_something_is_written(record: ResponseRecord) -> None:
    form = play(record)
    assert ask(form, "compare", step="think", text="  \n")["text"] is None
    assert ask(form, "compare", step="think", text=None)["text"] is None
    assert "settles most of it" in ask(form, "compare", step="think", text="I think")["text"]
    assert ask(form, "compare", step="consult", text="I ask")["text"] is None
    assert "settles most of it" not in json.dumps(form.public())


def test_names_of_the_case_and_of_the_sheet_are_known_to_the_review(record: ResponseRecord) -> None:
    known: list[str] = []
    form = play(record, known=known)
    text = "My client Dana asked my client Devin, and my client Robin."

    def found() -> list[str]:
        return [find["text"] for find in ask(form, "review", text=text)["finds"]]

    assert found() == ["Dana", "Robin"]
    known.append("Robin took the photo.")  # a case further down the notebook, run later
    assert found() == ["Dana"]
    assert list(record.path.parent.iterdir()) == []


def test_a_preview_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    form = play(None)
    state = ask(form, "save", values={"think": "x", "danger": "yes"})
    assert state["values"]["think"] == "x" and state["values"]["danger"] == "yes" and state["saved"] is None
    assert list(tmp_path.iterdir()) == [] and form.public()["preview"]


# -- where no script runs, and in widget state ---------------------------------------------------------


def printed(text: str, record: ResponseRecord) -> Printed:
    return play(record, text).printed()


def test_without_a_script_the_worksheet_is_still_readable(record: ResponseRecord) -> None:
    record.save("caption-ethic", {"danger": "yes", "standards": ["1.07(r)"]})
    record.save_essay("caption-ethic.think", f"{CANARY} <b>")
    page = printed(WORKSHEET.replace("a mural", "a <b>mural</b>"), record)
    told = " ".join(page.text.split())
    assert "Is anyone in danger now? Yes." in told and "Get help first." in told and "988" in told
    assert told.index("FIRST: CONSULT") < told.index("1. EXAMINE THE VALUES")
    assert "☑ 1.07(r): Avoid posting" in told and "☐ 1.06(a)" in told and "Elaine P. Congress (2000)" in told
    assert "Written. Your text is kept in its own file" in told and "Nothing was written here" in told
    assert "settles most" not in told and "\n\n" not in page.html and "<b>" not in page.html
    assert max(map(len, page.text.splitlines())) < 80


def test_nothing_a_student_did_is_in_the_notebook(record: ResponseRecord) -> None:
    form = play(record)
    view = view_of("worksheet", form)
    view._handle_custom_msg({"kind": "save", "n": 1, "values": {"think": CANARY, "standards": ["1.07(r)"]}}, [])
    view._handle_custom_msg({"kind": "review", "n": 2, "text": f"My client {CANARY}"}, [])
    bundle = view._repr_mimebundle_()
    assert bundle is not None and CANARY not in json.dumps(bundle) + json.dumps(view.get_state(), default=str)
    assert record.essay("caption-ethic.think")[0] == CANARY


def test_every_word_that_is_said_is_there_and_every_word_there_is_said() -> None:
    folder = Path(forms.__file__).parent
    files = [STATIC / "worksheet.js", *STATIC.parent.glob("*.py"), *folder.glob("*.py")]
    source = "".join(path.read_text("utf-8") for path in [*files, folder / "static" / "form.js"])
    said = set(re.findall(r"[\"'`]([\w-]+)[\"'`]", source)) | {f"danger_{value}" for value in ("no", "yes", "not-sure")}
    assert set(words_of("form", "worksheet")) - said == set()
    spoken = set(re.findall(r"\b(?:say|says|button|complain)\([\"'](\w+)[\"'][,)]", source))
    assert spoken - set(words_of("form", "worksheet", "page")) == set()


# -- in a notebook -------------------------------------------------------------------------------------

HEAD = "id: 02-m\nedition: student\ntitle: A module\nminutes: 10\n"


def run(shell: InteractiveShell, magic: str, text: str) -> tuple[list[Any], str]:
    with capture_output() as captured:
        shell.run_cell(f"%%{magic}\n{text}")
    return captured.outputs, captured.stdout + captured.stderr


def test_the_cell_shows_a_worksheet_once_its_module_is_open(shell: InteractiveShell, tmp_path: Path) -> None:
    assert "Run All Cells" in run(shell, "worksheet", WORKSHEET)[1]
    run(shell, "module", HEAD)
    [output], told = run(shell, "worksheet", WORKSHEET)
    assert told == "" and "application/vnd.jupyter.widget-view+json" in output.data
    assert "1. EXAMINE THE VALUES" in output.data["text/plain"]
    told = run(shell, "worksheet", WORKSHEET.replace("unaided: true", "unaided: maybe"))[1]
    assert "this cell, line 32: " in told and "Traceback" not in told


def test_nothing_is_shown_or_written_where_nbgrader_executes(
    shell: InteractiveShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    run(shell, "module", HEAD)
    assert run(shell, "worksheet", WORKSHEET) == ([], "")
    assert list(tmp_path.iterdir()) == []


def test_opening_one_imports_nothing_heavy() -> None:
    script = (
        "import sys\nimport fieldguide.cases.worksheet.session, fieldguide.policy.session\n"
        "assert not {'docx', 'lxml', 'phonenumbers', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_longest_text_is_kept(record: ResponseRecord) -> None:
    assert ask(play(record), "save", values={"think": "a" * LONGEST_TEXT})["problem"] is None
