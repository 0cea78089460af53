"""Marks of the source format in texts that students read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fieldguide.authoring.checks.course_text import CourseText, ModuleText
from fieldguide.authoring.checks.findings import Finding, error
from fieldguide.authoring.kinds import DISCUSSION, WRITTEN
from fieldguide.cases.worksheet.model import STEPS
from fieldguide.items.fields import Fields, Finder, Text, Texts, read_fields
from fieldguide.items.passing import Passing
from fieldguide.policy.reading import HEADINGS


def _names(fields: Passing) -> Iterator[str]:
    """The names of fields and of those within them, ids left out."""
    for name, inner in fields.items():
        if name != "*":
            yield name
        yield from _names(inner or {})


#: Names of fields that are words of English too, so that a line of a text may begin with one and a colon.
_WORDS = frozenset({"again", *STEPS, *HEADINGS})
#: The field names of every kind of cell; at the beginning of a line and before a colon, one is no word of a text.
_NAMES = sorted({name for kind in WRITTEN.values() for name in _names(kind.fields)} - _WORDS)
#: In every text: a block mark of YAML, a field's name, an escaped character; the beginning of a cell or a fence; a
#: template's tag, the marks of a merge conflict, a forgotten note.
_ANYWHERE = (
    r":\s*[>|][+-]?(?=\s|$)|(?:^|\s)[>|][+-](?=\s|$)",
    rf"^\s*(?:{'|'.join(_NAMES)}):(?=\s|$)",
    r"\\[nrtu\"']",
    r"^\s*(?:```|\+\+\+|:::|%%\w+)",
    r"\{\{|\}\}|<<<<<<<|>>>>>>>|\b(?:TODO|FIXME|XXX|TBD)\b",
)
#: In plain text also: a doubled quotation mark of YAML, a list's dash, a phrase's mark; Markdown and HTML.
_WHERE_PLAIN = (
    r"(?<!')''(?!')",
    r"^\s*- ",
    r"\]\s*\{[^{}]*\}?",
    r"\*\*|__|`|\]\(|^#+ ",
    r"(?<![\w*])\*[^\s*](?:[^*]*[^\s*])?\*(?![\w*])|(?<!\w)_[^\s_](?:[^_]*[^\s_])?_(?!\w)",
    r"&(?:\w+|#\d+);|</?\w+[^<>]*>",
)
_DEBRIS = re.compile("|".join(_ANYWHERE))
_DEBRIS_WHERE_PLAIN = re.compile("|".join((*_ANYWHERE, *_WHERE_PLAIN)))
_HEAD = re.compile(r"(?::|-) [>|][+-]?$")
_PHRASE = re.compile(r"\[([^\[\]]+)\]\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class _Read:
    """A text for readers, the line in which it begins, and whether it is plain text or Markdown."""

    line: int
    text: str
    plain: bool


def check(course: CourseText) -> Iterator[Finding]:
    """Find marks of the source format in what students read."""
    for module in course.modules:
        for read in _texts(module):
            pattern = _DEBRIS_WHERE_PLAIN if read.plain else _DEBRIS
            for line in read.text.splitlines():
                found = pattern.search(line)
                if found:
                    mark = found[0].strip()
                    what = f"'{mark}' stands in a text."
                    at = _line_of(mark, module, read)
                    yield error(module.file, at, what, "It is a mark of the format: take it out.")


def _line_of(mark: str, module: ModuleText, read: _Read) -> int:
    """The first line with the mark, counted from where the text begins; the text's first line where the mark spans two
    lines."""
    # The text of a block begins in the line after its mark.
    first = read.line + bool(_HEAD.search(module.lines[read.line - 1]))
    for line, written in enumerate(module.lines[first - 1 :], first):
        if mark in written:
            return line
    return read.line


def _texts(module: ModuleText) -> Iterator[_Read]:
    yield _Read(module.head_line("title"), module.module.title, plain=True)
    for objective in module.module.objectives:
        yield _Read(module.head_line("objectives"), objective, plain=True)
    for text in module.texts:
        for block in text.prose.blocks:
            yield _Read(block.line, block.text, plain=False)
    for cell in module.module.cells:
        if not cell.is_text and not cell.echoed:
            fields = read_fields(cell.source, Finder(module.file), cell.line)
            yield from _of(fields, plain=cell.kind is not DISCUSSION)  # a plan for class becomes Markdown


def _of(node: Text | Texts | Fields, *, plain: bool) -> Iterator[_Read]:
    if isinstance(node, Fields):
        for name, value in node.values.items():
            for read in _of(value, plain=plain):
                text = _PHRASE.sub(r"\1", read.text) if name == "passage" else read.text
                yield _Read(read.line, text, plain)
    else:
        for one in node.values if isinstance(node, Texts) else (node,):
            yield _Read(one.line, one.value, plain)
