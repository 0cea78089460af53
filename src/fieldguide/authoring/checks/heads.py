"""The module's head, and what items claim to cover: statements and competencies that exist."""

from __future__ import annotations

from collections.abc import Iterator

from fieldguide.authoring.checks.course_text import CourseText
from fieldguide.authoring.checks.findings import Finding, error
from fieldguide.cases.model import Case
from fieldguide.cells.kinds import CASE
from fieldguide.items import Essay, Item
from fieldguide.items.competencies import COMPETENCIES


def check(course: CourseText) -> Iterator[Finding]:
    """Find unknown statements and competencies, and statements that a head names and no item covers."""
    for module in course.modules:
        for competency in module.module.competencies:
            if competency not in COMPETENCIES:
                what = f"there is no competency '{competency}'."
                yield error(
                    module.file, module.head_line("competencies"), what, f"Expected of: {', '.join(COMPETENCIES)}."
                )
        cases: list[Case] = module.module.asked(CASE)
        shown: list[Item | Case] = [*(question.item for question in module.questions), *cases]
        for competency in sorted({name for one in shown for name in _shown(one)} - set(module.module.competencies)):
            what = f"questions or cases name competency {competency}, which the head does not."
            yield error(module.file, module.head_line("competencies"), what, "Add it there, or take it out of them.")
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


def _shown(one: Item | Case) -> Iterator[str]:
    """The competencies that an item, its rubric or a case names."""
    yield from one.competencies
    for criterion in one.rubric.values() if isinstance(one, Essay) else ():
        yield from criterion.competencies


def _unknown(file: str, line: int, who: str, statement: str) -> Finding:
    what = f"{who} covers '{statement}', which is no statement of the guide."
    return error(file, line, what, "Expected an id of modules/data/statements.csv.")
