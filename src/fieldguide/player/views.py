"""The widgets: a view of an item, and one of the head of a module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fieldguide.items import Essay
from fieldguide.player.assets import Assets
from fieldguide.player.head import Head
from fieldguide.player.playing import Playing
from fieldguide.player.printed import Printed, printed_item, printed_module
from fieldguide.player.public import public_data
from fieldguide.player.widget import CellView, Told


class ItemView(CellView):
    """One item."""

    def __init__(
        self,
        playing: Playing,
        assets: Assets,
        number: int | None,
        on_change: Callable[[], None],
        half: str | None = None,
    ) -> None:
        item = playing.item
        page = "task" if isinstance(item, Essay) and item.use == "practice" else "item"
        super().__init__("item", public_data(item, number, preview=playing.record is None, half=half), assets, page)
        self._playing = playing
        self._on_change = on_change

    def answer(self, message: object) -> Told | None:
        """The item's state, or what was found or asked for; a change of it changes the head too."""
        answer = self._playing.handle(message)
        if answer is None or not isinstance(message, dict):
            return None
        if answer["kind"] == "state" and (answer["note"] or message["kind"] != "open"):
            self._on_change()
        return answer, ()

    def printed(self) -> Printed:
        """The item with the response marked."""
        self._playing.look()
        return printed_item(self.info, self._playing.response(self._playing.now))


class ModuleView(CellView):
    """The head of a module: title, minutes, objectives, and how many graded questions are answered.

    ``handle`` turns a message of the view into what the view shows next.
    """

    def __init__(self, head: Head, assets: Assets, handle: Callable[[object], dict[str, Any]]) -> None:
        info = {
            "title": head.title,
            "number": int(head.id[:2]) if head.id[:2].isdigit() else None,
            "minutes": head.minutes,
            "objectives": list(head.objectives),
            "preview": head.edition == "instructor",
            "counts": {"practice": len(head.practice), "graded": len(head.graded), "check": len(head.check)},
        }
        super().__init__("module", info, assets)
        self._handle = handle

    def answer(self, message: object) -> Told | None:
        """How far the student is."""
        return self._handle(message), ()

    def printed(self) -> Printed:
        """The head with how far the student is."""
        return printed_module(self.info, self._handle(None)["graded"])
