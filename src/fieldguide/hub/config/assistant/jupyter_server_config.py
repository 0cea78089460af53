"""An assistant's server: it stands in the course folder, of which the gate lets them see nothing but the desk."""

import os

c = get_config()  # type: ignore[name-defined]  # noqa: F821  (Jupyter provides it)

course = os.environ["FIELDGUIDE_COURSE"]
c.ServerApp.root_dir = course
os.chdir(course)
