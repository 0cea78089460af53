"""A policy as a Word document. python-docx is imported when one is made."""

from __future__ import annotations

import hashlib
import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from fieldguide.policy.documents import Block, Document, Section
from fieldguide.policy.words import say
from fieldguide.words import ENGLISH, spoken

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.styles.style import ParagraphStyle

_FONT = "Arial"
_INK = "1F2328"
_SOFT = "565D66"
_ACCENT = "0B5394"
_CORE = "docProps/core.xml"
_MARK = "fieldguide-policy sha256-"
_MARKED = re.compile(rb">" + _MARK.encode() + rb"([0-9a-f]{64})<")
_LARGEST_CORE = 64 * 1024


def as_docx(document: Document) -> bytes:
    """The bytes of a Word document."""
    import docx

    word = docx.Document()
    _style(word)
    word.add_paragraph(say("document_title"), style="Title")
    word.add_paragraph(f"{say('document_draft')} · {document.long_day()}", style="Subtitle")
    if document.about:
        _add(word, Block(tuple(f"{label}: {text}" for label, text in document.about)))
    for section in document.sections:
        _add_section(word, section, level=1)
    if document.unsettled:  # on a page of its own: the others can be handed on without it
        word.add_heading(say("document_unsettled"), level=1).paragraph_format.page_break_before = True
        word.add_paragraph(say("document_unsettled_how"))
        for section in document.unsettled:
            _add_section(word, section, level=2)
    if document.missing:
        word.add_heading(say("document_missing"), level=1)
        _add(word, Block(document.missing, listed=True))
    _number_pages(word)
    _describe(word)
    # The mark tells what all else is like, so that a document which somebody worked on is known by it.
    word.core_properties.identifier = _MARK + _fingerprint(_bytes(word))
    return _bytes(word)


def is_as_made(content: bytes) -> bool:
    """Whether these are the bytes of a document of ours that nobody changed since."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive, archive.open(_CORE) as core:
            marked = _MARKED.search(core.read(_LARGEST_CORE))
            return marked is not None and marked[1].decode() == _fingerprint(content)
    except Exception:  # an archive of unknown making can fail in a dozen ways, and is none of ours in each
        return False


def _fingerprint(content: bytes) -> str:
    """A digest of everything in the document but its properties."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = sorted(f"{part.filename} {part.CRC} {part.file_size}" for part in archive.infolist())
    told = "\n".join(part for part in parts if not part.startswith(_CORE))
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()


def _bytes(word: Word) -> bytes:
    file = BytesIO()
    word.save(file)
    return file.getvalue()


def _add_section(word: Word, section: Section, level: int) -> None:
    word.add_heading(section.title, level=level)
    for block in section.blocks:
        _add(word, block)


def _add(word: Word, block: Block) -> None:
    if block.listed:
        for line in block.lines:
            word.add_paragraph(line, style="List Bullet")
    else:
        word.add_paragraph("\n".join(block.lines))


def _style(word: Word) -> None:
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Inches, Pt, RGBColor

    section = word.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = Inches(1.1)
    section.top_margin = section.bottom_margin = Inches(1)
    for name, size, color, bold, before, after in (
        ("Normal", 11, _INK, False, 0, 6),
        ("Title", 24, _INK, True, 0, 4),
        ("Subtitle", 11, _SOFT, False, 0, 10),
        ("Heading 1", 14, _ACCENT, True, 16, 4),
        ("Heading 2", 11, _INK, True, 8, 2),
        ("List Bullet", 11, _INK, False, 0, 3),
        ("Footer", 9, _SOFT, False, 0, 0),
    ):
        style: ParagraphStyle = word.styles[name]
        _set_font(style)
        style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
        style.font.color.rgb = RGBColor.from_string(color)
        spacing = style.paragraph_format
        spacing.space_before, spacing.space_after = Pt(before), Pt(after)
        spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.MULTIPLE, 1.2
        spacing.widow_control = True
    _underline(word.styles["Subtitle"])


def _underline(style: ParagraphStyle) -> None:
    """A fine line below the paragraphs of a style."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    border, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "8"), ("color", "DAD8D2")):
        line.set(qn(f"w:{name}"), value)
    border.append(line)
    style.element.pPr.find(qn("w:spacing")).addprevious(border)  # the order of elements is laid down


def _set_font(style: ParagraphStyle) -> None:
    """One font for all scripts. The template names a theme's fonts, which would go before it."""
    from docx.oxml.ns import qn

    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), _FONT)
    for extra in ("w:spacing", "w:kern"):  # the template sets its title apart with these
        for element in properties.findall(qn(extra)):
            properties.remove(element)
    paragraph = style.element.get_or_add_pPr()
    for border in paragraph.findall(qn("w:pBdr")):
        paragraph.remove(border)


def _number_pages(word: Word) -> None:
    footer = word.sections[0].footer.paragraphs[0]
    footer.add_run(f"{say('document_title')} · {say('document_page')} ")
    _add_field(footer, "PAGE")
    footer.add_run(f" {say('document_of')} ")
    _add_field(footer, "NUMPAGES")


def _add_field(paragraph: Any, name: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _describe(word: Word) -> None:
    """Title and language; nothing about anybody: the template names an author and holds a picture of itself."""
    from docx.oxml.ns import qn

    properties = word.core_properties
    properties.title = say("document_title")
    properties.subject = say("document_draft")
    # A word processor spells English as a country does.
    spelled = properties.language = "en-US" if spoken() == ENGLISH else spoken()
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    properties.revision = 1
    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), spelled)
    package = word.part.package
    for name, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[name]
