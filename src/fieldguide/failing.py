"""How a command ends: with what was wrong, in words, or with what is left to people. Stands alone."""

from __future__ import annotations

import sys

#: The exit code of a command that is done and has named something that is left to people.
LEFT = 3


def fail(message: str, code: int = 1) -> int:
    """Tell a person what was wrong; returns the command's exit code."""
    print(message, file=sys.stderr)
    return code
