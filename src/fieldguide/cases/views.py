"""The widget of a case."""

from __future__ import annotations

from typing import Any

from fieldguide.cases.model import Case
from fieldguide.cases.playing import CasePlaying
from fieldguide.cases.printed import printed_case
from fieldguide.player.assets import Assets
from fieldguide.player.printed import Printed
from fieldguide.player.widget import CellView, Told


class CaseView(CellView):
    """One case. The page is told first what comes before the first choice: what follows travels in messages."""

    def __init__(self, playing: CasePlaying, assets: Assets) -> None:
        super().__init__("case", public_data(playing.case, preview=playing.record is None), assets)
        self._playing = playing

    def answer(self, message: object) -> Told | None:
        """How far the story went, or what was found in a text."""
        answer = self._playing.handle(message)
        return None if answer is None else (answer, ())

    def printed(self) -> Printed:
        """The case as far as it was told."""
        self._playing.look()
        return printed_case(self.info, self._playing.state())


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
