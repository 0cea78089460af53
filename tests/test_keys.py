"""Keys stay home: nothing of a graded item's private part is in what a student or the public gets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from conftest import MODULE, PROJECT

from fieldguide.authoring.module import Module
from fieldguide.items import Choice, Essay, Item, Match, read_item
from fieldguide.items.model import PUBLIC_FIELDS
from fieldguide.player.views import public_data

STUDENTS = [
    PROJECT / "release" / MODULE / f"{MODULE}.ipynb",
    PROJECT / "notebooks" / f"{MODULE}.ipynb",
]


def private_texts(item: Item) -> Iterator[str]:
    if isinstance(item, Choice | Match):
        yield from item.rationale.values()
    if isinstance(item, Choice):
        yield from item.misconceptions.values()
    if isinstance(item, Essay):
        yield item.exemplar or ""
        for criterion in item.rubric.values():
            yield from criterion.levels.values()


def squeezed(text: str) -> str:
    """Letters and digits only, so that line breaks and quoting hide nothing."""
    return re.sub(r"\W+", "", text)


@pytest.mark.parametrize("path", STUDENTS, ids=lambda path: path.parent.name)
def test_no_private_text_of_a_graded_item_is_in_a_students_file(path: Path, module: Module) -> None:
    content = squeezed(path.read_text("utf-8").replace("\\n", " ").replace('\\"', '"'))
    # A practice item explains itself in the student's file, and may bear the same misconception's tag.
    practice = {text for item in module.items("practice") for text in private_texts(item)}
    for item in module.items("graded"):
        texts = [text for text in private_texts(item) if text not in practice]
        assert texts
        for text in texts:
            assert squeezed(text) not in content, (item.id, text)


def test_the_same_look_finds_them_in_the_instructors_file(module: Module) -> None:
    content = (PROJECT / "source" / MODULE / f"{MODULE}.ipynb").read_text("utf-8")
    content = squeezed(content.replace("\\n", " ").replace('\\"', '"'))
    for item in module.items("graded"):
        assert any(squeezed(text) in content for text in private_texts(item))


def test_a_students_graded_cell_has_public_fields_only(module: Module) -> None:
    notebook = nbformat.read(STUDENTS[0], as_version=4)
    graded = {item.id for item in module.items("graded")}
    found = set()
    for cell in notebook.cells:
        if not cell.source.startswith("%%item\n"):
            continue
        item = read_item(cell.source.removeprefix("%%item\n"), "release", stripped=True)
        if item.id in graded:
            found.add(item.id)
            assert not item.complete
            names = re.findall(r"^([a-z_]+):", cell.source, flags=re.MULTILINE)
            assert set(names) <= set(PUBLIC_FIELDS), names
    assert found == graded


def test_no_graded_item_is_in_the_open_edition(module: Module) -> None:
    content = STUDENTS[1].read_text("utf-8")
    assert not [item.id for item in module.items("graded") if item.id in content]


def test_the_instructors_notes_stay_with_the_instructor(module: Module) -> None:
    notes = [cell.source for cell in module.cells if "instructor" in cell.tags]
    assert notes
    for path in STUDENTS:
        content = squeezed(path.read_text("utf-8").replace("\\n", " "))
        assert not [note for note in notes if squeezed(note)[:200] in content]


def test_the_browser_is_told_nothing_private_even_in_the_instructors_preview(module: Module) -> None:
    for item in module.items():
        told = squeezed(json.dumps(public_data(item, 1, preview=True), ensure_ascii=False))
        for text in private_texts(item):
            assert squeezed(text) not in told
        for name in ("key", "rationale", "exemplar", "levels", "misconceptions", "basis", "covers", "standards"):
            assert name not in public_data(item, 1, preview=True)
