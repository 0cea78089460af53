"""The widget of a worksheet."""

from __future__ import annotations

from fieldguide.cases.worksheet import DANGER, Step
from fieldguide.cases.worksheetplaying import WorksheetForm
from fieldguide.cases.worksheetprinted import printed_worksheet
from fieldguide.forms.views import FormView
from fieldguide.player.assets import Assets
from fieldguide.player.printed import Printed


class WorksheetView(FormView):
    """One worksheet."""

    def __init__(self, form: WorksheetForm, assets: Assets) -> None:
        worksheet = form.worksheet
        public = {
            "title": worksheet.title,
            "intro": worksheet.intro,
            "danger": DANGER,
            "steps": [_public(step) for step in worksheet.steps],
        }
        super().__init__("worksheet", form, public, assets)
        self._worksheet_form = form

    def printed(self) -> Printed:
        """The worksheet as of now, where no script runs."""
        return printed_worksheet(self._worksheet_form)


def _public(step: Step) -> dict[str, object]:
    """What the page may know of a step: not yet the text to compare with."""
    return {
        "name": step.name,
        "worked": step.worked,
        "blank": step.blank,
        "offered": _pairs(step.offered),
        "standards": _pairs(step.standards),
        "compare": step.compare is not None,
    }


def _pairs(standards: dict[str, str]) -> list[dict[str, str]]:
    return [{"id": name, "gist": gist} for name, gist in standards.items()]
