"""Somebody's own server, as a hub starts it: ``python -P -m fieldguide.hub.singleuser``."""

from __future__ import annotations

import sys
from types import ModuleType

#: Modules of JupyterHub that no server needs, and what they and those that it does need import for the hub alone.
_HUBS_OWN = ("jupyterhub.handlers.pages", "jupyterhub.orm", "jupyterhub.roles")
_DATABASE = ("sqlalchemy", "sqlalchemy.exc")


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
    # What JupyterHub's hub and servers share imports the hub's pages and database: 32 MB in each server, and a third of
    # what its imports take. A server asks of all that only whether a handler is this one.
    stand_ins = {name: ModuleType(name) for name in (*_HUBS_OWN, *_DATABASE)}
    stand_ins["jupyterhub.handlers.pages"].HealthCheckHandler = type("HealthCheckHandler", (), {})  # type: ignore[attr-defined]
    stand_ins["sqlalchemy.exc"].SQLAlchemyError = type("SQLAlchemyError", (Exception,), {})  # type: ignore[attr-defined]
    left_out = {name: module for name, module in stand_ins.items() if name not in sys.modules}
    sys.modules.update(left_out)
    import jupyterhub.scopes
    import jupyterhub.utils  # noqa: F401

    for name in left_out.keys() & {*_DATABASE}:  # nbgrader and the desk, where they are, need the real one
        del sys.modules[name]


if __name__ == "__main__":
    main()
