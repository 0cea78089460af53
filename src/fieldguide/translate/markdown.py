"""The texts of Markdown, one for each paragraph, heading, point of a list and cell of a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from markdown_it import MarkdownIt

from fieldguide.authoring.glossary import anchor
from fieldguide.translate.texts import Say, Unit, has_words

PARSER = MarkdownIt("commonmark").enable("table")
_PREFIX = re.compile(r"(?P<quote>(?:> ?)*)(?P<mark> *(?:#{1,6} +|[-*+] +|\d+[.)] +)?)")
_DELIMITERS = re.compile(r"\|?[ :|-]*-[ :|-]*\|?")
_FENCE = re.compile(r" *(```|~~~)")
_CELL = re.compile(r"(?:\\\||[^|])+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines of Markdown: those of one text with what stands before it (``prefix``), or others as they are."""

    lines: tuple[str, ...]
    prefix: str = ""
    text: str = ""
    what: str = ""

    def saying(self, text: str) -> str:
        """The lines with another text in the place of theirs."""
        return "\n".join(self.lines) if text == self.text else self.prefix + text


def put_markdown(text: str, context: str, about: tuple[str, ...], linked: frozenset[str], say: Say) -> str:
    """Markdown with what ``say`` says in the place of each of its texts.

    A heading that is ``linked`` to, by the id that it has in a notebook, stays as it is.
    """
    section = ""
    lines = []
    for piece in pieces(text):
        if piece.what == "table":
            lines += [_put_row(line, context, (*about, *_in(section, "cell of a table")), say) for line in piece.lines]
            continue
        said = piece.text
        if piece.text and has_words(piece.text) and not (piece.what == "heading" and anchor(piece.text) in linked):
            said = say(unit(context, piece.text, (*about, *_in(section, piece.what)), piece.prefix))
        lines.append(piece.saying(said))
        if piece.what == "heading":
            section = piece.text
    return "\n".join(lines)


def unit(context: str, text: str, about: tuple[str, ...], prefix: str = "") -> Unit:
    """A text of Markdown to translate; ``prefix`` is what stands before it in its line."""
    limits = []
    if "](" in text:
        limits.append("Of a [link](target) change the words, never the target.")
    if "`" in text:
        limits.append("Keep what stands in `…`.")
    return Unit(context, text, (*about, *limits), markdown=True, among=True)


def _in(section: str, what: str) -> tuple[str, ...]:
    return (f"A {what}" + (f" in “{section}”." if section else "."),)


def pieces(text: str) -> Iterator[Piece]:
    """The texts of Markdown in order, and the lines between them."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        line = lines[at]
        if _FENCE.match(line):
            end = _end(lines, at, lambda line: not _FENCE.match(line)) + 1
            yield Piece(tuple(lines[at:end]))
        elif _stands_alone(line):
            end = at + 1
            yield Piece((line,))
        elif "|" in line and _DELIMITERS.fullmatch((lines[at + 1 : at + 2] or [""])[0].strip()):
            end = _end(lines, at, lambda line: "|" in line)
            yield Piece(tuple(lines[at:end]), what="table")
        else:
            prefix = _PREFIX.match(line)
            assert prefix
            quote, what = prefix["quote"], _what(prefix["mark"].strip())
            end = at + 1
            if what != "heading":
                end = _end(lines, at, partial(_goes_on, quote=quote))
            first, *others = lines[at:end]
            text = " ".join([first[prefix.end() :].strip(), *(other[len(quote) :].strip() for other in others)])
            yield Piece(tuple(lines[at:end]), prefix[0], text, what)
        at = end


def _end(lines: list[str], at: int, goes_on: Callable[[str], bool]) -> int:
    """The number of the first line below line ``at`` that does not go on with it."""
    return next((number for number in range(at + 1, len(lines)) if not goes_on(lines[number])), len(lines))


def _what(mark: str) -> str:
    return "heading" if mark.startswith("#") else "point of a list" if mark else "paragraph"


def _stands_alone(line: str) -> bool:
    """Whether a line holds no text: it is empty, or parts cells or paragraphs."""
    return not line.strip(" >") or line.startswith("+++") or bool(re.fullmatch(r"(?:> ?)* *([-*_] ?){3,}", line))


def _goes_on(line: str, quote: str) -> bool:
    """Whether a line goes on with the text of the one before it."""
    if _stands_alone(line) or not line.startswith(quote.rstrip()):
        return False
    rest = line[len(quote) :]
    mark = _PREFIX.match(rest)
    return not (mark and (mark["quote"] or mark["mark"].strip())) and not _FENCE.match(rest)


def _put_row(line: str, context: str, about: tuple[str, ...], say: Say) -> str:
    def put(cell: re.Match[str]) -> str:
        text = cell[0].strip()
        if not has_words(text) or _DELIMITERS.fullmatch(text):
            return cell[0]
        return cell[0].replace(text, say(unit(context, text, about)))

    return _CELL.sub(put, line)


def marks(text: str) -> Counter[tuple[str, str]]:
    """What there is in Markdown beside words, and how often: emphasis, code, links with their targets, line breaks."""
    found: Counter[tuple[str, str]] = Counter()
    for token in PARSER.parse(text):
        if token.nesting >= 0:
            found[token.type, token.markup] += 1
        for inner in token.children or ():
            if inner.type != "text" and inner.nesting >= 0:
                detail = inner.attrGet("href") or inner.attrGet("src") or ""
                own = inner.content if inner.type in ("code_inline", "html_inline") else inner.markup
                found[inner.type, f"{detail}{own}"] += 1
    return found
