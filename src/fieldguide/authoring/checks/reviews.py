"""The verdicts of licensed readers on the keys: stated as they were given, and not left open."""

from __future__ import annotations

from collections.abc import Iterator

from fieldguide.authoring.checks.course_text import CourseText, ModuleText
from fieldguide.authoring.checks.findings import Finding, error, remark
from fieldguide.authoring.review.asked import asked_of
from fieldguide.authoring.review.record import NOBODY, REVIEWS


def check(course: CourseText) -> Iterator[Finding]:
    """Find heads that name other readers than the record, keys in dispute, and keys changed since they were read."""
    for module in course.modules:
        line = module.head_line("reviewed_by")
        readers_line, stated = course.reviews.readers_line(module.module.id), module.module.reviewed_by
        if readers_line is None and not stated.startswith(NOBODY):
            what = f"the head says that '{stated}' read the keys, and {REVIEWS.as_posix()} has no form of theirs."
            yield error(module.file, line, what, f"Expected '{NOBODY}…', or a form: fieldguide review.")
        elif readers_line is not None and stated != readers_line:
            what = "the head does not tell of the module's readers as their forms do."
            yield error(module.file, line, what, f"Expected: {readers_line}")
        yield from _verdicts(course, module)


def _verdicts(course: CourseText, module: ModuleText) -> Iterator[Finding]:
    latest = course.reviews.latest(module.module.id)
    if not latest:
        return
    asked = {part.id: part for part in asked_of(module.module, course.gists)}
    lines = {cell.id: cell.line for cell in module.module.cells if cell.id}
    for name, (form, given) in latest.items():
        if name not in asked:
            continue
        changed = given.seen != asked[name].fingerprint
        if given.verdict == "dispute" and not changed:
            what = f"'{name}' is disputed by {form.by}: {given.says}"
            yield remark(module.file, lines[name], what, "Answer it: another key, other words, or no points.")
        elif changed:
            what = f"'{name}' has changed since {form.by} read it ({given.verdict})."
            yield remark(module.file, lines[name], what, "Have it read again.")
