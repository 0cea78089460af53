"""What no student gets of a module, as runs of words to look for on whatever is made of it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from functools import cache

import yaml
from conftest import PROJECT

from fieldguide.authoring.building import read_modules
from fieldguide.authoring.kinds import DISCUSSION
from fieldguide.cells.kinds import CASE, ITEM

#: So many words in a row are not by chance in two texts.
RUN = 9
Run = tuple[str, ...]


def runs(text: str) -> Iterator[Run]:
    """Every so many words in a row of a text, whatever stands between them."""
    said = re.findall(r"[\w.@]+", html.unescape(text).lower())
    return (tuple(said[at : at + RUN]) for at in range(len(said) - RUN + 1))


def given() -> set[Run]:
    """What is in files that students get."""
    found: set[Run] = set()
    for path in (*PROJECT.glob("release/*/*.ipynb"), *PROJECT.glob("notebooks/*.ipynb")):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            found.update(runs("".join(cell["source"])))
    for table in PROJECT.glob("release/*/data/*.csv"):
        found.update(runs(table.read_text("utf-8")))
    return found


@cache
def withheld() -> dict[Run, str]:
    """What no student gets of questions, of cases and of graded cases' plans, and what scorers practice with; and where
    it stands."""
    shown = given()
    found: dict[Run, str] = {}
    for module in read_modules(PROJECT):
        graded = {case.id for case in module.asked(CASE) if case.graded}
        for cell in module.cells:
            plan = cell.of(DISCUSSION)
            if plan and plan.case not in graded:
                shown.update(runs(cell.source))
            if cell.kind in (ITEM, CASE) or (plan and plan.case in graded):
                found.update(dict.fromkeys(runs(re.sub("scores: {.*}", "", cell.source)), module.id))
    for path in PROJECT.glob("modules/norming/*.yaml"):
        for sample in yaml.safe_load(path.read_text("utf-8")).values():
            for text in (sample["text"], *sample["reasons"].values()):
                found.update(dict.fromkeys(runs(text), path.name))
    return {run: name for run, name in found.items() if run not in shown}


def untagged(page: str) -> str:
    """The words of a page."""
    return re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<style>.*?</style>", "", page))
