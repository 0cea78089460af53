"""A notebook's reading as safe HTML: a notebook may come from anywhere, so whatever could act is taken out."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from fieldguide.coursepage.pictures import ATTACHED

#: What reading is made of. A picture is in it as data alone, as a foreign address could call home; where there are
#: none, what it shows stands in its place.
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
        "img",
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
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, **{f"h{level}": {"id"} for level in range(1, 7)}}
_SCHEMES = frozenset({"http", "https", "mailto", ATTACHED})
_PICTURE = re.compile(r'<img((?: \w+="[^"]*")*)>')
_ALT, _SRC = (re.compile(rf' {name}="([^"]*)"') for name in ("alt", "src"))
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


def _no_picture(_: str) -> None:
    """Nothing in place of a picture's address."""


def prose(markdown: str, picture: Callable[[str], str | None] = _no_picture) -> str:
    """The HTML of a Markdown text. Headings have the ids that links of a notebook go to (``#Best-practice``), and none
    of the page's own. ``picture`` gives the data that stand in place of a picture's address, or None."""
    tokens = _reader().parse(markdown)
    _name_headings(tokens)
    safe = nh3.clean(
        _reader().renderer.render(tokens, _reader().options, {}),
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=lambda tag, name, value: _attribute(tag, name, value, picture),
        url_schemes=set(_SCHEMES),
        link_rel="noopener noreferrer",
    )
    safe = _PICTURE.sub(lambda found: _shown(found[1]), safe)
    # A table that is wider than the page scrolls by itself, and the page does not.
    return safe.replace("<table>", '<div class="scroller"><table>').replace("</table>", "</table></div>")


def _attribute(tag: str, name: str, value: str, picture: Callable[[str], str | None]) -> str | None:
    if name == "src":
        return picture(value)
    if tag == "a" and name == "href" and value.casefold().startswith(f"{ATTACHED}:"):
        return None
    return None if name == "id" and _is_the_pages(value) else value


def _shown(attributes: str) -> str:
    """A picture, or where it has no data what it shows."""
    said, data = _ALT.search(attributes), _SRC.search(attributes)
    text = escapeHtml(html.unescape(said[1]).strip()) if said else ""
    if data:
        return f'<img src="{data[1]}" alt="{text}" decoding="async">'
    return f"<em>[{text}]</em>" if text else ""


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
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def _name_headings(tokens: list[Token]) -> None:
    for opening, title in _headings(tokens):
        opening.attrSet("id", heading_id(title))


def _headings(tokens: list[Token]) -> Iterator[tuple[Token, str]]:
    for opening, title in itertools.pairwise(tokens):
        if opening.type == "heading_open":
            texts = (child.content for child in title.children or () if child.type in ("text", "code_inline"))
            yield opening, "".join(texts)
