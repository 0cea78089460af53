"""Norming sets: enough samples of mixed strengths, which scorers have not seen before."""

from __future__ import annotations

from collections.abc import Iterator

from fieldguide.authoring.checks.course_text import CourseText, Question
from fieldguide.authoring.checks.findings import Finding, error, remark
from fieldguide.authoring.checks.plan import misleading
from fieldguide.items import Essay, ReadingError
from fieldguide.items.norming import FOLDER, read_norming

SAMPLES = 5


def check(course: CourseText) -> Iterator[Finding]:
    """Find essays without a norming set, sets without an essay, and sets that would teach scorers the wrong thing."""
    scored = {
        question.item.id: question
        for question in course.questions
        if isinstance(question.item, Essay) and not question.item.task
    }
    for path in sorted((course.project / FOLDER).glob("*")):
        if path.suffix != ".yaml" or path.stem not in scored:
            file = (FOLDER / path.name).as_posix()
            yield error(file, 1, f"there is no essay '{path.stem}' that is scored.", "Expected <the essay's id>.yaml.")
    for question in scored.values():
        yield from _of(course, question)


def _of(course: CourseText, question: Question) -> Iterator[Finding]:
    essay = question.item
    assert isinstance(essay, Essay)
    file = (FOLDER / f"{essay.id}.yaml").as_posix()
    try:
        samples = read_norming(course.project / file, essay, file)
    except FileNotFoundError:
        what = f"essay '{essay.id}' has no norming set."
        yield remark(question.file, question.line("id"), what, f"Expected {SAMPLES} samples with a key in {file}.")
        return
    except ReadingError as failure:
        for problem in failure.problems:
            yield error(problem.file, problem.line, problem.what, problem.expected)
        return
    if len(samples) != SAMPLES:
        yield error(file, 1, f"there are {len(samples)} samples.", f"Expected {SAMPLES}.")
    for _, what, expected in misleading(essay, samples, "sample"):
        yield error(file, 1, what, expected)
    shown = {profile.text: name for name, profile in essay.profiles.items()}
    for name, sample in samples.items():
        if sample.text in shown:
            what = (
                f"the sample '{name}' is the profile '{shown[sample.text]}', which scorers have seen with its points."
            )
            yield error(file, 1, what, "Expected an answer of its own.")
