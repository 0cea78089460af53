"""What the controls do to a table. Each step does it with pandas, and says in code what it does.

The two stand side by side so that they stay the same; a test runs the code and compares.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from fieldguide.tables.words import say


@dataclass(frozen=True, slots=True)
class TableUnderWay:
    """A table under way. ``words`` holds the whole table as it was written, which is what a search looks at."""

    rows: pd.DataFrame
    words: pd.DataFrame


class Step(Protocol):
    """One thing done to a table."""

    def note(self) -> str:
        """What it does, for a reader."""

    def code(self) -> str:
        """The lines of pandas that do it, to a table called ``table``."""

    def apply(self, table: TableUnderWay) -> pd.DataFrame:
        """Do it."""


@dataclass(frozen=True, slots=True)
class Read:
    """The table from its file. Not applied: it is what a table begins with."""

    path: str
    columns: tuple[str, ...] = ()

    def code(self, name: str = "table", how: str = "") -> str:
        only = f"[{_literal(list(self.columns))}]" if self.columns else ""
        return f"{name} = pd.read_csv({_literal(self.path)}{how}){only}"

    def words(self) -> str:
        """The line that reads every cell as the text that it is."""
        return self.code("words", ", dtype=str")


@dataclass(frozen=True, slots=True)
class Search:
    """Only the rows that hold a text in any of their cells, capitals or not."""

    text: str
    read: Read

    def note(self) -> str:
        return say("note_search")

    def code(self) -> str:
        contains = f"column.str.contains({_literal(self.text)}, case=False, regex=False, na=False)"
        return "\n".join(
            [
                self.read.words(),
                f"found = words.apply(lambda column: {contains})",
                "table = table[found.any(axis=1)]",
            ]
        )

    def apply(self, table: TableUnderWay) -> pd.DataFrame:
        found = table.words.apply(lambda column: column.str.contains(self.text, case=False, regex=False, na=False))
        rows: pd.DataFrame = table.rows[found.any(axis=1)]
        return rows


@dataclass(frozen=True, slots=True)
class Filter:
    """Only the rows with one value in a column."""

    column: str
    value: object

    def note(self) -> str:
        return say("note_filter")

    def code(self) -> str:
        return f"table = table[table[{_literal(self.column)}] == {_literal(self.value)}]"

    def apply(self, table: TableUnderWay) -> pd.DataFrame:
        return table.rows[table.rows[self.column] == self.value]


@dataclass(frozen=True, slots=True)
class Group:
    """One row for each value of a column: how many rows have it, and the mean of a number column."""

    column: str
    mean: str | None = None

    def note(self) -> str:
        return say("note_mean" if self.mean else "note_group")

    def code(self) -> str:
        parts = f'rows=({_literal(self.column)}, "size")'
        if self.mean:
            parts += f', mean=({_literal(self.mean)}, "mean")'
        line = f"table = table.groupby({_literal(self.column)}, as_index=False).agg({parts})"
        return f'{line}\ntable = table.round({{"mean": 1}})' if self.mean else line

    def apply(self, table: TableUnderWay) -> pd.DataFrame:
        parts = {"rows": (self.column, "size")}
        if self.mean:
            parts["mean"] = (self.mean, "mean")
        grouped = table.rows.groupby(self.column, as_index=False).agg(**parts)
        return grouped.round({"mean": 1}) if self.mean else grouped


@dataclass(frozen=True, slots=True)
class Sort:
    """The rows in the order of a column; rows that are equal in it stay as they were."""

    column: str
    descending: bool = False

    def note(self) -> str:
        return say("note_sort")

    def code(self) -> str:
        order = ", ascending=False" if self.descending else ""
        return f'table = table.sort_values({_literal(self.column)}{order}, kind="stable")'

    def apply(self, table: TableUnderWay) -> pd.DataFrame:
        return table.rows.sort_values(self.column, ascending=not self.descending, kind="stable")


def program(read: Read, steps: list[Step]) -> str:
    """The whole code: what it takes to get, in a cell of one's own, the table that is shown."""
    return "\n".join(_program(read, steps))


def _program(read: Read, steps: list[Step]) -> Iterator[str]:
    yield from ("import pandas as pd", "", read.code())
    for step in steps:
        yield from (f"# {step.note()}", step.code())
    yield "table"


def _literal(value: object) -> str:
    """A value as Python writes it, with double quotation marks; JSON's texts and numbers are Python's too."""
    return repr(value) if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)
