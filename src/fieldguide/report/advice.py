"""What a figure means and what to do, in one sentence, for somebody who teaches ethics and not statistics."""

from __future__ import annotations

import math

import pandas as pd

from fieldguide.digest.figures import LEAST, LEAST_FOR_ALL
from fieldguide.digest.gain import Estimate
from fieldguide.report.statistics import NORMAL
from fieldguide.report.words import say

#: What a look at a page of figures begins with: these sentences are also listed first.
_URGENT = ("check_key_worse", "check_key_guess", "two_options", "missed_result", "missed_item", "missed_practice")


def urgency(means: str) -> int | None:
    """How soon somebody should look at what a sentence is said of, 0 the first; None where it can wait."""
    texts = [say(name) for name in _URGENT]
    return texts.index(means) if means in texts else None


def _too_few() -> str:
    return say("too_few", least=LEAST_FOR_ALL)


def of_module(row: pd.Series, empty: int) -> str:
    """About a module's result and reliability. ``empty`` students answered no question."""
    if not row["handed_in"]:
        return say("nobody_yet")
    if not row["items"]:
        return say("no_question")
    left = f" {say('left_out_n', empty=empty)}" if empty >= LEAST else ""
    if row["students"] < LEAST_FOR_ALL:
        return _too_few() + left
    if math.isnan(row["alpha"]):
        return say("all_same") + left
    if row["alpha_low"] >= 0.7:
        return say("total_good") + left
    if row["alpha_high"] < 0.5:
        return say("total_bad") + left
    return say("total_rough") + left


def of_result(row: pd.Series) -> str:
    """About a mean result in questions of one kind."""
    if row["students"] < LEAST_FOR_ALL:
        return _too_few()
    if row["result_high"] < 60:
        return say("missed_result")
    if row["result_low"] >= 80:
        return say("have_it")
    return say("partly")


def of_misconception(row: pd.Series) -> str:
    """About a misconception that some chose."""
    if row["share_low"] >= 60:
        return say("most_think")
    if row["share_low"] >= 25:
        return say("quarter_thinks")
    return say("some_think")


def of_item(row: pd.Series, item: pd.Series, options: pd.DataFrame) -> str:
    """About a graded item: its figures (a row of item_statistics()), what it is, and its options, if it has any."""
    if row["students"] < LEAST_FOR_ALL:
        return _too_few()
    if row["index_high"] < 0:
        return say("check_key_worse")
    if pd.notna(item["guess"]) and row["facility_high"] < item["guess"]:
        return say("check_key_guess")
    if pd.notna(item["guess"]) and _torn(options):
        return say("two_options")
    if row["facility_high"] < 50:
        return say("missed_item")
    if math.isnan(row["index"]):
        return say("same_score")
    if row["facility_low"] >= 90:
        return say("nearly_all")
    if row["index_high"] < 30:
        return say("hardly")
    if row["index_low"] < 0:
        return say("too_few_responses")
    return say("works")


def _torn(options: pd.DataFrame) -> bool:
    """Whether the key and another option were chosen about equally often."""
    key, others = (
        options[options["right"].astype(bool)]["chosen"].max(),
        options[~options["right"].astype(bool)]["chosen"],
    )
    other = others.max() if len(others) else 0
    return bool(
        min(key, other) >= LEAST
        and 4 * other >= options["students"].iloc[0]
        and abs(key - other) <= NORMAL * math.sqrt(key + other)
    )


def of_practice(row: pd.Series) -> str:
    """About a practice item, at the first try and at the last."""
    if row["last_high"] < 60:
        return say("missed_practice")
    if row["first_low"] >= 90:
        return say("at_once")
    if row["last_low"] > row["first_high"]:
        return say("feedback_works")
    return say("nothing_out")


def of_certainty(row: pd.Series) -> str:
    """About how often those were right who said how sure they were."""
    expected = {"sure": 80, "fairly": 60, "guess": 0}[row["certainty"]]
    if row["right_high"] < expected:
        return say("too_sure")
    if row["certainty"] == "guess" and row["right_low"] >= 60:
        return say("know_more")
    return say("sure_fits")


def of_gain(gain: Estimate) -> str:
    """About what a class gained."""
    if gain.low > 0:
        return say("gained")
    if gain.high < 0:
        return say("worse")
    return say("no_gain")


def of_forms(easier: Estimate) -> str:
    """About the difference between the two forms of a check."""
    if easier.low <= 0 <= easier.high:
        return say("forms_alike")
    return say("forms_differ")
