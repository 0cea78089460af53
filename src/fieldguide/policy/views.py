"""The widget of a policy."""

from __future__ import annotations

from dataclasses import asdict

from fieldguide.forms.views import FormView
from fieldguide.player.assets import Assets
from fieldguide.player.printed import Printed
from fieldguide.policy.playing import PolicyForm
from fieldguide.policy.printed import printed_policy
from fieldguide.policy.reading import ABOUT
from fieldguide.policy.words import say


class PolicyView(FormView):
    """One policy: a part, or the whole."""

    def __init__(self, form: PolicyForm, assets: Assets) -> None:
        policy = form.policy
        public = {
            "intro": policy.intro,
            "gather": policy.gather,
            "sample": policy.sample,
            "headings": [asdict(heading) for heading in policy.headings.values()],
            "about": [{"id": name, "title": say(label)} for name, label in ABOUT.items() if policy.gather],
        }
        super().__init__("policy", form, public, assets)
        self._policy_form = form

    def printed(self) -> Printed:
        """The policy as of now, where no script runs."""
        return printed_policy(self._policy_form)
