"""The notebooks of a module. The student's edition is made from the instructor's by nbgrader (see release)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import reduce
from typing import Any

import nbformat
import yaml
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from fieldguide.authoring.discussion import discussion_text
from fieldguide.authoring.glossary import words_used
from fieldguide.authoring.kinds import DISCUSSION
from fieldguide.authoring.module import Cell, Module
from fieldguide.authoring.words import count, say
from fieldguide.cells.kind import Kind
from fieldguide.cells.kinds import CASE, HEAD, ITEM
from fieldguide.items import Item, Row
from fieldguide.words import ENGLISH


def open_edition(module: Module, glossary: dict[str, str], gists: dict[str, str]) -> NotebookNode:
    """Reading, practice and cases, with nothing that the student's edition withholds, as students can open both.

    Graded questions are left out; of check questions and graded cases only the public part is there. ``gists`` says
    what each standard is about, for the worksheets.
    """
    closing = [say("no_graded")] if module.items("graded") else []
    return _notebook(module, "open", open_cells(module), glossary, gists, closing)


def open_cells(module: Module) -> list[Cell]:
    """The cells that the open edition has."""
    return [
        cell
        for cell in module.cells
        if not set(cell.tags) & {"graded", "instructor"} and not _is_graded(cell) and cell.kind is not DISCUSSION
    ]


def _is_graded(cell: Cell) -> bool:
    item = cell.of(ITEM)
    return item is not None and item.use == "graded"


def instructor_edition(
    module: Module, glossary: dict[str, str], gists: dict[str, str], explained: Sequence[dict[str, str]] = ()
) -> NotebookNode:
    """Everything, with keys, as an nbgrader source notebook.

    ``explained`` is what its feedback explains about check items (see explanation()). It is in the notebook's metadata,
    which the key stripper removes from the student's edition.
    """
    notebook = _notebook(module, "instructor", list(module.cells), glossary, gists, [])
    if explained:
        notebook.metadata["fieldguide"]["explained"] = list(explained)
    return notebook


def explanation(item: Item) -> dict[str, str]:
    """A check item as feedback explains it: ``question``, ``answer`` and ``why``."""
    rows = item.rows(None)
    rows = [row for row in rows if row.right or not row.option]
    texts = [_answer(row) for row in rows]
    answer = _any_of("or", texts) if item.any_option else "\n\n".join(texts)
    return {"question": item.stem, "answer": answer, "why": "\n\n".join(row.why for row in rows)}


def _answer(row: Row) -> str:
    if row.option or row.place:
        return row.label
    return f"{row.text} {_any_of('or_within', row.best)}.".strip()


def _any_of(name: str, texts: Sequence[str]) -> str:
    """Texts joined by "or": each of them is right."""
    return reduce(lambda first, other: say(name, first=first, other=other), texts)


def text_of(notebook: NotebookNode) -> str:
    """A notebook as the text of its file; the same notebook always gives the same bytes."""
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook)
    return text.rstrip("\n") + "\n"


def _notebook(
    module: Module,
    edition: str,
    cells: list[Cell],
    glossary: dict[str, str],
    gists: dict[str, str],
    closing: list[str],
) -> NotebookNode:
    items = [cell.asked for cell in cells if cell.kind is ITEM and not cell.parallel_to]
    language = {} if module.lang == ENGLISH else {"lang": module.lang}
    head: dict[str, Any] = {
        "id": module.id,
        "edition": edition,
        **language,
        "title": module.title,
        "minutes": module.minutes,
        "objectives": list(module.objectives),
    }
    for use in ("practice", "graded", "check"):
        ids = [item.id for item in items if item.use == use]
        if ids:
            head[use] = ids
    parallel = {cell.parallel_to: cell.asked.id for cell in cells if cell.parallel_to}
    if parallel:
        head["odd"] = [parallel.get(name, name) for name in head["check"]]
    head_text = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=110)
    built = [
        new_markdown_cell(say("how_to_start"), id="how-to-start", metadata=_fixed()),
        new_code_cell("%load_ext fieldguide", id="load-fieldguide", metadata=_fixed(hidden=True)),
        _code_cell(HEAD, "head", head_text.rstrip()),
    ]
    file = f"modules/{module.id}.md"
    titles = {case.id: case.title for case in module.asked(CASE)}
    numbers = Counter[str]()  # of cells that have no id, each kind for itself
    for cell in cells:
        if isinstance(cell.kind, Kind):
            numbers[cell.kind.name] += 1
            source = _source(cell, cell.kind, edition, gists, file)
            on_record = cell.kind.record_ids
            name = on_record(cell.asked)[0] if on_record else numbers[cell.kind.name]
            code = _code_cell(cell.kind, name, source)
            built += _for_nbgrader(code, cell.asked) if edition == "instructor" and _is_graded(cell) else [code]
        elif discussion := cell.of(DISCUSSION):
            plan = discussion_text(discussion, titles[discussion.case])
            metadata = _fixed() | {"tags": ["instructor"]}
            built.append(new_markdown_cell(plan, id=f"discussion-{discussion.case}", metadata=metadata))
        else:
            numbers["text"] += 1
            metadata = _fixed() | ({"tags": list(cell.tags)} if cell.tags else {})
            built.append(new_markdown_cell(cell.source, id=f"text-{numbers['text']}", metadata=metadata))
    words = words_used([cell for cell in cells if cell.is_text], glossary)
    for place, text in enumerate([*closing, *([words] if words else [])], 1):
        built.append(new_markdown_cell(text, id=f"closing-{place}", metadata=_fixed()))
    return new_notebook(
        cells=built,
        metadata={
            "fieldguide": {"module": module.id, "edition": edition, **language, "title": module.title},
            # A kernel that imports nothing from the notebook's folder; the only one in which cells run by themselves.
            "kernelspec": {"display_name": "Field Guide", "language": "python", "name": "fieldguide"},
            "language_info": {"name": "python"},
        },
    )


def _source(cell: Cell, kind: Kind[Any], edition: str, gists: dict[str, str], file: str) -> str:
    """The text of a cell below its magic, as an edition has it."""
    source = kind.with_gists(cell.source, gists, file, cell.line) if kind.with_gists else cell.source
    return (kind.edition_text(source, file, cell.line) if edition == "open" else source).rstrip("\n")


def _code_cell(kind: Kind[Any], name: object, source: str) -> NotebookNode:
    return new_code_cell(f"{kind.magic}\n{source}", id=f"{kind.name}-{name}", metadata=_fixed(hidden=True))


def _fixed(*, hidden: bool = False) -> dict[str, object]:
    metadata: dict[str, object] = {"deletable": False, "editable": False}
    if hidden:
        metadata["jupyter"] = {"source_hidden": True}
    return metadata


def _for_nbgrader(cell: NotebookNode, item: Item) -> list[NotebookNode]:
    """The cells of a graded item: its own, and for an essay the task cell that carries the points."""
    if not item.BY_PERSON:
        cell.metadata["nbgrader"] = _nbgrader(item.id, grade=True, points=item.maximum, cell_type="code")
        return [cell]
    # A code cell cannot be a task, and as a locked grade cell an essay would get full marks: so the player
    # stands in a read-only cell, and the points in a task cell, which waits for a person.
    cell.metadata["nbgrader"] = _nbgrader(f"{item.id}-player", cell_type="code")
    task = new_markdown_cell(
        count("scored_by_person", item.maximum),
        id=f"task-{item.id}",
        metadata=_fixed() | {"nbgrader": _nbgrader(item.id, task=True, points=item.maximum, cell_type="markdown")},
    )
    return [cell, task]


def _nbgrader(
    grade_id: str, *, cell_type: str, grade: bool = False, task: bool = False, points: float | None = None
) -> dict[str, object]:
    metadata: dict[str, object] = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": grade,
        "solution": False,
        "locked": True,
        "task": task,
        "cell_type": cell_type,
    }
    if points is not None:
        metadata["points"] = points
    return metadata
