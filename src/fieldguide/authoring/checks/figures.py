"""Pictures and numbers: a text for those who do not see a picture, and a source for a percentage.

Tables name their source in their data, which reading a module checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldguide.authoring.checks.course_text import CourseText, ModuleText
from fieldguide.authoring.checks.findings import Finding, error, remark

_FIGURE = re.compile(r"\b\d+(\.\d+)?\s?(%|percent\b)|\bof every hundred\b", re.IGNORECASE)
_WHENCE = re.compile(r"\b(19|20)\d\d\b|https?://|\b(table|made up|fictional|survey|study)\b", re.IGNORECASE)


def check(course: CourseText) -> Iterator[Finding]:
    """Find pictures without a text, and percentages without a source."""
    for module in course.modules:
        for text in module.texts:
            for picture in text.prose.pictures:
                if not picture.described:
                    expected = "Expected '![what it shows](file)', for those who do not see it."
                    yield error(module.file, picture.line, "this picture has no text in its place.", expected)
        yield from _percentages(module)


def _percentages(module: ModuleText) -> Iterator[Finding]:
    expected = "Expected a year, a source or a table beside it."
    for text in module.student_texts():
        if _WHENCE.search(text.cell.source):
            continue
        for block in text.prose.blocks:
            found = _FIGURE.search(block.text)
            if found:
                yield remark(module.file, block.line, f"'{found[0]}' comes from nowhere.", expected)
    for question in module.questions:
        found = _FIGURE.search(question.item.stem)
        if found and not _WHENCE.search(question.item.stem):
            what = f"item '{question.item.id}': '{found[0]}' comes from nowhere."
            yield remark(module.file, question.line("stem"), what, expected)
