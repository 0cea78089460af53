"""A notebook's reading as safe HTML: a notebook may come from anywhere, so whatever could act is taken out."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token

#: What reading is made of. Pictures are not among it: none of ours has one, and a foreign one could call home. What one
#: shows stands in its place.
_TAGS = frozenset(
    [
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, **{f"h{level}": {"id"} for level in range(1, 7)}}
_SCHEMES = frozenset({"http", "https", "mailto"})
#: The ids of a module's page itself: a heading that had one would be taken for what the page has there.
PAGE_IDS = frozenset(
    [
        "contents",
        "contents-title",
        "fieldguide",
        "hand-in",
        "looks",
        "main",
        "notices",
        "offer",
        "progress",
        "saved",
        "saved-voice",
        "saving",
        "skip-next",
        "term",
        "term-title",
        "voting",
    ]
)


def prose(markdown: str) -> str:
    """The HTML of a Markdown text. Headings have the ids that links of a notebook go to (``#Best-practice``), and none
    of the page's own."""
    tokens = _reader().parse(markdown)
    _name_headings(tokens)
    html = _reader().renderer.render(tokens, _reader().options, {})
    safe = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=lambda _, name, value: None if name == "id" and _is_the_pages(value) else value,
        url_schemes=set(_SCHEMES),
        link_rel="noopener noreferrer",
    )
    # A table that is wider than the page scrolls by itself, and the page does not.
    return safe.replace("<table>", '<div class="scroller"><table>').replace("</table>", "</table></div>")


def _is_the_pages(id_: str) -> bool:
    # A question's own link begins so.
    return id_ in PAGE_IDS or id_.startswith("fg-")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a text: its level (1 to 6), its id in the page, and its words."""

    level: int
    id: str
    title: str


def headings(markdown: str) -> tuple[Heading, ...]:
    """The headings of a Markdown text, in order."""
    found = _headings(_reader().parse(markdown))
    return tuple(Heading(int(opening.tag[1]), heading_id(title), title) for opening, title in found)


def heading_id(title: str) -> str:
    """The id of a heading, as JupyterLab makes it, so that one link works in both."""
    return title.replace(" ", "-")


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    reader.add_render_rule("image", _in_place_of_a_picture)
    return reader


def _in_place_of_a_picture(self: RendererProtocol, tokens: Sequence[Token], idx: int, *given: Any) -> str:
    said = escapeHtml(tokens[idx].content.strip())
    return f"<em>[{said}]</em>" if said else ""


def _name_headings(tokens: list[Token]) -> None:
    for opening, title in _headings(tokens):
        opening.attrSet("id", heading_id(title))


def _headings(tokens: list[Token]) -> Iterator[tuple[Token, str]]:
    for opening, title in itertools.pairwise(tokens):
        if opening.type == "heading_open":
            texts = (child.content for child in title.children or () if child.type in ("text", "code_inline"))
            yield opening, "".join(texts)
