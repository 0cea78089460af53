"""The report's tables as one page, which fetches nothing and runs nothing, and as CSV files."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from fieldguide.digest.figures import LEAST, LEAST_FOR_ALL
from fieldguide.grading.spreadsheets import csv_file
from fieldguide.report.advice import urgency
from fieldguide.report.plots import Series, dots
from fieldguide.report.tables import Column, Table
from fieldguide.report.words import say
from fieldguide.words import in_figures, in_html, in_words

#: The options of all questions, as one file.
_OPTIONS_FILE = "options.csv"
_HERE = Path(__file__).parent
#: The look of the course's pages, by the variables of their style.
_STYLES = (_HERE.parent / "coursepage" / "static" / "theme.css", _HERE / "static" / "report.css")
#: A plot shows no more rows: nobody would look for a name among more.
_MOST_DRAWN = 30
#: On paper the plots of longer tables are left out: each takes a page, and the table has its figures.
_MOST_PRINTED = 10
_READING = ("reading_1", "reading_2", "reading_3")


def report_page(
    title: str, lead: Sequence[str], tables: Iterable[Table], notes: Sequence[str], confirm: Sequence[str] = ()
) -> str:
    """The page. ``lead`` are the sentences at its top, ``notes`` those about what was not counted, ``confirm`` those
    about what a person has to confirm."""
    shown = list(tables)
    return _template("report.html").render(
        title=title,
        lead=lead,
        first=list(_first(shown)),
        sections=[_section(table) for table in shown],
        notes=notes,
        confirm=confirm,
        reading=[say(name, all=LEAST_FOR_ALL, least=LEAST) for name in _READING],
        words=say,
        language=in_html(),
        style="\n".join(path.read_text("utf-8") for path in _STYLES),
    )


@cache
def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template(name)


def today() -> str:
    """The day, in words."""
    return in_words(date.today())


def _first(tables: Sequence[Table]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """What somebody should look at first: each sentence, and the rows that it is said of, with where they stand."""
    found: dict[str, list[tuple[str, str]]] = {}
    for table in tables:
        for number, row in enumerate(table.rows.to_dict("records")):
            if _is_urgent(row):
                means = str(row["means"])
                found.setdefault(means, []).append((str(row[table.label]), _place(table, number)))
    order = sorted(found, key=lambda means: urgency(means) or 0)
    yield from ((means, found[means]) for means in order)


def _is_urgent(row: Mapping[Hashable, Any] | pd.Series) -> bool:
    return urgency(str(row.get("means", ""))) is not None


def _place(table: Table, number: int) -> str:
    return f"{table.name}-{number + 1}"


def _section(table: Table) -> dict[str, Any]:
    number = len(table.rows)
    more = ""
    if number > table.most:
        more = say("more", most=table.most, number=number, file=f"{table.name}.csv")
    return {
        **_shown(table),
        "more": more,
        "plot": _plot(table),
        "is_long": number > _MOST_PRINTED,
        "inner_title": say("inner_title"),
        "inner_says": say("inner_says", file=_OPTIONS_FILE),
        "inner": [
            (row[table.label], _is_urgent(row), _shown(table.inner[row["key"]], str(row[table.label])))
            for _, row in table.rows.iterrows()
            if table.inner and row["key"] in table.inner
        ],
    }


def _shown(table: Table, of: str = "") -> dict[str, Any]:
    heads = [(column.title, "text" if column.kind == "text" else "figure") for column in table.columns]
    rows = [
        {
            "id": None if of else _place(table, number),
            "cells": [(cell(row, column), kind) for column, (_, kind) in zip(table.columns, heads, strict=True)],
        }
        for number, (_, row) in enumerate(table.rows.head(table.most).iterrows())
    ]
    about = {name: getattr(table, name) for name in ("name", "title", "says", "nothing")}
    return {**about, "heads": heads, "rows": rows, "of": of}


def cell(row: pd.Series, column: Column) -> str:
    """A figure in words, with its interval; what is not told is said to be so."""
    value = row[column.name]
    if column.kind == "text":
        return "" if value is None or value != value else str(value)
    if value is None or math.isnan(value):
        return say("not_told")
    if column.kind == "count":
        return f"{int(value):,}"
    if column.kind == "points":
        return _number(value, 1)
    places = 2 if column.kind == "alpha" else 0
    sign = " %" if column.kind == "percent" else ""
    low, high = (float(row.get(bound, math.nan)) for bound in column.bounds)
    if math.isnan(low):
        return f"{_number(value, places)}{sign}"
    return say(
        "interval", value=f"{_number(value, places)}{sign}", low=_number(low, places), high=_number(high, places)
    )


def _number(value: float, places: int) -> str:
    """A number with a true minus sign, and no minus before a zero."""
    return in_figures(f"{round(value, places) + 0.0:.{places}f}").replace("-", "−")


def _plot(table: Table) -> str | None:
    """The plot of a table's first rows; None where there is no figure to draw."""
    columns = [column for column in table.columns if column.name in table.drawn]
    told = table.rows.dropna(subset=[column.name for column in columns], how="all") if len(table.rows) else table.rows
    if told.empty or not columns:
        return None
    told = told.head(min(table.most, _MOST_DRAWN))
    series = [
        Series(
            column.title,
            *(told[name].astype(float).tolist() for name in (column.name, *column.bounds)),
        )
        for column in columns
    ]
    unit = say("unit" if len({column.kind for column in columns}) == 1 else "unit_index")
    return dots(table.name, told[table.label].astype(str).tolist(), series, unit, _alternative(table, told, columns))


def _alternative(table: Table, told: pd.DataFrame, columns: Sequence[Column]) -> str:
    """What the plot shows, in words; the table below it has every figure."""
    said = []
    for column in columns:
        sorted_rows = told.dropna(subset=column.name).sort_values(column.name)
        rows = [row for _, row in sorted_rows.iterrows()]
        ends = [("plot_lowest", rows[0]), ("plot_highest", rows[-1])] if rows else []
        said += [say(end, column=column.title, value=cell(row, column), row=row[table.label]) for end, row in ends]
    which = "plot_first" if len(told) < len(table.rows) else "plot_all"
    return say(which, title=table.title, n=len(told), ends=" ".join(said))


# -- CSV -------------------------------------------------------------------------------------------


def csv_files(tables: Iterable[Table]) -> Iterator[tuple[str, bytes]]:
    """The tables as CSV files, by name; what is not told is empty. The options of all questions are one file."""
    for table in tables:
        yield f"{table.name}.csv", _csv(table.columns, [table.rows])
        if table.inner:
            named = [
                table.inner[row["key"]].rows.assign(about=row[table.label])
                for _, row in table.rows.iterrows()
                if row["key"] in table.inner
            ]
            options = max((inner.columns for inner in table.inner.values()), key=len)
            yield _OPTIONS_FILE, _csv((Column("about", say("c_question")), *options), named)


def _csv(columns: Sequence[Column], frames: Iterable[pd.DataFrame]) -> bytes:
    names: list[tuple[str, str]] = []
    for column in columns:
        names.append((column.name, column.title))
        if column.kind not in ("text", "count", "points"):
            ends = zip(column.bounds, ("low", "high"), strict=True)
            names += [(bound, say(end, column=column.title)) for bound, end in ends]
    rows = [[_plain(row.get(name)) for name, _ in names] for frame in frames for _, row in frame.iterrows()]
    return csv_file([title for _, title in names], rows)


def _plain(value: Any) -> object:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return int(value) if value.is_integer() else round(value, 4)
    return value if isinstance(value, str) else int(value)
