"""An item where no script runs: on GitHub, in an exported page, on paper. Made of what is public and the response.

An essay's text is never printed: a word that its writer took out again must be in no file.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any

from fieldguide.items import Item, Response
from fieldguide.player.words import count, say

_WIDTH = 79
# Every text of ours is plain text, so nothing in it is mathematics (the classes) and nothing hangs on a style sheet.
_FRAME = (
    '<section class="mathjax_ignore tex2jax_ignore" '
    'style="max-width:44em;margin:1em 0;padding:.25em 1em;border:1px solid #80868e;border-radius:8px">'
)


@dataclass(frozen=True, slots=True)
class Printed:
    """One thing to read, as HTML and as plain text."""

    html: str
    text: str


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a list: the sign that stands before it, if any, what it says, and the student's answer to it."""

    mark: str | None
    text: str
    answer: str | None = None


@dataclass(slots=True)
class _Sheet:
    """What is printed, before it has a form. A passage is pieces of text, each with its marks around it."""

    heading: str
    level: int
    side: str
    paragraphs: list[str]
    passage: list[tuple[str, str, str]] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
    numbered: bool = False
    after: list[str] = field(default_factory=list)


def printed_item(item: Item, public: dict[str, Any], response: Response | None) -> Printed:
    """An item with the response marked. ``public`` is what the page is told of it."""
    sheet = _Sheet(
        heading=_heading(public),
        level=3,
        side=say("not_graded") if item.points is None else count("points", item.points),
        paragraphs=item.stem.split("\n\n"),
    )
    if item.BY_PERSON:
        _fill_rubric(sheet, public["rubric"])
    else:
        _fill(sheet, item, response)
    if response is None:
        sheet.after.append(say("printed_unanswered"))
    elif item.BY_PERSON:
        sheet.after.append(say("printed_essay"))
    return _print(sheet)


def _heading(public: dict[str, Any]) -> str:
    heading = say("heading", use=say(public["use"]), number=public["number"] or "").strip()
    return say("heading_half", heading=heading, half=say(public["half"])) if public["half"] else heading


def printed_module(module: dict[str, Any], graded: dict[str, Any]) -> Printed:
    """The head of a module."""
    facts = [count("minutes", module["minutes"])]
    facts += [count(f"count_{use}", n) for use, n in module["counts"].items() if n]
    sheet = _Sheet(heading=module["title"], level=1, side=" · ".join(facts), paragraphs=[])
    if module["objectives"]:
        sheet.paragraphs.append(f"{say('objectives')}:")
        sheet.rows = [_Row(None, objective) for objective in module["objectives"]]
    if graded["total"]:
        sheet.after.append(count("answered", graded["total"], answered=graded["answered"]))
    return _print(sheet)


def _fill(sheet: _Sheet, item: Item, response: Response | None) -> None:
    rows = item.asked(response)
    chosen = {row.id for row in rows if row.option and row.given is not None}
    if item.pieces():
        sheet.passage = [_phrase(text, name, chosen) for text, name in item.pieces()]
        return
    if item.listed() and not any(row.option for row in rows):
        sheet.paragraphs.append(say("printed_options", options="; ".join(item.listed().values())))
    if any(row.place for row in rows):
        sheet.paragraphs.append(say("printed_order"))
        sheet.numbered = True
    marks = ("◉", "○") if item.any_option else ("☑", "☐")
    for row in rows:
        if row.option:
            sheet.rows.append(
                _Row(marks[row.id not in chosen], row.text, say("printed_yours") if row.id in chosen else None)
            )
            continue
        given = None if row.given is None else " ".join([*row.given.split(), row.unit or ""]).strip()
        told = say("printed_given", text=given) if given else None
        if row.text:
            sheet.rows.append(_Row(None, row.text, told))
        elif told:
            sheet.rows.append(_Row("✎", told))


def _phrase(text: str, name: str | None, chosen: Set[str | None]) -> tuple[str, str, str]:
    if name is None:
        return text, "", ""
    return (text, "☑ [", f"] ({say('printed_yours')})") if name in chosen else (text, "☐ [", "]")


def _fill_rubric(sheet: _Sheet, rubric: list[dict[str, Any]]) -> None:
    if rubric:
        sheet.paragraphs.append(f"{say('rubric')}:")
    sheet.rows = [_Row(None, line["criterion"], count("points", line["points"])) for line in rubric]


def _print(sheet: _Sheet) -> Printed:
    return Printed(_as_html(sheet), _as_text(sheet))


def _as_html(sheet: _Sheet) -> str:
    # No empty line and no indentation: in a Markdown file either would end the HTML.
    lines = [_FRAME, f"<h{sheet.level}>{html.escape(sheet.heading)}</h{sheet.level}>"]
    lines += [f"<p><small>{html.escape(sheet.side)}</small></p>"]
    lines += [f"<p>{html.escape(text)}</p>" for text in sheet.paragraphs]
    if sheet.passage:
        pieces = [
            f"{before}<u>{html.escape(text)}</u>{html.escape(after)}" if after else html.escape(text)
            for text, before, after in sheet.passage
        ]
        lines.append(f"<p>{''.join(pieces)}</p>")
    if sheet.rows:
        tag = "ol" if sheet.numbered else "ul"
        style = ' style="list-style:none;padding-left:0"' if sheet.rows[0].mark else ""
        lines.append(f"<{tag}{style}>")
        for row in sheet.rows:
            mark = f"{row.mark} " if row.mark else ""
            answer = f" — <strong>{html.escape(row.answer)}</strong>" if row.answer else ""
            lines.append(f"<li>{mark}{html.escape(row.text)}{answer}</li>")
        lines.append(f"</{tag}>")
    lines += [f"<p><em>{html.escape(text)}</em></p>" for text in sheet.after]
    return "\n".join([*lines, "</section>"])


def _as_text(sheet: _Sheet) -> str:
    blocks = [f"{sheet.heading} ({sheet.side})", *map(_wrapped, sheet.paragraphs)]
    if sheet.passage:
        blocks.append(_wrapped("".join(f"{before}{text}{after}" for text, before, after in sheet.passage)))
    rows = []
    for place, row in enumerate(sheet.rows, 1):
        mark = row.mark or (f"{place}." if sheet.numbered else "•")
        answer = f" — {row.answer}" if row.answer else ""
        rows.append(textwrap.fill(f"{mark} {row.text}{answer}", _WIDTH, subsequent_indent="  "))
    blocks.append("\n".join(rows))
    return "\n\n".join(filter(None, [*blocks, *map(_wrapped, sheet.after)]))


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH)
