"""The widget of a cell: it stands between a view in the page and the session that knows what a student can do."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from fieldguide.notebook.assets import Assets
from fieldguide.player.parts import entry
from fieldguide.player.session import Answer, News, Session, addressed, of_another_version


class Views:
    """The latest view of each cell of a notebook, and what views are made with."""

    def __init__(self) -> None:
        self.assets = Assets()
        self._latest: dict[str, CellView] = {}

    def show(self, kind: str, session: Session) -> CellView:
        """A view of a session; the latest of a cell is the one that hears news."""
        view = self._latest[session.cell] = CellView(kind, session, self)
        return view

    def tell(self, news: tuple[News, ...]) -> None:
        """Tell news to the views that they are for, as far as there are any."""
        for cell, message in news:
            if cell in self._latest:
                self._latest[cell].send(message)


class CellView(anywidget.AnyWidget):  # type: ignore[misc]
    """A view of one cell. Its trait ``info`` holds what the page is told first, and never a response: what a student
    answers travels in messages, so that no saved widget state can carry it."""

    _esm = entry()
    kind = traitlets.Unicode().tag(sync=True)
    info = traitlets.Dict().tag(sync=True)
    assets = traitlets.Unicode().tag(sync=True)
    parts = traitlets.List().tag(sync=True)

    def __init__(self, kind: str, session: Session, views: Views) -> None:
        super().__init__(
            kind=kind,
            info=session.public(),
            assets=views.assets.model_id,
            parts=views.assets.parts_of(session.page),
            layout=views.assets.layout,
        )
        self.session = session
        self._views = views
        self.on_msg(self._hear)

    def _hear(self, _widget: object, message: object, _buffers: object) -> None:
        answer = of_another_version(message) or self._part(message) or self.session.handle(message)
        if answer is not None:
            self.send(addressed(answer, message), buffers=list(answer.buffers))
            self._views.tell(answer.news)

    def _part(self, message: object) -> Answer | None:
        """What answers a view that asks for what a page gets only when it is used: so far, what reviews a text."""
        if not isinstance(message, dict) or (message.get("kind"), message.get("name")) != ("part", "review"):
            return None
        return Answer({"kind": "part", "parts": self._views.assets.parts_of("review")})

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The widget, and what stands in for it where no script runs."""
        bundle: tuple[dict[str, Any], dict[str, Any]] | None = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            printed = self.session.printed()
            bundle[0].update({"text/html": printed.html, "text/plain": printed.text})
        return bundle
