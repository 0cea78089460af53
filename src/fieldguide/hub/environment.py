"""The environment of nbgrader and JupyterLab: the role of the person, and where the course is."""

from __future__ import annotations

import os
import sys
from pathlib import Path

CONFIG = Path(__file__).parent / "config"
#: Tells an assistant's own server who the instructors are, as a list in JSON.
NAMED = "FIELDGUIDE_INSTRUCTORS_NAMED"


def role_environment(
    role: str,
    *,
    course_id: str,
    exchange: str,
    service: str = "",
    live: str = "",
    course: str | None = None,
    tryout: bool = False,
) -> dict[str, str]:
    """The variables for a server of this role ("instructor", "assistant" or "student").

    `config/<role>` comes before `config/shared`, and both before the user's own settings: Jupyter takes the first.
    `config/tryout` holds what only a class may use whose accounts share one system account (`tryout`). Everything that
    a student's server learns is in the installed package or in the exchange, so that no key can be reached. `exchange`
    is the folder of the exchange; `service` the address of one that is a service, which then counts. `live` is the
    address of the service of live votes, where there is one.
    """
    parts = (role, "tryout", "shared") if tryout else (role, "shared")
    variables = {
        "JUPYTER_CONFIG_PATH": os.pathsep.join(str(CONFIG / part) for part in parts),
        "FIELDGUIDE_ROLE": role,
        "FIELDGUIDE_COURSE_ID": course_id,
        "FIELDGUIDE_EXCHANGE": exchange,
        "FIELDGUIDE_EXCHANGE_SERVICE": service,
        "FIELDGUIDE_LIVE_URL": live,
    }
    if course is not None:
        # An instructor opens submissions. Without this, Jupyter's stock kernel would import Python files of the
        # folder of any notebook that is opened; ordinary assignments that import a file beside them have to do without.
        variables |= {"FIELDGUIDE_COURSE": course, "PYTHONSAFEPATH": "1"}
    return variables


def path_with_tools() -> str:
    """PATH with the folder of the running Python first, because nbgrader runs `alembic` by name, and JupyterHub its
    proxy."""
    tools = str(Path(sys.executable).parent)
    return os.pathsep.join([tools, os.environ.get("PATH", os.defpath)])
