"""A new kind of cell, added to a copy of the package in the way that ARCHITECTURE names."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT

MODEL = '''
from __future__ import annotations

from dataclasses import dataclass

from fieldguide.items.fields import FieldReader, Finder, read_fields
from fieldguide.items.passing import passing

_PUBLIC = dict.fromkeys(("id", "promise"))


@dataclass(frozen=True)
class Pledge:
    """A promise to take or to leave, and what the instructor says about it in class."""

    id: str
    promise: str
    aside: str | None


def read_pledge(text: str, file: str, first_line: int = 1) -> Pledge:
    finder = Finder(file)
    reader = FieldReader(read_fields(text, finder, first_line), finder, "this pledge")
    pledge = Pledge(reader.own_id("pledge") or "", reader.text("promise", required=True) or "", reader.text("aside"))
    finder.stop_if_any()
    return pledge


def public_pledge_text(text: str, file: str, first_line: int = 1) -> str:
    finder = Finder(file)
    return passing(text, read_fields(text, finder, first_line), _PUBLIC, finder, first_line)
'''

SESSION = '''
from fieldguide.player.session import Answer


class PledgeTaking:
    """What a student can do with a pledge."""

    def __init__(self, pledge, record):
        self.pledge, self.record = pledge, record

    def handle(self, message):
        if message["kind"] == "save":
            self.record.save(self.pledge.id, message["response"])
        return Answer({"kind": "state", "response": self.record.of(self.pledge.id).saved})
'''

RENDERING = """
from fieldguide.grading.blocks import line
from fieldguide.grading.parts import Rendering


class PledgeRendering(Rendering):
    def read(self, pledge, submission):
        return submission.saved(pledge.id) is True

    def for_scorer(self, pledge, submitted, essay):
        return [line(f"{pledge.promise} {'Taken' if submitted else 'Left'}.")]

    def kept(self, submitted):
        return {"taken": submitted}

    def for_student(self, pledge, kept, essay, reader):
        return [line(f"You {'took' if kept['taken'] else 'left'} this: {pledge.promise}")]
"""

IMPORTED = "from fieldguide.pledges.pledge import Pledge, public_pledge_text, read_pledge\n"
ROW = """
PLEDGE: Kind[Pledge] = Kind(
    name="pledge",
    read=read_pledge,
    read_edition=read_pledge,
    minutes=lambda pledge: 3.0,
    record_ids=lambda pledge: (pledge.id,),
    edition_text=public_pledge_text,
    session="fieldguide.pledges.taking:PledgeTaking",
    rendering="fieldguide.pledges.rendering:PledgeRendering",
)
"""

USED = """
import sys
from pathlib import Path

import fieldguide

assert str(Path.cwd()) in fieldguide.__file__
from fieldguide.grading import classgrader
from fieldguide.grading.feedback import feedback_page
from fieldguide.grading.instructor import arrange, student_text
from fieldguide.grading.pages import graded_cells
from fieldguide.grading.told import For
from fieldguide.grading.submission import Submission
from fieldguide.responses import ItemResponses, ResponseRecord

loaded = [name for name in sys.modules if name.startswith("fieldguide.pledges")]
assert loaded == ["fieldguide.pledges", "fieldguide.pledges.pledge"], loaded  # what shows it comes when it is shown

from fieldguide.authoring.editions import instructor_edition, open_edition
from fieldguide.authoring.module import read_module
from fieldguide.cells.kind import named
from fieldguide.cells.kinds import PLEDGE

module = read_module(Path("09-promises.md"))
(cell,) = [cell for cell in module.cells if cell.kind is PLEDGE]
assert cell.id == "no-phone" and cell.kind.minutes(cell.asked) == 3.0
SHOWN = "%%pledge\\nid: no-phone\\npromise: No phone at the table."

opened = [one.source for one in open_edition(module, {}, {}).cells if one.id == "pledge-no-phone"]
assert opened == [SHOWN], opened
source = instructor_edition(module, {}, {})
whole = next(one for one in source.cells if one.id == "pledge-no-phone")
assert "aside: Ask who would mind." in whole.source and student_text(whole) == SHOWN

notebook = arrange("09-promises", source.metadata, source.cells)
assert notebook.known_ids == {"no-phone"} and notebook.handed_out["pledge-no-phone"] == SHOWN
record = ResponseRecord(Path.cwd(), "09-promises")
session = named(PLEDGE.session)(PLEDGE.read_edition(PLEDGE.below(SHOWN), "this cell", 2), record)
assert session.handle({"kind": "open"}).message["response"] is None
assert session.handle({"kind": "save", "response": True}).message["response"] is True

cells = graded_cells(notebook, Submission(record.snapshot().responses))
assert [one["source"] for one in cells if "No phone" in one["source"] and "Taken." in one["source"]], cells
page = feedback_page("09-promises", source.metadata, cells, {}, 0.0, For.STUDENT)
assert "You took this: No phone at the table." in page and "who would mind" not in page
print("used")
"""

MODULE = """---
title: Promises
minutes: 5
objectives: [Promise something.]
covers: [Q1]
competencies: [1a]
reviewed_by: nobody yet
code_checked: nobody yet
---

# Promises

```{code-cell}
%%pledge
id: no-phone
promise: No phone at the table.
aside: Ask who would mind.
```
"""


def test_a_new_kind_is_a_row_and_what_it_names(tmp_path: Path) -> None:
    copy = tmp_path / "fieldguide"
    shutil.copytree(PROJECT / "src" / "fieldguide", copy, ignore=shutil.ignore_patterns("__pycache__", "bench"))
    (copy / "pledges").mkdir()
    for name, text in {"__init__": "", "pledge": MODEL, "taking": SESSION, "rendering": RENDERING}.items():
        (copy / "pledges" / f"{name}.py").write_text(text, encoding="utf-8")
    kinds = copy / "cells" / "kinds.py"
    rows = kinds.read_text("utf-8").replace("\nHEAD:", f"{IMPORTED}\nHEAD:", 1)
    rows = rows.replace("\nKINDS:", f"{ROW}\nKINDS:", 1).replace("POLICY)\n", "POLICY, PLEDGE)\n")
    kinds.write_text(rows, encoding="utf-8")
    (tmp_path / "09-promises.md").write_text(MODULE, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", USED], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.stdout == "used\n", done.stderr


@pytest.mark.parametrize("place", ["cells/kinds.py", "opening/labextension/static/opening.js"])
def test_architecture_names_the_places(place: str) -> None:
    lines = (PROJECT / "ARCHITECTURE.md").read_text("utf-8").splitlines()
    row = next(line for line in lines if line.startswith("| a kind of cell"))
    assert f"`{place}`" in row
