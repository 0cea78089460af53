"""The notebooks of a module. The student's edition is made from the instructor's by nbgrader (see release)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import nbformat
import yaml
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from fieldguide.authoring.discussion import discussion_text
from fieldguide.authoring.glossary import words_used
from fieldguide.authoring.module import Cell, Module
from fieldguide.cases.reading import public_case_text
from fieldguide.cases.worksheet import public_worksheet_text, with_gists
from fieldguide.items import Essay, Item, public_text
from fieldguide.policy.reading import public_policy_text

_HOW_TO_START = (
    "**If you see no questions below, run this notebook:** in JupyterLab and Jupyter Notebook, choose **Run**, then "
    "**Run All Cells** (by keyboard: Ctrl+Shift+C, type “run all cells”, Enter); in VS Code, **Run All** above the "
    "notebook; in Colab, **Runtime**, then **Run all**."
)
_NO_GRADED = "*The graded questions of this module are handed out by your instructor.*"


def open_edition(module: Module, glossary: dict[str, str], gists: dict[str, str]) -> NotebookNode:
    """Reading, practice and cases, with nothing that the student's edition withholds: students can open both.

    Graded questions are left out; of check questions and graded cases there is what is public. ``gists`` is what each
    standard is about, for the worksheets.
    """
    closing = [_NO_GRADED] if module.items("graded") else []
    return _notebook(module, "open", open_cells(module), _open_item, glossary, gists, closing)


def open_cells(module: Module) -> list[Cell]:
    """The cells that the open edition has."""
    return [
        cell
        for cell in module.cells
        if not set(cell.tags) & {"graded", "instructor"}
        and not (cell.item and cell.item.use == "graded")
        and not cell.discussion
    ]


def instructor_edition(
    module: Module, glossary: dict[str, str], gists: dict[str, str], explained: Sequence[dict[str, str]] = ()
) -> NotebookNode:
    """Everything, with keys, as an nbgrader source notebook.

    ``explained`` is what its feedback tells of check items (see explanation()). It stands in the notebook's
    metadata, which the key stripper takes out of the student's edition.
    """
    notebook = _notebook(module, "instructor", list(module.cells), _instructor_item, glossary, gists, [])
    if explained:
        notebook.metadata["fieldguide"]["explained"] = list(explained)
    return notebook


def explanation(item: Item) -> dict[str, str]:
    """A check item as feedback explains it: ``question``, ``answer`` and ``why``."""
    rows = item.rows(None)
    if item.form in ("one", "several"):
        rows = [row for row in rows if row.right]
        answer = ("\n\nOr: " if item.form == "one" else "\n\n").join(row.text for row in rows)
    else:
        answer = "\n\n".join(f"{row.text} {', or: '.join(row.best)}.".strip() for row in rows)
    return {"question": item.stem, "answer": answer, "why": "\n\n".join(row.why for row in rows)}


def text_of(notebook: NotebookNode) -> str:
    """A notebook as the text of its file: the same notebook gives the same bytes."""
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook)
    return text.rstrip("\n") + "\n"


def _notebook(
    module: Module,
    edition: str,
    cells: list[Cell],
    build_item: Callable[[Item, str], list[NotebookNode]],
    glossary: dict[str, str],
    gists: dict[str, str],
    closing: list[str],
) -> NotebookNode:
    items = [cell.item for cell in cells if cell.item and not cell.parallel_to]
    head: dict[str, Any] = {
        "id": module.id,
        "edition": edition,
        "title": module.title,
        "minutes": module.minutes,
        "objectives": list(module.objectives),
    }
    for use in ("practice", "graded", "check"):
        ids = [item.id for item in items if item.use == use]
        if ids:
            head[use] = ids
    parallel = {cell.parallel_to: cell.item.id for cell in cells if cell.item and cell.parallel_to}
    if parallel:
        head["odd"] = [parallel.get(name, name) for name in head["check"]]
    head_text = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=110)
    built = [
        new_markdown_cell(_HOW_TO_START, id="how-to-start", metadata=_fixed()),
        new_code_cell("%load_ext fieldguide", id="load-fieldguide", metadata=_fixed(hidden=True)),
        new_code_cell("%%module\n" + head_text.rstrip(), id="module-head", metadata=_fixed(hidden=True)),
    ]
    file = f"modules/{module.id}.md"
    titles = {case.id: case.title for case in module.cases()}
    number = tables = 0
    for cell in cells:
        if cell.item is not None:
            built.extend(build_item(cell.item, cell.source))
        elif cell.table is not None:
            tables += 1
            built.append(_code_cell("table", tables, cell.source))
        elif cell.case is not None:
            source = public_case_text(cell.source).rstrip("\n") if edition == "open" else cell.source
            built.append(_code_cell("case", cell.case.id, source))
        elif cell.worksheet is not None:
            source = with_gists(cell.source, gists, file, cell.line)
            source = public_worksheet_text(source) if edition == "open" else source
            built.append(_code_cell("worksheet", cell.worksheet.id, source.rstrip("\n")))
        elif cell.policy is not None:
            source = public_policy_text(cell.source).rstrip("\n") if edition == "open" else cell.source
            built.append(_code_cell("policy", cell.policy.id, source))
        elif cell.discussion is not None:
            plan = discussion_text(cell.discussion, titles[cell.discussion.case])
            metadata = _fixed() | {"tags": ["instructor"]}
            built.append(new_markdown_cell(plan, id=f"discussion-{cell.discussion.case}", metadata=metadata))
        else:
            number += 1
            metadata = _fixed() | ({"tags": list(cell.tags)} if cell.tags else {})
            built.append(new_markdown_cell(cell.source, id=f"text-{number}", metadata=metadata))
    words = words_used([cell for cell in cells if cell.is_text], glossary)
    for place, text in enumerate([*closing, *([words] if words else [])], 1):
        built.append(new_markdown_cell(text, id=f"closing-{place}", metadata=_fixed()))
    return new_notebook(
        cells=built,
        metadata={
            "fieldguide": {"module": module.id, "edition": edition, "title": module.title},
            # A kernel that imports nothing from the notebook's folder; the only one in which cells run by themselves.
            "kernelspec": {"display_name": "Field Guide", "language": "python", "name": "fieldguide"},
            "language_info": {"name": "python"},
        },
    )


def _code_cell(kind: str, name: object, source: str) -> NotebookNode:
    return new_code_cell(f"%%{kind}\n{source}", id=f"{kind}-{name}", metadata=_fixed(hidden=True))


def _fixed(*, hidden: bool = False) -> dict[str, object]:
    metadata: dict[str, object] = {"deletable": False, "editable": False}
    if hidden:
        metadata["jupyter"] = {"source_hidden": True}
    return metadata


def _open_item(item: Item, source: str) -> list[NotebookNode]:
    return _item_cell(item, public_text(source).rstrip("\n"))


def _item_cell(item: Item, source: str) -> list[NotebookNode]:
    return [_code_cell("item", item.id, source)]


def _instructor_item(item: Item, source: str) -> list[NotebookNode]:
    cells = _item_cell(item, source)
    if item.use != "graded":
        return cells
    if not isinstance(item, Essay):
        cells[0].metadata["nbgrader"] = _nbgrader(item.id, grade=True, points=item.maximum, cell_type="code")
        return cells
    # A code cell cannot be a task, and as a locked grade cell an essay would get full marks: so the player
    # stands in a read-only cell, and the points in a task cell, which waits for a person.
    cells[0].metadata["nbgrader"] = _nbgrader(f"{item.id}-player", cell_type="code")
    task = new_markdown_cell(
        f"*Your instructor scores this answer by the criteria above: {item.maximum:g} points.*",
        id=f"task-{item.id}",
        metadata=_fixed() | {"nbgrader": _nbgrader(item.id, task=True, points=item.maximum, cell_type="markdown")},
    )
    return [*cells, task]


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
