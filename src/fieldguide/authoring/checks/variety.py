"""The share of items in which several options may be chosen, and what each graded item turns on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from fieldguide.authoring.checks.course_text import CourseText, ModuleText, Question
from fieldguide.authoring.checks.findings import Finding, error
from fieldguide.items import Item

#: Where there are enough graded items with a key, several options may be chosen in at least this share of them.
_OTHER_TYPES, _ENOUGH = 1 / 3, 24
#: With this many choose-several items or more, no number of keys may be that of more than half of them.
_PATTERN = 4


def graded_with_key(module: ModuleText) -> list[Question]:
    """The graded items with a key that every student meets in a module."""
    return [question for question in module.core("graded") if not question.item.BY_PERSON]


def is_one_best(item: Item) -> bool:
    """Whether exactly one option of a list is to be chosen."""
    return item.any_option


def numbers_of_keys(course: CourseText) -> Counter[int]:
    """How many choose-several items have one key, how many two, and so on."""
    return Counter(
        sum(row.right for row in question.item.rows(None))
        for question in course.questions
        if question.item.variant == "several"
    )


def check(course: CourseText) -> Iterator[Finding]:
    """Find too little variety among items, and graded items that do not name what they turn on."""
    graded = [question for module in course.modules for question in graded_with_key(module)]
    others = sum(not is_one_best(question.item) for question in graded)
    if len(graded) >= _ENOUGH and others < _OTHER_TYPES * len(graded):
        what = f"{others} of {len(graded)} graded items with a key ask for more than one option of a list."
        yield error("modules", 1, what, "Expected a third: match, hottext, entry, or a choice of several.")
    keys = numbers_of_keys(course)
    if keys.total() >= _PATTERN:
        number, times = keys.most_common(1)[0]
        if times > keys.total() / 2:
            what = f"{times} of {keys.total()} choices of several options have {number} keys."
            yield error("modules", 1, what, "Expected from 1 to 4, and no number in more than half.")
    for module in course.modules:
        silent = [question.item.id for question in graded_with_key(module) if question.item.turns_on is None]
        if silent:
            what = f"these graded items do not say what they turn on: {', '.join(silent)}."
            yield error(module.file, module.head_line("title"), what, "Expected a line 'turns_on: …' in each.")
