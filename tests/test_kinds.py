"""The kinds of cell: each is a row, and what a row names is there."""

from __future__ import annotations

import importlib
import re

import pytest
from conftest import PROJECT

from fieldguide.cells.kind import Kind
from fieldguide.cells.kinds import KINDS
from fieldguide.grading.instructor import student_text
from fieldguide.player.parts import PARTS, PARTS_OF

PACKAGE = PROJECT / "src" / "fieldguide"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_a_row_names_is_there(kind: Kind[object]) -> None:
    module, _, name = kind.session.partition(":")
    assert isinstance(getattr(importlib.import_module(module), name), type)
    parts = [PARTS[part] for part in PARTS_OF[kind.name]]
    files = [PACKAGE / part.folder / file for part in parts for file in (*part.scripts, *part.styles)]
    assert files
    assert all(file.is_file() for file in files)


def test_what_may_run_when_a_notebook_is_opened_is_a_cell_of_each_kind() -> None:
    script = (PACKAGE / "opening" / "labextension" / "static" / "opening.js").read_text("utf-8")
    (named,) = re.findall(r"^const MAY_RUN = .*/\^%%\((.+?)\)\\n/\];$", script, flags=re.MULTILINE)
    assert named.split("|") == [kind.name for kind in KINDS]


def test_a_comment_in_a_table_stays_with_its_author() -> None:
    cell = {"cell_type": "code", "id": "one", "source": "%%table\ndata: gaps # from Q7\ncaption: Eight agencies."}
    assert student_text(cell) == "%%table\ndata: gaps\ncaption: Eight agencies."
