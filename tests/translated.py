"""A small course with a cell of every kind, and catalogues for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from case_samples import GRADED_CASE
from conftest import PROJECT
from form_samples import PART
from samples import ENTRY, HOTTEXT, MATCH, ORDER, PRACTICE, PROFILED, SEVERAL, TASK

from fieldguide.translate.building import LOCALE, read_translations, translated
from fieldguide.translate.building import Report as Report
from fieldguide.translate.catalogues import messages, read_catalogue, updated, write_catalogue
from fieldguide.translate.sources import Sources
from fieldguide.translate.texts import Unit

SMALL = "01-small"
HEAD = """---
title: A small module
minutes: 30
covers: [Q1]
competencies: ['1a']
objectives: [Think first., Ask then.]
reviewed_by: Nobody yet.
code_checked: 2026-11-22
---

## What it is about

A [boundary](#Boundary) is **a line**, and so is `code`.

| What | Why |
|---|---|
| Stop | You know *enough*. |

- One thing
- Another thing

"""
TABLE = "data: towns\ncaption: Who lives where.\nfilters: [town]\n"
TOWNS = "name,town,number\nAda,Alder Point,1\nBo,Brookfield,2\nCy,Alder Point,3\nDi,Brookfield,4\n"
DESCRIBED = """title: Towns
source: Made up.
date: 2026-11-22
columns:
  name: Who it is.
  town: Where they live.
  number: Which one.
means: [number]
"""
GLOSSARY = "# Glossary\n\n### Boundary\nThe line between work and the rest.\n"
STANDARDS = 'standards:\n  "1.01": {gist: Clients first., verdict: confirmed}\n'
DISCUSSION = """case: graded-940
minutes: 20
questions: [What would you do?]
positions: [Speak.]
listen: [Robin]
close: Ask.
"""
STEPS = """id: the-steps
title: Step by step
intro: Two people disagree.
steps:
  examine: {worked: Values pull apart., standards: ["1.01"]}
  think: {blank: What is settled here?, offered: ["1.01"], compare: Clients come first.}
  hypothesize: {unaided: true}
  identify: {unaided: true}
  consult: {unaided: true}
"""


def cell(kind: str, text: str) -> str:
    return f"```{{code-cell}}\n%%{kind}\n{text}```\n\n"


def small_course(folder: Path) -> Path:
    """A course of one module that has a cell of every kind."""
    essay = PROFILED.replace("id: the-group-chat", "id: thursday-group-chat")
    items = [PRACTICE, SEVERAL, MATCH, ORDER, HOTTEXT, ENTRY, TASK, essay]
    text = HEAD + "".join(cell("item", item) for item in items)
    text += cell("table", TABLE) + cell("case", GRADED_CASE) + cell("discussion", DISCUSSION)
    text += cell("worksheet", STEPS) + cell("policy", PART)
    data = folder / "modules" / "data"
    data.mkdir(parents=True)
    shutil.copy(PROJECT / "nbgrader_config.py", folder)
    (folder / "modules" / f"{SMALL}.md").write_text(text, "utf-8")
    for name, content in (
        ("towns.csv", TOWNS),
        ("towns.yaml", DESCRIBED),
        ("glossary.md", GLOSSARY),
        ("code-edition.yaml", STANDARDS),
    ):
        (data / name).write_text(content, "utf-8")
    return folder


def write_translations(project: Path, say: Callable[[Unit], str], language: str = "es") -> None:
    """Write a catalogue for each source, with what ``say`` says of each text."""
    sources = Sources.read(project)
    for name in sources.catalogues:
        catalog = updated(None, sources.units(name), language, name)
        units = {unit.key: unit for unit in sources.units(name)}
        for key, message in messages(catalog).items():
            message.string = say(units[key])
        write_catalogue(project / LOCALE / language / f"{name}.po", catalog)


def translated_texts(project: Path, language: str = "es") -> tuple[dict[Path, str], Report]:
    """The sources of a course as the catalogues of a language make them, and what is told of them."""
    sources, report = Sources.read(project), Report()
    says = read_translations(project, language, sources, list(sources.catalogues), report)
    return translated(sources, language, says), report


def edit(project: Path, name: str, before: str, after: str, language: str = "es") -> Path:
    """Write something else in a catalogue, as a translator would in an editor."""
    path = project / LOCALE / language / f"{name}.po"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    read_catalogue(path, name)
    return path
