"""What a figure means and what to do, in one sentence, for somebody who teaches ethics and not statistics."""

from __future__ import annotations

import math

import pandas as pd

from fieldguide.digest.figures import LEAST, LEAST_FOR_ALL
from fieldguide.digest.gain import Estimate
from fieldguide.report.statistics import NORMAL

#: What a look at a page of figures begins with; the sentences that begin so are also listed first.
URGENT = ("Check the key", "Two options", "Most missed")
_TOO_FEW = f"Fewer than {LEAST_FOR_ALL} students: no figure is told yet."


def of_module(row: pd.Series, empty: int) -> str:
    """About a module's result and reliability. ``empty`` students answered no question."""
    if not row["handed_in"]:
        return "Nobody has handed it in yet."
    if not row["items"]:
        return "It has no graded question whose scores are all there."
    left = f" Left out: {empty} who answered no question." if empty >= LEAST else ""
    if row["students"] < LEAST_FOR_ALL:
        return _TOO_FEW + left
    if math.isnan(row["alpha"]):
        return f"Everybody has the same total, or there is one question: nothing to tell apart.{left}"
    if row["alpha_low"] >= 0.7:
        return f"The total tells students apart well.{left}"
    if row["alpha_high"] < 0.5:
        return f"Don't rest a decision about one person on this total: its questions measure several things.{left}"
    return f"Read the total together with the other modules: by itself it is a rough measure.{left}"


def of_result(row: pd.Series) -> str:
    """About a mean result in questions of one kind."""
    if row["students"] < LEAST_FOR_ALL:
        return _TOO_FEW
    if row["result_high"] < 60:
        return "Most missed it: teach it again."
    if row["result_low"] >= 80:
        return "They have it: you can move on."
    return "Partly there: take it up once more in discussion."


def of_misconception(row: pd.Series) -> str:
    """About a misconception that some chose."""
    if row["share_low"] >= 60:
        return "Most think so: begin with it in class, with the reason why it's wrong."
    if row["share_low"] >= 25:
        return "At least a quarter think so: take it up in class, with the reason why it's wrong."
    return "Some think so: name it when you next talk about it."


def of_item(row: pd.Series, item: pd.Series, options: pd.DataFrame) -> str:
    """About a graded item: its figures (a row of item_statistics()), what it is, and its options, if it has any."""
    if row["students"] < LEAST_FOR_ALL:
        return _TOO_FEW
    if row["index_high"] < 0:
        return "Check the key: those who did well elsewhere did worse here."
    if pd.notna(item["guess"]) and row["facility_high"] < item["guess"]:
        return "Check the key: fewer were right than blind guessing would give."
    if pd.notna(item["guess"]) and _torn(options):
        return "Two options were chosen about equally: reread the stem, since both may be defensible."
    if row["facility_high"] < 50:
        return "Most missed it: teach it again, and reread the stem."
    if math.isnan(row["index"]):
        return "Everybody has the same score here or elsewhere: it tells nobody apart."
    if row["facility_low"] >= 90:
        return "Nearly everybody has it: keep it if all must know it, though it tells nobody apart."
    if row["index_high"] < 30:
        return "It hardly tells apart those who know the module: reread the stem, or replace an option nobody takes."
    if row["index_low"] < 0:
        return "Too few responses to say whether it tells students apart: look again with a larger class."
    return "It works: nothing to do."


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
        return "Most missed it even at last: its feedback doesn't help enough, so explain it in class."
    if row["first_low"] >= 90:
        return "Nearly everybody had it at once: skip it in class."
    if row["last_low"] > row["first_high"]:
        return "The feedback works: they had it after another try."
    return "Nothing stands out."


def of_certainty(row: pd.Series) -> str:
    """About how often those were right who said how sure they were."""
    expected = {"sure": 80, "fairly": 60, "guess": 0}[row["certainty"]]
    if row["right_high"] < expected:
        return "They were surer than right: have them say why before they answer."
    if row["certainty"] == "guess" and row["right_low"] >= 60:
        return "They know more than they think: tell them so."
    return "How sure they were fits how often they were right."


def of_gain(gain: Estimate) -> str:
    """About what a class gained."""
    if gain.low > 0:
        return "The class gained: the interval lies above zero."
    if gain.high < 0:
        return "The class did worse after the course: look at the results by objective."
    return "No gain can be told from chance: the interval holds zero."


def of_forms(easier: Estimate) -> str:
    """About the difference between the two forms of a check."""
    if easier.low <= 0 <= easier.high:
        return "The forms can't be told apart."
    return "The forms differ; the gain is free of it, but don't compare single students by their checks."
