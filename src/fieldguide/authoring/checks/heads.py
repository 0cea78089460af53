"""The module's head, and what items claim to cover: statements and competencies that exist."""

from __future__ import annotations

from collections.abc import Iterator

from fieldguide.authoring.checks.course_text import CourseText
from fieldguide.authoring.checks.findings import Finding, error
from fieldguide.cells.kinds import CASE

#: Competencies of CSWE's EPAS 2022 that a head may name: the four behaviors of the first (ethics), one of the third
#: (cultural humility), and the others as a whole.
COMPETENCIES = ("1a", "1b", "1c", "1d", "2", "3", "3b", "4", "5", "6", "7", "8", "9")


def check(course: CourseText) -> Iterator[Finding]:
    """Find unknown statements and competencies, and statements that a head names and no item covers."""
    for module in course.modules:
        for competency in module.module.competencies:
            if competency not in COMPETENCIES:
                what = f"there is no competency '{competency}'."
                yield error(
                    module.file, module.head_line("competencies"), what, f"Expected of: {', '.join(COMPETENCIES)}."
                )
        covered = {statement for question in module.questions for statement in question.item.covers}
        for statement in module.module.covers:
            if statement not in course.statements:
                yield _unknown(module.file, module.head_line("covers"), "the head", statement)
            elif statement not in covered:
                what = f"the head names {statement}, which no item of this module covers."
                yield error(
                    module.file, module.head_line("covers"), what, "Expected an item that does, or a head without it."
                )
        for question in module.questions:
            for statement in question.item.covers:
                if statement not in course.statements:
                    yield _unknown(module.file, question.line("covers"), f"item '{question.item.id}'", statement)
        for cell in module.module.cells:
            for statement in cell.asked.covers if cell.kind is CASE else ():
                if statement not in course.statements:
                    yield _unknown(module.file, cell.line, f"case '{cell.id}'", statement)


def _unknown(file: str, line: int, who: str, statement: str) -> Finding:
    what = f"{who} covers '{statement}', which is no statement of the guide."
    return error(file, line, what, "Expected an id of modules/data/statements.csv.")
