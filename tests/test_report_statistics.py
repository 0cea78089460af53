"""The class report's statistics: worked out by hand, and held to plain loops that read like the definitions."""

from __future__ import annotations

import math
import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.bench.plainly import statistics as plainly
from fieldguide.report.statistics import (
    certainty,
    first_and_last,
    item_statistics,
    misconceptions,
    option_table,
    quizzes,
    reliability,
    results_by,
    share_interval,
    wilson,
)

#: Ten students, two items of one point and one of two.
MARKS = {
    "a": [1, 1, 1, 1, 1, 1, 0, 0, 0, 0],
    "b": [1, 1, 1, 1, 0, 0, 1, 0, 0, 0],
    "c": [2, 2, 2, 1, 1, 1, 0, 1, 0, 0],
}


def scores_of(marks: dict[str, list[float]], wordings: dict[str, list[str]] | None = None) -> pd.DataFrame:
    rows = [
        (
            f"s{place:03}",
            "m",
            item,
            (wordings or {}).get(item, ["current"] * len(given))[place],
            points,
            max(given) or 1,
        )
        for item, given in marks.items()
        for place, points in enumerate(given)
    ]
    return pd.DataFrame(rows, columns=["student", "module", "item", "wording", "points", "maximum"])


def of(frame: pd.DataFrame, **where: str) -> pd.Series:
    for name, value in where.items():
        frame = frame[frame[name] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def test_facility_discrimination_and_efficiency_are_moodles() -> None:
    found = of(item_statistics(quizzes(scores_of(MARKS))), item="a")
    # By hand: the rests of item a are 3 3 3 2 1 1 1 1 0 0, with mean 1.5; those who are right have 3 3 3 2 1 1.
    # The sum of products is 13 - 10 · 0.6 · 1.5 = 4; of squares 6 - 3.6 = 2.4, and 35 - 22.5 = 12.5.
    assert found["facility"] == pytest.approx(60)
    assert found["index"] == pytest.approx(100 * 4 / math.sqrt(2.4 * 12.5))
    # The six best rests are 3 3 3 2 1 1, which those who are right have: no one could have done better.
    assert found["efficiency"] == pytest.approx(100)
    b = of(item_statistics(quizzes(scores_of(MARKS))), item="b")
    # Rests 3 3 3 2 2 2 0 1 0 0, mean 1.6; the right ones have 3 3 3 2 0 = 11, and 11 - 10 · 0.5 · 1.6 = 3.
    # At best they would have 3 3 3 2 2 = 13, and 13 - 8 = 5.
    assert b["facility"] == pytest.approx(50) and b["efficiency"] == pytest.approx(60)
    # Fisher's interval: the index's arc tangent, plus and minus 1.96 over the root of seven.
    apart = 1.959964 / math.sqrt(7)
    middle = math.atanh(b["index"] / 100)
    assert b["index_low"] == pytest.approx(100 * math.tanh(middle - apart))
    assert b["index_high"] == pytest.approx(100 * math.tanh(middle + apart))
    assert b["efficiency_low"] / b["index_low"] == pytest.approx(b["efficiency"] / b["index"])


def test_reliability_is_cronbachs_alpha_with_feldts_interval() -> None:
    found = of(reliability(quizzes(scores_of(MARKS))), module="m")
    # By hand: sums of squares 2.4, 2.5 and 6 for the items; totals 4 4 4 3 2 2 1 1 0 0, 67 - 44.1 = 22.9.
    assert found["alpha"] == pytest.approx(3 / 2 * (1 - (2.4 + 2.5 + 6) / 22.9))
    # From a table of F with 9 and 18 degrees of freedom: 2.93 at 97.5 %, and one over 3.68, of 18 and 9, at 2.5 %.
    missing = 1 - found["alpha"]
    assert found["alpha_low"] == pytest.approx(1 - missing * 2.929, abs=0.001)
    assert found["alpha_high"] == pytest.approx(1 - missing / 3.68, abs=0.002)


@pytest.mark.parametrize("seed", range(4))
def test_the_figures_are_those_of_plain_loops_over_the_definitions(seed: int) -> None:
    chance = random.Random(seed)
    maxima = {f"i{number}": float(chance.choice((1, 2, 4))) for number in range(7)}
    records, rows, chosen = [], [], []
    for number in range(chance.choice((10, 43, 120))):
        skill = chance.random()
        for item, maximum in maxima.items():
            points = maximum * chance.choice((0, 0.5, 1)) if chance.random() > skill else maximum
            options = tuple(chance.sample("wxyz", chance.randint(0, 3)))
            records.append((f"s{number}", item, points, options))
            rows.append((f"s{number}", "m", item, "current", points, maximum))
            chosen += [(f"s{number}", "m", item, "current", "", option) for option in options]
    scores = pd.DataFrame(rows, columns=["student", "module", "item", "wording", "points", "maximum"])
    choices = pd.DataFrame(chosen, columns=["student", "module", "item", "wording", "part", "option"])
    options = pd.DataFrame(
        [("m", item, "", option, option == "w", None) for item in maxima for option in "wxyz"],
        columns=["module", "item", "part", "option", "right", "misconception"],
    )
    wanted, found, table = (
        plainly(records, maxima),
        item_statistics(quizzes(scores.astype({"item": "category", "student": "category"}))),
        option_table(choices, scores, options),
    )
    for item in maxima:
        for name in ("facility", "index", "efficiency"):
            assert of(found, item=item)[name] == pytest.approx(wanted[item][name]), (item, name)
        for option in "wxyz":
            told, chose = of(table, item=item, option=option), wanted[item].get(option, 0)
            assert told["chosen"] == chose
            mean = wanted[item][f"{option} total"] if chose >= 5 else math.nan
            assert told["total"] == pytest.approx(mean, nan_ok=True)
    assert of(reliability(quizzes(scores)), module="m")["alpha"] == pytest.approx(wanted[""]["alpha"])


def test_items_whose_wording_changed_in_mid_term_have_statistics_apart() -> None:
    marks = {name: values + values for name, values in MARKS.items()}
    marks["a"] = MARKS["a"] + [1 - mark for mark in MARKS["a"]]
    found = item_statistics(quizzes(scores_of(marks, {"a": ["earlier"] * 10 + ["current"] * 10})))
    apart = of(item_statistics(quizzes(scores_of(MARKS))), item="a")
    earlier, current = of(found, item="a", wording="earlier"), of(found, item="a", wording="current")
    assert earlier["students"] == current["students"] == 10
    assert earlier["index"] == pytest.approx(apart["index"]) and current["index"] == pytest.approx(-apart["index"])
    assert len(found[found["item"] == "b"]) == 1


def test_of_fewer_than_ten_nothing_is_told() -> None:
    nine = scores_of({name: values[:9] for name, values in MARKS.items()})
    assert item_statistics(quizzes(nine)).drop(columns=["module", "item", "wording", "students"]).isna().all(axis=None)
    assert reliability(quizzes(nine))["alpha"].isna().all()
    assert all(math.isnan(one) for one in share_interval(np.ones(9)))
    split = item_statistics(quizzes(scores_of(MARKS, {"a": ["earlier"] * 5 + ["current"] * 5})))
    assert split[split["item"] == "a"]["facility"].isna().all()


def test_where_everybody_has_the_same_score_no_discrimination_is_told() -> None:
    same = scores_of({"a": [1] * 12, "b": [0] * 6 + [1] * 6, "c": [2] * 12})
    found = item_statistics(quizzes(same))
    assert of(found, item="a")["facility"] == 100 and 70 < of(found, item="a")["facility_low"] < 100
    assert found["index"].isna().all() and found["efficiency"].isna().all()
    assert reliability(quizzes(scores_of({"a": [1] * 12, "b": [1] * 12})))["alpha"].isna().all()


def test_an_essay_that_waits_for_a_score_is_left_out_of_the_rest() -> None:
    waiting = scores_of({**MARKS, "essay": [5.0] * 9 + [math.nan]})
    found = item_statistics(quizzes(waiting))
    assert list(found["item"]) == ["a", "b", "c"]
    assert of(found, item="a")["index"] == pytest.approx(
        of(item_statistics(quizzes(scores_of(MARKS))), item="a")["index"]
    )


@pytest.mark.parametrize("frame", [scores_of({}), scores_of({"a": [1]})])
def test_an_empty_gradebook_and_one_student_make_no_figures(frame: pd.DataFrame) -> None:
    assert item_statistics(quizzes(frame))["facility"].isna().all()
    assert reliability(quizzes(frame))["alpha"].isna().all()


def test_wilsons_interval_is_the_published_one() -> None:
    # R. G. Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
    for share, n, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert wilson(share / n, n) == pytest.approx((low, high), abs=0.00006)


@given(st.lists(st.sampled_from([0, 0.25, 0.5, 1]), min_size=10, max_size=40))
def test_an_interval_holds_its_share_and_stays_between_none_and_all(shares: list[float]) -> None:
    mean, low, high = share_interval(np.array(shares))
    assert 0 <= low <= mean + 1e-9 and mean - 1e-9 <= high <= 1 and low < high


def test_an_option_nobody_chose_has_its_row_and_shares_count_who_handed_in() -> None:
    scores = scores_of({"a": [1] * 8 + [0] * 4})
    choices = pd.DataFrame(
        [(f"s{place:03}", "m", "a", "current", "", "x" if place < 8 else "y") for place in range(11)],
        columns=["student", "module", "item", "wording", "part", "option"],
    )
    options = pd.DataFrame(
        [("m", "a", "", "x", True, None), ("m", "a", "", "y", False, "wrong"), ("m", "a", "", "z", False, None)],
        columns=["module", "item", "part", "option", "right", "misconception"],
    )
    table = option_table(choices, scores, options)
    assert list(table["chosen"]) == [8, 3, 0] and list(table["share"]) == pytest.approx([800 / 12, 25, 0])
    assert of(table, option="x")["total"] == 100 and math.isnan(of(table, option="y")["total"])  # three are too few
    asked = scores[["student", "module", "item"]].head(11)
    (found,) = misconceptions(choices, asked, options).to_dict("records")
    assert (found["misconception"], found["students"], found["chose"]) == ("wrong", 11, 3)
    assert found["share"] == pytest.approx(300 / 11)


def tries(rows: list[tuple[str, str, int, float, str | None]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["student", "item", "number", "share", "certainty"])
    return frame.assign(module="m")


def test_the_first_try_is_set_against_the_last() -> None:
    rows = [(f"s{place}", "p", 1, float(place < 4), None) for place in range(10)]
    rows += [(f"s{place}", "p", number, float(number == 3), None) for place in (7, 8) for number in (3, 2)]
    found = of(first_and_last(tries(rows)), item="p")
    assert (found["students"], found["again"]) == (10, 2)
    assert found["first"] == pytest.approx(40) and found["last"] == pytest.approx(60)


def test_certainty_is_set_against_being_right() -> None:
    rows = [(f"s{place}", item, 1, float(place < 9), "sure") for place in range(12) for item in ("p", "q")]
    rows += [(f"s{place}", "r", 1, 1.0, "guess") for place in range(9)]
    table = certainty(tries(rows))
    sure, guess = of(table, certainty="sure"), of(table, certainty="guess")
    assert (sure["tries"], sure["students"]) == (24, 12) and sure["right"] == pytest.approx(75)
    assert sure["mark"] == pytest.approx(0.75 * 3 + 0.25 * -6)
    # Both tries of a student came out alike, so twelve people were asked, and not twenty-four.
    alone = of(certainty(tries([row for row in rows if row[1] == "p"])), certainty="sure")
    assert (sure["right_low"], sure["right_high"]) == pytest.approx((alone["right_low"], alone["right_high"]))
    assert math.isnan(guess["right"]) and guess["students"] == 9
    assert "fairly" not in list(table["certainty"])


def test_results_by_a_tag_count_each_student_once() -> None:
    scores = scores_of(MARKS)
    tags = pd.DataFrame([("m", "a", "Q1"), ("m", "c", "Q1"), ("m", "b", "Q2")], columns=["module", "item", "tag"])
    found = results_by(scores, tags)
    assert list(found["tag"]) == ["Q1", "Q2"] and list(found["items"]) == [2, 1] and set(found["students"]) == {10}
    # Points in a and c: 3 3 3 2 2 2 0 1 0 0 of 3.
    assert of(found, tag="Q1")["result"] == pytest.approx(100 * 16 / 30)
    assert of(found, tag="Q2")["result"] == pytest.approx(50)
