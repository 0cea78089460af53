"""Handing in to an exchange of folders, open to whoever collects and to no classmate.

nbgrader opens what is handed in to every account, as it knows no group of those who collect: whoever knows the folder's
name can read it. Where the settings name that group, nobody else gets in.
"""

from __future__ import annotations

import grp
from pathlib import Path

from nbgrader.exchange.default import ExchangeSubmit
from traitlets import Unicode

_FOR_THE_GROUP = 0o770


class Submit(ExchangeSubmit):  # type: ignore[misc]
    """nbgrader's step, which then closes the folder to all who do not collect."""

    collectors = Unicode(
        help="The group of those who collect, which the inbound folder gives to what is made in it; empty: not known."
    ).tag(config=True)

    def copy_files(self) -> None:
        """Hand in, and leave the folder to its owner and that group. One of another group is left as nbgrader made it:
        nobody could collect it."""
        super().copy_files()
        folder = Path(self.inbound_path, self.assignment_filename)
        if self.collectors and folder.stat().st_gid == grp.getgrnam(self.collectors).gr_gid:
            folder.chmod(_FOR_THE_GROUP)
