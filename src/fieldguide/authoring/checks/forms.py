"""The two forms of a check: each has every row of the blueprint, and the two items of a row ask for the same skill."""

from __future__ import annotations

from collections.abc import Iterator

from fieldguide.authoring.checks.course_text import CourseText, Question
from fieldguide.authoring.checks.findings import Finding, error, remark
from fieldguide.authoring.parallel import BLUEPRINT, Row


def check(course: CourseText) -> Iterator[Finding]:
    """Find items that differ from their row or from their parallel item, and items that are in no row."""
    if not course.blueprint:
        return
    questions = {question.item.id: question for question in course.questions if question.item.use == "check"}
    for row in course.blueprint:
        pair = questions[row.form_a], questions[row.form_b]
        for question in pair:
            yield from _held_against(row, question)
        shapes = [question.item.shape() for question in pair]
        if shapes[0] != shapes[1]:
            what = f"'{row.form_b}' has {shapes[1]}, and '{row.form_a}', which is parallel to it, {shapes[0]}."
            yield remark(pair[1].file, pair[1].line("type"), what, "Perhaps one form is easier for it.")
        if pair[0].item.stem == pair[1].item.stem and not any(row.prompts for row in pair[0].item.rows(None)):
            what = f"'{row.form_b}' has the stem of '{row.form_a}', which is parallel to it."
            yield error(pair[1].file, pair[1].line("stem"), what, "Expected the same skill in another setting.")
    paired = {name for row in course.blueprint for name in (row.form_a, row.form_b)}
    for name, question in questions.items():
        if name not in paired:
            what = f"the check item '{name}' is in no row of {BLUEPRINT.as_posix()}."
            yield error(
                question.file, question.line("id"), what, "Expected one there, with the item that is parallel to it."
            )


def _held_against(row: Row, question: Question) -> Iterator[Finding]:
    item = question.item
    for field, there, wanted in (
        ("covers", set(item.covers), set(row.statements)),
        ("standards", set(item.standards), set(row.standards)),
        ("type", {item.variant}, {row.type}),
    ):
        if there != wanted:
            what = f"'{item.id}' has {_some(there)} for '{field}', and its row of the blueprint {_some(wanted)}."
            yield error(question.file, question.line(field), what, "Expected the same in the row and in both items.")


def _some(values: set[str]) -> str:
    return f"'{', '.join(sorted(values))}'" if values else "nothing"
