"""Field Guide: a Jupyter classroom course on the ethical use of social media in social work.

In a notebook, ``%load_ext fieldguide`` brings the cell magics ``%%module``, ``%%item``, ``%%table``, ``%%case``,
``%%worksheet`` and ``%%policy``. Nothing heavy is imported here or there: a student's kernel loads items, responses and
the player, and pandas when a table is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__version__ = "0.1.0"


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Called by IPython for ``%load_ext fieldguide``."""
    from fieldguide.notebook.magics import register

    register(shell)
