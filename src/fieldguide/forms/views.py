"""The widget of a form."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from fieldguide.forms.form import Form
from fieldguide.pause import assets as pause
from fieldguide.player.printed import Printed


class FormView(anywidget.AnyWidget):  # type: ignore[misc]
    """A view of a form. Its traits hold what the author wrote and never what the student did: that travels in
    messages, so that no saved widget state can carry it. Each form brings script and styles (``_esm``, ``_css``)."""

    form = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    review_words = traitlets.Dict().tag(sync=True)

    def __init__(self, form: Form, public: dict[str, Any], words: dict[str, str]) -> None:
        super().__init__(
            form=public | {"id": form.id, "preview": form.record is None}, words=words, review_words=pause.words()
        )
        self._form = form
        self.on_msg(self._answer)

    def _answer(self, _widget: object, message: object, _buffers: object) -> None:
        answer = self._form.handle(message)
        if answer is not None:
            self.send(answer.message, buffers=list(answer.buffers))

    def printed(self) -> Printed:
        """The form as of now, where no script runs."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle: tuple[dict[str, Any], dict[str, Any]] | None = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            printed = self.printed()
            bundle[0].update({"text/html": printed.html, "text/plain": printed.text})
        return bundle
