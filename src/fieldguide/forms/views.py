"""The widget of a form."""

from __future__ import annotations

from typing import Any

from fieldguide.forms.form import Form
from fieldguide.player.assets import Assets
from fieldguide.player.widget import CellView, Told


class FormView(CellView):
    """A view of a form: ``public`` is what its author wrote."""

    def __init__(self, kind: str, form: Form, public: dict[str, Any], assets: Assets) -> None:
        super().__init__(kind, public | {"id": form.id, "preview": form.record is None}, assets)
        self._form = form

    def answer(self, message: object) -> Told | None:
        """What stands in the boxes, or what was asked for."""
        answer = self._form.handle(message)
        return None if answer is None else (answer.message, answer.buffers)
