"""Coverage: practice items meet every statement of the guide, and graded items those about action too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fieldguide.authoring.checks.course_text import CourseText, Question
from fieldguide.authoring.checks.data import STATEMENTS, Statement
from fieldguide.authoring.checks.findings import Finding, error, remark


@dataclass(frozen=True, slots=True)
class Coverage:
    """The items that meet one statement. Essays, which people score, are listed separately."""

    statement: Statement
    practice: tuple[Question, ...]
    graded: tuple[Question, ...]
    essays: tuple[Question, ...]

    @property
    def complete(self) -> bool:
        return bool(self.practice) and (bool(self.graded) or not self.statement.graded)


def coverage_of(course: CourseText) -> list[Coverage]:
    """The coverage of each statement, in the guide's order.

    Items count that every student meets in a section's module: not optional ones, and not those of the modules before
    and after the sections, which show how the notebooks work.
    """
    found = []
    counting = [
        question
        for module in course.modules
        if module.number in course.sections
        for question in module.questions
        if not question.optional
    ]
    for statement in course.statements.values():
        met = [question for question in counting if statement.id in question.item.covers]
        graded = [question for question in met if question.item.use == "graded"]
        found.append(
            Coverage(
                statement,
                tuple(question for question in met if question.item.use == "practice"),
                tuple(question for question in graded if not question.item.BY_PERSON),
                tuple(question for question in graded if question.item.BY_PERSON),
            )
        )
    return found


def check(course: CourseText) -> Iterator[Finding]:
    """Find statements that are not met. A section without a module is reported and left out."""
    missing = course.sections_without_module
    if missing:
        what = f"no module covers section {', '.join(missing)} of the guide."
        yield remark("modules", 1, what, "Its statements were not looked for.")
    for covered in coverage_of(course):
        statement = covered.statement
        if statement.section in missing:
            continue
        subject = f"statement {statement.id} ({statement.gist})"
        file = next(module.file for module in course.modules if module.number == statement.section)
        line = next(module.head_line("covers") for module in course.modules if module.file == file)
        if not covered.practice:
            yield error(
                file, line, f"{subject} is met by no practice item.", f"Expected 'covers: [{statement.id}]' in one."
            )
        if statement.graded and not covered.graded:
            what = f"{subject} is met by no graded item with a key."
            yield error(
                file, line, what, f"Expected 'covers: [{statement.id}]' in one ({STATEMENTS.name} asks for it)."
            )
