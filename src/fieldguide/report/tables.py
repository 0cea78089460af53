"""What a report tells, as tables that the page shows and CSV files hold: figures, what they mean, and what to do."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from fieldguide.digest.figures import LEAST, LEAST_FOR_ALL, apart
from fieldguide.report import advice, statistics
from fieldguide.report.frames import ClassFrames
from fieldguide.report.gathering import CURRENT, EARLIER
from fieldguide.report.words import say

_SHORT = 90
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
#: The id under which those are counted who chose none of the options.
_NONE = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``kind``: ``text``, ``count``, or a figure with its bounds: ``percent``, ``index`` (-100 to
    100), ``alpha`` (1 at most), ``points``."""

    name: str
    title: str
    kind: str = "text"

    @property
    def bounds(self) -> tuple[str, str]:
        """The columns with the bounds of its interval, where it has one."""
        return f"{self.name}_low", f"{self.name}_high"


@dataclass(frozen=True, slots=True)
class Table:
    """A table. ``says`` is what its figures mean; ``nothing`` what is said where it has no row.

    ``drawn`` are the columns that a plot shows, with ``label`` for the names along its side. A page shows the first
    ``most`` rows. ``inner`` holds a table for some of the rows, by their ``key``.
    """

    name: str
    title: str
    says: str
    columns: tuple[Column, ...]
    rows: pd.DataFrame
    nothing: str
    drawn: tuple[str, ...] = ()
    label: str = ""
    most: int = 200
    inner: dict[str, Table] = field(default_factory=dict)


Gists = dict[str, str]


def students_column() -> Column:
    """The column with how many students a figure rests on."""
    return Column("students", say("c_students"), "count")


def means_column() -> Column:
    """The column with what a figure means, and what to do."""
    return Column("means", say("c_means"))


def tables(frames: ClassFrames, gists: Gists) -> Iterator[Table]:
    """The tables of a report, in order: first what somebody begins with who has little time.

    ``gists`` says what each of the guide's statements is about.
    """
    objectives = dict(zip(frames.modules["module"], frames.modules["objectives"], strict=True))
    quizzes = statistics.quizzes(frames.scores)
    yield _modules(frames, quizzes)
    yield gain_table(frames)
    yield _misconceptions(frames)
    yield _by_tag(
        frames,
        "objective",
        say("objectives_title"),
        lambda tag: _objective(tag, objectives),
        say("objectives_nothing"),
    )
    yield _by_tag(
        frames,
        "statement",
        say("statements_title"),
        lambda tag: f"{tag}: {gists[tag]}" if tag in gists else tag,
        say("statements_nothing"),
    )
    yield _items(frames, quizzes)
    yield _practice(frames)
    yield _certainty(frames)


def _objective(tag: str, objectives: dict[str, tuple[str, ...]]) -> str:
    module, _, number = tag.rpartition(" ")
    return f"{module[:2]}: {objectives[module][int(number) - 1]}"


def _modules(frames: ClassFrames, quizzes: list[statistics.Quiz]) -> Table:
    alphas = statistics.reliability(quizzes).set_index("module")
    tags = frames.items[["module", "item"]].assign(tag=frames.items["module"])
    results = statistics.results_by(frames.scores, tags).set_index("tag").drop(columns=["items"])
    rows = frames.modules.set_index("module").drop(columns=["nothing_answered"])
    empty = frames.modules.set_index("module")["nothing_answered"]
    rows = rows.join(results).join(alphas.drop(columns=["students"]))
    rows["students"] = rows["students"].fillna(0).astype(int)
    rows["items"] = rows["items"].fillna(0).astype(int)
    rows["means"] = [advice.of_module(row, int(empty[module])) for module, row in _each_named(rows)]
    return Table(
        "modules",
        say("modules_title"),
        say("modules_says"),
        (
            Column("title", say("c_module")),
            means_column(),
            Column("handed_in", say("c_handed_in"), "count"),
            students_column(),
            Column("items", say("c_questions"), "count"),
            Column("result", say("c_result"), "percent"),
            Column("alpha", say("c_alpha"), "alpha"),
        ),
        rows.reset_index(),
        say("modules_nothing"),
        ("result",),
        "title",
    )


def _by_tag(frames: ClassFrames, kind: str, title: str, told: Callable[[str], str], nothing: str) -> Table:
    tags = frames.tags[frames.tags["kind"] == kind]
    rows = statistics.results_by(frames.scores, tags)
    rows = rows[rows["students"] > 0].sort_values("result", ignore_index=True, kind="stable")
    rows["about"] = [told(tag) for tag in rows["tag"]]
    rows["means"] = [advice.of_result(row) for _, row in rows.iterrows()]
    return Table(
        f"{kind}s",
        title,
        say(f"{kind}s_says"),
        (
            Column("about", say(f"c_{kind}")),
            means_column(),
            Column("items", say("c_questions"), "count"),
            students_column(),
            Column("result", say("c_result"), "percent"),
        ),
        rows,
        nothing,
        ("result",),
        "about",
    )


def _misconceptions(frames: ClassFrames) -> Table:
    rows = statistics.misconceptions(frames.choices, frames.asked, frames.options)
    rows = rows[(rows["students"] >= LEAST_FOR_ALL) & (rows["chose"] >= LEAST)].reset_index(drop=True)
    rows["about"] = [name.replace("-", " ") for name in rows["misconception"]]
    rows["means"] = [advice.of_misconception(row) for _, row in rows.iterrows()]
    hidden = (rows["students"] - rows["chose"]).between(1, LEAST - 1)
    rows[["chose", "share", "share_low", "share_high"]] = rows[["chose", "share", "share_low", "share_high"]].mask(
        hidden
    )
    return Table(
        "misconceptions",
        say("misconceptions_title"),
        say("misconceptions_says", least=LEAST),
        (
            Column("about", say("c_misconception")),
            means_column(),
            Column("items", say("c_questions"), "count"),
            students_column(),
            Column("chose", say("c_chose"), "count"),
            Column("share", say("c_share"), "percent"),
        ),
        rows,
        say("misconceptions_nothing", least=LEAST, all=LEAST_FOR_ALL),
        ("share",),
        "about",
        most=20,
    )


def _items(frames: ClassFrames, quizzes: list[statistics.Quiz]) -> Table:
    about = frames.items.set_index(["module", "item"])
    rows = statistics.item_statistics(quizzes)
    options = statistics.option_table(frames.choices, frames.scores, frames.options)
    inner, means = {}, []
    for _, row in rows.iterrows():
        place = (row["module"], row["item"], row["wording"])
        of = options[(options["module"] == place[0]) & (options["item"] == place[1]) & (options["wording"] == place[2])]
        item = about.loc[place[:2]]
        # In each part of a question, as where one option is right, a student chooses one.
        exclusive = bool(of["part"].astype(bool).any()) or pd.notna(item["guess"])
        means.append(advice.of_item(row, item, of))
        if len(of) and row["students"] >= LEAST_FOR_ALL:
            inner[" ".join(place)] = _options(place, of, exclusive)
    rows["means"] = means
    rows["key"] = rows["module"] + " " + rows["item"] + " " + rows["wording"]
    rows["about"] = [_named(about.loc[(row["module"], row["item"])], row) for _, row in rows.iterrows()]
    return Table(
        "items",
        say("items_title"),
        say("items_says"),
        (
            Column("about", say("c_question")),
            means_column(),
            students_column(),
            Column("facility", say("c_facility"), "percent"),
            Column("index", say("c_index"), "index"),
            Column("efficiency", say("c_efficiency"), "index"),
        ),
        rows,
        say("items_nothing"),
        ("facility", "index"),
        "about",
        inner=inner,
    )


def _named(item: pd.Series, row: pd.Series) -> str:
    about = {"module": row["module"][:2], "number": int(item["number"]), "stem": short(item["stem"])}
    if row["wording"] == CURRENT:
        return say("named", **about)
    return say("named_wording", wording=row["wording"].replace(EARLIER, say("earlier")), **about)


def short(stem: str) -> str:
    """The sentence of a stem that asks, or its first one, cut where it is long."""
    sentences = _SENTENCE.split(" ".join(stem.split()))
    asking = [sentence for sentence in sentences if sentence.rstrip('"”').endswith("?")]
    chosen = (asking or sentences[:1])[-1]
    return chosen if len(chosen) <= _SHORT else f"{chosen[:_SHORT].rsplit(' ', 1)[0]} …"


def _options(place: tuple[str, str, str], rows: pd.DataFrame, exclusive: bool) -> Table:
    told = [line for _, part in rows.groupby("part", sort=False) for line in _option_lines(part, exclusive)]
    columns = ["part_text", "text", "right", "chosen", "share", "share_low", "share_high", "total", "misconception"]
    return Table(
        f"options {' '.join(place)}",
        say("options_title"),
        say("options_apart", least=LEAST) if exclusive else say("options_hidden", least=LEAST),
        (
            *((Column("part_text", say("c_part")),) if rows["part_text"].astype(bool).any() else ()),
            Column("text", say("c_option")),
            Column("right", say("c_key")),
            Column("chosen", say("c_chose"), "count"),
            Column("share", say("c_share"), "percent"),
            Column("total", say("c_total"), "points"),
            Column("misconception", say("c_misconception")),
        ),
        pd.DataFrame(told, columns=columns),
        "",
    )


def _option_lines(part: pd.DataFrame, exclusive: bool) -> Iterator[dict[str, object]]:
    """The lines of one part: small groups are put together where each student chose one, and hidden elsewhere."""
    lines = {str(line["option"]): line for line in part.to_dict("records")}
    n, about = int(part["students"].iloc[0]), str(part["part_text"].iloc[0])
    if exclusive:
        counts = {option: int(line["chosen"]) for option, line in lines.items()}
        counts[_NONE] = max(n - sum(counts.values()), 0)
        for group in apart(counts):
            yield _line(about, [lines.get(option) for option in group.options], group.count, n)
        return
    for line in lines.values():
        yield _line(about, [line], _hidden(int(line["chosen"]), n), n)


def _line(about: str, options: list[dict[Hashable, Any] | None], count: int | None, n: int) -> dict[str, object]:
    """The line of options of one part whose people are counted together; None stands for no answer."""
    there = [option for option in options if option is not None]
    one = there[0] if len(options) == 1 and there else None
    line: dict[str, object] = {
        "part_text": about,
        "text": "; or ".join(say("no_answer") if option is None else str(option["text"]) for option in options),
        "right": say("yes") if one and one["right"] else "",
        "chosen": count,
        "misconception": "; ".join(str(each["misconception"]) for each in there if pd.notna(each["misconception"])),
    }
    if count is not None:
        low, high = statistics.wilson(count / n, n)
        line |= {"share": 100 * count / n, "share_low": 100 * low, "share_high": 100 * high}
        line["total"] = one["total"] if one else None
    return line


def _practice(frames: ClassFrames) -> Table:
    rows = statistics.first_and_last(frames.attempts)
    rows = rows[rows["students"] >= LEAST_FOR_ALL].sort_values("last", ignore_index=True, kind="stable")
    rows["again"] = [_hidden(again, n) for again, n in zip(rows["again"], rows["students"], strict=True)]
    stems = frames.items.set_index(["module", "item"])["stem"]
    rows["about"] = [f"{row['module'][:2]}: {short(stems[row['module'], row['item']])}" for _, row in rows.iterrows()]
    rows["means"] = [advice.of_practice(row) for _, row in rows.iterrows()]
    return Table(
        "practice",
        say("practice_title"),
        say("practice_says"),
        (
            Column("about", say("c_question")),
            means_column(),
            students_column(),
            Column("again", say("c_again"), "count"),
            Column("first", say("c_first"), "percent"),
            Column("last", say("c_last"), "percent"),
        ),
        rows,
        say("practice_nothing", all=LEAST_FOR_ALL),
        ("first", "last"),
        "about",
        most=30,
    )


def _hidden(count: int, n: int) -> int | None:
    """A count, where neither those counted nor the others are one to four people."""
    return None if 0 < count < LEAST or 0 < n - count < LEAST else count


def _certainty(frames: ClassFrames) -> Table:
    rows = statistics.certainty(frames.attempts)
    rows = rows[rows["students"] >= LEAST_FOR_ALL].reset_index(drop=True)
    levels = {"sure": say("sure"), "fairly": say("fairly"), "guess": say("guess")}
    rows["about"] = [levels[level] for level in rows["certainty"]]
    rows["means"] = [advice.of_certainty(row) for _, row in rows.iterrows()]
    return Table(
        "certainty",
        say("certainty_title"),
        say("certainty_says"),
        (
            Column("about", say("c_sure")),
            means_column(),
            Column("tries", say("c_tries"), "count"),
            students_column(),
            Column("right", say("c_right"), "percent"),
            Column("mark", say("c_mark"), "points"),
        ),
        rows,
        say("certainty_nothing", all=LEAST_FOR_ALL),
        ("right",),
        "about",
    )


def gain_table(frames: ClassFrames) -> Table:
    """What the class gained between its two checks."""
    gain = frames.gain
    rows: list[tuple[str, int, float, float, float, str]] = []
    if gain is not None and gain.gain is not None and gain.start is not None and gain.easier is not None:
        scale, n = 100 / gain.questions, gain.students
        for name, mean, means in (
            (say("before"), gain.start, say("began")),
            (say("after"), gain.start + gain.gain.mean, say("came")),
        ):
            rows.append((name, n, scale * mean, math.nan, math.nan, means))
        for name, found, means in (
            (say("gain"), gain.gain, advice.of_gain(gain.gain)),
            (say("easier"), gain.easier, advice.of_forms(gain.easier)),
        ):
            rows.append((name, n, scale * found.mean, scale * found.low, scale * found.high, means))
    columns = ["about", "students", "share", "share_low", "share_high", "means"]
    return Table(
        "gain",
        say("gain_title"),
        say("gain_says"),
        (
            Column("about", say("c_figure")),
            means_column(),
            students_column(),
            Column("share", say("c_points"), "index"),
        ),
        pd.DataFrame(rows, columns=columns),
        say("gain_nothing", all=LEAST_FOR_ALL, least=LEAST),
        ("share",),
        "about",
    )


def _each_named(rows: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    for name, row in rows.iterrows():
        yield str(name), row
