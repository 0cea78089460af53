"""What a reader is told of an item, or of a cell in blocks, as HTML, for scorers and for students.

The HTML has no line breaks, because it is in Markdown cells, where a blank line would end it; every character of a
student's text that means something to HTML, Markdown or a formula is written as a character reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from fieldguide.grading.blocks import Block
from fieldguide.grading.told import For, say, told_item
from fieldguide.items import Item, Outcome
from fieldguide.words import ENGLISH, in_html, spoken


class _Signs(dict[int, str]):
    """The escaped form of each character, computed once; letters, digits and plain punctuation stay as they are."""

    def __missing__(self, sign: int) -> str:
        plain = re.match(r"[\w .,;:?’“”–—-]", chr(sign))
        written = chr(sign) if plain else "<br>" if sign == ord("\n") else f"&#{sign};"
        if sign < 0x3000:  # a limited number, or one text could fill the memory
            self[sign] = written
        return written


_SIGNS = _Signs()


def escape(text: str) -> str:
    """A text that shows unchanged wherever HTML, Markdown or TeX is read."""
    return text.translate(_SIGNS)


#: What authors wrote, escaped: the same for every student of a class.
authored = lru_cache(maxsize=4096)(escape)


def render_item(
    item: Item,
    outcome: Outcome,
    number: int,
    reader: For,
    *,
    score: float | None,
    comment: str | None = None,
    levels: Mapping[str, float] | None = None,
) -> str:
    """HTML of one item with its response, of what ``told_item`` tells."""
    return item_html(told_item(item, outcome, number, reader, score=score, comment=comment, levels=levels))


def item_html(told: Mapping[str, Any]) -> str:
    """HTML of what a reader is told of an item."""
    parts = [
        f'<h2 class="fg-heading">{escape(told["title"])}</h2>',
        *authored_paragraphs(told["asked"]),
        _essay(told) if told["form"] == "text" else _parts(told),
        f'<p class="fg-verdict"><strong>{escape(told["verdict"])}</strong></p>',
    ]
    if told["remark"]:
        parts.append(f"<p>{escape(told['remark'])}</p>")
    if told["comment"]:
        parts.append(f"<p><strong>{say('comment')}</strong> {escape(told['comment'])}</p>")
    for answer in told.get("answers", ()):
        parts.append(f"<p><strong>{say('answer_to_request')}</strong> {escape(answer['said'])}</p>")
    return section("".join(parts))


def section(inner: str) -> str:
    """One question or case, marked so that nothing in it is rendered as mathematics."""
    return f'<div class="fg-item mathjax_ignore tex2jax_ignore"{language()}>{inner}</div>'


def language() -> str:
    """The language of a part as an attribute: nbgrader's pages around it are in English."""
    return "" if spoken() == ENGLISH else f" {in_html()}"


def written_paragraphs(text: str) -> str:
    """A student's text, as paragraphs."""
    return "".join(f"<p>{escape(paragraph.strip())}</p>" for paragraph in text.split("\n\n"))


def authored_paragraphs(text: str) -> list[str]:
    """An author's text, as paragraphs."""
    return [f"<p>{authored(paragraph.strip())}</p>" for paragraph in text.split("\n\n")]


def folded(summary: str, inner: str) -> str:
    """A text that is folded to one line until somebody opens it."""
    return f'<details class="fg-folded"><summary>{summary}</summary>{inner}</details>'


def folded_on_screen(summary: str, inner: str) -> str:
    """The same, but unfolded in print, by our style: a browser prints only the summary of folded text."""
    return f'{folded(summary, inner)}<div class="fg-printed"><p class="fg-label">{summary}</p>{inner}</div>'


def _parts(told: Mapping[str, Any]) -> str:
    html = []
    if told["passage"]:
        pieces = [(escape(piece["text"]), piece["phrase"]) for piece in told["passage"]]
        passage = "".join(f"<u>{text}</u>" if phrase else text for text, phrase in pieces)
        html.append(f"<blockquote>{passage}</blockquote>")
    if told.get("given"):
        html.append(_label(told["label"]) + _options("ol", [f"<li>{authored(text)}</li>" for text in told["given"]]))
    if "best_label" in told:
        html.append(_label(told["best_label"]))
    lines = [_line(part) for part in told["parts"] if part["text"]]
    if lines:
        html.append(_options("ol" if "best_label" in told else "ul", lines))
    html += [_alone(part) for part in told["parts"] if not part["text"]]
    return "".join(html)


def _line(part: Mapping[str, Any]) -> str:
    said = f"<br>{escape(part['said'])}" if "said" in part else ""
    mark = f" <strong>[{authored(', '.join(part['marks']))}]</strong>" if part["marks"] else ""
    best = f" {authored(part['best'])}" if "best" in part else ""
    return f"<li>{authored(part['text'])}{said}{mark}{best}{_why(part)}</li>"


def _alone(part: Mapping[str, Any]) -> str:
    """A part without a text of its own: it is the whole question."""
    best = f"<p>{authored(part['best'])} {authored(part['why'])}</p>" if "best" in part else ""
    return f"<p>{escape(part['said'])}</p>{best}"


def _essay(told: Mapping[str, Any]) -> str:
    given = told["given"]
    parts = [f"{_label(told['label'])}{_quote(given)}" if given else f"<p>{escape(told['label'])}</p>"]
    lines = []
    for criterion in told["rubric"]:
        steps = "".join(f"<li>{authored(level)}</li>" for level in criterion.get("levels", ()))
        lines.append(f"<li>{authored(criterion['said'])}{steps and f'<ul>{steps}</ul>'}</li>")
    parts.append(f"{_label(told['rubric_label'])}{_rubric(lines)}")
    if "profiles" in told:
        parts.append(folded(escape(told["profiles_label"]), "".join(_profile(one) for one in told["profiles"])))
    if "exemplar" in told:
        parts.append(f"{_label(told['exemplar_label'])}{_authored_quote(told['exemplar'])}")
    return "".join(parts)


def _profile(told: Mapping[str, Any]) -> str:
    lines = [f"<li>{authored(one['said'])}{_why(one)}</li>" for one in told["rubric"]]
    return f"{_label(told['label'])}{_authored_quote(told['text'])}{_rubric(lines)}"


def _why(part: Mapping[str, Any]) -> str:
    return f'<br><span class="fg-why">{authored(part["why"])}</span>' if "why" in part else ""


def _label(text: str) -> str:
    return f'<p class="fg-label">{escape(text)}</p>'


def _options(tag: str, lines: Iterable[str]) -> str:
    return f'<{tag} class="fg-options">{"".join(lines)}</{tag}>'


def _rubric(lines: Iterable[str]) -> str:
    return f'<ul class="fg-rubric">{"".join(lines)}</ul>'


def _quote(text: str) -> str:
    return f"<blockquote>{written_paragraphs(text)}</blockquote>"


def _authored_quote(text: str) -> str:
    return f"<blockquote>{''.join(authored_paragraphs(text))}</blockquote>"


# -- cells in blocks -------------------------------------------------------------------------------


def blocks_html(blocks: Iterable[Block], fold: Callable[[str, str], str] = folded) -> str:
    """HTML of a cell in blocks; ``fold`` makes what is folded, of a summary and an inner HTML."""
    return "".join(_block(block, fold) for block in blocks)


def _block(block: Block, fold: Callable[[str, str], str]) -> str:
    match block:
        case {"is": "title", "text": text}:
            return f'<h2 class="fg-heading">{authored(text)}</h2>'
        case {"is": "heading", "text": text}:
            return f'<h3 class="fg-heading">{authored(text)}</h3>'
        case {"is": "label", "text": text, "strong": strong}:
            begins = f"<strong>{authored(strong)}</strong>{text and ' '}" if strong else ""
            return f'<p class="fg-label">{begins}{authored(text)}</p>'
        case {"is": "line", "text": text, "strong": strong}:
            return f"<p>{escape(text)}{strong and f' <strong>{escape(strong)}</strong>'}</p>"
        case {"is": "aside", "text": text}:
            return f'<p class="fg-why">{authored(text)}</p>'
        case {"is": "prose", "text": text}:
            return "".join(authored_paragraphs(text))
        case {"is": "folded", "summary": summary, "text": text}:
            return fold(authored(summary), "".join(authored_paragraphs(text)))
        case {"is": "quote", "text": text}:
            return _quote(text)
        case {"is": "list", "texts": texts}:
            return _options("ul", [f"<li>{authored(text)}</li>" for text in texts])
        case {"is": "choice", "asked": asked, "chosen": chosen, "sure": sure}:
            how = f" ({authored(sure)})" if sure else ""
            return f"<p>{authored(asked)}<br><strong>{authored(chosen)}</strong>{how}</p>"
        case {"is": "steps", "steps": steps}:
            return _options(
                "ol",
                [f"<li>{authored(one['asked'])}<br><strong>{authored(one['chosen'])}</strong></li>" for one in steps],
            )
    raise ValueError(f"there is no block of this kind: {block.get('is')}")
