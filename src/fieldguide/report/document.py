"""A report as a Word document (.docx), to paste from."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from docx import Document
from docx.oxml import OxmlElement
from docx.table import _Row

from fieldguide.report.page import cell
from fieldguide.report.tables import Table

_TABLE_STYLE = "Light List Accent 1"


def report_document(title: str, lead: Sequence[str], tables: Iterable[Table], confirm: Sequence[str]) -> bytes:
    """The document, as the bytes of its file: headings, sentences and tables that screen readers know as such."""
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = ""
    document.add_heading(title, level=1)
    for line in lead:
        document.add_paragraph(line)
    for table in tables:
        document.add_heading(table.title, level=2)
        document.add_paragraph(table.says if len(table.rows) else table.nothing)
        if not len(table.rows):
            continue
        shown = document.add_table(rows=1, cols=len(table.columns), style=_TABLE_STYLE)
        _repeat(shown.rows[0])
        for place, column in zip(shown.rows[0].cells, table.columns, strict=True):
            place.text = column.title
        for _, row in table.rows.iterrows():
            for place, column in zip(shown.add_row().cells, table.columns, strict=True):
                place.text = cell(row, column)
    document.add_heading("What a person has to confirm", level=2)
    for line in confirm:
        document.add_paragraph(line, style="List Bullet")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _repeat(row: _Row) -> None:
    """Make a row the head of its table, repeated on every page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
