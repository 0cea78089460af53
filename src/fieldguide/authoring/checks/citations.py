"""Standards that are cited: only known ones, and confirmed ones where points depend on them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldguide.authoring.checks.course_text import CourseText, ModuleText, Question
from fieldguide.authoring.checks.data import CROSSWALK, Standards
from fieldguide.authoring.checks.findings import Finding, error, remark
from fieldguide.authoring.standards import CODE_EDITION

# "1.07(r)", "4.03", "1.06(e), (g) and (h)", "Tech 3.09", "Technology standard 2.09", but no price, percentage or date.
_CITED = re.compile(
    r"(?P<tech>\btech(?:nology)?(?:\s+standards?)?\s+)?"
    r"(?<![\w.,$/-])(?P<number>[1-6]\.[0-2][0-9])(?![\w%]|\.[0-9]|\s+percent)"
    r"(?P<letters>\([a-z]\)(?:(?:,|,? and|,? or| to)? \([a-z]\))*)?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_EXPECTED = f"Expected a number in {CROSSWALK.name} or {CODE_EDITION.name}: look it up, or mend it."


def check(course: CourseText) -> Iterator[Finding]:
    """Find standards that nobody looked up, and graded items that rest on unconfirmed ones alone."""
    for name, verdict in course.standards.verdicts.items():
        if verdict is None:
            line = next(row.line for row in course.crosswalk if name in row.standards)
            what = f"the standard {name} has no verdict."
            yield error(CROSSWALK.as_posix(), line, what, f"Expected it below 'standards:' in {CODE_EDITION.name}.")
    listed = [row.statement for row in course.crosswalk]
    for statement in course.statements:
        if statement not in listed:
            yield error(
                CROSSWALK.as_posix(), 1, f"statement {statement} has no row.", "Expected one for each statement."
            )
    for module in course.modules:
        yield from _in_text(module, course.standards)
        for question in module.questions:
            yield from _in_item(question, course.standards)


def _in_text(module: ModuleText, standards: Standards) -> Iterator[Finding]:
    fields = {question.line("standards") for question in module.questions if question.item.standards}
    for line, text in enumerate(module.lines, 1):
        if line in fields:
            continue
        for cited in cited_in(text):
            known = standards.known(cited) or (not cited.endswith(")") and _known_as_a_whole(cited, standards))
            if not known:
                yield error(module.file, line, f"the standard {cited} is cited, and nobody looked it up.", _EXPECTED)


def cited_in(text: str) -> list[str]:
    """The standards that a line cites: "Tech 1.02" for a technology standard, "1.02" or "1.02(a)" for any other."""
    names = []
    for found in _CITED.finditer(_ADDRESS.sub(" ", text)):
        if found["tech"]:
            names.append(f"Tech {found['number']}")
        elif found["letters"]:
            names.extend(f"{found['number']}({letter})" for letter in re.findall(r"\(([a-z])\)", found["letters"]))
        else:
            names.append(found["number"])
    return names


def _known_as_a_whole(cited: str, standards: Standards) -> bool:
    # After "the technology standards" a text cites by numbers alone.
    return standards.known_as_a_whole(cited) or standards.known(f"Tech {cited}")


def _in_item(question: Question, standards: Standards) -> Iterator[Finding]:
    item, line = question.item, question.line("standards")
    for cited in item.standards:
        if not standards.known(cited):
            what = f"item '{item.id}' rests on {cited}, which nobody looked up."
            yield error(question.file, line, what, _EXPECTED)
    if item.use == "graded" and item.standards and not any(standards.confirmed(cited) for cited in item.standards):
        what = f"item '{item.id}' is graded, and no standard that it rests on is confirmed."
        yield error(question.file, line, what, "Expected a confirmed one, or 'use: practice'.")
    if item.basis in ("code", "techstandard") and not item.standards:
        what = f"item '{item.id}' rests on '{item.basis}', and names no standard."
        finding = error if item.use == "graded" else remark
        yield finding(question.file, question.line("basis"), what, "Expected 'standards: [\"…\"]'.")
