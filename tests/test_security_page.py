"""What docs/security.md says holds is shown by a test that is there."""

from __future__ import annotations

import ast
import re

from conftest import PROJECT

PAGE = (PROJECT / "docs" / "security.md").read_text("utf-8")
NAMED = re.findall(r"`(test_\w+\.py)::(test_\w+)`", PAGE)


def test_every_test_that_it_names_is_there() -> None:
    there = {
        (path.name, node.name)
        for path in (PROJECT / "tests").glob("test_*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    assert len(NAMED) > 30 and [named for named in NAMED if named not in there] == []


def test_every_line_on_what_holds_names_one() -> None:
    (table,) = re.findall(r"\| it is held that \| shown by \|\n\|---\|---\|\n((?:\|.*\n)+)", PAGE)
    lines = table.splitlines()
    assert len(lines) > 15 and [line for line in lines if "::test_" not in line] == []
