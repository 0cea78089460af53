"""How much a module holds: a path that fits a class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fieldguide.authoring.checks.course import Course, ModuleText
from fieldguide.authoring.checks.findings import Finding, error
from fieldguide.items import Essay


@dataclass(frozen=True, slots=True)
class Plan:
    """What a module is meant to hold. ``graded`` counts the items with a key; the case's essay comes on top."""

    parts: int
    practice: tuple[int, int]
    graded: tuple[int, int]


_PLAN = Plan(parts=1, practice=(6, 8), graded=(4, 6))
#: The tips are twelve, so their module is two sittings.
_TWO_SITTINGS = {"02": Plan(parts=2, practice=(12, 16), graded=(8, 10))}
_ECHOES = (2, 3)
_CHECK_ITEMS = 12


def plan_of(module: ModuleText) -> Plan:
    """The plan that a module follows."""
    return _TWO_SITTINGS.get(module.number, _PLAN)


def keyed(module: ModuleText) -> int:
    """How many graded items with a key every student meets."""
    return sum(not isinstance(question.item, Essay) for question in module.core("graded"))


def check(course: Course) -> Iterator[Finding]:
    """Find modules with too few or too many items, and modules of another number of parts."""
    for module in course.modules:
        if module.number not in course.sections:
            number = len(module.core("check"))
            if number not in (0, _CHECK_ITEMS):
                yield _wrong(module, f"{number} check items", f"{_CHECK_ITEMS}, as before and after the course")
            continue
        plan = plan_of(module)
        practice, graded = len(module.core("practice")), keyed(module)
        essays = len(module.core("graded")) - graded
        if not plan.practice[0] <= practice <= plan.practice[1]:
            yield _wrong(module, f"{practice} practice items", _from_to(plan.practice))
        if not plan.graded[0] <= graded <= plan.graded[1]:
            yield _wrong(module, f"{graded} graded items with a key", _from_to(plan.graded))
        if essays != 1:
            yield _wrong(module, f"{essays} graded essays", "one, on the case")
        if not any("case" in text.cell.tags for text in module.texts):
            yield _wrong(module, "no case", "a cell of Markdown with the tag 'case'")
        stops = sum("stop" in cell.tags for cell in module.module.cells)
        if stops != plan.parts - 1:
            yield _wrong(module, f"{stops} stopping points", f"{plan.parts - 1}: cells of Markdown with the tag 'stop'")
        echoes = sum(cell.echo_of is not None for cell in module.module.cells)
        earlier = any(other.number in course.sections for other in course.modules if other.number < module.number)
        if earlier and not _ECHOES[0] <= echoes <= _ECHOES[1]:
            yield _wrong(module, f"{echoes} echoes of earlier items", _from_to(_ECHOES))


def _from_to(range_: tuple[int, int]) -> str:
    return f"{range_[0]} to {range_[1]}, more only in cells with the tag 'optional'"


def _wrong(module: ModuleText, found: str, expected: str) -> Finding:
    return error(module.file, module.head_line("title"), f"the module has {found}.", f"Expected {expected}.")
