"""The widget of a table."""

from __future__ import annotations

from fieldguide.player.assets import Assets
from fieldguide.player.printed import Printed
from fieldguide.player.widget import CellView, Told
from fieldguide.tables.printed import printed_html, printed_text
from fieldguide.tables.table import Controls, Table


class TableView(CellView):
    """One table. The page says what its controls are set to, and is told what to show."""

    def __init__(self, table: Table, assets: Assets) -> None:
        first = table.show(Controls(group=table.cell.group))
        super().__init__("table", table.description_for_page() | {"shown": first}, assets)
        self._table = table

    def answer(self, message: object) -> Told | None:
        """What the controls ask for."""
        if not isinstance(message, dict) or message.get("kind") != "show":
            return None
        return {"kind": "shown", **self._table.show(Controls.from_message(message.get("controls")))}, ()

    def printed(self) -> Printed:
        """The table as it was first shown."""
        return Printed(printed_html(self.info, self.info["shown"]), printed_text(self.info))
