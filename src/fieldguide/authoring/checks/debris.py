"""Marks of the format that ended up in a text, where a student would read them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldguide.authoring.checks.course import Course, ModuleText
from fieldguide.authoring.checks.findings import Finding, error
from fieldguide.items.fields import Fields, Finder, Text, Texts, read_fields

#: A block mark of YAML at the end of a line, a cell's or a fence's beginning, a tag of a template, a forgotten note.
_DEBRIS = re.compile(r":\s*[>|][+-]?\s*$|^\s*(?:```|\+\+\+|%%\w+)|\{\{|\}\}|<<<<<<<|>>>>>>>|\b(?:TODO|FIXME|XXX|TBD)\b")


def check(course: Course) -> Iterator[Finding]:
    """Find what was meant for the reader of the format and not for that of the text."""
    for module in course.modules:
        for line, text in _lines(module):
            found = _DEBRIS.search(text)
            if found:
                what = f"'{found[0].strip()}' stands in a text."
                yield error(module.file, line, what, "It is a mark of the format: take it out.")


def _lines(module: ModuleText) -> Iterator[tuple[int, str]]:
    """The lines that somebody reads of a module, each with its number."""
    for text in module.texts:
        for block in text.prose.blocks:
            yield block.line, block.text
    for cell in module.module.cells:
        if not cell.is_text and not cell.echo_of:
            yield from _of(read_fields(cell.source, Finder(module.file), cell.line))


def _of(node: Text | Texts | Fields) -> Iterator[tuple[int, str]]:
    if isinstance(node, Fields):
        for inner in node.values.values():
            yield from _of(inner)
    elif isinstance(node, Texts):
        for text in node.values:
            yield from _of(text)
    elif isinstance(node, Text):
        lines = node.value.splitlines()
        # The line of a text in a block is that of its mark, and the text begins below it.
        first = node.line + (len(lines) > 1)
        yield from enumerate(lines, first)
