"""How much a module contains: a path that fits a class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fieldguide.authoring.checks.course_text import CourseText, ModuleText, Question
from fieldguide.authoring.checks.findings import Finding, error
from fieldguide.authoring.checks.prose import count_words
from fieldguide.cases.model import Case
from fieldguide.cells.kinds import CASE
from fieldguide.items import Essay
from fieldguide.items.essay import Profile


@dataclass(frozen=True, slots=True)
class Plan:
    """What a module should contain. ``practice`` and ``graded`` count the items with a key; essays are extra.

    ``cases`` counts those of the core path; one or two optional ones may be added.
    """

    parts: tuple[int, int]
    practice: tuple[int, int]
    graded: tuple[int, int]
    cases: int


#: The questions are one sitting, and the case is another; the essay may be a third. The tips are twelve, so their
#: module has a sitting more.
_PLAN = Plan(parts=(2, 3), practice=(6, 8), graded=(4, 6), cases=1)
_A_SITTING_MORE = {"02": Plan(parts=(3, 4), practice=(12, 16), graded=(8, 10), cases=2)}
_OPTIONAL_CASES = (1, 2)
#: How many decisions a path through a case has.
_DECISIONS = (2, 3)
#: A graded case is scored by these many criteria, each of these many points.
_CRITERIA, _POINTS = 5, 3
#: How many times as long as the essay asks for a model answer may be.
_OVER = 1.15
_ECHOES = (2, 3)
_CHECK_ITEMS = 12


def plan_of(module: ModuleText) -> Plan:
    """The plan that a module follows."""
    return _A_SITTING_MORE.get(module.number, _PLAN)


def keyed(module: ModuleText, use: str = "graded") -> int:
    """The number of items of one use that have a key and that every student meets."""
    return sum(not question.item.BY_PERSON for question in module.core(use))


def check(course: CourseText) -> Iterator[Finding]:
    """Find modules with too few or too many items, and modules of another number of parts."""
    for module in course.modules:
        if module.number not in course.sections:
            number = len(module.core("check"))
            if number not in (0, _CHECK_ITEMS):
                yield _wrong(module, f"{number} check items", f"{_CHECK_ITEMS}, as before and after the course")
            continue
        plan = plan_of(module)
        twins = [question for question in module.core("practice") if question.item.again]
        practice = keyed(module, "practice") - sum(not twin.item.BY_PERSON for twin in twins)
        graded = keyed(module)
        essays = len(module.core("graded")) - graded
        if not plan.practice[0] <= practice <= plan.practice[1]:
            yield _wrong(module, f"{practice} practice items", _from_to(plan.practice))
        if not plan.graded[0] <= graded <= plan.graded[1]:
            yield _wrong(module, f"{graded} graded items with a key", _from_to(plan.graded))
        if essays != 1:
            yield _wrong(module, f"{essays} graded essays", "one, on the case")
        yield from _check_cases(module, plan)
        stops = sum("stop" in cell.tags for cell in module.module.cells)
        least, most = plan.parts[0] - 1, plan.parts[1] - 1
        if not least <= stops <= most:
            yield _wrong(
                module, f"{stops} stopping points", f"{least} or {most}: cells of Markdown with the tag 'stop'"
            )
        echoes = sum(cell.echoed for cell in module.module.cells) + len(twins)
        before = [other for other in course.modules if other.number < module.number]
        earlier = any(other.number in course.sections for other in before)
        if earlier and not _ECHOES[0] <= echoes <= _ECHOES[1]:
            yield _wrong(module, f"{echoes} echoes of earlier items", _from_to(_ECHOES))
        known = {question.item.id for other in before for question in other.core("practice")}
        for question in twins:
            if question.item.again not in known:
                what = f"item '{question.item.id}' takes up '{question.item.again}' again."
                yield error(
                    question.file, question.line("again"), what, "Expected a practice item of an earlier module."
                )


def _check_cases(module: ModuleText, plan: Plan) -> Iterator[Finding]:
    cells = [cell for cell in module.module.cells if cell.kind is CASE]
    optional = sum("optional" in cell.tags for cell in cells)
    if len(cells) - optional != plan.cases:
        yield _wrong(module, f"{len(cells) - optional} cases on the core path", str(plan.cases))
    if not _OPTIONAL_CASES[0] <= optional <= _OPTIONAL_CASES[1]:
        yield _wrong(module, f"{optional} optional cases", "one or two, with the tag 'optional'")
    essays = {item.id: item for item in module.module.items("graded") if item.BY_PERSON}
    argued = [cell.asked.decision.essay for cell in cells if cell.asked.decision.essay]
    if argued != list(essays):
        yield _wrong(module, f"cases that are argued in {argued or 'no essay'}", f"{list(essays)}: 'essay:' of a case")
    for cell in cells:
        case: Case = cell.asked
        lengths = sorted(_path_lengths(case, case.start.id))
        if lengths[0] < _DECISIONS[0] or lengths[-1] > _DECISIONS[1]:
            what = f"case '{case.id}' has paths of {lengths[0]} to {lengths[-1]} decisions."
            yield error(module.file, cell.line, what, f"Expected {_DECISIONS[0]} to {_DECISIONS[1]} on every path.")
    for question in module.core("graded"):
        if isinstance(question.item, Essay):
            yield from _check_rubric(question, question.item)


def _path_lengths(case: Case, name: str) -> set[int]:
    """The numbers of decisions on the paths that lead on from a scene or an ending."""
    ways = case.place(name).ways.values()
    return {1 + rest for to in ways for rest in _path_lengths(case, to)} or {0}


def _check_rubric(question: Question, essay: Essay) -> Iterator[Finding]:
    points = [criterion.points for criterion in essay.rubric.values()]
    if points != [_POINTS] * _CRITERIA:
        what = f"essay '{essay.id}' has criteria of {', '.join(map(str, points))} points."
        yield error(question.file, question.line("rubric"), what, f"Expected {_CRITERIA} of {_POINTS} each.")
    if not essay.profiles:
        what = f"essay '{essay.id}' has no profiles."
        expected = "Expected 'profiles:' with whole answers of mixed strengths."
        yield error(question.file, question.line("id"), what, expected)
    yield from _check_profiles(question, essay)


def _check_profiles(question: Question, essay: Essay) -> Iterator[Finding]:
    for name, what, expected in misleading(essay, essay.profiles, "profile"):
        yield error(question.file, question.line("profiles", name), what, expected)


def misleading(essay: Essay, answers: dict[str, Profile], kind: str) -> Iterator[tuple[str | None, str, str]]:
    """What in sample answers would mislead scorers: which answer, what is wrong, what is expected."""
    counted = {name: count_words(answer.text) for name, answer in answers.items()}
    for name, words in counted.items():
        if essay.words and words > essay.words * _OVER:
            what = f"essay '{essay.id}': the {kind} '{name}' has {words} words, and about {essay.words} are asked for."
            yield name, what, "Expected what a student has room for."
    if not answers:
        return
    if all(len(set(answer.scores.values())) == 1 for answer in answers.values()):
        what = f"essay '{essay.id}': each {kind} has as many points in every criterion."
        yield None, what, "Expected answers that are good in one way and not in another."
    points = [answers[name].points for name in sorted(answers, key=lambda name: counted[name])]
    if len(points) > 1 and points == sorted(points):
        what = f"essay '{essay.id}': the longer a {kind} is, the more it earns."
        yield None, what, "Expected a long one that is weak, or a short one that is strong."


def _from_to(range_: tuple[int, int]) -> str:
    return f"{range_[0]} to {range_[1]}, more only in cells with the tag 'optional'"


def _wrong(module: ModuleText, found: str, expected: str) -> Finding:
    return error(module.file, module.head_line("title"), f"the module has {found}.", f"Expected {expected}.")
