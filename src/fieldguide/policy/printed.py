"""A policy where no script runs."""

from __future__ import annotations

from fieldguide.forms.printed import Sheet
from fieldguide.forms.words import say as form_says
from fieldguide.player.printed import Printed
from fieldguide.policy.playing import PolicyForm
from fieldguide.policy.words import say


def printed_policy(form: PolicyForm) -> Printed:
    """The headings with their questions; of what the student wrote, only that they did."""
    form.look()
    policy = form.policy
    sheet = Sheet(say("policy"), say("whole" if policy.gather else "part"))
    sheet.text(policy.intro)
    for name, heading in policy.headings.items():
        sheet.part(heading.title)
        sheet.text(heading.ask)
        if heading.settled:
            sheet.remark(f"{say('settled')}:")
            sheet.text(heading.settled)
        written = form.essay(name)[0]
        sheet.remark(form_says("printed_written" if written else "printed_unwritten"))
    return sheet.printed()
