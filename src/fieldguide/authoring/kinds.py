"""The kinds of cell in a module's text: those of notebooks, and two that become other cells."""

from __future__ import annotations

from typing import Any

from fieldguide.authoring.discussion import FIELDS as DISCUSSION_FIELDS
from fieldguide.authoring.discussion import TEXTS as DISCUSSION_TEXTS
from fieldguide.authoring.discussion import Discussion, read_discussion
from fieldguide.cells.kind import Written
from fieldguide.cells.kinds import HEAD, KINDS
from fieldguide.items.fields import FieldReader, Finder, read_fields
from fieldguide.items.passing import Passing

#: All that an author writes of an echo.
_OF_ECHO: Passing = {"id": None}


def read_echo(text: str, file: str, first_line: int = 1) -> str:
    """The id of the item that an ``%%echo`` cell shows again. Raises ReadingError."""
    finder = Finder(file)
    reader = FieldReader(read_fields(text, finder, first_line), finder, "this echo")
    reader.refuse_unknown(tuple(_OF_ECHO))
    echoed = reader.text("id", required=True) or ""
    finder.stop_if_any()
    return echoed


#: An echo is replaced by the item, once it is found in an earlier module.
ECHO: Written[str] = Written(name="echo", fields=_OF_ECHO, read=read_echo)
#: A plan for class becomes Markdown of the instructor's edition.
DISCUSSION: Written[Discussion] = Written(
    name="discussion", fields=DISCUSSION_FIELDS, texts=DISCUSSION_TEXTS, read=read_discussion
)

#: By their magics. The head of a notebook is made of the module's front matter.
WRITTEN: dict[str, Written[Any]] = {
    kind.magic: kind for kind in (*(kind for kind in KINDS if kind is not HEAD), ECHO, DISCUSSION)
}
