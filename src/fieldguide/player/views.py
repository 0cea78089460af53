"""The widgets: a view of an item, and one of the head of a module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from fieldguide.player.assets import Assets, loader, part
from fieldguide.player.head import Head
from fieldguide.player.playing import Playing
from fieldguide.player.printed import Printed, printed_item, printed_module
from fieldguide.player.public import public_data


def addressed(answer: dict[str, Any], message: object) -> dict[str, Any]:
    """The answer to a message, with what it answers: several views hear it, and each takes the answers to its own."""
    asked = message if isinstance(message, dict) else {}
    return answer | {"view": asked.get("view"), "n": asked.get("n")}


class _PlayerView(anywidget.AnyWidget):  # type: ignore[misc]
    """A view that fetches its script from the assets."""

    _esm = loader()
    kind = traitlets.Unicode().tag(sync=True)
    assets = traitlets.Unicode().tag(sync=True)

    def _printed(self) -> Printed:
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The widget, and what stands in for it where no script runs: it is as of now."""
        bundle: tuple[dict[str, Any], dict[str, Any]] | None = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            printed = self._printed()
            bundle[0].update({"text/html": printed.html, "text/plain": printed.text})
        return bundle


class ItemView(_PlayerView):
    """One item. Its trait holds public data only and never a response: what a student answers travels in
    messages, so that no saved widget state can carry it."""

    item = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        playing: Playing,
        assets: Assets,
        number: int | None,
        on_change: Callable[[], None],
        half: str | None = None,
    ) -> None:
        super().__init__(
            kind="item",
            assets=assets.model_id,
            layout=assets.layout,
            item=public_data(playing.item, number, preview=playing.record is None, half=half),
        )
        self._playing = playing
        self._on_change = on_change
        self.on_msg(self._answer)

    def _answer(self, _widget: object, message: object, _buffers: object) -> None:
        answer = part(message) or self._playing.handle(message)
        if answer is None or not isinstance(message, dict):
            return
        self.send(addressed(answer, message))
        if answer["kind"] == "state" and (answer["note"] or message["kind"] != "open"):
            self._on_change()

    def _printed(self) -> Printed:
        self._playing.look()
        return printed_item(self.item, self._playing.response(self._playing.now))


class ModuleView(_PlayerView):
    """The head of a module: title, minutes, objectives, and how many graded questions are answered.

    ``handle`` turns a message of the view into what the view shows next.
    """

    module = traitlets.Dict().tag(sync=True)

    def __init__(self, head: Head, assets: Assets, handle: Callable[[object], dict[str, Any]]) -> None:
        super().__init__(
            kind="module",
            assets=assets.model_id,
            layout=assets.layout,
            module={
                "title": head.title,
                "number": int(head.id[:2]) if head.id[:2].isdigit() else None,
                "minutes": head.minutes,
                "objectives": list(head.objectives),
                "preview": head.edition == "instructor",
                "counts": {"practice": len(head.practice), "graded": len(head.graded), "check": len(head.check)},
            },
        )
        self._handle = handle
        self.on_msg(lambda _widget, message, _buffers: self.send(addressed(handle(message), message)))

    def _printed(self) -> Printed:
        return printed_module(self.module, self._handle(None)["graded"])
