"""A student's part in a case and on a worksheet as HTML, under the rules of ``rendering``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from fieldguide.cases.model import Case, Ending
from fieldguide.cases.paths import CaseResponse, Path, walk
from fieldguide.cases.words import say as say_of_case
from fieldguide.cases.worksheet import Step, Worksheet
from fieldguide.cases.worksheetwords import say as say_of_worksheet
from fieldguide.grading.parts import Rendering
from fieldguide.grading.rendering import (
    For,
    authored,
    authored_paragraphs,
    count,
    escape,
    folded,
    folded_on_screen,
    say,
    written_paragraphs,
)
from fieldguide.grading.submission import Submission
from fieldguide.grading.submitted import SubmittedCase, SubmittedWorksheet

# -- cases -----------------------------------------------------------------------------------------


def case_head(case: Case, fold: Callable[[str, str], str] = folded) -> str:
    """The part that is the same for all students: the title, and the folded case."""
    vignette = fold(say("the_case"), "".join(authored_paragraphs(case.vignette)))
    return f'<h2 class="fg-heading">{authored(say_of_case("heading", title=case.title))}</h2>{vignette}'


def case_for_scorer(case: Case, submitted: SubmittedCase, essay: int | None) -> str:
    """A student's part for the scorer. ``essay`` is the number of the question that holds the reason."""
    response = submitted.response
    if not response.paths and response.option is None and submitted.reason is None:
        return f"<p>{say('no_response')}</p>{_remark(response.remark)}"
    parts = [_paths(case, response.paths), _decision(case, response, say("decision"))]
    if essay is not None:
        parts.append(f"<p>{say('reason_below', number=essay)}</p>")
    else:
        parts.append(_written(say("reason"), submitted.reason))
    parts.append(f"<p>{say('agreed' if response.share else 'not_agreed')}</p>")
    return "".join([*parts, _remark(response.remark)])


def case_for_student(case: Case, submitted: SubmittedCase, essay: int | None, reader: For) -> str:
    """A student's part in a case, for feedback."""
    response = submitted.response
    parts = [_paths(case, response.paths), _decision(case, response, say("your_decision"))]
    if essay is not None:
        parts.append(f"<p>{say('your_reason_below', number=essay)}</p>")
    elif submitted.reason is not None:
        parts.append(_written(say("your_reason"), submitted.reason))
    if response.share:
        parts.append(f"<p>{say('you_agreed')}</p>")
    parts.append(_remark(response.remark))
    if reader is For.STUDENT:
        parts.append(_comparison(case, response))
    return "".join(parts)


def _paths(case: Case, paths: tuple[Path, ...]) -> str:
    taken = [path for path in paths if path]
    if not taken:
        return f"<p>{say('no_path')}</p>"
    others = len(set(taken) - {taken[0]})
    parts = [_path(case, say("first_path"), taken[0])]
    if others == 0:
        parts.append(f"<p>{say('no_other_path')}</p>")
    else:
        parts.append(f"<p>{count('other_paths', others)}</p>")
        parts.append(_path(case, say("last_path"), taken[-1]))
    return "".join(parts)


def _path(case: Case, label: str, path: Path) -> str:
    steps, stands = walk(case, path)
    lines = "".join(
        f"<li>{authored(case.scenes[scene].question)}<br>"
        f"<strong>{authored(case.scenes[scene].chosen(option))}</strong></li>"
        for scene, option in steps
    )
    end = say("ending", title=authored(stands.title)) if isinstance(stands, Ending) else say("no_ending")
    return f'<p class="fg-label">{label}</p><ol class="fg-options">{lines}</ol><p>{end}</p>'


def _decision(case: Case, response: CaseResponse, label: str) -> str:
    if response.option is None:
        return f'<p class="fg-label">{label}</p><p>{say("no_decision")}</p>'
    sure = f" ({say(response.certainty)})" if response.certainty else ""
    chosen = authored(case.decision.options[response.option])
    asked = authored(case.decision.question)
    return f'<p class="fg-label">{label}</p><p>{asked}<br><strong>{chosen}</strong>{sure}</p>'


def _comparison(case: Case, response: CaseResponse) -> str:
    decision = case.decision
    # The commentary of a case that is not graded waits in the notebook for a decision, which can still be made.
    if not case.graded and response.option is None:
        return f"<p>{say('commentary_waits')}</p>"
    parts = [
        f'<h3 class="fg-heading">{say_of_case("commentary")}</h3><p class="fg-why">{say_of_case("commentary_what")}</p>'
    ]
    parts += authored_paragraphs(decision.commentary or "")
    if decision.positions:
        parts.append(_list(f"{say_of_case('positions')}:", decision.positions.values()))
    if decision.prompts:
        parts.append(_list(f"{say_of_case('prompts')}:", decision.prompts))
    return "".join(parts)


def _list(label: str, texts: Iterable[str]) -> str:
    lines = "".join(f"<li>{authored(text)}</li>" for text in texts)
    return f'<p class="fg-label">{label}</p><ul class="fg-options">{lines}</ul>'


def _written(label: str, text: str | None) -> str:
    if text is None:
        return f'<p class="fg-label">{label}</p><p>{say("not_written")}</p>'
    return f'<p class="fg-label">{label}</p><blockquote>{written_paragraphs(text)}</blockquote>'


def _remark(remark: str | None) -> str:
    return f"<p>{escape(remark)}</p>" if remark else ""


class CaseRendering(Rendering[Case, SubmittedCase]):
    """A case in the graded notebook and in feedback."""

    def read(self, case: Case, submission: Submission) -> SubmittedCase:
        return SubmittedCase.read(case, submission)

    def for_scorer(self, case: Case, submitted: SubmittedCase, essay: int | None) -> str:
        return f"{case_head(case)}{case_for_scorer(case, submitted, essay)}"

    def kept(self, submitted: SubmittedCase) -> dict[str, Any]:
        return submitted.kept()

    def for_student(self, case: Case, kept: dict[str, Any], essay: int | None, reader: For) -> str:
        submitted = SubmittedCase.restored(kept)
        return f"{case_head(case, folded_on_screen)}{case_for_student(case, submitted, essay, reader)}"


# -- worksheets ------------------------------------------------------------------------------------


def worksheet_head(worksheet: Worksheet) -> str:
    """The part that is the same for all students."""
    return f'<h2 class="fg-heading">{say("worksheet", title=authored(worksheet.title))}</h2>'


def worksheet_for_scorer(worksheet: Worksheet, submitted: SubmittedWorksheet) -> str:
    """What the student ticked and wrote on a worksheet: not graded, but it shows the way to the decision."""
    if not submitted.danger and not submitted.standards and not submitted.texts:
        return f"<p>{say('no_response')}</p>{_remark(submitted.remark)}"
    parts = []
    if submitted.danger:
        said = say_of_worksheet(f"danger_{submitted.danger}")
        parts.append(f"<p>{say_of_worksheet('danger')} <strong>{said}.</strong></p>")
    parts += [_step(step, submitted) for step in worksheet.written()]
    return "".join([*parts, _remark(submitted.remark)])


def _step(step: Step, submitted: SubmittedWorksheet) -> str:
    asked = f" {authored(step.blank)}" if step.blank else ""
    picked = [f"{name}: {step.offered[name]}" for name in submitted.standards if name in step.offered]
    standards = _list(say("standards"), picked) if picked else ""
    label = f"<strong>{say_of_worksheet(step.name)}.</strong>{asked}"
    return f"{_written(label, submitted.texts.get(step.name))}{standards}"


class WorksheetRendering(Rendering[Worksheet, SubmittedWorksheet]):
    """A worksheet in the graded notebook; feedback does not show it."""

    def read(self, worksheet: Worksheet, submission: Submission) -> SubmittedWorksheet:
        return SubmittedWorksheet.read(worksheet, submission)

    def for_scorer(self, worksheet: Worksheet, submitted: SubmittedWorksheet, essay: int | None) -> str:
        return f"{worksheet_head(worksheet)}{worksheet_for_scorer(worksheet, submitted)}"
