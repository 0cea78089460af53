"""The cell magic of a case, ``%%case``."""

from __future__ import annotations

from IPython.core.magic import cell_magic, magics_class
from IPython.display import display

from fieldguide.cases.reading import read_case
from fieldguide.player.magics import ModuleMagics, by_nbgrader, read_cell


@magics_class
class CaseMagics(ModuleMagics):
    """What a notebook shows of its cases."""

    @cell_magic  # type: ignore[untyped-decorator]
    def case(self, line: str, cell: str) -> None:
        """Show a case, as far as the student is in it; nothing where nbgrader executes the notebook."""
        case = read_cell(lambda: read_case(cell, "this cell", first_line=2, stripped=True))
        if by_nbgrader():
            return

        from fieldguide.cases.playing import CasePlaying
        from fieldguide.cases.views import CaseView

        module = self._player.open_module()
        if module.head.edition == "open":
            case = case.by_itself()
        module.known.extend(text for text in case.texts() if text not in module.known)
        display(CaseView(CasePlaying(case, module.record, module.known), module.assets))
