"""Keys stay home: nothing of a graded item's private part is in what a student or the public gets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
import yaml
from conftest import PROJECT

from fieldguide.authoring.building import read_modules
from fieldguide.authoring.discussion import Discussion
from fieldguide.authoring.kinds import DISCUSSION
from fieldguide.authoring.module import Module
from fieldguide.cells.kinds import CASE
from fieldguide.items import Entry, Essay, Item, Match, Order, Selection, read_item
from fieldguide.items.reading import PUBLIC_FIELDS
from fieldguide.player.public import public_data

MODULES = read_modules(PROJECT)
NOT_EXPLAINED = ("graded", "check")


def released(module: Module) -> Path:
    return PROJECT / "release" / module.id / f"{module.id}.ipynb"


def opened(module: Module) -> Path:
    return PROJECT / "notebooks" / f"{module.id}.ipynb"


def kept_back(module: Module) -> list[Item]:
    """The items whose private part no student may have."""
    return [item for item in module.items() if item.use in NOT_EXPLAINED]


each_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.id)
each_file = pytest.mark.parametrize("file_of", [released, opened])


def private_texts(item: Item) -> Iterator[str]:
    if isinstance(item, Selection | Match | Order | Entry):
        yield from item.rationale.values()
    if isinstance(item, Selection):
        yield from item.misconceptions.values()
    if isinstance(item, Essay):
        yield item.exemplar or ""
        for profile in item.profiles.values():
            yield from (profile.text, *profile.reasons.values())
        for criterion in item.rubric.values():
            yield from criterion.levels.values()


def squeezed(text: str) -> str:
    """Letters and digits only, so that line breaks and quoting hide nothing."""
    return re.sub(r"\W+", "", text)


def content_of(path: Path) -> str:
    return squeezed(path.read_text("utf-8").replace("\\n", " ").replace('\\"', '"'))


@each_module
@each_file
def test_no_private_text_is_in_a_students_file(module: Module, file_of: Callable[[Module], Path]) -> None:
    content = content_of(file_of(module))
    # A practice item explains itself in the student's file, and may bear the same misconception's tag.
    practice = {text for item in module.items("practice") for text in private_texts(item)}
    for item in kept_back(module):
        texts = [text for text in private_texts(item) if text not in practice]
        assert texts
        for text in texts:
            assert squeezed(text) not in content, (item.id, text)


def test_what_feedback_explains_later_is_in_no_students_file() -> None:
    explained = [item for module in MODULES for item in module.own_items() if item.use == "check"]
    assert len(explained) == 24
    for module in MODULES:
        for file_of in (released, opened):
            content = content_of(file_of(module))
            for item in explained:
                assert not [text for text in private_texts(item) if len(text) > 40 and squeezed(text) in content]


@each_module
def test_the_same_look_finds_them_in_the_instructors_file(module: Module) -> None:
    content = content_of(PROJECT / "source" / module.id / f"{module.id}.ipynb")
    for item in kept_back(module):
        assert any(squeezed(text) in content for text in private_texts(item))


@each_module
@each_file
def test_a_students_cell_has_public_fields_only(module: Module, file_of: Callable[[Module], Path]) -> None:
    wanted = {item.id for item in kept_back(module) if file_of is released or item.use == "check"}
    found = set()
    for cell in nbformat.read(file_of(module), as_version=4).cells:
        if not cell.source.startswith("%%item\n"):
            continue
        item = read_item(cell.source.removeprefix("%%item\n"), "release", stripped=True)
        if item.use in NOT_EXPLAINED:
            found.add(item.id)
            assert not item.complete
            names = re.findall(r"^([a-z_]+):", cell.source, flags=re.MULTILINE)
            assert set(names) <= set(PUBLIC_FIELDS), names
    assert found == wanted


def plan_texts(discussion: Discussion) -> list[str]:
    return [*discussion.questions, *discussion.positions, *discussion.listen, discussion.close]


@each_module
def test_what_is_the_instructors_of_a_case_stays_there(module: Module) -> None:
    student, public = content_of(released(module)), content_of(opened(module))
    instructors = content_of(PROJECT / "source" / module.id / f"{module.id}.ipynb")
    for case in module.asked(CASE):
        commentary = (case.decision.commentary or "").split("\n\n")
        compared = [squeezed(text) for text in (*commentary, *case.decision.positions.values())]
        assert len(compared) >= 3
        for text in compared:
            assert text in instructors
            # Where it is not graded, it is read once the decision is sent. Students can open both editions.
            assert (text in student) is not case.graded, (case.id, text)
            assert (text in public) is not case.graded, (case.id, text)
    for cell in module.cells:
        for text in plan_texts(cell.asked) if cell.kind is DISCUSSION else ():
            assert squeezed(text) in instructors
            assert squeezed(text) not in student + public, text


def cells_of(path: Path) -> list[nbformat.NotebookNode]:
    cells: list[nbformat.NotebookNode] = nbformat.read(path, as_version=4).cells
    return cells


def leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)
    else:
        yield str(value)


def instructors_texts(module: Module) -> Iterator[str]:
    """Every text of the instructor's edition, by field where a cell has fields: whatever kind of cell it is."""
    notebook = nbformat.read(PROJECT / "source" / module.id / f"{module.id}.ipynb", as_version=4)
    yield from leaves(notebook.metadata["fieldguide"])
    for cell in notebook.cells:
        first, _, rest = cell.source.partition("\n")
        if first.startswith("%%"):
            yield from leaves(yaml.load(rest, Loader=yaml.BaseLoader))
        else:
            yield from cell.source.split("\n\n")


def test_nothing_that_students_may_not_have_is_in_the_open_edition() -> None:
    students = "\n".join(content_of(released(module)) for module in MODULES)
    public = "\n".join(content_of(opened(module)) for module in MODULES)
    withheld = {squeezed(text) for module in MODULES for text in instructors_texts(module)}
    withheld = {text for text in withheld if text not in students}
    assert len(withheld) > 500
    assert not [text for text in withheld if text in public]


@each_module
def test_each_cell_of_the_open_edition_is_one_of_the_students(module: Module) -> None:
    made_for_it = {"module-head", "how-to-start", "closing-1", "closing-2"}
    students = {cell.source for cell in cells_of(released(module))}
    own = [cell.id for cell in cells_of(opened(module)) if cell.source not in students]
    assert set(own) <= made_for_it, own


def test_there_are_cases_to_keep_back() -> None:
    assert sum(case.graded for module in MODULES for case in module.asked(CASE)) == 6
    written = "".join(path.read_text("utf-8") for path in (PROJECT / "modules").glob("*.md")).count("\n%%case\n")
    assert sum(len(module.asked(CASE)) for module in MODULES) == written >= 13


@each_module
def test_no_graded_item_is_in_the_open_edition(module: Module) -> None:
    ids = {cell.id for cell in nbformat.read(opened(module), as_version=4).cells}
    assert not [item.id for item in module.items("graded") if f"item-{item.id}" in ids]


@each_module
@each_file
def test_the_instructors_notes_stay_with_the_instructor(module: Module, file_of: Callable[[Module], Path]) -> None:
    content = content_of(file_of(module))
    for cell in module.cells:
        if "instructor" in cell.tags:
            assert squeezed(cell.source)[:200] not in content


def test_there_are_instructors_notes_to_keep_back() -> None:
    assert sum("instructor" in cell.tags for module in MODULES for cell in module.cells) >= 6


@each_module
def test_the_browser_is_told_nothing_private_even_in_the_instructors_preview(module: Module) -> None:
    for item in module.items():
        told = squeezed(json.dumps(public_data(item, 1, preview=True), ensure_ascii=False))
        for text in private_texts(item):
            assert squeezed(text) not in told
        texts = ("key", "rationale", "exemplar", "profiles", "levels", "misconceptions")
        for name in (*texts, "basis", "covers", "standards"):
            assert name not in public_data(item, 1, preview=True)
