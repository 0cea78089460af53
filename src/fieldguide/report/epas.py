"""What a course can show of EPAS competencies: for each measure, how many students reach its threshold.

CSWE asks a program to tell, for each competency, the share of students at the level that it expects, by two measures at
least. This course has two: its graded questions, scored by their keys, and the criteria of its essays, scored by
people. What a threshold is, and whether these measures may stand for a program, a person decides.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from fieldguide.digest.figures import LEAST, LEAST_FOR_ALL
from fieldguide.grading.agreement import agreement
from fieldguide.report.frames import ClassFrames
from fieldguide.report.statistics import student_shares, wilson
from fieldguide.report.tables import Column, Table, gain_table

#: The competencies of EPAS 2022, and the behaviors of the first in our words. Titles were checked against secondary
#: sources; CSWE's own text is to be compared before anything is published.
TITLES = {
    "1": "Demonstrate Ethical and Professional Behavior",
    "1a": "ethical decisions, by the Code, law and models for deciding",
    "1b": "professional behavior, appearance and communication",
    "1c": "ethical use of technology",
    "1d": "use of supervision and consultation",
    "2": "Advance Human Rights and Social, Racial, Economic, and Environmental Justice",
    "3": "Engage Anti-Racism, Diversity, Equity, and Inclusion (ADEI) in Practice",
    "3b": "cultural humility",
    "4": "Engage in Practice-Informed Research and Research-Informed Practice",
    "5": "Engage in Policy Practice",
    "6": "Engage with Individuals, Families, Groups, Organizations, and Communities",
    "7": "Assess Individuals, Families, Groups, Organizations, and Communities",
    "8": "Intervene with Individuals, Families, Groups, Organizations, and Communities",
    "9": "Evaluate Practice with Individuals, Families, Groups, Organizations, and Communities",
}
CONFIRM = (
    "The program, and not this course, sets the thresholds and the share it expects. Those used here stand in the "
    "table.",
    "Tags say what a question, a criterion or a case shows, as the course's authors see it. Nobody from a program has "
    "confirmed them. Somebody who knows your competency plan should read them.",
    "Titles were taken from secondary sources, and one word of competency 2 (Racial) differs among them. Compare them "
    "with CSWE's EPAS 2022.",
    "Whether a written case may count as practice, and whether one course may stand for a program, is for your program "
    "and CSWE to say.",
)
_QUESTIONS, _RUBRIC = "Graded questions", "Essay criteria"
_EXACT = 1e-9
_GOOD_KAPPA = 0.6

#: The points of two people for the same essays, by module, essay, student and criterion.
Pairs = list[tuple[str, str, str, float, float]]


@dataclass(frozen=True, slots=True)
class Levels:
    """What a program expects, in percent: the share of the points that a student has to earn in questions and in
    essay criteria, and the share of students who should."""

    questions: float = 70.0
    rubric: float = 66.0
    expected: float = 80.0


@dataclass(frozen=True, slots=True)
class Reached:
    """How many students reach a threshold. ``share`` is missing where it is not told; ``least`` is then the share that
    it is at least, where fewer than five students are below the threshold. All are in percent."""

    students: int
    share: float
    low: float
    high: float
    least: float = math.nan


def reached(shares: pd.Series, threshold: float) -> Reached:
    """How many of the students with these shares (0 to 1) reach a threshold (percent).

    Nothing is told of fewer than ten students. Where one to four of them reach it, or don't, their number is not told.
    """
    n = len(shares)
    nothing = Reached(n, math.nan, math.nan, math.nan)
    if n < LEAST_FOR_ALL:
        return nothing
    there = int((shares >= threshold / 100 - _EXACT).sum())
    if 0 < there < LEAST:
        return nothing
    if 0 < n - there < LEAST:
        return Reached(n, math.nan, math.nan, math.nan, 100 * (n - LEAST + 1) / n)
    low, high = wilson(there / n, n)
    return Reached(n, 100 * there / n, 100 * low, 100 * high)


def epas_tables(frames: ClassFrames, levels: Levels, pairs: Pairs) -> Iterator[Table]:
    """The tables of a report on competencies. ``pairs`` are two people's points for the same essays, if there are."""
    yield _measures(frames, levels)
    yield _agreement(frames, pairs)
    yield gain_table(frames)
    yield _where(frames)


def _tags(frames: ClassFrames) -> pd.DataFrame:
    return frames.tags[frames.tags["kind"] == "competency"]


def _named(competency: str) -> str:
    return f"{competency} {TITLES[competency]}"


def _groups(frames: ClassFrames) -> list[str]:
    """Each competency that something names, as a whole and by behavior."""
    found = set(_tags(frames)["tag"])
    return sorted(found | {name[0] for name in found})


def _measures(frames: ClassFrames, levels: Levels) -> Table:
    tags, rows = _tags(frames), []
    scores = frames.scores.dropna(subset="points")
    for competency in _groups(frames):
        of = tags[(tags["tag"] == competency) | (tags["tag"].str.startswith(competency) & (len(competency) == 1))]
        for measure, threshold, given, keys in (
            (_QUESTIONS, levels.questions, scores, ["module", "item"]),
            (_RUBRIC, levels.rubric, frames.criteria, ["module", "item", "criterion"]),
        ):
            tagged = of[(of["criterion"] == "") == (measure == _QUESTIONS)][keys].drop_duplicates()
            found = given.astype(dict.fromkeys(keys, object)).merge(tagged, on=keys)
            if found.empty:
                continue
            told = reached(student_shares(found), threshold)
            number = len(found[keys].drop_duplicates())
            rows.append(
                {
                    "about": _named(competency),
                    "measure": f"{measure} ({number})",
                    "threshold": threshold,
                    "students": told.students,
                    "share": told.share,
                    "share_low": told.low,
                    "share_high": told.high,
                    "label": f"{competency}, {measure.lower()}",
                    "means": _means(told, levels.expected),
                }
            )
    columns = ["about", "measure", "threshold", "students", "share", "share_low", "share_high", "label", "means"]
    return Table(
        "epas",
        "Students who reach the threshold",
        f"For each competency and measure: the share of students who earned at least the threshold of its points. "
        f"Expected: {levels.expected:.0f} % of the students.",
        (
            Column("about", "Competency"),
            Column("measure", "Measure (how many)"),
            Column("threshold", "Threshold, percent of the points", "count"),
            Column("students", "Students", "count"),
            Column("share", "Reach it", "percent"),
            Column("means", "What it means, and what to do"),
        ),
        pd.DataFrame(rows, columns=columns),
        "No scores yet for anything that names a competency.",
        ("share",),
        "label",
    )


def _means(told: Reached, expected: float) -> str:
    if told.students < LEAST_FOR_ALL:
        return f"Fewer than {LEAST_FOR_ALL} students: no share is told yet."
    if not math.isnan(told.least):
        met = ", as many as expected" if told.least >= expected else ""
        return f"At least {math.floor(told.least)} % reach it{met}; that fewer than {LEAST} don't is all that is told."
    if math.isnan(told.share):
        return f"Fewer than {LEAST} students reach it: look at the questions and at what was taught."
    if told.low >= expected:
        return "As many as expected reach it, and the interval lies above."
    if told.share >= expected:
        return "As many as expected reach it, though with this number of students it may be chance."
    if told.high >= expected:
        return "Fewer than expected reach it, though with this number of students it may be chance."
    return "Fewer than expected reach it: plan what to change, and measure again."


def _agreement(frames: ClassFrames, pairs: Pairs) -> Table:
    tags, rows = _tags(frames), []
    given = pd.DataFrame(pairs, columns=["module", "item", "criterion", "first", "second"])
    for competency in _groups(frames):
        of = tags[(tags["tag"] == competency) & (tags["criterion"] != "")]
        found = given.merge(of[["module", "item", "criterion"]].drop_duplicates(), on=["module", "item", "criterion"])
        if len(found) < LEAST_FOR_ALL:
            continue
        told = agreement(found["first"].tolist(), found["second"].tolist())
        fine = told.kappa is not None and told.kappa >= _GOOD_KAPPA
        rows.append(
            {
                "about": _named(competency),
                "pairs": told.number,
                "exact": 100 * told.exact / told.number,
                "adjacent": 100 * told.adjacent / told.number,
                "kappa": math.nan if told.kappa is None else told.kappa,
                "means": "They agree well enough to publish."
                if fine
                else "They don't agree well enough: score the norming set together first (see docs/grading.md).",
            }
        )
    return Table(
        "agreement",
        "How far two scorers agree",
        "Of essay criteria that two people scored: how often they gave the same points, how often at most one point "
        "apart, and the weighted kappa, which is 0 by chance and 1 where they agree throughout.",
        (
            Column("about", "Competency"),
            Column("pairs", "Scored twice", "count"),
            Column("exact", "Same points", "percent"),
            Column("adjacent", "At most one apart", "percent"),
            Column("kappa", "Weighted kappa", "alpha"),
            Column("means", "What it means, and what to do"),
        ),
        pd.DataFrame(rows, columns=["about", "pairs", "exact", "adjacent", "kappa", "means"]),
        "No two sheets were given. Have two people score some of the essays, and name both: --sheets FIRST OTHER.",
    )


def _where(frames: ClassFrames) -> Table:
    rows = []
    uses = frames.items.set_index(["module", "item"])["use"]
    for competency in sorted(set(_tags(frames)["tag"])):
        of = _tags(frames)[_tags(frames)["tag"] == competency]
        kinds = [
            "criterion" if tag["criterion"] else "question" if (tag["module"], tag["item"]) in uses.index else "case"
            for tag in of.to_dict("records")
        ]
        counts = {kind: kinds.count(kind) for kind in ("question", "criterion", "case")}
        modules = ", ".join(dict.fromkeys(str(module)[:2] for module in of["module"]))
        rows.append({"about": _named(competency), "modules": modules, **counts})
    return Table(
        "where",
        "Where the course asks for it",
        "How many graded questions, essay criteria and cases name each competency; a case's path is never scored.",
        (
            Column("about", "Competency"),
            Column("modules", "Modules"),
            Column("question", "Questions", "count"),
            Column("criterion", "Criteria", "count"),
            Column("case", "Cases", "count"),
        ),
        pd.DataFrame(rows, columns=["about", "modules", "question", "criterion", "case"]),
        "Nothing in these modules names a competency.",
    )
