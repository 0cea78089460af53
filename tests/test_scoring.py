"""Scoring: the stated rules of partial credit, and what holds for every response."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import CHOICE, ESSAY, GRADED, MATCH, SEVERAL

from fieldguide.items import public_text, read_item, score

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
        ("essay", "I would ask.", "for_a_person", None),
        ("essay", "  \n ", "unanswered", 0),
        ("essay", None, "unanswered", 0),
        ("essay", ["text"], "malformed", 0),
    ],
)
def test_rules(item: str, response: object, state: str, points: float | None) -> None:
    outcome = score(ITEMS[item], response)
    assert (outcome.state, outcome.score) == (state, points)


def test_what_an_item_no_longer_has_is_said() -> None:
    assert "gone" in (score(ITEMS["choice"], ["wait", "gone"]).remark or "")


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


@pytest.mark.parametrize("text", [CHOICE, SEVERAL, MATCH, ESSAY])
def test_a_students_edition_cannot_be_scored(text: str) -> None:
    item = read_item(public_text(text), "m", stripped=True)
    with pytest.raises(ValueError, match="no key"):
        score(item, None)
