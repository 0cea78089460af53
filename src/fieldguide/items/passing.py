"""What of a cell's text may pass into an edition: the one stripper, for every kind of cell.

What passes is a list of fields, and a field that is not on it stays behind. The text that passes is put together of
the texts of those fields, as their author wrote them, and of YAML's own marks between them. So nothing else can be in
it, no comment either: that is its author's. What cannot be parted so is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Union

from fieldguide.items.composing import Fields, Finder, Text, Texts, read_fields

#: The fields that may pass, by name. Each holds texts (None) or again fields; ``*`` stands for any name.
Passing = Mapping[str, Union["Passing", None]]
#: A field that holds a text for each id.
BY_ID: Passing = {"*": None}

#: A comment, with its whole line where it stands alone in it.
_COMMENT = re.compile(r"^[ \t]*#.*\n?|[ \t]*#.*", re.MULTILINE)
#: What stands between the texts of a YAML mapping.
_MARKS = re.compile(r"[-:,\[\]{}?\s]*")
#: The line in which a text of several lines is announced: its marks, and a comment after them.
_HEAD = re.compile(r"\A([|>][-+0-9]*).*")
_BLOCK_STYLE = "Write each field in a line of its own, without braces around them."


def passing(text: str, fields: Fields, may: Passing, finder: Finder, first_line: int = 1) -> str:
    """The text of which ``fields`` were read, with only those of them that ``may`` pass, and without comments.

    ``first_line`` is the line where ``text`` begins. Raises ReadingError, with the line, for what cannot be parted.
    """
    taken = _taken(fields, may, text, finder)
    finder.stop_if_any()
    kept = "".join(_kept(text, fields, taken, finder, first_line)).rstrip() + "\n"
    finder.stop_if_any()
    unchanged = kept == text.rstrip() + "\n"
    if not unchanged and _values(read_fields(kept, finder, first_line)) != _values(fields, may):
        finder.add(first_line, "what may pass from here cannot be told from what may not.", _BLOCK_STYLE)
        finder.stop_if_any()
    return kept


def pass_whole(text: str, may: Passing, file: str, first_line: int = 1) -> str:
    """The text of a cell that has nothing private, as an edition holds it: every field of ``may``, and no comments.

    ``first_line`` is the line of ``file`` where ``text`` begins. Raises ReadingError for a text that cannot be read.
    """
    finder = Finder(file)
    return passing(text, read_fields(text, finder, first_line), may, finder, first_line)


def refuse_unparted(fields: Fields, may: Passing, text: str, finder: Finder) -> None:
    """Note each field that may not pass and cannot be taken out of ``text``, of which ``fields`` were read."""
    _taken(fields, may, text, finder)


def _passes(may: Passing, name: str) -> bool:
    return name in may or "*" in may


def _inside(may: Passing, name: str) -> Passing:
    """What may pass of the fields within a field."""
    return may.get(name, may.get("*")) or {}


def _taken(fields: Fields, may: Passing, text: str, finder: Finder) -> list[tuple[int, int]]:
    """From where to where the fields stand that may not pass: whole lines of the text, in order."""
    taken: list[tuple[int, int]] = []

    def take(fields: Fields, may: Passing, end: int) -> None:
        lines = [name.start - name.indent for name in fields.names.values()]
        for name, start, stop in zip(fields.names.values(), lines, [*lines[1:], end], strict=True):
            value = fields.values[name.value]
            if _passes(may, name.value):
                if isinstance(value, Fields):
                    take(value, _inside(may, name.value), stop)
            elif fields.in_braces or text[start : name.start].strip():
                finder.add(name.line, f"'{name.value}' does not begin a line.", _BLOCK_STYLE)
            else:
                taken.append((start, stop))

    take(fields, may, len(text))
    return taken


def _kept(text: str, fields: Fields, taken: list[tuple[int, int]], finder: Finder, first_line: int) -> Iterator[str]:
    """The pieces of the text that pass: texts that were not taken, and the marks between them."""
    # Where a field begins that was taken, its name may begin too: the field comes first, and its texts are passed over.
    places = [(start, False, end) for start, end in taken] + [(node.start, True, node.end) for node in _texts(fields)]
    at = 0
    for start, is_text, end in sorted(places):
        if start < at:
            continue
        yield _marks(text, at, start, finder, first_line)
        if is_text:
            yield _HEAD.sub(r"\1", text[start:end], count=1) if text.startswith(("|", ">"), start) else text[start:end]
        at = end
    yield _marks(text, at, len(text), finder, first_line)


def _marks(text: str, start: int, end: int, finder: Finder, first_line: int) -> str:
    """What stands between two texts, comments left out."""
    pieces, at = [], start
    for comment in _COMMENT.finditer(text, start, end):
        pieces.append(text[at : comment.start()])
        at = comment.end()
    marks = "".join([*pieces, text[at:end]])
    if not _MARKS.fullmatch(marks):
        line = first_line + text.count("\n", 0, start)
        finder.add(line, f"'{marks.strip()[:30]}' belongs to no field.", "Expected lines such as 'name: text'.")
    return marks


def _texts(node: Fields | Texts | Text) -> Iterator[Text]:
    """Every text of a node in its order, names of fields included."""
    if isinstance(node, Text):
        yield node
    elif isinstance(node, Texts):
        yield from node.values
    else:
        for name, value in zip(node.names.values(), node.values.values(), strict=True):
            yield name
            yield from _texts(value)


def _values(node: Fields | Texts | Text, may: Passing | None = None) -> object:
    """The values of a node, or those of them that ``may`` pass."""
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Texts):
        return [text.value for text in node.values]
    return {
        name: _values(value, None if may is None else _inside(may, name))
        for name, value in node.values.items()
        if may is None or _passes(may, name)
    }
