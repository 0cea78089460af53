"""The player without a browser: what each message is answered with, and what is written when."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import MODULE, PROJECT
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbconvert import HTMLExporter, LatexExporter, MarkdownExporter
from samples import CHOICE, ENTRY, ESSAY, GRADED, MATCH, ORDER, PRACTICE, SEVERAL, TASK, TWO_ARE_RIGHT
from sessions import answer_of, view_of

from fieldguide.items import Item, Outcome, parse_response, public_text, read_item, score
from fieldguide.player.certainty import LEVELS, Certainty, tally
from fieldguide.player.explaining import reveal
from fieldguide.player.head import Head
from fieldguide.player.itemsession import ItemSession
from fieldguide.player.openmodule import OpenModule
from fieldguide.player.parts import PARTS_OF, content, entry, loader
from fieldguide.player.printed import printed_item, printed_module
from fieldguide.player.public import public_data
from fieldguide.player.words import say, words
from fieldguide.responses import ResponseRecord

STATIC = PROJECT / "src" / "fieldguide" / "player" / "static"


@pytest.fixture
def record(tmp_path: Path) -> ResponseRecord:
    return ResponseRecord(tmp_path, "05-m")


def play(text: str, record: ResponseRecord | None) -> ItemSession:
    return ItemSession(read_item(text, "m", stripped=True), record)


def ask(playing: ItemSession, kind: str, response: object = None, n: int = 1) -> dict[str, Any]:
    state = answer_of(playing, {"kind": kind, "response": response, "n": n})
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
    playing.look()
    assert playing.response(playing.now) is None


def test_an_essay_goes_to_its_own_file(record: ResponseRecord) -> None:
    playing = play(public_text(ESSAY), record)
    assert ask(playing, "save", "I would ask.")["response"] == "I would ask."
    assert "I would ask." in record.essays_path.read_text()
    assert "I would ask." not in record.path.read_text()


def compare(playing: ItemSession, **more: object) -> dict[str, Any]:
    answer = playing.handle({"kind": "compare", "n": 1, **more})
    assert answer is not None
    return answer.message


def test_what_is_written_for_practice_is_kept_like_an_essay_and_never_checked(record: ResponseRecord) -> None:
    playing = play(TASK, record)
    state = ask(playing, "save", "Intern at Mill Row.")
    assert state["response"] == "Intern at Mill Row." and state["saved"] and state["feedback"] is None
    assert "Intern at Mill Row." in record.essays_path.read_text()
    assert not any(state[name] for name in ("attempts", "can_hint", "can_reveal", "ask_certainty"))
    assert answer_of(playing, {"kind": "check", "response": "Intern at Mill Row.", "n": 2}) is None
    assert ask(play(TASK, record), "open")["response"] == "Intern at Mill Row."


def test_an_example_is_shown_when_something_is_written_or_writing_is_skipped(record: ResponseRecord) -> None:
    playing = play(TASK, record)
    for nothing in ({}, {"text": " \n"}, {"text": None}, {"skip": "yes"}):
        assert compare(playing, **nothing) == {"kind": "compared", "text": None, "look_for": []}
    for asked in ({"text": "Intern."}, {"skip": True}):
        shown = compare(playing, **asked)
        assert shown["text"].endswith("Messages here are not read after five.")
        assert shown["look_for"] == ["Whose name stands on it", "What a client may expect: an answer, or none"]
    assert not record.path.exists() and not record.essays_path.exists()
    assert "Mill Row" not in str(public_data(playing.item, 1, preview=False))
    assert answer_of(play(public_text(ESSAY), record), {"kind": "compare", "text": "x", "n": 1}) is None
    assert answer_of(play(PRACTICE, record), {"kind": "compare", "skip": True, "n": 1}) is None


@pytest.mark.parametrize(
    ("sample", "paragraphs", "asked"),
    [
        (SEVERAL, ("A client writes.", "What do you do?", "Round to a whole number."), "What do you do?"),
        (SEVERAL, ("Who asks?", "A client writes.", "Choose what to do."), "Who asks?"),
        (SEVERAL, ("A client writes.", "Choose what to do."), "Choose what to do."),
        (ESSAY, ("Argue your decision.", "Who is affected?", "What is the duty?"), "Argue your decision."),
        (ESSAY, ("A client writes.", "What do you do?"), "What do you do?"),
        (ESSAY, ("Argue your decision.", "Name a duty."), "Argue your decision."),
    ],
)
def test_the_question_is_what_asks_and_a_graded_essay_in_parts_is_named_by_its_first(
    sample: str, paragraphs: tuple[str, ...], asked: str
) -> None:
    item = replace(read_item(sample, "m"), stem="\n\n".join(paragraphs))
    told = public_data(item, 1, preview=False)["stem"]
    assert told["question"] == asked
    assert [*told["vignette"], told["question"], *told["remarks"]] == list(paragraphs)
    assert told["in_parts"] == (asked == "Argue your decision.")


def test_without_a_script_a_text_for_practice_shows_neither_example_nor_rubric() -> None:
    task = read_item(TASK, "m")
    printed = printed_item(task, public_data(task, 3, preview=False), "My own line")
    assert printed.text.startswith("Practice 3 (Not graded)") and say("rubric") not in printed.text
    assert "Mill Row" not in printed.text + printed.html and "My own line" not in printed.text + printed.html
    assert MARKED["essay"] in printed.text


def test_practice_explains_what_was_chosen_and_nothing_else(record: ResponseRecord) -> None:
    playing = play(PRACTICE, record)
    feedback = ask(playing, "check", ["reply"])["feedback"]
    assert feedback["verdict"] == "not_yet"
    assert [note["option"] for note in feedback["notes"]] == ["reply"]
    assert "Tell the client how" in feedback["notes"][0]["text"]


def test_the_answer_is_shown_on_request_after_one_retry(record: ResponseRecord) -> None:
    playing = play(PRACTICE, record)
    assert not ask(playing, "check", ["reply"])["can_reveal"]
    assert answer_of(playing, {"kind": "reveal", "n": 2}) is None
    assert ask(playing, "check", ["block"])["can_reveal"]
    revealed = ask(playing, "reveal")["feedback"]
    assert revealed["verdict"] == "revealed"
    assert [note["right"] for note in revealed["notes"]] == [False, True, False]


def test_the_hint_comes_when_asked_for_after_a_wrong_try(record: ResponseRecord) -> None:
    playing = play(PRACTICE, record)
    assert not ask(playing, "open")["can_hint"]
    assert answer_of(playing, {"kind": "hint", "n": 1}) is None
    state = ask(playing, "check", ["reply"])
    assert state["can_hint"] and state["hint"] is None
    assert ask(playing, "hint")["hint"] == "Who else can help?"
    assert not ask(play(PRACTICE, record), "check", ["wait"])["can_hint"]


def practice(text: str) -> str:
    kept = [line for line in text.splitlines() if not line.startswith("points:")]
    return "\n".join(kept).replace("use: graded", "use: practice")


def test_either_of_two_right_answers_is_right_and_that_is_said(record: ResponseRecord) -> None:
    playing = play(PRACTICE.replace("key: wait", "key: [wait, reply]"), record)
    assert ask(playing, "check", ["block"])["feedback"]["score_text"] is None
    for chosen in ("wait", "reply"):
        feedback = ask(playing, "check", [chosen])["feedback"]
        assert (feedback["verdict"], [note["right"] for note in feedback["notes"]]) == ("right", [True])
        assert feedback["score_text"] == say("counts_any", n=2)
    ask(playing, "check", ["block"])
    ask(playing, "check", ["block"])
    revealed = ask(playing, "reveal")["feedback"]
    assert [note["right"] for note in revealed["notes"]] == [True, True, False]
    assert revealed["score_text"] == say("counts_any", n=2)


@pytest.mark.parametrize(("name", "told"), [("match", "No identity in teaching"), ("entry", "14")])
def test_a_second_right_answer_is_shown_with_the_first(name: str, told: str) -> None:
    item = read_item(practice(TWO_ARE_RIGHT[name]), name)
    first, second = reveal(item)["notes"][0]["label"], say("any_of", first="", others=told)
    assert first.endswith(second)


def test_an_order_is_explained_only_when_it_is_right_or_asked_for(record: ResponseRecord) -> None:
    playing = play(practice(ORDER), record)
    feedback = ask(playing, "check", ["stop", "plan", "discuss", "tell"])["feedback"]
    assert (feedback["verdict"], feedback["notes"]) == ("partly", [])
    assert "1 of 3" in feedback["score_text"]
    ask(playing, "check", ["discuss", "stop", "tell", "plan"])
    revealed = ask(playing, "reveal")["feedback"]["notes"]
    assert [note["label"][:2] for note in revealed] == ["1.", "2.", "3.", "4."]
    assert ask(playing, "check", ["stop", "plan", "tell", "discuss"])["feedback"]["verdict"] == "right"


def test_an_entry_is_read_as_people_write(record: ResponseRecord) -> None:
    playing = play(practice(ENTRY), record)
    assert ask(playing, "check", " 12,9 %")["feedback"]["verdict"] == "right"
    assert ask(playing, "check", "13.1")["feedback"]["verdict"] == "not_yet"
    assert "no number" in ask(playing, "check", "twelve")["problem"]


def test_certainty_is_recorded_shown_back_and_counts_for_nothing(record: ResponseRecord) -> None:
    playing = play(PRACTICE, record)
    feedback = ask(playing, "check", ["reply"])["feedback"]
    assert feedback["calibration"] is None
    state = answer_of(playing, {"kind": "check", "response": ["wait"], "certainty": "sure", "n": 2})
    assert state is not None and state["certainty"] == "sure"
    assert state["feedback"]["calibration"] == "You were sure, and right."
    assert state["feedback"]["verdict"] == "right"
    answer_of(playing, {"kind": "check", "response": ["wait"], "certainty": "very", "n": 3})
    reread = ResponseRecord(record.path.parent, "05-m").of("after-hours-message")
    assert reread.certainties == [None, "sure", None]
    assert list(play(PRACTICE, record).said_and_right(record.snapshot())) == [("sure", True)]
    assert tally([("guess", True), ("sure", False), ("sure", True), ("whim", True)]) == [
        say("tally_sure", right=1, n=2),
        say("tally_guess", right=1, n=1),
    ]


def test_whether_to_ask_for_certainty_is_kept_with_the_record(record: ResponseRecord) -> None:
    certainty = Certainty(record)
    assert not certainty.on(record.snapshot()) and not ask(play(PRACTICE, record), "open")["ask_certainty"]
    certainty.turn(True)
    assert ask(play(PRACTICE, ResponseRecord(record.path.parent, "05-m")), "open")["ask_certainty"]
    assert not ask(play(public_text(CHOICE), record), "open")["ask_certainty"]
    certainty.turn(False)
    assert not Certainty(record).on(record.snapshot())


def test_a_response_from_another_window_is_told(record: ResponseRecord) -> None:
    here, there = (
        play(public_text(CHOICE), record),
        play(public_text(CHOICE), ResponseRecord(record.path.parent, "05-m")),
    )
    ask(here, "open")
    ask(there, "open")
    assert ask(there, "save", ["reply"])["note"] is None
    state = ask(here, "save", ["wait"])
    assert state["note"] == say("answered_elsewhere") and state["response"] == ("wait",)
    assert ask(here, "save", ["block"])["note"] is None


def test_a_response_to_an_older_wording_is_told(record: ResponseRecord) -> None:
    record.save("after-hours-message", ["gone"])
    state = ask(play(public_text(CHOICE), record), "open")
    assert (state["response"], state["note"]) == (None, say("answer_outdated"))
    record.save("after-hours-message", {"edited": "by hand"})
    state = ask(play(public_text(CHOICE), record), "open")
    assert (state["response"], state["note"]) == (None, say("answer_unreadable"))
    record.save("after-hours-message", ["wait"])
    assert ask(play(public_text(CHOICE), record), "open")["note"] is None


RESPONSES = {
    "choice": ["wait"],
    "several": ["town", "job"],
    "match": {"tape": "recording", "post": "teaching"},
    "order": ["stop", "plan", "tell", "discuss"],
    "hottext": ["town"],
    "entry": "12<b>",
    "essay": "My client Persephone",
}
MARKED = {
    "choice": "◉ Leave it, and bring it to supervision. — your answer",
    "several": "☑ The job that only one person has — your answer",
    "match": "• You would like to post about a client. — your answer: No identity in teaching",
    "order": "1. Stop reading.\n2. Plan the talk",
    "hottext": "☐ [a teacher] from ☑ [Fern Hollow] (your answer), who",
    "entry": "✎ your answer: 12<b> percent",
    "essay": "Answered. Your text is kept in its own file",
}


@pytest.mark.parametrize("kind", GRADED)
def test_without_a_script_an_item_is_still_readable(kind: str) -> None:
    item = read_item(GRADED[kind].replace("expect: number", "expect: text").replace("tolerance: 0.5\n", ""), "m")
    data = public_data(item, 3, preview=False)
    printed = printed_item(item, data, parse_response(item, RESPONSES[kind])[0])
    assert printed.text.startswith("Question 3 (") and MARKED[kind] in printed.text
    assert "Persephone" not in printed.text + printed.html
    assert "<b>" not in printed.html and "\n\n" not in printed.html
    assert max(map(len, printed.text.splitlines())) < 80
    for private in (getattr(item, "rationale", {}), getattr(item, "misconceptions", {})):
        assert not [text for text in private.values() if text in printed.text]
    assert say("printed_unanswered") in " ".join(printed_item(item, data, None).text.split())


@pytest.mark.slow
def test_an_exported_notebook_shows_the_answers_and_no_essay(shell: InteractiveShell, tmp_path: Path) -> None:
    record = ResponseRecord(tmp_path, "05-m")
    record.save("after-hours-message", ["wait"])
    record.save("smallest-group", "12,5")
    record.save_essay("the-group-chat", "My client Persephone")
    head = HEAD.replace("[after-hours-message]", "[after-hours-message, smallest-group, the-group-chat, gone]")
    notebook = nbformat.v4.new_notebook()
    for magic, text in (("module", head), ("item", CHOICE), ("item", ENTRY), ("item", public_text(ESSAY))):
        with capture_output() as captured:
            shell.run_cell(f"%%{magic}\n{text}").raise_error()
        outputs = [nbformat.v4.new_output("display_data", data=output.data) for output in captured.outputs]
        notebook.cells.append(nbformat.v4.new_code_cell(f"%%{magic}\n{text}", outputs=outputs))
    for exporter in (HTMLExporter(), MarkdownExporter(), LatexExporter()):
        page, _ = exporter.from_notebook_node(notebook)
        output = re.sub(r"<[^>]*>|\s+", " ", page)
        for told in ("Answered 3 of 4 graded questions", "your answer: 12,5 percent", "kept in its own file"):
            assert told in " ".join(output.split()), (type(exporter), told)
        assert re.search(r"Leave it, and bring it to supervision. (—|---|–|.textemdash ?)\W+your answer", output)
        assert "Persephone" not in page and "widget-view" not in page


def test_a_modules_head_is_readable_too() -> None:
    module = {
        "title": "A < B",
        "minutes": 1,
        "objectives": ["Decide"],
        "counts": {"practice": 0, "graded": 2, "check": 0},
    }
    printed = printed_module(module, {"total": 2, "answered": 1})
    assert "<h1>A &lt; B</h1>" in printed.html
    assert printed.text == (
        "A < B (1 minute · 2 graded questions)\n\nWhat you will learn:\n\n• Decide\n\nAnswered 1 of 2 graded questions"
    )


def test_script_and_styles_are_small_and_come_once(tmp_path: Path) -> None:
    parts = [content(name) for name in PARTS_OF["item"]]
    script, styles = ("".join(part[kind] for part in parts) for kind in ("script", "styles"))
    assert len((script + styles + loader() + entry()).encode()) <= 30_000
    module = OpenModule(Head("05-m", "student", "T", 1, ()), tmp_path)
    view = view_of("item", module.session_of(read_item(CHOICE, "m")))
    assert len(str(view.get_state())) < 4_000
    assert content("player")["script"][:200] not in str(view.get_state())
    assert "//" not in script.replace("://", "")


def test_a_click_reads_each_file_once_and_scores_no_old_attempt_again(
    tmp_path: Path, opened: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    graded = [f"graded-{number}" for number in range(5)]
    head = Head("05-m", "student", "T", 1, (), graded=(*graded, "the-group-chat"))
    module, record = OpenModule(head, tmp_path), ResponseRecord(tmp_path, "05-m")
    sessions = [
        module.session_of(read_item(public_text(CHOICE).replace("after-hours-message", name), "m", stripped=True))
        for name in graded
    ]
    module.session_of(read_item(public_text(ESSAY), "m", stripped=True))
    practiced = []
    for number in range(24):
        name = f"practice-{number}"
        practiced.append(module.session_of(read_item(PRACTICE.replace("after-hours-message", name), "m")))
        record.check(name, ["reply"], "sure")
    scored: list[object] = []

    def count(item: Item, response: object) -> Outcome:
        scored.append(response)
        return score(item, response)

    monkeypatch.setattr("fieldguide.player.itemsession.score", count)

    def head_after(session: ItemSession, message: dict[str, Any]) -> Any:
        answer = session.handle(message)
        assert answer is not None
        return dict(answer.news).get("module")

    assert head_after(sessions[0], {"kind": "save", "response": ["wait"], "n": 1})["graded"]["answered"] == 1
    assert len(scored) == 24
    scored.clear()
    for session, message in (
        (sessions[1], {"kind": "save", "response": ["wait"], "n": 2}),
        (sessions[1], {"kind": "open", "n": 3}),
        (practiced[0], {"kind": "check", "response": ["wait"], "n": 4}),
    ):
        opened.clear()
        told = head_after(session, message)
        writing = message["kind"] != "open"
        assert opened.count(record.path) == 1 + writing, message
        assert opened.count(record.essays_path) <= 1
    assert told["graded"]["answered"] == 2
    assert scored and not [response for response in scored if response not in (["wait"], ("wait",))]


def test_the_head_tells_what_was_set_aside(tmp_path: Path) -> None:
    (tmp_path / "05-m.responses.jsonl").write_text("edited by hand\n")
    module = OpenModule(Head("05-m", "student", "T", 1, (), graded=("after-hours-message",)), tmp_path)
    progress = answer_of(module, None)
    assert progress["graded"]["answered"] == 0
    assert len(progress["set_aside"]) == 1 and "line 1" in progress["set_aside"][0]


def test_certainty_that_the_disk_refuses_is_told(tmp_path: Path) -> None:
    module = OpenModule(Head("05-m", "student", "T", 1, ()), tmp_path)
    (tmp_path / "05-m.responses.jsonl").mkdir()
    answer = answer_of(module, {"kind": "certainty", "on": True})
    assert answer["problem"] and not answer["certainty"]["on"]


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
    assert answer_of(play(public_text(CHOICE), record), message) is None
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


def test_every_word_that_is_said_is_in_the_words_file_and_every_word_there_is_said() -> None:
    source = "".join(path.read_text() for path in [*STATIC.glob("*.js"), *STATIC.parent.glob("*.py")])
    said = set(re.findall(r"[\"'`](\w+)[\"'`]", source)) | {"lang", "dir"}
    uses = ("practice", "graded", "check")
    said |= {f"verdict_{verdict}" for verdict in ("right", "partly", "not_yet", "revealed")}
    said |= {f"calibration_{level}_{verdict}" for level in LEVELS for verdict in ("right", "partly", "not_yet")}
    said |= {f"tally_{level}" for level in LEVELS} | {f"count_{use}" for use in uses}
    said |= {f"{part}_{kind}" for part in ("how", "credit") for kind in ("several", "match", "order", "hottext")}
    said |= {f"{part}_{tone}" for part in ("option", "prompt") for tone in ("right", "wrong")}
    said |= {"preview", "never_counts", "may_change"}
    names = {name.partition(".")[0] for name in words()}
    assert names - said == set()
    spoken = set(re.findall(r"\bsay(?:\.count)?\([\"'](\w+)[\"']|\bcount\([\"'](\w+)[\"']", source))
    assert {one or other for one, other in spoken} - names == set()


IMPORTS = """
import json, sys
import nbformat
cells = [cell.source for cell in nbformat.read(sys.argv[1], as_version=4).cells if cell.cell_type == "code"]
cells = [cell for cell in cells if not cell.startswith("%%table")]  # pandas is imported when a table is shown
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
assert "fieldguide.notebook.magics" in sys.modules
"""


def test_a_students_kernel_imports_nothing_heavy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)  # nbgrader sets it for the whole process
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
