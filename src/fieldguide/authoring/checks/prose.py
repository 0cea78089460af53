"""The words of Markdown as a reader sees them, without marks and addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark").enable("table")
_TAG = re.compile(r"<[^<>]*>")
_IMG = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*("[^"]*[^"\s][^"]*"|'[^']*[^'\s][^']*')""", re.IGNORECASE)
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph or a cell of a table: ``kind`` is ``heading``, ``text`` or ``table``."""

    kind: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, and whether it has a text for those who do not see it."""

    line: int
    described: bool


@dataclass(frozen=True, slots=True)
class Prose:
    """What a reader sees of a text in Markdown."""

    blocks: list[Block] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)

    @property
    def words(self) -> int:
        """How many words there are to read."""
        return sum(count_words(block.text) for block in self.blocks)


def count_words(text: str) -> int:
    """How many words a text has; a dash between spaces does not count."""
    return sum(bool(_WORD.search(part)) for part in text.split())


def read_prose(source: str, first_line: int) -> Prose:
    """Extract the words and pictures of Markdown that begins in ``first_line`` of its file."""
    prose = Prose()
    kind, line = "text", first_line
    for token in _PARSER.parse(source):
        if token.type in ("heading_open", "paragraph_open", "td_open", "th_open"):
            kind = {"h": "heading", "t": "table"}.get(token.tag[0], "text")
        # The cells of a table have no line numbers; they get that of their row.
        line = first_line + token.map[0] if token.map else line
        if token.type == "inline":
            text = "".join(_shown(child, prose, line) for child in token.children or ())
            prose.blocks.append(Block(kind, line, " ".join(text.split())))
        elif token.type == "html_block":
            _note_html_pictures(token.content, prose, line)
            prose.blocks.append(Block("text", line, " ".join(_TAG.sub(" ", token.content).split())))
    return prose


def _shown(token: Token, prose: Prose, line: int) -> str:
    if token.type == "image":
        prose.pictures.append(Picture(line, bool(token.content.strip())))
        return " "
    if token.type == "html_inline":
        _note_html_pictures(token.content, prose, line)
        return ""
    return " " if token.type in ("softbreak", "hardbreak") else token.content


def _note_html_pictures(html: str, prose: Prose, line: int) -> None:
    for found in _IMG.finditer(html):
        at = line + html.count("\n", 0, found.start())
        prose.pictures.append(Picture(at, bool(_ALT.search(found[0]))))
