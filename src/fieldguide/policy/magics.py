"""The cell magic of the student's own policy, ``%%policy``."""

from __future__ import annotations

from IPython.core.magic import cell_magic, magics_class
from IPython.display import display

from fieldguide.player.magics import ModuleMagics, by_nbgrader, read_cell
from fieldguide.policy.reading import read_policy


@magics_class
class PolicyMagics(ModuleMagics):
    """Shows the parts of a policy, or the whole of it."""

    @cell_magic  # type: ignore[untyped-decorator]
    def policy(self, line: str, cell: str) -> None:
        """Show a policy; nothing where nbgrader executes the notebook."""
        policy = read_cell(lambda: read_policy(cell, "this cell", first_line=2))
        if by_nbgrader():
            return
        module = self._player.open_module()
        # The widget's class is made when the first is shown: most notebooks do without.
        from fieldguide.policy.playing import PolicyForm
        from fieldguide.policy.views import PolicyView

        display(PolicyView(PolicyForm(policy, module.record, module.known), module.assets))
