"""The hub of a school's server: ``python -P -m fieldguide.school.hub``, as root. FIELDGUIDE_HUB names its settings."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from fieldguide.hub.environment import path_with_tools


def main() -> None:
    """Become JupyterHub, with our settings."""
    os.umask(0o077)
    config = Path(__file__).with_name("jupyterhub_config.py")
    os.environ["PATH"] = path_with_tools()
    os.execv(sys.executable, [sys.executable, "-P", "-m", "jupyterhub", "--config", str(config)])  # noqa: S606 (ours)


if __name__ == "__main__":
    main()
