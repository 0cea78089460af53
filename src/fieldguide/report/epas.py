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
from fieldguide.report.tables import Column, Table, gain_table, means_column, students_column
from fieldguide.words import Words

#: Its words. The titles of EPAS 2022's competencies were checked against secondary sources, the behaviors of the first
#: are in our words; CSWE's own text is to be compared before anything is published.
_WORDS = Words("epas")
say = _WORDS.say
_CONFIRM = ("confirm_thresholds", "confirm_tags", "confirm_titles", "confirm_practice")
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


def confirm() -> tuple[str, ...]:
    """What a person has to confirm, each in a few sentences."""
    return tuple(map(say, _CONFIRM))


def title_of(competency: str) -> str:
    """A competency's title, or of a behavior what it is in our words."""
    return say(f"name_{competency}")


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
            ("questions", levels.questions, scores, ["module", "item"]),
            ("rubric", levels.rubric, frames.criteria, ["module", "item", "criterion"]),
        ):
            tagged = of[(of["criterion"] == "") == (measure == "questions")][keys].drop_duplicates()
            found = given.astype(dict.fromkeys(keys, object)).merge(tagged, on=keys)
            if found.empty:
                continue
            told = reached(student_shares(found), threshold)
            number = len(found[keys].drop_duplicates())
            rows.append(
                {
                    "about": f"{competency} {title_of(competency)}",
                    "measure": say(measure, number=number),
                    "threshold": threshold,
                    "students": told.students,
                    "share": told.share,
                    "share_low": told.low,
                    "share_high": told.high,
                    "label": say(f"label_{measure}", competency=competency),
                    "means": _means(told, levels.expected),
                }
            )
    columns = ["about", "measure", "threshold", "students", "share", "share_low", "share_high", "label", "means"]
    return Table(
        "epas",
        say("measures_title"),
        say("measures_says", expected=f"{levels.expected:.0f}"),
        (
            Column("about", say("c_about")),
            Column("measure", say("c_measure")),
            Column("threshold", say("c_threshold"), "count"),
            students_column(),
            Column("share", say("c_share"), "percent"),
            means_column(),
        ),
        pd.DataFrame(rows, columns=columns),
        say("measures_nothing"),
        ("share",),
        "label",
    )


def _means(told: Reached, expected: float) -> str:
    if told.students < LEAST_FOR_ALL:
        return say("few_students", all=LEAST_FOR_ALL)
    if not math.isnan(told.least):
        name = "at_least_met" if told.least >= expected else "at_least"
        return say(name, least=math.floor(told.least), few=LEAST)
    if math.isnan(told.share):
        return say("few_reach", few=LEAST)
    if told.low >= expected:
        return say("as_many")
    if told.share >= expected:
        return say("as_many_by_chance")
    return say("fewer_by_chance" if told.high >= expected else "fewer")


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
                "about": f"{competency} {title_of(competency)}",
                "pairs": told.number,
                "exact": 100 * told.exact / told.number,
                "adjacent": 100 * told.adjacent / told.number,
                "kappa": math.nan if told.kappa is None else told.kappa,
                "means": say("agree" if fine else "disagree"),
            }
        )
    return Table(
        "agreement",
        say("agreement_title"),
        say("agreement_says"),
        (
            Column("about", say("c_about")),
            Column("pairs", say("c_pairs"), "count"),
            Column("exact", say("c_exact"), "percent"),
            Column("adjacent", say("c_adjacent"), "percent"),
            Column("kappa", say("c_kappa"), "alpha"),
            means_column(),
        ),
        pd.DataFrame(rows, columns=["about", "pairs", "exact", "adjacent", "kappa", "means"]),
        say("agreement_nothing"),
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
        rows.append({"about": f"{competency} {title_of(competency)}", "modules": modules, **counts})
    return Table(
        "where",
        say("where_title"),
        say("where_says"),
        (
            Column("about", say("c_about")),
            Column("modules", say("c_modules")),
            Column("question", say("c_question"), "count"),
            Column("criterion", say("c_criterion"), "count"),
            Column("case", say("c_case"), "count"),
        ),
        pd.DataFrame(rows, columns=["about", "modules", "question", "criterion", "case"]),
        say("where_nothing"),
    )
