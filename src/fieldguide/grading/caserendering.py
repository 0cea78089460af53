"""A student's part in a case and on a worksheet, in blocks, for a scorer and for the student."""

from __future__ import annotations

from typing import Any

from fieldguide.cases.model import Case, Ending
from fieldguide.cases.paths import CaseResponse, Path, walk
from fieldguide.cases.words import say as say_of_case
from fieldguide.cases.worksheet.model import Step, Worksheet
from fieldguide.cases.worksheet.words import say as say_of_worksheet
from fieldguide.grading.blocks import (
    Block,
    aside,
    choice,
    folded_prose,
    heading,
    label,
    line,
    listed,
    prose,
    quote,
    steps,
    title,
)
from fieldguide.grading.parts import Rendering
from fieldguide.grading.submission import Submission
from fieldguide.grading.submitted import SubmittedCase, SubmittedWorksheet
from fieldguide.grading.told import For, count, say

# -- cases -----------------------------------------------------------------------------------------


class CaseRendering(Rendering[Case, SubmittedCase]):
    """A case in the graded notebook and in feedback."""

    def read(self, case: Case, submission: Submission) -> SubmittedCase:
        return SubmittedCase.read(case, submission)

    def for_scorer(self, case: Case, submitted: SubmittedCase, essay: int | None) -> list[Block]:
        return [*_head(case), *_for_scorer(case, submitted, essay)]

    def kept(self, submitted: SubmittedCase) -> dict[str, Any]:
        return submitted.kept()

    def for_student(self, case: Case, kept: dict[str, Any], essay: int | None, reader: For) -> list[Block]:
        return [*_head(case), *_for_student(case, SubmittedCase.restored(kept), essay, reader)]


def _head(case: Case) -> list[Block]:
    """The part that is the same for all students: the title, and the folded case."""
    return [title(say_of_case("heading", title=case.title)), folded_prose(say("the_case"), case.vignette)]


def _for_scorer(case: Case, submitted: SubmittedCase, essay: int | None) -> list[Block]:
    """A student's part. ``essay`` is the number of the question that holds the reason."""
    response = submitted.response
    if not response.paths and response.option is None and submitted.reason is None:
        return [line(say("no_response")), *_remark(response.remark)]
    blocks = [*_paths(case, response.paths), *_decision(case, response, say("decision"))]
    if essay is not None:
        blocks.append(line(say("reason_below", number=essay)))
    else:
        blocks += _written(label(say("reason")), submitted.reason)
    blocks.append(line(say("agreed" if response.share else "not_agreed")))
    return [*blocks, *_remark(response.remark)]


def _for_student(case: Case, submitted: SubmittedCase, essay: int | None, reader: For) -> list[Block]:
    response = submitted.response
    blocks = [*_paths(case, response.paths), *_decision(case, response, say("your_decision"))]
    if essay is not None:
        blocks.append(line(say("your_reason_below", number=essay)))
    elif submitted.reason is not None:
        blocks += _written(label(say("your_reason")), submitted.reason)
    if response.share:
        blocks.append(line(say("you_agreed")))
    blocks += _remark(response.remark)
    if reader is For.STUDENT:
        blocks += _comparison(case, response)
    return blocks


def _paths(case: Case, paths: tuple[Path, ...]) -> list[Block]:
    taken = [path for path in paths if path]
    if not taken:
        return [line(say("no_path"))]
    others = len(set(taken) - {taken[0]})
    blocks = _path(case, say("first_path"), taken[0])
    if others == 0:
        return [*blocks, line(say("no_other_path"))]
    return [*blocks, line(count("other_paths", others)), *_path(case, say("last_path"), taken[-1])]


def _path(case: Case, named: str, path: Path) -> list[Block]:
    taken, stands = walk(case, path)
    choices = ((case.scenes[scene].question, case.scenes[scene].chosen(option)) for scene, option in taken)
    end = say("ending", title=stands.title) if isinstance(stands, Ending) else say("no_ending")
    return [label(named), steps(choices), line(end)]


def _decision(case: Case, response: CaseResponse, named: str) -> list[Block]:
    if response.option is None:
        return [label(named), line(say("no_decision"))]
    sure = say(response.certainty) if response.certainty else None
    return [label(named), choice(case.decision.question, case.decision.options[response.option], sure)]


def _comparison(case: Case, response: CaseResponse) -> list[Block]:
    decision = case.decision
    # The commentary of a case that is not graded waits in the notebook for a decision, which can still be made.
    if not case.graded and response.option is None:
        return [line(say("commentary_waits"))]
    blocks = [heading(say_of_case("commentary")), aside(say_of_case("commentary_what"))]
    blocks.append(prose(decision.commentary or ""))
    if decision.positions:
        blocks += [label(f"{say_of_case('positions')}:"), listed(decision.positions.values())]
    if decision.prompts:
        blocks += [label(f"{say_of_case('prompts')}:"), listed(decision.prompts)]
    return blocks


def _written(named: Block, text: str | None) -> list[Block]:
    return [named, line(say("not_written")) if text is None else quote(text)]


def _remark(remark: str | None) -> list[Block]:
    return [line(remark)] if remark else []


# -- worksheets ------------------------------------------------------------------------------------


class WorksheetRendering(Rendering[Worksheet, SubmittedWorksheet]):
    """A worksheet in the graded notebook; feedback does not show it."""

    def read(self, worksheet: Worksheet, submission: Submission) -> SubmittedWorksheet:
        return SubmittedWorksheet.read(worksheet, submission)

    def for_scorer(self, worksheet: Worksheet, submitted: SubmittedWorksheet, essay: int | None) -> list[Block]:
        """What the student ticked and wrote: not graded, but it shows the way to the decision."""
        blocks = [title(say("worksheet", title=worksheet.title))]
        if not submitted.danger and not submitted.standards and not submitted.texts:
            return [*blocks, line(say("no_response")), *_remark(submitted.remark)]
        if submitted.danger:
            said = say_of_worksheet(f"danger_{submitted.danger}")
            blocks.append(line(say_of_worksheet("danger"), f"{said}."))
        for step in worksheet.written():
            blocks += _step(step, submitted)
        return [*blocks, *_remark(submitted.remark)]


def _step(step: Step, submitted: SubmittedWorksheet) -> list[Block]:
    named = label(step.blank or "", strong=f"{say_of_worksheet(step.name)}.")
    blocks = _written(named, submitted.texts.get(step.name))
    picked = [f"{name}: {step.offered[name]}" for name in submitted.standards if name in step.offered]
    return [*blocks, label(say("standards")), listed(picked)] if picked else blocks
