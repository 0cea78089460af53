"""The overview of what the modules cover and contain: docs/coverage.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fieldguide.authoring.checks.course_text import CourseText, ModuleText, Question
from fieldguide.authoring.checks.coverage import Coverage, coverage_of
from fieldguide.authoring.checks.findings import Finding, error
from fieldguide.authoring.checks.keys import longest, one_best, positions
from fieldguide.authoring.checks.minutes import parts_of
from fieldguide.authoring.checks.plan import keyed
from fieldguide.authoring.checks.reading_grade import module_grade
from fieldguide.authoring.checks.routes import minutes_of
from fieldguide.authoring.module import Cell
from fieldguide.authoring.routes import FIRST_PART, Route
from fieldguide.cells.kinds import CASE
from fieldguide.plainfiles import read_own_text

PAGE = Path("docs", "coverage.md")


def page(course: CourseText) -> str:
    """The text of the page."""
    covered = coverage_of(course)
    lines = [
        "# What the modules cover and hold",
        "",
        "`./run check --write` writes this page from `modules/`; `./run check` fails when it is out of date.",
        "",
        f"## {summary(covered)}",
        "",
        "Statements of the guide by our numbers and in our words. An asterisk marks those that a graded item with a",
        "key meets too. Items are named with their module; essays, which people score, stand in italics.",
        "",
        "| statement | in practice | graded |",
        "|---|---|---|",
        *(_statement(statement) for statement in covered),
        "",
        "## The modules",
        "",
        "Minutes of the core path by rule: 200 words a minute, with the items and the reasons of those for practice;",
        "half a minute to think about a choice and 1 about other items; 5 to plan an essay, and 15 words a minute to",
        "write it; of a case the longest path, half a minute for a decision and 1 to send the last; 1.5 minutes for a",
        "step of a worksheet, 2 for a heading of the policy. Parts between two stopping points are joined by +.",
        "Cases: with how many endings; optional ones in brackets. Reading grade after Flesch and Kincaid. Keys: of the",
        "choices of one option, how many keys stand first, second, third; and how many are the longest option.",
        "",
        "| module | minutes | practice | graded | check | cases (endings) | reading grade | keys | longest |",
        "|---|---|---|---|---|---|---|---|---|",
        *(_module(module) for module in course.modules),
        *_routes(course),
    ]
    return "\n".join(lines) + "\n"


def summary(covered: list[Coverage]) -> str:
    """How many statements are met, in one line."""
    asked = [statement for statement in covered if statement.statement.graded]
    practiced = sum(bool(statement.practice) for statement in covered)
    graded = sum(bool(statement.graded) for statement in asked)
    return f"{practiced} of {len(covered)} statements practiced, {graded} of {len(asked)} graded too"


def check(course: CourseText) -> Iterator[Finding]:
    """Report a page that differs from what the modules give."""
    target = course.project / PAGE
    if not target.exists() or read_own_text(target) != page(course):
        yield error(PAGE.as_posix(), 1, "this page is out of date.", "Run: ./run check --write")


def _statement(covered: Coverage) -> str:
    statement = covered.statement
    graded = [*(_named(question) for question in covered.graded), *(f"*{_named(essay)}*" for essay in covered.essays)]
    practice = ", ".join(_named(question) for question in covered.practice)
    mark = r"\*" if statement.graded else ""
    return f"| **{statement.id}**{mark} {statement.gist} | {practice or '–'} | {', '.join(graded) or '–'} |"


def _named(question: Question) -> str:
    return f"{Path(question.file).name[:2]} {question.item.id}"


def _module(module: ModuleText) -> str:
    choices = one_best(module)
    essays = len(module.core("graded")) - keyed(module)
    tasks = len(module.core("practice")) - keyed(module, "practice")
    fields = [
        f"{module.number} {module.module.title}",
        " + ".join(f"{part.minutes:.1f}" for part in parts_of(module)),
        f"{keyed(module, 'practice')}" + (f" + {tasks} to write" if tasks else ""),
        f"{keyed(module)}" + (f" + {essays} essay" if essays else ""),
        str(len(module.core("check"))),
        ", ".join(_case(cell) for cell in module.module.cells if cell.kind is CASE) or "–",
        f"{module_grade(module):.1f}",
        ", ".join(str(times) for times in positions(choices)) or "–",
        f"{longest(choices)} of {len(choices)}",
    ]
    return f"| {' | '.join(fields)} |"


def _routes(course: CourseText) -> list[str]:
    if not course.routes:
        return []
    return [
        "",
        "## Routes",
        "",
        "For classes with less time. Minutes by the same rule, on one's own; what is done in class comes on top.",
        "",
        "| route | takes | minutes | |",
        "|---|---|---|---|",
        *(_route(course, route) for route in course.routes),
    ]


def _route(course: CourseText, route: Route) -> str:
    taken = [f"{module}, {how}" if how == FIRST_PART else module for module, how in route.takes.items()]
    return f"| {route.title} | {'; '.join(taken)} | {minutes_of(course, route):.0f} | {route.about} |"


def _case(cell: Cell) -> str:
    named = f"{cell.asked.id} ({len(cell.asked.endings)})"
    return f"[{named}]" if "optional" in cell.tags else named
