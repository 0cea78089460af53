"""A case without a browser: what each message is answered with, what is written when, and what is printed."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from case_samples import CASE, GRADED_CASE, WAYS
from conftest import PROJECT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from sessions import answer_of, view_of

from fieldguide.cases.paths import MOST_PATHS, parse_case_response
from fieldguide.cases.reading import public_case_text, read_case
from fieldguide.cases.session import CaseSession
from fieldguide.cases.words import say
from fieldguide.player.head import read_head
from fieldguide.player.openmodule import OpenModule
from fieldguide.player.printed import Printed
from fieldguide.responses import ResponseRecord
from fieldguide.words import own_texts

STATIC = PROJECT / "src" / "fieldguide" / "cases" / "static"
REASON = "Robin can act without losing face."
NUMBERS = count(1)


@pytest.fixture
def record(tmp_path: Path) -> ResponseRecord:
    return ResponseRecord(tmp_path, "02-m")


def play(record: ResponseRecord | None, text: str = CASE) -> CaseSession:
    case = read_case(text, "m", stripped=True)
    return CaseSession(case, record, list(case.texts()))


def ask(playing: CaseSession, kind: str, **more: object) -> dict[str, Any]:
    n = next(NUMBERS)
    state = answer_of(playing, {"kind": kind, "n": n, **more})
    assert state is not None and state["n"] == n and state["kind"] == "state"
    json.dumps(state)
    return state


def go(playing: CaseSession, *options: str) -> dict[str, Any]:
    """Choose one option after the other from where the case stands."""
    state = ask(playing, "open")
    for option in options:
        state = ask(playing, "choose", scene=state["here"]["scene"], option=option)
        assert state["note"] is None and state["problem"] is None
    return state


def decide(playing: CaseSession, **changed: object) -> dict[str, Any]:
    return ask(playing, "commit", **{"option": "alone", "certainty": "fairly", "reason": REASON, **changed})


def raw(record: ResponseRecord) -> Any:
    return ResponseRecord(record.path.parent, "02-m").of("thursday-940").saved


def paths(record: ResponseRecord) -> list[list[str]]:
    found: list[list[str]] = raw(record)["paths"]
    return found


# -- the story -------------------------------------------------------------------------------------


def test_a_case_opens_at_its_first_scene_and_writes_nothing(record: ResponseRecord) -> None:
    state = ask(play(record), "open")
    assert state["steps"] == [] and state["here"]["scene"] == "tonight" and state["here"]["text"] is None
    assert [option["id"] for option in state["here"]["options"]] == ["robin", "chat"]
    assert (state["ways"], state["decision"], state["reason"], state["share"]) == (0, None, "", False)
    assert (state["saved"], state["problem"], state["note"]) == (None, None, None)
    assert not record.path.exists()


@pytest.mark.parametrize(("way", "end"), WAYS.items())
def test_each_way_is_gone_recorded_and_found_again(record: ResponseRecord, way: tuple[str, ...], end: str) -> None:
    state = go(play(record), *way)
    assert state["here"]["ending"] == end and state["ways"] == 1 and state["saved"]
    assert len(state["steps"]) == len(way) and state["steps"][0]["choice"].startswith("Write")
    assert paths(record) == [list(way)]
    again = ask(play(ResponseRecord(record.path.parent, "02-m")), "open")
    assert {**again, "n": 0} == {**state, "n": 0}


def test_every_choice_is_on_the_disk_before_the_story_goes_on(record: ResponseRecord) -> None:
    playing = play(record)
    go(playing, "chat")
    assert paths(record) == [["chat"]]
    go(playing, "private")
    assert paths(record) == [["chat", "private"]] and len(record.path.read_text().splitlines()) == 2


def test_a_message_reads_each_file_once(record: ResponseRecord, opened: list[Path]) -> None:
    playing = play(record)
    go(playing, "robin")
    for message, writes in (({"kind": "open"}, 0), ({"kind": "choose", "scene": "ten-thirty", "option": "tell"}, 1)):
        opened.clear()
        answer_of(playing, {**message, "n": 1})
        assert opened.count(record.path) == 1 + writes
        assert opened.count(record.essays_path) <= 1
    assert paths(record) == [["robin", "tell"]]


def test_going_back_keeps_what_was_chosen(record: ResponseRecord) -> None:
    playing = play(record)
    go(playing, "robin", "tell")
    state = ask(playing, "back", to=1)
    assert state["here"]["scene"] == "ten-thirty" and state["ways"] == 1
    assert paths(record) == [["robin", "tell"], ["robin"]]
    go(playing, "no")
    state = ask(playing, "again")
    assert paths(record) == [["robin", "tell"], ["robin", "no"], []]
    assert state["here"]["scene"] == "tonight" and state["ways"] == 2
    go(playing, "robin", "tell")  # the same once more
    assert ask(playing, "again")["ways"] == 2


def test_a_way_on_which_nothing_new_was_chosen_is_not_kept(record: ResponseRecord) -> None:
    playing = play(record)
    go(playing, "chat", "private", "tell")
    for to in (2, 1, 0):
        ask(playing, "back", to=to)
    assert paths(record) == [["chat", "private", "tell"], []]
    go(playing, "robin")
    ask(playing, "again")
    assert paths(record) == [["chat", "private", "tell"], ["robin"], []]


def test_what_is_asked_twice_is_done_once(record: ResponseRecord) -> None:
    playing = play(record)
    first = {"kind": "choose", "n": 5, "scene": "tonight", "option": "robin"}
    assert answer_of(playing, first) == answer_of(playing, first)
    go(playing, "tell")
    for kind, more in (("back", {"to": 1}), ("again", {}), ("again", {})):
        ask(playing, kind, **more)
    assert ask(playing, "back", to=1)["note"] is None
    assert paths(record) == [["robin", "tell"], []]


@pytest.mark.parametrize(
    ("scene", "option"),
    [("ten-thirty", "tell"), ("tonight", "tell"), ("", ""), (None, None), (["tonight"], {"robin": 1}), ("tonight", 0)],
)
def test_a_choice_that_does_not_fit_changes_nothing(record: ResponseRecord, scene: object, option: object) -> None:
    state = ask(play(record), "choose", scene=scene, option=option)
    assert state["note"] == say("not_taken") and state["steps"] == [] and not record.path.exists()


def test_after_an_ending_nothing_more_is_chosen(record: ResponseRecord) -> None:
    playing = play(record)
    go(playing, "robin", "no")
    assert ask(playing, "choose", scene="quiet", option="robin")["note"] == say("not_taken")
    for to in (2, 99, -1, "0", None, 0.5, []):
        assert ask(playing, "back", to=to)["here"]["ending"] == "quiet"
    assert paths(record) == [["robin", "no"]]


def test_the_record_never_outgrows_its_line(record: ResponseRecord) -> None:
    record.save("thursday-940", {"paths": [["robin"], *[["chat", "leave"]] * MOST_PATHS, ["robin", "no"]]})
    playing = play(record)
    state = ask(playing, "again")
    assert state["note"] == say("too_many_ways") and state["here"]["ending"] == "quiet"
    assert decide(playing)["decision"] is not None and len(paths(record)) == MOST_PATHS


# -- the decision ----------------------------------------------------------------------------------


def test_a_decision_is_sent_and_only_then_compared(record: ResponseRecord) -> None:
    playing = play(record)
    state = go(playing, "robin", "no")
    assert state["decision"] is None and "I would speak" not in str(state) and "Robin first" not in str(state)
    state = decide(playing)
    assert state["decision"]["text"].startswith("Speak with Robin") and state["decision"]["certainty"] == "fairly"
    assert "I would speak" in state["decision"]["commentary"]
    assert len(state["decision"]["positions"]) == 2 and len(state["decision"]["prompts"]) == 2
    assert state["reason"] == REASON and record.essay("thursday-940")[0] == REASON
    assert raw(record) == {
        "paths": [["robin", "no"]],
        "decision": {"option": "alone", "certainty": "fairly"},
        "share": False,
    }
    assert REASON not in record.path.read_text()
    assert parse_case_response(playing.case, raw(record)).option == "alone"


def test_the_decision_stays_and_the_words_may_change(record: ResponseRecord) -> None:
    playing = play(record)
    go(playing, "robin", "no")
    decide(playing)
    state = decide(playing, option="wait", certainty="guess", reason="Something else altogether")
    assert state["decision"]["text"].startswith("Speak with Robin") and state["reason"] == REASON
    assert ask(playing, "reason", text="Robin and Dana")["reason"] == "Robin and Dana"
    assert ask(playing, "reason", text="Robin alone")["reason"] == "Robin alone"
    assert "Dana" not in record.essays_path.read_text() and REASON not in record.essays_path.read_text()
    state = ask(playing, "again")
    assert state["decision"]["certainty"] == "fairly" and raw(record)["decision"]["option"] == "alone"
    assert ask(playing, "reason", text=" ")["reason"] == "" and record.essay("thursday-940")[0] is None


@pytest.mark.parametrize(
    "changed",
    [
        {"option": "other"},
        {"option": None},
        {"option": ["alone"]},
        {"certainty": "certain"},
        {"certainty": None},
        {"certainty": {}},
        {"reason": "Too few"},
        {"reason": ""},
        {"reason": None},
        {"reason": ["a", "b", "c"]},
    ],
    ids=str,
)
def test_a_decision_that_is_not_whole_is_not_taken(record: ResponseRecord, changed: dict[str, object]) -> None:
    playing = play(record)
    go(playing, "robin", "no")
    state = decide(playing, **changed)
    assert state["note"] == say("not_taken") and state["decision"] is None and not record.essays_path.exists()


def test_a_decision_needs_a_way_to_an_ending(record: ResponseRecord) -> None:
    playing = play(record)
    go(playing, "robin")
    assert decide(playing)["decision"] is None
    go(playing, "no")
    ask(playing, "again")
    assert decide(playing)["decision"] is not None  # one way was gone to its end


def test_a_reason_may_be_shown_only_while_its_writer_says_so(record: ResponseRecord) -> None:
    playing = play(record)
    assert ask(playing, "share", on=True)["share"] is True
    assert raw(record)["share"] is True
    go(playing, "robin", "no")
    assert decide(playing)["share"] is True
    assert ask(playing, "share", on=False)["share"] is False
    for odd in ("yes", 1, None, [True]):
        assert ask(playing, "share", on=odd)["share"] is False
    assert raw(record)["share"] is False and raw(record)["decision"]["option"] == "alone"


def test_a_graded_case_asks_for_no_reason_and_has_no_commentary_to_give(record: ResponseRecord) -> None:
    playing = play(record, public_case_text(GRADED_CASE))
    go(playing, "robin", "no")
    assert ask(playing, "reason", text="A name")["reason"] == ""
    assert answer_of(playing, {"kind": "review", "n": 1, "text": "write to a.b@example.org"}) is None
    state = decide(playing, reason=None)
    assert state["decision"]["commentary"] is None and state["decision"]["positions"] == []
    assert state["decision"]["prompts"] and not record.essays_path.exists()
    assert record.of("graded-940").saved["decision"] == {"option": "alone", "certainty": "fairly"}


def test_a_reason_is_reviewed_and_the_review_is_not_kept(record: ResponseRecord) -> None:
    playing = play(record)
    answer = answer_of(playing, {"kind": "review", "n": 3, "text": "Robin can write to a.b@example.org today."})
    assert answer is not None and (answer["kind"], answer["n"]) == ("reviewed", 3)
    assert [find["text"] for find in answer["finds"]] == ["a.b@example.org"]
    assert not record.path.exists() and not record.essays_path.exists()


def test_the_instructors_edition_is_a_preview_that_keeps_nothing(tmp_path: Path) -> None:
    playing = play(None, GRADED_CASE)
    go(playing, "robin", "no")
    ask(playing, "share", on=True)
    state = decide(playing)
    assert state["decision"]["commentary"] and state["share"] and state["saved"] is None and state["note"] is None
    assert ask(play(None, GRADED_CASE), "open")["steps"] == []
    own = play(None)
    go(own, "robin", "no")
    assert decide(own)["reason"] == REASON
    assert list(tmp_path.iterdir()) == []


# -- faults ----------------------------------------------------------------------------------------


def test_what_the_disk_refuses_is_told_and_can_be_asked_again(record: ResponseRecord) -> None:
    playing = play(record)
    go(playing, "robin")
    record.path.rename(record.path.with_suffix(".away"))
    record.path.mkdir()
    state = ask(playing, "choose", scene="ten-thirty", option="no")
    assert "could not be written" in state["problem"] and state["here"]["scene"] == "ten-thirty"
    record.path.rmdir()
    record.path.with_suffix(".away").rename(record.path)
    state = ask(playing, "choose", scene="ten-thirty", option="no")
    assert state["problem"] is None and state["here"]["ending"] == "quiet"
    draft = record.path.with_name(".02-m.essays.json.part")
    draft.mkdir()
    state = decide(playing)
    assert state["problem"] and state["decision"] is None  # no decision without its reason
    draft.rmdir()
    assert decide(playing)["decision"]


def test_what_went_on_in_another_window_is_taken_over_and_told(record: ResponseRecord) -> None:
    here, there = play(record), play(ResponseRecord(record.path.parent, "02-m"))
    go(here, "robin")
    ask(there, "open")
    go(here, "tell")
    state = ask(there, "choose", scene="ten-thirty", option="no")
    assert state["note"] == say("went_on_elsewhere") and state["here"]["ending"] == "repaired"
    assert ask(there, "open")["note"] is None
    decide(here)
    state = decide(there, option="wait")
    assert state["note"] == say("went_on_elsewhere") and state["decision"]["text"].startswith("Speak with Robin")
    ask(here, "reason", text="What the first window says")
    state = ask(there, "reason", text="What the second says")
    assert state["note"] == say("went_on_elsewhere") and state["reason"] == "What the second says"
    assert paths(record) == [["robin", "tell"]]


def test_what_no_longer_fits_is_told_until_the_case_goes_on(record: ResponseRecord) -> None:
    record.save("thursday-940", {"paths": [["robin", "call"]], "decision": {"option": "gone", "certainty": "sure"}})
    state = ask(play(record), "open")
    assert state["note"] == say("case_outdated") and state["here"]["scene"] == "ten-thirty"
    assert state["decision"] is None
    playing = play(record)
    go_on = ask(playing, "choose", scene="ten-thirty", option="no")
    assert go_on["note"] is None and decide(playing)["decision"]


@pytest.mark.parametrize(
    "saved", ["text", 7, [["robin"]], {"paths": "robin"}, {"paths": [[{}]]}, {"decision": ["alone"]}, {"paths": {}}]
)
def test_what_is_no_response_of_a_case_is_told_and_begun_anew(record: ResponseRecord, saved: object) -> None:
    record.save("thursday-940", saved)
    playing = play(record)
    state = ask(playing, "open")
    assert state["note"] == say("case_unreadable") and state["steps"] == []
    state = ask(playing, "choose", scene="tonight", option="robin")
    assert state["note"] is None and paths(record) == [["robin"]]
    assert "text" in record.path.read_text() or saved != "text"  # what stood there is still on file


parts = st.none() | st.booleans() | st.integers(-2, 4) | st.text(max_size=3)
names = st.sampled_from(
    ["tonight", "ten-thirty", "in-the-chat", "robin", "chat", "no", "leave", "alone", "sure", REASON]
)
anything = st.recursive(
    parts | names, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=2), max_leaves=5
)
kinds = st.sampled_from(["open", "choose", "back", "again", "commit", "reason", "share", "review", "save", "", None, 3])
fields = st.sampled_from(["scene", "option", "to", "certainty", "reason", "text", "on", "n"])


@given(st.lists(st.tuples(kinds, st.dictionaries(fields, anything, max_size=4)), max_size=8))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_message_breaks_a_case_or_its_record(
    tmp_path: Path, messages: list[tuple[object, dict[str, object]]]
) -> None:
    record = ResponseRecord(tmp_path, "02-m")
    playing = play(record)
    before: list[tuple[str, ...]] = []
    for kind, more in messages:
        answer = answer_of(playing, {"kind": kind, **more})
        assert answer is None or (answer["kind"] == "state" and answer["problem"] is None) or kind == "review"
        now = parse_case_response(playing.case, record.of("thursday-940").saved)
        assert now.remark is None and list(now.paths[: len(before) - 1]) == before[:-1]
        before = list(now.paths)
    for odd in (None, [], "open", 7, {}, {"kind": ["open"]}, {"kind": {}}):
        assert answer_of(playing, odd) is None


# -- what is shown ---------------------------------------------------------------------------------


def test_the_widget_carries_nothing_that_comes_later(record: ResponseRecord) -> None:
    playing = play(record, GRADED_CASE)
    go(playing, "robin", "tell")
    decide(playing)
    view = view_of("case", playing)
    carried = json.dumps({name: getattr(view, name) for name in view.keys}, default=str)
    assert "Her face is turned away" in carried and "What should you do that night" in carried
    for later in ("What do you do first?", "Told in the morning", "I would speak with", "Robin first", '"robin"'):
        assert later not in carried, later
    view.close()


def test_a_view_answers_every_message_by_the_whole_state(record: ResponseRecord) -> None:
    view, told = view_of("case", play(record)), []
    view.send = lambda message, buffers: told.append(message)
    for message in ({"kind": "open", "n": 1}, {"kind": "unknown"}, None, {"kind": "review", "n": 2, "text": "Well."}):
        view._handle_custom_msg(message, [])
    assert [(answer["kind"], answer["n"]) for answer in told] == [("state", 1), ("reviewed", 2)]
    view.close()


def printed(playing: CaseSession) -> Printed:
    return playing.printed()


def test_where_no_script_runs_the_path_stands_there_in_words(record: ResponseRecord) -> None:
    playing = play(record)
    fresh = printed(playing).text
    assert fresh.startswith("Case: Thursday, 9:40 p.m. (Not graded)") and "• Write to Robin alone" in fresh
    assert "What do you answer?" not in fresh
    go(playing, "robin")
    assert "You chose: Write to Robin alone" in printed(playing).text
    go(playing, "tell")
    ended = printed(playing).text
    assert "HOW THIS PATH ENDS: TOLD IN THE MORNING" in ended and say("printed_undecided") in ended
    assert "•" not in ended and "I would speak" not in ended
    decide(playing)
    html = printed(playing).html
    for part in (
        "You decided: Speak with Robin",
        "fairly sure",
        "I would speak with Robin",
        ">Robin first",
        ">Who tells",
    ):
        assert part in html, part
    assert REASON not in html and say("printed_reason") in html
    graded = play(None, public_case_text(GRADED_CASE))
    go(graded, "robin", "tell")
    decide(graded)
    told = printed(graded).text
    assert "You decided" in told and say("commentary").upper() not in told and "graded question below" in told


def test_everything_printed_is_escaped(record: ResponseRecord) -> None:
    bad = "<script>alert(1)</script> & <b>"
    text = CASE
    for old in (
        *("Thursday, 9:40 p.m.", "This case is about", "Her face is turned away.", "What do you answer?"),
        *("What do you do first?", "Write to Robin alone, and", "Down, and not told", "You spared Robin a hard talk"),
        *(
            "It is not too late.",
            "See whether it comes down",
            "I would speak with Robin first.",
            "Robin first, because",
        ),
        *("What changes if", "No. It is down", "The photo is gone", "What should you do that night", "Oh no."),
    ):
        assert old in text
        text = text.replace(old, f"{bad} {old}".replace(":", ""), 1)
    playing = play(record, text)
    fresh = printed(playing).html
    go(playing, "robin", "no")
    decide(playing, option="wait")
    html = printed(playing).html
    assert fresh.count("&lt;script&gt;") == 5 and html.count("&lt;script&gt;") == 17
    for page in (fresh, html):
        assert "<script" not in page and "<b>" not in page and "&amp; &lt;b&gt;" in page
        assert "\n\n" not in page and not any(line.startswith(" ") for line in page.splitlines())


# -- in a notebook ---------------------------------------------------------------------------------


HEAD = "id: 02-m\nedition: student\ntitle: Module\nminutes: 45\nobjectives: [Know]\n"


def test_a_cell_shows_its_case_and_makes_its_names_known(shell: InteractiveShell, tmp_path: Path) -> None:
    shell.run_cell_magic("module", "", HEAD)
    with capture_output() as captured:
        shell.run_cell_magic("case", "", CASE)
    [shown] = captured.outputs
    assert shown.data["text/plain"].startswith("Case: Thursday") and "<h3>Case" in shown.data["text/html"]
    module = OpenModule(read_head(HEAD, "m"), tmp_path)
    for _ in range(2):
        CaseSession.open(read_case(CASE, "m"), module)
    assert len(module.known) == len(set(module.known)) and any("Robin" in text for text in module.known)


def test_in_the_open_edition_a_graded_case_asks_for_the_reason_and_tells_where_the_rest_is(
    shell: InteractiveShell, record: ResponseRecord
) -> None:
    text = public_case_text(GRADED_CASE)
    for edition, side in (("student", say("goes_with_graded")), ("open", "Not graded")):
        with capture_output() as captured:
            shell.run_cell_magic("module", "", HEAD.replace("student", edition))
            shell.run_cell_magic("case", "", text)
        assert f"({side})" in captured.outputs[-1].data["text/plain"].replace("\n", " ")
    playing = CaseSession(read_case(text, "m", stripped=True).by_itself(), record)
    go(playing, "robin", "no")
    assert decide(playing, reason=None)["decision"] is None
    decided = decide(playing)
    assert decided["reason"] == REASON
    assert decided["decision"]["commentary"] is None and decided["decision"]["positions"] == []
    told = printed(playing).text.replace("\n", " ")
    assert "(Not graded)" in told and say("commentary_elsewhere") in told and "graded question below" not in told


def test_a_cell_that_cannot_be_read_says_where_and_why(shell: InteractiveShell) -> None:
    shell.run_cell_magic("module", "", HEAD)
    with pytest.raises(UsageError, match=r"this cell, line 3: case '.+': there is no field 'titel'"):
        shell.run_cell_magic("case", "", CASE.replace("title:", "titel:", 1))


def test_without_its_head_a_notebook_says_what_to_do(shell: InteractiveShell) -> None:
    with pytest.raises(UsageError, match="Run All Cells"):
        shell.run_cell_magic("case", "", CASE)


@pytest.mark.parametrize("mode", ["autograde", "validate"])
def test_where_nbgrader_runs_a_notebook_a_case_does_nothing(
    shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: str
) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", mode)
    shell.run_cell_magic("module", "", HEAD)
    with capture_output() as captured:
        assert shell.run_cell_magic("case", "", CASE) is None
    assert captured.outputs == [] and list(tmp_path.iterdir()) == []


def test_every_text_that_is_asked_for_is_there_and_no_other() -> None:
    source = "".join(path.read_text("utf-8") for path in (PROJECT / "src/fieldguide/cases").glob("*.py"))
    script = (STATIC / "case.js").read_text("utf-8")
    own = own_texts("en")["case"]
    prefixes = ("missing_", "you_were_")
    for name in own:
        plain = name.partition(".")[0]
        asked = [f'"{plain}"', f'"{plain.removesuffix("_graded")}"']
        assert any(word in source + script for word in asked) or plain.startswith(prefixes), name
    assert len(script) + len((STATIC / "case.css").read_text("utf-8")) < 17_000


def test_the_page_of_a_case_claims_no_practice_that_nobody_has() -> None:
    own = own_texts("en")["case"]
    assert own["commentary"] == "How the authors see it"
    assert not [text for text in own.values() if "practitioner" in text or "experienced" in text]
