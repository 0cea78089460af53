"""A policy where no script runs."""

from __future__ import annotations

from collections.abc import Container

from fieldguide.forms.printed import PrintedForm
from fieldguide.forms.words import say as form_says
from fieldguide.player.printed import Printed
from fieldguide.policy.reading import Policy
from fieldguide.policy.words import count, say


def printed_policy(policy: Policy, written: Container[str]) -> Printed:
    """The headings with their questions; of what the student wrote, only below which headings they did."""
    form = PrintedForm(say("policy"), say("whole") if policy.gather else count("parts", len(policy.headings)))
    form.text(policy.intro)
    for name, heading in policy.headings.items():
        form.part(heading.title)
        form.text(heading.ask)
        if heading.settled:
            form.remark(f"{say('settled')}:")
            form.text(heading.settled)
        form.remark(form_says("printed_written" if name in written else "printed_unwritten"))
    return form.printed()
