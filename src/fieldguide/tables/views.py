"""The widget of a table."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from fieldguide.player.assets import built, styles
from fieldguide.player.views import addressed
from fieldguide.player.words import STATIC as PLAYER
from fieldguide.tables.printed import printed_html, printed_text
from fieldguide.tables.table import Controls, Table
from fieldguide.tables.words import STATIC, words


def _script() -> str:
    """What all pages of a notebook are made with, and then what is a table's own."""
    return "".join(map(built, (PLAYER / "page.js", PLAYER / "channel.js", STATIC / "table.js")))


class TableView(anywidget.AnyWidget):  # type: ignore[misc]
    """One table. The page says what its controls are set to, and is told what to show."""

    _esm = _script()
    _css = styles() + built(STATIC / "table.css")
    table = traitlets.Dict().tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(self, table: Table) -> None:
        first = table.show(Controls(group=table.cell.group))
        super().__init__(table=table.description_for_page(), shown=first, words=words())
        self._table = table
        self.on_msg(self._answer)

    def _answer(self, _widget: object, message: object, _buffers: object) -> None:
        if not isinstance(message, dict) or message.get("kind") != "show":
            return
        shown = self._table.show(Controls.from_message(message.get("controls")))
        self.send(addressed({"kind": "shown", **shown}, message))

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The widget, and what stands in for it where no script runs."""
        bundle: tuple[dict[str, Any], dict[str, Any]] | None = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            bundle[0]["text/html"] = printed_html(self.table, self.shown)
            bundle[0]["text/plain"] = printed_text(self.table)
        return bundle
