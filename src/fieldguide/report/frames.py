"""A class as data frames, for whoever wants to explore it: ``read_class(Course(Path("."))).scores`` in a notebook.

``ClassFrames`` says what each frame holds; ``statistics`` what can be worked out from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from fieldguide.digest.gain import ClassGain

#: The columns of each frame. Those that hold the same text many times are categories.
COLUMNS: dict[str, tuple[str, ...]] = {
    "scores": ("student", "module", "item", "wording", "points", "maximum"),
    "choices": ("student", "module", "item", "wording", "part", "option"),
    "attempts": ("student", "module", "item", "number", "share", "certainty"),
    "asked": ("student", "module", "item"),
    "criteria": ("student", "module", "item", "criterion", "points", "maximum"),
    "items": ("module", "item", "number", "use", "type", "maximum", "stem", "guess", "withdrawn"),
    "options": ("module", "item", "part", "option", "part_text", "text", "right", "misconception"),
    "tags": ("module", "item", "criterion", "kind", "tag"),
    "modules": ("module", "title", "objectives", "handed_in", "nothing_answered"),
}
_CATEGORIES = ("student", "module", "item", "wording", "part", "option", "certainty", "criterion")
_NUMBERS = ("points", "maximum", "share")
_LARGE = ("scores", "choices", "attempts", "asked", "criteria")


@dataclass(frozen=True, slots=True)
class ClassFrames:
    """A class's responses, in tidy frames. Nobody's name is in them but a student's id.

    ``scores``, ``choices`` and ``attempts`` are those that ``statistics`` reads. ``choices`` holds graded and check
    items, and the first try at practice items; ``asked`` the same, a row for each item that a student answered.
    ``criteria`` holds the points that a person gave an essay, a row for each criterion.

    ``items``: a row for each item. ``number`` (of a graded item in its module; else missing), ``use``, ``type``,
    ``maximum`` (points), ``stem``, ``guess`` (percent of the points that a blind guess earns; missing where there is
    more than one option to choose), ``withdrawn`` (whether everybody gets its points).
    ``options``: a row for each option, and for each pair of prompt and option; ``right``: whether it is in the key.
    ``tags``: ``kind`` is ``objective`` (module and number), ``statement`` or ``competency``; ``criterion`` is empty
    where it is the item itself that has the tag, and ``item`` may be a case.
    ``modules``: ``objectives`` are texts in a tuple; ``handed_in`` and ``nothing_answered`` (of what is graded) are
    numbers of students; the latter have no scores.
    ``notes`` are sentences about what could not be read.
    """

    scores: pd.DataFrame
    choices: pd.DataFrame
    attempts: pd.DataFrame
    asked: pd.DataFrame
    criteria: pd.DataFrame
    items: pd.DataFrame
    options: pd.DataFrame
    tags: pd.DataFrame
    modules: pd.DataFrame
    gain: ClassGain | None = None
    notes: Sequence[str] = ()

    @classmethod
    def of(cls, rows: Rows, gain: ClassGain | None = None) -> ClassFrames:
        """The frames of rows that were gathered."""
        frames = {name: _frame(name, rows.columns[name]) for name in COLUMNS}
        return cls(**frames, gain=gain, notes=tuple(rows.notes))


@dataclass(slots=True)
class Rows:
    """Rows as they are gathered, column by column, which takes a fraction of the memory of rows."""

    columns: dict[str, tuple[list[Any], ...]] = field(
        default_factory=lambda: {name: tuple([] for _ in columns) for name, columns in COLUMNS.items()}
    )
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, *values: object) -> None:
        """Add a row to one frame: a value for each of its columns."""
        for column, value in zip(self.columns[name], values, strict=True):
            column.append(value)


def _frame(name: str, columns: Iterable[list[Any]]) -> pd.DataFrame:
    frame = {}
    for column, values in zip(COLUMNS[name], columns, strict=True):
        if column in _NUMBERS:
            frame[column] = pd.Series(values, dtype=float)
        elif name in _LARGE and column in _CATEGORIES:
            codes, texts = pd.factorize(pd.Series(values, dtype=object))
            frame[column] = pd.Series(pd.Categorical.from_codes(codes, texts.astype(str)))
        else:
            frame[column] = pd.Series(values, dtype=None if values else object)
    return pd.DataFrame(frame)
