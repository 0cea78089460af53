"""How long a module takes a student, computed by rule."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fieldguide.authoring.checks.course_text import CourseText, ModuleText
from fieldguide.authoring.checks.findings import Finding, error, remark
from fieldguide.cells.minutes import WORDS_A_MINUTE

LONGEST_PART = 45
#: A head may promise a little more time than the rule gives; with more than this it is worth a look.
_SPARE = 10
_CALLED_OPTIONAL = re.compile(r"#{1,6}\s+optional\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """What stands between two stopping points: the line of the first, and its minutes."""

    line: int
    minutes: float


def parts_of(module: ModuleText) -> list[Part]:
    """The parts of a module's core path: what every student reads and answers.

    Cells for the instructor and optional cells take no minutes, and of two parallel items one does. A cell with the tag
    ``stop`` ends a part.
    """
    parts = []
    line, minutes = 1, 0.0
    texts = iter(module.texts)
    for cell in module.module.cells:
        text = next(texts) if cell.is_text else None
        if not {"instructor", "optional"} & set(cell.tags) and not cell.parallel_to:
            minutes += text.prose.words / WORDS_A_MINUTE if text else 0
            minutes += cell.kind.minutes(cell.asked) if cell.kind else 0
        if "stop" in cell.tags:
            parts.append(Part(line, minutes))
            line, minutes = cell.line, 0.0
    return [*parts, Part(line, minutes)]


def check(course: CourseText) -> Iterator[Finding]:
    """Find parts that are longer than a class, and heads that state another time than the module takes."""
    for module in course.modules:
        parts = parts_of(module)
        for number, part in enumerate(parts, 1):
            if part.minutes > LONGEST_PART:
                which = "the core path" if len(parts) == 1 else f"part {number} of the core path"
                what = f"{which} takes {part.minutes:.1f} minutes."
                expected = f"Expected at most {LONGEST_PART}: shorten it, or mark cells with the tag 'optional'."
                yield error(module.file, part.line, what, expected)
        total, stated = sum(part.minutes for part in parts), module.module.minutes
        if total > stated:
            what = f"the head says {stated} minutes; the core path takes {total:.1f}."
            yield error(module.file, module.head_line("minutes"), what, f"Expected 'minutes: {math.ceil(total)}'.")
        elif stated - total > _SPARE:
            what = f"the head says {stated} minutes; the core path takes {total:.1f}."
            yield remark(module.file, module.head_line("minutes"), what, f"Perhaps 'minutes: {math.ceil(total)}'.")
        for text in module.texts:
            if _CALLED_OPTIONAL.match(text.cell.source) and "optional" not in text.cell.tags:
                what = "this cell is called optional, and its minutes count."
                yield error(module.file, text.line, what, 'Expected \'+++ {"tags": ["optional"]}\' before it.')
