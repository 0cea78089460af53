"""The widget of a cell: it stands between a view in the page and the session that knows what a student can do."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from fieldguide.player.assets import Assets
from fieldguide.player.parts import entry
from fieldguide.player.printed import Printed

#: What a view is told, with the bytes that go along.
Told = tuple[dict[str, Any], tuple[bytes, ...]]


class CellView(anywidget.AnyWidget):  # type: ignore[misc]
    """A view of one cell. Its trait ``info`` holds what the page is told first, and never a response: what a student
    answers travels in messages, so that no saved widget state can carry it."""

    _esm = entry()
    kind = traitlets.Unicode().tag(sync=True)
    info = traitlets.Dict().tag(sync=True)
    assets = traitlets.Unicode().tag(sync=True)
    parts = traitlets.List().tag(sync=True)

    def __init__(self, kind: str, info: dict[str, Any], assets: Assets, page: str | None = None) -> None:
        super().__init__(
            kind=kind,
            info=info,
            assets=assets.model_id,
            parts=assets.parts_of(page or kind),
            layout=assets.layout,
        )
        self._assets = assets
        self.on_msg(self._hear)

    def answer(self, message: object) -> Told | None:
        """What answers a message of the view, with the bytes that go along; None where it is not of its making."""
        raise NotImplementedError

    def printed(self) -> Printed:
        """What stands in for the view where no script runs, as of now."""
        raise NotImplementedError

    def _hear(self, _widget: object, message: object, _buffers: object) -> None:
        asked = message if isinstance(message, dict) else {}
        told = self._part(asked) or self.answer(message)
        if told is not None:  # several views hear it, and each takes the answers to its own
            answer, buffers = told
            self.send(answer | {"view": asked.get("view"), "n": asked.get("n")}, buffers=list(buffers))

    def _part(self, message: dict[str, Any]) -> Told | None:
        """What answers a view that asks for what a page gets only when it is used: so far, what reviews a text."""
        if (message.get("kind"), message.get("name")) != ("part", "review"):
            return None
        return {"kind": "part", "parts": self._assets.parts_of("review")}, ()

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle: tuple[dict[str, Any], dict[str, Any]] | None = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            printed = self.printed()
            bundle[0].update({"text/html": printed.html, "text/plain": printed.text})
        return bundle
