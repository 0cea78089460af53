"""Reading a module's notebook for the course page: what there is to read and what there is to do, in order."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldguide.cells.kind import Kind
from fieldguide.cells.kinds import HEAD, KINDS
from fieldguide.coursepage.pictures import Pictures
from fieldguide.coursepage.prose import Heading, headings, prose
from fieldguide.coursepage.words import say
from fieldguide.plainfiles import read_plain
from fieldguide.player.head import Head

#: The largest notebook that is read, in bytes; the largest of ours has 200,000.
LARGEST_NOTEBOOK = 16 * 1024 * 1024
#: Cells about running a notebook. The page runs nothing.
_ABOUT_RUNNING = ("how-to-start", "load-fieldguide")
#: What an author tags a text with that only who reads it as a notebook needs.
_NOTEBOOK_ONLY = "notebook"


class NoModuleError(ValueError):
    """A file is no module of ours; the message says why, for people, in the language that is spoken when it is read."""

    def __init__(self, why: str, name: str) -> None:
        super().__init__(why, name)
        self._why, self._name = why, name

    def __str__(self) -> str:
        return say(self._why, name=self._name)


@dataclass(frozen=True, slots=True)
class Prose:
    """A cell to read, as safe HTML, and its headings; ``tags`` are its author's."""

    id: str
    html: str
    tags: tuple[str, ...]
    headings: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True)
class Live:
    """A cell to do something with: its kind, its text, and what it asks."""

    id: str
    kind: Kind[Any]
    text: str
    asked: Any


@dataclass(frozen=True, slots=True)
class ModuleNotebook:
    """A module's notebook as a student has it."""

    head: Head
    parts: tuple[Prose | Live, ...]


def read_module_notebook(path: Path) -> ModuleNotebook:
    """Read a notebook.

    Raises OSError where there is none, NoModuleError where it is none of ours, and ReadingError where one of its cells
    cannot be read.
    """
    try:
        cells = json.loads(read_plain(path, LARGEST_NOTEBOOK))["cells"]
        pictures = Pictures(path.parent)
        parts = tuple(part for cell in cells if (part := _part(cell, path.name, pictures)) is not None)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError, KeyError, TypeError, AttributeError):
        raise NoModuleError("damaged", path.name) from None
    heads = [part.asked for part in parts if isinstance(part, Live) and part.kind is HEAD]
    if len(heads) != 1:
        raise NoModuleError("no_module", path.name)
    return ModuleNotebook(heads[0], parts)


def _part(cell: dict[str, Any], name: str, pictures: Pictures) -> Prose | Live | None:
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    cell_id = str(cell.get("id"))
    if cell_id in _ABOUT_RUNNING or not source.strip():
        return None
    if cell["cell_type"] == "markdown":
        tags = tuple(map(str, cell["metadata"].get("tags", ())))
        if _NOTEBOOK_ONLY in tags:
            return None
        shown = prose(source, lambda address: pictures.data(address, cell.get("attachments")))
        return Prose(cell_id, shown, tags, headings(source))
    first = source.partition("\n")[0].strip()
    for kind in KINDS:
        if cell["cell_type"] == "code" and first == kind.magic:
            text = kind.below(source)
            return Live(cell_id, kind, text, kind.read_edition(text, f"{name}, cell {cell_id}", 2))
    return None
