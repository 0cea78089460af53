"""A table that is shown: its data, which controls it offers, and what it shows for what they are set to."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from fieldguide.tables.cells import TableCell
from fieldguide.tables.data import FOLDER, Description
from fieldguide.tables.operations import Filter, Group, Read, Search, Sort, Step, TableUnderWay, program
from fieldguide.tables.words import say

#: A column with at most so many values, each found twice or more on average, is one to filter and to group by.
_FEW = 15
#: A text of more characters wants a column of some width; of still more, a wide one, and no menu can hold it.
_MIDDLING = 16
_LONG = 48
_SEARCH_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Controls:
    """What the controls are set to; ``filters`` holds values as they are written in the table."""

    search: str = ""
    filters: dict[str, str] = field(default_factory=dict)
    group: str | None = None
    mean: str | None = None
    sort: str | None = None
    descending: bool = False

    @classmethod
    def from_message(cls, raw: object) -> Controls:
        """The controls of a message; whatever has another form is as if it were not set."""
        given = raw if isinstance(raw, dict) else {}
        filters = given.get("filters")
        return cls(
            search=(_text(given.get("search")) or "")[:_SEARCH_LENGTH].strip(),
            filters={name: value for name, value in filters.items() if isinstance(value, str)}
            if isinstance(filters, dict)
            else {},
            group=_text(given.get("group")),
            mean=_text(given.get("mean")),
            sort=_text(given.get("sort")),
            descending=given.get("descending") is True,
        )


class Table:
    """The data that one cell shows."""

    def __init__(self, cell: TableCell, description: Description, folder: Path) -> None:
        self.cell = cell
        self.description = description
        self._read = Read(f"{FOLDER}/{cell.data}.csv", cell.columns)
        path = folder / f"{cell.data}.csv"
        self._columns = columns = list(cell.columns or description.columns)
        self._rows = pd.read_csv(path)[columns]
        self._words = pd.read_csv(path, dtype=str)[columns]
        # What is written for each value, and the value for what is written. Python's own values, not numpy's.
        self._values: dict[str, dict[str, object]] = {
            name: dict(zip(self._words[name].tolist(), self._rows[name].tolist(), strict=True))
            for name in columns
            if not self._rows[name].hasnans
        }
        self.filters = [name for name in columns if (name in cell.filters if cell.filters else self._is_few(name))]
        self.means = [name for name in columns if name in description.means and self._is_number(name)]
        self.groups = [name for name in columns if name in self.filters or name == cell.group or self._is_label(name)]

    def description_for_page(self) -> dict[str, Any]:
        """What the page is told once: words about the data, and the controls."""
        return {
            "title": self.description.title,
            "caption": self.cell.caption,
            "source": self.description.source,
            "date": self.description.date,
            "columns": [{"name": name, "text": self.description.columns[name]} for name in self._columns],
            "filters": [{"name": name, "values": self._choices(name)} for name in self.filters],
            "groups": self.groups,
            "means": self.means,
            "group": self.cell.group,
            "total": len(self._rows),
        }

    def show(self, controls: Controls) -> dict[str, Any]:
        """What the page shows for these controls."""
        steps = self._steps(controls)
        group = next((step for step in steps if isinstance(step, Group)), None)
        rows = self._apply(steps)
        shown: dict[str, Any] = {"code": program(self._read, steps), "bars": None}
        if group is None:
            texts = _texts(self._words.loc[rows.index])
            return shown | {"header": list(map(self._column, self._columns)), "rows": texts, "matched": len(rows)}
        return shown | {
            "header": self._group_header(group),
            "rows": self._grouped(rows, group),
            "matched": len(self._apply(steps[: steps.index(group)])),
            "bars": self._bars(rows, group),
        }

    def result(self, controls: Controls) -> pd.DataFrame:
        """The table that the controls ask for."""
        return self._apply(self._steps(controls))

    def _apply(self, steps: list[Step]) -> pd.DataFrame:
        rows = self._rows
        for step in steps:
            rows = step.apply(TableUnderWay(rows, self._words))
        return rows

    def _steps(self, controls: Controls) -> list[Step]:
        steps: list[Step] = []
        if controls.search:
            steps.append(Search(controls.search, self._read))
        for name in self.filters:
            written = controls.filters.get(name)
            if written in self._values[name]:
                steps.append(Filter(name, self._values[name][written]))
        sortable = self._columns
        if controls.group in self.groups:
            mean = controls.mean if controls.mean in self.means and controls.mean != controls.group else None
            steps.append(Group(controls.group, mean))
            sortable = [controls.group, "rows", *(["mean"] if mean else [])]
        if controls.sort is not None and controls.sort in sortable:
            steps.append(Sort(controls.sort, controls.descending))
        return steps

    def _is_number(self, name: str) -> bool:
        return pd.api.types.is_numeric_dtype(self._rows[name]) and not pd.api.types.is_bool_dtype(self._rows[name])

    def _is_few(self, name: str) -> bool:
        values = self._values.get(name, {})
        few = 2 <= len(values) <= _FEW and 2 * len(values) <= len(self._rows)
        return few and max(map(len, values)) <= _LONG

    def _is_label(self, name: str) -> bool:
        """Whether a column names the rows of a short table with numbers in it: each row is a group then, and a bar."""
        return bool(self.means) and name == self._columns[0] and len(self._values.get(name, "x" * 99)) <= _FEW

    def _choices(self, name: str) -> list[str]:
        """The values of a column as they are written: numbers by size, texts as the table has them."""
        values = self._values[name]
        return sorted(values, key=lambda written: float(written)) if self._is_number(name) else list(values)

    def _column(self, name: str) -> dict[str, Any]:
        longest = self._words[name].str.len().max()
        width = "long" if longest > _LONG else "middling" if longest > _MIDDLING else None
        return {"name": name, "label": name, "number": self._is_number(name), "width": width}

    def _group_header(self, group: Group) -> list[dict[str, Any]]:
        header = [self._column(group.column), {"name": "rows", "label": say("rows_column"), "number": True}]
        if group.mean:
            header.append({"name": "mean", "label": say("mean_of", column=group.mean), "number": True})
        return header

    def _grouped(self, rows: pd.DataFrame, group: Group) -> list[list[str | None]]:
        """A grouped table's cells as texts."""
        written = {value: text for text, value in self._values[group.column].items()}
        names, counts = rows[group.column].map(written), rows["rows"].astype(str)
        if not group.mean:
            return [list(row) for row in zip(names, counts, strict=True)]
        means = [None if pd.isna(mean) else f"{mean:.1f}" for mean in rows["mean"]]
        return [list(row) for row in zip(names, counts, means, strict=True)]

    def _bars(self, rows: pd.DataFrame, group: Group) -> dict[str, Any]:
        """A bar for each group: its name, what is written at its end, and its share of the longest."""
        lengths = rows["mean" if group.mean else "rows"].fillna(0).clip(lower=0).tolist()
        longest = max(lengths, default=0) or 1
        what = say("mean_of", column=group.mean) if group.mean else say("number_of_rows")
        return {
            "title": say("bars_title", what=what, column=group.column),
            "bars": [
                {"name": row[0], "text": row[-1], "share": length / longest}
                for row, length in zip(self._grouped(rows, group), lengths, strict=True)
            ],
        }


def _texts(words: pd.DataFrame) -> list[list[str | None]]:
    return [[None if pd.isna(value) else value for value in row] for row in words.itertuples(index=False, name=None)]


def _text(value: object) -> str | None:
    """A text of the page, without halves of characters, which no message could carry back."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else None
