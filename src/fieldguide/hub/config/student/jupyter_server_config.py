"""A student's server: no terminal, and its style sheet from this folder, in JupyterLab and in Notebook 7."""

import os
from pathlib import Path

c = get_config()  # type: ignore[name-defined]  # noqa: F821  (Jupyter provides it)

# Whatever spawner a hub has: copies of what was handed in and feedback are in homes that others may look into.
os.umask(0o077)
here = Path(__file__).parent
c.ServerApp.terminals_enabled = False
c.LabApp.custom_css = True
# JupyterLab looks for custom/custom.css in the first of these settings, Notebook 7 in the second; neither can be set
# otherwise than for each user's own settings folder.
c.ServerApp.tornado_settings = {
    "static_custom_path": [str(here / "custom")],
    "page_config_data": {"jupyterConfigDir": str(here)},
}
