"""A worksheet where no script runs."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from fieldguide.cases.worksheet import CONSULT, STEPS, Step, Worksheet
from fieldguide.cases.worksheetwords import say
from fieldguide.forms.printed import Sheet
from fieldguide.forms.words import say as form_says
from fieldguide.player.printed import Printed


def printed_worksheet(worksheet: Worksheet, choices: dict[str, Any], written: Container[str]) -> Printed:
    """The worksheet, with the student's choices marked; of what they wrote, only in which steps they did."""
    sheet = Sheet(worksheet.title, say("worksheet"))
    sheet.text(worksheet.intro)
    answer = f" {say('danger_' + choices['danger'])}." if choices["danger"] else ""
    sheet.text(say("danger") + answer if worksheet.written() else say("danger_worked"))
    danger = choices["danger"] in ("yes", "not-sure")
    if danger:
        sheet.remark(f"{say('help_first')} {say('help')}")
    for step in sorted(worksheet.steps, key=lambda step: not (danger and step.name == CONSULT)):
        first = danger and step.name == CONSULT
        sheet.part(say("step_first" if first else "step", n=STEPS.index(step.name) + 1, title=say(step.name)))
        sheet.text(step.worked or step.blank)
        sheet.rows(_standards(step, choices["standards"]))
        if step.written:
            sheet.remark(form_says("printed_written" if step.name in written else "printed_unwritten"))
    sheet.remark(say("credit"))
    return sheet.printed()


def _standards(step: Step, chosen: list[str]) -> list[str]:
    applied = [f"{name}: {gist}" for name, gist in step.standards.items()]
    offered = [f"{'☑' if name in chosen else '☐'} {name}: {gist}" for name, gist in step.offered.items()]
    return applied + offered
