"""An item where no script runs: on GitHub, in an exported page, on paper. Made of public data and the response.

An essay's text is never printed: a word that its writer took out again must be in no file.
"""

from __future__ import annotations

import html
import textwrap
from dataclasses import dataclass, field
from typing import Any

from fieldguide.items import Response
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


def printed_item(item: dict[str, Any], response: Response | None) -> Printed:
    """An item, from its public data, with the response marked."""
    sheet = _Sheet(
        heading=_heading(item),
        level=3,
        side=say("not_graded") if item["points"] is None else count("points", item["points"]),
        paragraphs=list(item["stem"]),
    )
    _FILL[item["form"]](sheet, item, response)
    if response is None and item["form"] != "text":
        sheet.after.append(say("printed_unanswered"))
    return _print(sheet)


def _heading(item: dict[str, Any]) -> str:
    heading = say("heading", use=say(item["use"]), number=item["number"] or "").strip()
    return say("heading_half", heading=heading, half=say(item["half"])) if item["half"] else heading


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


def _fill_options(sheet: _Sheet, item: dict[str, Any], response: Any) -> None:
    if "passage" in item:
        sheet.passage = [_phrase(piece, response or ()) for piece in item["passage"]]
        return
    marks = ("☑", "☐") if item["form"] == "several" else ("◉", "○")
    for option in item["options"]:
        chosen = option["id"] in (response or ())
        sheet.rows.append(_Row(marks[not chosen], option["text"], say("printed_yours") if chosen else None))


def _phrase(piece: dict[str, Any], response: Any) -> tuple[str, str, str]:
    if piece["id"] is None:
        return piece["text"], "", ""
    if piece["id"] in response:
        return piece["text"], "☑ [", f"] ({say('printed_yours')})"
    return piece["text"], "☐ [", "]"


def _fill_pairs(sheet: _Sheet, item: dict[str, Any], response: Any) -> None:
    texts = {option["id"]: option["text"] for option in item["options"]}
    sheet.paragraphs.append(say("printed_options", options="; ".join(texts.values())))
    for prompt in item["prompts"]:
        given = (response or {}).get(prompt["id"])
        sheet.rows.append(_Row(None, prompt["text"], say("printed_given", text=texts[given]) if given else None))


def _fill_order(sheet: _Sheet, item: dict[str, Any], response: Any) -> None:
    texts = {option["id"]: option["text"] for option in item["options"]}
    if response:
        sheet.paragraphs.append(say("printed_order"))
        sheet.numbered = True
    sheet.rows = [_Row(None, texts[option]) for option in response or texts]


def _fill_blank(sheet: _Sheet, item: dict[str, Any], response: Any) -> None:
    if response is not None:
        given = " ".join([*str(response).split(), item.get("unit") or ""]).strip()
        sheet.rows.append(_Row("✎", say("printed_given", text=given)))


def _fill_text(sheet: _Sheet, item: dict[str, Any], response: Any) -> None:
    if item["rubric"]:
        sheet.paragraphs.append(f"{say('rubric')}:")
    sheet.rows = [_Row(None, line["criterion"], count("points", line["points"])) for line in item["rubric"]]
    sheet.after.append(say("printed_unanswered" if response is None else "printed_essay"))


_FILL = {
    "one": _fill_options,
    "several": _fill_options,
    "pairs": _fill_pairs,
    "order": _fill_order,
    "blank": _fill_blank,
    "text": _fill_text,
}


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
