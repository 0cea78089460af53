"""The cell magic of a table, ``%%table``. It imports pandas when a table is shown, and not before."""

from __future__ import annotations

from pathlib import Path

from IPython.core.error import UsageError
from IPython.core.magic import cell_magic, magics_class
from IPython.display import display

from fieldguide.items import ReadingError
from fieldguide.player.magics import ModuleMagics, by_nbgrader
from fieldguide.tables.cells import read_table_cell
from fieldguide.tables.data import FOLDER, LIMIT, files_of, read_description
from fieldguide.tables.words import say


@magics_class
class TableMagics(ModuleMagics):
    """What a notebook shows of the data beside it."""

    @cell_magic  # type: ignore[untyped-decorator]
    def table(self, line: str, cell: str) -> None:
        """Show a table with its controls; nothing where nbgrader executes the notebook."""
        try:
            asked = read_table_cell(cell, "this cell", first_line=2)
            if by_nbgrader():
                return
            rows_file, description_file = (f"{FOLDER}/{name}" for name in files_of(asked.data))
            _check(rows_file)
            _check(description_file)
            description = read_description(Path(description_file).read_text(encoding="utf-8"), description_file)
        except ReadingError as error:
            raise UsageError(str(error)) from None
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(say("unreadable", file=description_file, reason=error)) from None

        from fieldguide.tables.table import Table
        from fieldguide.tables.views import TableView

        try:
            table = Table(asked, description, Path(FOLDER))
        except (ValueError, KeyError, OSError) as error:  # pandas tells an unreadable file by a ValueError
            raise UsageError(say("unreadable", file=rows_file, reason=error)) from None
        display(TableView(table, self._player.assets()))


def _check(name: str) -> None:
    """Raise UsageError for a file beside the notebook that is not there, or is no small file."""
    path = Path(name)
    if not path.is_file():
        raise UsageError(say("missing", file=name))
    if path.stat().st_size > 4 * LIMIT:  # characters of up to four bytes
        raise UsageError(say("unreadable", file=name, reason=f"{path.stat().st_size:,} bytes"))
