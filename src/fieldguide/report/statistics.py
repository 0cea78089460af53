"""The statistics of a class, as functions from tidy data frames to tidy data frames.

They read these frames; a column that one does not need may be absent:

``scores``, a row for each student and graded item of a module that was handed in
    ``student``, ``module``, ``item``, ``wording`` (texts or categories; which text of the item the student had),
    ``points`` (number; an unanswered item has 0; missing where a person has not scored it yet), ``maximum`` (points)
``choices``, a row for each option that a student chose, and for each prompt that was given one
    ``student``, ``module``, ``item``, ``wording``, ``part`` (the prompt or place; empty where there are none),
    ``option``
``attempts``, a row for each attempt at a practice item
    ``student``, ``module``, ``item``, ``number`` (1 for the first), ``share`` (of the points, 0 to 1), ``certainty``
    (``sure``, ``fairly``, ``guess``, or missing)

Shares are told in percent, 0 to 100. ``low`` and ``high`` bound the 95 % interval of the figure whose name stands
before them. A figure of fewer than ten students is missing (NaN), as is one that is not defined, such as a
discrimination where everybody has the same score.

Sources of the formulas: facility, discrimination index and discriminative efficiency are those of Moodle's quiz
statistics (docs.moodle.org, Quiz statistics calculations). Interval of a share: E. B. Wilson (1927), Journal of the
American Statistical Association 22, 209-212. Alpha: L. J. Cronbach (1951), Psychometrika 16, 297-334; its interval:
L. S. Feldt (1965), Psychometrika 30, 357-370. Certainty-based marks: A. R. Gardner-Medwin, as Moodle gives them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

from fieldguide.digest.figures import LEAST, LEAST_FOR_ALL
from fieldguide.digest.quantiles import f_quantile, t_quantile

#: Certainty-based marks of an attempt, by what was said: right, and not.
CERTAINTY_MARKS = {"sure": (3, -6), "fairly": (2, -2), "guess": (1, 0)}
_TWO_SIDED = 0.975
#: The quantile of the normal distribution that a 95 % interval reaches to, on either side.
NORMAL = NormalDist().inv_cdf(_TWO_SIDED)
_ROUNDING = 1e-9
#: Groups are numbered by a list of all that there could be, as long as it has no more places.
_MOST_PLACES = 1 << 20


@dataclass(frozen=True, slots=True)
class Quiz:
    """The scores of one module as arrays: a row for each item that all have a score for, a column for each student.

    ``wordings`` holds places in ``names``; -1 where it is not known which wording the student had.
    """

    module: str
    items: list[str]
    points: np.ndarray
    maxima: np.ndarray
    wordings: np.ndarray
    names: list[str]


def quizzes(scores: pd.DataFrame) -> list[Quiz]:
    """The scores of each module as arrays, which item_statistics() and reliability() read."""
    return list(_quizzes(scores))


def _quizzes(scores: pd.DataFrame) -> Iterator[Quiz]:
    (module, modules), (item, items), (wording, names) = (_codes(scores[one]) for one in ("module", "item", "wording"))
    student, students = _codes(scores["student"])
    points, maximum = (scores[name].to_numpy(float) for name in ("points", "maximum"))
    every = _occurring(module, len(modules))
    for code in every:
        rows = slice(None) if len(every) == 1 else np.flatnonzero(module == code)
        asked, there = _occurring(item[rows], len(items)), _occurring(student[rows], len(students))
        down, across = _places(item[rows], asked, len(items)), _places(student[rows], there, len(students))
        shape = len(asked), len(there)
        place = down * np.int64(len(there))
        place += across
        marks, wordings, maxima = np.zeros(shape), np.full(shape, -1, dtype=wording.dtype), np.zeros(len(asked))
        marks.reshape(-1)[place] = points[rows]
        wordings.reshape(-1)[place] = wording[rows]
        maxima[down] = maximum[rows]
        scored = np.flatnonzero(~np.isnan(marks).any(axis=1))
        told = [str(items[place]) for place in asked[scored]]
        yield Quiz(
            str(modules[code]), told, marks[scored], maxima[scored], wordings[scored], [str(name) for name in names]
        )


# Values are told apart by whole numbers, as small as they may be: grouping and merging rows by texts takes many times
# as long, and so does every further array as long as a class.


def _codes(column: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """For each row the place of its value among the different ones, -1 where it is missing; and those values."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy(), column.cat.categories.to_numpy(object)
    codes, values = pd.factorize(column)
    return codes, np.asarray(values, dtype=object)


def _occurring(codes: np.ndarray, number: int) -> np.ndarray:
    """Which of ``number`` codes occur, in order."""
    seen = np.zeros(number + 1, dtype=bool)
    seen[codes] = True
    return np.flatnonzero(seen[:-1])


def _places(codes: np.ndarray, among: np.ndarray, number: int) -> np.ndarray:
    """For each of the codes, of ``number``, its place among some of them; -1 where it is none of those."""
    if len(among) == number:
        return codes
    places = np.full(number + 1, -1)
    places[among] = np.arange(len(among))
    found: np.ndarray = places[codes]
    return found


def _groups(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[np.ndarray, list[int], pd.DataFrame]:
    """Which rows have the same values in some columns: for each row the number of its group, -1 where a value is
    missing; how many rows each group has; and a row of values for each group."""
    coded = [_codes(frame[name]) for name in columns]
    missing = [int(codes.min(initial=0) < 0) for codes, _ in coded]  # what is missing nowhere needs no number
    sizes = [len(values) + one for (_, values), one in zip(coded, missing, strict=True)]
    joined, number = np.zeros(len(frame), dtype=np.int64), math.prod(sizes)
    for (codes, _), one, size in zip(coded, missing, sizes, strict=True):
        if size == 1:
            continue
        joined *= size
        joined += codes
        if one:
            joined += 1
    if number > _MOST_PLACES:
        found, joined, counts = np.unique(joined, return_inverse=True, return_counts=True)
        number, among = len(found), np.arange(len(found))
    else:
        counts = np.bincount(joined, minlength=number)
        found = among = np.flatnonzero(counts)
        counts = counts[found]
    left, named, whole = found, {}, np.ones(len(found), dtype=bool)
    for name, (_, values), one, size in list(zip(columns, coded, missing, sizes, strict=True))[::-1]:
        left, code = np.divmod(left, size)
        whole &= code >= one
        named[name] = np.concatenate([values, [None]])[code - one]
    place = _places(joined, among[whole], number)
    groups = pd.DataFrame({name: pd.Series(named[name][whole], dtype=object) for name in columns})
    return place, counts[whole].tolist(), groups


def _tuples(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    return frame.itertuples(index=False, name=None)


def _sums(place: np.ndarray, number: int, values: np.ndarray | None = None) -> np.ndarray:
    """How many rows each of ``number`` groups has, or the sum of their values; -1 is no group."""
    if place.min(initial=0) < 0:
        there = place >= 0
        place, values = place[there], None if values is None else values[there]
    return np.bincount(place, values, minlength=number)


def item_statistics(quizzes: Iterable[Quiz]) -> pd.DataFrame:
    """How hard each graded item is, and whether it tells those who know from those who don't, apart by wording.

    Facility is the mean score over the maximum. The discrimination index is the correlation of the item's score with
    the rest, the total of the module's other items: 100 cov(item, rest) / sqrt(var(item) var(rest)). Discriminative
    efficiency is 100 cov(item, rest) / the covariance that there would be if the best scores of the item met the best
    rests, and so on down. Covariances have the denominator n - 1. The interval of the index is Fisher's; that of the
    efficiency is the same in the same ratio, the scores' distributions taken as they are.

    An item that a person has not scored for everybody yet is left out, of the rest as well.

    Returns a row for each module, item and wording, in their order in the quizzes: ``module``, ``item``, ``wording``,
    ``students`` (number), ``facility``, ``facility_low``, ``facility_high`` (percent), ``index``, ``index_low``,
    ``index_high``, ``efficiency``, ``efficiency_low``, ``efficiency_high`` (100 at most).
    """
    rows = []
    for quiz in quizzes:
        totals = quiz.points.sum(axis=0)
        for place, item in enumerate(quiz.items):
            mark, rest, wording = quiz.points[place], totals - quiz.points[place], quiz.wordings[place]
            for code in _occurring(wording, len(quiz.names)):
                those = wording == code
                figures = _of_item(mark[those], rest[those], quiz.maxima[place])
                rows.append({"module": quiz.module, "item": item, "wording": quiz.names[code], **figures})
    return pd.DataFrame(rows, columns=["module", "item", "wording", "students", *_ITEM_FIGURES])


_ITEM_FIGURES = [name + bound for name in ("facility", "index", "efficiency") for bound in ("", "_low", "_high")]


def _of_item(mark: np.ndarray, rest: np.ndarray, maximum: float) -> dict[str, float]:
    n = len(mark)
    figures: dict[str, float] = dict.fromkeys(_ITEM_FIGURES, math.nan)
    if n >= LEAST_FOR_ALL:
        figures |= _named("facility", *_percent(share_interval(mark / maximum)))
        spread = math.sqrt(mark.var(ddof=1) * rest.var(ddof=1))
        if mark.max() - mark.min() > _ROUNDING and rest.max() - rest.min() > _ROUNDING:
            covariance = _covariance(mark, rest)
            index = max(-1.0, min(1.0, covariance / spread))
            low, high = _fisher(index, n)
            figures |= _named("index", 100 * index, 100 * low, 100 * high)
            ratio = 100 * spread / _covariance(np.sort(mark), np.sort(rest))
            figures |= _named("efficiency", *(min(100.0, ratio * one) for one in (index, low, high)))
    return {"students": n, **figures}


def _named(name: str, value: float, low: float, high: float) -> dict[str, float]:
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def _percent(shares: tuple[float, float, float]) -> tuple[float, float, float]:
    value, low, high = shares
    return 100 * value, 100 * low, 100 * high


def _covariance(one: np.ndarray, other: np.ndarray) -> float:
    return float(((one - one.mean()) * (other - other.mean())).sum() / (len(one) - 1))


def _fisher(correlation: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a correlation (R. A. Fisher, 1921)."""
    if abs(correlation) >= 1 - _ROUNDING:
        return correlation, correlation
    middle, margin = math.atanh(correlation), NORMAL / math.sqrt(n - 3)
    return math.tanh(middle - margin), math.tanh(middle + margin)


def share_interval(shares: np.ndarray) -> tuple[float, float, float]:
    """The mean of shares (each 0 to 1), and its 95 % interval, as shares; not a number where there are fewer than ten.

    Wilson's interval with Student's quantile. What is right or wrong counts once; where shares of a whole vary less
    than right and wrong would, by p (1 - p) / their variance.
    """
    n = len(shares)
    if n < LEAST_FOR_ALL:
        return math.nan, math.nan, math.nan
    mean, variance = float(shares.mean()), float(shares.var())
    counted = n * mean * (1 - mean) / variance if variance > _ROUNDING else float(n)
    return mean, *wilson(mean, counted, t_quantile(_TWO_SIDED, n - 1))


def wilson(share: float, n: float, quantile: float = NORMAL) -> tuple[float, float]:
    """Wilson's interval of a share (0 to 1) of ``n``, at the normal quantile or another."""
    scale = 1 + quantile**2 / n
    middle = (share + quantile**2 / (2 * n)) / scale
    margin = quantile * math.sqrt(max(share * (1 - share), 0.0) / n + quantile**2 / (4 * n * n)) / scale
    return max(0.0, middle - margin), min(1.0, middle + margin)


def reliability(quizzes: Iterable[Quiz]) -> pd.DataFrame:
    """How far a module's graded items measure one thing: Cronbach's alpha, with Feldt's interval.

    Alpha is k / (k - 1) (1 - the sum of the items' variances / the variance of the total), for k items. Its interval is
    1 - (1 - alpha) F, with n - 1 and (n - 1)(k - 1) degrees of freedom.

    Returns a row for each module: ``module``, ``items`` (k), ``students`` (n), ``alpha``, ``alpha_low``,
    ``alpha_high`` (1 at most; there is no least).
    """
    rows = []
    for quiz in quizzes:
        k, n = quiz.points.shape
        row = {"module": quiz.module, "items": k, "students": n, **_named("alpha", math.nan, math.nan, math.nan)}
        total = quiz.points.sum(axis=0)
        if n >= LEAST_FOR_ALL and k > 1 and total.max() - total.min() > _ROUNDING:
            alpha = k / (k - 1) * (1 - float(quiz.points.var(axis=1, ddof=1).sum() / total.var(ddof=1)))
            freedoms = (n - 1, (n - 1) * (k - 1))
            bounds = (1 - (1 - alpha) * f_quantile(share, *freedoms) for share in (_TWO_SIDED, 1 - _TWO_SIDED))
            row |= _named("alpha", alpha, *bounds)
        rows.append(row)
    return pd.DataFrame(rows, columns=["module", "items", "students", "alpha", "alpha_low", "alpha_high"])


def option_table(choices: pd.DataFrame, scores: pd.DataFrame, options: pd.DataFrame) -> pd.DataFrame:
    """How often each option was chosen, and how well those did in all who chose it.

    ``options`` has a row for each option of today's items, in order: ``module``, ``item``, ``part``, ``option``,
    ``right`` (whether it is in the key), ``misconception`` (or missing). An option of an earlier wording that is
    no longer there is left out.

    Returns the rows of ``options`` for each wording, with ``wording``, ``students`` (how many handed in an item so
    worded), ``chosen`` (how many chose the option), ``share``, ``share_low``, ``share_high`` (percent of them) and
    ``total`` (mean percent of the points of the module's items of those who chose it). Shares and totals are missing
    below ten students, and ``total`` below five who chose it too.
    """
    _, handed_in, asked = _groups(scores, ["module", "item", "wording"])
    faced: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for (module, item, wording), students in zip(_tuples(asked), handed_in, strict=True):
        faced.setdefault((module, item), []).append((wording, students))
    chose, counts, named = _groups(choices, ["module", "item", "wording", "part", "option"])
    total, known, averaged = _totals(choices, scores), chose, np.array(counts)
    if np.isnan(total).any():
        known = np.where(np.isnan(total), -1, chose)
        averaged = _sums(known, len(named))
    with np.errstate(invalid="ignore"):
        means = _sums(known, len(named), total) / averaged
    found = {key: each for key, *each in zip(_tuples(named), counts, means.tolist(), strict=True)}
    rows = []
    for offered in options.to_dict("records"):
        module, item = offered["module"], offered["item"]
        for wording, n in faced.get((module, item), ()):
            chosen, mean = found.get((module, item, wording, offered["part"], offered["option"]), [0, math.nan])
            share, low, high = math.nan, math.nan, math.nan
            if n >= LEAST_FOR_ALL:
                share, (low, high) = chosen / n, wilson(chosen / n, n)
            told = mean if n >= LEAST_FOR_ALL and chosen >= LEAST else math.nan
            figures = _named("share", *_percent((share, low, high))) | {"total": told}
            rows.append(offered | {"wording": wording, "students": n, "chosen": chosen} | figures)
    return pd.DataFrame(rows, columns=[*options.columns, "wording", "students", "chosen", *_OPTION_FIGURES])


_OPTION_FIGURES = ["share", "share_low", "share_high", "total"]


def _totals(choices: pd.DataFrame, scores: pd.DataFrame) -> np.ndarray:
    """For each choice the percent of the points that its student earned in its module; not a number where unknown."""
    (student, students), (module, modules) = (_codes(scores[name]) for name in ("student", "module"))
    points, maximum = (scores[name].to_numpy(float) for name in ("points", "maximum"))
    place = module * np.int64(len(students))
    place += student
    if np.isnan(points).any():
        place[np.isnan(points)] = -1
    number = len(modules) * len(students)
    with np.errstate(invalid="ignore"):
        percent = np.append(100 * _sums(place, number, points) / _sums(place, number, maximum), math.nan)
    (whose, names), (where, places) = (_codes(choices[name]) for name in ("student", "module"))
    who, of = pd.Index(students).get_indexer(names), pd.Index(modules).get_indexer(places)
    # The percent of each module and student of the choices, known or not: looked up once, and not for each choice.
    told = np.where((of < 0)[:, None] | (who < 0), number, of[:, None] * len(students) + who)
    table = np.pad(percent[told], ((0, 1), (0, 1)), constant_values=math.nan)
    found: np.ndarray = table[where, whose]
    return found


def misconceptions(choices: pd.DataFrame, asked: pd.DataFrame, options: pd.DataFrame) -> pd.DataFrame:
    """How many students chose an option that tells a misconception, the most frequent first.

    ``asked`` has a row for each student and item that the student answered: ``student``, ``module``, ``item``.
    ``options`` is as for option_table().

    Returns a row for each misconception: ``misconception``, ``items`` (how many offer it), ``students`` (who answered
    one of those), ``chose`` (how many of them chose it at least once), ``share``, ``share_low``, ``share_high``
    (percent). Shares are missing below ten students.
    """
    columns = ["misconception", "items", "students", "chose", "share", "share_low", "share_high"]
    tagged = options.dropna(subset="misconception")
    rows = []
    met, hit = _WhoHas(asked, ["module", "item"]), _WhoHas(choices, ["module", "item", "part", "option"])
    for name, offered in tagged.groupby("misconception", sort=False):
        n, chose = met.count(offered), hit.count(offered)
        share, low, high = math.nan, math.nan, math.nan
        if n >= LEAST_FOR_ALL:
            share, (low, high) = chose / n, wilson(chose / n, n)
        items = len(offered[["module", "item"]].drop_duplicates())
        rows.append((name, items, n, chose, 100 * share, 100 * low, 100 * high))
    found = pd.DataFrame(rows, columns=columns)
    return found.sort_values(["share", "misconception"], ascending=[False, True], ignore_index=True)


class _WhoHas:
    """Finds the rows of a frame whose values in some columns are among those of another frame."""

    def __init__(self, frame: pd.DataFrame, keys: list[str]) -> None:
        self._keys = keys
        self._place, _, named = _groups(frame, keys)
        self._groups = {values: group for group, values in enumerate(_tuples(named))}
        self._student, _ = _codes(frame["student"])

    def rows(self, wanted: pd.DataFrame) -> np.ndarray:
        """Whether each row of the frame is among those wanted."""
        among = np.zeros(len(self._groups) + 1, dtype=bool)
        among[[self._groups.get(one, -1) for one in _tuples(wanted[self._keys])]] = True
        among[-1] = False
        rows: np.ndarray = among[self._place]
        return rows

    def count(self, wanted: pd.DataFrame) -> int:
        """How many students have such a row."""
        return int(np.count_nonzero(np.bincount(self._student[self.rows(wanted)])))


def first_and_last(attempts: pd.DataFrame) -> pd.DataFrame:
    """How many were right at their first try at a practice item, and at their last.

    Returns a row for each module and item: ``module``, ``item``, ``students``, ``again`` (how many tried more than
    once), ``first``, ``first_low``, ``first_high``, ``last``, ``last_low``, ``last_high`` (percent of the students who
    were wholly right).
    """
    names = [name + bound for name in ("first", "last") for bound in ("", "_low", "_high")]
    rows = []
    for (module, item), tries in attempts.groupby(["module", "item"], observed=True, sort=False):
        ordered = tries.sort_values("number")
        first, last = (ordered.drop_duplicates("student", keep=which) for which in ("first", "last"))
        row = {"module": module, "item": item, "students": len(first), "again": int((last["number"] > 1).sum())}
        for name, one in (("first", first), ("last", last)):
            row |= _named(name, *_percent(share_interval((one["share"] >= 1).to_numpy(float))))
        rows.append(row)
    return pd.DataFrame(rows, columns=["module", "item", "students", "again", *names])


def certainty(attempts: pd.DataFrame) -> pd.DataFrame:
    """How often those who said how sure they were of a practice answer were right.

    Certainty-based marks are 1, 2 and 3 for a right answer that was a guess, fairly sure and sure, and 0, -2 and -6 for
    one that was not right. The tries of one student resemble each other, so the interval counts each student as a
    group (a ratio estimate, W. G. Cochran, Sampling Techniques, 1977, chapter 6).

    Returns a row for each level that was said, the surest first: ``certainty``, ``tries``, ``students``, ``right``,
    ``right_low``, ``right_high`` (percent of the tries), ``mark`` (mean certainty-based mark, -6 to 3). Figures are
    missing where fewer than ten students said it.
    """
    rows = []
    for level, (gained, lost) in CERTAINTY_MARKS.items():
        tries = attempts[attempts["certainty"] == level]
        if not len(tries):
            continue
        right = (tries["share"] >= 1).astype(float)
        each = right.groupby(tries["student"].astype(object)).agg(["size", "sum"])
        share, low, high = _ratio(each["sum"].to_numpy(), each["size"].to_numpy())
        figures = _named("right", *_percent((share, low, high))) | {"mark": gained * share + lost * (1 - share)}
        rows.append({"certainty": level, "tries": len(tries), "students": len(each), **figures})
    return pd.DataFrame(rows, columns=["certainty", "tries", "students", "right", "right_low", "right_high", "mark"])


def _ratio(right: np.ndarray, tries: np.ndarray) -> tuple[float, float, float]:
    """The share of right tries and its interval, where each student's tries are one group."""
    groups = len(tries)
    if groups < LEAST_FOR_ALL:
        return math.nan, math.nan, math.nan
    share = float(right.sum() / tries.sum())
    apart = float(((right - share * tries) ** 2).sum() / (groups - 1) * groups / tries.sum() ** 2)
    counted = share * (1 - share) / apart if apart > _ROUNDING else float(groups)
    return share, *wilson(share, counted, t_quantile(_TWO_SIDED, groups - 1))


def results_by(scores: pd.DataFrame, tags: pd.DataFrame) -> pd.DataFrame:
    """How much of the points students earned in the items that carry a tag, such as a module's objective.

    ``tags`` has a row for each item and tag: ``module``, ``item``, ``tag``. Scores that a person has yet to give are
    left out.

    Returns a row for each tag, in order: ``tag``, ``items``, ``students``, ``result``, ``result_low``,
    ``result_high`` (mean percent of the points, each student counting once).
    """
    columns = ["tag", "items", "students", "result", "result_low", "result_high"]
    scored = scores.dropna(subset="points")
    has = _WhoHas(scored, ["module", "item"])
    rows = []
    for tag, items in tags.groupby("tag", sort=False):
        of = scored[has.rows(items)]
        shares = student_shares(of)
        figures = _named("result", *_percent(share_interval(shares.to_numpy())))
        number = len(_groups(of, ["module", "item"])[2])
        rows.append({"tag": tag, "items": number, "students": len(shares), **figures})
    return pd.DataFrame(rows, columns=columns)


def student_shares(scores: pd.DataFrame) -> pd.Series:
    """The share of the points (0 to 1) that each student earned in these scores, by student."""
    place, _, students = _groups(scores, ["student"])
    points, maximum = (_sums(place, len(students), scores[name].to_numpy(float)) for name in ("points", "maximum"))
    return pd.Series(points / maximum, index=students["student"])
