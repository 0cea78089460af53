"""The session of a table: the page says what its controls are set to, and is told what to show.

It imports pandas, so it is imported when a table is shown.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fieldguide.player.printed import Printed
from fieldguide.player.session import Answer, CannotShowError
from fieldguide.tables.cells import TableCell
from fieldguide.tables.data import FOLDER, LIMIT, files_of, read_description
from fieldguide.tables.printed import printed_html, printed_text
from fieldguide.tables.table import Controls, Table
from fieldguide.tables.words import say


class TableSession:
    """What can be done with one table. Nothing of it goes on record."""

    page = "table"

    def __init__(self, table: Table) -> None:
        self.table = table
        self.cell = f"table-{table.cell.data}"

    @classmethod
    def open(cls, cell: TableCell, _module: object = None) -> TableSession:
        """The session of the table that a cell asks for, from the data beside the notebook; it needs no open module.

        Raises CannotShowError, and ReadingError for a description that cannot be read.
        """
        rows_file, description_file = (f"{FOLDER}/{name}" for name in files_of(cell.data))
        _check(rows_file)
        _check(description_file)
        try:
            description = read_description(Path(description_file).read_text(encoding="utf-8"), description_file)
        except (OSError, UnicodeDecodeError) as error:
            raise CannotShowError(say("unreadable", file=description_file, reason=error)) from None
        try:
            return cls(Table(cell, description, Path(FOLDER)))
        except (ValueError, KeyError, OSError) as error:  # pandas tells an unreadable file by a ValueError
            raise CannotShowError(say("unreadable", file=rows_file, reason=error)) from None

    def public(self) -> dict[str, Any]:
        """What the page is told first: words about the data, the controls, and what is shown as long as none is set."""
        first = self.table.show(Controls(group=self.table.cell.group))
        return self.table.description_for_page() | {"shown": first}

    def handle(self, message: object) -> Answer | None:
        """What the controls of a message ask for."""
        if not isinstance(message, dict) or message.get("kind") != "show":
            return None
        return Answer({"kind": "shown", **self.table.show(Controls.from_message(message.get("controls")))})

    def printed(self) -> Printed:
        """The table as it is first shown."""
        public = self.public()
        return Printed(printed_html(public, public["shown"]), printed_text(public))


def _check(name: str) -> None:
    """Raise CannotShowError for a file beside the notebook that is not there, or is no small file."""
    path = Path(name)
    if not path.is_file():
        raise CannotShowError(say("missing", file=name))
    if path.stat().st_size > 4 * LIMIT:  # characters of up to four bytes
        raise CannotShowError(say("unreadable", file=name, reason=f"{path.stat().st_size:,} bytes"))
