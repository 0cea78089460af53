"""A table where no script runs: on GitHub, in an exported page, on paper. Everything is escaped."""

from __future__ import annotations

import html
from typing import Any

from fieldguide.tables.words import say


def printed_html(table: dict[str, Any], shown: dict[str, Any]) -> str:
    """The table as it was first shown, with its caption and its source."""
    heads = "".join(f'<th scope="col" style="text-align:left">{_(column["label"])}</th>' for column in shown["header"])
    lines = [
        # Nothing in a table of ours is mathematics (the classes), and nothing hangs on a style sheet.
        '<section class="mathjax_ignore tex2jax_ignore" style="overflow-x:auto">',
        "<table>",
        f'<caption style="text-align:left">{_(table["caption"])}</caption>',
        f"<thead><tr>{heads}</tr></thead>",
        "<tbody>",
        *(_row(row) for row in shown["rows"]),
        "</tbody>",
        "</table>",
        f"<p><small>{_(say('printed_source', source=table['source'], date=table['date']))}</small></p>",
        "</section>",
    ]
    return "\n".join(lines)


def printed_text(table: dict[str, Any]) -> str:
    """One line that says what would be here."""
    return say("printed_text", rows=table["total"], **{name: table[name] for name in ("caption", "source", "date")})


def _row(cells: list[str | None]) -> str:
    first, *rest = (say("not_given") if cell is None else cell for cell in cells)
    style = "text-align:left;vertical-align:top"
    others = "".join(f'<td style="{style}">{_(cell)}</td>' for cell in rest)
    return f'<tr><th scope="row" style="{style};font-weight:normal">{_(first)}</th>{others}</tr>'


def _(text: str) -> str:
    # An empty line would end the HTML in a Markdown file.
    return " ".join(html.escape(text).split())
