"""How long a module takes a student, worked out by rule."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fieldguide.authoring.checks.course_text import CourseText, ModuleText
from fieldguide.authoring.checks.findings import Finding, error, remark
from fieldguide.authoring.module import Cell
from fieldguide.cases.model import Case
from fieldguide.items import Choice, Entry, Essay, Hottext, Item, Match, Order, Selection

WORDS_A_MINUTE = 200
ESSAY_WORDS_A_MINUTE = 15
LONGEST_PART = 45
#: Thinking comes on top of reading: about which option of a list, about an answer of another type, about an essay.
_PICKING = 0.5
_OTHERS = 1.0
_PLANNING = 5.0
_CHOOSING = 0.5
_SENDING = 1.0
_A_STEP = 1.5
_A_HEADING = 2.0
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
            minutes += cell_minutes(cell)
        if "stop" in cell.tags:
            parts.append(Part(line, minutes))
            line, minutes = cell.line, 0.0
    return [*parts, Part(line, minutes)]


def cell_minutes(cell: Cell) -> float:
    """What a cell that is no Markdown takes, its own text included."""
    if cell.item:
        return item_minutes(cell.item)
    if cell.case:
        return case_minutes(cell.case)
    if cell.worksheet:
        sheet = cell.worksheet
        return _reading(*sheet.texts()) + len(sheet.written()) * _A_STEP
    if cell.policy:
        return len(cell.policy.headings) * _A_HEADING
    return 0.0


def case_minutes(case: Case) -> float:
    """What a case takes on its longest path, sending the decision and comparing included."""
    decision = case.decision
    texts = [case.vignette, decision.question, *decision.options.values(), decision.commentary or ""]
    return _path_minutes(case, case.start.id) + _reading(*texts, *decision.positions.values()) + _SENDING


def _path_minutes(case: Case, place: str) -> float:
    if place in case.endings:
        ending = case.endings[place]
        return _reading(ending.title, ending.text, ending.feedback, ending.now)
    scene = case.scenes[place]
    options = [option.text for option in scene.options.values()]
    onward = max(_path_minutes(case, option.to) for option in scene.options.values())
    return _reading(scene.text or "", scene.question, *options) + _CHOOSING + onward


def _reading(*texts: str) -> float:
    return sum(len(text.split()) for text in texts) / WORDS_A_MINUTE


def item_minutes(item: Item) -> float:
    """What one item takes: reading it, thinking, writing, and of a practice item the reasons too."""
    reading = _reading(*_texts(item))
    if isinstance(item, Essay):
        planning = _OTHERS if item.task else _PLANNING
        return reading + planning + (item.words or 0) / ESSAY_WORDS_A_MINUTE
    return reading + (_PICKING if isinstance(item, Choice) else _OTHERS)


def _texts(item: Item) -> Iterator[str]:
    """What a student reads of an item."""
    yield item.stem
    if isinstance(item, Hottext):
        yield from (piece for piece, _ in item.passage)
    elif isinstance(item, Choice | Match | Order):
        yield from item.options.values()
    if isinstance(item, Match):
        yield from item.prompts.values()
    if isinstance(item, Essay):
        yield from (criterion.text for criterion in item.rubric.values())
        if item.task:
            yield from (item.exemplar or "", *item.look_for)
    elif isinstance(item, Selection | Match | Order | Entry) and item.use == "practice":
        yield from item.rationale.values()


def check(course: CourseText) -> Iterator[Finding]:
    """Find parts that are longer than a class, and heads that promise another time than the module takes."""
    for module in course.modules:
        parts = parts_of(module)
        for number, part in enumerate(parts, 1):
            if part.minutes > LONGEST_PART:
                which = "the core path" if len(parts) == 1 else f"part {number} of the core path"
                what = f"{which} takes {part.minutes:.1f} minutes."
                expected = f"Expected at most {LONGEST_PART}: shorten it, or mark cells with the tag 'optional'."
                yield error(module.file, part.line, what, expected)
        total, told = sum(part.minutes for part in parts), module.module.minutes
        if total > told:
            what = f"the head says {told} minutes; the core path takes {total:.1f}."
            yield error(module.file, module.head_line("minutes"), what, f"Expected 'minutes: {math.ceil(total)}'.")
        elif told - total > _SPARE:
            what = f"the head says {told} minutes; the core path takes {total:.1f}."
            yield remark(module.file, module.head_line("minutes"), what, f"Perhaps 'minutes: {math.ceil(total)}'.")
        for text in module.texts:
            if _CALLED_OPTIONAL.match(text.cell.source) and "optional" not in text.cell.tags:
                what = "this cell is called optional, and its minutes count."
                yield error(module.file, text.line, what, 'Expected \'+++ {"tags": ["optional"]}\' before it.')
