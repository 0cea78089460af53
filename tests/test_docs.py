"""Pages that messages name: they are there, on a school's server too, and none of them holds a key."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import PROJECT
from test_packages import holds_a_key

from fieldguide import docs
from fieldguide.docs import page, where_pages_are
from release import pages_for_a_server

SOURCE = PROJECT / "src" / "fieldguide"
#: Who works on modules has the project, and its pages.
AUTHORS = ("authoring", "cli.py")


def named() -> set[str]:
    """The pages that what is said names by their place."""
    text = "".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    return set(re.findall(r"page\(['\"]([\w-]+\.md)['\"]\)", text))


def test_every_page_that_a_message_names_comes_with_a_server_and_holds_no_key() -> None:
    shipped = {path.name: path for path in pages_for_a_server(PROJECT)}
    assert {"deploy.md", "lti.md", "grading.md", "lms.md"} <= named() <= shipped.keys()
    assert not [name for name, path in shipped.items() if holds_a_key(path.read_bytes())]


def test_no_message_names_a_page_that_its_reader_has_to_look_for() -> None:
    apart = [path for path in SOURCE.rglob("*.py") if path.relative_to(SOURCE).parts[0] not in AUTHORS]
    said = [
        (path.name, node.value)
        for path in apart
        for node in _texts(ast.parse(path.read_text("utf-8")))
        if re.search(r"docs/[\w-]+\.md", node.value)
    ]
    words = SOURCE / "words"
    assert not [path.name for path in words.glob("*.json") if re.search(r"docs/[\w-]+\.md", path.read_text("utf-8"))]
    # What --help says in short it tells the place of at its end.
    assert {name for name, _ in said} == {"admin.py", "commands.py"}, said
    assert all("(docs/" in text for _, text in said)


def _texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """The texts of a module but for what is said of its parts."""
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node


def test_a_page_is_named_by_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert page("lti.md") == str(PROJECT / "docs" / "lti.md")
    monkeypatch.setattr(docs, "__file__", str(tmp_path / "lib/python3/site-packages/fieldguide/docs.py"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert page("lti.md") == "docs/lti.md of Field Guide's project"
    there = tmp_path / docs.BESIDE
    there.mkdir(parents=True)
    (there / "deploy.md").touch()
    assert page("lti.md") == str(there / "lti.md") and where_pages_are().endswith(f"are in {there}.")
