"""Which notebook is graded: the instructor's, never the student's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook, MissingEntry

from fieldguide.items import Item, read_item

ITEM_MAGIC = "%%item\n"
#: Tags of Markdown cells that a scorer and a student reading feedback want to see again.
KEPT_TAGS = ("case", "graded")


class InstructorNotebookExporter(NotebookExporter):  # type: ignore[misc]
    """Reads the instructor's notebook where nbgrader would read the student's.

    So whatever a student did to the submitted notebook (deleted, edited, damaged or hostile cells) is
    neither executed nor scored. Notebooks that are not Field Guide's are read as nbgrader reads them.
    ``ours`` tells the preprocessors of the same submission which of the two it was.
    """

    ours = False

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str | NotebookNode, dict[str, Any]]:
        converter = self.parent
        assert resources is not None
        if converter._sanitizing:
            source = _source_path(converter.coursedir, resources["nbgrader"])
            self.ours = source.is_file() and is_ours(nbformat.read(source, as_version=4))
            if self.ours:
                filename = str(source)
            elif _has_items(resources["nbgrader"]):
                raise FileNotFoundError(
                    f"{source} is missing: it holds the questions of this assignment. Put it back, and grade again."
                )
        return super().from_filename(filename, resources=resources, **kw)  # type: ignore[no-any-return]


def is_ours(notebook: NotebookNode) -> bool:
    """Whether a notebook of the instructor's is a Field Guide module."""
    return isinstance(notebook.metadata.get("fieldguide"), dict)


def item_of(cell: NotebookNode) -> Item | None:
    """The item of an instructor's cell, with its key; None where the cell is no item."""
    if cell.cell_type != "code" or not cell.source.startswith(ITEM_MAGIC):
        return None
    return read_item(cell.source.removeprefix(ITEM_MAGIC), "the instructor's notebook")


def _source_path(coursedir: Any, about: dict[str, str]) -> Path:
    folder = coursedir.format_path(coursedir.source_directory, ".", about["assignment"])
    return Path(coursedir.root, folder, f"{about['notebook']}.ipynb")


def _has_items(about: dict[str, str]) -> bool:
    with Gradebook(about["db_url"]) as gradebook:
        try:
            notebook = gradebook.find_notebook(about["notebook"], about["assignment"])
        except MissingEntry:
            return False
        return any((cell.source or "").startswith(ITEM_MAGIC) for cell in notebook.source_cells)
