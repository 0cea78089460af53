"""The cell magic of the decision worksheet, ``%%worksheet``."""

from __future__ import annotations

from IPython.core.magic import cell_magic, magics_class
from IPython.display import display

from fieldguide.cases.worksheet import read_worksheet
from fieldguide.player.magics import ModuleMagics, by_nbgrader, read_cell


@magics_class
class WorksheetMagics(ModuleMagics):
    """Shows the worksheets of a notebook."""

    @cell_magic  # type: ignore[untyped-decorator]
    def worksheet(self, line: str, cell: str) -> None:
        """Show a worksheet; nothing where nbgrader executes the notebook."""
        worksheet = read_cell(lambda: read_worksheet(cell, "this cell", first_line=2))
        if by_nbgrader():
            return
        module = self._player.open_module()
        # The widget's class is made when the first is shown: most notebooks do without.
        from fieldguide.cases.worksheetplaying import WorksheetForm
        from fieldguide.cases.worksheetviews import WorksheetView

        display(WorksheetView(WorksheetForm(worksheet, module.record, module.known), module.assets))
