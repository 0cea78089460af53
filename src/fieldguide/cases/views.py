"""The widget of a case."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from fieldguide.cases.model import Case
from fieldguide.cases.playing import CasePlaying
from fieldguide.cases.printed import printed_case
from fieldguide.cases.words import STATIC, words
from fieldguide.pause import assets as pause
from fieldguide.player import words as player
from fieldguide.player.assets import built, styles
from fieldguide.player.views import addressed


def _script() -> str:
    """What all pages of a notebook are made with, what reviews a text, and then what is a case's own."""
    page, channel = (built(player.STATIC / name) for name in ("page.js", "channel.js"))
    return "".join((page, channel, pause.script(), built(STATIC / "case.js")))


class CaseView(anywidget.AnyWidget):  # type: ignore[misc]
    """One case. Its trait holds what comes before the first choice: what follows, and what a student does, travels in
    messages, so that no saved widget state can carry it."""

    _esm = _script()
    _css = "".join((styles(), pause.styles(), built(STATIC / "case.css")))
    case = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    review_words = traitlets.Dict().tag(sync=True)

    def __init__(self, playing: CasePlaying) -> None:
        super().__init__(
            case=public_data(playing.case, preview=playing.record is None),
            words=words(),
            review_words={} if playing.case.graded else pause.words(),
        )
        self._playing = playing
        self.on_msg(self._answer)

    def _answer(self, _widget: object, message: object, _buffers: object) -> None:
        answer = self._playing.handle(message)
        if answer is not None:
            self.send(addressed(answer, message))

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The widget, and what stands in for it where no script runs: it is as of now."""
        bundle: tuple[dict[str, Any], dict[str, Any]] | None = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            self._playing.look()
            printed = printed_case(self.case, self._playing.state())
            bundle[0].update({"text/html": printed.html, "text/plain": printed.text})
        return bundle


def public_data(case: Case, *, preview: bool) -> dict[str, Any]:
    """What the page is told of a case from the first, in JSON's types."""
    options = [{"id": name, "text": text} for name, text in case.decision.options.items()]
    return {
        "id": case.id,
        "title": case.title,
        "note": case.note,
        "vignette": case.vignette,
        "decision": {"question": case.decision.question, "options": options},
        "graded": case.graded,
        "preview": preview,
    }
