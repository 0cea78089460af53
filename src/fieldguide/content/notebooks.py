"""An instructor's notebook, as far as two of them are compared: the texts of its cells, and what they ask."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from fieldguide.cells.kinds import HEAD, ITEM, KINDS
from fieldguide.grading.instructor import asked_in
from fieldguide.items import Item, ReadingError
from fieldguide.items.fields import Finder, read_fields
from fieldguide.items.skeleton import skeleton
from fieldguide.paper.blanks import item_blanks


class NotebookError(ValueError):
    """A notebook cannot be read; its text says why."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the text below its cell's magic."""

    item: Item
    text: str


@dataclass(slots=True)
class Read:
    """A notebook. ``texts`` are those of all cells but questions, by cell id and in order; ``others`` the ids under
    which answers go on record that are to no question, such as a case's. ``letters`` is what decides what a letter
    means on paper, by the question or cell."""

    title: str = ""
    language: str = ""
    questions: dict[str, Question] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    letters: dict[str, str] = field(default_factory=dict)


def read_notebook(content: bytes) -> Read:
    """Read a notebook of source/. Raises NotebookError where a part of it cannot be read."""
    read = Read()
    try:
        for cell in json.loads(content)["cells"]:
            source = cell["source"]
            text = source if isinstance(source, str) else "".join(source)
            _take(read, {**cell, "source": text}, text)
    except ReadingError as error:
        raise NotebookError(str(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotebookError("it has not all that a notebook has.") from error
    return read


def _take(read: Read, cell: dict[str, object], text: str) -> None:
    asked = asked_in(cell)
    if isinstance(asked, Item):
        read.questions[asked.id] = Question(asked, ITEM.below(text.lstrip()))
        if asked.use != "practice":  # on paper, practice is answered right there and not entered
            read.letters[asked.id] = json.dumps([[*blank.letters.items()] for blank in item_blanks(asked, asked.id)])
        return
    read.texts[str(cell["id"])] = text
    if text.startswith(f"{HEAD.magic}\n"):
        head = HEAD.read(HEAD.below(text), "the head", 2)
        read.title, read.language = head.title, head.lang
    for kind in KINDS:
        if asked is not None and kind.record_ids is not None and text.startswith(f"{kind.magic}\n"):
            read.others.update(kind.record_ids(asked))
            fields = read_fields(kind.below(text), Finder("a cell"))
            read.letters[str(cell["id"])] = json.dumps(skeleton(fields, kind.texts))
