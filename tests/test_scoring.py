"""Scoring: the stated rules of partial credit, and what holds for every response."""

import math
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import CHOICE, ENTRY, GRADED, SEVERAL, TWO_ARE_RIGHT

from fieldguide.items import public_text, read_item, score
from fieldguide.items.numbers import read_number
from fieldguide.items.plaintext import plain

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
ITEMS = {name: read_item(text, name) for name, text in GRADED.items()}


@pytest.mark.parametrize(
    ("item", "response", "state", "points"),
    [
        ("choice", ["wait"], "right", 2),
        ("choice", ["reply"], "wrong", 0),
        ("choice", None, "unanswered", 0),
        ("choice", [], "unanswered", 0),
        ("choice", ["wait", "reply"], "malformed", 0),
        ("choice", "wait", "malformed", 0),
        ("choice", {"wait": True}, "malformed", 0),
        ("choice", [["wait"]], "malformed", 0),
        ("choice", ["gone"], "unanswered", 0),
        ("choice", ["wait", "gone"], "right", 2),
        ("several", ["town", "event", "job"], "right", 3),
        ("several", ["town", "event"], "partly", 2),
        ("several", ["town", "event", "job", "question"], "partly", 2),
        ("several", ["question"], "wrong", 0),
        ("several", ["question", "town"], "wrong", 0),
        ("several", ["town", "town"], "partly", 1),
        ("match", {"tape": "recording", "post": "posting", "seminar": "teaching"}, "right", 2),
        ("match", {"tape": "recording"}, "partly", 2 / 3),
        ("match", {"tape": "posting"}, "wrong", 0),
        ("match", {}, "unanswered", 0),
        ("match", {"tape": 1}, "malformed", 0),
        ("match", ["tape"], "malformed", 0),
        ("match", {"tape": "recording", "gone": "recording"}, "partly", 2 / 3),
        ("order", ["stop", "plan", "tell", "discuss"], "right", 3),
        ("order", ["plan", "tell", "discuss", "stop"], "partly", 2),
        ("order", ["discuss", "tell", "plan", "stop"], "wrong", 0),
        ("order", ["stop", "plan"], "partly", 1),
        ("order", ["stop", "stop"], "malformed", 0),
        ("order", "stop", "malformed", 0),
        ("order", [], "unanswered", 0),
        ("hottext", ["event", "town"], "right", 2),
        ("hottext", ["event", "town", "mood"], "partly", 1),
        ("hottext", ["mood"], "wrong", 0),
        ("entry", "12.5", "right", 1),
        ("entry", " 12,9 % ", "right", 1),
        ("entry", "13.01", "wrong", 0),
        ("entry", "-12.5", "wrong", 0),
        ("entry", "about twelve", "malformed", 0),
        ("entry", "1e3", "malformed", 0),
        ("entry", "9" * 5000, "malformed", 0),
        ("entry", 12.5, "malformed", 0),
        ("entry", "", "unanswered", 0),
        ("essay", "I would ask.", "for_a_person", None),
        ("essay", "  \n ", "unanswered", 0),
        ("essay", None, "unanswered", 0),
        ("essay", ["text"], "malformed", 0),
    ],
)
def test_rules(item: str, response: object, state: str, points: float | None) -> None:
    outcome = score(ITEMS[item], response)
    assert (outcome.state, outcome.score) == (state, points)


@pytest.mark.parametrize(
    ("name", "response", "state", "points"),
    [
        ("choice", ["wait"], "right", 2),
        ("choice", ["reply"], "right", 2),
        ("choice", ["block"], "wrong", 0),
        ("choice", ["wait", "reply"], "malformed", 0),
        ("match", {"tape": "recording", "post": "posting", "seminar": "teaching"}, "right", 2),
        ("match", {"tape": "teaching", "post": "posting", "seminar": "teaching"}, "right", 2),
        ("match", {"tape": "posting", "post": "posting", "seminar": "teaching"}, "partly", 4 / 3),
        ("entry", "12.5", "right", 1),
        ("entry", "14.4", "right", 1),
        ("entry", "13.2", "wrong", 0),
    ],
)
def test_who_chose_either_of_two_right_answers_is_right(name: str, response: object, state: str, points: float) -> None:
    outcome = score(read_item(TWO_ARE_RIGHT[name], name), response)
    assert (outcome.state, outcome.score) == (state, pytest.approx(points))


@given(st.sets(st.sampled_from(["reply", "wait", "block"]), min_size=1, max_size=2), st.data())
def test_each_option_of_a_key_counts_fully_and_no_other(key: set[str], data: st.DataObject) -> None:
    text = CHOICE.replace("key: wait", f"key: [{', '.join(sorted(key))}]")
    item = read_item(text[: text.index("misconceptions:")], "m")
    chosen = data.draw(st.sampled_from(["reply", "wait", "block"]))
    assert score(item, [chosen]).score == (2 if chosen in key else 0)


def test_what_an_item_no_longer_has_is_said() -> None:
    assert "gone" in (score(ITEMS["choice"], ["wait", "gone"]).remark or "")


@pytest.mark.parametrize("form", ["1.07(r)", " 1.07(R) ", "Standard 1.07(r)"])
def test_a_text_is_accepted_in_each_of_its_forms(form: str) -> None:
    text = (
        ENTRY.replace("expect: number", "expect: text").replace("unit: percent\n", "").replace("tolerance: 0.5\n", "")
    )
    item = read_item(text.replace("key: 12.5", 'key: ["1.07(r)", "Standard 1.07(r)"]'), "m")
    assert score(item, form).state == "right"
    assert score(item, "1.07(q)").state == "wrong"


@pytest.mark.parametrize(
    "written",
    [
        *("Café on-call «now»: don't", "Cafe\u0301 on-call «now»: don't", "CAFÉ ON-CALL «NOW»: DON'T"),
        *("Café on\u2011call “now”: don’t", 'Café\u00a0on–call "now": don`t', "Ca\u200bfé on-ca\u00adll „now‟: don′t"),
        *(
            "\ufeffCafé  on\u2010call “now”:\u202fdon't\n",
            "Ｃａｆé on-call “now”: don't",
            "Cafe\u0301 on\u2212call “now”: don´t",
        ),
    ],
)
def test_how_a_keyboard_writes_a_text_does_not_matter(written: str) -> None:
    text = ENTRY.replace("expect: number", "expect: text").replace("tolerance: 0.5\n", "")
    item = read_item(text.replace("key: 12.5", 'key: "Café on-call “now”: don’t"'), "m")
    assert score(item, written).state == "right"
    assert score(item, f"not {written}").state == "wrong"


@given(st.text(max_size=60))
def test_what_is_compared_is_the_same_however_often_it_is_made(text: str) -> None:
    made = plain(text)
    assert plain(made) == made
    for form in ("NFC", "NFD"):
        assert plain(unicodedata.normalize(form, text)) == made


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("1,234", 1234), ("1234.50", 1234.5), ("12,5", 12.5), ("−3", -3), ("40 %", 40), ("1,23,4", None), ("", None)),
        *(("–3", -3), ("\u20113", -3), ("1\u200b2", 12), ("12\u202f%", 12), ("１２．５", 12.5), ("12\u00ad.5", 12.5)),
        *(("10²", None), ("1½", None), ("--3", None), ("\u200b", None)),
    ],
)
def test_numbers_as_people_type_them(text: str, number: float | None) -> None:
    assert read_number(text) == number


@given(st.permutations(["stop", "plan", "tell", "discuss"]))
def test_an_order_is_worth_its_neighbors(order: list[str]) -> None:
    kept = sum(order.index(b) == order.index(a) + 1 for a, b in pairwise(["stop", "plan", "tell", "discuss"]))
    assert score(ITEMS["order"], order).score == kept


@given(JSON, st.sampled_from(sorted(ITEMS)))
def test_every_response_has_an_outcome_within_bounds(response: object, name: str) -> None:
    outcome = score(ITEMS[name], response)
    if outcome.state != "for_a_person":
        assert outcome.score is not None and math.isfinite(outcome.score)
        assert 0 <= outcome.score <= outcome.maximum
        assert float(repr(outcome.score)) == outcome.score


@given(st.permutations(["town", "question", "event", "job"]), st.integers(0, 4))
def test_the_order_of_choices_does_not_matter(options: list[str], count: int) -> None:
    chosen = options[:count]
    assert score(ITEMS["several"], chosen).score == score(ITEMS["several"], sorted(chosen)).score


@given(st.permutations(["town", "question", "event", "job"]))
def test_the_order_of_options_in_the_item_does_not_matter(order: list[str]) -> None:
    texts = {"town": "The town", "question": "Your question", "event": "The event in the paper"}
    texts["job"] = "The job that only one person has"
    head, rest = SEVERAL.split("options:\n")
    tail = rest[rest.index("key:") :]
    item = read_item(head + "options:\n" + "".join(f"  {name}: {texts[name]}\n" for name in order) + tail, "m")
    assert score(item, ["town", "question"]).score == score(ITEMS["several"], ["town", "question"]).score
    assert score(item, ["town", "event", "job"]).score == item.maximum


@pytest.mark.parametrize("text", GRADED.values(), ids=GRADED)
def test_a_students_edition_cannot_be_scored(text: str) -> None:
    item = read_item(public_text(text), "m", stripped=True)
    with pytest.raises(ValueError, match="no key"):
        score(item, None)


@pytest.mark.parametrize("name", sorted(GRADED))
@pytest.mark.parametrize("response", [None, ["wait"], {"tape": 7}, "text", 12.5])
def test_a_withdrawn_item_gives_everybody_its_points(name: str, response: object) -> None:
    item = read_item(f"{GRADED[name]}withdrawn: Two answers were defensible.\n", name)
    outcome = score(item, response)
    assert (outcome.state, outcome.score) == ("withdrawn", item.maximum)
    assert "Two answers were defensible" in (outcome.remark or "")
