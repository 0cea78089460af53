"""The pages of the site that are made of the modules: paths with a calendar, handouts, plans, and two maps.

Nothing stands in them that a student's edition withholds: no graded key, no rationale, and of a graded case neither
commentary nor plan, since both say what can be defended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fieldguide.authoring.checks.course_text import CourseText, ModuleText, read_course
from fieldguide.authoring.checks.minutes import parts_of
from fieldguide.authoring.discussion import Discussion
from fieldguide.authoring.kinds import DISCUSSION
from fieldguide.authoring.routes import FIRST_PART, Route
from fieldguide.authoring.standards import read_listed
from fieldguide.cases.model import Case
from fieldguide.cells.kinds import CASE, ITEM
from fieldguide.coursepage.reading import read_module_notebook
from fieldguide.items import Essay, Problem, ReadingError
from fieldguide.items.competencies import COMPETENCIES
from fieldguide.paper.worksheet import worksheet_page
from fieldguide.plainfiles import read_own_text
from fieldguide.player.half import EVEN
from fieldguide.report.epas import confirm, title_of

HANDOUTS = Path("docs", "teach", "handouts")
PARTS = Path("docs", "teach", "made")
#: Where the worksheets stand in the site, beside docs/.
WORKSHEETS = "worksheets"
_LINES = 4
#: From its bold first words to the next paragraph that begins so.
_ONE_CLASS = re.compile(r"^\*\*One class .*?(?=\n\n\*\*|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Told:
    """A case with its module, whether it is beyond the core path, and its plan for class."""

    module: ModuleText
    case: Case
    optional: bool
    plan: Discussion

    @property
    def name(self) -> str:
        """The name of its handout: the case's id, which no other case has."""
        return self.case.id


def pages(project: Path) -> dict[Path, str]:
    """The Markdown of every page, by its path below the project. Raises ReadingError where a module has an error."""
    course = read_course(project)
    cases = list(_cases(course))
    made = {PARTS / f"{name}.md": text for name, text in _parts(project, course, cases)}
    return made | {HANDOUTS / f"{told.name}.md": _handout(told) for told in cases}


def worksheets(project: Path) -> dict[str, str]:
    """Each module as it is printed, by its id: of a check in two forms, for the half that is asked form A first."""
    made = {}
    for path in sorted((project / "release").glob("*/*.ipynb")):
        notebook = read_module_notebook(path)
        half = EVEN if notebook.head.odd else None
        made[path.stem] = worksheet_page(notebook, path.parent, half, None, large=False)
    return made


def _parts(project: Path, course: CourseText, cases: list[Told]) -> Iterator[tuple[str, str]]:
    yield "paths", "\n\n".join(_path(course, route, cases) for route in course.routes)
    yield "times", _times(course)
    yield "cases", _list_of_cases(cases)
    yield "plans", "\n\n".join(map(_plan, cases))
    yield "competencies", _competencies(course)
    yield "standards", _standards(project, course)
    yield "points", _points(course)
    yield "worksheets", "\n".join(_worksheet(module) for module in course.modules)
    yield "one-class", _one_class(course)
    yield "accessibility", _untried(project)


def _cases(course: CourseText) -> Iterator[Told]:
    for module in course.modules:
        plans = {plan.case: plan for plan in module.module.asked(DISCUSSION)}
        for cell in module.module.cells:
            if case := cell.of(CASE):
                yield Told(module, case, "optional" in cell.tags, plans[case.id])


def _title(module: ModuleText) -> str:
    return f"{module.number} {module.module.title}"


def _minutes(minutes: float) -> str:
    return f"{round(minutes)} min"


def _path(course: CourseText, route: Route, cases: list[Told]) -> str:
    """A path with a row for each week, and what it takes a student."""
    rows, total = [], 0.0
    for week, (number, how) in enumerate(route.takes.items(), 1):
        module = next(one for one in course.modules if one.number == number)
        parts = [part.minutes for part in parts_of(module)][: 1 if how == FIRST_PART else None]
        total += sum(parts)
        what = f"{_title(module)}, its first sitting" if how == FIRST_PART else _title(module)
        sittings = " + ".join(_minutes(part) for part in parts)
        here = [told for told in cases if told.module is module and not told.optional]
        talk = "; ".join(f"{_link(told)} ({told.plan.minutes} min)" for told in here) or "–"
        rows.append(f"| {week} | {what} | {sittings} | {talk} |")
    head = ["| week | module | a student's time, by sittings | to talk about in class |", "|---|---|---|---|"]
    facts = f"{route.about} All together about {round(total)} minutes of a student's own time."
    return "\n".join([f"## {route.title}", "", facts, "", *head, *rows])


def _one_class(course: CourseText) -> str:
    """How one meeting goes, as the first module that a path takes in part tells instructors."""
    number = next(number for route in course.routes for number, how in route.takes.items() if how == FIRST_PART)
    module = next(one for one in course.modules if one.number == number)
    told = "\n\n".join(text.cell.source for text in module.texts if "instructor" in text.cell.tags)
    if plan := _ONE_CLASS.search(told):
        return plan[0]
    raise ReadingError([Problem(module.file, 1, "its notes for instructors have no '**One class …**'.", "Write one.")])


def _untried(project: Path) -> str:
    """What the conformance report says in sum, and what no person has tried."""
    report = read_own_text(project / "docs" / "accessibility.md")
    (summed,) = re.findall(r"^Of \d+ criteria: .*$", report, re.MULTILINE)
    untried = report.partition("## What no person has tried")[2].partition("\n## ")[0].strip()
    return f"> {summed}\n\n**What no person has tried:**\n\n{untried}"


def _worksheet(module: ModuleText) -> str:
    # As HTML, since Sphinx knows no page of that name.
    return f'- <a href="../{WORKSHEETS}/{module.module.id}.html">{_title(module)}</a>'


def _times(course: CourseText) -> str:
    head = ["| module | sittings | practice | graded | points | cases |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *map(_time, course.modules)])


def _time(module: ModuleText) -> str:
    core = [cell for cell in module.module.cells if "optional" not in cell.tags]
    items = [item for cell in core if (item := cell.of(ITEM)) and not cell.parallel_to]
    uses = [sum(item.use == use for item in items) for use in ("practice", "graded")]
    points = sum(item.points or 0 for item in items)
    cases = sum(cell.kind is CASE for cell in core)
    sittings = " + ".join(_minutes(part.minutes) for part in parts_of(module))
    return f"| {_title(module)} | {sittings} | {uses[0]} | {uses[1]} | {points:g} | {cases} |"


def _points(course: CourseText) -> str:
    """The points of each module: how many a key gives, and how many people give."""
    rows = ["| module | graded questions | essay | in all |", "|---|---|---|---|"]
    for module in course.modules:
        graded = module.module.items("graded")
        essay = sum(item.points or 0 for item in graded if item.BY_PERSON)
        keyed = sum(item.points or 0 for item in graded if not item.BY_PERSON)
        if essay or keyed:
            rows.append(f"| {_title(module)} | {keyed:g} | {essay:g} | {keyed + essay:g} |")
    return "\n".join(rows)


def _link(told: Told) -> str:
    return f"[{told.case.title}](/{HANDOUTS.as_posix()}/{told.name}.md)"


def _list_of_cases(cases: list[Told]) -> str:
    rows = ["| case | module | in class | |", "|---|---|---|---|"]
    for told in cases:
        kind = "graded, argued in an essay" if told.case.graded else "not graded"
        kind += ", optional" if told.optional else ""
        rows.append(f"| {_link(told)} | {_title(told.module)} | {told.plan.minutes} min | {kind} |")
    names = "\n".join(f"/{HANDOUTS.as_posix()}/{told.name}" for told in cases)
    return "\n".join([*rows, "", "```{toctree}", ":hidden:", names, "```"])


def _handout(told: Told) -> str:
    """A case on one sheet: what happened, what is asked, and room to write."""
    case = told.case
    lines = [f"# {plain(case.title)}", "", f"*A case of module {_title(told.module)}.*", ""]
    if case.note:
        lines += [f"**{plain(case.note)}**", ""]
    lines += [*_paragraphs(case.vignette), "## First, by yourself", "", *_paragraphs(case.start.text or "")]
    lines += [*_paragraphs(case.start.question), *_boxes(option.text for option in case.start.options.values()), ""]
    if case.decision.prompts:
        lines += ["## To talk about", "", *(f"- {plain(prompt)}" for prompt in case.decision.prompts), ""]
    lines += ["## In the end", "", *_paragraphs(case.decision.question), *_boxes(case.decision.options.values()), ""]
    lines += ["Why? In a sentence or two:", "", _room(), ""]
    lines += ["Everybody in this case is made up. Don't tell of a real client while you talk about it."]
    return "\n".join(lines) + "\n"


def _room() -> str:
    return "\n".join(["```{raw} html", *['<div class="handout-line" aria-hidden="true"></div>'] * _LINES, "```"])


def _boxes(texts: Iterable[str]) -> list[str]:
    return [f"- ☐ {plain(text)}" for text in texts]


def _paragraphs(text: str) -> list[str]:
    return [line for part in re.split(r"\n\s*\n", text.strip()) if part for line in (plain(part), "")]


def _plan(told: Told) -> str:
    case, plan = told.case, told.plan
    head = f"## {plain(case.title)}\n\nModule {_title(told.module)}, {plan.minutes} minutes. Handout: {_link(told)}."
    if case.graded:
        where = (
            "This case is graded, so its plan is not on these pages: it says what can be defended. You find it in the "
            "printed key (Print it, on the desk), and in the instructor's notebook, right after the case."
        )
        return f"{head}\n\n{where}"
    return "\n\n".join([head, *_plan_parts(plan)])


def _plan_parts(plan: Discussion) -> Iterator[str]:
    # The plans are Markdown, as the instructor's notebook shows them.
    yield "\n".join(f"{number}. {' '.join(text.split())}" for number, text in enumerate(plan.questions, 1))
    for title, texts in (("Positions to draw out", plan.positions), ("Listen for", plan.listen)):
        yield f"**{title}**"
        yield "\n".join(f"- {' '.join(text.split())}" for text in texts)
    yield f"**To close:** {plan.close}"


def _competencies(course: CourseText) -> str:
    """Where the course asks for each competency: questions and criteria by number, cases by name."""
    rows = ["| competency | graded questions | essay criteria | cases |", "|---|---|---|---|"]
    for competency in COMPETENCIES:
        questions: dict[str, int] = {}
        criteria: dict[str, int] = {}
        cases = []
        for module in course.modules:
            for cell in module.module.cells:
                item, case = cell.of(ITEM), cell.of(CASE)
                if case and competency in case.competencies:
                    cases.append(plain(case.title))
                if item is None or cell.echoed:
                    continue
                if competency in item.competencies and item.use == "graded" and not item.BY_PERSON:
                    _count(questions, module.number)
                if isinstance(item, Essay) and not item.task:
                    for criterion in item.rubric.values():
                        if competency in criterion.competencies:
                            _count(criteria, module.number)
        if questions or criteria or cases:
            told = f"{_counted(questions)} | {_counted(criteria)}"
            rows.append(f"| **{competency}** {title_of(competency)} | {told} | {', '.join(cases) or '–'} |")
    return "\n".join([*rows, "", "**A person has to confirm:**", "", *(f"- {text}" for text in confirm())])


def _count(places: dict[str, int], number: str) -> None:
    places[number] = places.get(number, 0) + 1


def _counted(places: dict[str, int]) -> str:
    return ", ".join(f"{number}: {many}" for number, many in places.items()) or "–"


def _standards(project: Path, course: CourseText) -> str:
    """Where practice questions and cases rest on each standard. Graded ones are left out: which standard a key rests on
    can be the key."""
    listed = read_listed(project)
    found: dict[str, list[str]] = {}
    for module in course.modules:
        for cell in module.module.cells:
            item, case = cell.of(ITEM), cell.of(CASE)
            asked = case if case and not case.graded else item if item and item.use == "practice" else None
            if asked is None or cell.echoed:
                continue
            for standard in asked.standards:
                places = found.setdefault(standard, [])
                if module.number not in places:
                    places.append(module.number)
    rows = ["| standard | what it is about, in our words | how sure we are | practiced in |", "|---|---|---|---|"]
    for name, entry in listed.items():
        if name in found:
            gist = plain(entry.get("gist", "")).replace("|", "/")
            rows.append(f"| {name} | {gist} | {entry.get('verdict', '')} | {', '.join(found[name])} |")
    return "\n".join(rows)


def plain(text: str) -> str:
    """A text of ours, in which no sign is Markdown's, in one line."""
    return re.sub(r"([\\`*_{}\[\]<>#|$~])", r"\\\1", " ".join(text.split()))
