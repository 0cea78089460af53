"""A form where no script runs: on GitHub, in an exported page, on paper. Everything is escaped.

What a student wrote is never printed: a word that its writer took out again must be in no file.
"""

from __future__ import annotations

import html
import textwrap

from fieldguide.player.printed import Printed

_WIDTH = 79
# Every text of ours is plain text, so nothing in it is mathematics (the classes) and nothing hangs on a style sheet.
_FRAME = (
    '<section class="mathjax_ignore tex2jax_ignore" '
    'style="max-width:44em;margin:1em 0;padding:.25em 1em;border:1px solid #80868e;border-radius:8px">'
)


class PrintedForm:
    """What is printed, put together from top to bottom."""

    def __init__(self, heading: str, side: str) -> None:
        # No empty line and no indentation: in a Markdown file either would end the HTML.
        self._html = [_FRAME, f"<h3>{html.escape(heading)}</h3>", f"<p><small>{html.escape(side)}</small></p>"]
        self._text = [f"{heading} ({side})"]

    def part(self, heading: str) -> None:
        """Begin a part."""
        self._html.append(f"<h4>{html.escape(heading)}</h4>")
        self._text.append(heading.upper())

    def text(self, text: str | None) -> None:
        """A text of one or more paragraphs, or none."""
        for paragraph in (text or "").split("\n\n"):
            if paragraph:
                self._html.append(f"<p>{html.escape(paragraph)}</p>")
                self._text.append(textwrap.fill(paragraph, _WIDTH))

    def remark(self, text: str) -> None:
        """A remark of ours."""
        self._html.append(f"<p><em>{html.escape(text)}</em></p>")
        self._text.append(textwrap.fill(text, _WIDTH))

    def rows(self, rows: list[str]) -> None:
        """A list; nothing where it is empty."""
        if rows:
            self._html += ["<ul>", *(f"<li>{html.escape(row)}</li>" for row in rows), "</ul>"]
            self._text.append("\n".join(textwrap.fill(f"• {row}", _WIDTH, subsequent_indent="  ") for row in rows))

    def printed(self) -> Printed:
        """The whole."""
        return Printed("\n".join([*self._html, "</section>"]), "\n\n".join(self._text))
