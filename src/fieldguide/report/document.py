"""A report as a Word document (.docx), to paste from."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from docx import Document
from docx.document import Document as DocumentFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Length, Pt
from docx.table import Table as DocumentTable
from docx.table import _Cell, _Row

from fieldguide.report.page import cell
from fieldguide.report.tables import Column, Table
from fieldguide.report.words import say

_TABLE_STYLE = "Table Grid"
_PAGE, _MARGIN = (Inches(8.5), Inches(11)), Inches(0.7)
_SMALL = Pt(9)
_SHADE = "E7E6E6"
#: How wide columns are beside each other, by what is in them.
_WIDE, _NAMED, _FIGURE, _COUNT = 2.8, 1.7, 2.4, 1.8


def report_document(title: str, lead: Sequence[str], tables: Iterable[Table], confirm: Sequence[str]) -> bytes:
    """The document, as the bytes of its file: headings, sentences and tables that screen readers know as such."""
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = ""
    section = document.sections[0]
    section.page_width, section.page_height = _PAGE
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
    document.add_heading(title, level=1)
    for line in lead:
        document.add_paragraph(line)
    for table in tables:
        document.add_heading(table.title, level=2)
        says = document.add_paragraph(table.says if len(table.rows) else table.nothing)
        if len(table.rows):
            says.paragraph_format.keep_with_next = True
            _add(document, table)
    document.add_heading(say("confirm"), level=2)
    for line in confirm:
        document.add_paragraph(line, style="List Bullet")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _add(document: DocumentFile, table: Table) -> None:
    shown = document.add_table(rows=1, cols=len(table.columns), style=_TABLE_STYLE)
    shown.autofit = False
    _tell(shown, table.title, table.says)
    weights = [_weight(place, column) for place, column in enumerate(table.columns)]
    room = _PAGE[0] - 2 * _MARGIN
    widths = [Length(int(room * weight / sum(weights))) for weight in weights]
    for grid, width in zip(shown.columns, widths, strict=True):
        grid.width = width
    head = shown.rows[0]
    _flag(head, "w:tblHeader")
    for place, column, width in zip(head.cells, table.columns, widths, strict=True):
        _fill(place, column.title, column, width, bold=True)
        _shade(place)
    for _, row in table.rows.iterrows():
        line = shown.add_row()
        _flag(line, "w:cantSplit")
        for place, column, width in zip(line.cells, table.columns, widths, strict=True):
            _fill(place, cell(row, column), column, width)


def _weight(place: int, column: Column) -> float:
    if column.kind == "text":
        return _WIDE if place == 0 or column.name == "means" else _NAMED
    return _COUNT if column.kind == "count" else _FIGURE


def _fill(place: _Cell, text: str, column: Column, width: Length, *, bold: bool = False) -> None:
    place.width = width
    paragraph = place.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    if column.kind != "text":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    written = paragraph.add_run(text)
    written.font.size = _SMALL
    written.bold = bold


def _tell(shown: DocumentTable, title: str, says: str) -> None:
    """Give a table its alternative text; its first row and its first column name the others."""
    properties = shown._tbl.tblPr
    for name, text in (("w:tblCaption", title), ("w:tblDescription", says)):
        element = OxmlElement(name)
        element.set(qn("w:val"), text)
        properties.append(element)


def _flag(row: _Row, name: str) -> None:
    """Have a row repeated as the head on every page (``w:tblHeader``), or kept on one (``w:cantSplit``)."""
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _shade(place: _Cell) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", _SHADE)):
        shade.set(qn(name), value)
    place._tc.get_or_add_tcPr().append(shade)
