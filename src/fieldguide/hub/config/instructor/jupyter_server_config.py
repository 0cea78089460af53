"""An instructor's server: it stands in the course folder, and so do its terminals."""

import os
from pathlib import Path

c = get_config()  # type: ignore[name-defined]  # noqa: F821  (Jupyter provides it)

course = os.environ["FIELDGUIDE_COURSE"]
# Formgrader reads the nbgrader_config.py of the folder that the server stands in again at each request, and it counts
# most: what the instructor writes there holds at once. The rest of their home stays in sight.
c.ServerApp.root_dir = str(Path.home())
c.ContentsManager.preferred_dir = course
os.chdir(course)
# By itself Jupyter takes a login shell, which on many systems sets PATH anew: without `fieldguide` and `nbgrader`.
c.ServerApp.terminado_settings = {"shell_command": [os.environ.get("SHELL") or "sh"]}
