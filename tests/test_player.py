"""The player without a browser: what each message is answered with, and what is written when."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import MODULE, PROJECT
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from samples import CHOICE, ESSAY, MATCH, PRACTICE, SEVERAL

from fieldguide.items import public_text, read_item
from fieldguide.player.playing import Playing
from fieldguide.player.words import words
from fieldguide.responses import ResponseRecord


@pytest.fixture
def record(tmp_path: Path) -> ResponseRecord:
    return ResponseRecord(tmp_path, "05-m")


def play(text: str, record: ResponseRecord | None) -> Playing:
    return Playing(read_item(text, "m", stripped=True), record)


def ask(playing: Playing, kind: str, response: object = None, n: int = 1) -> dict[str, Any]:
    state = playing.handle({"kind": kind, "response": response, "n": n})
    assert state is not None
    return state


def test_a_graded_response_is_saved_before_it_is_called_saved(record: ResponseRecord) -> None:
    playing = play(public_text(CHOICE), record)
    assert ask(playing, "open")["response"] is None
    state = ask(playing, "save", ["reply"], n=7)
    assert (state["response"], state["problem"], state["n"], state["feedback"]) == (("reply",), None, 7, None)
    assert state["saved"] and record.path.exists()
    assert ask(play(public_text(CHOICE), ResponseRecord(record.path.parent, "05-m")), "open")["response"] == ("reply",)


def test_a_cleared_response_is_none(record: ResponseRecord) -> None:
    playing = play(public_text(CHOICE), record)
    ask(playing, "save", ["reply"])
    assert ask(playing, "save", None)["response"] is None
    assert not playing.answered()


def test_an_essay_goes_to_its_own_file(record: ResponseRecord) -> None:
    playing = play(public_text(ESSAY), record)
    assert ask(playing, "save", "I would ask.")["response"] == "I would ask."
    assert "I would ask." in record.essays_path.read_text()
    assert "I would ask." not in record.path.read_text()


def test_practice_explains_what_was_chosen_and_nothing_else(record: ResponseRecord) -> None:
    playing = play(PRACTICE, record)
    feedback = ask(playing, "check", ["reply"])["feedback"]
    assert feedback["verdict"] == "not_yet"
    assert [note["option"] for note in feedback["notes"]] == ["reply"]
    assert "Tell the client how" in feedback["notes"][0]["text"]


def test_the_answer_is_shown_on_request_after_one_retry(record: ResponseRecord) -> None:
    playing = play(PRACTICE, record)
    assert not ask(playing, "check", ["reply"])["can_reveal"]
    assert playing.handle({"kind": "reveal", "n": 2}) is None
    assert ask(playing, "check", ["block"])["can_reveal"]
    revealed = ask(playing, "reveal")["feedback"]
    assert revealed["verdict"] == "revealed"
    assert [note["right"] for note in revealed["notes"]] == [False, True, False]


def test_the_hint_comes_when_asked_for(record: ResponseRecord) -> None:
    playing = play(PRACTICE, record)
    assert ask(playing, "open")["hint"] is None
    assert ask(playing, "hint")["hint"] == "Who else can help?"


def test_a_match_does_not_give_away_what_was_not_found(record: ResponseRecord) -> None:
    text = MATCH.replace("use: graded", "use: practice").replace("points: 2\n", "")
    feedback = ask(play(text, record), "check", {"tape": "recording", "post": "recording"})["feedback"]
    assert feedback["verdict"] == "partly"
    assert [note["right"] for note in feedback["notes"]] == [True, False]
    assert "private facts" not in feedback["notes"][1]["text"]


def test_several_keys_are_counted_not_named(record: ResponseRecord) -> None:
    text = SEVERAL.replace("use: graded", "use: practice").replace("points: 3\n", "")
    feedback = ask(play(text, record), "check", ["town", "question"])["feedback"]
    assert {note["option"] for note in feedback["notes"]} == {"town", "question"}
    assert feedback["score_text"]


@pytest.mark.parametrize(
    "message", [None, 7, "open", [], {}, {"kind": "grade"}, {"kind": "check", "response": ["wait"]}, {"kind": "reveal"}]
)
def test_other_messages_are_not_answered(record: ResponseRecord, message: object) -> None:
    assert play(public_text(CHOICE), record).handle(message) is None
    assert not record.path.exists()


@pytest.mark.parametrize("response", [["gone", 7], {"wait": 1}, "wait", ["wait", "block"]])
def test_a_response_of_another_form_is_not_kept(record: ResponseRecord, response: object) -> None:
    state = ask(play(public_text(CHOICE), record), "save", response)
    assert state["problem"] and not record.path.exists()


def test_what_the_disk_refuses_is_said(record: ResponseRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(record, "save", full)
    assert "No space left on device" in ask(play(public_text(CHOICE), record), "save", ["wait"])["problem"]


def test_a_preview_keeps_nothing(tmp_path: Path) -> None:
    playing = play(CHOICE, None)
    assert ask(playing, "save", ["wait"])["saved"] is None
    practice = play(PRACTICE, None)
    assert ask(practice, "check", ["wait"])["feedback"]["verdict"] == "right"
    assert list(tmp_path.iterdir()) == []


HEAD = "id: 05-m\nedition: student\ntitle: A module\nminutes: 10\nobjectives: [Decide]\ngraded: [after-hours-message]\n"


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InteractiveShell:
    monkeypatch.chdir(tmp_path)
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "fieldguide")
    return shell


def run(shell: InteractiveShell, magic: str, text: str) -> tuple[object, str]:
    with capture_output() as captured:
        result = shell.run_cell(f"%%{magic}\n{text}")
    return result.result, captured.stdout + captured.stderr


def test_an_item_before_its_module_says_where_to_start(shell: InteractiveShell) -> None:
    assert "Run All Cells" in run(shell, "item", CHOICE)[1]


def test_a_fault_is_told_in_words_without_a_traceback(shell: InteractiveShell) -> None:
    run(shell, "module", HEAD)
    told = run(shell, "item", public_text(CHOICE).replace("type: choice", "type: quiz"))[1]
    assert "'type' is 'quiz'" in told and "line 3" in told and "Traceback" not in told


def test_nbgrader_gets_a_score_and_nothing_is_written(
    shell: InteractiveShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ResponseRecord(tmp_path, "05-m").save("after-hours-message", ["wait"])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert run(shell, "module", HEAD) == (None, "")
    score, told = run(shell, "item", CHOICE)
    assert score == 2.0 and isinstance(score, float) and "2.0" in told
    assert run(shell, "item", PRACTICE) == (None, "")
    assert run(shell, "item", ESSAY) == (None, "")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_without_its_key_a_graded_item_is_an_error_under_nbgrader_not_full_marks(
    shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    run(shell, "module", HEAD)
    score, told = run(shell, "item", public_text(CHOICE))
    assert score is None and "no key" in told


def test_the_instructors_edition_writes_nothing_beside_itself(shell: InteractiveShell, tmp_path: Path) -> None:
    run(shell, "module", HEAD.replace("student", "instructor"))
    run(shell, "item", CHOICE)
    assert list(tmp_path.iterdir()) == []


def test_every_word_that_python_says_is_in_the_words_file() -> None:
    names = {"look_again", "counts_match", "counts_several", "problem_form", "problem_disk"}
    names |= {f"verdict_{verdict}" for verdict in ("right", "partly", "not_yet", "revealed")}
    assert names <= set(words())


IMPORTS = """
import json, sys
import nbformat
cells = [cell.source for cell in nbformat.read(sys.argv[1], as_version=4).cells if cell.cell_type == "code"]
print(json.dumps(cells))
"""
IN_A_KERNEL = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in json.load(open(sys.argv[1])):
    shell.run_cell(cell).raise_error()
heavy = {"pandas", "nbgrader", "nbformat", "jsonschema", "jupytext", "nbconvert"} & set(sys.modules)
assert not heavy, heavy
assert "fieldguide.player.magics" in sys.modules
"""


def test_a_students_kernel_imports_nothing_heavy(tmp_path: Path) -> None:
    notebook = PROJECT / "release" / MODULE / f"{MODULE}.ipynb"
    cells = subprocess.run([sys.executable, "-c", IMPORTS, notebook], capture_output=True, text=True, check=True).stdout
    (tmp_path / "cells.json").write_text(cells)
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", IN_A_KERNEL, "cells.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    imported = {line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "fieldguide.items.scoring" in imported
    heavy = ("pandas", "nbgrader", "nbformat", "jsonschema")
    assert not [name for name in imported if name.split(".")[0] in heavy]
