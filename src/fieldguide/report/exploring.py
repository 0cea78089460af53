"""A notebook to explore a class in, beyond its report: the data frames, what they hold, and first examples."""

from __future__ import annotations

import json
from collections.abc import Sequence

from fieldguide.report.frames import COLUMNS

_BEGIN = """# Explore a class

For whoever knows pandas a little. Run the cells from the top (Shift+Enter). Nothing here changes a file or a grade.

**These frames hold students' ids.** Treat them as you treat the gradebook: keep this notebook out of a repository
once it has run, and show a class only the report or the digest."""
_READ = """from pathlib import Path

from fieldguide.grading.course import Course
from fieldguide.report import statistics
from fieldguide.report.gathering import read_class

# The course folder: this one, or the nearest above it that has the modules' source.
here = Path.cwd()
folder = next(path for path in (here, *here.parents) if (path / "source").is_dir())
frames = read_class(Course(folder), {modules})
for note in frames.notes:
    print(note)"""
_FRAMES = """## What there is

Each frame is tidy: a row for each thing that it is about. `help(frames)` says more, with units.

| frame | a row for each | columns |
|---|---|---|
{rows}"""
_ROWS = {
    "scores": "student and graded question of a module that was handed in",
    "choices": "option that a student chose, and each prompt that was given one",
    "attempts": "Check of a practice question",
    "asked": "student and question that was answered",
    "criteria": "student and criterion of an essay that a person scored",
    "items": "question",
    "options": "option of a question, and each pair of prompt and option",
    "tags": "question and objective, statement of the guide, or competency",
    "modules": "module",
}
_FIGURES = (
    (
        "## The report's own figures",
        "quizzes = statistics.quizzes(frames.scores)\nstatistics.item_statistics(quizzes)",
        "statistics.reliability(quizzes)",
        "statistics.option_table(frames.choices, frames.scores, frames.options)",
    ),
    (
        "## Figures of your own\n\nHow totals are spread, in percent of each module's points:",
        """scored = frames.scores.dropna(subset="points")
totals = scored.groupby(["module", "student"], observed=True)[["points", "maximum"]].sum()
percent = 100 * totals["points"] / totals["maximum"]
percent.groupby("module", observed=True).describe()""",
    ),
    (
        "Which questions one group of students found harder than another; here, those below and above the middle:",
        """upper = percent.groupby("module", observed=True).transform(lambda each: each > each.median()).rename("upper")
marked = scored.assign(share=scored["points"] / scored["maximum"]).join(upper, on=["module", "student"])
marked.pivot_table(index=["module", "item"], columns="upper", values="share", observed=True)""",
    ),
)


def exploring_notebook(modules: Sequence[str]) -> bytes:
    """The notebook, as the bytes of its file; it reads these modules."""
    table = "\n".join(f"| `{name}` | {_ROWS[name]} | {_listed(columns)} |" for name, columns in COLUMNS.items())
    cells = [_text(_BEGIN), _code(_READ.format(modules=json.dumps(list(modules)))), _text(_FRAMES.format(rows=table))]
    cells.append(_code("frames.scores.head()"))
    for told, *codes in _FIGURES:
        cells += [_text(told), *map(_code, codes)]
    for number, cell in enumerate(cells):
        cell["id"] = f"explore-{number}"
    about = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return json.dumps({"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}, indent=1).encode()


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in columns)


def _text(source: str) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def _code(source: str) -> dict[str, object]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
