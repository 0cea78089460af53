"""Has a command end with what was wrong, in words. Stands alone."""

from __future__ import annotations

import sys


def fail(message: str, code: int = 1) -> int:
    """Tell a person what was wrong; returns the command's exit code."""
    print(message, file=sys.stderr)
    return code
