"""A policy as a web page: one file that needs nothing else, for screen and paper."""

from __future__ import annotations

import hashlib
import html
import re

from fieldguide.look import variables
from fieldguide.policy.documents import Block, Document, Section
from fieldguide.policy.words import say
from fieldguide.words import in_html

_GENERATOR = "Field Guide sha256-"
_MARKED = re.compile(re.escape(_GENERATOR) + r"([0-9a-f]{64})")
_UNMARKED = _GENERATOR + "0" * 64
#: Characters on two pages of paper; a longer text is set smaller there.
_TWO_PAGES = 6_000

_STYLE = """\
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 var(--sans);
  overflow-wrap: anywhere; }
main { max-width: var(--measure); margin: 0 auto; padding: clamp(1.25rem, 5vw, 3rem) clamp(1rem, 5vw, 2rem); }
header { margin-bottom: 2rem; padding-bottom: 1rem; border-bottom: 1px solid var(--line); }
h1 { margin: 0; font: 600 2.125rem/1.2 var(--serif); }
h2 { margin: 2rem 0 0.375rem; color: var(--accent); font-size: 1.25rem; line-height: 1.3; }
h3 { margin: 1rem 0 0.25rem; font-size: 1rem; line-height: 1.3; }
p, ul { margin: 0.5rem 0; }
ul { padding-inline-start: 1.25rem; }
header p { color: var(--soft); }
.unsettled, .missing { margin-top: 2.5rem; padding-top: 0.25rem; }
.unsettled, .missing { border-top: 1px solid var(--line); }
@page { margin: 15mm; }
@media print {
  :root { color-scheme: light; }
  body { font-size: 10.5pt; line-height: 1.3; }
  .long { font-size: 9pt; line-height: 1.3; }
  main { max-width: none; padding: 0; }
  header { margin-bottom: 0; padding-bottom: 0.5rem; }
  h1 { font-size: 1.6em; }
  h2, h3 { margin: 0.5em 0 0.1em; font-size: 1.1em; line-height: 1.2; break-after: avoid; }
  h3 { font-size: 1em; }
  p, ul { margin: 0.2em 0; orphans: 3; widows: 3; }
  .unsettled { break-before: page; border-top: 0; }
  .missing { margin-top: 1rem; break-inside: avoid; }
}
"""


def as_html(document: Document) -> bytes:
    """The bytes of a web page."""
    title, draft = say("document_title"), say("document_draft")
    parts = [
        "<!doctype html>",
        f"<html {in_html()}>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f'<meta name="generator" content="{_UNMARKED}">',
        # What a student wrote cannot bring anything along, even past the escaping.
        """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">""",
        f"<title>{_(title)}</title>",
        f"<style>\n{variables()}\n{_STYLE}</style>",
        f'<body class="{"long" if _length(document) > _TWO_PAGES else "short"}">',
        "<main>",
        f"<header><h1>{_(title)}</h1>",
        f'<p>{_(draft)} · <time datetime="{document.day.isoformat()}">{_(document.long_day())}</time></p>',
        *(f'<p dir="auto">{_(label)}: {_(text)}</p>' for label, text in document.about),
        "</header>",
    ]
    for section in document.sections:
        parts += ["<section>", *_section(section, "h2"), "</section>"]
    if document.unsettled:  # on paper a page of its own: the others can be handed on without it
        parts += ['<section class="unsettled">', f"<h2>{_(say('document_unsettled'))}</h2>"]
        parts += [f"<p>{_(say('document_unsettled_how'))}</p>"]
        parts += [line for section in document.unsettled for line in _section(section, "h3")]
        parts += ["</section>"]
    if document.missing:
        listed = _block(Block(document.missing, listed=True))
        parts += ['<section class="missing">', f"<h2>{_(say('document_missing'))}</h2>", listed, "</section>"]
    page = "\n".join([*parts, "</main>", "</body>", "</html>", ""])
    return page.replace(_UNMARKED, _GENERATOR + _digest(page), 1).encode()


def is_as_made(content: bytes) -> bool:
    """Whether these are the bytes of a page of ours that nobody changed since."""
    try:
        page = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    marked = _MARKED.search(page)
    return marked is not None and marked[1] == _digest(page.replace(marked[0], _UNMARKED, 1))


def _digest(page: str) -> str:
    return hashlib.sha256(page.encode()).hexdigest()


def _length(document: Document) -> int:
    return sum(len(line) for section in document.sections for block in section.blocks for line in block.lines)


def _section(section: Section, heading: str) -> list[str]:
    return [f"<{heading}>{_(section.title)}</{heading}>", *map(_block, section.blocks)]


def _block(block: Block) -> str:
    if block.listed:
        return "<ul>" + "".join(f'<li dir="auto">{_(line)}</li>' for line in block.lines) + "</ul>"
    return f'<p dir="auto">{"<br>".join(map(_, block.lines))}</p>'


def _(text: str) -> str:
    return html.escape(text)
