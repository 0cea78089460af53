"""The wording of items: distractors name a misconception, options give no hints, scoring holds no surprise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldguide.authoring.checks.course_text import CourseText, Question
from fieldguide.authoring.checks.findings import Finding, error, remark

_ALL_OR_NONE = re.compile(
    r"\b(all|none|both|neither|each|any)\s+(of\s+)?(the\s+)?(these|those|above|others?|options|answers|choices)\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(r"\b(NOT|EXCEPT|NEVER|LEAST)\b")
_SAYS_HOW_IT_COUNTS = re.compile(
    r"\b(points?|credit|cancels?|score[sd]?|counts? (by itself|on its own|against|for))\b", re.IGNORECASE
)
_PHRASES = (6, 10)


def check(course: CourseText) -> Iterator[Finding]:
    """Find distractors without a misconception, "all" or "none of the above", hidden negatives, unannounced partial
    credit."""
    for question in course.questions:
        yield from _misconceptions(question)
        yield from _options(question)
        yield from _stem(question)
        item = question.item
        if any(row.place for row in item.rows(None)) and item.use == "graded":
            what = f"{_name(question)}: an order is graded."
            yield error(question.file, question.line("use"), what, "Expected 'use: practice'.")
        if item.pieces() and not _PHRASES[0] <= len(item.ids) <= _PHRASES[1]:
            what = f"{_name(question)}: its passage has {len(item.ids)} phrases to select."
            yield remark(question.file, question.line("passage"), what, f"Expected {_PHRASES[0]} to {_PHRASES[1]}.")


def _misconceptions(question: Question) -> Iterator[Finding]:
    item = question.item
    finding = error if item.use == "graded" else remark
    for option in item.unexplained():
        field = next(name for name in ("misconceptions", "options", "passage") if question.has(name))
        what = f"{_name(question)}: the distractor '{option}' has no misconception."
        yield finding(question.file, question.line(field), what, f"Expected '{option}: short-name' below it.")


def _options(question: Question) -> Iterator[Finding]:
    for option, text in question.item.listed().items():
        found = _ALL_OR_NONE.search(text)
        if found:
            what = f"{_name(question)}: the option '{option}' says '{found[0]}'."
            yield error(
                question.file, question.line("options", option), what, "Expected an option that stands by itself."
            )


def _stem(question: Question) -> Iterator[Finding]:
    item = question.item
    found = _NEGATIVE.search(item.stem)
    if found:
        what = f"{_name(question)}: its stem turns on '{found[0]}'."
        yield remark(question.file, question.line("stem"), what, "Ask for what is right, where that can be done.")
    rows = item.rows(None)
    partly = len(rows) > 1 and not item.any_option and not any(row.place for row in rows)
    if item.use == "graded" and partly and not _SAYS_HOW_IT_COUNTS.search(item.stem):
        what = f"{_name(question)}: its stem does not say how a response that is partly right counts."
        yield remark(question.file, question.line("stem"), what, "Expected half a sentence on it.")


def _name(question: Question) -> str:
    return f"item '{question.item.id}'"
