"""Somebody's own server, as a hub starts it: ``python -P -m fieldguide.hub.singleuser``."""

from __future__ import annotations

import sys


def main() -> None:
    """Become JupyterHub's server for one person."""
    keep_light()
    from jupyterhub.singleuser import main as serve

    serve()


def keep_light() -> None:
    """Leave out what no server of ours needs; before anything of Jupyter's is imported."""
    # jsonschema reads a grammar with it, for a kind of address that no schema of Jupyter's names: 16 MB in each
    # server. It does without where this cannot be imported.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]


if __name__ == "__main__":
    main()
