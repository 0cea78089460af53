"""A worksheet where no script runs."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from fieldguide.cases.worksheet.model import CONSULT, STEPS, Step, Worksheet
from fieldguide.cases.worksheet.words import say
from fieldguide.forms.printed import PrintedForm
from fieldguide.forms.words import say as form_says
from fieldguide.player.printed import Printed


def printed_worksheet(worksheet: Worksheet, choices: dict[str, Any], written: Container[str]) -> Printed:
    """The worksheet, with the student's choices marked; of what they wrote, only in which steps they did."""
    form = PrintedForm(worksheet.title, say("worksheet"))
    form.text(worksheet.intro)
    answer = f" {say('danger_' + choices['danger'])}." if choices["danger"] else ""
    form.text(say("danger") + answer if worksheet.written() else say("danger_worked"))
    danger = choices["danger"] in ("yes", "not-sure")
    if danger:
        form.remark(f"{say('help_first')} {say('help')}")
    for step in sorted(worksheet.steps, key=lambda step: not (danger and step.name == CONSULT)):
        first = danger and step.name == CONSULT
        form.part(say("step_first" if first else "step", n=STEPS.index(step.name) + 1, title=say(step.name)))
        form.text(step.worked or step.blank)
        form.rows(_standards(step, choices["standards"]))
        if step.written:
            form.remark(form_says("printed_written" if step.name in written else "printed_unwritten"))
    form.remark(say("credit"))
    return form.printed()


def _standards(step: Step, chosen: list[str]) -> list[str]:
    applied = [f"{name}: {gist}" for name, gist in step.standards.items()]
    offered = [f"{'☑' if name in chosen else '☐'} {name}: {gist}" for name, gist in step.offered.items()]
    return applied + offered
