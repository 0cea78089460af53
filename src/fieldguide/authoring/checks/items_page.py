"""The page that shows what the items measure, and what gives keys away: docs/items.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fieldguide.authoring.checks.course_text import CourseText, Question
from fieldguide.authoring.checks.cues import CUES, TOO_OFTEN, TOO_SELDOM, Figures, figures_of
from fieldguide.authoring.checks.findings import Finding, error
from fieldguide.authoring.checks.variety import graded_with_key, is_one_best, numbers_of_keys
from fieldguide.plainfiles import read_own_text

PAGE = Path("docs", "items.md")
BEGIN, END = "<!-- measured: ./run check --write -->", "<!-- end of what is measured -->"
_TITLE = "# What the items measure\n"
_USES = ("practice", "graded", "check")


def page(course: CourseText) -> str:
    """The text of the page; what people wrote around the measured part is kept."""
    target = course.project / PAGE
    written = read_own_text(target) if target.exists() else ""
    before, begun, rest = written.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not begun or not ended:
        before, after = written or f"{_TITLE}\n", "\n"
    return f"{before}{BEGIN}\n\n{_measured(course)}\n\n{END}{after}"


def check(course: CourseText) -> Iterator[Finding]:
    """Report a page that differs from what the modules give."""
    target = course.project / PAGE
    if not target.exists() or read_own_text(target) != page(course):
        yield error(PAGE.as_posix(), 1, "this page is out of date.", "Run: ./run check --write")


def _measured(course: CourseText) -> str:
    figures = figures_of(course)
    sections = [
        _cues(figures),
        _modules(course, figures),
        _types(course),
        _differences(course),
        _given(course, figures),
    ]
    return "\n\n".join(sections)


def _cues(figures: Figures) -> str:
    columns = [figures.of(), *(figures.of(use) for use in _USES)]
    lines = [
        "## Without reading a stem",
        "",
        f"One-best items of the core path: {', '.join(_counted(figures))}. A share in bold is out of bounds: below",
        f"{TOO_SELDOM:.2f}, or {TOO_OFTEN:.2f} and above. Only the first column has bounds.",
        "",
        "| how often the key is the option that… | all | practice | graded | check |",
        "|---|---|---|---|---|",
        _row("a blind guess picks", [figures.chance(places) for places in columns], bounds=False),
        *(_row(name, [figures.cue(name, places) for places in columns]) for name in CUES),
        _row("the model picks", [figures.by_model(places) for places in columns], least=0.0),
    ]
    return "\n".join(lines)


def _counted(figures: Figures) -> list[str]:
    return [f"{len(figures.of())} in all", *(f"{len(figures.of(use))} {use}" for use in _USES)]


def _row(name: str, shares: list[float], *, bounds: bool = True, least: float = TOO_SELDOM) -> str:
    cells = [f"{share:.2f}" for share in shares]
    if bounds and not least <= shares[0] < TOO_OFTEN:
        cells[0] = f"**{cells[0]}**"
    return f"| {' | '.join([name, *cells])} |"


def _modules(course: CourseText, figures: Figures) -> str:
    lines = [
        "## Module by module",
        "",
        "How often the model picks the key when it has learned from the other modules; how often the key is the",
        "shortest, neither, or the longest; how many keys, and how many distractors, open by going ahead.",
        "",
        "| module | one-best items | model | shortest, neither, longest | keys going ahead | distractors going ahead |",
        "|---|---|---|---|---|---|",
    ]
    lengths = ("is the shortest", "is neither longest nor shortest", "is the longest")
    for module in course.modules:
        places = figures.of(module=module.number)
        if not places:
            continue
        shown = [figures.items[place] for place in places]
        keys = sum(item.options[item.key].ahead for item in shown)
        others = sum(option.ahead for item in shown for option in item.options) - keys
        distractors = sum(len(item.options) - 1 for item in shown)
        cells = ", ".join(f"{figures.cue(name, places):.2f}" for name in lengths)
        fields = [
            f"{module.number} {module.module.title}",
            str(len(places)),
            f"{figures.by_model(places):.2f}",
            cells,
            f"{keys} of {len(places)}",
            f"{others} of {distractors}",
        ]
        lines.append(f"| {' | '.join(fields)} |")
    return "\n".join(lines)


def _types(course: CourseText) -> str:
    graded = _graded(course)
    others = [question for question in graded if not is_one_best(question.item)]
    counted = [f"{times} with {number}" for number, times in sorted(numbers_of_keys(course).items())]
    return "\n".join(
        [
            "## More than choosing one",
            "",
            f"Of {len(graded)} graded items with a key, {len(others)} ask for more than one option of a list.",
            f"Keys in choices of several options: {', '.join(counted) or 'none'}.",
        ]
    )


def _differences(course: CourseText) -> str:
    lines = [
        "## What the graded items turn on",
        "",
        "What somebody who has read the module knows here that others do not, as the author put it (`turns_on`).",
        "R: a good student without the module is meant to miss it.",
        "",
        "| item | type | turns on |",
        "|---|---|---|",
        *(_difference(question) for question in _graded(course)),
    ]
    return "\n".join(lines)


def _graded(course: CourseText) -> list[Question]:
    return [question for module in course.modules for question in graded_with_key(module)]


def _difference(question: Question) -> str:
    item = question.item
    kind = type(item).__name__.lower()
    if kind == "choice":
        kind = "one-best" if is_one_best(item) else "several"
    turns_on = (item.turns_on or "–").replace("|", r"\|").replace("\n", " ")
    return f"| {Path(question.file).name[:2]} {item.id} | {kind} | {turns_on} |"


def _given(course: CourseText, figures: Figures) -> str:
    lines = ["## Items whose options give the key away", "", "To the model, without a stem; the plainest first.", ""]
    for module in course.modules:
        given = figures.given_away(figures.of(module=module.number))
        if given:
            lines.append(f"- {module.number}: {', '.join(question.item.id for question in given)}")
    return "\n".join(lines if len(lines) > 4 else [*lines, "None."])
