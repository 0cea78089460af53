"""The form as a Word document: everything to read, and a small table to fill in below each key."""

from __future__ import annotations

import re
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import docx

from fieldguide.authoring.module import Module
from fieldguide.authoring.review.asked import Asked
from fieldguide.authoring.review.verdicts import VERDICTS, Filled, FormError, Verdict

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table

_QUESTION, _VERDICT, _WORDS = "Question", "Agree, dispute or qualify?", "In your own words"
_NAME, _LICENSE, _DATE = "Your name", "Your license and state", "Date"
_NAMED = re.compile(r"(?P<id>[a-z0-9-]+) \((?P<seen>[0-9a-f]+)\)\s*\Z")
_DATES = ("%Y-%m-%d", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%m/%d/%Y")
_ABOUT = (
    "Thank you for reading. No licensed social worker has read these keys, or only some; that is why you are asked. "
    "Please read the module first, as a student would.",
    "Below each question is a small table. Write agree, dispute or qualify in it. With dispute and qualify, say why in "
    "a sentence or two; with agree you may. Leave a table empty where you would rather not judge: it then counts as "
    "not read. Answer as you would practice, not as the course would like.",
    "At the end you sign with your name, your license and its state, and the date. These and what you write will be "
    "public, in the course and in its files. Please change nothing outside the tables; the short code after a "
    "question's name tells which wording you have read.",
)


def as_form(module: Module, asked: list[Asked]) -> bytes:
    """The form about a module, as the bytes of a Word document."""
    word = docx.Document()
    word.core_properties.title = f"Review of {module.title}"
    word.core_properties.author = ""
    word.add_paragraph(f"Review: {module.id[:2]} {module.title}", style="Title")
    for text in _ABOUT:
        word.add_paragraph(text)
    word.add_paragraph(f"Code of Ethics and standards last looked up: {module.code_checked}.")
    for part in asked:
        word.add_heading(f"{part.kind}: {part.id}", level=1)
        for label, text in part.texts:
            _labeled(word, label, text)
        _table(word, [(_QUESTION, f"{part.id} ({part.fingerprint})"), (_VERDICT, ""), (_WORDS, "")])
    word.add_heading("Your signature", level=1)
    _table(word, [(_NAME, ""), (_LICENSE, ""), (_DATE, "")])
    file = BytesIO()
    word.save(file)
    return file.getvalue()


def read_form(content: bytes) -> Filled:
    """Read a filled form. Raises FormError with everything that is missing or cannot be read."""
    try:
        word = docx.Document(BytesIO(content))
        tables = [_rows(table) for table in word.tables]
    except Exception as error:  # a file that is no Word document can make its reader raise anything
        raise FormError(
            [f"This is not a Word document that can be read ({type(error).__name__}). Expected .docx."]
        ) from None
    problems: list[str] = []
    verdicts: dict[str, Verdict] = {}
    signed: dict[str, str] = {}
    for rows in tables:
        if _QUESTION in rows:
            _take(rows, verdicts, problems)
        elif _NAME in rows:
            signed = rows
    if not verdicts and not problems:
        problems.append("No table says agree, dispute or qualify.")
    problems += [f"The signature has no '{label}'." for label in (_NAME, _LICENSE, _DATE) if not signed.get(label)]
    day = _day(signed.get(_DATE, ""))
    if signed.get(_DATE) and day is None:
        problems.append(f"'{signed[_DATE]}' is no date that can be read. Expected one such as December 3, 2026.")
    if problems or day is None:
        raise FormError(problems)
    return Filled(signed[_NAME], signed[_LICENSE], day, verdicts)


def _take(rows: dict[str, str], verdicts: dict[str, Verdict], problems: list[str]) -> None:
    named = _NAMED.match(rows[_QUESTION])
    given, says = rows.get(_VERDICT, ""), rows.get(_WORDS, "")
    if not given and not says:
        return
    if named is None:
        problems.append(f"A table asks about '{rows[_QUESTION]}', which is no name of a question with its code.")
        return
    found = next((verdict for verdict in VERDICTS if given.lower().strip(" .!").startswith(verdict)), None)
    if found is None:
        what = f"says '{given}'" if given else "has words and no verdict"
        problems.append(f"{named['id']} {what}. Expected {VERDICTS[0]}, {VERDICTS[1]} or {VERDICTS[2]}.")
    elif found != "agree" and not says:
        problems.append(f"{named['id']} says {found} and not why. Expected a sentence below it.")
    elif named["id"] in verdicts:
        problems.append(f"{named['id']} has two tables. Expected one.")
    else:
        verdicts[named["id"]] = Verdict(found, named["seen"], says)


def _day(text: str) -> date | None:
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def _labeled(word: Document, label: str, text: str) -> None:
    paragraph = word.add_paragraph()
    paragraph.add_run(f"{label}. " if label[-1] not in ".?!" else f"{label} ").bold = True
    paragraph.add_run(text)


def _table(word: Document, rows: list[tuple[str, str]]) -> None:
    table = word.add_table(rows=0, cols=2, style="Table Grid")
    for label, text in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, text
    word.add_paragraph()


def _rows(table: Table) -> dict[str, str]:
    return {
        " ".join(row.cells[0].text.split()): " ".join(row.cells[-1].text.split()) for row in table.rows if row.cells
    }
