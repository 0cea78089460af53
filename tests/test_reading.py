"""Reading items: what is well formed is read, and every fault is named with its line."""

import pytest
from samples import CHOICE, ENTRY, ESSAY, GRADED, HOTTEXT, MATCH, ORDER, PRACTICE, PROFILED, SEVERAL, TASK

from fieldguide.items import Choice, Essay, Match, ReadingError, public_text, read_item


def problems(text: str, **kw: object) -> str:
    with pytest.raises(ReadingError) as caught:
        read_item(text, "modules/05.md", **kw)
    return str(caught.value)


def test_choice_is_read() -> None:
    item = read_item(CHOICE, "m")
    assert isinstance(item, Choice)
    assert item.key == ("wait",)
    assert item.points == 2
    assert list(item.options) == ["reply", "wait", "block"]
    assert item.stem.endswith("What is best first?")


def test_match_and_essay_are_read() -> None:
    match, essay = read_item(MATCH, "m"), read_item(ESSAY, "m")
    assert isinstance(match, Match) and match.key["post"] == "posting"
    assert isinstance(essay, Essay) and essay.points == 5
    assert essay.rubric["people"].levels[3].startswith("All are named")


def test_a_text_may_be_written_for_practice_and_is_handed_out_with_what_to_compare_it_with() -> None:
    task = read_item(TASK, "m")
    assert isinstance(task, Essay) and task.task and task.points is None and not task.rubric
    assert task.exemplar == (
        "Student intern at Mill Row, supervised by a licensed social worker.\n\nMessages here are not read after five."
    )
    assert task.look_for == ("Whose name stands on it", "What a client may expect: an answer, or none")
    assert public_text(TASK) == TASK
    assert read_item(public_text(TASK), "m", stripped=True) == task


@pytest.mark.parametrize(
    ("old", "new", "line", "what", "expected"),
    [
        ("stem: |", "stam: |", 7, "there is no field 'stam'", "Expected one of: id, type"),
        ("id: after-hours-message\n", "", 1, "'id' is missing", "Expected a line 'id: …'"),
        ("id: after", "id: After", 1, "'After-hours-message' is no id", "small letters"),
        ("type: choice", "type: quiz", 2, "'type' is 'quiz'", "choice, match, order"),
        ("use: graded", "use: exam", 3, "'use' is 'exam'", "practice, graded, check"),
        ("covers: [Q1]\n", "", 1, "'covers' is missing", "covers: [Q1]"),
        ("basis: code", "basis: law of the land", 5, "'basis' is 'law of the land'", "guide, code"),
        ("basis: code", "basis: judgement", 5, "key rests on judgement and it carries points", "practice"),
        ("points: 2\n", "", 1, "graded and has no points", "points: 2"),
        ("points: 2", "points: two", 6, "'points' is 'two'", "a number above 0"),
        ("points: 2", "points: .nan", 6, "'points' is '.nan'", "a number above 0"),
        ("points: 2", "points: nan", 6, "'points' is 'nan'", "a number above 0"),
        ("points: 2", "points: 1e999", 6, "'points' is '1e999'", "a number above 0"),
        ("points: 2", "points: -1", 6, "'points' is '-1'", "a number above 0"),
        ("key: wait\n", "", 1, "'key' is missing", "reply, wait, block"),
        ("key: wait", "key: later", 13, "'key' names 'later', which is no option", "reply, wait, block"),
        ("key: wait", "key: [wait, wait]", 13, "'key' names an option twice", "once"),
        ("key: wait", "key: [reply, wait, block]", 13, "every option is in the key", "distractor"),
        ("  wait: It keeps", "  want: It keeps", 14, "nothing for the option 'wait'", "'wait: …'"),
        ("  wait: It keeps", "  want: It keeps", 16, "names 'want', which is no option", "reply, wait, block"),
        ("  block: Block the account.", "  wait: Block the account.", 12, "'wait' is given twice", "Keep one"),
        ("points: 2", "points: 2\npoints: 3", 7, "'points' is given twice (first in line 6)", "Keep one"),
        ("  reply: Reply", "\treply: Reply", 10, "a tab is used to indent", "spaces"),
        ("key: wait", "key: *anchor", 13, "not readable as YAML", "Expected 'name: text'"),
        ("basis: code", "basis: [", 7, "not readable as YAML", "Expected 'name: text'"),
        ("points: 2", "points: 2\nhint: Think.", 7, "has a hint", "practice"),
        ("block: declining", "wait: declining", 19, "'wait' is in the key", "distractors"),
    ],
)
def test_each_fault_of_a_choice_is_named(old: str, new: str, line: int, what: str, expected: str) -> None:
    assert old in CHOICE
    told = problems(CHOICE.replace(old, new, 1))
    matching = [problem for problem in told.splitlines() if what in problem]
    assert matching, told
    assert matching[0].startswith("modules/05.md, line ")
    assert expected in matching[0]
    assert f"line {line}:" in matching[0]


@pytest.mark.parametrize(
    ("text", "old", "new", "what"),
    [
        (MATCH, "  tape: recording", "  tape: taping", "'key' names 'taping', which is no option"),
        (MATCH, "  tape: recording\n", "", "'key' says nothing for the prompt 'tape'"),
        (SEVERAL, "[town, event, job]", "[town, town]", "names an option twice"),
        (SEVERAL, "[town, event, job]", "[town, event, job, question]", "every option is in the key"),
        (MATCH, "  tape: recording", "  tape: [recording, taping]", "'key' names 'taping', which is no option"),
        (MATCH, "  tape: recording", "  tape: [posting, posting]", "'key' of 'tape' names an option twice"),
        (MATCH, "  tape: recording", "  tape: [teaching, recording, posting]", "every option is in the key of 'tape'"),
        (ENTRY, "key: 12.5", "key: [12.5, many]", "'key' is '12.5, many'"),
        (ORDER, "[stop, plan, tell, discuss]", "[stop, plan, tell]", "does not name every option once"),
        (ORDER, "[stop, plan, tell, discuss]", "[discuss, stop, tell, plan]", "in the right order already"),
        (HOTTEXT, "{town}", "{job}", "'passage' gives the id 'job' twice"),
        (HOTTEXT, "{town}", "{The Town}", "'The Town' is no id"),
        (HOTTEXT, "key: [town, event]", "key: [village]", "'key' names 'village'"),
        (ENTRY, "key: 12.5", "key: many", "'key' is 'many'"),
        (ENTRY, "key: 12.5\n", "", "'key' is missing"),
        (ENTRY, "tolerance: 0.5", "tolerance: some", "'tolerance' is 'some'"),
        (ENTRY, "tolerance: 0.5", "tolerance: -1", "'tolerance' is '-1'"),
        (ENTRY, "expect: number", "expect: text", "a text has no tolerance"),
        (ENTRY, "  other: Divide", "  wrong: Divide", "'rationale' says nothing for the case 'other'"),
        (ESSAY, "use: graded", "use: check", "nobody to score it"),
        (ESSAY, "use: graded", "use: practice", "it is written for practice and has 'rubric'"),
        (ESSAY, "use: graded", "use: practice", "it is written for practice and has 'levels'"),
        (ESSAY, "words: 200", "look_for: [tone]", "it is scored and has 'look_for'"),
        (TASK, "exemplar:", "stam:", "'exemplar' is missing"),
        (TASK, TASK[TASK.index("look_for") :], "", "'look_for' is missing"),
        (TASK, "words: 60", "hint: Think.", "it is written for practice and has 'hint'"),
        (TASK, "words: 60", "points: 2", "is for practice and has points"),
        (ESSAY, "words: 200", "words: many", "'words' is 'many'"),
        (ESSAY, "    1: A decision.\n", "", "'1' is missing"),
        (ESSAY, "points: 3", "points: 3.5", "'points' is '3.5'"),
        (ESSAY, "levels:\n  people:", "levels:\n  persons:", "'levels' names 'persons'"),
        (ESSAY, "words: 200", "points: 9", "the rubric adds up to 5"),
        (ESSAY, "exemplar:", "anchors:", "'anchors' has no parts"),
        (ESSAY, "exemplar:", "hint:", "'exemplar' is missing"),
        (PRACTICE, "use: practice", "use: practice\nwithdrawn: Unclear", "is for practice and withdrawn"),
        (PRACTICE, "use: practice", "use: practice\npoints: 1", "is for practice and has points"),
    ],
)
def test_each_fault_of_the_others_is_named(text: str, old: str, new: str, what: str) -> None:
    assert old in text
    assert what in problems(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("scores: {people: 1, decision: 0}", "scores: {people: 1}", "'decision' is missing"),
        ("scores: {people: 1, decision: 0}", "scores: {people: 9, decision: 0}", "'people' is '9'"),
        ("scores: {people: 1, decision: 0}", "scores: {people: 1, decision: 0, tone: 1}", "'scores' names 'tone'"),
        ("decision: None is made.", "tone: Kind.", "'reasons' says nothing for the criterion 'decision'"),
        ("    text: Pictures", "    words: Pictures", "'text' is missing"),
        ("profiles:", "exemplar: Good.\nprofiles:", "there are 'profiles' and 'exemplar'"),
        ("long-and-weak", "Long and weak", "'Long and weak' is no id"),
    ],
)
def test_each_fault_of_an_answer_to_compare_with_is_named(old: str, new: str, what: str) -> None:
    assert old in PROFILED
    assert what in problems(PROFILED.replace(old, new, 1))


def test_the_profile_with_most_points_is_the_exemplar_and_reaches_no_student() -> None:
    essay = read_item(PROFILED, "m")
    assert isinstance(essay, Essay)
    assert {name: profile.points for name, profile in essay.profiles.items()} == {
        "long-and-weak": 1,
        "short-and-strong": 4,
    }
    assert essay.exemplar == essay.profiles["short-and-strong"].text
    assert "profiles" not in public_text(PROFILED) and "Robin" not in public_text(PROFILED)


def test_lines_count_from_where_the_cell_stands() -> None:
    assert "line 106:" in problems(CHOICE.replace("points: 2", "points: two"), first_line=101)


def test_all_problems_are_told_at_once() -> None:
    told = problems(CHOICE.replace("points: 2", "points: two").replace("key: wait", "key: later"))
    assert len(told.splitlines()) == 2


@pytest.mark.parametrize(
    "text", ["", "- a\n- b\n", "just text", "a: &x [1]\nb: *x\n", "[" * 5000, "a: {" * 3000, "\x00"]
)
def test_what_is_no_item_ends_in_words(text: str) -> None:
    assert "line" in problems(text)


def test_texts_stay_what_the_author_wrote() -> None:
    text = CHOICE.replace("  wait: Leave it, and bring it to supervision.", "  wait: yes").replace(
        "  block: Block the account.", "  block: 3:30"
    )
    item = read_item(text, "m")
    assert isinstance(item, Choice)
    assert item.options["wait"] == "yes" and item.options["block"] == "3:30"


@pytest.mark.parametrize("text", GRADED.values(), ids=GRADED)
def test_public_text_has_no_private_part(text: str) -> None:
    public = public_text(text)
    for name in ("key", "rationale", "misconceptions", "exemplar", "levels", "tolerance", "basis", "covers"):
        assert f"\n{name}:" not in f"\n{public}"
    item = read_item(public, "m", stripped=True)
    assert not item.complete
    assert item.stem == read_item(text, "m").stem


def test_a_stripped_item_is_refused_where_the_key_is_needed() -> None:
    assert "'key' is missing" in problems(public_text(CHOICE))
